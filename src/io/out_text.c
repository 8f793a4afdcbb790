/* Observations as text for people: a line about the step, a table with a row
 * per layer.  ASCII, 80 columns wide, the same digits as on the screen. */
#include "io/out_observation.h"

#include <math.h>
#include <stdio.h>

#include "lab/diagnosis.h"

/* Right-aligned in `width` columns after a blank; a missing value is "-". */
static void add_readout(struct text *text, int width, double value)
{
	char digits[TEXT_READOUT_SIZE];
	text_addf(text, " %*s", width, isnan(value) ? "-" : text_readout(digits, value));
}

static void add_share(struct text *text, double value)
{
	if (isfinite(value))
		text_addf(text, " %3.0f%%", 100 * value);
	else
		text_add(text, "    -");
}

static void add_percent(struct text *text, const char *label, double value)
{
	if (isfinite(value))
		text_addf(text, "  %s %.2f %%", label, 100 * value);
}

void out_text_begin(struct text *text, const struct snapshot *first)
{
	struct text command = {0};
	settings_command_line(&first->settings, &command);
	text_addf(text, "# %s\n# data: %s\n", text_string(&command), first->data_name);
	text->failed |= command.failed;
	text_free(&command);
}

/* The mean square or the variance of a tensor. */
static void add_square(struct text *text, const struct snapshot *snapshot, size_t layer, enum mlp_tensor tensor, double value)
{
	if (value == 0 && diagnosis_underflowed(snapshot, layer, tensor))
		text_addf(text, " %8s", DIAGNOSIS_UNDERFLOWED);
	else
		add_readout(text, 8, value);
}

static void add_layer(struct text *text, const struct snapshot *snapshot, size_t index)
{
	const struct layer_observation *l = &snapshot->layer[index];
	char fans[48];
	snprintf(fans, sizeof fans, "%zu-%zu", l->fan_in, l->fan_out);
	text_addf(text, "%5zu %9s", index + 1, fans);
	add_square(text, snapshot, index, MLP_Z, l->tensor[MLP_Z].moments.mean_square);
	add_readout(text, 8, l->theory.z_mean_square);
	add_square(text, snapshot, index, MLP_Z, l->tensor[MLP_Z].moments.variance);
	add_square(text, snapshot, index, MLP_A, l->tensor[MLP_A].moments.variance);
	add_square(text, snapshot, index, MLP_DELTA, l->tensor[MLP_DELTA].moments.mean_square);
	add_readout(text, 8, l->theory.delta_mean_square);
	add_share(text, l->saturated);
	add_share(text, l->dead);
	text_add(text, "\n");
}

static void add_bad_values(struct text *text, const struct layer_observation *l, size_t number)
{
	for (size_t i = 0; i < MLP_TENSORS; i++) {
		const struct moments *m = &l->tensor[i].moments;
		if (m->nan || m->inf)
			text_addf(text, "layer %zu: %s has %llu NaN, %llu Inf of %llu\n", number, snapshot_tensor_names[i],
			          (unsigned long long)m->nan, (unsigned long long)m->inf, (unsigned long long)m->n);
	}
}

void out_text_observation(struct text *text, const struct snapshot *snapshot, const struct snapshot *start)
{
	(void)start;
	char digits[TEXT_READOUT_SIZE];
	text_addf(text, "\nstep %llu", (unsigned long long)snapshot->step);
	text_addf(text, "  epoch %s", text_readout(digits, snapshot->epoch));
	text_addf(text, "  loss %s", text_readout(digits, snapshot->loss));
	add_percent(text, "train accuracy", snapshot->train_accuracy);
	add_percent(text, "test accuracy", snapshot->test_accuracy);
	text_add(text, "\nlayer      fans   E[z^2]   theory    var z    var a E[delta^2]  theory  sat dead\n");
	for (size_t i = 0; i < snapshot->layers; i++)
		add_layer(text, snapshot, i);
	for (size_t i = 0; i < snapshot->layers; i++)
		add_bad_values(text, &snapshot->layer[i], i + 1);
	if (snapshot->diverged)
		text_addf(text, "diverged: the first NaN or Inf was in layer %u at step %llu\n", snapshot->diverged_layer,
		          (unsigned long long)snapshot->diverged_step);
}
