/* What is measured to check the article's statements: its seven scenarios, and
 * three of our own that test its conclusions, each with a few seeds.  A value
 * without pointers to the nets; lab/report_run.h fills it for the runner,
 * view/report_text.h formats it. */
#ifndef INITVIZ_LAB_REPORT_H
#define INITVIZ_LAB_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "lab/scenario.h"
#include "lab/snapshot.h"

/* Mean over the nets measured so far, and how they scatter. */
struct estimate {
	size_t count;
	double mean, square; /* square: sum of squared deviations */
};
double estimate_sd(const struct estimate *estimate); /* NaN below two */

/* A layer at initialization, on the scenario's probe. */
struct report_layer {
	size_t fan_in, fan_out;
	struct estimate z_mean_square, z_variance, z_within, z_between;
	struct estimate a_mean, a_mean_square, a_variance, w_variance;
	struct estimate saturated; /* share of outputs with under 10 % of the largest slope */
	struct estimate beyond_2;  /* share of |z| > 2, the article's rule */
	struct estimate at_ends;   /* share of a outside [0.05, 0.95] */
	struct estimate gradient;  /* E[delta^2] against the next layer's; NaN in the last */
	double weight_variance;    /* theory from here on: as in struct layer_observation */
	struct estimate z_theory;  /* E[z^2], varying with the batch */
	double gradient_theory;
	struct estimate jacobian_square; /* mean squared singular value of da/dx, from the images to the layer; of a few nets */
	struct estimate jacobian_spread; /* log10 of the condition number, largest over smallest, where it is finite */
	struct estimate jacobian_lost;   /* share of the singular values that are 0 */
	double jacobian_theory;          /* the mean squared singular value */
};

enum report_net_name {
	REPORT_FIRST_NORMAL, REPORT_FIRST_XAVIER, REPORT_STANDARDIZED, /* no training */
	REPORT_NORMAL, REPORT_XAVIER, REPORT_NORMAL_RELU, REPORT_XAVIER_RELU, REPORT_HE_RELU,
	REPORT_DEEP_XAVIER, REPORT_DEEP_HE,
	REPORT_NETS
};

#define REPORT_LAYERS 3 /* of a net that are measured, from the input */

struct report_net {
	const struct scenario *scenario;
	uint64_t steps, batch;
	size_t layers;
	struct report_layer layer[REPORT_LAYERS];
	struct estimate input_variance; /* of the images measured */
	struct estimate start_loss;
	struct estimate gradient_share; /* E[delta^2] of layer 1 against the last layer's, at the start */
	struct estimate test_accuracy;  /* on all test images, at the end */
	struct estimate fitted_accuracy, mat_mul_variance, read_z_variance, fc_out_3_variance, logits_variance;
};

struct report {
	char data_name[64];
	uint64_t seed;               /* the first one */
	size_t pixels, classes;
	struct input_observation train; /* all images of the training split; 0 of them until they are counted */
	struct report_net net[REPORT_NETS];
};

/* The subjects of reports; names only, for options and commands. */
extern const struct table reports;

#endif
