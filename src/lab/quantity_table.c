/* The entries of the table of quantities and how those that are not stored are
 * computed.  To add a number that a snapshot stores: a member of its struct,
 * the line of session_observe.c that fills it, and an entry here. */
#include "lab/quantity.h"

#include <math.h>

#include "lab/layer_function.h"
#include "nn/initializer.h"

/* ---- derived values ---- */

#define VALUE(name, expression) \
	static double name(const struct quantity_place *p) \
	{ \
		return (expression); \
	}

#define LAYER (p->snapshot->layer[p->layer])
#define MOMENTS (LAYER.tensor[p->tensor].moments)

VALUE(diverged, p->snapshot->diverged)
VALUE(diverged_step, p->snapshot->diverged ? (double)p->snapshot->diverged_step : NAN)
VALUE(diverged_layer, p->snapshot->diverged ? (double)p->snapshot->diverged_layer : NAN)
VALUE(rms, sqrt(MOMENTS.mean_square))

static double delta_square(const struct snapshot *snapshot, size_t layer)
{
	return layer < snapshot->layers ? snapshot->layer[layer].tensor[MLP_DELTA].moments.mean_square : NAN;
}

VALUE(delta_factor, delta_square(p->snapshot, p->layer) / delta_square(p->snapshot, p->layer + 1))

static double slope_square(const struct quantity_place *p)
{
	struct layer_function function = layer_function_of(&LAYER);
	return layer_function_slope_square(&function);
}

/* ---- predictions ---- */

VALUE(loss_theory, log((double)LAYER.fan_out))
VALUE(accuracy_theory, 1 / (double)LAYER.fan_out)
VALUE(delta_factor_theory, LAYER.theory.delta_factor)
VALUE(z_square_theory, LAYER.theory.z_mean_square)
VALUE(a_square_theory, LAYER.theory.a_mean_square)
VALUE(delta_square_theory, LAYER.theory.delta_mean_square)
VALUE(delta_rms_theory, sqrt(LAYER.theory.delta_mean_square))
VALUE(z_variance_theory, LAYER.theory.z_variance)
VALUE(a_variance_theory, LAYER.theory.a_variance)
VALUE(w_variance_theory, LAYER.weight_variance)

/* What a norm is compared with: a matrix that takes vectors with entries of size 1 to such vectors. */
#define UNIT_NORM sqrt((double)LAYER.fan_out / (double)LAYER.fan_in)
VALUE(weight_norm_ratio, LAYER.weight_norm / UNIT_NORM)
VALUE(change_norm_ratio, LAYER.change_norm / UNIT_NORM)

/* The edge of the singular values of a matrix of independent entries (Marchenko and Pastur
 * 1967, Bai and Yin 1993); those of layers with a mean or a pattern have other edges. */
static double weight_norm_theory(const struct quantity_place *p)
{
	bool independent = initializer_of(&LAYER.init)->law != NULL && LAYER.weight_mean == 0;
	return independent ? sqrt(LAYER.weight_variance) * (sqrt((double)LAYER.fan_in) + sqrt((double)LAYER.fan_out)) : NAN;
}
VALUE(weight_norm_ratio_theory, weight_norm_theory(p) / UNIT_NORM)
/* Numerical integration leaves a rounding error where the mean is 0. */
VALUE(a_mean_theory, fabs(LAYER.theory.a_mean) < 1e-9 * sqrt(LAYER.theory.a_mean_square) ? 0 : LAYER.theory.a_mean)

VALUE(slope_square_theory, LAYER.theory.slope_square)
VALUE(z_mean_theory, LAYER.theory.z_mean)
VALUE(z_within_theory, LAYER.theory.z_within)
VALUE(z_mean_spread, LAYER.theory.z_mean_band)
VALUE(z_spread, LAYER.theory.z_band)
VALUE(z_variance_spread, LAYER.theory.z_variance_band)
VALUE(z_within_spread, LAYER.theory.z_within_band)
VALUE(z_between_spread, LAYER.theory.z_between_band)
VALUE(correlation_spread, LAYER.theory.correlation_band)
VALUE(a_mean_spread, LAYER.theory.a_mean_band)
VALUE(a_spread, LAYER.theory.a_band)
VALUE(delta_spread, LAYER.theory.delta_band)
VALUE(delta_rms_spread, LAYER.theory.delta_band / 2)
VALUE(delta_factor_spread, LAYER.theory.delta_factor_band)
VALUE(z_between_theory, LAYER.theory.z_between)
VALUE(correlation_theory, LAYER.theory.correlation)
VALUE(singular_square_theory, LAYER.theory.singular_mean_square)
VALUE(singular_variance_theory, LAYER.theory.singular_variance)
VALUE(input_singular_square_theory, LAYER.theory.input_singular_mean_square)
VALUE(input_singular_variance_theory, LAYER.theory.input_singular_variance)

/* ---- the table ---- */

/* A label for each tensor; the symbols of the tensors on the screen. */
#define EACH(before, after) { \
	[MLP_Z] = before "z" after, [MLP_A] = before "a" after, [MLP_W] = before "W" after, \
	[MLP_DELTA] = before "δ" after, [MLP_DW] = before "dW" after, \
}
const char *const quantity_symbols[MLP_TENSORS] = EACH("", "");

#define NET_REAL(member) .scope = QUANTITY_NET, .type = QUANTITY_REAL, .offset = offsetof(struct snapshot, member)
#define NET_WHOLE(member) .scope = QUANTITY_NET, .type = QUANTITY_WHOLE, .offset = offsetof(struct snapshot, member)
#define INPUT(type_, member) \
	.scope = QUANTITY_INPUT, .type = (type_), .offset = offsetof(struct input_observation, member)
#define OF_LAYER(member) \
	.scope = QUANTITY_LAYER, .type = QUANTITY_REAL, .offset = offsetof(struct layer_observation, member)
#define THEORY(member) \
	.scope = QUANTITY_THEORY, .type = QUANTITY_REAL, .offset = offsetof(struct layer_theory, member), \
	.when = QUANTITY_PREDICTED
#define STRETCH(member) \
	.scope = QUANTITY_THEORY, .type = QUANTITY_REAL, .offset = offsetof(struct layer_theory, member), \
	.when = QUANTITY_UNNORMALIZED
#define MAPPED(member) \
	.scope = QUANTITY_THEORY, .type = QUANTITY_REAL, .offset = offsetof(struct layer_theory, member), \
	.when = QUANTITY_MAPPED, .where = QUANTITY_HIDDEN
#define TENSOR(type_, member) \
	.scope = QUANTITY_TENSOR, .type = (type_), .offset = offsetof(struct tensor_observation, member)

/* The i-th percentile, of this rank. */
#define PERCENTILE(rank_, i) \
	.entry = { .name = "p" #rank_, .summary = "value that " #rank_ " % of the finite values do not exceed" }, \
	.label = EACH("", " " #rank_ " %"), .output = QUANTITY_CSV | QUANTITY_JSON | QUANTITY_PERCENTILE, \
	.scope = QUANTITY_TENSOR, .type = QUANTITY_REAL, \
	.offset = offsetof(struct tensor_observation, percentile) + (i) * sizeof(double)

/* Added after the first version of the JSON. */
#define LATER (QUANTITY_JSON | QUANTITY_JSON_LATER)

/* How far nets drawn at random differ from a prediction; what: of which. */
#define BAND(member, where_, of_what) \
	{ .entry = { .name = "theory." #member, .summary = "standard deviation over nets of " of_what }, \
	  .not_negative = true, THEORY(member), .where = (where_), .output = LATER }

/* Of the singular values of a Jacobian. */
#define SINGULAR(name_, member, summary_, unit_, theory_, output_) \
	{ .entry = { .name = (name_), .summary = (summary_) }, .not_negative = true, OF_LAYER(member), .unit = (unit_), \
	  .when = QUANTITY_MEASURED, .theory = { theory_ }, .output = (output_) }
#define SINGULAR_COUNT(name_, member, summary_) \
	{ .entry = { .name = (name_), .summary = (summary_) }, .scope = QUANTITY_LAYER, .type = QUANTITY_WHOLE, \
	  .offset = offsetof(struct layer_observation, member), .unit = QUANTITY_COUNT, .output = LATER }

/* In the order of CSV and, within a scope, of JSON. */
static const struct quantity list[] = {
	/* ---- of the net ---- */
	{ .entry = { .name = "step", .summary = "training steps done" },
	  NET_WHOLE(step), .unit = QUANTITY_COUNT, .label = { "step" }, .output = QUANTITY_CSV },
	{ .entry = { .name = "diverged", .summary = "1 after a NaN or an infinity, else 0" },
	  .scope = QUANTITY_NET, .unit = QUANTITY_COUNT, .read = diverged },
	{ .entry = { .name = "epoch", .summary = "images trained on / images in the training split" },
	  .not_negative = true, NET_REAL(epoch), .label = { "epoch" }, .output = QUANTITY_CSV | QUANTITY_JSON },
	{ .entry = { .name = "loss", .summary = "cross-entropy on the probe, in nats" },
	  .not_negative = true, .id = QUANTITY_LOSS, NET_REAL(loss), .unit = QUANTITY_NATS, .label = { "loss" },
	  .theory = { loss_theory }, .output = QUANTITY_CSV | QUANTITY_JSON,
	  .shown[QUANTITY_IN_READOUTS] = {{ .order = 11, .where = QUANTITY_OUTPUT, .rank = 3, .theory_rank = 5,
	                                    .theory_label = "guessing" }},
	  .shown[QUANTITY_IN_LAYER_VIEW] = {{ .order = 13, .where = QUANTITY_OUTPUT, .rank = 1, .theory_rank = 2,
	                                 .theory_label = " guessing", .note = "cross-entropy; ln of classes" }},
	  .shown[QUANTITY_IN_COMPARE] = {{ .order = 1, .where = QUANTITY_OUTPUT, .rank = 1 }} },
	{ .entry = { .name = "train_accuracy", .summary = "share of probe images classified correctly" },
	  .not_negative = true, .id = QUANTITY_TRAIN_ACCURACY, NET_REAL(train_accuracy), .unit = QUANTITY_SHARE, .label = { "correct" },
	  .theory = { accuracy_theory }, .output = QUANTITY_CSV | QUANTITY_JSON,
	  .shown[QUANTITY_IN_LAYER_VIEW] = {{ .order = 15, .where = QUANTITY_OUTPUT, .rank = 1, .theory_rank = 3,
	                                 .theory_label = " by chance", .note = "of the probe images" }},
	  .shown[QUANTITY_IN_COMPARE] = {{ .order = 3, .where = QUANTITY_OUTPUT, .rank = 1, .label = "train" }} },
	{ .entry = { .name = "test_accuracy", .summary = "share of test images classified correctly" },
	  .not_negative = true, .id = QUANTITY_TEST_ACCURACY, NET_REAL(test_accuracy), .unit = QUANTITY_SHARE, .when = QUANTITY_SCHEDULED,
	  .label = { "test" }, .output = QUANTITY_CSV | QUANTITY_JSON,
	  .shown[QUANTITY_IN_COMPARE] = {{ .order = 2, .where = QUANTITY_OUTPUT, .rank = 1 }} },
	{ .entry = { .name = "test_loss", .summary = "cross-entropy on the same test images, in nats" },
	  .not_negative = true, NET_REAL(test_loss), .unit = QUANTITY_NATS, .when = QUANTITY_SCHEDULED, .output = QUANTITY_JSON },
	{ .entry = { .name = "loss_error", .summary = "standard error of loss, as the probe is a sample of the images" },
	  .not_negative = true, NET_REAL(loss_error), .unit = QUANTITY_NATS, .when = QUANTITY_SCHEDULED, .output = LATER,
	  .label = { " ± error" },
	  .shown[QUANTITY_IN_LAYER_VIEW] = {{ .order = 14, .where = QUANTITY_OUTPUT, .rank = 4, .note = "of the loss, over images" }} },
	{ .entry = { .name = "train_accuracy_error", .summary = "standard error of train_accuracy, as the probe is a sample of the images" },
	  .not_negative = true, NET_REAL(train_accuracy_error), .unit = QUANTITY_SHARE, .when = QUANTITY_SCHEDULED, .output = LATER },
	{ .entry = { .name = "test_accuracy_error", .summary = "standard error of test_accuracy, as the test images are a sample" },
	  .not_negative = true, NET_REAL(test_accuracy_error), .unit = QUANTITY_SHARE, .when = QUANTITY_SCHEDULED, .output = LATER },
	{ .entry = { .name = "test_images", .summary = "number of test images measured; none in a run of 0 steps, unless its weights are read from a file" },
	  NET_WHOLE(test_images), .unit = QUANTITY_COUNT, .output = QUANTITY_JSON },
	{ .entry = { .name = "diverged_step", .summary = "step of the first NaN or infinity, if there is one" },
	  .id = QUANTITY_DIVERGED_STEP, .scope = QUANTITY_NET, .unit = QUANTITY_COUNT, .when = QUANTITY_DIVERGED,
	  .read = diverged_step, .output = QUANTITY_CSV },
	{ .entry = { .name = "diverged_layer", .summary = "layer of the first NaN or infinity, if there is one" },
	  .scope = QUANTITY_NET, .unit = QUANTITY_COUNT, .when = QUANTITY_DIVERGED, .read = diverged_layer,
	  .output = QUANTITY_CSV },

	/* ---- of its input ---- */
	{ .entry = { .name = "input.images", .summary = "images of the probe" },
	  INPUT(QUANTITY_WHOLE, images), .unit = QUANTITY_COUNT, .output = QUANTITY_JSON },
	{ .entry = { .name = "input.mean", .summary = "mean of the probe's pixels as the net gets them" },
	  INPUT(QUANTITY_REAL, mean), .label = { "mean x" }, .output = QUANTITY_CSV | QUANTITY_JSON },
	{ .entry = { .name = "input.variance", .summary = "variance of the probe's pixels" },
	  INPUT(QUANTITY_REAL, variance), .label = { "Var(x)" }, .output = QUANTITY_CSV | QUANTITY_JSON },
	{ .entry = { .name = "input.mean_square", .summary = "mean square of the probe's pixels" },
	  .not_negative = true, INPUT(QUANTITY_REAL, mean_square), .label = { "E[x²]" }, .output = QUANTITY_CSV | QUANTITY_JSON },
	{ .entry = { .name = "input.mean_vector_square", .summary = "squared length of the probe's mean image" },
	  .not_negative = true, INPUT(QUANTITY_REAL, mean_vector_square), .output = QUANTITY_JSON },
	{ .entry = { .name = "input.sum_variance", .summary = "variance over the probe's images of the sum of an image's pixels" },
	  .not_negative = true, INPUT(QUANTITY_REAL, sum_variance), .output = LATER },
	{ .entry = { .name = "input.length_spread", .summary = "variance over the probe's images of their squared length, divided by the square of its mean" },
	  .not_negative = true, INPUT(QUANTITY_REAL, length_spread), .output = LATER },

	/* ---- of a layer ---- */
	{ .entry = { .name = "saturated", .summary = "share of outputs with a slope < 10 % of the largest" },
	  .not_negative = true, .id = QUANTITY_SATURATED, OF_LAYER(saturated), .unit = QUANTITY_SHARE, .where = QUANTITY_HIDDEN,
	  .label = { "flat" }, .named_by_activation = true, .output = QUANTITY_CSV | QUANTITY_JSON,
	  .shown[QUANTITY_IN_READOUTS] = {{ .order = 18, .rank = 3, .gauge = true }},
	  .shown[QUANTITY_IN_LAYER_VIEW] = {{ .order = 8, .rank = 1, .note = "slope below 10 % of its largest" }},
	  .shown[QUANTITY_IN_COMPARE] = {{ .order = 5, .rank = 1, .label = "flat" }},
	  .shown[QUANTITY_IN_ANNOUNCED] = {{ .order = 1, .rank = 1 }} },
	{ .entry = { .name = "dead", .summary = "share of units with small slopes for every image" },
	  .not_negative = true, .id = QUANTITY_DEAD, OF_LAYER(dead), .unit = QUANTITY_SHARE, .where = QUANTITY_HIDDEN,
	  .label = { "dead" }, .output = QUANTITY_CSV | QUANTITY_JSON,
	  .shown[QUANTITY_IN_READOUTS] = {{ .order = 17, .rank = 10 }},
	  .shown[QUANTITY_IN_LAYER_VIEW] = {{ .order = 9, .rank = 3, .note = "small slope for every image" }},
	  .shown[QUANTITY_IN_COMPARE] = {{ .order = 9, .rank = 1 }},
	  .shown[QUANTITY_IN_ANNOUNCED] = {{ .order = 6, .rank = 2, .label = "dead units" }} },
	{ .entry = { .name = "update_ratio", .summary = "rms of the last weight change / rms of the weights" },
	  .not_negative = true, .id = QUANTITY_UPDATE_RATIO, OF_LAYER(update_ratio), .when = QUANTITY_MOVED, .label = { "ΔW/W" },
	  .output = QUANTITY_CSV | QUANTITY_JSON,
	  .shown[QUANTITY_IN_READOUTS] = {{ .order = 16, .rank = 7 }},
	  .shown[QUANTITY_IN_COMPARE] = {{ .order = 8, .rank = 1 }},
	  .shown[QUANTITY_IN_ANNOUNCED] = {{ .order = 8, .rank = 2, .label = "last change by weights" }} },
	{ .entry = { .name = "weight_norm", .summary = "spectral norm of W: its largest singular value" },
	  .not_negative = true, .id = QUANTITY_WEIGHT_NORM, OF_LAYER(weight_norm), .when = QUANTITY_SCHEDULED, .label = { "‖W‖" },
	  .theory = { weight_norm_theory }, .output = QUANTITY_CSV | LATER,
	  .shown[QUANTITY_IN_READOUTS] = {{ .order = 19, .rank = 25, .theory_rank = 27 }} },
	SINGULAR("singular_mean_square", singular.mean_square, "mean squared singular value of the layer's Jacobian",
	         QUANTITY_NUMBER, singular_square_theory, QUANTITY_CSV | LATER),
	SINGULAR("singular_variance", singular.variance, "variance of these squares", QUANTITY_NUMBER, singular_variance_theory, LATER),
	SINGULAR("singular_smallest", singular.smallest, "smallest singular value of the layer's Jacobian", QUANTITY_NUMBER, NULL, LATER),
	SINGULAR("singular_largest", singular.largest, "largest singular value of the layer's Jacobian", QUANTITY_NUMBER, NULL, LATER),
	SINGULAR("singular_condition", singular.condition, "largest / smallest: the condition number", QUANTITY_FACTOR, NULL,
	         QUANTITY_CSV | LATER),
	SINGULAR("singular_zero", singular.zero, "share of the layer's singular values that are 0", QUANTITY_SHARE, NULL, LATER),
	SINGULAR_COUNT("singular_count", singular.count, "how many singular values the layer's Jacobian has"),
	SINGULAR_COUNT("singular_estimated", singular.estimated, "1 if they are an estimate, because the layer is wide"),
	SINGULAR("input_singular_mean_square", input_singular.mean_square,
	         "mean squared singular value of da/dx from the input", QUANTITY_NUMBER,
	         input_singular_square_theory, QUANTITY_CSV | LATER),
	SINGULAR("input_singular_variance", input_singular.variance, "variance of these squares", QUANTITY_NUMBER,
	         input_singular_variance_theory, LATER),
	SINGULAR("input_singular_smallest", input_singular.smallest, "smallest singular value of the Jacobian from the input",
	         QUANTITY_NUMBER, NULL, LATER),
	SINGULAR("input_singular_largest", input_singular.largest, "largest singular value of the Jacobian from the input",
	         QUANTITY_NUMBER, NULL, LATER),
	SINGULAR("input_singular_condition", input_singular.condition, "largest / smallest: the condition number", QUANTITY_FACTOR, NULL,
	         QUANTITY_CSV | LATER),
	SINGULAR("input_singular_zero", input_singular.zero, "share of these singular values that are 0", QUANTITY_SHARE, NULL, LATER),
	SINGULAR_COUNT("input_singular_count", input_singular.count, "how many of them can differ from 0: the smallest width on the way"),
	SINGULAR_COUNT("input_singular_estimated", input_singular.estimated, "1 if they are an estimate, because the net is wide"),
	{ .entry = { .name = "weight_norm_ratio", .summary = "weight_norm / sqrt(fan_out / fan_in)" },
	  .scope = QUANTITY_LAYER, .unit = QUANTITY_FACTOR, .when = QUANTITY_SCHEDULED, .read = weight_norm_ratio,
	  .theory = { weight_norm_ratio_theory } },
	{ .entry = { .name = "change_norm", .summary = "spectral norm of the last step's change of W" },
	  .not_negative = true, .id = QUANTITY_CHANGE_NORM, OF_LAYER(change_norm), .when = QUANTITY_CHANGED, .label = { "‖ΔW‖" },
	  .output = QUANTITY_CSV | LATER,
	  .shown[QUANTITY_IN_READOUTS] = {{ .order = 20, .rank = 26 }} },
	{ .entry = { .name = "change_norm_ratio", .summary = "change_norm / sqrt(fan_out / fan_in)" },
	  .scope = QUANTITY_LAYER, .unit = QUANTITY_FACTOR, .when = QUANTITY_CHANGED, .read = change_norm_ratio },
	{ .entry = { .name = "weight_variance", .summary = "variance of a weight by the initializer's formula" },
	  .not_negative = true, OF_LAYER(weight_variance), .output = QUANTITY_JSON },
	{ .entry = { .name = "z_within", .summary = "variance of z over the images within a unit, mean of all units" },
	  OF_LAYER(z_within), .label = { "within" }, .theory = { z_within_theory }, .band = { z_within_spread }, .output = QUANTITY_JSON,
	  .shown[QUANTITY_IN_LAYER_VIEW] = {{ .order = 4, .rank = 2, .label = " within",
	                                 .note = "each unit's response to images" }} },
	{ .entry = { .name = "z_between", .summary = "variance over the units of their mean z, which is the same for every image" },
	  OF_LAYER(z_between), .label = { "between" }, .theory = { z_between_theory }, .band = { z_between_spread }, .output = QUANTITY_JSON,
	  .shown[QUANTITY_IN_LAYER_VIEW] = {{ .order = 5, .rank = 2, .label = " between",
	                                 .note = "offset, the same for every image" }} },
	{ .entry = { .name = "z_shared", .summary = "variance over the images of the mean z of all units: what the units have in common" },
	  .not_negative = true, OF_LAYER(z_shared), .output = LATER },
	{ .entry = { .name = "correlation", .summary = "correlation over the units between the z of two images, mean of all pairs" },
	  OF_LAYER(correlation), .label = { "corr" }, .theory = { correlation_theory },
	  .band = { correlation_spread }, .band_is_absolute = true, .output = LATER },
	{ .entry = { .name = "effective_rank", .summary = "effective rank of a over 100 images: (tr M)^2 / tr M^2 of its second moments M" },
	  .not_negative = true, OF_LAYER(effective_rank), .where = QUANTITY_HIDDEN, .when = QUANTITY_SCHEDULED, .label = { "rank a" },
	  .output = LATER },
	{ .entry = { .name = "z_error", .summary = "standard error of z's mean square, as the probe is a sample of the images" },
	  .not_negative = true, OF_LAYER(z_error), .when = QUANTITY_SCHEDULED, .output = LATER, .label = { " ± error" },
	  .shown[QUANTITY_IN_LAYER_VIEW] = {{ .order = 2, .rank = 4, .note = "standard error, over images" }} },
	{ .entry = { .name = "branch_scale", .summary = "factor of the residual branch that ends in the layer, learned or fixed" },
	  OF_LAYER(branch_scale), .where = QUANTITY_BRANCH_END, .label = { "α" }, .output = LATER,
	  .shown[QUANTITY_IN_READOUTS] = {{ .order = 21, .rank = 12 }},
	  .shown[QUANTITY_IN_LAYER_VIEW] = {{ .order = 13, .rank = 2, .note = "factor of the branch" }} },
	{ .entry = { .name = "weight_mean", .summary = "mean of a weight by the initializer's formula" },
	  OF_LAYER(weight_mean), .output = LATER },
	{ .entry = { .name = "bias_mean", .summary = "mean of the biases over the units" },
	  OF_LAYER(bias_mean), .output = LATER },
	{ .entry = { .name = "bias_variance", .summary = "variance of the biases over the units" },
	  .not_negative = true, OF_LAYER(bias_variance), .output = LATER },
	{ .entry = { .name = "delta_factor",
	             .summary = "mean square of the gradient at z, divided by the next layer's" },
	  .id = QUANTITY_DELTA_FACTOR, .scope = QUANTITY_LAYER, .unit = QUANTITY_FACTOR, .where = QUANTITY_HIDDEN,
	  .label = { "δ² ÷next" }, .read = delta_factor, .theory = { delta_factor_theory },
	  .band = { delta_factor_spread },
	  .shown[QUANTITY_IN_READOUTS] = {{ .order = 12, .rank = 8, .theory_rank = 10 }},
	  .shown[QUANTITY_IN_LAYER_VIEW] = {{ .order = 11, .rank = 1, .theory_rank = 4,
	                                 .note = "E[δ²] here ÷ the next layer's" }} },
	{ .entry = { .name = "slope_square", .summary = "mean square of the activation's slope at the values of z" },
	  .id = QUANTITY_SLOPE_SQUARE, .scope = QUANTITY_LAYER, .label = { "mean f'²" }, .read = slope_square,
	  .theory = { slope_square_theory },
	  .shown[QUANTITY_IN_LAYER_VIEW] = {{ .order = 10, .where = QUANTITY_HIDDEN, .rank = 2, .theory_rank = 4,
	                                 .note = "squared slope of the activation" }} },

	/* ---- of a layer, predicted ---- */
	{ .entry = { .name = "theory.z_mean_square", .summary = "prediction for z_mean_square" },
	  .not_negative = true, THEORY(z_mean_square), .output = QUANTITY_CSV | QUANTITY_JSON,
	  .shown[QUANTITY_IN_COMPARE] = {{ .order = 10, .rank = 1, .label = "theory" }} },
	{ .entry = { .name = "theory.z_variance", .summary = "prediction for z_variance" },
	  .not_negative = true, THEORY(z_variance), .output = QUANTITY_CSV | QUANTITY_JSON },
	{ .entry = { .name = "theory.a_mean", .summary = "prediction for a_mean" },
	  THEORY(a_mean), .output = QUANTITY_JSON },
	{ .entry = { .name = "theory.a_mean_square", .summary = "prediction for a_mean_square" },
	  .not_negative = true, THEORY(a_mean_square), .output = QUANTITY_CSV | QUANTITY_JSON },
	{ .entry = { .name = "theory.delta_mean_square", .summary = "prediction for delta_mean_square" },
	  .not_negative = true, THEORY(delta_mean_square), .output = QUANTITY_CSV | QUANTITY_JSON },
	{ .entry = { .name = "theory.delta_factor", .summary = "prediction for delta_mean_square / the next layer's" },
	  .not_negative = true, THEORY(delta_factor), .unit = QUANTITY_FACTOR, .where = QUANTITY_HIDDEN,
	  .output = QUANTITY_CSV | QUANTITY_JSON },
	{ .entry = { .name = "theory.chi", .summary = "factor of E[delta^2] per layer of equal width" },
	  .not_negative = true, THEORY(chi), .where = QUANTITY_HIDDEN, .label = { "χ" }, .output = QUANTITY_CSV | QUANTITY_JSON },
	{ .entry = { .name = "theory.depth_scale", .summary = "number of layers over which chi makes a factor of e" },
	  THEORY(depth_scale), .unit = QUANTITY_DEPTH, .where = QUANTITY_HIDDEN, .label = { "ξ" },
	  .output = QUANTITY_JSON },
	{ .entry = { .name = "theory.z_mean", .summary = "prediction for z_mean" },
	  THEORY(z_mean), .output = LATER },
	{ .entry = { .name = "theory.z_within", .summary = "prediction for z_within" },
	  .not_negative = true, THEORY(z_within), .output = LATER },
	{ .entry = { .name = "theory.z_between", .summary = "prediction for z_between" },
	  .not_negative = true, THEORY(z_between), .output = LATER },
	{ .entry = { .name = "theory.a_variance", .summary = "prediction for a_variance" },
	  .not_negative = true, THEORY(a_variance), .output = LATER },
	{ .entry = { .name = "theory.slope_square", .summary = "prediction for slope_square" },
	  .not_negative = true, THEORY(slope_square), .where = QUANTITY_HIDDEN, .output = LATER },
	{ .entry = { .name = "theory.correlation", .summary = "prediction for correlation" },
	  THEORY(correlation), .output = LATER },
	{ .entry = { .name = "theory.correlation_slope", .summary = "slope at 1 of the map from a layer's correlation to the next layer's" },
	  .not_negative = true, MAPPED(correlation_slope), .output = LATER },
	{ .entry = { .name = "theory.correlation_limit", .summary = "correlation at which many layers like this one end" },
	  MAPPED(correlation_limit), .output = LATER },
	{ .entry = { .name = "theory.correlation_rate", .summary = "factor per layer of the distance to correlation_limit, close to it" },
	  MAPPED(correlation_rate), .output = LATER },
	{ .entry = { .name = "theory.singular_mean_square", .summary = "prediction for singular_mean_square" },
	  .not_negative = true, STRETCH(singular_mean_square), .output = LATER },
	{ .entry = { .name = "theory.singular_variance", .summary = "prediction for singular_variance" },
	  .not_negative = true, STRETCH(singular_variance), .output = LATER },
	{ .entry = { .name = "theory.input_singular_mean_square", .summary = "prediction for input_singular_mean_square" },
	  .not_negative = true, STRETCH(input_singular_mean_square), .output = LATER },
	{ .entry = { .name = "theory.input_singular_variance", .summary = "prediction for input_singular_variance" },
	  .not_negative = true, STRETCH(input_singular_variance), .output = LATER },
	BAND(z_mean_band, QUANTITY_EVERY, "z_mean"),
	BAND(z_band, QUANTITY_EVERY, "ln z_mean_square"),
	BAND(z_variance_band, QUANTITY_EVERY, "ln z_variance"),
	BAND(z_within_band, QUANTITY_EVERY, "ln z_within"),
	BAND(z_between_band, QUANTITY_EVERY, "ln z_between"),
	BAND(correlation_band, QUANTITY_EVERY, "correlation"),
	BAND(a_mean_band, QUANTITY_EVERY, "a_mean"),
	BAND(a_band, QUANTITY_EVERY, "ln a_mean_square"),
	BAND(delta_band, QUANTITY_EVERY, "ln delta_mean_square"),
	BAND(delta_factor_band, QUANTITY_HIDDEN, "ln delta_factor"),

	/* ---- of a tensor ---- */
	{ .entry = { .name = "n", .summary = "number of values, finite or not" },
	  TENSOR(QUANTITY_WHOLE, moments.n), .unit = QUANTITY_COUNT, .output = QUANTITY_CSV | QUANTITY_JSON },
	{ .entry = { .name = "mean", .summary = "mean of the finite values" },
	  TENSOR(QUANTITY_REAL, moments.mean), .label = EACH("mean ", ""), .theory = { [MLP_Z] = z_mean_theory, [MLP_A] = a_mean_theory },
	  .band = { [MLP_Z] = z_mean_spread, [MLP_A] = a_mean_spread }, .band_is_absolute = true,
	  .output = QUANTITY_CSV | QUANTITY_JSON,
	  .shown[QUANTITY_IN_READOUTS] = {
	  	[MLP_Z] = { .order = 3, .rank = 14 },
	  	[MLP_A] = { .order = 10, .where = QUANTITY_HIDDEN, .rank = 13, .theory_rank = 17 } },
	  .shown[QUANTITY_IN_LAYER_VIEW][MLP_A] = { .order = 6, .where = QUANTITY_HIDDEN, .rank = 3, .theory_rank = 8,
	                                       .note = "mean of the outputs a" },
	  .shown[QUANTITY_IN_ANNOUNCED][MLP_A] = { .order = 4, .rank = 2, .label = "mean of a" } },
	{ .entry = { .name = "variance", .summary = "mean square distance of finite values from the mean" },
	  .not_negative = true, .id = QUANTITY_VARIANCE, TENSOR(QUANTITY_REAL, moments.variance), .label = EACH("var ", ""),
	  .theory = { [MLP_Z] = z_variance_theory, [MLP_A] = a_variance_theory, [MLP_W] = w_variance_theory },
	  .band = { [MLP_Z] = z_variance_spread },
	  .output = QUANTITY_CSV | QUANTITY_JSON,
	  .shown[QUANTITY_IN_READOUTS] = {
	  	[MLP_Z] = { .order = 2, .rank = 4, .theory_rank = 11 },
	  	[MLP_A] = { .order = 9, .where = QUANTITY_HIDDEN, .rank = 5, .theory_rank = 12 },
	  	[MLP_W] = { .order = 15, .rank = 9, .theory_rank = 24 } },
	  .shown[QUANTITY_IN_LAYER_VIEW] = {
	  	[MLP_Z] = { .order = 3, .rank = 2, .theory_rank = 7, .note = "about their common mean; of it:" },
	  	[MLP_A] = { .order = 7, .where = QUANTITY_HIDDEN, .rank = 2, .theory_rank = 5,
	  	            .note = "spread of the outputs" } },
	  .shown[QUANTITY_IN_COMPARE][MLP_A] = { .order = 6, .where = QUANTITY_HIDDEN, .rank = 1 },
	  .shown[QUANTITY_IN_ANNOUNCED] = {
	  	[MLP_Z] = { .order = 3, .rank = 2, .label = "variance of z" },
	  	[MLP_A] = { .order = 5, .rank = 2, .label = "variance of a" } } },
	{ .entry = { .name = "mean_square", .summary = "mean of the squares of the finite values" },
	  .not_negative = true, .id = QUANTITY_MEAN_SQUARE, TENSOR(QUANTITY_REAL, moments.mean_square), .label = EACH("E[", "²]"),
	  .theory = { [MLP_Z] = z_square_theory, [MLP_A] = a_square_theory, [MLP_DELTA] = delta_square_theory },
	  .band = { [MLP_Z] = z_spread, [MLP_A] = a_spread, [MLP_DELTA] = delta_spread },
	  .output = QUANTITY_CSV | QUANTITY_JSON,
	  .shown[QUANTITY_IN_READOUTS][MLP_Z] = { .order = 1, .rank = 1, .theory_rank = 2, .ratio_rank = 6 },
	  .shown[QUANTITY_IN_LAYER_VIEW] = {
	  	[MLP_Z] = { .order = 1, .rank = 1, .theory_rank = 1, .note = "mean square of the inputs z" },
	  	[MLP_DELTA] = { .order = 12, .where = QUANTITY_OUTPUT, .rank = 4, .theory_rank = 4,
	  	                .note = "gradient² at the loss" } },
	  .shown[QUANTITY_IN_COMPARE][MLP_Z] = { .order = 4, .rank = 1 },
	  .shown[QUANTITY_IN_ANNOUNCED][MLP_Z] = { .order = 2, .rank = 1, .theory_rank = 1,
	                                           .label = "mean square of z" } },
	{ .entry = { .name = "rms", .summary = "root of the mean square" },
	  .id = QUANTITY_RMS, .scope = QUANTITY_TENSOR, .label = EACH("rms ", ""), .read = rms,
	  .theory = { [MLP_DELTA] = delta_rms_theory }, .band = { [MLP_DELTA] = delta_rms_spread },
	  .shown[QUANTITY_IN_READOUTS] = {
	  	[MLP_DELTA] = { .order = 13, .rank = 15, .theory_rank = 16 },
	  	[MLP_DW] = { .order = 14, .rank = 23 } },
	  .shown[QUANTITY_IN_COMPARE] = {
	  	[MLP_DELTA] = { .order = 7, .rank = 1 },
	  	[MLP_DW] = { .order = 11, .rank = 1 },
	  	[MLP_W] = { .order = 12, .rank = 1 } },
	  .shown[QUANTITY_IN_ANNOUNCED][MLP_DELTA] = { .order = 7, .rank = 2, .label = "gradient delta rms" } },
	{ .entry = { .name = "min", .summary = "smallest finite value" },
	  TENSOR(QUANTITY_REAL, moments.min), .label = EACH("min ", ""), .output = QUANTITY_CSV | QUANTITY_JSON,
	  .shown[QUANTITY_IN_READOUTS][MLP_Z] = { .order = 4, .rank = 18 } },
	{ .entry = { .name = "max", .summary = "largest finite value" },
	  TENSOR(QUANTITY_REAL, moments.max), .label = EACH("max ", ""), .output = QUANTITY_CSV | QUANTITY_JSON,
	  .shown[QUANTITY_IN_READOUTS][MLP_Z] = { .order = 8, .rank = 19 } },
	{ .entry = { .name = "nan", .summary = "how many values are not a number" },
	  TENSOR(QUANTITY_WHOLE, moments.nan), .unit = QUANTITY_COUNT, .output = QUANTITY_CSV | QUANTITY_JSON },
	{ .entry = { .name = "inf", .summary = "how many values are infinite" },
	  TENSOR(QUANTITY_WHOLE, moments.inf), .unit = QUANTITY_COUNT, .output = QUANTITY_CSV | QUANTITY_JSON },
	{ PERCENTILE(1, 0) },
	{ PERCENTILE(5, 1), .shown[QUANTITY_IN_READOUTS][MLP_Z] = { .order = 5, .rank = 21 } },
	{ PERCENTILE(25, 2) },
	{ PERCENTILE(50, 3), .shown[QUANTITY_IN_READOUTS][MLP_Z] = { .order = 6, .rank = 20 } },
	{ PERCENTILE(75, 4) },
	{ PERCENTILE(95, 5), .shown[QUANTITY_IN_READOUTS][MLP_Z] = { .order = 7, .rank = 22 } },
	{ PERCENTILE(99, 6) },
};

const struct table quantities = TABLE_OF(list, "quantity", "quantities");
