/* Hints for a folder in which files of a data set are missing: finds the places and
 * names that torchvision, Kaggle and browsers give to these files. */
#ifndef INITVIZ_DATA_HINT_H
#define INITVIZ_DATA_HINT_H

#include <stdbool.h>

#include "base/text.h"

/* Appends a remedy, escaped and without a final stop: "they are in
 * DIR/MNIST/raw: give that directory".  False when no similar file is found.
 * Searches two levels deep, at most some thousand names. */
bool hint_add(struct text *text, const char *folder);

#endif
