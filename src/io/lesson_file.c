/* Finds and reads lessons.  Their lines are read as those of scripts are. */
#include "io/lesson_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/platform.h"
#include "data/place.h"
#include "io/script.h"

#define SUFFIX ".lesson"
#define LESSONS_MOST 200 /* lessons that are listed */

/* ---- reading ---- */

struct reading {
	struct lesson *lesson;
	char place[128];
};

static void take_place(void *context, const char *place)
{
	struct reading *reading = context;
	snprintf(reading->place, sizeof reading->place, "%s", place);
}

static bool take_line(void *context, const char *line, struct err *err)
{
	struct reading *reading = context;
	size_t length = strlen(line);
	char trimmed[SCRIPT_LINE_MAX + 1];
	while (length && (line[length - 1] == ' ' || line[length - 1] == '\t'))
		length--;
	snprintf(trimmed, sizeof trimmed, "%.*s", (int)length, line);
	return lesson_add(reading->lesson, trimmed, reading->place, err);
}

static struct lesson *read_path(const char *name, const char *path, struct err *err)
{
	struct reading reading = { .lesson = lesson_create(name, err) };
	const struct script_target target = { .line = take_line, .place = take_place, .context = &reading, .noun = "lesson" };
	if (reading.lesson && script_run(path, &target, err) && lesson_check(reading.lesson, err))
		return reading.lesson;
	lesson_destroy(reading.lesson);
	return NULL;
}

/* ---- places ---- */

/* The folder `below` that of the program's file; false if it is not known. */
static bool beside_program(char path[PLACE_PATH_SIZE], const char *below)
{
	char program[PLACE_PATH_SIZE];
	if (!platform_program(program, sizeof program))
		return false;
	char *slash = strrchr(program, '/');
	return slash && place_path(path, "%.*s/%s", (int)(slash - program), program, below);
}

/* Visits the folders that may have lessons, the preferred first. */
static bool visit_folders(place_visit *visit, void *context)
{
	static const char *const relative[] = { "../share/initviz/lessons", "../data/lessons", "data/lessons", "../../data/lessons" };
	char path[PLACE_PATH_SIZE];
	if (place_search("lessons", PACKAGE_DATA "/lessons", visit, context))
		return true;
	for (size_t i = 0; i < sizeof relative / sizeof relative[0]; i++)
		if (beside_program(path, relative[i]) && visit(context, path))
			return true;
	return false;
}

struct search {
	const char *name;
	char path[PLACE_PATH_SIZE];
};

static bool is_in_folder(void *context, const char *folder)
{
	struct search *search = context;
	return place_path(search->path, "%s/%s" SUFFIX, folder, search->name) && access(search->path, F_OK) == 0;
}

struct lesson *lesson_file_read(const char *name, struct err *err)
{
	struct search search = { .name = name };
	char safe[80];
	if (strchr(name, '/') || access(name, F_OK) == 0)
		return read_path(name, name, err);
	if (visit_folders(is_in_folder, &search))
		return read_path(name, search.path, err);
	struct text names = {0};
	lesson_file_list(&names, false);
	err_set(err, ERR_USAGE, "lesson: there is no lesson '%s': %s%s", text_escape(safe, sizeof safe, name),
	        names.length ? "choose from " : "none is installed; give a file", text_string(&names));
	text_free(&names);
	return NULL;
}

/* Reading a FIFO or a device could wait for ever. */
static bool is_regular(const char *path)
{
	struct stat info;
	return stat(path, &info) == 0 && S_ISREG(info.st_mode);
}

bool lesson_file_check(const char *name, struct err *err)
{
	if (access(name, F_OK) == 0 && !is_regular(name))
		return true;
	struct lesson *lesson = lesson_file_read(name, err);
	lesson_destroy(lesson);
	return lesson != NULL;
}

/* ---- the list ---- */

struct listing {
	struct lesson *lesson[LESSONS_MOST]; /* [count] */
	size_t count;
};

static struct lesson **find(struct listing *listing, const char *name)
{
	for (size_t i = 0; i < listing->count; i++)
		if (strcmp(listing->lesson[i]->name, name) == 0)
			return &listing->lesson[i];
	return NULL;
}

/* A lesson that is malformed is left out: opening it says why. */
static void add_file(struct listing *listing, const char *folder, const char *file)
{
	char name[256], path[PLACE_PATH_SIZE];
	size_t length = strlen(file), suffix = strlen(SUFFIX);
	if (length <= suffix || strcmp(file + length - suffix, SUFFIX) != 0 || listing->count == LESSONS_MOST)
		return;
	snprintf(name, sizeof name, "%.*s", (int)(length - suffix), file);
	if (find(listing, name) || !place_path(path, "%s/%s", folder, file) || !is_regular(path))
		return;
	struct lesson *lesson = read_path(name, path, NULL);
	if (lesson)
		listing->lesson[listing->count++] = lesson;
}

static bool add_folder(void *context, const char *folder)
{
	DIR *files = opendir(folder);
	if (files == NULL)
		return false;
	for (const struct dirent *file; (file = readdir(files));)
		add_file(context, folder, file->d_name);
	closedir(files);
	return false;
}

static int by_name(const void *a, const void *b)
{
	const struct lesson *const *first = a, *const *second = b;
	return strcmp((*first)->name, (*second)->name);
}

static void add_lesson(struct text *text, const struct lesson *lesson, bool titles)
{
	char name[80], title[200];
	text_escape(name, sizeof name, lesson->name);
	if (titles)
		text_addf(text, "%-15s %s\n", name, text_escape(title, sizeof title, lesson->title));
	else
		text_addf(text, "%s%s", text->length ? " " : "", name);
}

/* Along `next` from the first lesson, then the others by name. */
static void write_list(struct listing *listing, struct text *text, bool titles)
{
	qsort(listing->lesson, listing->count, sizeof listing->lesson[0], by_name);
	struct lesson **at = find(listing, LESSON_FIRST);
	while (at && *at) {
		struct lesson *lesson = *at;
		add_lesson(text, lesson, titles);
		*at = listing->lesson[--listing->count];
		at = find(listing, lesson->next);
		lesson_destroy(lesson);
	}
	qsort(listing->lesson, listing->count, sizeof listing->lesson[0], by_name);
	for (size_t i = 0; i < listing->count; i++) {
		add_lesson(text, listing->lesson[i], titles);
		lesson_destroy(listing->lesson[i]);
	}
}

void lesson_file_list(struct text *text, bool titles)
{
	struct listing *listing = alloc_array(1, sizeof *listing, NULL);
	if (listing == NULL) {
		text->failed = true;
		return;
	}
	visit_folders(add_folder, listing);
	write_list(listing, text, titles);
	alloc_free(listing);
}
