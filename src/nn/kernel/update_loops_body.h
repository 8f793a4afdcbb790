/* The loops of the optimizers for vectors of LANES floats, to be included by a file
 * that defines LANES, TARGET (how they are compiled) and NAME (of the struct
 * update_loops).  They work in blocks of weights that stay in the first cache. */
#include <math.h>
#include <string.h>

#include "nn/kernel/update_loops.h"
#include "nn/kernel/vector_math.h"

#define BLOCK 128 /* weights whose steps are stored at a time */

/* ---- the rules, for one block of weights ----
 *
 * step[n] is what is subtracted from w[n].  The formulas are in update.h. */

VECTOR_INLINE void sgd_rule(float *restrict step, const float *restrict w, float *restrict v, float *restrict unused,
                            const float *restrict g, size_t n, const float *c)
{
	(void)unused;
	VECTOR_EACH (i, n) {
		float slope = g[i] + c[SGD_DECAY] * w[i];
		v[i] = c[SGD_MOMENTUM] * v[i] + slope;
		step[i] = c[SGD_RATE] * (c[SGD_AHEAD] * v[i] + c[SGD_NOW] * slope);
	}
}

VECTOR_INLINE void rmsprop_rule(float *restrict step, const float *restrict w, float *restrict s,
                                float *restrict unused, const float *restrict g, size_t n, const float *c)
{
	(void)w, (void)unused;
	VECTOR_EACH (i, n) {
		s[i] += c[RMSPROP_NEW] * (g[i] * g[i] - s[i]);
		step[i] = c[RMSPROP_RATE] * g[i] / (sqrtf(s[i]) + c[RMSPROP_EPS]);
	}
}

VECTOR_INLINE void adagrad_rule(float *restrict step, const float *restrict w, float *restrict s,
                                float *restrict unused, const float *restrict g, size_t n, const float *c)
{
	(void)w, (void)unused;
	VECTOR_EACH (i, n) {
		s[i] += g[i] * g[i];
		step[i] = c[ADAGRAD_RATE] * g[i] / (sqrtf(s[i]) + c[ADAGRAD_EPS]);
	}
}

VECTOR_INLINE void adam_rule(float *restrict step, const float *restrict w, float *restrict m, float *restrict v,
                             const float *restrict g, size_t n, const float *c)
{
	VECTOR_EACH (i, n) {
		m[i] += c[ADAM_NEW1] * (g[i] - m[i]);
		v[i] += c[ADAM_NEW2] * (g[i] * g[i] - v[i]);
		step[i] = c[ADAM_RATE] * m[i] / (sqrtf(v[i]) + c[ADAM_EPS]) + c[ADAM_DECAY] * w[i];
	}
}

/* ---- all weights ---- */

typedef void block_rule(float *restrict step, const float *restrict w, float *restrict slot0, float *restrict slot1,
                        const float *restrict g, size_t n, const float *c);

/* Partial sums: UPDATE_LANES of each kind, whatever the width of the vectors. */
#define PARTS (UPDATE_LANES / LANES)

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

struct partial {
	lanes change_square[PARTS], gradient[PARTS], gradient_square[PARTS];
};

_Static_assert(sizeof(struct partial) == sizeof(struct update_sums), "the same sums");

/* Subtracts UPDATE_LANES steps from w. */
VECTOR_INLINE void subtract_lanes(struct partial *partial, float *w, const float *step, const float *g)
{
#pragma GCC unroll 4
	for (size_t part = 0; part < PARTS; part++) {
		lanes weight, change, slope;
		memcpy(&weight, w + part * LANES, sizeof weight);
		memcpy(&change, step + part * LANES, sizeof change);
		memcpy(&slope, g + part * LANES, sizeof slope);
		weight -= change;
		memcpy(w + part * LANES, &weight, sizeof weight);
		partial->change_square[part] += change * change;
		partial->gradient[part] += slope;
		partial->gradient_square[part] += slope * slope;
	}
}

/* Subtracts n steps from w. */
VECTOR_INLINE void subtract_steps(struct partial *partial, float *w, const float *step, const float *g, size_t n)
{
	struct partial sums = *partial; /* in registers */
	size_t i = 0;
	for (; i + UPDATE_LANES <= n; i += UPDATE_LANES)
		subtract_lanes(&sums, w + i, step + i, g + i);
	if (i < n) {
		float last_w[UPDATE_LANES] = {0}, last_step[UPDATE_LANES] = {0}, last_g[UPDATE_LANES] = {0};
		memcpy(last_w, w + i, (n - i) * sizeof *w);
		memcpy(last_step, step + i, (n - i) * sizeof *step);
		memcpy(last_g, g + i, (n - i) * sizeof *g);
		subtract_lanes(&sums, last_w, last_step, last_g);
		memcpy(w + i, last_w, (n - i) * sizeof *w);
	}
	*partial = sums;
}

/* Inlined with a constant rule, so that each rule is compiled on its own.  Every
 * rule has a first slot. */
VECTOR_INLINE void update_by(block_rule *rule, struct update_sums *sums, float *w, float *slot0, float *slot1,
                             const float *g, size_t n, const float *c)
{
	float step[BLOCK] VECTOR_UNFILLED;
	struct partial partial;
	memcpy(&partial, sums, sizeof partial);
	for (size_t i = 0; i < n; i += BLOCK) {
		size_t count = n - i < BLOCK ? n - i : BLOCK;
		rule(step, w + i, slot0 + i, slot1 ? slot1 + i : NULL, g + i, count, c);
		subtract_steps(&partial, w + i, step, g + i, count);
	}
	memcpy(sums, &partial, sizeof partial);
}

TARGET
static void update_by_sgd(struct update_sums *sums, float *w, float *slot0, float *slot1, const float *g, size_t n,
                            const struct update_step *step)
{
	update_by(sgd_rule, sums, w, slot0, slot1, g, n, step->c);
}

TARGET
static void update_by_rmsprop(struct update_sums *sums, float *w, float *slot0, float *slot1, const float *g, size_t n,
                                const struct update_step *step)
{
	update_by(rmsprop_rule, sums, w, slot0, slot1, g, n, step->c);
}

TARGET
static void update_by_adagrad(struct update_sums *sums, float *w, float *slot0, float *slot1, const float *g, size_t n,
                                const struct update_step *step)
{
	update_by(adagrad_rule, sums, w, slot0, slot1, g, n, step->c);
}

TARGET
static void update_by_adam(struct update_sums *sums, float *w, float *slot0, float *slot1, const float *g, size_t n,
                             const struct update_step *step)
{
	update_by(adam_rule, sums, w, slot0, slot1, g, n, step->c);
}

const struct update_loops NAME = {
	.sgd = update_by_sgd, .rmsprop = update_by_rmsprop, .adagrad = update_by_adagrad, .adam = update_by_adam,
};
