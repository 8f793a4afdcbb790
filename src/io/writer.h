/* Writes files in a thread of its own, one after the other, so that a slow or
 * hanging target does not stop the screen.  Independent of what is written. */
#ifndef INITVIZ_IO_WRITER_H
#define INITVIZ_IO_WRITER_H

#include <stdbool.h>

#include "base/err.h"

struct writer;

/* What writes one file.  The writer calls drop() once, from either thread. */
struct writer_task {
	bool (*write)(void *content, const char *path, struct err *err); /* whole or not at all */
	void (*drop)(void *content);
	void *content;
};

/* The result for a file that writer_give() did not wait for. */
struct writer_result {
	char name[256];  /* of the file, escaped */
	bool written;
	struct err err;  /* why not, or why not yet */
};

/* `wake` (may be NULL) is called from the writer's thread when there is a result.
 * The thread begins with the first file.  ERR_RESOURCE. */
struct writer *writer_create(void (*wake)(void *context), struct err *err);

/* Starts writing the file, and waits a moment, which is enough for most files.
 * False with the reason when that has failed; true when it is written or still
 * being written (*pending).  Takes over task->content in every case. */
bool writer_give(struct writer *writer, const char *path, const struct writer_task *task, bool *pending, struct err *err);

/* Whether a file of this path is still being written. */
bool writer_is_writing(struct writer *writer, const char *path);

/* Takes the next result: a file was written, could not be written, or is still not
 * written after two seconds.  False if there is none. */
bool writer_take_result(struct writer *writer, struct writer_result *result);

/* Waits until all files are written, and frees the writer (NULL: nothing).  False
 * with the first failure that writer_take_result() has not reported. */
bool writer_end(struct writer *writer, struct err *err);

#endif
