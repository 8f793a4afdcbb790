/* Which vector extensions the CPU has, for kernels that are compiled once for
 * each of them from one source.
 *
 * A kernel is a static inline function, its clones are two wrappers:
 *
 *	static inline CPU_KERNEL void scale(float *x, size_t n) { ... }
 *	#ifdef CPU_CLONES
 *	static CPU_AVX2 void scale_avx2(float *x, size_t n) { scale(x, n); }
 *	static CPU_AVX512 void scale_avx512(float *x, size_t n) { scale(x, n); }
 *	#endif
 *
 * Wider vectors do not change a result as long as a kernel does the same
 * operations on every element and sums nothing across elements: nn/ is compiled
 * without contraction to FMA. */
#ifndef INITVIZ_NN_CPU_H
#define INITVIZ_NN_CPU_H

enum cpu_level {
	CPU_LEVEL_BASE,   /* what the compiler was told to use */
	CPU_LEVEL_AVX2,   /* AVX2 and FMA */
	CPU_LEVEL_AVX512, /* AVX-512 F, DQ, BW, VL */
};

#define CPU_KERNEL __attribute__((always_inline))

#if defined(__x86_64__)
#define CPU_CLONES 1
#define CPU_AVX2 __attribute__((target("avx2")))
#ifdef __clang__ /* knows no preferred width, and warns */
#define CPU_AVX512 __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))
#else
#define CPU_AVX512 __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,prefer-vector-width=512")))
#endif

static inline enum cpu_level cpu_level(void)
{
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
	    __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
		return CPU_LEVEL_AVX512;
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		return CPU_LEVEL_AVX2;
	return CPU_LEVEL_BASE;
}
#else
static inline enum cpu_level cpu_level(void)
{
	return CPU_LEVEL_BASE;
}
#endif

#endif
