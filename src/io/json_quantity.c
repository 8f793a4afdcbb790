/* Quantities as members of JSON objects. */
#include "io/json_quantity.h"

#include <math.h>
#include <string.h>

#define PERCENTILES "percentiles" /* the object that contains them */

/* "p5" is the member 5 of "percentiles". */
static const char *key_of(const struct quantity *quantity)
{
	return quantity_key(quantity) + (quantity->output & QUANTITY_PERCENTILE ? 1 : 0);
}

static void put_stored(json_t *object, const char *key, const struct quantity *quantity, const char *stored,
                       bool *failed)
{
	double real;
	uint64_t whole;
	if (quantity->type == QUANTITY_REAL) {
		memcpy(&real, stored, sizeof real);
		json_put_real(object, key, real, failed);
	} else {
		memcpy(&whole, stored, sizeof whole);
		json_put(object, key, json_count(whole), failed);
	}
}

void json_put_quantities(json_t *object, enum quantity_scope scope, const void *base, bool *failed)
{
	json_t *percentiles = NULL;
	for (size_t i = 0; i < quantities.count; i++) {
		const struct quantity *quantity = quantity_at(i);
		json_t *into = object;
		if (quantity->scope != scope || !(quantity->output & QUANTITY_JSON))
			continue;
		if (quantity->output & QUANTITY_PERCENTILE)
			into = percentiles = percentiles ? percentiles : json_object();
		put_stored(into, key_of(quantity), quantity, (const char *)base + quantity->offset, failed);
	}
	if (percentiles)
		json_put(object, PERCENTILES, percentiles, failed);
}

static bool get_stored(const json_t *object, const char *key, const struct quantity *quantity, char *stored,
                       struct err *err)
{
	double real;
	uint64_t whole;
	if (quantity->type == QUANTITY_REAL) {
		if (!json_get_real(object, key, &real, err))
			return false;
		if (quantity->not_negative && real < 0)
			return err_set(err, ERR_INPUT, "'%s' is negative", key);
		if (quantity->unit == QUANTITY_SHARE && real > 1)
			return err_set(err, ERR_INPUT, "'%s' is a share and above 1", key);
		memcpy(stored, &real, sizeof real);
	} else {
		if (!json_get_count(object, key, JSON_COUNT_MOST, &whole, err))
			return false;
		memcpy(stored, &whole, sizeof whole);
	}
	return true;
}

/* The value of a member that is missing in files of an older version: NaN, or a
 * count of 0. */
static void set_missing(const struct quantity *quantity, char *stored)
{
	static const double nan = NAN;
	static const uint64_t none = 0;
	if (quantity->type == QUANTITY_REAL)
		memcpy(stored, &nan, sizeof nan);
	else
		memcpy(stored, &none, sizeof none);
}

bool json_get_quantities(const json_t *object, enum quantity_scope scope, void *base, struct err *err)
{
	for (size_t i = 0; i < quantities.count; i++) {
		const struct quantity *quantity = quantity_at(i);
		const json_t *from = object;
		if (quantity->scope != scope || !(quantity->output & QUANTITY_JSON))
			continue;
		if (quantity->output & QUANTITY_PERCENTILE)
			from = json_get(object, PERCENTILES, JSON_OBJECT, err);
		if (from && quantity->output & QUANTITY_JSON_LATER && json_object_get(from, key_of(quantity)) == NULL) {
			set_missing(quantity, (char *)base + quantity->offset);
			continue;
		}
		if (from == NULL || !get_stored(from, key_of(quantity), quantity, (char *)base + quantity->offset, err))
			return false;
	}
	return true;
}
