/* Reads and writes JSON values with jansson. */
#include "io/json_value.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

#define INFINITE "infinite" /* the member that distinguishes infinities from NaN */

static bool memory_failed; /* the system refused memory since json_begin() */

static void *allocate(size_t bytes)
{
	void *block = alloc_array(1, bytes, NULL);
	memory_failed |= block == NULL;
	return block;
}

void json_begin(void)
{
	memory_failed = false;
	json_set_alloc_funcs(allocate, alloc_free);
}

bool json_memory_failed(void)
{
	return memory_failed;
}

/* ---- writing ---- */

/* jansson lets constructors and the *_new setters take NULL and fail in turn,
 * so that one check at the end detects any failure. */
void json_put(json_t *object, const char *key, json_t *value, bool *failed)
{
	if (json_object_set_new(object, key, value) != 0)
		*failed = true;
}

void json_append(json_t *array, json_t *value, bool *failed)
{
	if (json_array_append_new(array, value) != 0)
		*failed = true;
}

void json_put_real(json_t *object, const char *key, double value, bool *failed)
{
	json_put(object, key, isfinite(value) ? json_real(value) : json_null(), failed);
	if (!isinf(value))
		return;
	if (json_object_get(object, INFINITE) == NULL)
		json_put(object, INFINITE, json_object(), failed);
	json_put(json_object_get(object, INFINITE), key, json_integer(value > 0 ? 1 : -1), failed);
}

json_t *json_item(double value)
{
	return isfinite(value) ? json_real(value) : isnan(value) ? json_null() : json_string(value > 0 ? "Inf" : "-Inf");
}

json_t *json_count(uint64_t value)
{
	return value <= JSON_EXACT_MOST ? json_integer((json_int_t)value) : json_sprintf("%llu", (unsigned long long)value);
}

static int add_bytes(const char *bytes, size_t length, void *text)
{
	text_add_bytes(text, bytes, length);
	return 0;
}

static void add_dump(struct text *text, json_t *value, bool failed, size_t layout)
{
	if (failed || json_dump_callback(value, add_bytes, text, layout | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(17)) != 0)
		text->failed = true;
	text_add(text, "\n");
	json_decref(value);
}

void json_add_line(struct text *text, json_t *value, bool failed)
{
	add_dump(text, value, failed, JSON_COMPACT);
}

void json_add_indented(struct text *text, json_t *value, bool failed)
{
	add_dump(text, value, failed, JSON_INDENT(1));
}

/* ---- reading ---- */

static const char *const type_names[] = {
	[JSON_OBJECT] = "an object", [JSON_ARRAY] = "a list", [JSON_STRING] = "a string",
};

const json_t *json_get(const json_t *object, const char *key, json_type type, struct err *err)
{
	const json_t *value = json_object_get(object, key);
	if (value && json_typeof(value) == type)
		return value;
	if (value == NULL)
		err_set(err, ERR_INPUT, "'%s' is missing", key);
	else
		err_set(err, ERR_INPUT, "'%s' is not %s", key, type_names[type]);
	return NULL;
}

bool json_get_real(const json_t *object, const char *key, double *value, struct err *err)
{
	const json_t *found = json_object_get(object, key);
	if (json_is_number(found))
		*value = json_number_value(found);
	else if (json_is_null(found)) {
		json_int_t sign = json_integer_value(json_object_get(json_object_get(object, INFINITE), key));
		*value = sign > 0 ? INFINITY : sign < 0 ? -INFINITY : NAN;
	} else
		return err_set(err, ERR_INPUT, found ? "'%s' is neither a number nor null" : "'%s' is missing", key);
	return true;
}

bool json_item_real(const json_t *item, double *value)
{
	const char *word = json_string_value(item);
	if (json_is_number(item))
		*value = json_number_value(item);
	else if (json_is_null(item))
		*value = NAN;
	else if (word && (strcmp(word, "Inf") == 0 || strcmp(word, "-Inf") == 0))
		*value = word[0] == '-' ? -INFINITY : INFINITY;
	else
		return false;
	return true;
}

bool json_get_count(const json_t *object, const char *key, uint64_t most, uint64_t *value, struct err *err)
{
	const json_t *found = json_object_get(object, key);
	const char *digits = json_string_value(found);
	json_int_t number = json_integer_value(found);
	uint64_t count = number < 0 ? 0 : (uint64_t)number;
	bool whole = digits ? text_unsigned(digits, &count) : json_is_integer(found) && number >= 0;
	if (!whole || count > most)
		return err_set(err, ERR_INPUT, found ? "'%s' is not a whole number from 0 to %llu" : "'%s' is missing", key,
		               (unsigned long long)most);
	*value = count;
	return true;
}

bool json_get_flag(const json_t *object, const char *key, bool *value, struct err *err)
{
	const json_t *found = json_object_get(object, key);
	if (!json_is_boolean(found))
		return err_set(err, ERR_INPUT, found ? "'%s' is neither true nor false" : "'%s' is missing", key);
	*value = json_is_true(found);
	return true;
}

bool json_is_plain(const char *string)
{
	while (*string >= ' ' && *string <= '~')
		string++;
	return *string == '\0';
}

bool json_get_word(const json_t *object, const char *key, char *word, size_t size, struct err *err)
{
	const json_t *found = json_get(object, key, JSON_STRING, err);
	if (found == NULL)
		return false;
	const char *string = json_string_value(found);
	if (json_string_length(found) >= size)
		return err_set(err, ERR_INPUT, "'%s' is longer than %zu characters", key, size - 1);
	if (!json_is_plain(string))
		return err_set(err, ERR_INPUT, "'%s' has characters beyond printable ASCII", key);
	memcpy(word, string, strlen(string) + 1);
	return true;
}
