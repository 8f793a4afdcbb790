/* The verdict on the net that is shown, and its cure: found once for each
 * observation that comes to be shown, never while drawing. */
#ifndef INITVIZ_APP_FINDINGS_H
#define INITVIZ_APP_FINDINGS_H

#include "base/text.h"
#include "lab/cure.h"
#include "lab/diagnosis.h"
#include "lab/snapshot.h"

struct app;

struct findings {
	const struct snapshot *of; /* that the findings are about; NULL: there are none yet; owned */
	struct diagnosis diagnosis;
	struct cure cure;
};

/* Brings the findings up to date with what is shown.  The cure is sought again
 * only where the settings or the rule of the diagnosis are new. */
void findings_update(struct app *app);

/* Appends them in plain words, a line each. */
void findings_add(const struct app *app, struct text *text);

/* Drops the observation. */
void findings_end(struct app *app);

#endif
