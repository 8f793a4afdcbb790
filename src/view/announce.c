/* Observations in plain words, without symbols that a speech synthesizer
 * reads badly.  The digits are the same as on the screen. */
#include "view/announce.h"

#include <math.h>

#include "lab/run_label.h"
#include "lab/scenario.h"
#include "base/number.h"
#include "view/quantity_show.h"
#include "view/verdict.h"

#define FEW_LAYERS 4

void announce_run(struct text *text, const struct snapshot *snapshot)
{
	const struct settings *settings = &snapshot->settings;
	text_addf(text, "%s: ", settings->scenario->entry.name);
	run_add_whole_start(settings, text);
	text_addf(text, "%s, %s, layers ", settings->weights[0] ? "" : " weights", settings->activation.entry->name);
	settings_get(settings, "layers", text, NULL);
	text_add(text, ", ");
	settings_get(settings, "optimizer", text, NULL);
	text_add(text, ", learning rate ");
	settings_get(settings, "lr", text, NULL);
	text_addf(text, ", data %s", snapshot->data_name);
}

/* " 68 % saturated", " mean square of z 1.2, theory has none". */
static void add_line(struct text *text, const struct quantity_line *line, const struct quantity_place *place)
{
	const char *label = quantity_line_label(line, place);
	char observed[NUMBER_SIZE], theory[NUMBER_SIZE];
	quantity_format_observed(observed, line->quantity, place);
	if (line->quantity->named_by_activation)
		text_addf(text, " %s %s", observed, label);
	else
		text_addf(text, " %s %s", label, observed);
	if (line->shown->theory_rank == 0)
		return;
	double predicted = quantity_theory(line->quantity, place);
	text_addf(text, ", theory %s", isnan(predicted) ? "none" : quantity_format(theory, line->quantity, predicted));
}

/* "layer 1" and its quantities with a rank up to `ranks`. */
static void add_layer(struct text *text, const struct snapshot *snapshot, size_t layer, int ranks)
{
	struct quantity_line lines[QUANTITY_PANEL_MOST];
	size_t count = quantity_panel(lines, QUANTITY_IN_ANNOUNCED, quantity_where_of(snapshot, layer));
	text_addf(text, "layer %zu", layer + 1);
	for (size_t i = 0, said = 0; i < count; i++) {
		struct quantity_place place = { .snapshot = snapshot, .layer = layer, .tensor = lines[i].tensor };
		if (lines[i].shown->rank > ranks || !quantity_applies(lines[i].quantity, &place))
			continue;
		text_add(text, said++ ? "," : "");
		add_line(text, &lines[i], &place);
	}
}

void announce_observation(struct text *text, const struct snapshot *snapshot, size_t layer)
{
	char loss[TEXT_READOUT_SIZE], share[NUMBER_SIZE];
	text_addf(text, "step %llu: loss %s, accuracy %s", (unsigned long long)snapshot->step,
	          text_readout(loss, snapshot->loss), number_share(share, snapshot->train_accuracy));
	if (!isnan(snapshot->test_accuracy))
		text_addf(text, ", on test images %s", number_share(share, snapshot->test_accuracy));
	for (size_t i = 0; i < snapshot->layers; i++)
		if (snapshot->layers <= FEW_LAYERS || i == layer) {
			text_add(text, "; ");
			add_layer(text, snapshot, i, 1);
		}
	if (snapshot->diverged)
		text_addf(text, "; not a number since step %llu, first in layer %u",
		          (unsigned long long)snapshot->diverged_step, snapshot->diverged_layer);
}

void announce_layer(struct text *text, const struct snapshot *snapshot, size_t layer)
{
	struct verdict verdict = verdict_layer(snapshot, layer);
	add_layer(text, snapshot, layer, 2);
	text_addf(text, "; %s: %s", verdict.word, verdict.sentence);
}
