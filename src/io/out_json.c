/* Observations as JSON, one object a line.  The keys are a stable interface (man
 * page, OUTPUT FORMATS); numbers have 17 digits, values that are not finite are null. */

#include "io/out_observation.h"

#include <stdio.h>

#include "io/json_cure.h"
#include "io/json_images.h"
#include "io/json_quantity.h"
#include "lab/diagnosis.h"
#include "nn/theory.h"

static json_t *spec_name(const struct spec *spec)
{
	struct text text = {0};
	spec_format(spec, &text);
	json_t *name = text.failed ? NULL : json_string(text_string(&text));
	text_free(&text);
	return name;
}

static json_t *counts_list(const uint32_t *counts, size_t n, bool *failed)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		json_append(list, json_count(counts[i]), failed);
	return list;
}

static json_t *histogram(const struct histogram *h, bool *failed)
{
	json_t *object = json_object(), *spikes = json_array();
	json_put_real(object, "low", h->low, failed);
	json_put_real(object, "high", h->high, failed);
	json_put(object, "below", json_count(h->below), failed);
	json_put(object, "above", json_count(h->above), failed);
	for (int i = 0; i < h->spikes; i++) {
		json_t *spike = json_object();
		json_put_real(spike, "value", h->spike[i].value, failed);
		json_put(spike, "count", json_count(h->spike[i].count), failed);
		json_append(spikes, spike, failed);
	}
	json_put(object, "spikes", spikes, failed);
	json_put(object, "counts", counts_list(h->counts, HISTOGRAM_BINS, failed), failed);
	return object;
}

static json_t *magnitudes(const struct magnitudes *m, bool *failed)
{
	json_t *object = json_object();
	json_put(object, "zeros", json_count(m->zeros), failed);
	json_put(object, "below", json_count(m->below), failed);
	json_put(object, "above", json_count(m->above), failed);
	json_put(object, "counts", counts_list(m->counts, MAGNITUDE_BINS, failed), failed);
	return object;
}

static json_t *tensor(const struct tensor_observation *t, bool histograms, bool *failed)
{
	json_t *object = json_object();
	json_put_quantities(object, QUANTITY_TENSOR, t, failed);
	if (histograms)
		json_put(object, "histogram", histogram(&t->histogram, failed), failed);
	if (histograms && t->magnitudes.n)
		json_put(object, "magnitudes", magnitudes(&t->magnitudes, failed), failed);
	return object;
}

static json_t *theory(const struct layer_theory *t, bool *failed)
{
	json_t *object = json_object();
	json_put_quantities(object, QUANTITY_THEORY, t, failed);
	json_put(object, "lacks", t->broken != THEORY_HOLDS ? json_string(theory_assumptions[t->broken].name) : json_null(),
	         failed);
	return object;
}

static json_t *verdict(const struct diagnosis *d, bool *failed)
{
	json_t *object = json_object();
	json_put(object, "word", json_string(d->word), failed);
	json_put(object, "severity", json_string(severity_names[d->severity]), failed);
	json_put(object, "sentence", json_string(d->what.form[0]), failed);
	json_put(object, "cause", d->why.form[0][0] ? json_string(d->why.form[0]) : json_null(), failed);
	json_put(object, "rule", json_string(d->rule->entry.name), failed);
	json_put_real(object, "threshold", d->rule->limit, failed);
	json_put(object, "layer", json_count(d->layer), failed);
	json_put(object, "learns", json_boolean(d->learns), failed);
	json_put(object, "from_start", json_boolean(d->from_start), failed);
	return object;
}

static void put_values(json_t *object, const char *key, const struct spectrum *spectrum, bool *failed)
{
	json_t *values = json_array();
	for (size_t i = 0; i < spectrum->kept; i++)
		json_append(values, json_item(spectrum->value[i]), failed);
	json_put(object, key, values, failed);
}

static json_t *layer(const struct snapshot *s, const struct snapshot *start, size_t index, bool histograms, bool *failed)
{
	const struct layer_observation *l = &s->layer[index];
	struct diagnosis diagnosis;
	size_t number = index + 1;
	json_t *object = json_object();
	json_put(object, "layer", json_count(number), failed);
	json_put(object, "fan_in", json_count(l->fan_in), failed);
	json_put(object, "fan_out", json_count(l->fan_out), failed);
	json_put(object, "initializer", spec_name(&l->init), failed);
	json_put(object, "activation", l->activation.entry ? spec_name(&l->activation) : json_string("softmax"), failed);
	for (size_t i = 0; i < MLP_TENSORS; i++)
		json_put(object, snapshot_tensor_names[i], tensor(&l->tensor[i], histograms, failed), failed);
	json_put_quantities(object, QUANTITY_LAYER, l, failed);
	if (histograms && l->singular.kept)
		put_values(object, "singular_values", &l->singular, failed);
	if (histograms && l->input_singular.kept)
		put_values(object, "input_singular_values", &l->input_singular, failed);
	json_put(object, "theory", theory(&l->theory, failed), failed);
	json_put(object, "theory_now", theory(&l->theory_now, failed), failed);
	diagnosis_of_layer(&diagnosis, s, start, index);
	json_put(object, "verdict", verdict(&diagnosis, failed), failed);
	return object;
}

static json_t *diverged(const struct snapshot *s, bool *failed)
{
	if (!s->diverged)
		return json_null();
	json_t *object = json_object();
	json_put(object, "step", json_count(s->diverged_step), failed);
	json_put(object, "layer", json_count(s->diverged_layer), failed);
	return object;
}

static json_t *trace(const struct trace *t, bool *failed)
{
	json_t *object = json_object(), *values = json_array();
	json_put(object, "stride", json_count(t->stride), failed);
	for (size_t i = 0; i < t->points; i++)
		json_append(values, json_item(t->value[i]), failed);
	json_put(object, "values", values, failed);
	json_put(object, "pending", json_count(t->pending), failed);
	json_put_real(object, "sum", t->sum, failed);
	return object;
}

/* ---- settings, by name and as text ---- */

/* A path may contain any bytes, but JSON must be UTF-8. */
static json_t *string_or_escaped(const char *string)
{
	char safe[SETTINGS_DATA_SIZE];
	json_t *value = json_string(string);
	return value ? value : json_string(text_escape(safe, sizeof safe, string));
}

static void put_setting(json_t *object, const struct settings *settings, const char *name, bool *failed)
{
	struct text value = {0};
	settings_get(settings, name, &value, NULL);
	json_put(object, name, string_or_escaped(text_string(&value)), failed);
	*failed |= value.failed;
	text_free(&value);
}

/* The settings that are not derived; with `changes`, only those that may change
 * during a run. */
static json_t *settings_object(const struct settings *settings, bool changes, bool *failed)
{
	json_t *object = json_object();
	for (size_t i = 0; i < settings_table.count; i++) {
		const struct setting *setting = setting_at(i);
		if (!setting->derived && (setting->live || !changes))
			put_setting(object, settings, setting->entry.name, failed);
	}
	for (uint32_t i = 0; i < settings->overrides && !changes; i++) {
		char name[32];
		snprintf(name, sizeof name, "%s.%u", settings->override[i].setting->entry.name, settings->override[i].layer);
		json_put(object, name, spec_name(&settings->override[i].spec), failed);
	}
	return object;
}

static json_t *warnings_list(const struct warnings *warnings, bool *failed)
{
	json_t *list = json_array();
	for (size_t i = 0; i < warnings_count(warnings); i++)
		json_append(list, json_string(warnings_at(warnings, i)), failed);
	return list;
}

/* ---- lines ---- */

static json_t *observation(const struct snapshot *s, const struct snapshot *start, bool histograms, bool *failed)
{
	struct diagnosis diagnosis;
	json_t *object = json_object(), *input = json_object(), *layers = json_array();
	json_put(object, "schema", json_string("initviz/1"), failed);
	json_put(object, "scenario", json_string(out_scenario_name(s)), failed);
	json_put(object, "data", json_string(s->data_name), failed);
	json_put(object, "warning", json_string(warnings_count(s->warnings) ? warnings_at(s->warnings, 0) : ""), failed);
	json_put(object, "warnings", warnings_list(s->warnings, failed), failed);
	json_put(object, "seed", json_count(s->settings.seed), failed);
	json_put(object, "settings", settings_object(&s->settings, true, failed), failed);
	json_put(object, "step", json_count(s->step), failed);
	json_put(object, "scheduled", json_boolean(s->scheduled), failed);
	json_put(object, "last", json_boolean(s->last), failed);
	json_put_quantities(object, QUANTITY_NET, s, failed);
	json_put(object, "diverged", diverged(s, failed), failed);
	json_put(object, "batch_loss", trace(&s->batch_loss, failed), failed);
	json_put(object, "batch_accuracy", trace(&s->batch_accuracy, failed), failed);
	json_put_quantities(input, QUANTITY_INPUT, &s->input, failed);
	json_put(object, "input", input, failed);
	diagnosis_of_net(&diagnosis, s, start);
	json_t *of_net = verdict(&diagnosis, failed);
	json_put(of_net, "cure", json_cure(s, &diagnosis, failed), failed);
	json_put(object, "verdict", of_net, failed);
	for (size_t i = 0; i < s->layers; i++)
		json_append(layers, layer(s, start, i, histograms, failed), failed);
	json_put(object, "layers", layers, failed);
	if (s->images)
		json_put(object, "images", json_images(s->images, failed), failed);
	return object;
}

static void add_observation(struct text *text, const struct snapshot *snapshot, const struct snapshot *start,
                            bool histograms)
{
	json_begin();
	bool failed = false;
	json_t *object = observation(snapshot, start, histograms, &failed);
	json_add_line(text, object, failed);
}

void out_json_observation(struct text *text, const struct snapshot *snapshot, const struct snapshot *start)
{
	add_observation(text, snapshot, start, true);
}

void out_json_without_histograms(struct text *text, const struct snapshot *snapshot, const struct snapshot *start)
{
	add_observation(text, snapshot, start, false);
}

static json_t *edits_list(const struct history *history, bool *failed)
{
	json_t *list = json_array();
	for (size_t i = 0; i < history->edits; i++) {
		const struct runner_edit *edit = &history->edit[i];
		json_t *object = json_object();
		json_put(object, "step", json_count(edit->step), failed);
		if (edit->layer) {
			json_put(object, "layer", json_count(edit->layer), failed);
			json_put_real(object, "factor", edit->factor, failed);
		} else {
			json_put(object, "name", json_string(edit->name), failed);
			json_put(object, "value", string_or_escaped(edit->value), failed);
		}
		json_append(list, object, failed);
	}
	return list;
}

void out_json_run(struct text *text, const struct history *history)
{
	json_begin();
	bool failed = false;
	json_t *object = json_object();
	json_put(object, "schema", json_string(OUT_JSON_RUN), &failed);
	json_put(object, "program", json_string("initviz " PACKAGE_VERSION), &failed);
	json_put(object, "observations", json_count(history->count), &failed);
	json_put(object, "settings", settings_object(&history->snapshot[0]->settings, false, &failed), &failed);
	json_put(object, "edits", edits_list(history, &failed), &failed);
	json_add_line(text, object, failed);
}
