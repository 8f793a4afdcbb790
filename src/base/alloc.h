/* All memory is allocated here: sizes are checked, blocks are zeroed unless noted. */
#ifndef INITVIZ_BASE_ALLOC_H
#define INITVIZ_BASE_ALLOC_H

#include <stddef.h>

#include "base/err.h"

/* Zeroed memory for `count` things of `size` bytes, aligned for any type;
 * NULL with ERR_RESOURCE (naming the bytes) when the product overflows or the
 * allocation fails.  count or size 0 gives a valid pointer. */
void *alloc_array(size_t count, size_t size, struct err *err);

/* The same, aligned to 64 bytes (a cache line, the widest vector); released by
 * alloc_aligned_free(), where NULL is allowed. */
void *alloc_aligned(size_t count, size_t size, struct err *err);
void alloc_aligned_free(void *array);

/* A block of at least `bytes`, not zeroed, for data that is filled in gradually.  It
 * uses huge pages where the system has them: a page is mapped when it is first
 * touched.  *size receives the size of the block in bytes. */
#define ALLOC_HUGE_PAGE ((size_t)2 << 20)
void *alloc_huge(size_t bytes, size_t *size, struct err *err);

/* Changes the length of an array from alloc_array(), keeping its contents;
 * new elements are not zeroed.  On failure the old array stays valid. */
void *alloc_resize(void *array, size_t count, size_t size, struct err *err);

/* Releases what any of the others returned; NULL is allowed. */
void alloc_free(void *array);

#endif
