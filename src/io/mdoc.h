/* Plain words as mdoc, the language of manual pages.  All functions append to `text`. */
#ifndef INITVIZ_IO_MDOC_H
#define INITVIZ_IO_MDOC_H

#include "base/text.h"

/* Text lines, broken between words; `end` follows the last word. */
void mdoc_words(struct text *text, const char *words, const char *end);

/* A summary as a sentence, with a capital and a full stop. */
void mdoc_sentence(struct text *text, const char *summary);

/* An argument of a macro line, escaped so that it is not read as a macro. */
void mdoc_argument(struct text *text, const char *macro, const char *words);

#endif
