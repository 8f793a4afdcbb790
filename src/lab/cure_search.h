/* The search of cure_find() through changed settings.  For cure*.c only. */
#ifndef INITVIZ_LAB_CURE_SEARCH_H
#define INITVIZ_LAB_CURE_SEARCH_H

#include "lab/cure_score.h"
#include "lab/cure.h"

/* A net with changed settings and what theory predicts for it. */
struct cure_candidate {
	struct settings settings;
	char changes[CURE_CHANGES_SIZE]; /* "init=xavier bias-init=zeros"; empty: the net as it is */
	struct net_factors factors;
	double cost, score; /* of the changes; of the net */
};

/* Finds the best start for the net of `now` among changed settings, and the best of those of which
 * only the hidden layers' initializer is changed, whose `changes` are empty if every initializer
 * fails.  False if none is good enough or memory ran out. */
bool cure_search_start(struct cure_candidate *best, struct cure_candidate *initializer, const struct snapshot *now);

/* The score and the factors that theory predicts for the unchanged net. */
double cure_search_present(struct net_factors *factors, const struct snapshot *now);

/* The largest learning rate at which theory expects the first steps to be
 * stable; NaN where it has no answer. */
double cure_rate_limit(const struct snapshot *now);

#endif
