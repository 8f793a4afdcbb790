/* Reading of regular files.  Reads no further than requested, one buffer at
 * most. */
#include "data/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/inputs.h"
#include "base/text.h"

/* ---- opening ---- */

const char *input_kind(mode_t mode)
{
	return S_ISDIR(mode)  ? "is a directory"
	       : S_ISFIFO(mode) ? "is a pipe"
	       : S_ISSOCK(mode) ? "is a socket"
	       : S_ISCHR(mode)  ? "is a device or terminal"
	       : S_ISBLK(mode)  ? "is a block device"
	                        : "is a special file";
}

/* Fails with what was found, unless it is a regular file with content. */
static bool check_kind(struct input *input, const struct stat *found, struct err *err)
{
	if (!S_ISREG(found->st_mode))
		return err_set(err, ERR_INPUT, "%s: %s: give the path of a data file", input->name, input_kind(found->st_mode));
	if (found->st_size == 0)
		return err_set(err, ERR_INPUT, "%s: is empty: it may be an interrupted download, fetch it again",
		               input->name);
	input->size = (uint64_t)found->st_size;
	return true;
}

static bool open_file(struct input *input, const char *path, struct err *err)
{
	/* The kind is checked first, since opening some devices has side effects. */
	struct stat found;
	if (stat(path, &found) == 0 && !check_kind(input, &found, err))
		return false;
	do
		input->file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	while (input->file < 0 && errno == EINTR);
	if (input->file < 0 || fstat(input->file, &found) != 0)
		return err_set(err, ERR_INPUT, "%s: cannot be read: %s", input->name, strerror(errno));
	inputs_note(&found);
	return check_kind(input, &found, err);
}

bool input_open(struct input *input, const char *path, struct err *err)
{
	input->file = -1;
	input->taken = input->left = 0;
	input->next = input->buffer;
	text_escape(input->name, sizeof input->name, path);
	return open_file(input, path, err);
}

void input_close(struct input *input)
{
	if (input->file >= 0)
		close(input->file);
	input->file = -1;
}

/* ---- reading ---- */

static bool broken(const struct input *input, struct err *err, int error)
{
	return err_set(err, ERR_INPUT, "%s: reading failed: %s", input->name, strerror(error));
}

/* Up to `size` bytes; *got is 0 at the end only. */
static bool read_some(struct input *input, uint8_t *out, size_t size, size_t *got, struct err *err)
{
	ssize_t n;
	do
		n = read(input->file, out, size);
	while (n < 0 && errno == EINTR);
	*got = n < 0 ? 0 : (size_t)n;
	input->taken += *got;
	return n >= 0 || broken(input, err, errno);
}

bool input_fill(struct input *input, size_t least, struct err *err)
{
	if (input->left >= least)
		return true;
	size_t used = (size_t)(input->next - input->buffer), back = used < INPUT_BACK ? used : INPUT_BACK;
	memmove(input->buffer, input->next - back, back + input->left);
	uint8_t *next = input->buffer + back;
	input->next = next;
	for (size_t got = 1; got > 0 && input->left < least; input->left += got)
		if (!read_some(input, next + input->left, INPUT_BUFFER - input->left, &got, err))
			return false;
	return true;
}

/* What the buffer holds, then straight from the file. */
bool input_read(struct input *input, uint8_t *out, size_t size, size_t *got, struct err *err)
{
	if (input->left == 0)
		return read_some(input, out, size, got, err);
	*got = size < input->left ? size : input->left;
	memcpy(out, input->next, *got);
	input->next += *got;
	input->left -= *got;
	return true;
}

bool input_read_at(const struct input *input, uint64_t offset, uint8_t *out, size_t size, size_t *got, struct err *err)
{
	ssize_t n = 1;
	for (*got = 0; *got < size && n != 0; *got += n > 0 ? (size_t)n : 0) {
		n = pread(input->file, out + *got, size - *got, (off_t)(offset + *got));
		if (n < 0 && errno != EINTR)
			return broken(input, err, errno);
	}
	return true;
}

bool input_last(const struct input *input, uint8_t *out, size_t size, struct err *err)
{
	size_t got;
	return input_read_at(input, input->size - size, out, size, &got, err) && (got == size || broken(input, err, EIO));
}

bool input_rewind(struct input *input, struct err *err)
{
	input->taken = input->left = 0;
	input->next = input->buffer;
	return lseek(input->file, 0, SEEK_SET) == 0 || broken(input, err, errno);
}
