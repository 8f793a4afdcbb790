/* A list that only grows: a place that is taken never changes, so readers need no lock. */
#include "base/words.h"

#include <stdatomic.h>
#include <string.h>

#include "base/alloc.h"

#define WORDS_MAX 4096

static char *_Atomic words[WORDS_MAX];

uint32_t words_number(const char *word, struct err *err)
{
	size_t size = strlen(word) + 1;
	char *copy = NULL;
	for (uint32_t i = 0; i < WORDS_MAX; i++) {
		char *there = atomic_load(&words[i]);
		if (there == NULL) {
			if (copy == NULL && (copy = alloc_array(size, 1, err)) == NULL)
				return 0;
			memcpy(copy, word, size);
			if (atomic_compare_exchange_strong(&words[i], &there, copy))
				return i + 1;
		}
		if (strcmp(there, word) == 0) {
			alloc_free(copy);
			return i + 1;
		}
	}
	alloc_free(copy);
	err_set(err, ERR_RESOURCE, "more than %d different names of files: start the program again", WORDS_MAX);
	return 0;
}

const char *words_at(uint32_t number)
{
	return number >= 1 && number <= WORDS_MAX ? atomic_load(&words[number - 1]) : "";
}
