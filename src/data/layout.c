/* Finding data sets by the names of files and by their first bytes. */
#include "data/layout.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/text.h"
#include "data/arrays.h"
#include "data/content.h"
#include "data/folder.h"
#include "data/hint.h"
#include "data/stream.h"

enum { NAMES_MOST = 5000 };

/* ---- files in a folder ---- */

static bool is_file(const char *path)
{
	struct stat found;
	return stat(path, &found) == 0 && S_ISREG(found.st_mode);
}

static bool is_folder(const char *path)
{
	struct stat found;
	return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

/* The file `name` or `name`.gz in a folder. */
static bool named_file(char path[PLACE_PATH_SIZE], const char *folder, const char *name)
{
	return (place_path(path, "%s/%s", folder, name) && is_file(path)) ||
	       (place_path(path, "%s/%s.gz", folder, name) && is_file(path));
}

static bool ends_in(const char *name, const char *end)
{
	size_t length = strlen(name), of_end = strlen(end);
	return length > of_end && strcasecmp(name + length - of_end, end) == 0;
}

/* Whether a name ends in `suffix` or `suffix`.gz. */
static bool has_suffix(const char *name, const char *suffix)
{
	char packed[32];
	snprintf(packed, sizeof packed, "%s.gz", suffix);
	return name[0] != '.' && (ends_in(name, suffix) || ends_in(name, packed));
}

/* The only file of a folder with a suffix. */
static bool only_file(char path[PLACE_PATH_SIZE], const char *folder, const char *suffix)
{
	DIR *directory = opendir(folder);
	const struct dirent *entry;
	int files = 0;
	if (directory == NULL)
		return false;
	for (int names = 0; (entry = readdir(directory)) && names < NAMES_MOST; names++) {
		char file[PLACE_PATH_SIZE];
		if (!has_suffix(entry->d_name, suffix) || !place_path(file, "%s/%s", folder, entry->d_name) || !is_file(file))
			continue;
		files++;
		memcpy(path, file, sizeof file);
	}
	closedir(directory);
	return files == 1;
}

/* ---- the formats ---- */

/* Where torchvision and tensorflow-datasets put IDX files, below the folder that they are given. */
static const char *const idx_folders[] = {
	"", "/MNIST/raw", "/FashionMNIST/raw", "/raw", "/downloads/manual", "/manual", "/downloads", "/downloads/extracted",
};

static bool find_idx(struct layout_found *found, const char *folder)
{
	for (size_t i = 0; i < sizeof idx_folders / sizeof idx_folders[0]; i++)
		if (place_path(found->path[0], "%s%s", folder, idx_folders[i]) && folder_holds_any(found->path[0]))
			return true;
	return false;
}

static bool find_npz(struct layout_found *found, const char *folder)
{
	return named_file(found->path[0], folder, "mnist.npz") || only_file(found->path[0], folder, ".npz");
}

static bool find_npy(struct layout_found *found, const char *folder)
{
	return arrays_in_folder(folder) && place_path(found->path[0], "%s", folder);
}

static bool find_csv(struct layout_found *found, const char *folder)
{
	static const char *const names[][2] = {
		{ "mnist_train.csv", "mnist_test.csv" },
		{ "fashion-mnist_train.csv", "fashion-mnist_test.csv" },
		{ "train.csv", "test.csv" },
	};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (named_file(found->path[0], folder, names[i][0])) {
			if (!named_file(found->path[1], folder, names[i][1]))
				found->path[1][0] = '\0';
			return true;
		}
	return only_file(found->path[0], folder, ".csv");
}

static const struct layout {
	const char *words; /* in messages */
	bool (*find)(struct layout_found *found, const char *folder);
} layouts[LAYOUT_FORMATS] = {
	[LAYOUT_IDX] = { "the four IDX files (train-images-idx3-ubyte and so on)", find_idx },
	[LAYOUT_NPZ] = { "mnist.npz or one other .npz file", find_npz },
	[LAYOUT_NPY] = { "x_train.npy, y_train.npy and so on", find_npy },
	[LAYOUT_CSV] = { "mnist_train.csv, train.csv or one other .csv file", find_csv },
};

static bool find_in_folder(struct layout_found *found, const char *folder)
{
	for (int i = 0; i < LAYOUT_FORMATS; i++) {
		*found = (struct layout_found){ .format = (enum layout_format)i };
		if (layouts[i].find(found, folder))
			return true;
	}
	return false;
}

bool layout_in_folder(const char *path)
{
	struct layout_found found;
	return find_in_folder(&found, path);
}

/* ---- what is there instead ---- */

/* Formats that are not read, by a part of the file's name. */
static const struct {
	const char *part, *words;
} unread[] = {
	{ ".tfrecord", "TFRecord files" },
	{ ".array_record", "ArrayRecord files" },
	{ ".parquet", "Parquet files" },
	{ ".arff", "ARFF files" },
	{ ".mat", "MATLAB files" },
	{ ".pkl", "Python pickles" },
};

/* The first file of such a format in a folder or the folders just below: "DIR has TFRecord files". */
static bool add_unread(struct text *text, const char *folder, int depth)
{
	DIR *directory = opendir(folder);
	const struct dirent *entry;
	bool there = false;
	if (directory == NULL)
		return false;
	for (int names = 0; !there && (entry = readdir(directory)) && names < NAMES_MOST; names++) {
		char path[PLACE_PATH_SIZE];
		for (size_t i = 0; i < sizeof unread / sizeof unread[0] && !there; i++)
			if (strstr(entry->d_name, unread[i].part)) {
				text_addf(text, "there are %s, which are not read: save them as .npz or CSV", unread[i].words);
				there = true;
			}
		if (!there && depth > 0 && entry->d_name[0] != '.' && place_path(path, "%s/%s", folder, entry->d_name) &&
		    is_folder(path))
			there = add_unread(text, path, depth - 1);
	}
	closedir(directory);
	return there;
}

static bool nothing_in_folder(const char *path, const char *safe, struct err *err)
{
	struct text there = {0};
	if (!hint_add(&there, path) && !add_unread(&there, path, 3))
		text_add(&there, "use the built-in digits with --data digits");
	err_set(err, ERR_INPUT, "%s: no data set is in this directory: neither %s, nor %s, nor %s, nor %s (each also .gz): %s",
	        safe, layouts[0].words, layouts[1].words, layouts[2].words, layouts[3].words, text_string(&there));
	text_free(&there);
	return false;
}

/* ---- files ---- */

static bool labels_missing(const char *safe, struct err *err)
{
	return err_set(err, ERR_INPUT, "%s: the labels are missing: give both files, as --data SAMPLES.npy,LABELS.npy, or name "
	               "them %s", safe, arrays_names());
}

/* What a file is, by its first bytes; path[1] is left to the caller. */
static bool find_file(struct layout_found *found, const char *path, const char *safe, struct err *err)
{
	uint8_t bytes[CONTENT_BYTES];
	size_t got;
	*found = (struct layout_found){0};
	if (!stream_first_bytes(path, bytes, sizeof bytes, &got, err))
		return false;
	if (!place_path(found->path[0], "%s", path))
		return err_set(err, ERR_INPUT, "%s: too long a path", safe);
	if (got >= 4 && bytes[0] == 0 && bytes[1] == 0 && bytes[2] == 8)
		return err_set(err, ERR_INPUT, "%s: is an IDX file: give the directory that has all four", safe);
	const struct content *content = content_of(bytes, got);
	switch (content ? content->format : CONTENT_OTHER) {
	case CONTENT_ZIP:
		found->format = LAYOUT_NPZ;
		return true;
	case CONTENT_NUMPY:
		found->format = LAYOUT_NPY;
		return true;
	case CONTENT_TEXT:
		found->format = LAYOUT_CSV;
		return true;
	case CONTENT_OTHER:
		break;
	}
	return content ? err_set(err, ERR_INPUT, "%s: is %s, which is not read as a data set: give %s, or %s, or %s, or a directory",
	                         safe, content->name, "an .npz file", "two .npy files", "CSV")
	               : err_set(err, ERR_INPUT, "%s: not a data set: neither .npz, .npy nor CSV: give such a file or a directory",
	                         safe);
}

static bool find_one(struct layout_found *found, const char *path, const char *safe, struct err *err)
{
	return find_file(found, path, safe, err) && (found->format != LAYOUT_NPY ||
	                                             arrays_labels_beside(found->path[1], path) || labels_missing(safe, err));
}

/* Two files, joined by the comma at `comma`. */
static bool find_two(struct layout_found *found, const char *path, const char *comma, const char *safe, struct err *err)
{
	char first[PLACE_PATH_SIZE];
	if (!place_path(first, "%.*s", (int)(comma - path), path) || strlen(comma) > sizeof found->path[1])
		return err_set(err, ERR_INPUT, "%s: too long a path", safe);
	if (!find_file(found, first, safe, err))
		return false;
	if (found->format == LAYOUT_NPZ)
		return err_set(err, ERR_INPUT, "%s: an .npz file has all arrays: give it alone", safe);
	return place_path(found->path[1], "%s", comma + 1);
}

bool layout_find(struct layout_found *found, const char *path, struct err *err)
{
	struct stat stats;
	char safe[256];
	text_escape(safe, sizeof safe, path);
	const char *comma = strchr(path, ',');
	bool there = stat(path, &stats) == 0;
	int reason = errno;
	if (!there && comma && (comma == path || comma[1] == '\0'))
		return err_set(err, ERR_INPUT, "%s: the name of a file is missing: give both, as SAMPLES.npy,LABELS.npy or TRAIN.csv,TEST.csv", safe);
	if (!there && comma)
		return find_two(found, path, comma, safe, err);
	if (!there)
		return err_set(err, ERR_INPUT, "%s: cannot be read: %s: give the directory or the file of a data set with --data, or "
		               "use the built-in digits with --data digits", safe, strerror(reason));
	if (!S_ISDIR(stats.st_mode))
		return find_one(found, path, safe, err);
	return find_in_folder(found, path) || nothing_in_folder(path, safe, err);
}
