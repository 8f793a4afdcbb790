/* Reads an observation from its JSON object: the inverse of out_json.c.  The
 * input is not trusted: types, ranges and the sums of counts are checked. */
#include "io/in_run.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "nn/activation.h"
#include "nn/initializer.h"
#include "nn/theory.h"
#include "io/in_check.h"
#include "io/json_quantity.h"

#define WARNINGS_MOST 1000

static bool read_count32(const json_t *object, const char *key, uint32_t most, uint32_t *value, struct err *err)
{
	uint64_t count;
	if (!json_get_count(object, key, most, &count, err))
		return false;
	*value = (uint32_t)count;
	return true;
}

/* ---- tensors ---- */

static bool read_spikes(const json_t *object, struct histogram *h, uint64_t *sum, struct err *err)
{
	const json_t *spikes = json_get(object, "spikes", JSON_ARRAY, err);
	if (spikes == NULL)
		return false;
	if (json_array_size(spikes) > HISTOGRAM_SPIKES)
		return err_set(err, ERR_INPUT, "'spikes' has more than %d entries", HISTOGRAM_SPIKES);
	h->spikes = (int)json_array_size(spikes);
	for (int i = 0; i < h->spikes; i++) {
		const json_t *spike = json_array_get(spikes, (size_t)i);
		if (!json_get_real(spike, "value", &h->spike[i].value, err) ||
		    !json_get_count(spike, "count", JSON_COUNT_MOST, &h->spike[i].count, err))
			return err_prefix(err, "spikes");
		if (!isfinite(h->spike[i].value))
			return err_set(err, ERR_INPUT, "spikes: 'value' is not a number");
		*sum += h->spike[i].count;
	}
	return true;
}

static bool read_bins(const json_t *object, uint32_t *bins, size_t n, uint64_t *sum, struct err *err)
{
	const json_t *counts = json_get(object, "counts", JSON_ARRAY, err);
	if (counts == NULL)
		return false;
	if (json_array_size(counts) != n)
		return err_set(err, ERR_INPUT, "'counts' has %zu entries instead of %zu", json_array_size(counts), n);
	for (size_t i = 0; i < n; i++) {
		const json_t *count = json_array_get(counts, i);
		json_int_t value = json_integer_value(count);
		if (!json_is_integer(count) || value < 0 || value > UINT32_MAX)
			return err_set(err, ERR_INPUT, "'counts' has an entry that is not a whole number below 2^32");
		bins[i] = (uint32_t)value;
		*sum += bins[i];
	}
	return true;
}

static bool add_up(uint64_t sum, uint64_t n, struct err *err)
{
	return sum == n || err_set(err, ERR_INPUT, "the counts add up to %llu, but there are %llu values",
	                           (unsigned long long)sum, (unsigned long long)n);
}

/* Its n, nan and inf are the moments'. */
static bool read_histogram(const json_t *object, struct histogram *h, const struct moments *m, struct err *err)
{
	uint64_t sum = m->nan + m->inf;
	h->n = m->n;
	h->nan = m->nan;
	h->inf = m->inf;
	if (!json_get_real(object, "low", &h->low, err) || !json_get_real(object, "high", &h->high, err) ||
	    !json_get_count(object, "below", JSON_COUNT_MOST, &h->below, err) ||
	    !json_get_count(object, "above", JSON_COUNT_MOST, &h->above, err) || !read_spikes(object, h, &sum, err) ||
	    !read_bins(object, h->counts, HISTOGRAM_BINS, &sum, err))
		return false;
	if (!(h->low < h->high && isfinite(h->high - h->low)))
		return err_set(err, ERR_INPUT, "'low' is not below 'high'");
	return add_up(sum + h->below + h->above, h->n, err);
}

/* Only gradients have them. */
static bool read_magnitudes(const json_t *object, struct magnitudes *seen, const struct moments *m, struct err *err)
{
	uint64_t sum = m->nan + m->inf;
	if (object == NULL)
		return true;
	seen->n = m->n;
	seen->nan = m->nan;
	seen->inf = m->inf;
	return json_get_count(object, "zeros", JSON_COUNT_MOST, &seen->zeros, err) &&
	       json_get_count(object, "below", JSON_COUNT_MOST, &seen->below, err) &&
	       json_get_count(object, "above", JSON_COUNT_MOST, &seen->above, err) &&
	       read_bins(object, seen->counts, MAGNITUDE_BINS, &sum, err) &&
	       add_up(sum + seen->zeros + seen->below + seen->above, seen->n, err);
}

static bool read_tensor(const json_t *object, struct tensor_observation *t, struct err *err)
{
	struct moments *m = &t->moments;
	if (!json_get_quantities(object, QUANTITY_TENSOR, t, err))
		return false;
	const json_t *histogram = json_get(object, "histogram", JSON_OBJECT, err);
	return histogram && (read_histogram(histogram, &t->histogram, m, err) || err_prefix(err, "histogram")) &&
	       (read_magnitudes(json_object_get(object, "magnitudes"), &t->magnitudes, m, err) ||
	        err_prefix(err, "magnitudes")) &&
	       in_check_tensor(t, err);
}

/* ---- layers ---- */

static bool read_spec(const json_t *object, const char *key, const struct table *table, struct spec *spec,
                      struct err *err)
{
	const json_t *word = json_get(object, key, JSON_STRING, err);
	if (word == NULL)
		return false;
	if (table == &initializers ? initializer_read_back(spec, json_string_value(word), err)
	                           : spec_parse(spec, table, json_string_value(word), err))
		return true;
	if (err)
		err->code = ERR_INPUT;
	return false;
}

static bool read_width(const json_t *object, const char *key, size_t width, size_t *value, struct err *err)
{
	uint64_t found;
	if (!json_get_count(object, key, SIZE_MAX, &found, err))
		return false;
	*value = (size_t)found;
	return found == width || err_set(err, ERR_INPUT, "'%s' is not the %zu of the settings", key, width);
}

static bool read_theory(const json_t *object, struct layer_theory *theory, struct err *err)
{
	const char *lacks = json_string_value(json_object_get(object, "lacks"));
	theory->broken = lacks ? THEORY_FINITE : THEORY_HOLDS;
	while (lacks && theory->broken < THEORY_ASSUMPTIONS && strcmp(theory_assumptions[theory->broken].name, lacks) != 0)
		theory->broken++;
	if (theory->broken == THEORY_ASSUMPTIONS)
		return err_set(err, ERR_INPUT, "'lacks' does not name an assumption of theory");
	return json_get_quantities(object, QUANTITY_THEORY, theory, err);
}

/* Missing unless they were measured. */
static bool read_values(const json_t *object, const char *key, struct spectrum *spectrum, struct err *err)
{
	double before = 0;
	spectrum->kept = 0;
	if (json_object_get(object, key) == NULL)
		return true;
	const json_t *values = json_get(object, key, JSON_ARRAY, err);
	if (values == NULL)
		return false;
	uint64_t most = spectrum->count < SINGULAR_KEPT ? spectrum->count : SINGULAR_KEPT;
	if (json_array_size(values) != most)
		return err_set(err, ERR_INPUT, "'%s' has %zu entries instead of %llu", key, json_array_size(values),
		               (unsigned long long)most);
	for (; spectrum->kept < most; spectrum->kept++) {
		double value;
		if (!json_item_real(json_array_get(values, spectrum->kept), &value) || !(value >= before) || isinf(value))
			return err_set(err, ERR_INPUT, "'%s' are not ascending numbers of 0 or more", key);
		spectrum->value[spectrum->kept] = before = value;
	}
	return true;
}

static bool read_layer(const json_t *object, const struct settings *settings, size_t i, struct layer_observation *l,
                       struct err *err)
{
	uint64_t number;
	const json_t *theory = json_get(object, "theory", JSON_OBJECT, err);
	if (theory == NULL || !json_get_count(object, "layer", MLP_MAX_LAYERS, &number, err) ||
	    !read_width(object, "fan_in", settings->width[i], &l->fan_in, err) ||
	    !read_width(object, "fan_out", settings->width[i + 1], &l->fan_out, err) ||
	    !read_spec(object, "initializer", &initializers, &l->init, err) ||
	    !json_get_quantities(object, QUANTITY_LAYER, l, err) ||
	    !read_values(object, "singular_values", &l->singular, err) ||
	    !read_values(object, "input_singular_values", &l->input_singular, err))
		return false;
	if (number != i + 1)
		return err_set(err, ERR_INPUT, "'layer' is %llu", (unsigned long long)number);
	bool last = i + 1 == settings->layers;
	const char *activation = json_string_value(json_object_get(object, "activation"));
	if (last && (activation == NULL || strcmp(activation, "softmax") != 0))
		return err_set(err, ERR_INPUT, "'activation' of the last layer is not softmax");
	if (!last && !read_spec(object, "activation", &activations, &l->activation, err))
		return false;
	if (!read_theory(theory, &l->theory, err))
		return err_prefix(err, "theory");
	l->theory_now = l->theory;
	const json_t *now = json_object_get(object, "theory_now");
	if (now && !read_theory(now, &l->theory_now, err))
		return err_prefix(err, "theory_now");
	for (size_t t = 0; t < MLP_TENSORS; t++) {
		const json_t *tensor = json_get(object, snapshot_tensor_names[t], JSON_OBJECT, err);
		if (tensor == NULL)
			return false;
		if (!read_tensor(tensor, &l->tensor[t], err))
			return err_prefix(err, "%s", snapshot_tensor_names[t]);
	}
	return in_check_layer(l, err);
}

static bool read_layers(const json_t *layers, const struct settings *settings, struct snapshot *s, struct err *err)
{
	if (json_array_size(layers) != settings->layers)
		return err_set(err, ERR_INPUT, "'layers' has %zu entries, the settings have %u layers", json_array_size(layers),
		               settings->layers);
	for (size_t i = 0; i < settings->layers; i++)
		if (!read_layer(json_array_get(layers, i), settings, i, &s->layer[i], err))
			return err_prefix(err, "layer %zu", i + 1);
	return true;
}

/* ---- observation ---- */

static bool read_trace(const json_t *object, uint64_t step, double most, struct trace *t, struct err *err)
{
	const json_t *values = json_get(object, "values", JSON_ARRAY, err);
	if (values == NULL || !json_get_count(object, "stride", JSON_COUNT_MOST, &t->stride, err) ||
	    !json_get_real(object, "sum", &t->sum, err))
		return false;
	uint32_t pending = t->stride > UINT32_MAX ? UINT32_MAX : (uint32_t)t->stride;
	if (!read_count32(object, "pending", pending, &t->pending, err))
		return false;
	if (json_array_size(values) > TRACE_POINTS || (json_array_size(values) && t->stride == 0))
		return err_set(err, ERR_INPUT, "'values' has more than %d entries, or 'stride' is 0", TRACE_POINTS);
	t->points = (uint32_t)json_array_size(values);
	for (size_t i = 0; i < t->points; i++) {
		double value;
		if (!json_item_real(json_array_get(values, i), &value) || (isfinite(value) && fabs(value) > FLT_MAX))
			return err_set(err, ERR_INPUT, "'values' has an entry that is not a number");
		if (value < 0 || value > most)
			return err_set(err, ERR_INPUT, "'values' has an entry outside 0 to %g", most);
		t->value[i] = (float)value;
	}
	if (t->sum < 0 || t->sum > most * t->pending)
		return err_set(err, ERR_INPUT, "'sum' is not that of %u values", t->pending);
	return in_check_trace(t, step, err);
}

static bool read_traces(const json_t *object, struct snapshot *s, struct err *err)
{
	const json_t *loss = json_get(object, "batch_loss", JSON_OBJECT, err);
	const json_t *accuracy = loss ? json_get(object, "batch_accuracy", JSON_OBJECT, err) : NULL;
	if (accuracy == NULL)
		return false;
	return (read_trace(loss, s->step, INFINITY, &s->batch_loss, err) || err_prefix(err, "batch_loss")) &&
	       (read_trace(accuracy, s->step, 1, &s->batch_accuracy, err) || err_prefix(err, "batch_accuracy"));
}

static bool read_diverged(const json_t *object, struct snapshot *s, struct err *err)
{
	const json_t *diverged = json_object_get(object, "diverged");
	if (json_is_null(diverged))
		return true;
	if (json_get(object, "diverged", JSON_OBJECT, err) == NULL)
		return false;
	s->diverged = true;
	if (!json_get_count(diverged, "step", JSON_COUNT_MOST, &s->diverged_step, err) ||
	    !read_count32(diverged, "layer", (uint32_t)s->layers, &s->diverged_layer, err))
		return err_prefix(err, "diverged");
	if (s->diverged_step > s->step || s->diverged_layer == 0)
		return err_set(err, ERR_INPUT, "diverged: 'step' is later than this observation, or 'layer' is 0");
	return true;
}

static bool read_input(const json_t *object, struct input_observation *input, struct err *err)
{
	const json_t *found = json_get(object, "input", JSON_OBJECT, err);
	if (found == NULL)
		return false;
	return (json_get_quantities(found, QUANTITY_INPUT, input, err) && in_check_input(input, err)) || err_prefix(err, "input");
}

/* Runs saved by older versions have a single warning ("" for none) instead of
 * a list. */
static bool read_warnings(const json_t *object, struct snapshot *s, struct err *err)
{
	const json_t *list = json_object_get(object, "warnings") ? json_get(object, "warnings", JSON_ARRAY, err) : NULL;
	const json_t *first = json_get(object, "warning", JSON_STRING, err);
	if (first == NULL || (list == NULL && json_object_get(object, "warnings")))
		return false;
	if (json_array_size(list) > WARNINGS_MOST)
		return err_set(err, ERR_INPUT, "'warnings' has more than %d entries", WARNINGS_MOST);
	if (list == NULL && json_string_length(first) == 0)
		return true;
	for (size_t i = 0; i < (list ? json_array_size(list) : 1); i++) {
		const char *line = json_string_value(list ? json_array_get(list, i) : first);
		if (line == NULL || !json_is_plain(line))
			return err_set(err, ERR_INPUT, "'warnings' has an entry that is not a line of printable ASCII");
		if (!warnings_add(&s->warnings, err, "%s", line))
			return false;
	}
	return true;
}

static bool read_observation(const json_t *object, struct snapshot *s, struct err *err)
{
	const json_t *layers = json_get(object, "layers", JSON_ARRAY, err);
	const json_t *changed = layers ? json_get(object, "settings", JSON_OBJECT, err) : NULL;
	return changed && in_settings(changed, &s->settings, err) &&
	       json_get_word(object, "data", s->data_name, sizeof s->data_name, err) &&
	       read_warnings(object, s, err) &&
	       json_get_count(object, "step", JSON_COUNT_MOST, &s->step, err) &&
	       json_get_flag(object, "scheduled", &s->scheduled, err) && json_get_flag(object, "last", &s->last, err) &&
	       json_get_quantities(object, QUANTITY_NET, s, err) && read_diverged(object, s, err) &&
	       read_traces(object, s, err) && read_input(object, &s->input, err) &&
	       read_layers(layers, &s->settings, s, err);
}

struct snapshot *in_observation(const json_t *object, const struct settings *settings, struct err *err)
{
	const char *schema = json_string_value(json_object_get(object, "schema"));
	if (schema == NULL || strcmp(schema, "initviz/1") != 0) {
		err_set(err, ERR_INPUT, "this is not an observation: 'schema' is not initviz/1");
		return NULL;
	}
	struct snapshot *snapshot = snapshot_create(settings->layers, err);
	if (snapshot == NULL)
		return NULL;
	snapshot->settings = *settings;
	if (read_observation(object, snapshot, err)) {
		snapshot->measured = snapshot->layer[0].singular.count > 0;
		return snapshot;
	}
	snapshot_drop(snapshot);
	return NULL;
}
