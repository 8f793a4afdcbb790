/* The cache folder of a data set that is being fetched: new files are kept in a folder of their own,
 * where no reader looks, until all are complete. */
#ifndef INITVIZ_IO_FETCH_FOLDER_H
#define INITVIZ_IO_FETCH_FOLDER_H

#include <stdbool.h>

#include "base/err.h"
#include "data/place.h"
#include "data/published.h"
#include "io/fetch_digest.h"

struct fetch_folder {
	char path[PLACE_PATH_SIZE]; /* of the set's folder */
	char shown[256];            /* the same, escaped */
	const char *name;           /* its last component */
	char part_name[80];         /* of the folder with the new files */
	int parent, part;           /* open folders; -1: none */
	bool fresh[PUBLISHED_FILES]; /* is in `part` */
};

/* Opens the folder above the set's, making what is missing with mode 0700, and makes a new one for parts.
 * Refuses symbolic links below the cache folder, and folders that others can write to.  ERR_OUTPUT. */
bool fetch_folder_open(struct fetch_folder *folder, const struct published *set, struct err *err);

/* Removes the parts.  Also after a failure of fetch_folder_open(). */
void fetch_folder_close(struct fetch_folder *folder);

/* The SHA-256 of a file that the set's folder has; false if it has none that can be read. */
bool fetch_folder_digest(char digest[FETCH_DIGEST_SIZE], const struct fetch_folder *folder, enum published_file which);

/* Opens a new, empty part for reading and writing; an older part of the same file is removed.  -1: ERR_OUTPUT. */
int fetch_folder_new(struct fetch_folder *folder, enum published_file which, struct err *err);

/* Moves all parts into the set's folder.  They must have been synced.  ERR_OUTPUT. */
bool fetch_folder_commit(struct fetch_folder *folder, struct err *err);

#endif
