/* Mean-field theory: what signal and gradient will do, layer by layer, before
 * anything runs.  Poole et al. 2016, Schoenholz et al. 2017, Glorot and Bengio
 * 2010, He et al. 2015; normalization: Yang et al. 2019.  Integrals: closed
 * forms where they exist, else quadrature on graded panels (theory_gauss.h). */
#ifndef INITVIZ_NN_THEORY_H
#define INITVIZ_NN_THEORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/entry.h"

/* Gaussian expectations for z ~ N(0, q). */
struct theory_moments {
	double mean;         /* M(q) = E f(z) */
	double mean_square;  /* V(q) = E f(z)^2 */
	double slope_square; /* D(q) = E f'(z)^2 */
};

/* NaN for a q that is negative, NaN or infinite; at q = 0 the values of the
 * point 0 itself.  Relative error below 1e-9. */
void theory_moments(struct theory_moments *out, const struct spec *activation, double q);

/* E f(u) f(u') for two images whose u are N(0, q) with this covariance:
 * between M(q)^2 at 0 and V(q) at q.  Hermite series of 32 terms; what is left
 * of V counts as the 33rd. */
double theory_kernel(const struct spec *activation, double q, double covariance);

enum theory_normalization { THEORY_PLAIN, THEORY_BATCH, THEORY_LAYER };

/* One layer of the net as theory sees it. */
struct theory_layer {
	/* in */
	size_t fan_in, fan_out;
	double weight_variance, weight_mean; /* effective, of one entry */
	double bias_variance;
	const struct spec *activation; /* NULL: the output layer (softmax) */
	enum theory_normalization normalization;
	bool residual; /* a = f(z) + input */
	/* out; NaN where theory has no answer */
	double z_mean_square; /* E[z^2] = fan_in E[x^2] Var(w) + Var(b) */
	double z_variance;    /* about the global mean: less by 1/fan_out of the unit means' square */
	double slope_square;  /* D(q) = E f'(z)^2 */
	double scale;         /* square of what normalization divides by; 1 without */
	double a_mean, a_mean_square;
	double delta_factor;      /* E[delta_l^2] / E[delta_(l+1)^2]; NaN for the last */
	double delta_mean_square; /* per sample, before the 1/batch of the mean loss */
	double chi;               /* fan_in Var(w) D(q) / scale, + 1 with a residual; slope of the correlation map */
	double depth_scale;       /* 1/|ln chi|: layers after which a difference shrinks (chi < 1) or grows by e; Inf at chi = 1 */
};

/* Moments of what enters layer 1, averaged over the images in use. */
struct theory_input {
	double mean;                   /* E[x]; matters only if layer 1 has a residual */
	double mean_square;            /* E[x^2] over images and pixels */
	double mean_vector_square;     /* ||mean image||^2, for the split below */
};

/* Fills the `out` part of layer[0..layers).  classes: softmax width.  Weights
 * whose mean is not 0 (constant, ones) are beyond mean-field: NaN from there. */
void theory_predict(struct theory_layer *layer, size_t layers, const struct theory_input *input, size_t classes);

/* Layer 1's E[z^2] split (numerics.md 2.5): within units over the images,
 * and between unit means (the same offset for every image). */
void theory_split(double *within, double *between, double weight_variance, double fan_in,
                  const struct theory_input *input, size_t fan_out);

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
