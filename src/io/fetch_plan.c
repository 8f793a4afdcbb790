/* Names and words only; nothing is downloaded here. */
#include "io/fetch_plan.h"

#include <stdio.h>

#include "data/folder.h"

const char *fetch_file_name(char name[FETCH_NAME_SIZE], enum published_file which)
{
	snprintf(name, FETCH_NAME_SIZE, "%s.gz", folder_file_name((enum folder_file)which));
	return name;
}

bool fetch_folder_path(char path[PLACE_PATH_SIZE], const struct published *set, struct err *err)
{
	char cache[PLACE_PATH_SIZE];
	if (place_cache(cache) && place_path(path, "%s/initviz/%s", cache, set->entry.name))
		return true;
	return err_set(err, ERR_OUTPUT, "%s: no folder to store it in: set HOME or XDG_CACHE_HOME to an absolute path",
	               set->entry.name);
}

void fetch_plan_add(struct text *text, const struct published *set, const char *path)
{
	char name[FETCH_NAME_SIZE];
	text_addf(text, "Put these files of %s into\n    ", set->name);
	text_add_quoted(text, path);
	text_add(text, "\n\nURLs:\n");
	for (int m = 0; m < PUBLISHED_MIRRORS && set->mirror[m]; m++)
		for (int i = 0; i < PUBLISHED_FILES; i++)
			text_addf(text, "    %s%s\n", set->mirror[m], fetch_file_name(name, (enum published_file)i));
	text_add(text, "\nSHA-256, to be checked with sha256sum -c, and bytes:\n");
	for (int i = 0; i < PUBLISHED_FILES; i++)
		text_addf(text, "%s  %s\n", set->download[i].sha256, fetch_file_name(name, (enum published_file)i));
	for (int i = 0; i < PUBLISHED_FILES; i++)
		text_addf(text, "    %9llu bytes  %s\n", (unsigned long long)set->download[i].size,
		          fetch_file_name(name, (enum published_file)i));
}
