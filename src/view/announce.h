/* What the screen shows, in plain words, for screen readers. */
#ifndef INITVIZ_VIEW_ANNOUNCE_H
#define INITVIZ_VIEW_ANNOUNCE_H

#include "base/text.h"
#include "lab/snapshot.h"

/* The experiment: "full_train_normal: normal(0,1) weights, sigmoid, ...". */
void announce_run(struct text *text, const struct snapshot *snapshot);

/* An observation: "step 50: loss 1.2, ...; layer 1 68 % saturated, ...".  A
 * small net is described with all layers, a larger one with layer `layer`
 * (0-based). */
void announce_observation(struct text *text, const struct snapshot *snapshot, size_t layer);

/* All quantities of one layer and its verdict. */
void announce_layer(struct text *text, const struct snapshot *snapshot, size_t layer);

#endif
