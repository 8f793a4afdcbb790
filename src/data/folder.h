/* A folder with the four IDX files of a data set: where it is looked for, what
 * must agree, and whether its content is a known one.  Used by dataset.c
 * alone. */
#ifndef INITVIZ_DATA_FOLDER_H
#define INITVIZ_DATA_FOLDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "data/idx.h"

enum folder_file {
	FOLDER_TRAIN_IMAGES,
	FOLDER_TRAIN_LABELS,
	FOLDER_TEST_IMAGES,
	FOLDER_TEST_LABELS,
	FOLDER_FILES
};

#define FOLDER_PATH_SIZE 4096 /* with the final NUL; longer ones cannot be opened */

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
	char warning[256];         /* empty for none */
};

/* Opens the files, each plain or .gz, and reads all labels.  `promised` is the
 * spec of the known set that should be there, NULL for any.  ERR_INPUT names
 * the missing files and what to do about them. */
bool folder_open(struct folder *folder, const char *path, const char *promised, struct err *err);
void folder_close(struct folder *folder);

/* Fills folder->warning when the end of its files, met by now, left bytes over. */
void folder_check_extra(struct folder *folder);

/* Looks for initviz/`name` below the XDG data and cache folders, then in
 * `system` (NULL for none): the path of the first that holds any of the four
 * files.  False when there is none. */
bool folder_find(char path[FOLDER_PATH_SIZE], const char *name, const char *system);

#endif
