/* Where the samples of a data set come from: the built-in digits, drawn on demand; folders of
 * IDX files, inflated as far as needed; vectors, which are all in memory. */
#include "data/dataset_parts.h"
#include "data/digits.h"

enum {
	DIGITS_SAMPLE = 2000, /* training images sampled for moments */
	BLOCK = 32,           /* images inflated at once: zlib is slow in small pieces */
	LOAD_PART = 4000,     /* images between two reports of progress */
};

/* ---- the built-in digits ---- */

static const char *digits_name(const struct dataset *dataset)
{
	(void)dataset;
	return "built-in digits";
}

static const struct warnings *digits_warnings(const struct dataset *dataset)
{
	return dataset->warnings;
}

static const struct published *digits_published(const struct dataset *dataset)
{
	(void)dataset;
	return NULL;
}

static const struct packed *digits_store(const struct dataset *dataset, enum dataset_split split)
{
	(void)split;
	return dataset->digits.images;
}

static bool draw_digit(struct dataset *dataset, enum dataset_split split, size_t position, struct err *err)
{
	uint8_t pixel[DIGITS_PIXELS + PACKED_BEHIND];
	struct digits *digits = &dataset->digits;
	(void)split;
	if (packed_at(digits->images, position))
		return true;
	digits_draw(pixel, digits->seed, position);
	return packed_put(digits->images, position, pixel, err);
}

/* For kinds that read each sample when it is used. */
static bool read_none(struct dataset *dataset, enum dataset_split split, const uint32_t *positions, size_t count,
                      struct err *err)
{
	(void)dataset, (void)split, (void)positions, (void)count, (void)err;
	return true;
}

static bool is_as_named(struct dataset *dataset, struct err *err)
{
	(void)dataset, (void)err;
	return true;
}

static int label_of_digit(const struct dataset *dataset, enum dataset_split split, size_t position)
{
	(void)split;
	return digits_label(dataset->digits.seed, position);
}

static bool nothing_more(struct dataset *dataset, bool *more, struct err *err)
{
	(void)dataset;
	(void)err;
	*more = false;
	return true;
}

static bool draw_all(struct dataset *dataset, struct err *err)
{
	for (size_t i = 0; i < DATASET_DIGITS; i++)
		if (!draw_digit(dataset, DATASET_TRAIN, i, err))
			return false;
	return true;
}

static double digits_loaded(const struct dataset *dataset)
{
	return (double)packed_count(dataset->digits.images) / DATASET_DIGITS;
}

const struct dataset_kind dataset_of_digits = {
	.name = digits_name,
	.warnings = digits_warnings,
	.published = digits_published,
	.store = digits_store,
	.read = draw_digit,
	.read_some = read_none,
	.label = label_of_digit,
	.load_more = nothing_more,
	.load = draw_all,
	.verify = is_as_named,
	.loaded = digits_loaded,
	.sample = DIGITS_SAMPLE,
};

/* ---- a folder of IDX files ---- */

static const char *folder_name(const struct dataset *dataset)
{
	return dataset->folder.name;
}

static const struct warnings *folder_warnings(const struct dataset *dataset)
{
	return dataset->folder.warnings;
}

static const struct published *folder_published(const struct dataset *dataset)
{
	return dataset->folder.modified ? NULL : dataset->folder.known;
}

static enum folder_file images_of(enum dataset_split split)
{
	return split == DATASET_TEST ? FOLDER_TEST_IMAGES : FOLDER_TRAIN_IMAGES;
}

static const struct packed *folder_store(const struct dataset *dataset, enum dataset_split split)
{
	return idx_images(dataset->folder.file[images_of(split)]);
}

static bool read_images(struct folder *folder, enum folder_file which, size_t count, struct err *err)
{
	return idx_need(folder->file[which], count, err) && folder_check_extra(folder, err);
}

static bool read_block(struct dataset *dataset, enum dataset_split split, size_t position, struct err *err)
{
	return read_images(&dataset->folder, images_of(split), (position / BLOCK + 1) * BLOCK, err);
}

static bool read_some(struct dataset *dataset, enum dataset_split split, const uint32_t *positions, size_t count,
                      struct err *err)
{
	return idx_need_some(dataset->folder.file[images_of(split)], positions, count, err) &&
	       folder_check_extra(&dataset->folder, err);
}

static bool verify_folder(struct dataset *dataset, struct err *err)
{
	return folder_verify(&dataset->folder, err);
}

static int label_in_file(const struct dataset *dataset, enum dataset_split split, size_t position)
{
	return idx_labels(dataset->folder.file[images_of(split) + 1])[position];
}

static bool read_more(struct dataset *dataset, bool *more, struct err *err)
{
	static const enum folder_file files[] = { FOLDER_TRAIN_IMAGES, FOLDER_TEST_IMAGES };
	*more = false;
	for (size_t i = 0; i < 2; i++) {
		const struct idx *file = dataset->folder.file[files[i]];
		size_t there = idx_available(file);
		if (there < idx_count(file)) {
			*more = true;
			return read_images(&dataset->folder, files[i], there + LOAD_PART, err);
		}
	}
	return folder_verify(&dataset->folder, err);
}

static bool read_all(struct dataset *dataset, struct err *err)
{
	return read_images(&dataset->folder, FOLDER_TRAIN_IMAGES, SIZE_MAX, err) &&
	       read_images(&dataset->folder, FOLDER_TEST_IMAGES, SIZE_MAX, err) && folder_verify(&dataset->folder, err);
}

static double folder_loaded(const struct dataset *dataset)
{
	const struct idx *train = dataset->folder.file[FOLDER_TRAIN_IMAGES], *test = dataset->folder.file[FOLDER_TEST_IMAGES];
	return (double)(idx_available(train) + idx_available(test)) / (double)(idx_count(train) + idx_count(test));
}

const struct dataset_kind dataset_of_folder = {
	.name = folder_name,
	.warnings = folder_warnings,
	.published = folder_published,
	.store = folder_store,
	.read = read_block,
	.read_some = read_some,
	.label = label_in_file,
	.load_more = read_more,
	.load = read_all,
	.verify = verify_folder,
	.loaded = folder_loaded,
};

/* ---- vectors in memory ---- */

static const char *vectors_name(const struct dataset *dataset)
{
	return dataset->vectors.name;
}

static const struct warnings *vectors_warnings(const struct dataset *dataset)
{
	return dataset->vectors.warnings;
}

static const struct published *vectors_published(const struct dataset *dataset)
{
	return dataset->vectors.modified ? NULL : dataset->vectors.known;
}

static const struct packed *vectors_store(const struct dataset *dataset, enum dataset_split split)
{
	return vectors_part(&dataset->vectors, split == DATASET_TEST)->bytes;
}

static bool nothing_to_read(struct dataset *dataset, enum dataset_split split, size_t position, struct err *err)
{
	(void)dataset;
	(void)split;
	(void)position;
	(void)err;
	return true;
}

static int label_in_memory(const struct dataset *dataset, enum dataset_split split, size_t position)
{
	return vectors_part(&dataset->vectors, split == DATASET_TEST)->label[position];
}

static bool all_loaded(struct dataset *dataset, struct err *err)
{
	(void)dataset;
	(void)err;
	return true;
}

static double whole(const struct dataset *dataset)
{
	(void)dataset;
	return 1;
}

const struct dataset_kind dataset_of_vectors = {
	.name = vectors_name,
	.warnings = vectors_warnings,
	.published = vectors_published,
	.store = vectors_store,
	.read = nothing_to_read,
	.read_some = read_none,
	.label = label_in_memory,
	.load_more = nothing_more,
	.load = all_loaded,
	.verify = is_as_named,
	.loaded = whole,
};
