/* Choosing and opening a data set: by name, by path, by default.  Images
 * are read elsewhere. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/spec.h"
#include "base/text.h"
#include "base/whole.h"
#include "data/dataset_parts.h"
#include "data/digits.h"
#include "data/place.h"
#include "nn/rng.h"

enum {
	DIGITS_VALIDATION = 5000,
	DIGITS_TEST = 10000,
	DIGITS_TRAIN = DATASET_DIGITS - DIGITS_VALIDATION - DIGITS_TEST,
	VALIDATION = 5000,     /* images of a training file, the article's number */
	VALIDATION_SHARE = 12, /* of a small one */
	SMALL = 10000,
};

/* ---- the sources a user can name ---- */

struct source_entry {
	struct entry entry;
	bool drawn;
	const char *variable; /* of the environment, that names a folder */
	const char *system;   /* the folder of a distribution's package */
	const char *hint;
};

static const struct source_entry sources[] = {
	{
		.entry = { .name = "digits",
		           .summary = "Built-in digits that look handwritten; mean and variance of the pixels are those of MNIST",
		           .parameters = { { .name = "seed", .initial = 1, .low = 0, .high = 9007199254740992,
		                             .summary = "each seed gives another series of images" } } },
		.drawn = true,
	},
	{
		.entry = { .name = "mnist",
		           .summary = "MNIST, from $INITVIZ_DATA or initviz/mnist below the XDG data and cache folders",
		           .reference = "LeCun, Bottou, Bengio, Haffner 1998" },
		.variable = "INITVIZ_DATA",
		.hint = "download it with initviz --fetch mnist, set INITVIZ_DATA to its directory, give it with --data DIR",
	},
	{
		.entry = { .name = "fashion",
		           .aliases = "fashion_mnist",
		           .summary = "Fashion-MNIST, from initviz/fashion below the XDG data and cache folders, or from Debian's package",
		           .reference = "Xiao, Rasul, Vollgraf 2017" },
		.system = "/usr/share/datasets/fashion-mnist",
		.hint = "download it with initviz --fetch fashion, install Debian's dataset-fashion-mnist, give its directory with --data DIR",
	},
};

const struct table dataset_sources = TABLE_OF(sources, "data set", "data sets");

/* ---- opening ---- */

static bool open_digits(struct dataset *dataset, const struct spec *spec, struct err *err)
{
	struct digits *digits = &dataset->digits;
	digits->seed = whole_count(spec_value(spec, "seed"));
	digits->images = packed_create(DATASET_DIGITS, DIGITS_PIXELS, err);
	dataset->kind = &dataset_of_digits;
	dataset->count[DATASET_TRAIN] = DIGITS_TRAIN;
	dataset->count[DATASET_VALIDATION] = DIGITS_VALIDATION;
	dataset->count[DATASET_TEST] = DIGITS_TEST;
	dataset->first[DATASET_VALIDATION] = DIGITS_TRAIN;
	dataset->first[DATASET_TEST] = DIGITS_TRAIN + DIGITS_VALIDATION;
	dataset->pixels = DIGITS_PIXELS;
	dataset->classes = 10;
	return digits->images != NULL;
}

/* A part of the training samples validates. */
static void cut_validation(struct dataset *dataset, size_t first, size_t train)
{
	size_t validation = train < SMALL ? train / VALIDATION_SHARE : VALIDATION;
	dataset->first[DATASET_VALIDATION] = first;
	dataset->count[DATASET_VALIDATION] = validation;
	dataset->first[DATASET_TRAIN] = first + validation;
	dataset->count[DATASET_TRAIN] = train - validation;
}

static bool open_folder(struct dataset *dataset, const char *path, const char *promised, struct err *err)
{
	struct folder *folder = &dataset->folder;
	if (!folder_open(folder, path, promised, err))
		return false;
	dataset->kind = &dataset_of_folder;
	cut_validation(dataset, 0, idx_count(folder->file[FOLDER_TRAIN_IMAGES]));
	dataset->count[DATASET_TEST] = idx_count(folder->file[FOLDER_TEST_IMAGES]);
	dataset->pixels = idx_rows(folder->file[FOLDER_TRAIN_IMAGES]) * idx_columns(folder->file[FOLDER_TRAIN_IMAGES]);
	dataset->classes = folder->classes;
	return true;
}

/* Cuts a set without test samples into parts: first those that test. */
static bool divide(struct dataset *dataset, const char *path, const struct dataset_division *division, struct err *err)
{
	size_t count = dataset->vectors.train.count, test = (size_t)(count * division->test_percent + 50) / 100;
	char safe[256];
	if (count < 2)
		return err_set(err, ERR_INPUT, "%s: one sample: two at least are needed, to train and to test",
		               text_escape(safe, sizeof safe, path));
	test = test < 1 ? 1 : test < count ? test : count - 1;
	dataset->order = alloc_array(count, sizeof *dataset->order, err);
	if (dataset->order == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		dataset->order[i] = (uint32_t)i;
	struct rng rng = rng_stream(division->seed, RNG_DIVISION, 0);
	rng_shuffle(&rng, dataset->order, count);
	dataset->count[DATASET_TEST] = test;
	cut_validation(dataset, test, count - test);
	return true;
}

static bool open_vectors(struct dataset *dataset, const struct layout_found *found, const char *path, const char *promised,
                         const struct dataset_division *division, struct err *err)
{
	struct vectors *vectors = &dataset->vectors;
	if (!vectors_open(vectors, found, path, promised, err))
		return false;
	dataset->kind = &dataset_of_vectors;
	dataset->pixels = vectors->train.features;
	dataset->classes = vectors->classes;
	dataset->count[DATASET_TEST] = vectors->test.count;
	if (vectors->test.count == 0)
		return divide(dataset, path, division, err);
	cut_validation(dataset, 0, vectors->train.count);
	return true;
}

/* The length of a path without the slashes at the end of a directory's, which would be doubled in messages. */
static size_t plain_length(const char *path)
{
	struct stat info;
	size_t length = strlen(path);
	bool directory = stat(path, &info) == 0 && S_ISDIR(info.st_mode);
	while (directory && length > 1 && path[length - 1] == '/')
		length--;
	return length;
}

/* Whatever is at a path. */
static bool open_path(struct dataset *dataset, const char *path, const char *promised,
                      const struct dataset_division *division, struct err *err)
{
	struct layout_found *found = alloc_array(1, sizeof *found, err); /* paths are long for a stack */
	struct text plain = {0};
	text_addf(&plain, "%.*s", (int)plain_length(path), path);
	bool opened = found && text_check(&plain, err) && layout_find(found, text_string(&plain), err) &&
	              (found->format == LAYOUT_IDX ? open_folder(dataset, found->path[0], promised, err)
	                                           : open_vectors(dataset, found, text_string(&plain), promised, division, err));
	text_free(&plain);
	alloc_free(found);
	return opened;
}

/* What the environment names for a source. */
static bool open_variable(struct dataset *dataset, const struct source_entry *source, const char *path,
                          const struct dataset_division *division, struct err *err)
{
	return open_path(dataset, path, NULL, division, err) || err_prefix(err, "$%s", source->variable);
}

/* The search for a source's folder: the first that can be opened is used, the
 * failures of the others are kept. */
struct search {
	struct dataset *dataset;
	const char *name;
	const struct dataset_division *division;
	bool found;
	struct err fault;    /* of the first folder that cannot be read */
	struct text faults;  /* of all of them */
};

static bool try_folder(void *context, const char *path)
{
	struct search *search = context;
	struct err fault = {0};
	if (!layout_in_folder(path))
		return false;
	search->found = true;
	if (open_path(search->dataset, path, search->name, search->division, &fault))
		return true;
	text_addf(&search->faults, "%s%s", search->faults.length ? "; " : "", fault.message);
	if (search->fault.code == ERR_NONE || fault.code != ERR_INPUT)
		search->fault = fault;
	return fault.code != ERR_INPUT; /* another folder would fail for lack of memory too */
}

/* The warnings of what was read. */
static const struct warnings **warnings_of(struct dataset *dataset)
{
	return dataset->kind == &dataset_of_folder ? &dataset->folder.warnings : &dataset->vectors.warnings;
}

/* The folder below the usual places. `found` is false if none exists. */
static bool open_installed(struct dataset *dataset, const struct source_entry *source,
                           const struct dataset_division *division, bool *found, struct err *err)
{
	struct search search = { .dataset = dataset, .name = source->entry.name, .division = division };
	place_search(search.name, source->system, try_folder, &search);
	*found = search.found;
	bool opened = dataset->kind != NULL;
	if (!opened && search.found)
		err_set(err, search.fault.code, "%s", text_string(&search.faults));
	else if (!opened)
		err_set(err, ERR_INPUT, "%s: not found: %s, or use the built-in digits with --data digits", search.name,
		        source->hint);
	else if (search.faults.length)
		opened = warnings_add(warnings_of(dataset), err, "skipped unreadable files: %s", text_string(&search.faults));
	text_free(&search.faults);
	return opened;
}

/* The folder of the source's name. `found` is false if none exists. */
static bool open_named(struct dataset *dataset, const struct source_entry *source, const struct dataset_division *division,
                       bool *found, struct err *err)
{
	const char *variable = source->variable ? getenv(source->variable) : NULL;
	*found = true;
	return variable && *variable ? open_variable(dataset, source, variable, division, err)
	                             : open_installed(dataset, source, division, found, err);
}

/* MNIST if it is found, digits otherwise; a corrupt MNIST gives a warning. */
static bool open_default(struct dataset *dataset, const struct dataset_division *division, struct err *err)
{
	const struct source_entry *mnist = (const void *)table_find(&dataset_sources, "mnist", NULL);
	struct err fault = {0};
	bool found;
	if (open_named(dataset, mnist, division, &found, &fault))
		return true;
	if (found && fault.code != ERR_INPUT)
		return err_set(err, fault.code, "%s", fault.message);
	if (found && !warnings_add(&dataset->warnings, err, "%s: the built-in digits are used instead", fault.message))
		return false;
	struct spec digits = spec_of(table_find(&dataset_sources, "digits", NULL));
	return open_digits(dataset, &digits, err);
}

static bool is_data(void *context, const char *path)
{
	(void)context;
	return layout_in_folder(path);
}

bool dataset_finds_mnist(void)
{
	const struct source_entry *mnist = (const void *)table_find(&dataset_sources, "mnist", NULL);
	const char *variable = getenv(mnist->variable);
	return (variable && *variable) || place_search(mnist->entry.name, mnist->system, is_data, NULL);
}

/* The source that a spec names, with or without parameters; NULL for none. */
static const struct source_entry *source_of(const char *spec)
{
	char name[32];
	size_t length = strcspn(spec, "(");
	if (length >= sizeof name)
		return NULL;
	snprintf(name, sizeof name, "%.*s", (int)length, spec);
	return (const void *)table_find(&dataset_sources, name, NULL);
}

static bool open_given(struct dataset *dataset, const char *spec, const struct dataset_division *division, struct err *err)
{
	struct stat found;
	if (strcmp(spec, "-") == 0)
		return err_set(err, ERR_USAGE, "--data -: standard input is not read as a data set: give a directory or a file");
	if (strpbrk(spec, "/,") == NULL && stat(spec, &found) != 0) {
		table_find(&dataset_sources, spec, err); /* "no data set is called ..." */
		err->code = ERR_INPUT;
		return err_prefix(err, "no such file or directory");
	}
	return open_path(dataset, spec, NULL, division, err);
}

static bool open_any(struct dataset *dataset, const char *spec, const struct dataset_division *division, struct err *err)
{
	if (spec == NULL)
		return open_default(dataset, division, err);
	const struct source_entry *source = source_of(spec);
	if (source == NULL)
		return open_given(dataset, spec, division, err);
	struct spec parsed;
	bool found;
	if (!spec_parse(&parsed, &dataset_sources, spec, err))
		return false;
	return source->drawn ? open_digits(dataset, &parsed, err) : open_named(dataset, source, division, &found, err);
}

struct dataset *dataset_open_divided(const char *spec, const struct dataset_division *division, struct err *err)
{
	struct err fault = {0};
	struct dataset *dataset = alloc_array(1, sizeof *dataset, err);
	if (dataset == NULL || open_any(dataset, spec, division, &fault))
		return dataset;
	err_set(err, fault.code, "%s", fault.message);
	dataset_close(dataset);
	return NULL;
}

struct dataset *dataset_open(const char *spec, struct err *err)
{
	struct dataset *dataset = dataset_open_divided(spec, &DATASET_DIVISION, err);
	if (dataset == NULL || dataset_verify(dataset, err))
		return dataset;
	dataset_close(dataset);
	return NULL;
}

void dataset_close(struct dataset *dataset)
{
	if (dataset == NULL)
		return;
	folder_close(&dataset->folder);
	vectors_close(&dataset->vectors);
	alloc_free(dataset->order);
	alloc_free(dataset->feature_scale);
	warnings_drop(dataset->warnings);
	packed_destroy(dataset->digits.images);
	alloc_free(dataset);
}
