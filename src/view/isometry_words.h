/* What the Isometry view says in words. */
#ifndef INITVIZ_VIEW_ISOMETRY_WORDS_H
#define INITVIZ_VIEW_ISOMETRY_WORDS_H

#include "base/text.h"
#include "view/view.h"

/* The layer whose Jacobian from the input is named: the last hidden one; a net without hidden
 * layers has that of the output layer. */
const struct layer_observation *isometry_last(const struct snapshot *now);

/* Why there is nothing to see; NULL where there is. */
const char *isometry_lacking(const struct scene *scene, const struct snapshot *now);

/* A condition number: "infinite" where it is. */
void isometry_condition(char out[TEXT_READOUT_SIZE], double condition);

/* Sentences without their stop: what happens to directions on the way to the last hidden layer; theory beside it;
 * the gradient's growth on the same way, "" for a net without two hidden layers.  brief: shorter. */
void isometry_stretch(char *out, size_t size, const struct snapshot *now, bool brief);
void isometry_theory(char *out, size_t size, const struct snapshot *now, bool brief);
void isometry_gradient(char *out, size_t size, const struct snapshot *now, bool brief);

#endif
