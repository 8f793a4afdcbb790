/* Labelled vectors: reading them by their format, checks across the parts. */
#include "data/vectors.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "data/arrays.h"
#include "data/csv.h"
#include "data/labels.h"

/* ---- reading ---- */

static bool read_tables(struct vectors *vectors, const struct layout_found *found, struct err *err)
{
	struct csv_set *set = csv_set_create(err);
	bool unlabelled = false, two = found->path[1][0] != '\0';
	bool read = set && csv_read_samples(&vectors->train, found->path[0], set, NULL, &vectors->warnings, err) &&
	            (!two || csv_read_samples(&vectors->test, found->path[1], set, &unlabelled, &vectors->warnings, err));
	csv_set_destroy(set);
	char safe[256];
	return read && (!unlabelled || warnings_add(&vectors->warnings, err, "%s: has no labels and is left out: some of the "
	                                            "training samples test", text_escape(safe, sizeof safe, found->path[1])));
}

static bool read_by_format(struct vectors *vectors, const struct layout_found *found, struct err *err)
{
	switch (found->format) {
	case LAYOUT_NPZ:
		return arrays_read_npz(&vectors->train, &vectors->test, found->path[0], err);
	case LAYOUT_NPY:
		return found->path[1][0] ? arrays_read_pair(&vectors->train, found->path[0], found->path[1], err)
		                         : arrays_read_folder(&vectors->train, &vectors->test, found->path[0], err);
	default:
		return read_tables(vectors, found, err);
	}
}

/* ---- checks ---- */

static bool check_parts(const struct vectors *vectors, const char *safe, struct err *err)
{
	const struct samples *train = &vectors->train, *test = &vectors->test;
	if (test->count && test->features != train->features)
		return err_set(err, ERR_INPUT, "%s: training samples of %zu features, test samples of %zu: they must be equal", safe,
		               train->features, test->features);
	return true;
}

/* One part of bytes and the other of floats become floats both. */
static bool unify(struct samples *samples, struct err *err)
{
	struct samples floats;
	if (!samples_begin(&floats, samples->name, samples->count, samples->rows, samples->columns, false, err)) {
		samples_free(&floats);
		return false;
	}
	for (size_t i = 0; i < samples->count; i++) {
		const uint64_t *on = packed_at(samples->bytes, i);
		const uint8_t *value = (const uint8_t *)(on + packed_words(samples->features));
		for (size_t f = 0; f < samples->features; f++)
			samples_put_value(&floats, i, f, on[f / 64] >> f % 64 & 1 ? *value++ : 0);
	}
	floats.label = samples->label;
	floats.label_crc = samples->label_crc;
	samples->label = NULL;
	samples_free(samples);
	*samples = floats;
	return true;
}

static bool unify_parts(struct vectors *vectors, struct err *err)
{
	struct samples *train = &vectors->train, *test = &vectors->test;
	if (test->count == 0 || (train->bytes != NULL) == (test->bytes != NULL))
		return true;
	return unify(train->bytes ? train : test, err);
}

static bool warn_of_values(struct vectors *vectors, const struct samples *samples, struct err *err)
{
	if (samples->nan + samples->inf == 0)
		return true;
	return warnings_add(&vectors->warnings, err, "%s: %" PRIu64 " NaN and %" PRIu64 " infinite among %zu values (the first: "
	                    "sample %zu, feature %zu, counted from 0): the net gets them as they are", samples->name, samples->nan,
	                    samples->inf, samples->count * samples->features, samples->bad_sample, samples->bad_feature);
}

/* Whether all values are those of bytes, and some as large as only pixels are. */
static bool look_like_pixels(const struct samples *samples)
{
	float largest = 0;
	for (size_t i = 0; samples->values && i < samples->count * samples->features; i++) {
		float value = samples->values[i];
		if (!(value >= 0 && value <= UINT8_MAX && value == floorf(value)))
			return false;
		largest = value > largest ? value : largest;
	}
	return largest > INT8_MAX;
}

/* The largest of the bytes; only as far as one that is as large as only pixels are. */
static unsigned largest_byte(const struct samples *samples)
{
	unsigned largest = 0;
	for (size_t i = 0; i < samples->count && largest <= INT8_MAX; i++) {
		const uint64_t *on = packed_at(samples->bytes, i);
		const uint8_t *value = (const uint8_t *)(on + packed_words(samples->features));
		for (size_t f = 0; f < samples->features; f++)
			if (on[f / 64] >> f % 64 & 1 && *value++ > largest)
				largest = value[-1];
	}
	return largest;
}

/* Pixels that a program has made whole numbers of another type, or floats; bytes that
 * are no pixels of 0 to 255, as those of scikit-learn's digits, 0 to 16. */
static bool warn_of_pixels(struct vectors *vectors, struct err *err)
{
	const struct samples *train = &vectors->train;
	if (look_like_pixels(train))
		return warnings_add(&vectors->warnings, err, "%s: whole numbers from 0 to 255, as pixels have, but not of type uint8, which "
		                    "--scale unit divides by 255: save them as uint8, or give --scale standard", train->name);
	unsigned largest = train->bytes ? largest_byte(train) : UINT8_MAX;
	return largest > INT8_MAX || largest == 0 ||
	       warnings_add(&vectors->warnings, err, "%s: whole numbers from 0 to %u, which --scale unit divides by 255 as it does "
	                    "with pixels, so that inputs are small: give --scale standard", train->name, largest);
}

static bool check_labels(struct vectors *vectors, const char *safe, struct err *err)
{
	struct labels labels = {0};
	labels_count(&labels, vectors->train.label, vectors->train.count, vectors->train.name);
	labels_count(&labels, vectors->test.label, vectors->test.count, vectors->test.name);
	vectors->classes = labels_classes(&labels);
	return labels_check_gaps(&labels, "sample", safe, &vectors->warnings, err);
}

/* Finds the published set that this is, or is promised to be. */
static bool recognise(struct vectors *vectors, const char *promised, const char *safe, struct err *err)
{
	const struct samples *train = &vectors->train, *test = &vectors->test;
	const uint32_t crc[PUBLISHED_FILES] = { train->crc, train->label_crc, test->crc, test->label_crc },
	               none[PUBLISHED_FILES] = {0};
	bool possible = train->bytes && published_may_be(train->count, test->count, train->rows, train->columns);
	const struct published *set = published_find(possible ? crc : none, promised);
	bool modified = published_differs(set, possible ? crc : none);
	if (modified && promised == NULL)
		return true; /* resembles a published set, and does not claim to be it */
	vectors->known = set;
	vectors->modified = modified;
	return !modified || warnings_add(&vectors->warnings, err, "%s: not the published numbers of %s: the data are modified", safe,
	                                 set->name);
}

bool vectors_open(struct vectors *vectors, const struct layout_found *found, const char *path, const char *promised,
                  struct err *err)
{
	char safe[256];
	*vectors = (struct vectors){0};
	text_escape(safe, sizeof safe, path);
	if (read_by_format(vectors, found, err) && check_parts(vectors, safe, err) && unify_parts(vectors, err) &&
	    warn_of_values(vectors, &vectors->train, err) && warn_of_values(vectors, &vectors->test, err) &&
	    warn_of_pixels(vectors, err) && check_labels(vectors, safe, err) && recognise(vectors, promised, safe, err)) {
		published_name(vectors->name, sizeof vectors->name, vectors->known, vectors->modified, path);
		return true;
	}
	vectors_close(vectors);
	return false;
}

void vectors_close(struct vectors *vectors)
{
	samples_free(&vectors->train);
	samples_free(&vectors->test);
	warnings_drop(vectors->warnings);
	*vectors = (struct vectors){0};
}
