/* Preloaded, it makes OpenBLAS look as if it were older than the CPU: without
 * OPENBLAS_CORETYPE it says that it uses Prescott kernels.  With OLD_OPENBLAS=absent
 * it has no others; with OLD_OPENBLAS=wrong the others compute wrongly.  Every
 * start of a process is written to the file OLD_OPENBLAS_LOG. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include CBLAS_HEADER

static char core[64];

static int has(const char *word)
{
	const char *kind = getenv("OLD_OPENBLAS");
	return kind && strcmp(kind, word) == 0;
}

__attribute__((constructor)) static void begin(void)
{
	const char *wanted = getenv("OPENBLAS_CORETYPE"), *path = getenv("OLD_OPENBLAS_LOG");
	snprintf(core, sizeof core, "%s", wanted && wanted[0] && !has("absent") ? wanted : "Prescott");
	FILE *log = path ? fopen(path, "a") : NULL;
	if (log) {
		fprintf(log, "%s\n", core);
		fclose(log);
	}
}

char *openblas_get_corename(void);
char *openblas_get_corename(void)
{
	return core;
}

void cblas_sgemm(const enum CBLAS_ORDER order, const enum CBLAS_TRANSPOSE a_transposed,
                 const enum CBLAS_TRANSPOSE b_transposed, const blasint m, const blasint n, const blasint k,
                 const float alpha, const float *a, const blasint a_step, const float *b, const blasint b_step,
                 const float beta, float *c, const blasint c_step)
{
	void (*real)(enum CBLAS_ORDER, enum CBLAS_TRANSPOSE, enum CBLAS_TRANSPOSE, blasint, blasint, blasint, float,
	             const float *, blasint, const float *, blasint, float, float *, blasint);
	*(void **)(void *)&real = dlsym(RTLD_NEXT, "cblas_sgemm");
	real(order, a_transposed, b_transposed, m, n, k, alpha, a, a_step, b, b_step, beta, c, c_step);
	if (has("wrong") && strcmp(core, "Prescott") != 0)
		c[0] += 1;
}
