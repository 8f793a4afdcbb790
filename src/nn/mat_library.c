/* OpenBLAS itself: its threads, its memory, its version. */
#include CBLAS_HEADER
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "nn/kernel/gemm.h"
#include "nn/mat.h"

/* ---- memory ---- */

#define WORKING_MEMORY ((size_t)160 << 20) /* address space for each thread that multiplies */

/* OpenBLAS does not fail when the system refuses memory: it tries again for ever. */
static bool is_room(size_t bytes)
{
	void *probe = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return probe != MAP_FAILED && munmap(probe, bytes) == 0;
}

/* Makes OpenBLAS allocate its working memory, which it keeps, by a product that is
 * too large to be computed without. */
static void allocate_working_memory(void)
{
	enum { SIDE = 128 };
	static const float a[SIDE * SIDE], b[SIDE * SIDE];
	static float c[SIDE * SIDE];
	cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, SIDE, SIDE, SIDE, 1, a, SIDE, b, SIDE, 0, c, SIDE);
}

/* Ends the threads that OpenBLAS has started before main(), as it does itself before fork(): they
 * would spin for the first 50 ms and take the CPUs from the program's own threads. */
static void end_library_threads(void)
{
#ifdef HAVE_BLAS_THREAD_SHUTDOWN_
	extern int blas_thread_shutdown_(void);
	blas_thread_shutdown_();
#endif
}

bool mat_prepare(struct err *err)
{
	openblas_set_num_threads(1);
	end_library_threads();
	if (!is_room(WORKING_MEMORY))
		return err_set(err, ERR_RESOURCE,
		               "OpenBLAS: %zu MiB of address space for its working memory are refused: "
		               "raise the limit (ulimit -v)",
		               WORKING_MEMORY >> 20);
	allocate_working_memory();
	gemm_compare_with(mat_core_vectors());
	return true;
}

int mat_threads(int threads, size_t bytes)
{
	size_t more = threads > 1 ? (size_t)(threads - 1) * WORKING_MEMORY : 0;
	while (threads > 1 && !is_room(more + bytes)) {
		more -= WORKING_MEMORY;
		threads--;
	}
	return threads;
}

/* ---- version ---- */

const char *mat_library(void)
{
	/* "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ...": name and version */
	static char name[64];
	const char *config = openblas_get_config();
	size_t length = strcspn(config, " ");
	length += strspn(config + length, " ");
	length += strcspn(config + length, " ");
	snprintf(name, sizeof name, "%.*s", (int)length, config);
	return name;
}
