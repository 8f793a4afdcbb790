/* PCG32 (XSH RR 64/32) after O'Neill 2014, "PCG: A Family of Simple Fast
 * Space-Efficient Statistically Good Algorithms for Random Number Generation",
 * for machines without libpcg: the same streams, bit for bit. */
#include "nn/rng_pcg.h"

#define MULTIPLIER UINT64_C(6364136223846793005) /* Knuth's, as in libpcg */

void rng_pcg_seed(uint64_t *state, uint64_t *increment, uint64_t seed, uint64_t stream)
{
	*increment = stream << 1 | 1;
	*state = (seed + *increment) * MULTIPLIER + *increment;
}

/* The high bits of a state, xorshifted, then rotated by its top five bits. */
static uint32_t output(uint64_t state)
{
	uint32_t shifted = (uint32_t)(((state >> 18) ^ state) >> 27);
	unsigned rotation = (unsigned)(state >> 59);
	return shifted >> rotation | shifted << (-rotation & 31);
}

uint32_t rng_pcg_next(uint64_t *state, uint64_t increment)
{
	uint64_t old = *state;
	*state = old * MULTIPLIER + increment;
	return output(old);
}

/* Without bias: of the 2^32 draws the first 2^32 mod bound are drawn again. */
uint32_t rng_pcg_below(uint64_t *state, uint64_t increment, uint32_t bound)
{
	uint32_t threshold = -bound % bound;
	uint32_t draw;
	do
		draw = rng_pcg_next(state, increment);
	while (draw < threshold);
	return draw % bound;
}

/* Composes x -> a x + c with itself `draws` times by repeated squaring (Brown,
 * "Random Number Generation with Arbitrary Strides", 1994). */
void rng_pcg_advance(uint64_t *state, uint64_t increment, uint64_t draws)
{
	uint64_t factor = 1, addend = 0;                /* of the draws composed so far */
	uint64_t factor_2k = MULTIPLIER, addend_2k = increment; /* of 2^k draws */
	for (; draws > 0; draws >>= 1) {
		if (draws & 1) {
			factor *= factor_2k;
			addend = addend * factor_2k + addend_2k;
		}
		addend_2k *= factor_2k + 1;
		factor_2k *= factor_2k;
	}
	*state = factor * *state + addend;
}

const char *rng_pcg_library(void)
{
	return "built-in";
}
