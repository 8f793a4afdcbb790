/* How good a start theory predicts for a net: the one scoring function by which
 * cures are compared. */
#ifndef INITVIZ_LAB_CURE_SCORE_H
#define INITVIZ_LAB_CURE_SCORE_H

#include "lab/factors.h"

/* The penalty: 0 for a net that keeps signal and gradient, INFINITY for one that
 * cannot be a cure.  activation: of the hidden layers. */
double cure_score(const struct net_factors *factors, const struct spec *activation);

/* What adds most to the penalty: "images would become alike". */
const char *cure_score_obstacle(const struct net_factors *factors, const struct spec *activation);

/* The cost of each kind of change, in the same units: a change must improve the
 * score by more. */
enum cure_change {
	CURE_CHANGE_INIT, CURE_CHANGE_OWN_INITS, CURE_CHANGE_OUTPUT_INIT, CURE_CHANGE_BIAS, CURE_CHANGE_NORMALIZATION,
	CURE_CHANGE_RESIDUAL, CURE_CHANGE_BRANCH_SCALE, CURE_CHANGE_ACTIVATION, CURE_CHANGES
};
extern const double cure_change_costs[CURE_CHANGES];

/* Of an initializer, for this activation (NULL: softmax), and of an activation: 0
 * for the best known. */
double cure_initializer_cost(const struct entry *initializer, const struct spec *activation);
double cure_activation_cost(const struct entry *activation);
#define CURE_UNUSUAL_COST 2 /* of an activation that is not among the best known */
#define CURE_SMALL_COST 0.8 /* of normal(sd=0.01) */
#define CURE_NUMBER_COST 0.5 /* of an initializer with a number of its own */

/* "xavier" for glorot_normal: the best known name of an initializer. */
const char *cure_known_name(const struct entry *initializer);

#endif
