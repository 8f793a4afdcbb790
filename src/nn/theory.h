/* Mean-field theory: what signal and gradient will do, layer by layer, before
 * anything runs.  Poole et al. 2016, Schoenholz et al. 2017, Glorot and Bengio
 * 2010, He et al. 2015; normalization: Yang et al. 2019.  Integrals: closed
 * forms where they exist, else quadrature on graded panels (theory_gauss.h). */
#ifndef INITVIZ_NN_THEORY_H
#define INITVIZ_NN_THEORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/spec.h"

/* Gaussian expectations for z ~ N(mean, q). */
struct theory_moments {
	double mean;         /* M(q) = E f(z) */
	double mean_square;  /* V(q) = E f(z)^2 */
	double slope_square; /* D(q) = E f'(z)^2 */
	double slope;        /* E f'(z) */
};

/* NaN for a q that is negative, NaN or infinite; at q = 0 the values of the
 * mean itself.  Relative error below 1e-9.  theory_moments() is for mean 0. */
void theory_moments(struct theory_moments *out, const struct spec *activation, double q);
void theory_moments_at(struct theory_moments *out, const struct spec *activation, double mean, double q);

/* ---- what theory assumes ---- */

/* In the order in which they are checked; the first that does not hold is why a
 * layer has no prediction.  Those from THEORY_WIDE on cannot be broken by the
 * inputs: the wider the net, the better they hold; the bands show how well. */
enum theory_assumption {
	THEORY_HOLDS, /* none is broken */
	THEORY_FINITE,
	THEORY_RANDOM,
	THEORY_DRAWN,
	THEORY_INDEPENDENT,
	THEORY_UNSHARED,
	THEORY_WIDE,
	THEORY_NORMAL,
	THEORY_LIKE_IMAGES,
	THEORY_NEW_WEIGHTS_BACK,
	THEORY_ASSUMPTIONS,
};

struct theory_layer;

/* What units share, a common normal shift per image, may be so much of E z^2. */
#define THEORY_SHARED 0.3

extern const struct theory_assumption_entry {
	const char *name;     /* of JSON and CSV */
	const char *sentence; /* what is assumed */
	const char *lacking;  /* why there is no prediction where it does not hold; NULL: cannot happen */
	const char *brief;    /* the same in at most 25 characters */
	bool (*holds)(const struct theory_layer *layer); /* NULL likewise */
} theory_assumptions[THEORY_ASSUMPTIONS];

/* ---- prediction ---- */

enum theory_normalization { THEORY_PLAIN, THEORY_BATCH, THEORY_LAYER, THEORY_SUM /* of a branch's sum, not of z */ };

/* Inside theory only: what a residual branch of one layer makes of a gradient dL/da along
 * the signal a.  With a = lambda x + alpha f(z), z = W x: W is random but for its part along
 * x, which the signal shows, so that J^T g, J = da/dx, is lambda g + alpha x (z f'.g) / x^2
 * + alpha V^T f' g, V random. */
struct theory_along {
	double kept;  /* the square of J^T g along x, by that of g */
	double whole; /* the whole square, by that of g */
	double slope; /* E f'^2 a^2 / E a^2 */
};

/* Inside theory only: of a layer's slopes, E f' f' of two images (pair) and of two
 * units (shared) by E f'^2; E f'^4 and E f'^2 f'^2 of two images by (E f'^2)^2;
 * how far ln E f'^2 strays with the signal, and the square of it that comes from
 * what units share; E a^2 by E x^2; how far, as a variance, the logarithm of what the
 * normalization of a branch's sum divides by strays. */
struct theory_way_back {
	double pair, shared, square, square_pair, wander, common, growth, divided;
	double error; /* of ln delta^2: theory's own, not from net to net */
	struct theory_along along; /* NaN where it is not followed */
};

/* One layer of the net as theory sees it. */
struct theory_layer {
	/* in */
	size_t fan_in, fan_out;
	double weight_mean, weight_variance; /* effective, of one entry */
	double bias_mean, bias_variance;     /* over the units */
	bool structured; /* entries of w are not independent draws: orthogonal, identity */
	bool pattern;    /* nothing of w is drawn: identity, ZerO, IDInit */
	const struct spec *activation; /* NULL: the output layer (softmax) */
	enum theory_normalization normalization;
	double gain_square, shift_mean, shift_variance; /* of a normalization's gain and shift: 1, 0, 0 at the start */
	unsigned residual;   /* layers in the branch that ends here: a = alpha f(z) + lambda x, x the input of its first; at most 2; 0: a = f(z) */
	double branch_scale, skip_scale; /* alpha, lambda */
	/* out; NaN where theory has no answer */
	enum theory_assumption broken; /* why not: here or in a layer before */
	double z_mean;        /* E z, the same for all units */
	double z_mean_square; /* E z^2 */
	double z_variance;    /* about the global mean: within + between */
	double z_within;      /* of a unit over the images */
	double z_between;     /* of the units' means over the images */
	double correlation;   /* of z of two images over the units */
	double alike;         /* the same of images made equally long: 1 where they differ in length only */
	double slope_square;  /* E f'(z)^2 */
	double scale;         /* square of what normalization divides z by; 1 without */
	double sum_scale;     /* square of what normalization divides a branch's sum by, harmonic mean over the images; 1 without */
	double a_mean, a_mean_square, a_variance;
	double delta_factor;      /* E[delta_l^2] / E[delta_(l+1)^2]; NaN for the last */
	double delta_mean_square; /* per sample, before the 1/batch of the mean loss */
	double chi;               /* gradient^2 per layer of equal width: fan_in Var(w) E f'^2 / scale = c; in a branch of one
	                           * layer (lambda^2 + alpha^2 c) / sum_scale, of two the root of (lambda^2 + alpha^2 c c') /
	                           * sum_scale, of both alike */
	double depth_scale;       /* 1/|ln chi|: layers over which gradient^2 changes by e; Inf at chi = 1 */
	/* the map that takes the correlation of z here to that in the next layer; in a
	 * branch of two layers half of the map over the branch; NaN
	 * where units have shared parts (weights with a mean) or batch normalization
	 * takes the common part of images out */
	double correlation_slope; /* of the map at 1: chi divided by the growth of E z^2 about its mean */
	double correlation_limit; /* its stable fixed point: where layers like this one lead; 1: all images alike */
	double correlation_rate;  /* its slope there: by so much the distance to the limit changes per layer, in the end */
	/* bands: the standard deviation over nets drawn at random, to the first order
	 * in depth/width; of means and correlations absolute, of the others that of
	 * ln(observed/predicted) */
	double z_mean_band, z_band, z_variance_band, z_within_band, z_between_band, correlation_band;
	double a_mean_band, a_band;
	double delta_band, delta_factor_band;
	double delta_scatter; /* of delta_band: that of nets alone, without what the images' classes and
	                       * theory's own error behind batch normalization add */
	/* kept for the way back */
	double own_variance, z_shared; /* of z, without what the units share, and of that */
	struct theory_way_back back;
};

/* Moments of what enters layer 1, averaged over the images in use. */
struct theory_input {
	double images;                 /* how many; 0: as many as one likes */
	double mean;                   /* E[x] over images and pixels */
	double mean_square;            /* E[x^2] over images and pixels */
	double mean_vector_square;     /* ||mean image||^2 */
	double sum_variance;           /* over images, of the sum of an image's pixels */
	double length_spread;          /* variance over images of ||x||^2, by the square of its mean */
};

/* Fills the `out` part of layer[0..layers).  classes: softmax width. */
void theory_predict(struct theory_layer *layer, size_t layers, const struct theory_input *input, size_t classes);

/* How far an observation lies from its prediction, in bands: for positive numbers
 * with a band of their logarithm, and for numbers with an absolute band.  NaN if
 * one of the three arguments is.  Beyond +-2 it is not explained by random draws. */
double theory_distance(double observed, double predicted, double band);
double theory_distance_absolute(double observed, double predicted, double band);

/* ---- fixed points ---- */

/* The fixed point q* of q -> sigma_w^2 V(q) + sigma_b^2 and chi there.
 * false if it runs away (q > 1e12) or does not settle in 10000 rounds. */
bool theory_fixed_point(double *q, double *chi, const struct spec *activation, double sigma_w2, double sigma_b2);

/* The point of the critical line (edge of chaos) at q: chi = 1.  sigma_b2 is
 * NaN where that would ask for a negative one. */
void theory_critical(double *sigma_w2, double *sigma_b2, const struct spec *activation, double q);

/* Critical sigma_w for sigma_b = 0: the limit of small q where f(0) = 0, else
 * the point where the line meets sigma_b = 0; NaN if there is none. */
double theory_edge_of_chaos(const struct spec *activation);

#endif
