/* base/alloc.c itself, its four functions of the C library replaced. */
#include "faulty_alloc.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

static atomic_ulong requests, failing;
static atomic_bool lasting;
static atomic_long live;

void faulty_alloc_arm(unsigned long n, bool all_after)
{
	requests = 0;
	failing = n;
	lasting = all_after;
}

unsigned long faulty_alloc_requests(void)
{
	return requests;
}

long faulty_alloc_live(void)
{
	return live;
}

static bool refuses(void)
{
	unsigned long number = atomic_fetch_add(&requests, 1) + 1, first = failing;
	return first && (number == first || (lasting && number > first));
}

static void *faulty_calloc(size_t count, size_t size)
{
	void *block = refuses() ? NULL : calloc(count, size);
	live += block != NULL;
	return block;
}

static void *faulty_aligned_alloc(size_t alignment, size_t size)
{
	void *block = refuses() ? NULL : aligned_alloc(alignment, size);
	live += block != NULL;
	return block;
}

static void *faulty_realloc(void *old, size_t size)
{
	void *block = refuses() ? NULL : realloc(old, size);
	live += block != NULL && old == NULL;
	return block;
}

static void faulty_free(void *block)
{
	live -= block != NULL;
	free(block);
}

#define calloc faulty_calloc
#define aligned_alloc faulty_aligned_alloc
#define realloc faulty_realloc
#define free faulty_free
#include "base/alloc.c"
