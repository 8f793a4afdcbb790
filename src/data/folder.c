/* Folders of IDX files.  Knows nothing of splits and scaling. */
#include "data/folder.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

enum { VARIANTS = 4 };

static const struct {
	enum idx_kind kind;
	const char *name;              /* as published */
	const char *variants[VARIANTS]; /* as met in the wild; the first is preferred */
} files[FOLDER_FILES] = {
#define NAMES(stem, type) stem "-" type, { stem "-" type, stem "-" type ".gz", stem "." type, stem "." type ".gz" }
	[FOLDER_TRAIN_IMAGES] = { IDX_IMAGES, NAMES("train-images", "idx3-ubyte") },
	[FOLDER_TRAIN_LABELS] = { IDX_LABELS, NAMES("train-labels", "idx1-ubyte") },
	[FOLDER_TEST_IMAGES] = { IDX_IMAGES, NAMES("t10k-images", "idx3-ubyte") },
	[FOLDER_TEST_LABELS] = { IDX_LABELS, NAMES("t10k-labels", "idx1-ubyte") },
#undef NAMES
};

/* Computed from the files whose SHA-256 the data sets' packagers publish. */
static const struct known sets[] = {
	{ .name = "MNIST",
	  .spec = "mnist",
	  .crc = { 0xE9F4D8B3, 0xE0CB4AD2, 0x91373BDF, 0x4AB9EFF9 },
	  .sum = 1437128264,
	  .square_sum = 314159751864 },
	{ .name = "Fashion-MNIST",
	  .spec = "fashion",
	  .crc = { 0xB4F29F28, 0x741A4657, 0x678FE0B1, 0x80142C1F },
	  .sum = 3145082185,
	  .square_sum = 578587917087 },
};

/* ---- places ---- */

/* Writes a path and says whether it fits. */
static bool compose(char path[FOLDER_PATH_SIZE], const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool compose(char path[FOLDER_PATH_SIZE], const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(path, FOLDER_PATH_SIZE, format, arguments);
	va_end(arguments);
	return length >= 0 && length < FOLDER_PATH_SIZE;
}

/* The path of a file in a folder, whichever way its name is written; false, and
 * the last way, when it is not there. */
static bool locate(char path[FOLDER_PATH_SIZE], const char *folder, enum folder_file which)
{
	for (size_t v = 0; v < VARIANTS; v++) {
		struct stat found;
		if (compose(path, "%s/%s", folder, files[which].variants[v]) &&
		    (lstat(path, &found) == 0 || (errno != ENOENT && errno != ENOTDIR)))
			return true;
	}
	return false;
}

static bool holds_any(const char *folder)
{
	char path[FOLDER_PATH_SIZE];
	bool any = false;
	for (int i = 0; i < FOLDER_FILES && !any; i++)
		any = locate(path, folder, (enum folder_file)i);
	return any;
}

/* In the folders of a variable; when it is unset or empty, in `otherwise`, which
 * is below the home folder unless it begins with a slash.  The base directory
 * specification has relative paths ignored. */
static bool try_variable(char path[FOLDER_PATH_SIZE], const char *variable, const char *otherwise, const char *name)
{
	const char *list = getenv(variable), *home = getenv("HOME");
	char standard[FOLDER_PATH_SIZE];
	if (list == NULL || *list == '\0') {
		bool below_home = *otherwise != '/';
		if (!compose(standard, "%s%s%s", below_home && home ? home : "", below_home ? "/" : "", otherwise) ||
		    (below_home && home == NULL))
			return false;
		list = standard;
	}
	for (size_t length; *list; list += length + (list[length] == ':')) {
		length = strcspn(list, ":");
		if (*list == '/' && compose(path, "%.*s/initviz/%s", (int)length, list, name) && holds_any(path))
			return true;
	}
	return false;
}

bool folder_find(char path[FOLDER_PATH_SIZE], const char *name, const char *system)
{
	return try_variable(path, "XDG_DATA_HOME", ".local/share", name) ||
	       try_variable(path, "XDG_DATA_DIRS", "/usr/local/share:/usr/share", name) ||
	       try_variable(path, "XDG_CACHE_HOME", ".cache", name) ||
	       (system && compose(path, "%s", system) && holds_any(path));
}

/* ---- opening ---- */

static bool check_folder(const char *path, const char *safe, struct err *err)
{
	struct stat found;
	if (stat(path, &found) != 0)
		return err_set(err, ERR_INPUT, "%s: cannot be read: %s: give the directory of a data set with --data DIR, or "
		               "take the built-in digits with --data digits", safe, strerror(errno));
	if (!S_ISDIR(found.st_mode))
		return err_set(err, ERR_INPUT, "%s: not a directory: give the directory that holds the four IDX files", safe);
	return true;
}

static bool check_present(const char *path, const char *safe, struct err *err)
{
	char file[FOLDER_PATH_SIZE], missing[FOLDER_FILES * 32];
	size_t length = 0;
	for (int i = 0; i < FOLDER_FILES; i++)
		if (!locate(file, path, (enum folder_file)i))
			length += (size_t)snprintf(missing + length, sizeof missing - length, "%s%s", length ? ", " : "",
			                           files[i].name);
	return length == 0 ||
	       err_set(err, ERR_INPUT, "%s: missing %s (plain or .gz): give a directory with all four files with --data DIR, "
	               "or take the built-in digits with --data digits", safe, missing);
}

static bool check_agreement(const struct folder *folder, const char *safe, struct err *err)
{
	for (int i = 0; i < FOLDER_FILES; i += 2) {
		const struct idx *images = folder->file[i], *labels = folder->file[i + 1];
		if (idx_count(images) != idx_count(labels))
			return err_set(err, ERR_INPUT, "%s: %zu images in %s, but %zu labels in %s: they must be as many", safe,
			               idx_count(images), files[i].name, idx_count(labels), files[i + 1].name);
	}
	const struct idx *train = folder->file[FOLDER_TRAIN_IMAGES], *test = folder->file[FOLDER_TEST_IMAGES];
	if (idx_rows(train) != idx_rows(test) || idx_columns(train) != idx_columns(test))
		return err_set(err, ERR_INPUT, "%s: training images of %zu x %zu pixels, test images of %zu x %zu: they must be "
		               "of one size", safe, idx_rows(train), idx_columns(train), idx_rows(test), idx_columns(test));
	return true;
}

static bool read_labels(struct folder *folder, struct err *err)
{
	folder->classes = 2;
	for (int i = FOLDER_TRAIN_LABELS; i < FOLDER_FILES; i += 2) {
		if (!idx_need(folder->file[i], SIZE_MAX, err))
			return false;
		const uint8_t *label = idx_labels(folder->file[i]);
		for (size_t k = 0; k < idx_count(folder->file[i]); k++)
			if (label[k] >= folder->classes)
				folder->classes = label[k] + 1u;
	}
	return true;
}

/* Only images of the published number are worth a reading for their CRC. */
static bool may_be_known(const struct folder *folder)
{
	return idx_count(folder->file[FOLDER_TRAIN_IMAGES]) == 60000 && idx_count(folder->file[FOLDER_TEST_IMAGES]) == 10000 &&
	       idx_rows(folder->file[FOLDER_TRAIN_IMAGES]) == 28 && idx_columns(folder->file[FOLDER_TRAIN_IMAGES]) == 28;
}

/* Finds the known set most files of which are here. */
static bool recognise(struct folder *folder, const char *promised, struct err *err)
{
	uint32_t crc[FOLDER_FILES] = {0};
	int most = 0;
	for (int i = 0; i < FOLDER_FILES && may_be_known(folder); i++)
		if (!idx_crc(folder->file[i], &crc[i], err))
			return false;
	for (size_t s = 0; s < sizeof sets / sizeof sets[0]; s++) {
		int equal = 0;
		for (int i = 0; i < FOLDER_FILES; i++)
			equal += crc[i] == sets[s].crc[i];
		if (equal > most || (most == 0 && promised && strcmp(promised, sets[s].spec) == 0)) {
			most = equal;
			folder->known = &sets[s];
		}
	}
	folder->modified = folder->known && most < FOLDER_FILES;
	for (int i = 0; i < FOLDER_FILES && folder->modified && !*folder->warning; i++)
		if (crc[i] != folder->known->crc[i])
			snprintf(folder->warning, sizeof folder->warning, "%.120s: not the published file of %s: the data are modified",
			         idx_name(folder->file[i]), folder->known->name);
	return true;
}

static void name_after(struct folder *folder, const char *path)
{
	if (folder->known) {
		snprintf(folder->name, sizeof folder->name, "%s%s", folder->known->name, folder->modified ? " (modified)" : "");
		return;
	}
	size_t end = strlen(path);
	while (end > 1 && path[end - 1] == '/')
		end--;
	size_t begin = end;
	while (begin > 0 && path[begin - 1] != '/')
		begin--;
	char last[256]; /* longer than any name in a folder may be */
	snprintf(last, sizeof last, "%.*s", (int)(end - begin), path + begin);
	text_escape(folder->name, sizeof folder->name, *last ? last : "/");
}

static bool open_files(struct folder *folder, const char *path, struct err *err)
{
	char file[FOLDER_PATH_SIZE];
	struct err fault = {0};
	bool good = true;
	for (int i = 0; i < FOLDER_FILES && good; i++) {
		locate(file, path, (enum folder_file)i);
		folder->file[i] = idx_open(file, files[i].kind, &fault);
		good = folder->file[i] != NULL;
	}
	return good || err_set(err, fault.code, "%s%s", fault.message,
	                       fault.code == ERR_INPUT ? "; --data digits needs no file" : "");
}

bool folder_open(struct folder *folder, const char *path, const char *promised, struct err *err)
{
	char safe[256];
	*folder = (struct folder){0};
	text_escape(safe, sizeof safe, path);
	if (check_folder(path, safe, err) && check_present(path, safe, err) && open_files(folder, path, err) &&
	    check_agreement(folder, safe, err) && read_labels(folder, err) && recognise(folder, promised, err)) {
		name_after(folder, path);
		folder_check_extra(folder);
		return true;
	}
	folder_close(folder);
	return false;
}

void folder_close(struct folder *folder)
{
	for (int i = 0; i < FOLDER_FILES; i++)
		idx_close(folder->file[i]);
	*folder = (struct folder){0};
}

void folder_check_extra(struct folder *folder)
{
	for (int i = 0; i < FOLDER_FILES && !*folder->warning; i++) {
		uint64_t extra = idx_extra(folder->file[i]);
		if (extra)
			snprintf(folder->warning, sizeof folder->warning,
			         "%.120s: %" PRIu64 " byte%s or more behind the last item %s ignored", idx_name(folder->file[i]), extra,
			         extra == 1 ? "" : "s", extra == 1 ? "was" : "were");
	}
}
