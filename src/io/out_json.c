/* Observations as JSON, one object a line.  The keys are a promise (man page,
 * OUTPUT FORMATS); numbers have 17 digits, what is not finite is null. */
#include "io/out_observation.h"

#include <jansson.h>
#include <math.h>

#include "base/alloc.h"

static void *json_alloc(size_t bytes)
{
	return alloc_array(1, bytes, NULL);
}

/* jansson lets constructors and the *_new setters take NULL and fail in turn,
 * so that one look at the end finds a failure anywhere. */
static void put(json_t *object, const char *key, json_t *value, bool *failed)
{
	if (json_object_set_new(object, key, value) != 0)
		*failed = true;
}

static void append(json_t *array, json_t *value, bool *failed)
{
	if (json_array_append_new(array, value) != 0)
		*failed = true;
}

static json_t *real(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *count(uint64_t value)
{
	return json_integer((json_int_t)value);
}

/* JSON readers know 63 bits at best: a larger seed is a string. */
static json_t *seed(uint64_t value)
{
	return value <= INT64_MAX ? count(value) : json_sprintf("%llu", (unsigned long long)value);
}

static json_t *spec_name(const struct spec *spec)
{
	struct text text = {0};
	spec_format(spec, &text);
	json_t *name = json_string(text_string(&text));
	text_free(&text);
	return name;
}

static json_t *histogram(const struct histogram *h, bool *failed)
{
	json_t *object = json_object(), *spikes = json_array(), *counts = json_array();
	put(object, "low", real(h->low), failed);
	put(object, "high", real(h->high), failed);
	put(object, "below", count(h->below), failed);
	put(object, "above", count(h->above), failed);
	for (int i = 0; i < h->spikes; i++) {
		json_t *spike = json_object();
		put(spike, "value", real(h->spike[i].value), failed);
		put(spike, "count", count(h->spike[i].count), failed);
		append(spikes, spike, failed);
	}
	put(object, "spikes", spikes, failed);
	for (size_t i = 0; i < HISTOGRAM_BINS; i++)
		append(counts, count(h->counts[i]), failed);
	put(object, "counts", counts, failed);
	return object;
}

static json_t *tensor(const struct tensor_observation *t, bool *failed)
{
	json_t *object = json_object(), *percentiles = json_object();
	const struct moments *m = &t->moments;
	put(object, "n", count(m->n), failed);
	put(object, "mean", real(m->mean), failed);
	put(object, "variance", real(m->variance), failed);
	put(object, "mean_square", real(m->mean_square), failed);
	put(object, "min", real(m->min), failed);
	put(object, "max", real(m->max), failed);
	put(object, "nan", count(m->nan), failed);
	put(object, "inf", count(m->inf), failed);
	for (size_t i = 0; i < STATS_PERCENTILES; i++) {
		char rank[8];
		snprintf(rank, sizeof rank, "%d", stats_percentile_ranks[i]);
		put(percentiles, rank, real(t->percentile[i]), failed);
	}
	put(object, "percentiles", percentiles, failed);
	put(object, "histogram", histogram(&t->histogram, failed), failed);
	return object;
}

static json_t *theory(const struct layer_theory *t, bool *failed)
{
	json_t *object = json_object();
	put(object, "z_mean_square", real(t->z_mean_square), failed);
	put(object, "z_variance", real(t->z_variance), failed);
	put(object, "a_mean_square", real(t->a_mean_square), failed);
	put(object, "delta_mean_square", real(t->delta_mean_square), failed);
	put(object, "delta_factor", real(t->delta_factor), failed);
	put(object, "chi", real(t->chi), failed);
	return object;
}

static json_t *layer(const struct layer_observation *l, size_t number, bool *failed)
{
	json_t *object = json_object();
	put(object, "layer", count(number), failed);
	put(object, "fan_in", count(l->fan_in), failed);
	put(object, "fan_out", count(l->fan_out), failed);
	put(object, "initializer", spec_name(&l->init), failed);
	put(object, "activation", l->activation.entry ? spec_name(&l->activation) : json_string("softmax"), failed);
	for (size_t i = 0; i < MLP_TENSORS; i++)
		put(object, snapshot_tensor_names[i], tensor(&l->tensor[i], failed), failed);
	put(object, "saturated", real(l->saturated), failed);
	put(object, "dead", real(l->dead), failed);
	put(object, "update_ratio", real(l->update_ratio), failed);
	put(object, "theory", theory(&l->theory, failed), failed);
	return object;
}

static json_t *diverged(const struct snapshot *s, bool *failed)
{
	if (!s->diverged)
		return json_null();
	json_t *object = json_object();
	put(object, "step", count(s->diverged_step), failed);
	put(object, "layer", count(s->diverged_layer), failed);
	return object;
}

static json_t *observation(const struct snapshot *s, bool *failed)
{
	json_t *object = json_object(), *input = json_object(), *layers = json_array();
	put(object, "schema", json_string("initviz/1"), failed);
	put(object, "scenario", json_string(out_scenario_name(s)), failed);
	put(object, "data", json_string(s->data_name), failed);
	put(object, "seed", seed(s->settings.seed), failed);
	put(object, "step", count(s->step), failed);
	put(object, "epoch", real(s->epoch), failed);
	put(object, "loss", real(s->loss), failed);
	put(object, "train_accuracy", real(s->train_accuracy), failed);
	put(object, "test_accuracy", real(s->test_accuracy), failed);
	put(object, "diverged", diverged(s, failed), failed);
	put(input, "mean", real(s->input.mean), failed);
	put(input, "variance", real(s->input.variance), failed);
	put(input, "mean_square", real(s->input.mean_square), failed);
	put(object, "input", input, failed);
	for (size_t i = 0; i < s->layers; i++)
		append(layers, layer(&s->layer[i], i + 1, failed), failed);
	put(object, "layers", layers, failed);
	return object;
}

static int add_bytes(const char *bytes, size_t length, void *text)
{
	text_add_bytes(text, bytes, length);
	return 0;
}

void out_json_observation(struct text *text, const struct snapshot *snapshot)
{
	json_set_alloc_funcs(json_alloc, alloc_free);
	bool failed = false;
	json_t *object = observation(snapshot, &failed);
	if (failed || json_dump_callback(object, add_bytes, text, JSON_COMPACT | JSON_REAL_PRECISION(17)) != 0)
		text->failed = true;
	text_add(text, "\n");
	json_decref(object);
}
