/* The loops of the optimizers: one step for n weights.  The same bits on every
 * machine. */
#ifndef INITVIZ_NN_KERNEL_UPDATE_H
#define INITVIZ_NN_KERNEL_UPDATE_H

#include <stddef.h>

/* The scalars of one step, computed once and shared by all weights.  Which c[]
 * holds what is listed below for each rule. */
struct update_step {
	float c[8];
};

enum { SGD_RATE, SGD_MOMENTUM, SGD_DECAY, SGD_AHEAD, SGD_NOW };
enum { RMSPROP_RATE, RMSPROP_NEW, RMSPROP_EPS };
enum { ADAGRAD_RATE, ADAGRAD_EPS };
enum { ADAM_RATE, ADAM_NEW1, ADAM_NEW2, ADAM_EPS, ADAM_DECAY };

/* Sums over the weights of an update, as partial sums in floats: of some
 * thousand weights at most, then call update_add_sums(). */
#define UPDATE_LANES 32
struct update_sums {
	float change_square[UPDATE_LANES]; /* of the changes of w */
	float gradient[UPDATE_LANES], gradient_square[UPDATE_LANES]; /* of g and of its squares */
};

struct update_totals {
	double change_square, gradient, gradient_square;
};

/* Adds the sums to the totals and sets the sums to 0. */
void update_add_sums(struct update_totals *totals, struct update_sums *sums);

/* w, slot0, slot1 [n] updated from the gradient g[n]; a slot that the rule does
 * not have is NULL.  Adds to *sums. */
typedef void update_rule(struct update_sums *sums, float *w, float *slot0, float *slot1, const float *g, size_t n,
                         const struct update_step *step);

/* v = mu v + g + decay w;  w -= rate (ahead v + now (g + decay w)) */
update_rule update_sgd;

/* s = rho s + (1 - rho) g^2;  w -= lr g / (sqrt(s) + eps) */
update_rule update_rmsprop;

/* s = s + g^2;  w -= lr g / (sqrt(s) + eps) */
update_rule update_adagrad;

/* m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2;
 * w -= rate m / (sqrt(v) + eps) + decay w */
update_rule update_adam;

#endif
