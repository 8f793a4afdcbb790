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

/* In a row of spectra; a Jacobian that is not finite has NaN. */
static void add_of_spectrum(struct text *text, int width, const struct spectrum *spectrum, double value)
{
	if (spectrum->kept == 0)
		text_addf(text, " %*s", width, "NaN");
	else
		add_readout(text, width, value);
}

static void add_spectrum(struct text *text, const struct spectrum *spectrum, double mean_theory, double variance_theory)
{
	add_of_spectrum(text, 9, spectrum, spectrum->mean_square);
	add_readout(text, 8, mean_theory);
	add_of_spectrum(text, 8, spectrum, spectrum->variance);
	add_readout(text, 8, variance_theory);
	add_of_spectrum(text, 9, spectrum, spectrum->condition);
	add_share(text, spectrum->zero);
	text_add(text, spectrum->estimated ? " ~\n" : "\n");
}

/* One line for each layer that has a Jacobian. */
static void add_spectra(struct text *text, const struct snapshot *snapshot, bool alone)
{
	text_addf(text, "%s\nlayer     mean s^2   theory  var s^2   theory condition lost\n",
	          alone ? "of each layer alone" : "singular values s of da/dx, from the input to each layer");
	for (size_t i = 0; i < snapshot->layers; i++) {
		const struct layer_observation *l = &snapshot->layer[i];
		const struct spectrum *spectrum = alone ? &l->singular : &l->input_singular;
		if (spectrum->count == 0)
			continue;
		text_addf(text, "%5zu   ", i + 1);
		add_spectrum(text, spectrum, alone ? l->theory.singular_mean_square : l->theory.input_singular_mean_square,
		             alone ? l->theory.singular_variance : l->theory.input_singular_variance);
	}
}

static void add_isometry(struct text *text, const struct snapshot *snapshot)
{
	bool estimated = false, any = false;
	for (size_t i = 0; i < snapshot->layers; i++) {
		estimated |= snapshot->layer[i].input_singular.estimated > 0;
		any |= snapshot->layer[i].input_singular.count > 0;
	}
	if (!any)
		return;
	add_spectra(text, snapshot, false);
	add_spectra(text, snapshot, true);
	if (estimated)
		text_add(text, "~ estimated, because the layers are wide: the condition number is at least that\n");
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
	add_isometry(text, snapshot);
	for (size_t i = 0; i < snapshot->layers; i++)
		add_bad_values(text, &snapshot->layer[i], i + 1);
	if (snapshot->diverged)
		text_addf(text, "diverged: the first NaN or Inf was in layer %u at step %llu\n", snapshot->diverged_layer,
		          (unsigned long long)snapshot->diverged_step);
}
