/* One sentence per layer: what is going on and which rule says so.  Sees a
 * snapshot and nothing else; all rules and their limits stand in one table. */
#ifndef INITVIZ_VIEW_VERDICT_H
#define INITVIZ_VIEW_VERDICT_H

#include <stddef.h>

#include "lab/snapshot.h"
#include "draw/canvas.h"

struct verdict {
	enum role role;     /* ROLE_GOOD, ROLE_NOTE, ROLE_WARNING, ROLE_ALARM: how bad */
	const char *word;   /* "saturated", "dead", ..., "healthy": at most 10 characters */
	char sentence[160]; /* UTF-8, with today's numbers */
	char rule[120];     /* what fired, with its limit */
};

/* The first rule that fires for layer `layer` (0-based). */
struct verdict verdict_layer(const struct snapshot *snapshot, size_t layer);

/* The role of what the rules on flat outputs alone (saturated, dead) say. */
enum role verdict_saturation_role(const struct snapshot *snapshot, size_t layer);

/* The gravest of all layers' verdicts, of equal ones the first layer's, its
 * sentence beginning with "layer N: ". */
struct verdict verdict_worst(const struct snapshot *snapshot);

#endif
