/* Optimizers: how a gradient becomes a change of the weights. */
#ifndef INITVIZ_NN_OPTIMIZER_H
#define INITVIZ_NN_OPTIMIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/spec.h"
#include "nn/kernel/update.h"

#define OPTIMIZER_MAX_SLOTS 2

/* p: the values of the spec's parameters, in the order of the entry. */
struct optimizer {
	struct entry entry; /* its first parameter is always lr */
	int slots;          /* running values stored for each parameter of the net: 1 or 2 */
	bool adaptive;      /* its steps do not grow with the gradient */

	/* The scalars of step t (1, 2, ...) with the learning rate lr * lr_scale and
	 * weight_decay / lr_scale; lr_scale > 0. */
	void (*prepare)(struct update_step *step, uint64_t t, double lr_scale, const double *p);
	update_rule *update;

	/* The same as published, for one weight in double precision: *w and the
	 * slots are updated from the gradient g in step t. */
	void (*published)(double *w, double slot[OPTIMIZER_MAX_SLOTS], double g, uint64_t t, const double *p);
};

TABLE_DECLARE(optimizers, struct optimizer, optimizer)

/* Its parameter momentum, 0 to 1; 0 where it has none. */
double optimizer_momentum(const struct spec *spec);

static inline const struct optimizer *optimizer_of(const struct spec *spec)
{
	return optimizer_from(spec->entry);
}

#endif
