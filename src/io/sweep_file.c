/* The file of a sweep. */
#include "io/sweep_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "io/save.h"

struct sweep_file {
	struct save *save;  /* not a regular file: nothing can be read back */
	int fd;             /* the regular file, else -1 */
	char name[80];      /* escaped, for messages */
	/* for reading */
	char buffer[SWEEP_ROW_SIZE + 1];
	size_t begin, filled;
	uint64_t line;      /* number of the line read last, from 1 */
	off_t whole;        /* bytes of the whole lines read so far */
};

static bool system_error(const struct sweep_file *file, const char *doing, struct err *err)
{
	return err_set(err, ERR_OUTPUT, "%s: cannot %s: %s", file->name, doing, strerror(errno));
}

/* ---- opening ---- */

static bool open_regular(struct sweep_file *file, const char *path, struct err *err)
{
	file->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
	if (file->fd < 0)
		return system_error(file, "open", err);
	/* ends with the process, however that ends */
	if (flock(file->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
		return err_set(err, ERR_OUTPUT, "%s: another sweep is writing this file: wait for its end or choose another file", file->name);
	return save_is_no_input(path, err);
}

static bool is_regular_or_new(const char *path)
{
	struct stat info;
	return path && strcmp(path, "-") != 0 && (stat(path, &info) == 0 ? S_ISREG(info.st_mode) : errno == ENOENT);
}

struct sweep_file *sweep_file_open(const char *path, struct err *err)
{
	struct sweep_file *file = alloc_array(1, sizeof *file, err);
	if (file == NULL)
		return NULL;
	file->fd = -1;
	bool opened;
	if (is_regular_or_new(path)) {
		text_escape(file->name, sizeof file->name, path);
		opened = open_regular(file, path, err);
	} else {
		file->save = save_open(path, err);
		opened = file->save != NULL;
	}
	if (opened)
		return file;
	sweep_file_close(file, NULL);
	return NULL;
}

/* ---- reading ---- */

enum line { LINE_WHOLE, LINE_NONE, LINE_LONG, LINE_ERROR };

/* The next line without its end, which must be there. */
static enum line read_line(struct sweep_file *file, char **line)
{
	for (;;) {
		char *start = file->buffer + file->begin, *end = memchr(start, '\n', file->filled - file->begin);
		if (end) {
			*end = '\0';
			*line = start + (file->line ? 0 : text_byte_order_mark(start, (size_t)(end - start)));
			file->begin = (size_t)(end + 1 - file->buffer);
			file->whole += end + 1 - start;
			file->line++;
			return memchr(start, '\0', (size_t)(end - start)) ? LINE_LONG : LINE_WHOLE;
		}
		memmove(file->buffer, start, file->filled - file->begin);
		file->filled -= file->begin;
		file->begin = 0;
		if (file->filled == SWEEP_ROW_SIZE)
			return LINE_LONG;
		ssize_t got = read(file->fd, file->buffer + file->filled, SWEEP_ROW_SIZE - file->filled);
		if (got < 0 && errno != EINTR)
			return LINE_ERROR;
		if (got == 0)
			return LINE_NONE;
		file->filled += got > 0 ? (size_t)got : 0;
	}
}

static bool refuse(const struct sweep_file *file, const struct err *why, struct err *err)
{
	return err_set(err, ERR_INPUT, "%s: line %llu %s: the file is not of this sweep; choose another or remove it",
	               file->name, (unsigned long long)file->line, why->message);
}

/* An unfinished first line must at least begin as the header does, or be empty. */
static bool check_header(struct sweep_file *file, const struct sweep_file_check *check, bool *there, struct err *err)
{
	struct text header = {0};
	char *line;
	sweep_row_header(&header, check->table);
	*there = false;
	if (!check->header || header.length == 0) {
		text_free(&header);
		return true;
	}
	enum line kind = read_line(file, &line);
	bool same = false;
	if (kind == LINE_WHOLE)
		*there = same = strlen(line) == header.length - 1 && memcmp(line, text_string(&header), header.length - 1) == 0;
	else if (kind == LINE_NONE)
		same = file->filled < header.length && memcmp(file->buffer, text_string(&header), file->filled) == 0;
	text_free(&header);
	file->line += kind != LINE_WHOLE;
	return same || refuse(file, &(struct err){ .message = "is not the header" }, err);
}

static bool read_rows(struct sweep_file *file, const struct sweep_file_check *check, uint64_t *next, struct err *err)
{
	for (*next = check->first;; ++*next) {
		char *line;
		struct err why = {0};
		struct sweep_result result;
		enum line kind = read_line(file, &line);
		if (kind == LINE_NONE)
			return true;
		if (kind == LINE_ERROR)
			return system_error(file, "read", err);
		if (kind == LINE_LONG)
			return refuse(file, &(struct err){ .message = "is no row" }, err);
		if (*next == check->end)
			return refuse(file, &(struct err){ .message = "is one row too many" }, err);
		if (!sweep_row_read(&result, check->table, line, *next, check->data_name(check->context, *next), &why))
			return refuse(file, &why, err);
		check->seen(check->context, &result);
	}
}

bool sweep_file_resume(struct sweep_file *file, const struct sweep_file_check *check, uint64_t *next, struct err *err)
{
	bool header = false;
	*next = check->first;
	if (file->save == NULL) {
		if (!check_header(file, check, &header, err) || !read_rows(file, check, next, err))
			return false;
		if (ftruncate(file->fd, file->whole) != 0 || lseek(file->fd, file->whole, SEEK_SET) < 0)
			return system_error(file, "continue", err);
	}
	if (header || !check->header)
		return true;
	struct text text = {0};
	sweep_row_header(&text, check->table);
	bool written = sweep_file_write(file, &text, err);
	text_free(&text);
	return written;
}

/* ---- writing ---- */

bool sweep_file_write(struct sweep_file *file, const struct text *row, struct err *err)
{
	if (!text_check(row, err))
		return false;
	if (file->save)
		return save_write(file->save, text_string(row), row->length, err);
	for (size_t done = 0; done < row->length;) {
		ssize_t written = write(file->fd, row->bytes + done, row->length - done);
		if (written < 0 && errno != EINTR)
			return system_error(file, "write", err);
		done += written > 0 ? (size_t)written : 0;
	}
	return true;
}

bool sweep_file_close(struct sweep_file *file, struct err *err)
{
	bool closed = true;
	if (file == NULL)
		return true;
	if (file->save)
		closed = save_commit(file->save, err);
	if (file->fd >= 0) {
		closed = fsync(file->fd) == 0 || system_error(file, "write", err);
		close(file->fd);
	}
	alloc_free(file);
	return closed;
}
