/* Observations in plain words, without symbols that a voice would stumble
 * over.  The same digits as on the screen. */
#include "view/words.h"

#include <math.h>

#include "nn/activation.h"
#include "nn/initializer.h"
#include "lab/scenario.h"
#include "draw/number.h"
#include "view/verdict.h"

#define FEW_LAYERS 4

void words_run(struct text *text, const struct snapshot *snapshot)
{
	const struct settings *settings = &snapshot->settings;
	text_addf(text, "%s: ", settings->scenario->entry.name);
	initializer_label(&settings->init, text);
	text_addf(text, " weights, %s, layers ", settings->activation.entry->name);
	settings_get(settings, "layers", text, NULL);
	text_add(text, ", ");
	settings_get(settings, "optimizer", text, NULL);
	text_add(text, ", learning rate ");
	settings_get(settings, "lr", text, NULL);
	text_addf(text, ", data %s", snapshot->data_name);
}

static void add_layer(struct text *text, const struct snapshot *snapshot, size_t layer)
{
	const struct layer_observation *o = &snapshot->layer[layer];
	char share[NUMBER_SIZE], observed[NUMBER_SIZE], theory[NUMBER_SIZE];
	text_addf(text, "layer %zu ", layer + 1);
	if (o->activation.entry)
		text_addf(text, "%s %s, ", number_share(share, o->saturated), activation_of(&o->activation)->flat_word);
	text_addf(text, "mean square of z %s, theory %s",
	          number_known(observed, o->tensor[MLP_Z].moments.mean_square),
	          isnan(o->theory.z_mean_square) ? "has none" : number_known(theory, o->theory.z_mean_square));
}

void words_observation(struct text *text, const struct snapshot *snapshot, size_t layer)
{
	char loss[TEXT_READOUT_SIZE], share[NUMBER_SIZE];
	text_addf(text, "step %llu: loss %s, accuracy %s", (unsigned long long)snapshot->step,
	          text_readout(loss, snapshot->loss), number_share(share, snapshot->train_accuracy));
	if (!isnan(snapshot->test_accuracy))
		text_addf(text, ", on test images %s", number_share(share, snapshot->test_accuracy));
	for (size_t i = 0; i < snapshot->layers; i++)
		if (snapshot->layers <= FEW_LAYERS || i == layer) {
			text_add(text, "; ");
			add_layer(text, snapshot, i);
		}
	if (snapshot->diverged)
		text_addf(text, "; not a number since step %llu, first in layer %u",
		          (unsigned long long)snapshot->diverged_step, snapshot->diverged_layer);
}

void words_layer(struct text *text, const struct snapshot *snapshot, size_t layer)
{
	const struct layer_observation *o = &snapshot->layer[layer];
	char number[NUMBER_SIZE];
	struct verdict verdict = verdict_layer(snapshot, layer);
	add_layer(text, snapshot, layer);
	text_addf(text, ", variance of z %s", number_known(number, o->tensor[MLP_Z].moments.variance));
	text_addf(text, ", mean of a %s", number_known(number, o->tensor[MLP_A].moments.mean));
	text_addf(text, ", variance of a %s", number_known(number, o->tensor[MLP_A].moments.variance));
	if (o->activation.entry)
		text_addf(text, ", dead units %s", number_share(number, o->dead));
	text_addf(text, ", gradient delta rms %s", number_known(number, sqrt(o->tensor[MLP_DELTA].moments.mean_square)));
	if (!isnan(o->update_ratio))
		text_addf(text, ", last change by weights %s", number_known(number, o->update_ratio));
	text_addf(text, "; %s: %s", verdict.word, verdict.sentence);
}
