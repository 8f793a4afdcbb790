/* Memory: checked products, zeroed blocks.  Independent of their content. */
#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define CACHE_LINE 64
#ifndef MADV_HUGEPAGE
#define MADV_HUGEPAGE MADV_NORMAL /* this advice exists on Linux only */
#endif

static bool bytes_for(size_t count, size_t size, size_t *bytes, struct err *err)
{
	if (__builtin_mul_overflow(count, size, bytes) || *bytes > SIZE_MAX / 2)
		return err_set(err, ERR_RESOURCE,
		               "out of memory: %zu x %zu bytes is more than can be addressed", count, size);
	if (*bytes == 0)
		*bytes = 1;
	return true;
}

static void *refused(size_t bytes, struct err *err)
{
	err_set(err, ERR_RESOURCE, "out of memory: %zu bytes were refused by the system", bytes);
	return NULL;
}

void *alloc_array(size_t count, size_t size, struct err *err)
{
	size_t bytes;
	if (!bytes_for(count, size, &bytes, err))
		return NULL;
	void *array = calloc(1, bytes);
	return array ? array : refused(bytes, err);
}

void *alloc_aligned(size_t count, size_t size, struct err *err)
{
	size_t bytes;
	if (!bytes_for(count, size, &bytes, err))
		return NULL;
	size_t whole = CACHE_LINE + (bytes + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
	char *block = calloc(1, whole); /* of a large block it touches no page, as memset() would */
	if (block == NULL)
		return refused(whole, err);
	char *array = block + CACHE_LINE - (uintptr_t)block % CACHE_LINE; /* 16 bytes behind block at least */
	memcpy(array - sizeof block, &block, sizeof block);
	return array;
}

void alloc_aligned_free(void *array)
{
	char *block = NULL;
	if (array)
		memcpy(&block, (char *)array - sizeof block, sizeof block);
	free(block);
}

void *alloc_huge(size_t bytes, size_t *size, struct err *err)
{
	if (!bytes_for(bytes, 1, &bytes, err))
		return NULL;
	*size = (bytes + ALLOC_HUGE_PAGE - 1) / ALLOC_HUGE_PAGE * ALLOC_HUGE_PAGE;
	void *block = aligned_alloc(ALLOC_HUGE_PAGE, *size);
	if (block == NULL)
		return refused(*size, err);
	madvise(block, *size, MADV_HUGEPAGE); /* a failure is harmless */
	return block;
}

void *alloc_resize(void *array, size_t count, size_t size, struct err *err)
{
	size_t bytes;
	if (!bytes_for(count, size, &bytes, err))
		return NULL;
	void *moved = realloc(array, bytes);
	return moved ? moved : refused(bytes, err);
}

void alloc_free(void *array)
{
	free(array);
}
