/* Starts the program that downloads, or prints what to download. */
#include "io/fetch.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/platform.h"
#include "io/fetch_plan.h"
#include "io/save.h"

#define PROGRAM "initviz-fetch"

/* The file of that name beside this program, or "" */
static void beside(char *path, size_t size)
{
	char *slash = platform_program(path, size) ? strrchr(path, '/') : NULL;
	if (slash && (size_t)(slash + 1 - path) + sizeof PROGRAM <= size)
		memcpy(slash + 1, PROGRAM, sizeof PROGRAM);
	else
		*path = '\0';
}

bool fetch_run(const struct published *set, struct err *err)
{
	char path[PLACE_PATH_SIZE];
	char *const arguments[] = { (char[]){ PROGRAM }, (char *)(uintptr_t)set->entry.name, NULL };
	beside(path, sizeof path);
	if (*path)
		execv(path, arguments);
	execv(PACKAGE_PROGRAMS "/" PROGRAM, arguments);

	struct text text = {0};
	if (!fetch_folder_path(path, set, err))
		return false;
	fetch_plan_add(&text, set, path);
	bool printed = text_check(&text, err) && save_whole(NULL, text_string(&text), text.length, err);
	text_free(&text);
	return printed && err_set(err, ERR_USAGE, "fetch: " PROGRAM ", which needs libcurl and nettle, is not installed: "
	                          "download the files listed on standard output by other means");
}

const char *fetch_library(void)
{
	return FETCH_LIBRARY;
}
