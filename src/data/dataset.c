/* Data sets: the built-in digits, drawn when asked for, and folders of IDX
 * files, inflated as far as asked for.  Knows no settings and no network. */
#include <assert.h>
#include <math.h>

#include "data/dataset_parts.h"
#include "data/digits.h"

enum {
	DIGITS_SAMPLE = 2000, /* training images that stand for all in the standard scaling */
	BLOCK = 32,           /* images inflated at once: zlib is slow in small pieces */
	LOAD_PART = 4000,     /* images between two words on how far the reading is */
	CACHE_LINE = 64,
};

/* ---- what it is ---- */

const char *dataset_name(const struct dataset *dataset)
{
	return dataset->drawn ? "built-in digits" : dataset->folder.name;
}

const char *dataset_warning(const struct dataset *dataset)
{
	const char *warning = dataset->drawn ? dataset->warning : dataset->folder.warning;
	return *warning ? warning : NULL;
}

const char *dataset_spec(const struct dataset *dataset)
{
	return dataset->spec;
}

size_t dataset_count(const struct dataset *dataset, enum dataset_split split)
{
	return dataset->count[split];
}

size_t dataset_rows(const struct dataset *dataset)
{
	return dataset->rows;
}

size_t dataset_columns(const struct dataset *dataset)
{
	return dataset->columns;
}

size_t dataset_pixels(const struct dataset *dataset)
{
	return dataset->rows * dataset->columns;
}

size_t dataset_classes(const struct dataset *dataset)
{
	return dataset->classes;
}

static bool is_published(const struct dataset *dataset)
{
	return dataset->folder.known && !dataset->folder.modified;
}

/* ---- images and labels ---- */

static enum folder_file images_of(enum dataset_split split)
{
	return split == DATASET_TEST ? FOLDER_TEST_IMAGES : FOLDER_TRAIN_IMAGES;
}

static const uint8_t *digit_at(struct digits *digits, size_t position)
{
	uint8_t *pixels = digits->pixels + position * DIGITS_PIXELS;
	if (!digits->drawn[position]) {
		digits_draw(pixels, digits->seed, position);
		digits->drawn[position] = true;
		digits->count++;
	}
	return pixels;
}

static bool read_images(struct folder *folder, enum folder_file which, size_t count, struct err *err)
{
	if (!idx_need(folder->file[which], count, err))
		return false;
	folder_check_extra(folder);
	return true;
}

const uint8_t *dataset_image(struct dataset *dataset, enum dataset_split split, size_t index, struct err *err)
{
	assert(index < dataset->count[split]);
	size_t position = dataset->first[split] + index;
	if (dataset->drawn)
		return digit_at(&dataset->digits, position);
	enum folder_file which = images_of(split);
	const struct idx *images = dataset->folder.file[which];
	if (position >= idx_available(images) &&
	    !read_images(&dataset->folder, which, (position / BLOCK + 1) * BLOCK, err))
		return NULL;
	return idx_bytes(images) + position * dataset_pixels(dataset);
}

void dataset_prefetch(const struct dataset *dataset, enum dataset_split split, size_t index)
{
	assert(index < dataset->count[split]);
	size_t position = dataset->first[split] + index, pixels = dataset_pixels(dataset);
	const uint8_t *all = dataset->drawn ? dataset->digits.pixels : idx_bytes(dataset->folder.file[images_of(split)]);
	for (size_t i = 0; i < pixels; i += CACHE_LINE)
		__builtin_prefetch(all + position * pixels + i);
}

int dataset_label(struct dataset *dataset, enum dataset_split split, size_t index)
{
	assert(index < dataset->count[split]);
	size_t position = dataset->first[split] + index;
	if (dataset->drawn)
		return digits_label(dataset->digits.seed, position);
	return idx_bytes(dataset->folder.file[images_of(split) + 1])[position];
}

bool dataset_load_more(struct dataset *dataset, bool *more, struct err *err)
{
	*more = false;
	if (dataset->drawn)
		return true;
	static const enum dataset_split files[] = { DATASET_TRAIN, DATASET_TEST };
	for (size_t i = 0; i < 2; i++) {
		enum folder_file which = images_of(files[i]);
		size_t there = idx_available(dataset->folder.file[which]);
		if (there < idx_count(dataset->folder.file[which])) {
			*more = true;
			return read_images(&dataset->folder, which, there + LOAD_PART, err);
		}
	}
	return true;
}

bool dataset_load(struct dataset *dataset, struct err *err)
{
	for (size_t i = 0; dataset->drawn && i < DATASET_DIGITS; i++)
		digit_at(&dataset->digits, i);
	return dataset->drawn || (read_images(&dataset->folder, FOLDER_TRAIN_IMAGES, SIZE_MAX, err) &&
	                          read_images(&dataset->folder, FOLDER_TEST_IMAGES, SIZE_MAX, err));
}

double dataset_loaded(const struct dataset *dataset)
{
	if (dataset->drawn)
		return (double)dataset->digits.count / DATASET_DIGITS;
	const struct idx *train = dataset->folder.file[FOLDER_TRAIN_IMAGES], *test = dataset->folder.file[FOLDER_TEST_IMAGES];
	return (double)(idx_available(train) + idx_available(test)) / (double)(idx_count(train) + idx_count(test));
}

/* ---- scaling ---- */

static const struct entry scales[] = {
	[DATASET_UNIT] = { .name = "unit", .summary = "Pixels from 0 to 1", .formula = "x = byte/255" },
	[DATASET_STANDARD] = { .name = "standard",
	                       .summary = "Mean 0 and variance 1 over all pixels of the training images",
	                       .formula = "x = (byte - mean)/sd" },
	[DATASET_SYMMETRIC] = { .name = "symmetric", .summary = "Pixels from -1 to 1", .formula = "x = byte/127.5 - 1" },
};

const struct table dataset_scales = TABLE_OF(scales, "scaling", "scalings");

/* Sums of the bytes of the training images and of their squares, in whole
 * numbers: 2 GiB of 255^2 are less than 2^48. */
struct sums {
	uint64_t sum, square_sum, count;
};

static bool add_up(struct sums *sums, struct dataset *dataset, struct err *err)
{
	const size_t pixels = dataset_pixels(dataset);
	size_t images = dataset->count[DATASET_TRAIN];
	*sums = (struct sums){ .count = images * pixels };
	if (is_published(dataset)) {
		sums->sum = dataset->folder.known->sum;
		sums->square_sum = dataset->folder.known->square_sum;
		return true;
	}
	if (dataset->drawn)
		images = DIGITS_SAMPLE;
	sums->count = images * pixels;
	for (size_t i = 0; i < images; i++) {
		const uint8_t *image = dataset_image(dataset, DATASET_TRAIN, i, err);
		if (image == NULL)
			return false;
		uint32_t sum = 0;
		uint64_t square_sum = 0;
		for (size_t p = 0; p < pixels; p++) {
			sum += image[p];
			square_sum += (uint32_t)image[p] * image[p];
		}
		sums->sum += sum;
		sums->square_sum += square_sum;
	}
	return true;
}

/* Pixels that are all equal have no variance to divide by: they become 0. */
static bool standardise(struct dataset_affine *affine, struct dataset *dataset, struct err *err)
{
	struct sums sums;
	if (!add_up(&sums, dataset, err))
		return false;
	double mean = (double)sums.sum / (double)sums.count;
	double variance = (double)sums.square_sum / (double)sums.count - mean * mean;
	double scale = variance > 1e-9 ? 1 / sqrt(variance) : 1;
	*affine = (struct dataset_affine){ .scale = (float)scale, .shift = (float)(-mean * scale) };
	return true;
}

bool dataset_scaling(struct dataset *dataset, enum dataset_scale scale, struct dataset_affine *affine, struct err *err)
{
	switch (scale) {
	case DATASET_UNIT:
		*affine = (struct dataset_affine){ .scale = 1 / 255.0f };
		return true;
	case DATASET_SYMMETRIC:
		*affine = (struct dataset_affine){ .scale = 2 / 255.0f, .shift = -1 };
		return true;
	case DATASET_STANDARD:
		break;
	}
	return standardise(affine, dataset, err);
}
