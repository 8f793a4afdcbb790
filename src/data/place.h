/* Where data sets are installed.  Finds folders without reading them. */
#ifndef INITVIZ_DATA_PLACE_H
#define INITVIZ_DATA_PLACE_H

#include <stdbool.h>

#define PLACE_PATH_SIZE 4096 /* with the final NUL; longer ones cannot be opened */

/* Called with a folder, which may not exist; returning true ends the search. */
typedef bool place_visit(void *context, const char *path);

/* Visits initviz/`name` below the XDG data and cache folders, then `system` (NULL for
 * none), the preferred first.  False when no visit ended the search. */
bool place_search(const char *name, const char *system, place_visit *visit, void *context);

/* Writes the absolute path of the folder for caches, $XDG_CACHE_HOME or .cache in the home folder, which
 * may not exist; false if the environment names none. */
bool place_cache(char path[PLACE_PATH_SIZE]);

/* Writes a path; false if it does not fit. */
bool place_path(char path[PLACE_PATH_SIZE], const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
