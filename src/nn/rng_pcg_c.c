/* libpcg in C (pcg-c): its pcg32 is a struct of the same two words. */
#include "nn/rng_pcg.h"

#include <pcg_variants.h>

void rng_pcg_seed(uint64_t *state, uint64_t *increment, uint64_t seed, uint64_t stream)
{
	pcg32_random_t generator;
	pcg32_srandom_r(&generator, seed, stream);
	*state = generator.state;
	*increment = generator.inc;
}

uint32_t rng_pcg_next(uint64_t *state, uint64_t increment)
{
	pcg32_random_t generator = { .state = *state, .inc = increment };
	uint32_t draw = pcg32_random_r(&generator);
	*state = generator.state;
	return draw;
}

uint32_t rng_pcg_below(uint64_t *state, uint64_t increment, uint32_t bound)
{
	pcg32_random_t generator = { .state = *state, .inc = increment };
	uint32_t draw = pcg32_boundedrand_r(&generator, bound);
	*state = generator.state;
	return draw;
}

void rng_pcg_advance(uint64_t *state, uint64_t increment, uint64_t draws)
{
	pcg32_random_t generator = { .state = *state, .inc = increment };
	pcg32_advance_r(&generator, draws);
	*state = generator.state;
}

const char *rng_pcg_library(void)
{
	return "pcg-c";
}
