/* Searches a folder.  Reads names only, never the content of a file. */
#include "data/hint.h"

#include <ctype.h>
#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "data/downloads.h"
#include "data/folder.h"

enum { NAMES_MOST = 5000, DEPTH_MOST = 2 };

static bool is_directory(const char *path)
{
	struct stat found;
	return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

static bool is_file(const char *path)
{
	struct stat found;
	return stat(path, &found) == 0 && S_ISREG(found.st_mode);
}

static void add_escaped(struct text *text, const char *name)
{
	char safe[256];
	text_add(text, text_escape(safe, sizeof safe, name));
}

/* ---- the files in a folder below ---- */

/* The first folder below that has all files: its path, in `found`. */
static bool search_below(struct text *found, const char *folder, int depth, int *names)
{
	DIR *directory = opendir(folder);
	if (directory == NULL)
		return false;
	const struct dirent *entry;
	bool there = false;
	while (!there && (entry = readdir(directory)) && (*names)++ < NAMES_MOST) {
		if (entry->d_name[0] == '.')
			continue;
		struct text path = {0};
		text_addf(&path, "%s/%s", folder, entry->d_name);
		if (!path.failed && is_directory(text_string(&path))) {
			there = folder_is_complete(text_string(&path));
			if (there)
				text_add(found, text_string(&path));
			else if (depth < DEPTH_MOST)
				there = search_below(found, text_string(&path), depth + 1, names);
		}
		text_free(&path);
	}
	closedir(directory);
	return there;
}

static bool add_folder_below(struct text *text, const char *folder)
{
	struct text found = {0};
	int names = 0;
	bool there = search_below(&found, folder, 1, &names) && !found.failed;
	if (there) {
		text_add(text, "all four are in ");
		add_escaped(text, text_string(&found));
		text_add(text, ": give that directory");
	}
	text_free(&found);
	return there;
}

/* ---- a file in a folder of its own name ---- */

static bool add_nested(struct text *text, const char *folder)
{
	bool any = false;
	for (int i = 0; i < FOLDER_FILES && !any; i++) {
		const char *name = folder_file_name((enum folder_file)i);
		struct text path = {0};
		text_addf(&path, "%s/%s/%s", folder, name, name);
		any = !path.failed && is_file(text_string(&path));
		if (any)
			text_addf(text, "%s is a directory with the file in it: move each file out of the directory of its name", name);
		text_free(&path);
	}
	return any;
}

/* ---- files under other names ---- */

/* Whether a word occurs in a name, ignoring case. */
static bool contains(const char *name, const char *word, size_t length)
{
	for (; *name; name++) {
		size_t i = 0;
		while (i < length && name[i] && tolower((unsigned char)name[i]) == word[i])
			i++;
		if (i == length)
			return true;
	}
	return false;
}

/* The first name with the file's stem ("train-images") in it, such as
 * "Train-Images.IDX3.GZ", "train-images-idx3-ubyte.gz.1", "emnist-train-images". */
static bool add_renamed(struct text *text, const char *folder, enum folder_file which)
{
	const char *name = folder_file_name(which);
	size_t stem = strcspn(name, "-");
	stem += 1 + strcspn(name + stem + 1, "-");
	DIR *directory = opendir(folder);
	if (directory == NULL)
		return false;
	const struct dirent *entry;
	bool there = false;
	for (int names = 0; !there && (entry = readdir(directory)) && names < NAMES_MOST; names++) {
		struct text path = {0};
		text_addf(&path, "%s/%s", folder, entry->d_name);
		there = contains(entry->d_name, name, stem) && !path.failed && is_file(text_string(&path));
		text_free(&path);
		if (there) {
			add_escaped(text, entry->d_name);
			text_addf(text, " is there: rename it to %s", name);
		}
	}
	closedir(directory);
	return there;
}

/* The first of the missing files that exists under another name. */
static bool add_other_name(struct text *text, const char *folder)
{
	for (int i = 0; i < FOLDER_FILES; i++)
		if (!folder_has(folder, (enum folder_file)i) && add_renamed(text, folder, (enum folder_file)i))
			return true;
	return false;
}

/* ---- downloads of tensorflow-datasets ---- */

/* Of several sets, which is wanted nobody can know. */
static bool add_downloads(struct text *text, const char *folder)
{
	static const char *const below[] = { "", "/downloads", "/downloads/extracted" };
	char path[PLACE_PATH_SIZE], first[PLACE_PATH_SIZE];
	for (size_t i = 0; i < sizeof below / sizeof below[0]; i++) {
		if (!place_path(path, "%s%s", folder, below[i]) || downloads_find(first, path, folder_file_name(FOLDER_TRAIN_IMAGES)) < 2)
			continue;
		add_escaped(text, strrchr(first, '/') + 1);
		text_add(text, " and files of other data sets are there: move the four of one set into a directory of their own");
		return true;
	}
	return false;
}

bool hint_add(struct text *text, const char *folder)
{
	return add_downloads(text, folder) || add_folder_below(text, folder) || add_nested(text, folder) || add_other_name(text, folder);
}
