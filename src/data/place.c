/* The search through the folders of the XDG base directory specification. */
#include "data/place.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct search {
	const char *name;
	place_visit *visit;
	void *context;
};

bool place_path(char path[PLACE_PATH_SIZE], const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(path, PLACE_PATH_SIZE, format, arguments);
	va_end(arguments);
	return length >= 0 && length < PLACE_PATH_SIZE;
}

/* The folders of a list with colons; relative ones are to be ignored. */
static bool search_list(const struct search *search, const char *list)
{
	char path[PLACE_PATH_SIZE];
	for (size_t length; *list; list += length + (list[length] == ':')) {
		length = strcspn(list, ":");
		if (*list == '/' && place_path(path, "%.*s/initviz/%s", (int)length, list, search->name) &&
		    search->visit(search->context, path))
			return true;
	}
	return false;
}

/* The folders of a variable; when it is unset or empty, `otherwise`. */
static bool search_variable(const struct search *search, const char *variable, const char *otherwise)
{
	const char *list = getenv(variable);
	return search_list(search, list && *list ? list : otherwise);
}

/* The same, `otherwise` being below the home folder. */
static bool search_at_home(const struct search *search, const char *variable, const char *otherwise)
{
	char path[PLACE_PATH_SIZE];
	const char *home = getenv("HOME");
	bool known = home && place_path(path, "%s/%s", home, otherwise);
	return search_variable(search, variable, known ? path : "");
}

bool place_cache(char path[PLACE_PATH_SIZE])
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	if (cache && *cache == '/')
		return place_path(path, "%s", cache);
	return home && *home == '/' && place_path(path, "%s/.cache", home);
}

bool place_search(const char *name, const char *system, place_visit *visit, void *context)
{
	const struct search search = { name, visit, context };
	return search_at_home(&search, "XDG_DATA_HOME", ".local/share") ||
	       search_variable(&search, "XDG_DATA_DIRS", "/usr/local/share:/usr/share") ||
	       search_at_home(&search, "XDG_CACHE_HOME", ".cache") || (system && visit(context, system));
}
