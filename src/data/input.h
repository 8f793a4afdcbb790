/* A regular file, read through a buffer.  Used by source.c; readers of `io` name kinds of files. */
#ifndef INITVIZ_DATA_INPUT_H
#define INITVIZ_DATA_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

#define INPUT_BUFFER ((size_t)64 * 1024)
#define INPUT_BACK 8

struct input {
	int file;            /* -1: none is open */
	char name[256];      /* the path, escaped */
	uint64_t size;       /* of the file as it is, in bytes; at least 1 */
	uint64_t taken;      /* bytes of the file read so far, those in the buffer included */
	const uint8_t *next; /* the unread bytes of the buffer; */
	size_t left;         /* the caller advances both */
	uint8_t buffer[INPUT_BACK + INPUT_BUFFER];
};

/* "is a directory", "is a pipe" and so on, for a file that is not regular. */
const char *input_kind(mode_t mode);

/* Opens anything but a regular file with ERR_INPUT, and never waits for one.
 * Messages of all functions begin with the escaped path. */
bool input_open(struct input *input, const char *path, struct err *err);
void input_close(struct input *input);

/* Brings at least `least` bytes (up to INPUT_BUFFER) into the buffer, if the file
 * has them.  Up to INPUT_BACK bytes before `next`, used already, stay. */
bool input_fill(struct input *input, size_t least, struct err *err);

/* Up to `size` bytes; *got is 0 at the end only. */
bool input_read(struct input *input, uint8_t *out, size_t size, size_t *got, struct err *err);

/* `size` bytes from `offset` on, fewer only at the end; leaves the reading position
 * alone. */
bool input_read_at(const struct input *input, uint64_t offset, uint8_t *out, size_t size, size_t *got, struct err *err);

/* Back to the first byte. */
bool input_rewind(struct input *input, struct err *err);

/* The last `size` bytes of the file, which is not shorter; leaves the reading
 * position alone. */
bool input_last(const struct input *input, uint8_t *out, size_t size, struct err *err);

#endif
