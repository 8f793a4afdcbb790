/* OpenBLAS itself: its threads, its memory, what it says of the machine. */
#include CBLAS_HEADER
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/platform.h"
#include "base/text.h"
#include "nn/mat.h"

/* ---- memory ---- */

#define WORKING_MEMORY ((size_t)160 << 20) /* address space for each thread that multiplies */

/* OpenBLAS does not fail where it is refused memory, it asks for ever. */
static bool is_room(size_t bytes)
{
	void *probe = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return probe != MAP_FAILED && munmap(probe, bytes) == 0;
}

/* A product too large to be done without working memory, which OpenBLAS keeps
 * from then on. */
static void take_working_memory(void)
{
	enum { SIDE = 128 };
	static const float a[SIDE * SIDE], b[SIDE * SIDE];
	static float c[SIDE * SIDE];
	cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, SIDE, SIDE, SIDE, 1, a, SIDE, b, SIDE, 0, c, SIDE);
}

bool mat_prepare(struct err *err)
{
	openblas_set_num_threads(1);
	if (!is_room(WORKING_MEMORY))
		return err_set(err, ERR_RESOURCE,
		               "OpenBLAS: %zu MiB of address space for its working memory are refused: "
		               "raise the limit (ulimit -v)",
		               WORKING_MEMORY >> 20);
	take_working_memory();
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

/* ---- names ---- */

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

const char *mat_core(void)
{
	return openblas_get_corename();
}

/* The vector extensions that a core's kernels use. */
static enum platform_vectors vectors_of_core(const char *core)
{
	static const struct {
		const char *name;
		enum platform_vectors vectors;
	} cores[] = {
		{ "SkylakeX", PLATFORM_VECTORS_AVX512 }, { "Cooperlake", PLATFORM_VECTORS_AVX512 }, { "SapphireRapids", PLATFORM_VECTORS_AVX512 },
		{ "Haswell", PLATFORM_VECTORS_AVX2 },    { "Zen", PLATFORM_VECTORS_AVX2 },          { "Excavator", PLATFORM_VECTORS_AVX2 },
	};
	for (size_t i = 0; i < sizeof cores / sizeof cores[0]; i++)
		if (text_same_name(cores[i].name, core))
			return cores[i].vectors;
	return PLATFORM_VECTORS_BASE;
}

const char *mat_core_complaint(void)
{
	static char complaint[256];
	enum platform_vectors able = platform_vectors();
	if (vectors_of_core(mat_core()) >= able)
		return NULL;
	char core[32], value[64];
	int length = snprintf(complaint, sizeof complaint, "OpenBLAS uses %s kernels although the CPU has %s",
	                      text_escape(core, sizeof core, mat_core()), able == PLATFORM_VECTORS_AVX512 ? "AVX-512" : "AVX2");
	const char *variable = getenv("OPENBLAS_CORETYPE");
	if (variable && variable[0])
		snprintf(complaint + length, sizeof complaint - (size_t)length, "; OPENBLAS_CORETYPE=%s is set",
		         text_escape(value, sizeof value, variable));
	return complaint;
}
