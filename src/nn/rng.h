/* Random numbers: PCG32 (XSH-RR 64/32, O'Neill 2014) from libpcg, one stream for
 * each purpose, so that a change of one thing does not change the other numbers. */
#ifndef INITVIZ_NN_RNG_H
#define INITVIZ_NN_RNG_H

#include <stddef.h>
#include <stdint.h>

/* The purpose of a stream.  The purpose and an index (a layer, an image) give the
 * stream number.  New purposes go to the end: the numbers decide what a seed
 * gives. */
enum rng_purpose {
	RNG_WEIGHTS = 1, /* index: layer, 1-based */
	RNG_BIASES,      /* index: layer, 1-based */
	RNG_BATCHES,     /* index: epoch */
	RNG_DIGITS,      /* index: image */
	RNG_PROBE,       /* index: 0 */
	RNG_TEST,        /* for the tests */
	RNG_DIVISION,    /* index: 0 */
	RNG_SPECTRAL,    /* index: 0 */
};

/* A stream: 16 bytes; a copy continues with the same numbers. */
struct rng {
	uint64_t state, increment;
};

/* The start of the stream for (seed, purpose, index). */
struct rng rng_stream(uint64_t seed, enum rng_purpose purpose, uint64_t index);

/* PCG's own seeding (pcg32_srandom), for tests with published numbers. */
struct rng rng_seeded(uint64_t seed, uint64_t stream);

uint32_t rng_next(struct rng *rng);                      /* 32 random bits */
uint32_t rng_below(struct rng *rng, uint32_t bound);     /* uniform on [0, bound), bound > 0 */
double rng_uniform(struct rng *rng);                     /* uniform on the open (0, 1), 32 bits */
void rng_advance(struct rng *rng, uint64_t draws);       /* as if `draws` numbers had been drawn */

/* Fills x[n] with N(0, 1) by Box-Muller: element i is computed from the draws
 * 2(i/2) and 2(i/2)+1 of the stream.  Takes n draws, rounded up to an even
 * number. */
void rng_fill_normal(struct rng *rng, float *x, size_t n);

/* Fills x[n] with uniform values on the open (0, 1), one draw each. */
void rng_fill_uniform(struct rng *rng, float *x, size_t n);

/* Shuffles the n numbers (Fisher-Yates, from the end). */
void rng_shuffle(struct rng *rng, uint32_t *numbers, size_t n);

/* The source of PCG32: "pcg-c", "pcg-cpp" or "built-in". */
const char *rng_library(void);

#endif
