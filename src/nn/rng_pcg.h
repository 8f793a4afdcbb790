/* The part of libpcg that is used: four operations of PCG32 on a stream in the
 * caller's memory.  Three files implement it: rng_pcg_c.c over pcg-c, rng_pcg_cpp.cc
 * over the C++ headers, and rng_pcg_builtin.c where neither is installed;
 * configure chooses one of them.  Only rng*.c call it. */
#ifndef INITVIZ_NN_RNG_PCG_H
#define INITVIZ_NN_RNG_PCG_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Both words of a stream; `increment` is odd. */
void rng_pcg_seed(uint64_t *state, uint64_t *increment, uint64_t seed, uint64_t stream);
uint32_t rng_pcg_next(uint64_t *state, uint64_t increment);
uint32_t rng_pcg_below(uint64_t *state, uint64_t increment, uint32_t bound);
void rng_pcg_advance(uint64_t *state, uint64_t increment, uint64_t draws);

/* "pcg-c", "pcg-cpp" or "built-in". */
const char *rng_pcg_library(void);

#ifdef __cplusplus
}
#endif

#endif
