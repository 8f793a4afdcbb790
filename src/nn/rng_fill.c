/* Fills of arrays: the same numbers as from rng_next(), many at a time.
 *
 * LANES copies of the generator are one draw apart, and each advances by LANES
 * draws at a time ("leap-frog"), in loops that the compiler vectorizes; the
 * logarithm and the sine are polynomials.  Every element needs the same operations
 * whatever the width of the vectors, so a fill has the same bits on every machine.
 * Only the output function of PCG32 is repeated here; a test compares it with
 * libpcg. */
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "nn/rng.h"
#include "nn/kernel/vector_math.h"

#define LANES 32
#define BLOCK 512 /* draws at a time; a multiple of LANES */
#define PAIRS (BLOCK / 2)

/* A pair of normal numbers takes two draws: draws with even and with odd numbers
 * are stored separately. */
struct lanes {
	uint64_t even[LANES / 2], odd[LANES / 2]; /* states: lane i is i draws ahead */
	uint64_t multiplier, increment; /* of LANES draws in one step */

	/* of one block */
	uint32_t even_draw[PAIRS], odd_draw[PAIRS];
	float exponent[PAIRS], fraction[PAIRS]; /* of the even draws */
	float square[PAIRS]; /* of the radius */
};

static struct lanes lanes_from(const struct rng *rng)
{
	struct lanes lanes;
	struct rng walk = *rng, from_0 = { 0, rng->increment }, from_1 = { 1, rng->increment };
	for (int i = 0; i < LANES; i++) {
		(i & 1 ? lanes.odd : lanes.even)[i / 2] = walk.state;
		rng_next(&walk);
	}
	/* a step is state * multiplier + increment: two points give both */
	rng_advance(&from_0, LANES);
	rng_advance(&from_1, LANES);
	lanes.increment = from_0.state;
	lanes.multiplier = from_1.state - from_0.state;
	return lanes;
}

/* Every second draw of a block. */
VECTOR_INLINE void draw_half(uint64_t lane[LANES / 2], uint64_t multiplier, uint64_t increment, uint32_t draw[PAIRS])
{
	uint64_t state[LANES / 2];
	memcpy(state, lane, sizeof state);
	for (size_t i = 0; i < PAIRS; i += LANES / 2)
		for (size_t j = 0; j < LANES / 2; j++) {
			uint64_t s = state[j];
			uint32_t shifted = (uint32_t)((s >> 18 ^ s) >> 27), turn = (uint32_t)(s >> 59);
			draw[i + j] = shifted >> turn | shifted << (-turn & 31);
			state[j] = s * multiplier + increment;
		}
	memcpy(lane, state, sizeof state);
}

VECTOR_INLINE void draw_block(struct lanes *lanes)
{
	draw_half(lanes->even, lanes->multiplier, lanes->increment, lanes->even_draw);
	draw_half(lanes->odd, lanes->multiplier, lanes->increment, lanes->odd_draw);
}

/* draw + 1/2, correctly rounded. */
VECTOR_INLINE float middle_of(uint32_t draw)
{
	float high = (float)(int32_t)(draw >> 16), low = (float)(int32_t)(draw & 0xffff);
	return high * 0x1p16f + (low + 0.5f);
}

/* x / 2^32 = 2^e (1 + f) with 1 + f between sqrt(1/2) and sqrt(2); x >= 1/2. */
VECTOR_INLINE void split(float x, float *e, float *f)
{
	const uint32_t half_root = 0x3f3504f3; /* sqrt(1/2) */
	uint32_t bits = vector_bits(x) - half_root;
	*e = (float)(((int32_t)bits >> 23) - 32);
	*f = vector_float((bits & 0x7fffff) + half_root) - 1.0f;
}

/* ln(2^e (1 + f)), to 2 ulp.  ln(1 + f) = f - f^2/2 + f^3 P(f), P through the
 * Chebyshev nodes of f's interval (relative error of the whole 2e-8). */
VECTOR_INLINE float log_of(float e, float f)
{
	float p = -0.07902743772f;
	p = p * f + 0.1262231985f;
	p = p * f - 0.1299818376f;
	p = p * f + 0.1421449592f;
	p = p * f - 0.1664128146f;
	p = p * f + 0.2000104509f;
	p = p * f - 0.2500030642f;
	p = p * f + 0.3333333073f;
	float square = f * f;
	/* ln 2 in two parts, the first short enough for an exact product with e */
	return e * 0.693359375f + (f + (e * -2.12194440e-4f + (square * f * p - 0.5f * square)));
}

/* cos and sin of (draw + 1/2) / 2^32 of a turn, to 2 ulp: the nearest quarter turn
 * is subtracted exactly, in integers; the rest is at most 1/8 turn. */
VECTOR_INLINE void turn_of(uint32_t draw, float *cosine, float *sine)
{
	uint32_t shifted = draw + 0x20000000; /* the nearest quarter is in its upper two bits */
	float y = ((float)((int32_t)(shifted & 0x3fffffff) - 0x20000000) + 0.5f) * (float)(2 * M_PI * 0x1p-32);
	float t = y * y;
	float s = y + y * t * (-0.1666666466f + t * (0.008332748271f + t * -0.0001958789088f));
	float c = 1.0f - 0.5f * t + t * t * (0.04166666466f + t * (-0.001388830304f + t * 2.454794209e-5f));
	bool odd = shifted & 0x40000000;
	*cosine = vector_float(vector_bits(odd ? s : c) ^ ((shifted + 0x40000000) & 0x80000000));
	*sine = vector_float(vector_bits(odd ? c : s) ^ (shifted & 0x80000000));
}

/* Box and Muller 1958. */
static VECTOR_CLONES void normal_block(struct lanes *lanes, float x[BLOCK])
{
	const uint32_t *even = lanes->even_draw, *odd = lanes->odd_draw;
	draw_block(lanes);
	/* Several short loops: a processor executes more of their iterations at once. */
	for (size_t i = 0; i < PAIRS; i++)
		split(middle_of(even[i]), &lanes->exponent[i], &lanes->fraction[i]);
	for (size_t i = 0; i < PAIRS; i++)
		lanes->square[i] = -2.0f * log_of(lanes->exponent[i], lanes->fraction[i]);
	for (size_t i = 0; i < PAIRS; i++) {
		float cosine, sine, radius = sqrtf(lanes->square[i]);
		turn_of(odd[i], &cosine, &sine);
		x[2 * i] = radius * cosine;
		x[2 * i + 1] = radius * sine;
	}
}

/* (top 23 bits + 1/2) / 2^23: exact, and never 0 or 1. */
static VECTOR_CLONES void uniform_block(struct lanes *lanes, float x[BLOCK])
{
	const uint32_t *even = lanes->even_draw, *odd = lanes->odd_draw;
	draw_block(lanes);
	for (size_t i = 0; i < PAIRS; i++) {
		x[2 * i] = ((float)(int32_t)(even[i] >> 9) + 0.5f) * 0x1p-23f;
		x[2 * i + 1] = ((float)(int32_t)(odd[i] >> 9) + 0.5f) * 0x1p-23f;
	}
}

static void fill(const struct rng *rng, float *x, size_t n,
                 void (*block)(struct lanes *lanes, float x[BLOCK]))
{
	struct lanes lanes = lanes_from(rng);
	size_t i = 0;
	for (; n - i >= BLOCK; i += BLOCK)
		block(&lanes, x + i);
	if (i < n) {
		float rest[BLOCK];
		block(&lanes, rest);
		memcpy(x + i, rest, (n - i) * sizeof *x);
	}
}

void rng_fill_normal(struct rng *rng, float *x, size_t n)
{
	fill(rng, x, n, normal_block);
	rng_advance(rng, n + (n & 1));
}

void rng_fill_uniform(struct rng *rng, float *x, size_t n)
{
	fill(rng, x, n, uniform_block);
	rng_advance(rng, n);
}
