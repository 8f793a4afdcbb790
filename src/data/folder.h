/* A folder with the four IDX files of a data set: opening them, checking that they
 * agree, and recognizing published data sets.  Used by dataset*.c only. */
#ifndef INITVIZ_DATA_FOLDER_H
#define INITVIZ_DATA_FOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/warnings.h"
#include "data/idx.h"
#include "data/published.h"

enum folder_file { /* the same order as the published sets' files */
	FOLDER_TRAIN_IMAGES = PUBLISHED_TRAIN_IMAGES,
	FOLDER_TRAIN_LABELS = PUBLISHED_TRAIN_LABELS,
	FOLDER_TEST_IMAGES = PUBLISHED_TEST_IMAGES,
	FOLDER_TEST_LABELS = PUBLISHED_TEST_LABELS,
	FOLDER_FILES = PUBLISHED_FILES
};

struct folder {
	struct idx *file[FOLDER_FILES];
	unsigned classes;          /* largest label + 1, at least 2 */
	const struct published *known; /* the data set it is, or the most similar one; NULL for none */
	bool modified;             /* some files are not the known one's */
	char name[96];             /* "MNIST", "MNIST (modified)", the folder's last name, escaped */
	bool verified;             /* all of the plain files was compared with the published ones, not only a sample */
	bool extra[FOLDER_FILES];  /* a warning about bytes after the end was added */
	const struct warnings *warnings;
};

/* Opens the files, each plain or .gz, and reads all labels.  Of several files for one
 * purpose the first readable one is used, with a warning that names the others.
 * `promised` is the spec of the known set that should be there, NULL for any.
 * ERR_INPUT names the missing files, what the folder contains instead, and the remedy. */
bool folder_open(struct folder *folder, const char *path, const char *promised, struct err *err);
void folder_close(struct folder *folder);

/* A known set is recognized by a sample of the images of a plain file at first; this reads all of
 * them, after which the set may be called modified. */
bool folder_verify(struct folder *folder, struct err *err);

/* Warns of bytes after the end that the header declares, as far as they are known by now. */
bool folder_check_extra(struct folder *folder, struct err *err);

/* Whether a folder contains anything under one of the names of a file, or of any file;
 * whether it contains all four as regular files. */
bool folder_has(const char *folder, enum folder_file which);
bool folder_holds_any(const char *folder);
bool folder_is_complete(const char *folder);

const char *folder_file_name(enum folder_file which); /* as published, without .gz */

#endif
