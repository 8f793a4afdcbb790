/* Two kinds of change: a tensor is scaled as a whole, which keeps its numbers
 * in agreement and takes them to the ends of the floats; or any one number that
 * is no count becomes another. */
#include "fuzz/numbers.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"

static unsigned next(unsigned *seed, unsigned below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % below;
}

static void scale_numbers(json_t *object, const char *const *names, double factor)
{
	for (; *names; names++) {
		json_t *number = json_object_get(object, *names);
		if (json_is_number(number) && isfinite(json_number_value(number) * factor))
			json_object_set_new(object, *names, json_real(json_number_value(number) * factor));
	}
}

/* ---- a tensor as a whole ---- */

static void scale_tensor(json_t *layer, unsigned *seed)
{
	static const char *const tensors[] = { "z", "a", "w", "delta", "dw" };
	static const char *const values[] = { "mean", "min", "max", NULL }, *const squares[] = { "variance", "mean_square", NULL };
	static const char *const ends[] = { "low", "high", NULL }, *const value[] = { "value", NULL };
	static const char *const parts[] = { "z_within", "z_between", NULL };
	unsigned which = next(seed, 5);
	json_t *tensor = json_object_get(layer, tensors[which]), *histogram = json_object_get(tensor, "histogram");
	double factor = pow(10, (double)next(seed, 70) - 35);
	const char *rank;
	json_t *number, *spike;
	size_t i;
	scale_numbers(tensor, values, factor);
	scale_numbers(tensor, squares, factor * factor);
	scale_numbers(histogram, ends, factor);
	json_object_foreach(json_object_get(tensor, "percentiles"), rank, number)
		if (json_is_number(number))
			json_object_set_new(json_object_get(tensor, "percentiles"), rank, json_real(json_number_value(number) * factor));
	json_array_foreach(json_object_get(histogram, "spikes"), i, spike)
		scale_numbers(spike, value, factor);
	if (which == 0)
		scale_numbers(layer, parts, factor * factor);
	json_object_del(tensor, "magnitudes"); /* they may be absent */
}

/* ---- any number ---- */

static double another(double number, unsigned *seed)
{
	static const double odd[] = { 0, -1, 1, 0.5, 1e-320, 1e30, -1e30, 3e38, 1e308, -1e308 };
	switch (next(seed, 3)) {
	case 0: return odd[next(seed, sizeof odd / sizeof odd[0])];
	case 1: return number * (1 + 1e-7 * next(seed, 100));
	default: return number * pow(10, (double)next(seed, 80) - 40);
	}
}

/* Counts down *left over the reals below `value`; changes the one that meets 0. */
static void change_one(json_t *value, unsigned *left, unsigned *seed)
{
	const char *key;
	json_t *member;
	size_t i;
	if (json_is_array(value))
		json_array_foreach(value, i, member) {
			if (json_is_real(member) && (*left)-- == 0)
				json_real_set(member, another(json_real_value(member), seed));
			else
				change_one(member, left, seed);
		}
	else if (json_is_object(value))
		json_object_foreach(value, key, member) {
			if (json_is_real(member) && (*left)-- == 0)
				json_real_set(member, another(json_real_value(member), seed));
			else
				change_one(member, left, seed);
		}
}

/* ---- the file ---- */

/* The start of the line-th line and its length; NULL behind the last. */
static uint8_t *line_at(uint8_t *data, size_t size, unsigned line, size_t *length)
{
	uint8_t *at = data, *end = data + size;
	for (; at < end; line--) {
		uint8_t *newline = memchr(at, '\n', (size_t)(end - at));
		*length = (size_t)((newline ? newline : end) - at);
		if (line == 0)
			return at;
		at += *length + 1;
	}
	return NULL;
}

size_t numbers_change(uint8_t *data, size_t size, size_t most, unsigned seed)
{
	size_t length = 0;
	unsigned lines = 1;
	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	uint8_t *line = line_at(data, size, 1 + next(&seed, lines), &length);
	json_t *object = line ? json_loadb((const char *)line, length, 0, NULL) : NULL;
	json_t *layers = json_object_get(object, "layers");
	if (json_array_size(layers) == 0) {
		json_decref(object);
		return size;
	}
	json_t *layer = json_array_get(layers, next(&seed, (unsigned)json_array_size(layers)));
	unsigned left = next(&seed, 200);
	if (next(&seed, 2))
		scale_tensor(layer, &seed);
	else
		change_one(next(&seed, 4) ? layer : object, &left, &seed);
	char *text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(17));
	size_t changed = text ? strlen(text) : 0;
	if (changed && size - length + changed <= most) {
		memmove(line + changed, line + length, size - (size_t)(line - data) - length);
		memcpy(line, text, changed);
		size += changed - length;
	}
	alloc_free(text);
	json_decref(object);
	return size;
}
