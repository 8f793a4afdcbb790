/* All measurements of a net at one step: a flat block of numbers,
 * made once by session_observe() and never changed afterwards.  Views, exports
 * and the history read the numerics only through it. */
#ifndef INITVIZ_LAB_SNAPSHOT_H
#define INITVIZ_LAB_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/warnings.h"
#include "nn/mlp_kinds.h"
#include "nn/singular.h"
#include "nn/stats.h"
#include "lab/images.h"
#include "lab/settings.h"

struct tensor_observation {
	struct moments moments;
	double percentile[STATS_PERCENTILES];
	struct histogram histogram;
	struct magnitudes magnitudes; /* of delta and dw; of the others n is 0 */
};

/* What theory predicts for a layer from the settings and the input alone;
 * NaN where it makes no prediction. */
struct layer_theory {
	double z_mean, z_mean_square, z_variance, z_within, z_between;
	double slope_square; /* of f'(z) */
	double a_mean, a_mean_square, a_variance;
	double delta_mean_square, delta_factor;
	double chi, depth_scale;
	double correlation; /* of z of two images; slope, limit and rate: of the map to the next layer's */
	double correlation_slope, correlation_limit, correlation_rate;
	/* mean and variance of the squared singular values: of the layer's own Jacobian, of that from the input; NaN in theory_now */
	double singular_mean_square, singular_variance, input_singular_mean_square, input_singular_variance;
	/* Standard deviations over nets drawn at random, which a finite width
	 * leaves: absolute for means and correlation, else of ln(observed/predicted). */
	double z_mean_band, z_band, z_variance_band, z_within_band, z_between_band, correlation_band;
	double a_mean_band, a_band, delta_band, delta_factor_band;
	uint64_t broken; /* enum theory_assumption: why theory makes no prediction; THEORY_HOLDS: it makes one */
};
/* Padding has any bits, and tests compare observations bit by bit. */
_Static_assert(sizeof(struct layer_theory) == offsetof(struct layer_theory, broken) + sizeof(uint64_t), "no padding");

#define SNAPSHOT_RANK_IMAGES 100 /* images of the probe, the first ones: time goes with their square */

struct layer_observation {
	size_t fan_in, fan_out;
	struct spec init;
	struct spec activation; /* entry NULL: softmax */
	struct tensor_observation tensor[MLP_TENSORS]; /* z, a, w, delta, dw on the probe */
	double weight_variance, weight_mean; /* the initializer's effective ones for these fans */
	double bias_mean, bias_variance;     /* observed, over the units */
	double saturated;        /* share of values with slope below 10 % of the largest; NaN for softmax */
	double dead;             /* share of units saturated for every probe image; NaN for softmax */
	double update_ratio;     /* rms of the last step's change of w / rms of w; NaN at step 0 */
	double weight_norm;      /* spectral norm of w; NaN in a glance */
	double change_norm;      /* spectral norm of the last step's change of w; NaN at step 0 and after steps that are not observed */
	double z_within, z_between; /* observed variance of z within units over images, and of the unit means */
	double z_shared;            /* observed variance over images of the mean z of all units; z_within + z_between if units are copies */
	double correlation;         /* observed, of z of two images over the units, mean of all pairs; NaN: one image or unit */
	double effective_rank;      /* of a over the first SNAPSHOT_RANK_IMAGES: 1 if all have one direction (session_rank.c); NaN in a
	                             * glance, in the output layer, and if all a are 0 */
	double branch_scale;        /* alpha of the residual branch that ends here, as it is now if it is learned; NaN where none ends */
	double z_error;             /* standard error of z's mean square from the choice of the images; NaN in a glance */
	struct spectrum singular;       /* of the layer's own Jacobian at one image of the probe (nn/jacobian.h); cleared unless measured */
	struct spectrum input_singular; /* of the Jacobian of a (of the logits in the last layer) by the net's input */
	struct layer_theory theory;     /* at step 0 */
	struct layer_theory theory_now; /* of random weights and biases with the means and variances of this step */
};

/* A value per step, thinned to at most TRACE_POINTS by averaging `stride`
 * neighbours; point i covers steps i*stride+1 .. (i+1)*stride. */
#define TRACE_POINTS 256
struct trace {
	uint64_t stride;
	uint32_t points;   /* complete ones */
	uint32_t pending;  /* steps in the incomplete last one */
	double sum;        /* over the pending steps */
	float value[TRACE_POINTS];
};
void trace_add(struct trace *trace, double value);

struct input_observation {
	uint64_t images;
	double mean, variance, mean_square; /* over images and pixels, after scaling */
	double mean_vector_square;          /* ||mean image||^2 */
	double length_spread;      /* variance over images of ||x||^2, by the square of its mean */
	double sum_variance;                /* over images, of the sum of an image's pixels */
};

struct snapshot {
	unsigned references;  /* owned by snapshot_keep() and snapshot_drop() */
	const struct warnings *warnings; /* known so far; a reference of the snapshot's own */
	const struct images *images;     /* NULL unless they were asked for; a reference of the snapshot's own */
	struct settings settings;
	char data_name[64];
	uint64_t step;
	double epoch;         /* images trained on / images in the training split */
	bool scheduled;       /* part of the observation schedule, else made for the screen */
	bool last;            /* settings.steps reached: test accuracy is on all test images */
	bool measured;        /* singular values were measured, where they exist */
	double loss, train_accuracy;   /* on the probe, at this step's weights */
	double test_accuracy, test_loss; /* NaN in a glance while running */
	uint64_t test_images;            /* that they were measured on */
	/* standard errors from the choice of the images; NaN in a glance and for one image */
	double loss_error, train_accuracy_error, test_accuracy_error;
	bool diverged;        /* a NaN or Inf was met; stays true */
	uint64_t diverged_step;
	uint32_t diverged_layer; /* 1-based */
	struct trace batch_loss, batch_accuracy; /* of every training batch, before its update */
	struct input_observation input;
	size_t layers;
	struct layer_observation layer[];
};

/* A zeroed snapshot for `layers` layers, one reference.  ERR_RESOURCE. */
struct snapshot *snapshot_create(size_t layers, struct err *err);

/* References are counted atomically: a snapshot may be shared by threads. */
const struct snapshot *snapshot_keep(const struct snapshot *snapshot);
void snapshot_drop(const struct snapshot *snapshot); /* NULL is allowed */

/* Layer `index`, or the last hidden one where that is the output layer; NULL for a
 * net without hidden layers. */
const struct layer_observation *snapshot_hidden_layer(const struct snapshot *snapshot, size_t index);

size_t snapshot_bytes(size_t layers);

/* Of this one, with its images but without their pixels, which it shares. */
size_t snapshot_size(const struct snapshot *snapshot);

/* "z", "a", "w", "delta", "dw". */
extern const char *const snapshot_tensor_names[MLP_TENSORS];

#endif
