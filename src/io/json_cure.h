/* The cure of a net as a JSON object. */
#ifndef INITVIZ_IO_JSON_CURE_H
#define INITVIZ_IO_JSON_CURE_H

#include <jansson.h>

#include "lab/cure.h"

/* null but for the first and the last observation of a run, since the search
 * takes some milliseconds.  A failure sets *failed. */
json_t *json_cure(const struct snapshot *snapshot, const struct diagnosis *diagnosis, bool *failed);

#endif
