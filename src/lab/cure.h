/* The cure of an ill net: the fewest changes of its settings, found by theory.
 *
 * Candidates are whole settings: the net with each initializer of the table, and
 * where none is good enough with biases of 0, with another normalization, residual
 * connections and residual branches scaled by their number, each alone or together,
 * with each other activation, or with a lower learning rate.  One function scores them all by what theory predicts (cure_score.h). */
#ifndef INITVIZ_LAB_CURE_H
#define INITVIZ_LAB_CURE_H

#include "lab/diagnosis.h"
#include "lab/factors.h"

enum cure_outcome {
	CURE_NOT_NEEDED, /* the net is healthy, or it learns in spite of its verdict */
	CURE_FOUND,
	CURE_NONE,       /* no change of one or two settings is predicted to help */
	CURE_OUTCOMES
};

/* "not needed", "found", "none". */
extern const char *const cure_outcome_names[CURE_OUTCOMES];

#define CURE_CHANGES_SIZE 160

struct cure {
	enum cure_outcome outcome;
	struct wording words; /* "xavier: z would have mean square 0.20, nothing saturated"; or why there is no cure */
	/* the following only of CURE_FOUND */
	struct settings settings;        /* of the cured net, fitted to the images */
	char changes[CURE_CHANGES_SIZE]; /* what it changes, as in "normalization=batch init=xavier" */
	struct net_factors predicted;    /* of the cured net at step 0 */
	int scenario;                    /* the digit key of the scenario that is the same net, perhaps with another name of the initializer; 0: none */
};

/* Finds the cure of the net of a snapshot with this diagnosis.  Takes some
 * milliseconds for usual nets, some tens for 50 layers. */
void cure_find(struct cure *cure, const struct snapshot *now, const struct diagnosis *diagnosis);

/* The value that the cure gives to a setting, as settings_set() reads it; false if
 * it does not change that setting. */
bool cure_value(const struct cure *cure, const char *name, char value[CURE_CHANGES_SIZE]);

/* Makes the changes in other settings of the same net.  ERR_USAGE. */
bool cure_apply(const struct cure *cure, struct settings *settings, struct err *err);

/* Appends what the cure changes as options of the command line: "--init xavier". */
void cure_options(const struct cure *cure, struct text *text);

#endif
