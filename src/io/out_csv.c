/* Observations as CSV (RFC 4180, lines end in \n): a header, then one row per
 * layer and observation.  Numbers have the digits that read back exactly; what
 * is not finite is an empty field. */
#include "io/out_observation.h"

#include <math.h>
#include <string.h>

static void add_real(struct text *text, double value)
{
	char digits[TEXT_EXACT_SIZE];
	if (isfinite(value))
		text_add(text, text_exact(digits, value));
}

static void add_count(struct text *text, uint64_t value)
{
	text_addf(text, "%llu", (unsigned long long)value);
}

static void add_string(struct text *text, const char *string)
{
	if (strpbrk(string, ",\"\r\n") == NULL) {
		text_add(text, string);
		return;
	}
	text_add(text, "\"");
	for (const char *p = string; *p; p++)
		text_addf(text, *p == '"' ? "\"\"" : "%c", *p);
	text_add(text, "\"");
}

static void add_spec(struct text *text, const struct spec *spec, const char *without)
{
	struct text name = {0};
	if (spec->entry)
		spec_format(spec, &name);
	else
		text_add(&name, without);
	add_string(text, text_string(&name));
	text->failed |= name.failed;
	text_free(&name);
}

/* ---- columns of an observation and of a layer ---- */

struct row {
	const struct snapshot *s;
	const struct layer_observation *l;
	size_t number; /* of the layer, 1-based */
};

struct column {
	const char *name, *summary;
	void (*add)(struct text *text, const struct row *row);
};

#define COLUMN(name_, adder, value) \
	static void column_##name_(struct text *text, const struct row *row) \
	{ \
		adder(text, value); \
	}

COLUMN(scenario, add_string, out_scenario_name(row->s))
COLUMN(data, add_string, row->s->data_name)
COLUMN(seed, add_count, row->s->settings.seed)
COLUMN(step, add_count, row->s->step)
COLUMN(epoch, add_real, row->s->epoch)
COLUMN(loss, add_real, row->s->loss)
COLUMN(train_accuracy, add_real, row->s->train_accuracy)
COLUMN(test_accuracy, add_real, row->s->test_accuracy)
COLUMN(diverged_step, add_real, row->s->diverged ? (double)row->s->diverged_step : NAN)
COLUMN(diverged_layer, add_real, row->s->diverged ? (double)row->s->diverged_layer : NAN)
COLUMN(input_mean, add_real, row->s->input.mean)
COLUMN(input_variance, add_real, row->s->input.variance)
COLUMN(input_mean_square, add_real, row->s->input.mean_square)
COLUMN(layer, add_count, row->number)
COLUMN(fan_in, add_count, row->l->fan_in)
COLUMN(fan_out, add_count, row->l->fan_out)
COLUMN(saturated, add_real, row->l->saturated)
COLUMN(dead, add_real, row->l->dead)
COLUMN(update_ratio, add_real, row->l->update_ratio)
COLUMN(theory_z_mean_square, add_real, row->l->theory.z_mean_square)
COLUMN(theory_z_variance, add_real, row->l->theory.z_variance)
COLUMN(theory_a_mean_square, add_real, row->l->theory.a_mean_square)
COLUMN(theory_delta_mean_square, add_real, row->l->theory.delta_mean_square)
COLUMN(theory_delta_factor, add_real, row->l->theory.delta_factor)
COLUMN(theory_chi, add_real, row->l->theory.chi)

static void column_initializer(struct text *text, const struct row *row)
{
	add_spec(text, &row->l->init, "");
}

static void column_activation(struct text *text, const struct row *row)
{
	add_spec(text, &row->l->activation, "softmax");
}

#define NAMED(name_, summary_) { .name = #name_, .summary = (summary_), .add = column_##name_ }

static const struct column columns[] = {
	NAMED(scenario, "where the settings started from"),
	NAMED(data, "the data set in use"),
	NAMED(seed, "of the run"),
	NAMED(step, "training steps done"),
	NAMED(epoch, "images trained on / images in the training split"),
	NAMED(loss, "cross-entropy on the probe, in nats"),
	NAMED(train_accuracy, "share of right answers on the probe"),
	NAMED(test_accuracy, "on test images, all of them in the last observation"),
	NAMED(diverged_step, "step of the first NaN or Inf; empty if none"),
	NAMED(diverged_layer, "layer of the first NaN or Inf; empty if none"),
	NAMED(input_mean, "mean of the probe's pixels as the net gets them"),
	NAMED(input_variance, "their variance"),
	NAMED(input_mean_square, "their mean square"),
	NAMED(layer, "number of the layer, from 1"),
	NAMED(fan_in, "its inputs"),
	NAMED(fan_out, "its units"),
	NAMED(initializer, "its initializer"),
	NAMED(activation, "its activation"),
	NAMED(saturated, "share of values with slope below 10 % of the largest"),
	NAMED(dead, "share of units saturated for every image"),
	NAMED(update_ratio, "rms of the last step's change of w / rms of w"),
	NAMED(theory_z_mean_square, "prediction for z_mean_square"),
	NAMED(theory_z_variance, "prediction for z_variance"),
	NAMED(theory_a_mean_square, "prediction for a_mean_square"),
	NAMED(theory_delta_mean_square, "prediction for delta_mean_square"),
	NAMED(theory_delta_factor, "prediction for delta_mean_square by the next layer's"),
	NAMED(theory_chi, "slope of the correlation map; 1 at the edge of chaos"),
};

#define COLUMNS (sizeof columns / sizeof columns[0])

/* ---- columns of each tensor: z_n, z_mean, ..., dw_p99 ---- */

static const char *const moment_columns[] = { "n", "mean", "variance", "mean_square", "min", "max", "nan", "inf" };
#define MOMENT_COLUMNS (sizeof moment_columns / sizeof moment_columns[0])

static void tensor_header(struct text *text, const char *tensor)
{
	for (size_t i = 0; i < MOMENT_COLUMNS; i++)
		text_addf(text, ",%s_%s", tensor, moment_columns[i]);
	for (size_t i = 0; i < STATS_PERCENTILES; i++)
		text_addf(text, ",%s_p%d", tensor, stats_percentile_ranks[i]);
}

static void tensor_row(struct text *text, const struct tensor_observation *t)
{
	const struct moments *m = &t->moments;
	text_addf(text, ",%llu", (unsigned long long)m->n);
	const double real[] = { m->mean, m->variance, m->mean_square, m->min, m->max };
	for (size_t i = 0; i < sizeof real / sizeof real[0]; i++) {
		text_add(text, ",");
		add_real(text, real[i]);
	}
	text_addf(text, ",%llu,%llu", (unsigned long long)m->nan, (unsigned long long)m->inf);
	for (size_t i = 0; i < STATS_PERCENTILES; i++) {
		text_add(text, ",");
		add_real(text, t->percentile[i]);
	}
}

void out_csv_header(struct text *text, const struct snapshot *first)
{
	(void)first;
	for (size_t i = 0; i < COLUMNS; i++)
		text_addf(text, "%s%s", i ? "," : "", columns[i].name);
	for (size_t i = 0; i < MLP_TENSORS; i++)
		tensor_header(text, snapshot_tensor_names[i]);
	text_add(text, "\n");
}

void out_csv_observation(struct text *text, const struct snapshot *snapshot)
{
	for (size_t layer = 0; layer < snapshot->layers; layer++) {
		struct row row = { snapshot, &snapshot->layer[layer], layer + 1 };
		for (size_t i = 0; i < COLUMNS; i++) {
			if (i)
				text_add(text, ",");
			columns[i].add(text, &row);
		}
		for (size_t i = 0; i < MLP_TENSORS; i++)
			tensor_row(text, &row.l->tensor[i]);
		text_add(text, "\n");
	}
}

void out_csv_columns(struct text *text)
{
	for (size_t i = 0; i < COLUMNS; i++)
		text_addf(text, "  %-26s%s\n", columns[i].name, columns[i].summary);
	text_add(text, "and for each of z, a, w, delta, dw, as in z_mean:\n ");
	for (size_t i = 0; i < MOMENT_COLUMNS; i++)
		text_addf(text, " _%s", moment_columns[i]);
	text_add(text, "\n ");
	for (size_t i = 0; i < STATS_PERCENTILES; i++)
		text_addf(text, " _p%d", stats_percentile_ranks[i]);
	text_add(text, "\n");
}
