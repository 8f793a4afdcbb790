/* The command `cure`: the cured net beside the ill one, and whether the
 * prediction held. */
#ifndef INITVIZ_APP_CURING_H
#define INITVIZ_APP_CURING_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/entry.h"
#include "lab/cure.h"

struct app;

/* The comparison that `cure` started last. */
struct curing {
	bool begun;           /* it is the run that is shown, or was until a change */
	uint64_t run;         /* of the runner's status; 0: the runner has not begun it yet */
	uint64_t before;      /* the run that it replaced */
	uint64_t judged;      /* the step of the last message; 0: none yet */
	struct cure cure;
};

extern const struct table curing_words; /* of its argument */

/* Says, when the comparison pauses, whether the prediction held. */
void curing_follow(struct app *app);

/* Command. */
bool curing_cure(struct app *app, char *words, struct err *err);

#endif
