/* Text: a growing buffer, numbers in and out without the locale, escaping of
 * everything that comes from outside, and the near miss of a misspelt name. */
#ifndef INITVIZ_BASE_TEXT_H
#define INITVIZ_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* ---- a growing buffer ---- */

/* Starts as {0}.  `bytes` is NUL-terminated as soon as anything was added and
 * NULL before; text_string() is never NULL.  A failed allocation sets
 * `failed`, later additions do nothing, and text_check() reports it once. */
struct text {
	char *bytes;
	size_t length, room;
	bool failed;
};

void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const char *bytes, size_t length);
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_add_glyph(struct text *text, uint32_t code_point); /* as UTF-8 */
/* Appends one shell word in printable ASCII: plain, in '...', or, where there are
 * other bytes, in $'...' as bash, zsh, ksh and POSIX 2024 read it. */
void text_add_quoted(struct text *text, const char *word);
const char *text_string(const struct text *text);
bool text_check(const struct text *text, struct err *err); /* ERR_RESOURCE if it failed */
void text_clear(struct text *text);                        /* empty, memory kept */
void text_free(struct text *text);                         /* back to {0} */

/* ---- text from outside the program ---- */

/* Writes `foreign` as printable ASCII into out[size] (always terminated): other
 * bytes become \xNN, \n, \t, a backslash \\; a text that is too long ends in "...".
 * Returns out.  Use it on every file name, option and script word before it reaches
 * a message, the screen or a file. */
char *text_escape(char *out, size_t size, const char *foreign);

/* The length of the byte order mark of UTF-8 that a text of `size` bytes begins with; 0 if there is none. */
size_t text_byte_order_mark(const char *bytes, size_t size);

/* Decodes one UTF-8 code point at *p and advances *p; an invalid byte gives
 * U+FFFD and advances by one; 0 at the end of the string. */
uint32_t text_decode(const char **p);

/* ---- numbers ---- */

/* The whole of `word` must be the number (no blanks, no hex, a dot, never a
 * comma); false with *value untouched otherwise.  text_real() accepts finite
 * decimal numbers only and refuses overflow. */
bool text_real(const char *word, double *value);
bool text_unsigned(const char *word, uint64_t *value);

/* Formats a readout into out[size]: four significant digits, no exponent
 * between 1e-3 and 99999, "NaN", "Inf", "-Inf" otherwise by name, -0 as 0.
 * At most 9 characters.  The same digits on the screen and in text output. */
#define TEXT_READOUT_SIZE 16
char *text_readout(char out[TEXT_READOUT_SIZE], double value);

/* The shortest decimal that reads back as `value` (17 digits at most). */
#define TEXT_EXACT_SIZE 32
char *text_exact(char out[TEXT_EXACT_SIZE], double value);

/* ---- names ---- */

/* Case-blind comparison in ASCII, the same in every locale; "-" and "_" are
 * alike. */
bool text_same_name(const char *a, const char *b);

/* Edits (insert, delete, replace, swap neighbours) between two names,
 * case-blind; for suggestions. */
int text_distance(const char *a, const char *b);

#endif
