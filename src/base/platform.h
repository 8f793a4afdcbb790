/* Functions that depend on the system or the processor, each with a fallback.
 * Waiting with a time limit needs threads and is in lab/worker_wait.c. */
#ifndef INITVIZ_BASE_PLATFORM_H
#define INITVIZ_BASE_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>

/* The number of CPUs that this process may use, at least 1: those of its
 * affinity mask (taskset, containers) or else all that are online. */
int platform_cpus(void);

/* Replaces this process by the same program with the same arguments and the
 * environment as it is now.  Returns only when the system refuses. */
void platform_run_again(char *argv[]);

/* Writes the path of the running program's file; false where the system does not
 * provide it, or where it does not fit. */
bool platform_program(char *path, size_t size);

/* Hints to the processor that the caller is in a spin loop (PAUSE, YIELD). */
void platform_pause(void);

/* The vector extensions of this CPU, as far as the program uses them. */
enum platform_vectors {
	PLATFORM_VECTORS_BASE,   /* of the architecture's first processors */
	PLATFORM_VECTORS_AVX2,   /* AVX2 and FMA */
	PLATFORM_VECTORS_AVX512, /* AVX-512 F, DQ, BW and VL */
};

enum platform_vectors platform_vectors(void);

#endif
