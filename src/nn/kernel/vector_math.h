/* Elementary functions in single precision for loops that the compiler
 * vectorizes: without branches and calls, so that their bits depend neither on a
 * mathematics library nor on the instruction set (with -ffp-contract=off).
 *
 * The polynomials are near-minimax fits, computed with 40 digits.  Accurate to a
 * few units in the last place unless a comment says otherwise; a NaN gives a
 * NaN, an infinity gives the limit. */
#ifndef INITVIZ_NN_KERNEL_VECTOR_MATH_H
#define INITVIZ_NN_KERNEL_VECTOR_MATH_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Compiles a function for several instruction sets; the right one is chosen when
 * the program is loaded.  Not in instrumented builds and on other systems: the
 * results are the same. */
#if defined __x86_64__ && defined __GLIBC__ && defined __GNUC__ && !defined __clang__ && \
	!defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__ && !defined __AVX512F__
#define VECTOR_CLONES __attribute__((target_clones("default", "avx2", "arch=x86-64-v4")))
#define VECTOR_AVX512 __attribute__((target("arch=x86-64-v4"))) /* this one alone */
#define VECTOR_HAS_AVX512 1
#else
#define VECTOR_CLONES
#define VECTOR_AVX512
#ifdef __AVX512F__
#define VECTOR_HAS_AVX512 1
#else
#define VECTOR_HAS_AVX512 0
#endif
#endif

/* for (i = 0; i < n; i++) over arrays that are the same or do not overlap. */
#ifdef __clang__
#define VECTOR_EACH(i, n) _Pragma("clang loop vectorize(assume_safety)") for (size_t i = 0; i < (n); i++)
#else
#define VECTOR_EACH(i, n) _Pragma("GCC ivdep") for (size_t i = 0; i < (n); i++)
#endif

/* For an array that is written before it is read: without this, hardened builds
 * fill it with zeros first. */
#if defined __has_attribute
#if __has_attribute(uninitialized)
#define VECTOR_UNFILLED __attribute__((uninitialized))
#endif
#endif
#ifndef VECTOR_UNFILLED
#define VECTOR_UNFILLED
#endif

#define VECTOR_INLINE static inline __attribute__((always_inline))

VECTOR_INLINE uint32_t vector_bits(float x)
{
	uint32_t bits;
	memcpy(&bits, &x, sizeof bits);
	return bits;
}

VECTOR_INLINE float vector_float(uint32_t bits)
{
	float x;
	memcpy(&x, &bits, sizeof x);
	return x;
}

VECTOR_INLINE int vector_all_finite(const float *x, size_t n)
{
	uint32_t most = 0;
	VECTOR_EACH (i, n) {
		uint32_t magnitude = vector_bits(x[i]) & 0x7fffffff;
		most = magnitude > most ? magnitude : most;
	}
	return most < 0x7f800000;
}

#define VECTOR_ROUND 12582912.0f /* 1.5 * 2^23: adding it rounds, and puts the integer into the low bits */

/* The comparisons are written so that a NaN passes through. */
VECTOR_INLINE float vector_at_least(float x, float low)
{
	return low > x ? low : x;
}

VECTOR_INLINE float vector_at_most(float x, float high)
{
	return high < x ? high : x;
}

VECTOR_INLINE float vector_clamp(float x, float low, float high)
{
	return vector_at_most(vector_at_least(x, low), high);
}

VECTOR_INLINE float vector_abs(float x)
{
	return vector_float(vector_bits(x) & 0x7fffffff);
}

/* |magnitude| with the sign of x; NaN if either is. */
VECTOR_INLINE float vector_with_sign(float magnitude, float x)
{
	return vector_float((vector_bits(magnitude) & 0x7fffffff) | (vector_bits(x) & 0x80000000));
}

/* x = k ln 2 + r, |r| <= ln 2 / 2, for x within -104..89.  Returns e^r - 1, and
 * k as it is in the low bits of *shifted. */
VECTOR_INLINE float vector_exp_rest(float x, float *shifted)
{
	*shifted = x * 1.44269504f + VECTOR_ROUND;
	float k = *shifted - VECTOR_ROUND;
	float r = (x - k * 0.693359375f) - k * -2.12194440e-4f;
	float p = 0.0013926203731f;
	p = p * r + 0.0083631948824f;
	p = p * r + 0.041666554493f;
	p = p * r + 0.16666576895f;
	p = p * r + 0.5f;
	return p * r * r + r;
}

/* The same for any x; *scale1 * *scale2 is 2^k, in two factors because 2^-150
 * and 2^128 are no normal floats. */
VECTOR_INLINE float vector_exp_parts(float x, float *scale1, float *scale2)
{
	float shifted, p = vector_exp_rest(vector_clamp(x, -104.0f, 89.0f), &shifted);
	uint32_t twice = vector_bits(shifted) - vector_bits(VECTOR_ROUND) + 512; /* k + 512, positive */
	uint32_t half = twice >> 1;                                             /* floor(k / 2) + 256 */
	*scale1 = vector_float((half - 256 + 127) << 23);
	*scale2 = vector_float((twice - half - 256 + 127) << 23);
	return p;
}

/* e^x: 0 below -104, infinite from 88.73; denormal results are right too. */
VECTOR_INLINE float vector_exp(float x)
{
	float scale1, scale2;
	float p = vector_exp_parts(x, &scale1, &scale2);
	return (1.0f + p) * scale1 * scale2;
}

/* e^x for x <= 0, where one factor is enough: 2^(k + 64), never denormal. */
VECTOR_INLINE float vector_exp_negative(float x)
{
	float shifted, p = vector_exp_rest(vector_at_least(x, -104.0f), &shifted);
	float scale = vector_float((vector_bits(shifted) - vector_bits(VECTOR_ROUND) + 64 + 127) << 23);
	return (1.0f + p) * scale * 5.4210109e-20f; /* 2^-64 */
}

/* e^x - 1 for x <= 0, exact near 0. */
VECTOR_INLINE float vector_expm1_negative(float x)
{
	float scale1, scale2;
	float p = vector_exp_parts(x, &scale1, &scale2);
	float scale = scale1 * scale2;
	return p * scale + (scale - 1.0f);
}

/* ln(1 + e), 0 <= e <= 1: 2 atanh(e / (2 + e)). */
VECTOR_INLINE float vector_log1p(float e)
{
	float s = e / (2.0f + e), t = s * s;
	float p = 0.11612164612f;
	p = p * t + 0.108532879f;
	p = p * t + 0.14296178997f;
	p = p * t + 0.19999853166f;
	p = p * t + 0.3333333366f;
	return 2.0f * (p * t * s + s);
}

/* 1 / (1 + e^-x); exactly 1 from 17.4 on, denormal down to 0 at -104. */
VECTOR_INLINE float vector_sigmoid(float x)
{
	float e = vector_exp_negative(-vector_abs(x));
	return (x < 0 ? e : 1.0f) / (1.0f + e);
}

/* The slope of the sigmoid, without the cancellation of a (1 - a). */
VECTOR_INLINE float vector_sigmoid_slope(float x)
{
	float e = vector_exp_negative(-vector_abs(x)), d = 1.0f + e;
	return e / (d * d);
}

VECTOR_INLINE float vector_softplus(float x)
{
	return vector_at_least(x, 0) + vector_log1p(vector_exp_negative(-vector_abs(x)));
}

/* Exactly +-1 from |x| = 9.02 on. */
VECTOR_INLINE float vector_tanh(float x)
{
	float m = vector_abs(x), t = x * x;
	float p = -0.0060451650965f;
	p = p * t + 0.020961329109f;
	p = p * t - 0.053843263175f;
	p = p * t + 0.13332718846f;
	p = p * t - 0.33333328433f;
	float near = p * t * x + x;
	float far = 1.0f - 2.0f / (vector_exp(2.0f * m) + 1.0f);
	return m < 0.625f ? near : vector_with_sign(far, x);
}

/* Exactly +-1 from |x| = 3.9 on; absolute error below 1e-7. */
VECTOR_INLINE float vector_erf(float x)
{
	float m = vector_at_most(vector_abs(x), 4.0f), t = m * m;
	float p = 7.8758750627e-5f;
	p = p * t - 0.00080168642872f;
	p = p * t + 0.0051890874234f;
	p = p * t - 0.026854212011f;
	p = p * t + 0.11283594715f;
	p = p * t - 0.37612626667f;
	p = p * t + 1.1283791658f;
	float near = p * m;
	float q = 1.6371514146e-6f; /* ln erfc on [1, 4] */
	q = q * m - 4.6058042689e-5f;
	q = q * m + 0.00059680562566f;
	q = q * m - 0.0047595962933f;
	q = q * m + 0.026421136006f;
	q = q * m - 0.11008008295f;
	q = q * m - 0.63182605156f;
	q = q * m - 1.1302334348f;
	q = q * m + 0.00032013804968f;
	float far = 1.0f - vector_exp(q);
	return vector_with_sign(m < 1.0f ? near : far, x);
}

/* Distribution function and density of the standard normal law. */
VECTOR_INLINE float vector_normal_cdf(float x)
{
	return 0.5f + 0.5f * vector_erf(x * 0.707106781f);
}

VECTOR_INLINE float vector_normal_density(float x)
{
	return 0.398942280f * vector_exp(-0.5f * x * x);
}

/* sin(x) for |x| < 1e9, in double so that large arguments keep their phase. */
VECTOR_INLINE double vector_sin(double x)
{
	const double round = 6755399441055744.0; /* 1.5 * 2^52 */
	double shifted = x * 0.31830988618379067 + round;
	double k = shifted - round;
	/* pi in two parts: 23 bits, so that the first product is exact, and the rest */
	double r = (x - k * 3.141592502593994) - k * 1.5099579909783764e-7;
	double t = r * r, p = 1.5502487098e-10;
	p = p * t - 2.5036743791e-8;
	p = p * t + 2.7557123151e-6;
	p = p * t - 1.9841268709e-4;
	p = p * t + 0.0083333333309;
	p = p * t - 0.16666666667;
	uint64_t odd;
	memcpy(&odd, &shifted, sizeof odd);
	double sign = 1.0 - 2.0 * (double)(int32_t)(odd & 1);
	return sign * (p * t * r + r);
}

#endif
