/* The sentences of the Depth view: on the correlation of images, and on how a
 * series changes from layer to layer. */
#ifndef INITVIZ_VIEW_DEPTH_WORDS_H
#define INITVIZ_VIEW_DEPTH_WORDS_H

#include "base/text.h"
#include "view/depth_plot.h"

#define DEPTH_SENTENCE_SIZE 256

/* A sentence and shorter forms of it, without a full stop. */
struct depth_sentence {
	char form[3][DEPTH_SENTENCE_SIZE];
};

/* How a series changes over the hidden layers: by a factor per layer where that
 * describes the net (depth_is_uniform()), else from its first to its last layer. */
void depth_describe_factor(struct depth_sentence *sentence, const struct snapshot *now, const struct depth_series *series);

/* The correlation of two images in the first and in the last hidden layer,
 * observed and predicted: whether images become alike on the way. */
void depth_describe_correlation(struct depth_sentence *sentence, const struct snapshot *now);

/* The same for the explanation, with the map that theory iterates. */
void depth_explain_correlation(struct text *text, const struct snapshot *now);

/* Describes a series with a turning point between its ends; false if it has none. */
bool depth_describe_turn(struct depth_sentence *sentence, const struct snapshot *now, const struct depth_series *series);

/* The layer whose numbers describe the depth of the net: the last hidden one. */
const struct layer_observation *depth_last_hidden(const struct snapshot *now);

#endif
