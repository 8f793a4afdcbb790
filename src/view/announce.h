/* What is to be seen, in plain words: for those who listen. */
#ifndef INITVIZ_VIEW_ANNOUNCE_H
#define INITVIZ_VIEW_ANNOUNCE_H

#include "base/text.h"
#include "lab/snapshot.h"

/* The experiment: "full_train_normal: normal(0,1) weights, sigmoid, ...". */
void announce_run(struct text *text, const struct snapshot *snapshot);

/* An observation: "step 50: loss 1.2, ...; layer 1 68 % saturated, ...": all
 * layers of a net of few, else layer `layer` (0-based). */
void announce_observation(struct text *text, const struct snapshot *snapshot, size_t layer);

/* One layer at length, and the verdict on it. */
void announce_layer(struct text *text, const struct snapshot *snapshot, size_t layer);

#endif
