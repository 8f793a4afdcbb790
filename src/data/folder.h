/* A folder with the four IDX files of a data set: where it is looked for, what
 * must agree, and whether its content is a known one.  Used by dataset.c
 * alone. */
#ifndef INITVIZ_DATA_FOLDER_H
#define INITVIZ_DATA_FOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/warnings.h"
#include "data/idx.h"

enum folder_file {
	FOLDER_TRAIN_IMAGES,
	FOLDER_TRAIN_LABELS,
	FOLDER_TEST_IMAGES,
	FOLDER_TEST_LABELS,
	FOLDER_FILES
};

/* A published data set. */
struct known {
	const char *name;            /* as the screen says it */
	const char *spec;            /* as the user asks for it */
	uint32_t crc[FOLDER_FILES];  /* CRC-32 of the decompressed files */
	uint64_t sum, square_sum;    /* of the bytes of training images 5000..59999 */
};

struct folder {
	struct idx *file[FOLDER_FILES];
	unsigned classes;          /* largest label + 1, at least 2 */
	const struct known *known; /* the one it is, or is nearest to; NULL for none */
	bool modified;             /* some files are not the known one's */
	char name[96];             /* "MNIST", "MNIST (modified)", the folder's last name, escaped */
	bool extra[FOLDER_FILES];  /* bytes behind the end are in the warnings */
	const struct warnings *warnings;
};

/* Opens the files, each plain or .gz, and reads all labels.  Of several files for one
 * purpose the first that can be read is taken, with a warning that names the others.
 * `promised` is the spec of the known set that should be there, NULL for any.
 * ERR_INPUT names the missing files, what lies there instead, and what to do. */
bool folder_open(struct folder *folder, const char *path, const char *promised, struct err *err);
void folder_close(struct folder *folder);

/* Warns of what is behind the promised end of the files, as far as it is known by now. */
bool folder_check_extra(struct folder *folder, struct err *err);

/* Whether anything is in a folder under one of the names of a file, or of any file;
 * whether all four are there as regular files. */
bool folder_has(const char *folder, enum folder_file which);
bool folder_holds_any(const char *folder);
bool folder_is_complete(const char *folder);

const char *folder_file_name(enum folder_file which); /* as published, without .gz */

#endif
