/* The data of a .npy file. */
#include "data/npy.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/whole.h"

enum { WINDOW = 256 * 1024 }; /* bytes read at once, where a sample is not more */

/* ---- elements ---- */

static uint64_t bits_of(const struct npy *npy, const uint8_t *element)
{
	if (npy->size == 4 && !npy->swapped) {
		uint32_t low;
		memcpy(&low, element, sizeof low);
		return low;
	}
	const bool high_first = npy->swapped == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
	uint64_t bits = 0;
	for (size_t i = 0; i < npy->size; i++)
		bits = bits << 8 | element[high_first ? i : npy->size - 1 - i];
	return bits;
}

/* The value of a signed number of `size` bytes. */
static int64_t signed_of(uint64_t bits, size_t size)
{
	uint64_t sign = (uint64_t)1 << (8 * size - 1);
	return (int64_t)((bits ^ sign) - sign);
}

double npy_half(uint64_t bits)
{
	int exponent = (int)(bits >> 10 & 31);
	double fraction = (double)(bits & 1023), sign = bits >> 15 & 1 ? -1 : 1;
	if (exponent == 31)
		return fraction > 0 ? NAN : sign * INFINITY;
	return sign * (exponent ? ldexp(1024 + fraction, exponent - 25) : ldexp(fraction, -24));
}

static double real_of(const struct npy *npy, const uint8_t *element)
{
	uint64_t bits = bits_of(npy, element);
	uint32_t low = (uint32_t)bits;
	double value;
	float narrow;
	switch (npy->kind) {
	case 'f':
		if (npy->size == 2)
			return npy_half(bits);
		if (npy->size == sizeof narrow) {
			memcpy(&narrow, &low, sizeof narrow);
			return (double)narrow;
		}
		memcpy(&value, &bits, sizeof value);
		return value;
	case 'i':
		return (double)signed_of(bits, npy->size);
	default:
		return (double)bits;
	}
}

/* ---- samples ---- */

/* Bytes of one sample in the file. */
static size_t sample_bytes(const struct samples *samples, const struct npy *npy)
{
	return samples->features * npy->size;
}

/* One sample whose elements lie `step` elements apart: feature f is element order[f], or f
 * where order is NULL. */
static bool put_sample(struct samples *samples, size_t index, const struct npy *npy, const uint8_t *first,
                       const size_t *order, uint8_t *draft, struct err *err)
{
	if (samples->bytes && order == NULL)
		return samples_put_bytes(samples, index, first, err);
	for (size_t f = 0; f < samples->features; f++) {
		const uint8_t *element = first + (order ? order[f] : f) * npy->size;
		if (samples->bytes)
			draft[f] = *element;
		else
			samples_put_value(samples, index, f, real_of(npy, element));
	}
	return samples->bytes == NULL || samples_put_bytes(samples, index, draft, err);
}

/* The last index changes fastest: a sample after the other. */
static bool read_in_rows(struct samples *samples, const struct npy *npy, const struct stream *stream, struct err *err)
{
	size_t item = sample_bytes(samples, npy), at_once = item > WINDOW ? 1 : WINDOW / item;
	uint8_t *window = alloc_array(at_once * item + PACKED_BEHIND, 1, err);
	bool good = window || err_prefix(err, "%s", stream->name);
	for (size_t done = 0; good && done < samples->count;) {
		size_t part = samples->count - done < at_once ? samples->count - done : at_once;
		good = stream_exactly(stream, window, part * item, "data", err);
		for (size_t i = 0; good && i < part; i++)
			good = put_sample(samples, done + i, npy, window + i * item, NULL, NULL, err);
		done += part;
	}
	alloc_free(window);
	return good;
}

/* Where each feature of sample 0 is among the elements of an array whose first index changes
 * fastest: features count with the last index fastest, the file with the first. */
static void order_features(size_t *order, const struct npy *npy, size_t features)
{
	for (size_t f = 0; f < features; f++) {
		size_t rest = f, at = 0, stride = npy->elements;
		for (size_t d = npy->rank; d-- > 1;) {
			stride /= npy->shape[d]; /* elements between neighbours in dimension d */
			at += rest % npy->shape[d] * stride;
			rest /= npy->shape[d];
		}
		order[f] = at;
	}
}

/* The first index changes fastest: all samples at once. */
static bool read_in_columns(struct samples *samples, const struct npy *npy, const struct stream *stream, struct err *err)
{
	uint8_t *all = alloc_array(npy->elements, npy->size, err);
	uint8_t *draft = all ? alloc_array(samples->features + PACKED_BEHIND, 1, err) : NULL;
	size_t *order = draft ? alloc_array(samples->features, sizeof *order, err) : NULL;
	bool good = order ? stream_exactly(stream, all, npy->elements * npy->size, "data", err)
	                  : err_prefix(err, "%s", stream->name);
	if (good)
		order_features(order, npy, samples->features);
	for (size_t i = 0; good && i < samples->count; i++)
		good = put_sample(samples, i, npy, all + i * npy->size, order, draft, err);
	alloc_free(order);
	alloc_free(draft);
	alloc_free(all);
	return good;
}

bool npy_read_samples(struct samples *samples, const struct npy *npy, const struct stream *stream, struct err *err)
{
	if (npy->rank < 2)
		return err_set(err, ERR_INPUT, "%s: one dimension: samples are rows of an array of 2 or more dimensions",
		               stream->name);
	size_t rows = npy->rank > 2 ? npy->shape[1] : 1, columns = npy->shape[npy->rank > 2 ? 2 : 1];
	for (size_t d = 3; d < npy->rank; d++)
		columns *= npy->shape[d];
	if (!samples_begin(samples, stream->name, npy->shape[0], rows, columns, npy->kind == 'u' && npy->size == 1, err))
		return false;
	bool in_rows = !npy->fortran;
	return (in_rows ? read_in_rows(samples, npy, stream, err) : read_in_columns(samples, npy, stream, err)) &&
	       stream_end(stream, err);
}

/* ---- labels ---- */

static bool put_label(struct samples *samples, size_t index, const struct npy *npy, const uint8_t *element,
                      const char *name, struct err *err)
{
	uint64_t bits = bits_of(npy, element);
	double value = real_of(npy, element);
	bool whole = npy->kind != 'f' || (value >= 0 && value <= UINT8_MAX && value == floor(value));
	if (!whole)
		return err_set(err, ERR_INPUT, "%s: label %g of sample %zu: whole numbers from 0 to 255 are possible", name, value, index);
	if (npy->kind == 'i' && signed_of(bits, npy->size) < 0)
		return err_set(err, ERR_INPUT, "%s: label %" PRId64 " of sample %zu: 0 to 255 are possible", name,
		               signed_of(bits, npy->size), index);
	if (npy->kind != 'f' && bits > UINT8_MAX)
		return err_set(err, ERR_INPUT, "%s: label %" PRIu64 " of sample %zu: 0 to 255 are possible", name, bits, index);
	samples->label[index] = (uint8_t)whole_int(value, 0, UINT8_MAX);
	return true;
}

static bool check_labels(const struct samples *samples, const struct npy *npy, const char *name, struct err *err)
{
	if (npy->rank > 2 || (npy->rank == 2 && npy->shape[1] != 1))
		return err_set(err, ERR_INPUT, "%s: labels of %zu dimensions: one number per sample is needed%s", name, npy->rank,
		               npy->rank == 2 ? ", as argmax(1) makes of one column per class" : "");
	return npy->elements == samples->count ||
	       err_set(err, ERR_INPUT, "%s: %zu labels, but %zu samples in %s: the numbers must be equal", name, npy->elements,
	               samples->count, samples->name);
}

bool npy_read_labels(struct samples *samples, const struct npy *npy, const struct stream *stream, struct err *err)
{
	if (!check_labels(samples, npy, stream->name, err) || !samples_begin_labels(samples, err))
		return false;
	uint8_t *all = alloc_array(npy->elements, npy->size, err);
	bool good = all ? stream_exactly(stream, all, npy->elements * npy->size, "data", err)
	                : err_prefix(err, "%s", stream->name);
	for (size_t i = 0; good && i < samples->count; i++)
		good = put_label(samples, i, npy, all + i * npy->size, stream->name, err);
	alloc_free(all);
	if (good)
		samples_end_labels(samples);
	return good && stream_end(stream, err);
}
