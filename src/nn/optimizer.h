/* Optimizers: how a gradient becomes a change of the weights. */
#ifndef INITVIZ_NN_OPTIMIZER_H
#define INITVIZ_NN_OPTIMIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/entry.h"

#define OPTIMIZER_MAX_SLOTS 2

/* The scalars of one step, computed once and shared by all parameters; what
 * each c[] means is the optimizer's own business. */
struct optimizer_step {
	float c[8];
};

/* What updates are told by, as partial sums in floats: over some thousand
 * weights at most, then optimizer_total(). */
#define OPTIMIZER_LANES 32
struct optimizer_sums {
	float change_square[OPTIMIZER_LANES]; /* of the changes of w */
	float gradient[OPTIMIZER_LANES], gradient_square[OPTIMIZER_LANES]; /* of g, and of its squares */
};

struct optimizer_totals {
	double change_square, gradient, gradient_square;
};

/* Adds the sums to the totals and begins them anew. */
void optimizer_total(struct optimizer_totals *totals, struct optimizer_sums *sums);

struct optimizer {
	struct entry entry; /* its first parameter is always lr */
	int slots;          /* running values kept per parameter: 0, 1 or 2 */
	bool adaptive;      /* its steps do not grow with the gradient */

	/* The scalars of step t (1, 2, ...) with learning rate times lr_scale.
	 * p: the spec's values. */
	void (*prepare)(struct optimizer_step *step, uint64_t t, double lr_scale, const double *p);

	/* w, slot0, slot1 [n] updated from g[n]; a slot the optimizer lacks is
	 * NULL.  Adds to *sums. */
	void (*update)(struct optimizer_sums *sums, float *w, float *slot0, float *slot1, const float *g, size_t n,
	               const struct optimizer_step *step);
};

TABLE_DECLARE(optimizers, struct optimizer, optimizer)

static inline const struct optimizer *optimizer_of(const struct spec *spec)
{
	return optimizer_from(spec->entry);
}

#endif
