/* Words that a user makes up, such as names of files, as numbers: so that a value of a spec can be one. */
#ifndef INITVIZ_BASE_WORDS_H
#define INITVIZ_BASE_WORDS_H

#include <stdint.h>

#include "base/err.h"

/* The number of a word, from 1 on; equal words have the same.  0 with ERR_RESOURCE when memory or numbers run
 * out.  Words are kept until the program ends.  May be called by several threads. */
uint32_t words_number(const char *word, struct err *err);

/* The word of such a number; "" for 0. */
const char *words_at(uint32_t number);

#endif
