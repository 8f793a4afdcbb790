/* What of a published data set is fetched, and where it belongs. */
#ifndef INITVIZ_IO_FETCH_PLAN_H
#define INITVIZ_IO_FETCH_PLAN_H

#include "base/text.h"
#include "data/place.h"
#include "data/published.h"

#define FETCH_NAME_SIZE 48

/* The name of a file of a set at the mirrors and in the folder: "train-images-idx3-ubyte.gz". */
const char *fetch_file_name(char name[FETCH_NAME_SIZE], enum published_file which);

/* The folder for the set, below the cache folder.  ERR_OUTPUT where the environment names none. */
bool fetch_folder_path(char path[PLACE_PATH_SIZE], const struct published *set, struct err *err);

/* Appends URLs, sizes, hashes and the folder, for a user who downloads the files by other means. */
void fetch_plan_add(struct text *text, const struct published *set, const char *path);

#endif
