/* Folders of IDX files.  Splits and scaling are in dataset.c. */
#include "data/folder.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "data/downloads.h"
#include "data/hint.h"
#include "data/labels.h"
#include "data/place.h"

enum {
	VARIANTS = 4,
	SPELLINGS, /* with that of a download of tensorflow-datasets, the last one */
};

static const struct {
	enum idx_kind kind;
	const char *name;              /* as published */
	const char *variants[VARIANTS]; /* spellings in use; the first is preferred */
} files[FOLDER_FILES] = {
#define NAMES(stem, type) stem "-" type, { stem "-" type, stem "-" type ".gz", stem "." type, stem "." type ".gz" }
	[FOLDER_TRAIN_IMAGES] = { IDX_IMAGES, NAMES("train-images", "idx3-ubyte") },
	[FOLDER_TRAIN_LABELS] = { IDX_LABELS, NAMES("train-labels", "idx1-ubyte") },
	[FOLDER_TEST_IMAGES] = { IDX_IMAGES, NAMES("t10k-images", "idx3-ubyte") },
	[FOLDER_TEST_LABELS] = { IDX_LABELS, NAMES("t10k-labels", "idx1-ubyte") },
#undef NAMES
};

/* ---- names ---- */

const char *folder_file_name(enum folder_file which)
{
	return files[which].name;
}

/* The path of a file in a folder with its name written in the v-th way; false when
 * no such entry exists.  An existing entry may be of any kind. */
static bool locate(char path[PLACE_PATH_SIZE], const char *folder, enum folder_file which, size_t v)
{
	struct stat found;
	if (v == VARIANTS)
		return downloads_find(path, folder, files[which].name) == 1;
	return place_path(path, "%s/%s", folder, files[which].variants[v]) &&
	       (lstat(path, &found) == 0 || (errno != ENOENT && errno != ENOTDIR));
}

bool folder_has(const char *folder, enum folder_file which)
{
	char path[PLACE_PATH_SIZE];
	bool there = false;
	for (size_t v = 0; v < SPELLINGS && !there; v++)
		there = locate(path, folder, which, v);
	return there;
}

bool folder_holds_any(const char *folder)
{
	bool any = false;
	for (int i = 0; i < FOLDER_FILES && !any; i++)
		any = folder_has(folder, (enum folder_file)i);
	return any;
}

/* Directories of the files' names do not count. */
bool folder_is_complete(const char *folder)
{
	char path[PLACE_PATH_SIZE];
	bool all = true;
	for (int i = 0; i < FOLDER_FILES && all; i++) {
		struct stat found;
		all = false;
		for (size_t v = 0; v < SPELLINGS && !all; v++)
			all = locate(path, folder, (enum folder_file)i, v) && stat(path, &found) == 0 && S_ISREG(found.st_mode);
	}
	return all;
}

/* ---- opening ---- */

static bool check_folder(const char *path, const char *safe, struct err *err)
{
	struct stat found;
	if (stat(path, &found) != 0)
		return err_set(err, ERR_INPUT, "%s: cannot be read: %s: give the directory of a data set with --data DIR, or "
		               "use the built-in digits with --data digits", safe, strerror(errno));
	if (!S_ISDIR(found.st_mode))
		return err_set(err, ERR_INPUT, "%s: not a directory: give the directory that holds the four IDX files", safe);
	return true;
}

/* A hint from the folder's content if there is one, else the general remedy. */
static bool missing_files(const char *path, const char *safe, const char *missing, struct err *err)
{
	struct text hint = {0};
	bool helps = hint_add(&hint, path) && !hint.failed;
	err_set(err, ERR_INPUT, "%s: missing %s (plain or .gz): %s", safe, missing,
	        helps ? text_string(&hint) : "give a directory with all four files with --data DIR, or use the built-in digits "
	                                     "with --data digits");
	text_free(&hint);
	return false;
}

static bool check_present(const char *path, const char *safe, struct err *err)
{
	char missing[FOLDER_FILES * 32];
	size_t length = 0;
	for (int i = 0; i < FOLDER_FILES; i++)
		if (!folder_has(path, (enum folder_file)i))
			length += (size_t)snprintf(missing + length, sizeof missing - length, "%s%s", length ? ", " : "",
			                           files[i].name);
	return length == 0 || missing_files(path, safe, missing, err);
}

static bool check_agreement(const struct folder *folder, const char *safe, struct err *err)
{
	for (int i = 0; i < FOLDER_FILES; i += 2) {
		const struct idx *images = folder->file[i], *labels = folder->file[i + 1];
		if (idx_count(images) != idx_count(labels))
			return err_set(err, ERR_INPUT, "%s: %zu images in %s, but %zu labels in %s: the numbers must be equal", safe,
			               idx_count(images), files[i].name, idx_count(labels), files[i + 1].name);
	}
	const struct idx *train = folder->file[FOLDER_TRAIN_IMAGES], *test = folder->file[FOLDER_TEST_IMAGES];
	if (idx_rows(train) != idx_rows(test) || idx_columns(train) != idx_columns(test))
		return err_set(err, ERR_INPUT, "%s: training images of %zu x %zu pixels, test images of %zu x %zu: they must be "
		               "of the same size", safe, idx_rows(train), idx_columns(train), idx_rows(test), idx_columns(test));
	return true;
}

static bool read_labels(struct folder *folder, const char *safe, struct err *err)
{
	struct labels labels = {0};
	for (int i = FOLDER_TRAIN_LABELS; i < FOLDER_FILES; i += 2) {
		if (!idx_need(folder->file[i], SIZE_MAX, err))
			return false;
		labels_count(&labels, idx_labels(folder->file[i]), idx_count(folder->file[i]), idx_name(folder->file[i]));
	}
	folder->classes = labels_classes(&labels);
	return labels_check_gaps(&labels, "image", safe, &folder->warnings, err);
}

static bool warn_of_difference(struct folder *folder, int i, struct err *err)
{
	folder->modified = true;
	return warnings_add(&folder->warnings, err, "%s: not the published file of %s: the data are modified",
	                    idx_name(folder->file[i]), folder->known->name);
}

/* The CRC of a file; of a plain one with a known sample of images the one that belongs to it. */
static bool find_crc(struct folder *folder, int i, uint32_t *crc, struct err *err)
{
	uint32_t sample;
	struct idx *file = folder->file[i];
	*crc = 0;
	if (files[i].kind == IDX_IMAGES && !idx_is_gzip(file)) {
		if (!idx_sample_crc(file, PUBLISHED_DISTANCE, &sample, err))
			return false;
		*crc = published_expect((enum published_file)i, sample);
	}
	folder->verified &= *crc == 0;
	return *crc || idx_crc(file, crc, err);
}

/* Finds the published data set of which most files are in the folder. */
static bool recognise(struct folder *folder, const char *promised, struct err *err)
{
	const struct idx *train = folder->file[FOLDER_TRAIN_IMAGES], *test = folder->file[FOLDER_TEST_IMAGES];
	uint32_t crc[FOLDER_FILES] = {0};
	bool possible = published_may_be(idx_count(train), idx_count(test), idx_rows(train), idx_columns(train));
	folder->verified = true;
	for (int i = 0; i < FOLDER_FILES && possible; i++)
		if (!find_crc(folder, i, &crc[i], err))
			return false;
	folder->known = published_find(crc, promised);
	bool done = true;
	for (int i = 0; i < FOLDER_FILES && folder->known && done; i++)
		done = crc[i] == folder->known->crc[i] || warn_of_difference(folder, i, err);
	return done;
}

bool folder_verify(struct folder *folder, struct err *err)
{
	bool before = folder->modified;
	for (int i = 0; i < FOLDER_FILES && folder->known && !folder->verified; i++) {
		uint32_t crc;
		if (files[i].kind == IDX_LABELS || idx_is_gzip(folder->file[i]))
			continue;
		if (!idx_crc(folder->file[i], &crc, err) ||
		    (crc != folder->known->crc[i] && !warn_of_difference(folder, i, err)))
			return false;
	}
	folder->verified = true;
	if (folder->modified != before)
		published_name(folder->name, sizeof folder->name, folder->known, folder->modified, "");
	return folder_check_extra(folder, err);
}

/* ---- opening the files ---- */

/* "NAME (is a directory)" of a message "PATH: is a directory: what to do". */
static void add_reason(struct text *text, const char *name, const char *path, const char *message)
{
	char safe[256];
	size_t skip = strlen(text_escape(safe, sizeof safe, path)) + 2;
	const char *reason = strlen(message) > skip ? message + skip : message;
	text_addf(text, "%s%s (%.*s)", text->length ? ", " : "", name, (int)strcspn(reason, ":"), reason);
}

/* What was found under the names of one file and could not be read: the fault of the
 * first, and reasons. */
struct passed {
	struct err fault;
	struct text reasons, others; /* of all, and of all but the first */
};

static const char *base_name(const char *path)
{
	return strrchr(path, '/') + 1;
}

/* The first readable file among the spellings of its name. */
static void open_file(struct folder *folder, const char *path, enum folder_file which, struct passed *passed)
{
	char file[PLACE_PATH_SIZE];
	for (size_t v = 0; v < SPELLINGS; v++) {
		struct err err = {0};
		if (!locate(file, path, which, v))
			continue;
		folder->file[which] = idx_open(file, files[which].kind, &err);
		bool first = passed->fault.code == ERR_NONE;
		if (folder->file[which] == NULL && (first || err.code != ERR_INPUT))
			passed->fault = err;
		if (folder->file[which] || err.code != ERR_INPUT)
			return;
		add_reason(&passed->reasons, base_name(file), file, err.message);
		if (!first)
			add_reason(&passed->others, base_name(file), file, err.message);
	}
}

/* Fails: no spelling of the name is a readable file. */
static bool unreadable(const char *path, const struct passed *passed, struct err *err)
{
	struct text words = {0}, hint = {0};
	text_add(&words, passed->fault.message);
	if (passed->others.length)
		text_addf(&words, "; also skipped: %s", text_string(&passed->others));
	if (passed->fault.code == ERR_INPUT)
		text_addf(&words, "; %s", hint_add(&hint, path) && !hint.failed ? text_string(&hint) : "--data digits needs no file");
	err_set(err, passed->fault.code, "%s", words.failed ? passed->fault.message : text_string(&words));
	text_free(&words);
	text_free(&hint);
	return false;
}

/* Opens one file; a warning names the files that were skipped. */
static bool open_or_warn(struct folder *folder, const char *path, enum folder_file which, struct text *met,
                         struct err *err)
{
	struct passed passed = {0};
	open_file(folder, path, which, &passed);
	bool opened = folder->file[which] || unreadable(path, &passed, err);
	if (opened && passed.reasons.length)
		text_addf(met, "%s%s", met->length ? ", " : "", text_string(&passed.reasons));
	met->failed |= passed.reasons.failed;
	text_free(&passed.reasons);
	text_free(&passed.others);
	return opened;
}

static bool open_files(struct folder *folder, const char *path, const char *safe, struct err *err)
{
	struct text met = {0};
	bool opened = true;
	for (int i = 0; i < FOLDER_FILES && opened; i++)
		opened = open_or_warn(folder, path, (enum folder_file)i, &met, err);
	opened = opened && text_check(&met, err) &&
	         (met.length == 0 || warnings_add(&folder->warnings, err, "%s: skipped unreadable files: %s", safe,
	                                          text_string(&met)));
	text_free(&met);
	return opened;
}

bool folder_open(struct folder *folder, const char *path, const char *promised, struct err *err)
{
	char safe[256];
	*folder = (struct folder){0};
	text_escape(safe, sizeof safe, path);
	if (check_folder(path, safe, err) && check_present(path, safe, err) && open_files(folder, path, safe, err) &&
	    check_agreement(folder, safe, err) && read_labels(folder, safe, err) && recognise(folder, promised, err) &&
	    folder_check_extra(folder, err)) {
		published_name(folder->name, sizeof folder->name, folder->known, folder->modified, path);
		return true;
	}
	folder_close(folder);
	return false;
}

void folder_close(struct folder *folder)
{
	for (int i = 0; i < FOLDER_FILES; i++)
		idx_close(folder->file[i]);
	warnings_drop(folder->warnings);
	*folder = (struct folder){0};
}

bool folder_check_extra(struct folder *folder, struct err *err)
{
	for (int i = 0; i < FOLDER_FILES; i++) {
		const struct idx *file = folder->file[i];
		uint64_t extra = idx_extra(file);
		uint64_t items = files[i].kind == IDX_IMAGES ? extra / (idx_rows(file) * idx_columns(file)) : 0;
		if (extra == 0 || folder->extra[i])
			continue;
		char more[96] = "";
		if (items)
			snprintf(more, sizeof more, ", as many as %" PRIu64 " image%s more than the %zu of the header", items,
			         items == 1 ? "" : "s", idx_count(file));
		if (!warnings_add(&folder->warnings, err, "%s: %" PRIu64 " byte%s%s behind the last item %s ignored%s",
		                  idx_name(file), extra, extra == 1 ? "" : "s", idx_is_gzip(file) ? " or more" : "",
		                  extra == 1 ? "was" : "were", more))
			return false;
		folder->extra[i] = true;
	}
	return true;
}
