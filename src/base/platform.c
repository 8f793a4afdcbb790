#include "base/platform.h"

#include <sched.h>
#include <unistd.h>

/* These options let the compiler assume that no number is NaN or infinite.
 * configure refuses them too; this is for `make CFLAGS=...`. */
#if defined __FAST_MATH__ || (defined __FINITE_MATH_ONLY__ && __FINITE_MATH_ONLY__)
#error "initviz shows NaN and infinity as they are: compile it without -Ofast and -ffast-math"
#endif

/* ---- CPUs that this process may use; 0: unknown ---- */

#ifdef HAVE_SCHED_GETAFFINITY

static int allowed_cpus(void)
{
	cpu_set_t set;
	return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0; /* fails with more CPUs than bits */
}

#else

static int allowed_cpus(void)
{
	return 0;
}

#endif

int platform_cpus(void)
{
	int allowed = allowed_cpus();
	if (allowed > 0)
		return allowed;
	long online = sysconf(_SC_NPROCESSORS_ONLN);
	return online > 0 ? (int)online : 1;
}

/* ---- restarting the program ---- */

void platform_run_again(char *argv[])
{
	execv("/proc/self/exe", argv); /* Linux */
	execvp(argv[0], argv);         /* elsewhere: the name it was started by */
}

bool platform_program(char *path, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", path, size); /* Linux */
	if (length < 0 || (size_t)length >= size)
		return false;
	path[length] = '\0';
	return true;
}

/* ---- the processor ---- */

#if defined __x86_64__ || defined __i386__

void platform_pause(void)
{
	__builtin_ia32_pause();
}

#elif defined __aarch64__

void platform_pause(void)
{
	__asm__ volatile("yield");
}

#else

void platform_pause(void)
{
}

#endif

#ifdef HAVE_CPU_SUPPORTS

enum platform_vectors platform_vectors(void)
{
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
	    __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
		return PLATFORM_VECTORS_AVX512;
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		return PLATFORM_VECTORS_AVX2;
	return PLATFORM_VECTORS_BASE;
}

#else

enum platform_vectors platform_vectors(void)
{
	return PLATFORM_VECTORS_BASE;
}

#endif
