/* Samples in memory. */
#include "data/samples.h"

#include <math.h>
#include <stdio.h>

#include "base/alloc.h"
#include "data/inflate.h"

enum { MNIST_SIDE = 28 }; /* rows of 784 numbers are taken for pictures of that size */

bool samples_check_size(const char *name, size_t count, size_t features, size_t size, struct err *err)
{
	uint64_t bytes;
	if (count < 1 || count > SAMPLES_MOST)
		return err_set(err, ERR_INPUT, "%s: %zu samples: 1 to %d are possible", name, count, SAMPLES_MOST);
	if (features < 1 || features > SAMPLES_FEATURES)
		return err_set(err, ERR_INPUT, "%s: %zu features: 1 to %d are possible", name, features, SAMPLES_FEATURES);
	if (__builtin_mul_overflow((uint64_t)count * features, (uint64_t)size, &bytes) || bytes > STREAM_MOST)
		return err_set(err, ERR_INPUT, "%s: %zu samples of %zu features are more than the 2 GiB that are read: take fewer "
		               "samples", name, count, features);
	return true;
}

static uint32_t add_number(uint32_t crc, size_t number)
{
	const uint8_t bytes[4] = { (uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number };
	return inflate_crc(crc, bytes, sizeof bytes);
}

bool samples_begin(struct samples *samples, const char *name, size_t count, size_t rows, size_t columns, bool bytes,
                   struct err *err)
{
	if (rows == 1 && columns == MNIST_SIDE * MNIST_SIDE)
		rows = columns = MNIST_SIDE;
	*samples = (struct samples){ .count = count, .features = rows * columns, .rows = rows, .columns = columns };
	snprintf(samples->name, sizeof samples->name, "%s", name);
	if (!samples_check_size(name, count, samples->features, bytes ? 1 : sizeof(float), err))
		return false;
	samples->crc = add_number(add_number(add_number(add_number(0, 0x803), count), rows), columns);
	if (bytes)
		samples->bytes = packed_create(count, samples->features, err);
	else
		samples->values = alloc_array(count * samples->features, sizeof *samples->values, err);
	return samples->bytes || samples->values || err_prefix(err, "%s", name);
}

void samples_free(struct samples *samples)
{
	packed_destroy(samples->bytes);
	alloc_free(samples->values);
	alloc_free(samples->label);
	*samples = (struct samples){0};
}

bool samples_put_bytes(struct samples *samples, size_t index, const uint8_t *bytes, struct err *err)
{
	samples->crc = inflate_crc(samples->crc, bytes, samples->features);
	return packed_put(samples->bytes, index, bytes, err) || err_prefix(err, "%s", samples->name);
}

void samples_put_value(struct samples *samples, size_t index, size_t feature, double value)
{
	float rounded = (float)value; /* too large for a float: infinite, and counted as that */
	samples->values[index * samples->features + feature] = rounded;
	if (isfinite(rounded))
		return;
	if (samples->nan + samples->inf == 0) {
		samples->bad_sample = index;
		samples->bad_feature = feature;
	}
	samples->nan += isnan(rounded) != 0;
	samples->inf += isinf(rounded) != 0;
}

bool samples_begin_labels(struct samples *samples, struct err *err)
{
	samples->label = alloc_array(samples->count, 1, err);
	return samples->label || err_prefix(err, "%s", samples->name);
}

void samples_end_labels(struct samples *samples)
{
	samples->label_crc = inflate_crc(add_number(add_number(0, 0x801), samples->count), samples->label, samples->count);
}
