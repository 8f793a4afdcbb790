/* The tags of TensorBoard's scalars and histograms: the names that the article gives them,
 * and more of their kind. */
#include <string.h>

#include "io/tensorboard_parts.h"

#define TAG_WIDTH 18 /* columns of the list */

const struct tensorboard_tag tensorboard_tag[] = {
	{ "input_var", "variance of the pixels", "input.variance", 0, false },
	{ "loss", "loss on the probe", "loss", 0, false },
	{ "acc", "share of probe images classified correctly", "train_accuracy", 0, false },
	{ "test_acc", "share of test images classified correctly", "test_accuracy", 0, false },
	{ "mat_mul_var_", "variance of z", "variance", MLP_Z, true },
	{ "fc_out_var_", "variance of a", "variance", MLP_A, true },
	{ "saturation_", "share of saturated values", "saturated", 0, true },
	{ "dead_", "share of dead units", "dead", 0, true },
	{ "update_ratio_", "rms of the last change of the weights / rms of the weights", "update_ratio", 0, true },
	{ "delta_rms_", "root mean square of the gradient at z", "rms", MLP_DELTA, true },
	{ "mat_mul_hist_", "histogram of z", NULL, MLP_Z, true },
	{ "fc_out_", "histogram of a", NULL, MLP_A, true },
	{ "weights_", "histogram of the weights", NULL, MLP_W, true },
	{ "deltas_", "histogram of the gradient at z", NULL, MLP_DELTA, true },
	{ "gradients_", "histogram of the gradient of the weights", NULL, MLP_DW, true },
};
const size_t tensorboard_tag_count = sizeof tensorboard_tag / sizeof tensorboard_tag[0];

void tensorboard_tags(struct text *text)
{
	for (size_t i = 0; i < tensorboard_tag_count; i++) {
		const struct tensorboard_tag *tag = &tensorboard_tag[i];
		text_addf(text, "  %s%-*s%s\n", tag->stem, TAG_WIDTH - (int)strlen(tag->stem), tag->of_layer ? "N" : "", tag->summary);
	}
	text_addf(text, "  %-*s%s\n", TAG_WIDTH, "theory/NAME_N", "prediction for step 0; NAME as in the JSON object `theory`");
}
