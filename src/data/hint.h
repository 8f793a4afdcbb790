/* What lies in or below a folder that lacks files of a data set: the usual ways of
 * torchvision, Kaggle, browsers and other systems to put them elsewhere. */
#ifndef INITVIZ_DATA_HINT_H
#define INITVIZ_DATA_HINT_H

#include <stdbool.h>

#include "base/text.h"

/* Appends what to do about it, escaped and without a final stop: "they are in
 * DIR/MNIST/raw: give that directory".  False when nothing like the files is there.
 * Looks two levels deep, at no more than some thousand names. */
bool hint_add(struct text *text, const char *folder);

#endif
