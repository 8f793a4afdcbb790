/* Reads and writes JSON values.  A value that is not finite is null, and a
 * separate member records infinities; every type and range is checked. */
#ifndef INITVIZ_IO_JSON_VALUE_H
#define INITVIZ_IO_JSON_VALUE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"

/* Before the first call of jansson: its memory comes from base/alloc. */
void json_begin(void);

/* Whether an allocation has failed since json_begin(): then an error is not due
 * to the text. */
bool json_memory_failed(void);

/* ---- writing: a failure anywhere sets *failed, which starts as false ---- */

/* Takes over `value`, which may be NULL (out of memory). */
void json_put(json_t *object, const char *key, json_t *value, bool *failed);
void json_append(json_t *array, json_t *value, bool *failed);

/* null for NaN and infinities; the object's member "infinite" records the sign
 * of infinities: "infinite": {"loss": -1} */
void json_put_real(json_t *object, const char *key, double value, bool *failed);

json_t *json_item(double value);    /* in a list: a number, null for NaN, "Inf" or "-Inf" */

/* A whole number; above JSON_EXACT_MOST a string of its digits, because readers that
 * keep numbers as doubles (jq, JavaScript) would change them. */
#define JSON_EXACT_MOST ((uint64_t)1 << 53)
json_t *json_count(uint64_t value);

/* One line, with all digits; takes over `value`. */
void json_add_line(struct text *text, json_t *value, bool failed);
void json_add_indented(struct text *text, json_t *value, bool failed); /* several lines */

/* ---- reading: false with ERR_INPUT naming the key ---- */

const json_t *json_get(const json_t *object, const char *key, json_type type, struct err *err);
bool json_get_real(const json_t *object, const char *key, double *value, struct err *err);
bool json_item_real(const json_t *item, double *value);
#define JSON_COUNT_MOST ((uint64_t)1 << 60) /* of counts that are read: the sum of a few does not overflow */

/* A number or, as json_count() writes large ones, a string of digits: 0 to `most`. */
bool json_get_count(const json_t *object, const char *key, uint64_t most, uint64_t *value, struct err *err);
bool json_get_flag(const json_t *object, const char *key, bool *value, struct err *err);

bool json_is_plain(const char *string); /* printable ASCII only */

/* Printable ASCII into word[size]. */
bool json_get_word(const json_t *object, const char *key, char *word, size_t size, struct err *err);

#endif
