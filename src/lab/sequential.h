/* The torch.nn.Sequential that stands for a net: which modules, and which of them is a layer's
 * Linear or normalization.  Saved weights are named after it. */
#ifndef INITVIZ_LAB_SEQUENTIAL_H
#define INITVIZ_LAB_SEQUENTIAL_H

#include <stddef.h>

#include "base/text.h"
#include "lab/settings.h"

/* Each hidden layer is Linear, BatchNorm1d or LayerNorm if z is normalized, its activation,
 * LayerNorm if a branch's sum is normalized; the last layer is Linear alone, and its softmax is torch's CrossEntropyLoss.
 * layer: 0 .. layers - 1. */
size_t sequential_linear(const struct settings *settings, size_t layer);
size_t sequential_normalization(const struct settings *settings, size_t layer); /* of a hidden layer that has one */

/* Appends "torch.nn.Sequential(torch.nn.Linear(784, 100), torch.nn.Sigmoid(), ...)".  settings: fitted. */
void sequential_add(const struct settings *settings, struct text *text);

/* Appends what these modules do not compute: Identity is in the place of an activation that torch does
 * not have, and sums of residual branches are left out.  Appends nothing where they compute all. */
void sequential_add_lacking(const struct settings *settings, struct text *text);

#endif
