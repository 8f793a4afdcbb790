/* Streams and single draws.  The numbers come from libpcg (rng_pcg.h); fills
 * of whole arrays are in rng_fill.c. */
#include "nn/rng.h"

#include <assert.h>

#include "nn/rng_pcg.h"

/* Spreads every bit of x over all bits of the result, one to one (the
 * finalizer of SplitMix64, Steele, Lea and Flood 2014). */
static uint64_t mixed(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

/* Purpose and index give the stream number.  They also change the seed, because
 * streams with neighbouring numbers that start from the same state are correlated
 * at first. */
struct rng rng_stream(uint64_t seed, enum rng_purpose purpose, uint64_t index)
{
	assert(index < UINT64_C(1) << 56);
	uint64_t stream = (uint64_t)purpose << 56 | index;
	return rng_seeded(mixed(seed) ^ mixed(stream), stream);
}

struct rng rng_seeded(uint64_t seed, uint64_t stream)
{
	struct rng rng;
	rng_pcg_seed(&rng.state, &rng.increment, seed, stream);
	return rng;
}

uint32_t rng_next(struct rng *rng)
{
	return rng_pcg_next(&rng->state, rng->increment);
}

uint32_t rng_below(struct rng *rng, uint32_t bound)
{
	assert(bound > 0);
	return rng_pcg_below(&rng->state, rng->increment, bound);
}

double rng_uniform(struct rng *rng)
{
	return (rng_next(rng) + 0.5) * 0x1p-32;
}

void rng_advance(struct rng *rng, uint64_t draws)
{
	rng_pcg_advance(&rng->state, rng->increment, draws);
}

void rng_shuffle(struct rng *rng, uint32_t *numbers, size_t n)
{
	assert(n <= UINT32_MAX);
	for (size_t i = n; i > 1; i--) {
		size_t j = rng_below(rng, (uint32_t)i);
		uint32_t swapped = numbers[j];
		numbers[j] = numbers[i - 1];
		numbers[i - 1] = swapped;
	}
}

const char *rng_library(void)
{
	return rng_pcg_library();
}
