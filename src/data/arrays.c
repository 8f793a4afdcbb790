/* Arrays by their names. */
#include "data/arrays.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/text.h"
#include "data/archive.h"
#include "data/npy.h"
#include "data/place.h"
#include "data/source.h"

enum { SPELLINGS = 8, NAMES_MOST = 5000 };

enum role { TRAIN_SAMPLES, TRAIN_LABELS, TEST_SAMPLES, TEST_LABELS, ROLES };

/* The names of arrays, compared without case; "-" and "_" are alike.  The i-th samples belong to
 * the i-th labels. */
static const char *const names[ROLES][SPELLINGS] = {
	[TRAIN_SAMPLES] = { "x_train", "train_images", "train_x", "train_data", "x", "data", "images", "features" },
	[TRAIN_LABELS] = { "y_train", "train_labels", "train_y", "train_labels", "y", "target", "labels", "labels" },
	[TEST_SAMPLES] = { "x_test", "test_images", "test_x", "test_data" },
	[TEST_LABELS] = { "y_test", "test_labels", "test_y", "test_labels" },
};

const char *arrays_names(void)
{
	return "x_train, y_train, x_test, y_test, or x, y";
}

/* Where arrays come from: the members of an archive or the files of a folder. */
struct place {
	struct archive *archive; /* NULL: a folder */
	const char *folder;      /* its path */
	struct source *source;   /* of the file that is open */
};

/* ---- names ---- */

/* Whether `file` is `name`.npy or, in a folder, `name`.npy.gz. */
static bool is_file_of(const char *file, const char *name, bool gzip)
{
	static const char *const suffixes[] = { ".npy", ".npy.gz" };
	size_t length = strlen(name);
	char stem[32];
	if (strlen(file) <= length || length >= sizeof stem)
		return false;
	snprintf(stem, sizeof stem, "%.*s", (int)length, file);
	bool suffix = strcasecmp(file + length, suffixes[0]) == 0 || (gzip && strcasecmp(file + length, suffixes[1]) == 0);
	return suffix && text_same_name(stem, name);
}

/* What find_array() found. */
struct found {
	size_t member;              /* of an archive */
	char path[PLACE_PATH_SIZE]; /* of a file */
};

static bool find_file(struct found *found, const char *folder, const char *name)
{
	DIR *directory = opendir(folder);
	const struct dirent *entry;
	bool there = false;
	if (directory == NULL)
		return false;
	for (int count = 0; !there && (entry = readdir(directory)) && count < NAMES_MOST; count++)
		there = is_file_of(entry->d_name, name, true) && place_path(found->path, "%s/%s", folder, entry->d_name);
	closedir(directory);
	return there;
}

static bool find_array(struct found *found, const struct place *place, const char *name)
{
	if (place->archive == NULL)
		return find_file(found, place->folder, name);
	for (size_t i = 0; i < archive_count(place->archive); i++)
		if (is_file_of(archive_member(place->archive, i), name, false)) {
			found->member = i;
			return true;
		}
	return false;
}

/* The first spelling of which samples and labels are there; SPELLINGS if none is. */
static size_t find_pair(struct found found[2], const struct place *place, enum role samples)
{
	for (size_t s = 0; s < SPELLINGS; s++)
		if (names[samples][s] && find_array(&found[0], place, names[samples][s]) &&
		    find_array(&found[1], place, names[samples + 1][s]))
			return s;
	return SPELLINGS;
}

/* ---- reading ---- */

static bool open_array(struct stream *stream, struct place *place, const struct found *found, struct err *err)
{
	if (place->archive)
		return archive_open_member(stream, place->archive, found->member, err);
	place->source = source_open(found->path, err);
	if (place->source)
		*stream = stream_of_source(place->source);
	return place->source != NULL;
}

static void close_array(struct place *place)
{
	if (place->archive)
		archive_close_member(place->archive);
	source_close(place->source);
	place->source = NULL;
}

/* Zip allows two members of one name.  Which is meant nobody can know: NumPy reads the last. */
static bool check_single(const struct place *place, const struct found *found, const char *path, struct err *err)
{
	char safe[2][256];
	if (place->archive == NULL)
		return true;
	const char *name = archive_member(place->archive, found->member);
	for (size_t i = found->member + 1; i < archive_count(place->archive); i++)
		if (text_same_name(archive_member(place->archive, i), name))
			return err_set(err, ERR_INPUT, "%s: %s is there twice: keep one of them", text_escape(safe[0], sizeof safe[0], path),
			               text_escape(safe[1], sizeof safe[1], name));
	return true;
}

static bool check_pair(const struct place *place, const struct found found[2], const char *path, struct err *err)
{
	return check_single(place, &found[0], path, err) && check_single(place, &found[1], path, err);
}

typedef bool read_array(struct samples *samples, const struct npy *npy, const struct stream *stream, struct err *err);

static bool use_array(struct samples *samples, struct place *place, const struct found *found, read_array *read,
                      struct err *err)
{
	struct stream stream;
	struct npy npy;
	bool done = open_array(&stream, place, found, err) && npy_read_header(&npy, &stream, err) &&
	            read(samples, &npy, &stream, err);
	close_array(place);
	return done;
}

static bool read_pair(struct samples *samples, struct place *place, const struct found found[2], struct err *err)
{
	return use_array(samples, place, &found[0], npy_read_samples, err) &&
	       use_array(samples, place, &found[1], npy_read_labels, err);
}

/* The names of the arrays that are there, for a message. */
static void list_members(struct text *text, const struct place *place)
{
	char safe[64];
	for (size_t i = 0; place->archive && i < archive_count(place->archive) && i < 8; i++)
		text_addf(text, "%s%s", i ? ", " : "", text_escape(safe, sizeof safe, archive_member(place->archive, i)));
}

static bool no_arrays(const struct place *place, const char *path, struct err *err)
{
	char safe[256];
	struct text there = {0};
	struct found found;
	text_escape(safe, sizeof safe, path);
	for (size_t s = 0; place->archive && s < SPELLINGS; s++)
		if (find_array(&found, place, names[TRAIN_SAMPLES][s]))
			return err_set(err, ERR_INPUT, "%s: %s.npy is there, but no labels for it: save them in the same file as %s.npy", safe,
			               names[TRAIN_SAMPLES][s], names[TRAIN_LABELS][s]);
	list_members(&there, place);
	err_set(err, ERR_INPUT, "%s: no arrays of the names that are known (%s)%s%s: rename them", safe, arrays_names(), there.length ? "; there are " : "", text_string(&there));
	text_free(&there);
	return false;
}

static bool read_all(struct samples *train, struct samples *test, struct place *place, const char *path, struct err *err)
{
	struct found found[2];
	if (find_pair(found, place, TRAIN_SAMPLES) == SPELLINGS)
		return no_arrays(place, path, err);
	if (!check_pair(place, found, path, err) || !read_pair(train, place, found, err))
		return false;
	return find_pair(found, place, TEST_SAMPLES) == SPELLINGS ||
	       (check_pair(place, found, path, err) && read_pair(test, place, found, err));
}

static bool read_place(struct samples *train, struct samples *test, struct place *place, const char *path, struct err *err)
{
	*train = *test = (struct samples){0};
	bool read = read_all(train, test, place, path, err);
	if (!read) {
		samples_free(train);
		samples_free(test);
	}
	return read;
}

bool arrays_read_npz(struct samples *train, struct samples *test, const char *path, struct err *err)
{
	struct place place = { .archive = archive_open(path, err) };
	bool read = place.archive && read_place(train, test, &place, path, err);
	archive_close(place.archive);
	return read;
}

bool arrays_read_folder(struct samples *train, struct samples *test, const char *path, struct err *err)
{
	struct place place = { .folder = path };
	return read_place(train, test, &place, path, err);
}

bool arrays_read_pair(struct samples *train, const char *samples, const char *labels, struct err *err)
{
	struct place place = {0};
	struct found found[2];
	*train = (struct samples){0};
	if (!place_path(found[0].path, "%s", samples) || !place_path(found[1].path, "%s", labels))
		return err_set(err, ERR_INPUT, "too long a path");
	bool read = read_pair(train, &place, found, err);
	if (!read)
		samples_free(train);
	return read;
}

/* ---- files in a folder ---- */

bool arrays_in_folder(const char *path)
{
	struct place place = { .folder = path };
	struct found found[2];
	return find_pair(found, &place, TRAIN_SAMPLES) < SPELLINGS;
}

bool arrays_labels_beside(char labels[ARRAYS_PATH], const char *samples)
{
	const char *slash = strrchr(samples, '/'), *file = slash ? slash + 1 : samples;
	char folder[PLACE_PATH_SIZE];
	struct found found;
	if (!place_path(folder, "%.*s", slash ? (int)(slash - samples) : 1, slash ? samples : "."))
		return false;
	for (enum role role = TRAIN_SAMPLES; role < ROLES; role += 2)
		for (size_t s = 0; s < SPELLINGS; s++)
			if (names[role][s] && is_file_of(file, names[role][s], true) &&
			    find_file(&found, *folder ? folder : "/", names[role + 1][s]))
				return snprintf(labels, ARRAYS_PATH, "%s", found.path) < ARRAYS_PATH;
	return false;
}
