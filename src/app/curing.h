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
	bool begun;
	struct settings own, cured; /* what its two runs were started with */
	uint64_t run, undone;       /* of the runner's status, when `judged` was set */
	uint64_t judged;            /* the step of the last message; 0: none yet */
	struct cure cure;
};

extern const struct table curing_words; /* of its argument */

/* Whether the present run compares the net with its cure. */
bool curing_is_comparing(const struct app *app);

/* How the cured net does beside the other one; for a row of the screen. */
void curing_describe(const struct app *app, struct wording *wording);

/* When the comparison pauses, shows a message whether the prediction held. */
void curing_follow(struct app *app);

/* Command. */
bool curing_cure(struct app *app, char *words, struct err *err);

#endif
