/* The rules of the optimizers: chooses the loops for this CPU, and adds up their
 * sums. */
#include "nn/kernel/update.h"

#include "base/platform.h"
#include "nn/kernel/update_loops.h"
#include "nn/kernel/vector_math.h"

static const struct update_loops *loops(void)
{
	return VECTOR_HAS_AVX512 && platform_vectors() == PLATFORM_VECTORS_AVX512 ? &update_loops_16 : &update_loops_8;
}

void update_sgd(struct update_sums *sums, float *w, float *slot0, float *slot1, const float *g, size_t n,
                const struct update_step *step)
{
	loops()->sgd(sums, w, slot0, slot1, g, n, step);
}

void update_rmsprop(struct update_sums *sums, float *w, float *slot0, float *slot1, const float *g, size_t n,
                    const struct update_step *step)
{
	loops()->rmsprop(sums, w, slot0, slot1, g, n, step);
}

void update_adagrad(struct update_sums *sums, float *w, float *slot0, float *slot1, const float *g, size_t n,
                    const struct update_step *step)
{
	loops()->adagrad(sums, w, slot0, slot1, g, n, step);
}

void update_adam(struct update_sums *sums, float *w, float *slot0, float *slot1, const float *g, size_t n,
                 const struct update_step *step)
{
	loops()->adam(sums, w, slot0, slot1, g, n, step);
}

/* The lanes in order. */
static double total(const float lane[UPDATE_LANES])
{
	double sum = 0;
	for (int i = 0; i < UPDATE_LANES; i++)
		sum += (double)lane[i];
	return sum;
}

void update_add_sums(struct update_totals *totals, struct update_sums *sums)
{
	totals->change_square += total(sums->change_square);
	totals->gradient += total(sums->gradient);
	totals->gradient_square += total(sums->gradient_square);
	*sums = (struct update_sums){0};
}
