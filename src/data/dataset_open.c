/* Choosing and opening a data set: by name, by directory, by default.  Images
 * are read elsewhere. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/whole.h"
#include "data/dataset_parts.h"
#include "data/digits.h"
#include "data/place.h"

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
		           .summary = "Built-in handwritten-looking digits, with the first two moments of MNIST",
		           .parameters = { { .name = "seed", .initial = 1, .low = 0, .high = 9007199254740992,
		                             .summary = "of the endless series" } } },
		.drawn = true,
	},
	{
		.entry = { .name = "mnist",
		           .summary = "MNIST, from $INITVIZ_DATA or initviz/mnist below the XDG data and cache folders",
		           .reference = "LeCun, Bottou, Bengio, Haffner 1998" },
		.variable = "INITVIZ_DATA",
		.hint = "set INITVIZ_DATA to its directory, give it with --data DIR",
	},
	{
		.entry = { .name = "fashion",
		           .aliases = "fashion_mnist",
		           .summary = "Fashion-MNIST, from initviz/fashion below the XDG folders or Debian's package",
		           .reference = "Xiao, Rasul, Vollgraf 2017" },
		.system = "/usr/share/datasets/fashion-mnist",
		.hint = "install Debian's dataset-fashion-mnist, give its directory with --data DIR",
	},
};

const struct table dataset_sources = TABLE_OF(sources, "data set", "data sets");

/* ---- opening ---- */

static bool open_digits(struct dataset *dataset, const struct spec *spec, struct err *err)
{
	struct digits *digits = &dataset->digits;
	digits->seed = whole_count(spec_value(spec, "seed"));
	digits->images = packed_create(DATASET_DIGITS, DIGITS_PIXELS, err);
	dataset->drawn = true;
	dataset->count[DATASET_TRAIN] = DIGITS_TRAIN;
	dataset->count[DATASET_VALIDATION] = DIGITS_VALIDATION;
	dataset->count[DATASET_TEST] = DIGITS_TEST;
	dataset->first[DATASET_VALIDATION] = DIGITS_TRAIN;
	dataset->first[DATASET_TEST] = DIGITS_TRAIN + DIGITS_VALIDATION;
	dataset->pixels = DIGITS_PIXELS;
	dataset->classes = 10;
	return digits->images != NULL;
}

static bool open_folder(struct dataset *dataset, const char *path, const char *promised, struct err *err)
{
	struct folder *folder = &dataset->folder;
	if (!folder_open(folder, path, promised, err))
		return false;
	size_t train = idx_count(folder->file[FOLDER_TRAIN_IMAGES]);
	size_t validation = train < SMALL ? train / VALIDATION_SHARE : VALIDATION;
	dataset->count[DATASET_VALIDATION] = validation;
	dataset->first[DATASET_TRAIN] = validation;
	dataset->count[DATASET_TRAIN] = train - validation;
	dataset->count[DATASET_TEST] = idx_count(folder->file[FOLDER_TEST_IMAGES]);
	dataset->pixels = idx_rows(folder->file[FOLDER_TRAIN_IMAGES]) * idx_columns(folder->file[FOLDER_TRAIN_IMAGES]);
	dataset->classes = folder->classes;
	return true;
}

/* The folder that the environment names for a source. */
static bool open_variable(struct dataset *dataset, const struct source_entry *source, const char *path, struct err *err)
{
	return open_folder(dataset, path, NULL, err) || err_prefix(err, "$%s", source->variable);
}

/* The search for a source's folder: the first that can be opened is used, the
 * failures of the others are kept. */
struct search {
	struct dataset *dataset;
	const char *name;
	bool found;
	struct err fault;    /* of the first folder that cannot be read */
	struct text faults;  /* of all of them */
};

static bool try_folder(void *context, const char *path)
{
	struct search *search = context;
	struct err fault = {0};
	if (!folder_holds_any(path))
		return false;
	search->found = true;
	if (open_folder(search->dataset, path, search->name, &fault))
		return true;
	text_addf(&search->faults, "%s%s", search->faults.length ? "; " : "", fault.message);
	if (search->fault.code == ERR_NONE || fault.code != ERR_INPUT)
		search->fault = fault;
	return fault.code != ERR_INPUT; /* another one would run out of memory too */
}

/* The folder below the usual places. `found` is false if none exists. */
static bool open_installed(struct dataset *dataset, const struct source_entry *source, bool *found, struct err *err)
{
	struct search search = { .dataset = dataset, .name = source->entry.name };
	place_search(search.name, source->system, try_folder, &search);
	*found = search.found;
	bool opened = dataset->folder.file[0] != NULL;
	if (!opened && search.found)
		err_set(err, search.fault.code, "%s", text_string(&search.faults));
	else if (!opened)
		err_set(err, ERR_INPUT, "%s: not found: %s, or use the built-in digits with --data digits", search.name,
		        source->hint);
	else if (search.faults.length)
		opened = warnings_add(&dataset->folder.warnings, err, "skipped unreadable files: %s",
		                      text_string(&search.faults));
	text_free(&search.faults);
	return opened;
}

/* The folder of the source's name. `found` is false if none exists. */
static bool open_named(struct dataset *dataset, const struct source_entry *source, bool *found, struct err *err)
{
	const char *variable = source->variable ? getenv(source->variable) : NULL;
	*found = true;
	return variable && *variable ? open_variable(dataset, source, variable, err)
	                             : open_installed(dataset, source, found, err);
}

/* MNIST if it is found, digits otherwise; a corrupt MNIST gives a warning. */
static bool open_default(struct dataset *dataset, struct err *err)
{
	const struct source_entry *mnist = (const void *)table_find(&dataset_sources, "mnist", NULL);
	struct err fault = {0};
	bool found;
	if (open_named(dataset, mnist, &found, &fault))
		return true;
	if (found && fault.code != ERR_INPUT)
		return err_set(err, fault.code, "%s", fault.message);
	if (found && !warnings_add(&dataset->warnings, err, "%s: the built-in digits are used instead", fault.message))
		return false;
	struct spec digits = spec_of(table_find(&dataset_sources, "digits", NULL));
	return open_digits(dataset, &digits, err);
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

static bool open_directory(struct dataset *dataset, const char *spec, struct err *err)
{
	struct stat found;
	if (strcmp(spec, "-") == 0)
		return err_set(err, ERR_USAGE, "--data -: standard input is not read as a data set: give a directory");
	if (strchr(spec, '/') == NULL && stat(spec, &found) != 0) {
		table_find(&dataset_sources, spec, err); /* "no data set is called ..." */
		err->code = ERR_INPUT;
		return err_prefix(err, "no such directory");
	}
	return open_folder(dataset, spec, NULL, err);
}

static bool open_any(struct dataset *dataset, const char *spec, struct err *err)
{
	if (spec == NULL)
		return open_default(dataset, err);
	const struct source_entry *source = source_of(spec);
	if (source == NULL)
		return open_directory(dataset, spec, err);
	struct spec parsed;
	bool found;
	if (!spec_parse(&parsed, &dataset_sources, spec, err))
		return false;
	return source->drawn ? open_digits(dataset, &parsed, err) : open_named(dataset, source, &found, err);
}

struct dataset *dataset_open(const char *spec, struct err *err)
{
	struct err fault = {0};
	struct dataset *dataset = alloc_array(1, sizeof *dataset, err);
	if (dataset == NULL || open_any(dataset, spec, &fault))
		return dataset;
	err_set(err, fault.code, "%s", fault.message);
	dataset_close(dataset);
	return NULL;
}

void dataset_close(struct dataset *dataset)
{
	if (dataset == NULL)
		return;
	folder_close(&dataset->folder);
	warnings_drop(dataset->warnings);
	packed_destroy(dataset->digits.images);
	alloc_free(dataset);
}
