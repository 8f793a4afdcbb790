/* How bytes and floats become inputs of a net. */
#include <assert.h>
#include <math.h>

#include "base/alloc.h"
#include "data/dataset_parts.h"

static const struct entry scales[] = {
	[DATASET_UNIT] = { .name = "unit", .summary = "Pixels from 0 to 1; data that are no bytes as they are",
	                   .formula = "x = byte/255" },
	[DATASET_STANDARD] = { .name = "standard",
	                       .summary = "Mean 0 and variance 1 over all pixels of the training images",
	                       .formula = "x = (byte - mean)/sd" },
	[DATASET_SYMMETRIC] = { .name = "symmetric", .summary = "Pixels from -1 to 1", .formula = "x = byte/127.5 - 1" },
	[DATASET_FEATURE] = { .name = "feature",
	                      .summary = "Mean 0 and variance 1 of each feature (pixel) over the training samples",
	                      .formula = "x_i = (v_i - mean_i)/sd_i" },
	[DATASET_RAW] = { .name = "raw", .summary = "Numbers as they are in the file, bytes too", .formula = "x = v" },
};

const struct table dataset_scales = TABLE_OF(scales, "scaling", "scalings");

/* ---- one sample ---- */

/* The floats of a sample, whatever it is kept as. */
static bool take_values(float *value, struct dataset *dataset, enum dataset_split split, size_t index, struct err *err)
{
	const size_t pixels = dataset->pixels;
	if (!dataset_has_bytes(dataset)) {
		const struct samples *samples = vectors_part(&dataset->vectors, split == DATASET_TEST);
		const float *from = samples->values + dataset_position(dataset, split, index) * pixels;
		for (size_t i = 0; i < pixels; i++)
			value[i] = from[i];
		return true;
	}
	struct dataset_image image;
	if (!dataset_image(&image, dataset, split, index, err))
		return false;
	const uint8_t *byte = image.value;
	for (size_t i = 0; i < pixels; i++)
		value[i] = image.on[i / 64] >> i % 64 & 1 ? (float)*byte++ : 0;
	return true;
}

bool dataset_inputs(float *x, struct dataset *dataset, enum dataset_split split, size_t index,
                    const struct dataset_affine *affine, struct err *err)
{
	assert(index < dataset->count[split]);
	if (!take_values(x, dataset, split, index, err))
		return false;
	for (size_t i = 0; i < dataset->pixels; i++) {
		float scale = affine->feature_scale ? affine->feature_scale[i] : affine->scale;
		float shift = affine->feature_shift ? affine->feature_shift[i] : affine->shift;
		x[i] = scale * x[i] + shift;
	}
	return true;
}

/* ---- moments of bytes, in whole numbers ---- */

/* Training samples from which moments are estimated. */
static size_t sample_count(const struct dataset *dataset)
{
	size_t count = dataset->count[DATASET_TRAIN], sample = dataset->kind->sample;
	return sample && sample < count ? sample : count;
}

/* Sums of the bytes of the training images and of their squares, in whole
 * numbers: 2 GiB of 255^2 are less than 2^48. */
struct sums {
	uint64_t sum, square_sum, count;
};

static bool add_up(struct sums *sums, struct dataset *dataset, struct err *err)
{
	const size_t pixels = dataset_pixels(dataset), images = sample_count(dataset);
	const struct published *published = dataset->kind->published(dataset);
	*sums = (struct sums){ .count = images * pixels };
	if (published) {
		sums->sum = published->sum;
		sums->square_sum = published->square_sum;
		return true;
	}
	for (size_t i = 0; i < images; i++) {
		struct dataset_image image;
		if (!dataset_image(&image, dataset, DATASET_TRAIN, i, err))
			return false;
		const uint8_t *value = image.value;
		for (size_t w = 0; w < packed_words(pixels); w++) {
			const uint8_t *end = value + __builtin_popcountll(image.on[w]);
			for (; value < end; value++) {
				sums->sum += *value;
				sums->square_sum += (uint32_t)*value * *value;
			}
		}
	}
	return true;
}

/* ---- moments of floats and of single features ---- */

/* Welford's running mean and sum of squared distances, which stay exact where the mean is large;
 * values that are not finite are left out. */
struct running {
	double count, mean, squares;
};

static void add_value(struct running *running, double value)
{
	if (!isfinite(value))
		return;
	running->count++;
	double distance = value - running->mean;
	running->mean += distance / running->count;
	running->squares += distance * (value - running->mean);
}

/* Values that are all equal have no variance to divide by: they become 0. */
static struct dataset_affine standardizing(double mean, double variance)
{
	double scale = variance > 1e-9 ? 1 / sqrt(variance) : 1;
	return (struct dataset_affine){ .scale = (float)scale, .shift = (float)(-mean * scale) };
}

/* The same for floats, whose unit is not known: a variance is 0 relative to the mean. */
static struct dataset_affine standardizing_floats(const struct running *running)
{
	double variance = running->count > 0 ? running->squares / running->count : 0;
	bool none = variance <= 1e-12 * running->mean * running->mean || !(variance >= 1e-60);
	double scale = none ? 1 : 1 / sqrt(variance);
	return (struct dataset_affine){ .scale = (float)scale, .shift = (float)(-running->mean * scale) };
}

/* Adds the training samples to running[1], or to one for each feature. */
static bool run_over(struct running *running, bool by_feature, struct dataset *dataset, struct err *err)
{
	float *value = alloc_array(dataset->pixels, sizeof *value, err);
	bool good = value != NULL;
	for (size_t i = 0; good && i < sample_count(dataset); i++) {
		good = take_values(value, dataset, DATASET_TRAIN, i, err);
		for (size_t f = 0; good && f < dataset->pixels; f++)
			add_value(&running[by_feature ? f : 0], (double)value[f]);
	}
	alloc_free(value);
	return good;
}

static bool standardize(struct dataset_affine *affine, struct dataset *dataset, struct err *err)
{
	struct running running = {0};
	struct sums sums;
	if (!dataset_has_bytes(dataset)) {
		bool done = run_over(&running, false, dataset, err);
		*affine = standardizing_floats(&running);
		return done;
	}
	if (!add_up(&sums, dataset, err))
		return false;
	double mean = (double)sums.sum / (double)sums.count;
	*affine = standardizing(mean, (double)sums.square_sum / (double)sums.count - mean * mean);
	return true;
}

static bool standardize_features(struct dataset *dataset, struct err *err)
{
	const size_t pixels = dataset->pixels;
	if (dataset->feature_scale)
		return true;
	struct running *running = alloc_array(pixels, sizeof *running, err);
	float *both = running ? alloc_array(2 * pixels, sizeof *both, err) : NULL;
	bool done = both && run_over(running, true, dataset, err);
	for (size_t f = 0; done && f < pixels; f++) {
		struct dataset_affine affine = standardizing_floats(&running[f]);
		both[f] = affine.scale;
		both[pixels + f] = affine.shift;
	}
	alloc_free(running);
	if (!done) {
		alloc_free(both);
		return false;
	}
	dataset->feature_scale = both;
	dataset->feature_shift = both + pixels;
	return true;
}

bool dataset_scaling(struct dataset *dataset, enum dataset_scale scale, struct dataset_affine *affine, struct err *err)
{
	bool bytes = dataset_has_bytes(dataset);
	*affine = (struct dataset_affine){ .scale = 1 };
	switch (scale) {
	case DATASET_UNIT:
		affine->scale = bytes ? 1 / 255.0f : 1;
		return true;
	case DATASET_SYMMETRIC:
		*affine = (struct dataset_affine){ .scale = bytes ? 2 / 255.0f : 2, .shift = -1 };
		return true;
	case DATASET_FEATURE:
		if (!standardize_features(dataset, err))
			return false;
		affine->feature_scale = dataset->feature_scale;
		affine->feature_shift = dataset->feature_shift;
		return true;
	case DATASET_RAW:
		return true;
	case DATASET_STANDARD:
		break;
	}
	return standardize(affine, dataset, err);
}
