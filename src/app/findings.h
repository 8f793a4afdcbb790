/* The verdict on the net that is shown, and its cure: found once for each
 * observation that is shown, never while drawing. */
#ifndef INITVIZ_APP_FINDINGS_H
#define INITVIZ_APP_FINDINGS_H

#include "base/text.h"
#include "lab/cure.h"
#include "lab/diagnosis.h"
#include "lab/snapshot.h"

struct app;

struct findings {
	const struct snapshot *of; /* the observation that the findings describe; NULL: none yet; owned */
	struct diagnosis diagnosis;
	struct cure cure;
};

/* Brings the findings up to date with what is shown.  The cure is searched again
 * only if the settings or the rule of the diagnosis have changed. */
void findings_update(struct app *app);

/* Appends them in plain words, a line each. */
void findings_add(const struct app *app, struct text *text);

/* Drops the observation. */
void findings_end(struct app *app);

#endif
