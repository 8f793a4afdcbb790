/* One sentence for each layer: its condition and the rule that determined
 * it.  Depends on a snapshot only; all rules and their limits are in one
 * table. */
#ifndef INITVIZ_VIEW_VERDICT_H
#define INITVIZ_VIEW_VERDICT_H

#include <stddef.h>

#include "lab/snapshot.h"
#include "draw/canvas.h"

struct verdict {
	enum role role;     /* ROLE_GOOD, ROLE_NOTE, ROLE_WARNING, ROLE_ALARM: how bad */
	const char *word;   /* "saturated", "dead", ..., "healthy": at most 10 characters */
	char sentence[160]; /* UTF-8, with the current numbers */
	char rule[120];     /* the rule that fired, with its limit */
};

/* The first rule that fires for layer `layer` (0-based). */
struct verdict verdict_layer(const struct snapshot *snapshot, size_t layer);

/* The role given by the rules on saturated and dead outputs alone. */
enum role verdict_saturation_role(const struct snapshot *snapshot, size_t layer);

/* The most severe of all layers' verdicts; of equal ones that of the first
 * layer.  Its sentence begins with "layer N: ". */
struct verdict verdict_worst(const struct snapshot *snapshot);

#endif
