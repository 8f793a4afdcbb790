/* Writes results: files completely or not at all, standard output with errors
 * checked. */
#ifndef INITVIZ_IO_SAVE_H
#define INITVIZ_IO_SAVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* A file being written: a temporary beside the target (whose symlinks are
 * followed) that becomes the target on commit; devices and FIFOs are written
 * directly; path NULL or "-" is standard output. */
struct save;

/* Opens early, so that an unwritable target is reported before the run starts.
 * ERR_OUTPUT; ERR_USAGE when the target is a file that this process has read
 * (base/inputs.h).  Waits at most two seconds for the reader of a
 * pipe. */
struct save *save_open(const char *path, struct err *err);

/* ERR_USAGE when the file at `path` (NULL and "-": none) is one that this process
 * has read. */
bool save_is_no_input(const char *path, struct err *err);

/* For use while a screen is shown: does not wait for a pipe without a reader,
 * and fails if a pipe's reader reads nothing for a second and a half. */
void save_limit_waiting(bool quick);

/* ERR_OUTPUT; a closed pipe on standard output is reported with an empty
 * message: the reader needs no more, and the program ends quietly. */
bool save_write(struct save *save, const char *bytes, size_t length, struct err *err);

/* Flush, fsync, rename, fsync the folder.  Frees save in every case; on
 * failure the old target is untouched and no temporary stays. */
bool save_commit(struct save *save, struct err *err);
void save_abandon(struct save *save);

/* Removes the temporaries of all open saves; for signal handlers that are
 * about to end the process. */
void save_remove_temporaries(void);

/* Whether a file can be written at `path`: ERR_OUTPUT.  Checks before a run that
 * is saved at its end; leaves no file behind. */
bool save_check(const char *path, struct err *err);

/* ERR_USAGE if two of count paths are one file, of which the later would replace the earlier; NULL
 * and "-" are no paths, and a device can be given twice. */
bool save_are_apart(const char *const path[], size_t count, struct err *err);

/* Opens, writes and commits in one call. */
bool save_whole(const char *path, const char *bytes, size_t length, struct err *err);

#endif
