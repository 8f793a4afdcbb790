/* Verdicts (lab/diagnosis.h) as one line and a colour. */
#ifndef INITVIZ_VIEW_VERDICT_H
#define INITVIZ_VIEW_VERDICT_H

#include <stddef.h>

#include "lab/snapshot.h"
#include "draw/canvas.h"
#include "lab/diagnosis.h"

struct verdict {
	enum role role;     /* ROLE_GOOD, ROLE_NOTE, ROLE_WARNING, ROLE_ALARM: how severe */
	const char *word;   /* "saturated", "dead", ..., "healthy": at most 10 characters */
	char badge[DIAGNOSIS_BADGE_SIZE]; /* the word, with an arrow where signal and gradient are to be told apart */
	char sentence[WORDING_SIZE]; /* UTF-8, with the current numbers */
	const char *rule;   /* the rule that fired, with its limit */
};

/* The colour of a severity. */
enum role verdict_role(enum severity severity);

/* The first rule that fires for layer `layer` (0-based). */
struct verdict verdict_layer(const struct snapshot *snapshot, size_t layer);

/* The role given by the rules on saturated and dead outputs alone. */
enum role verdict_saturation_role(const struct snapshot *snapshot, size_t layer);

/* The role for values of small slope: an alarm's only where a verdict names them. */
enum role verdict_flat_role(const struct snapshot *snapshot, size_t layer);

/* The verdict on the net; start: the run's observation at step 0, or NULL. */
struct verdict verdict_worst(const struct snapshot *snapshot, const struct snapshot *start);

#endif
