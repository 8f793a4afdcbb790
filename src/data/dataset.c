/* Data sets: the built-in digits, drawn on demand, and folders of IDX
 * files, inflated as far as needed.  Independent of settings and network. */
#include <assert.h>
#include <math.h>

#include "data/dataset_parts.h"
#include "data/digits.h"

enum {
	DIGITS_SAMPLE = 2000, /* training images sampled for the standard scaling */
	BLOCK = 32,           /* images inflated at once: zlib is slow in small pieces */
	LOAD_PART = 4000,     /* images between two reports of progress */
};

/* ---- what it is ---- */

const char *dataset_name(const struct dataset *dataset)
{
	return dataset->drawn ? "built-in digits" : dataset->folder.name;
}

const struct warnings *dataset_warnings(const struct dataset *dataset)
{
	return dataset->drawn ? dataset->warnings : dataset->folder.warnings;
}

size_t dataset_count(const struct dataset *dataset, enum dataset_split split)
{
	return dataset->count[split];
}

size_t dataset_pixels(const struct dataset *dataset)
{
	return dataset->pixels;
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

static bool draw_digit(struct digits *digits, size_t position, struct err *err)
{
	uint8_t pixel[DIGITS_PIXELS + PACKED_BEHIND];
	if (packed_at(digits->images, position))
		return true;
	digits_draw(pixel, digits->seed, position);
	return packed_put(digits->images, position, pixel, err);
}

static bool read_images(struct folder *folder, enum folder_file which, size_t count, struct err *err)
{
	return idx_need(folder->file[which], count, err) && folder_check_extra(folder, err);
}

/* Where the images of a split are, as far as they are loaded. */
static const struct packed *store_of(const struct dataset *dataset, enum dataset_split split)
{
	return dataset->drawn ? dataset->digits.images : idx_images(dataset->folder.file[images_of(split)]);
}

bool dataset_image(struct dataset_image *image, struct dataset *dataset, enum dataset_split split, size_t index,
                   struct err *err)
{
	assert(index < dataset->count[split]);
	size_t position = dataset->first[split] + index;
	const struct packed *store = store_of(dataset, split);
	if (packed_at(store, position) == NULL &&
	    !(dataset->drawn ? draw_digit(&dataset->digits, position, err)
	                     : read_images(&dataset->folder, images_of(split), (position / BLOCK + 1) * BLOCK, err)))
		return false;
	image->on = packed_at(store, position);
	image->value = (const uint8_t *)(image->on + packed_words(dataset_pixels(dataset)));
	return true;
}

void dataset_prefetch(const struct dataset *dataset, enum dataset_split split, size_t index)
{
	assert(index < dataset->count[split]);
	packed_prefetch(store_of(dataset, split), dataset->first[split] + index);
}

int dataset_label(struct dataset *dataset, enum dataset_split split, size_t index)
{
	assert(index < dataset->count[split]);
	size_t position = dataset->first[split] + index;
	if (dataset->drawn)
		return digits_label(dataset->digits.seed, position);
	return idx_labels(dataset->folder.file[images_of(split) + 1])[position];
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
		if (!draw_digit(&dataset->digits, i, err))
			return false;
	return dataset->drawn || (read_images(&dataset->folder, FOLDER_TRAIN_IMAGES, SIZE_MAX, err) &&
	                          read_images(&dataset->folder, FOLDER_TEST_IMAGES, SIZE_MAX, err));
}

double dataset_loaded(const struct dataset *dataset)
{
	if (dataset->drawn)
		return (double)packed_count(dataset->digits.images) / DATASET_DIGITS;
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
