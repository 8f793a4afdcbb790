/* Reads scripts: lines, their encoding and their position.  The target
 * interprets the lines, except `source`. */
#include "io/script.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/inputs.h"
#include "base/text.h"

#define WRITER_SECONDS 2 /* that a named pipe is waited for until something writes to it */

struct script {
	const char *path, *noun; /* "script" */
	char name[80];       /* escaped, for messages */
	int fd;
	unsigned long number; /* of the line being read, from 1 */
	char line[SCRIPT_LINE_MAX + 1];
	char buffer[4096];
	size_t used, filled; /* of the buffer */
	struct script *parent; /* the script that sources this one */
};

/* The innermost script that is being read. */
static struct script *innermost;

/* ---- lines ---- */

static ssize_t read_some(struct script *script)
{
	ssize_t got;
	do
		got = read(script->fd, script->buffer, sizeof script->buffer);
	while (got < 0 && errno == EINTR);
	return got;
}

/* The next byte; -1 at the end, -2 with err. */
static int next_byte(struct script *script, struct err *err)
{
	if (script->used == script->filled) {
		ssize_t got = read_some(script);
		if (got < 0) {
			err_set(err, ERR_USAGE, "cannot be read: %s", strerror(errno));
			return -2;
		}
		script->used = 0;
		script->filled = (size_t)got;
		if (got == 0)
			return -1;
	}
	return (unsigned char)script->buffer[script->used++];
}

static bool is_utf8(const char *line)
{
	while (*line) {
		const char *before = line;
		if (text_decode(&line) == 0xFFFD && strncmp(before, "\xEF\xBF\xBD", 3) != 0)
			return false;
	}
	return true;
}

/* Removes a byte order mark at the start of the file and a carriage return at
 * the end of the line. */
static void trim_line(struct script *script, size_t length)
{
	char *line = script->line;
	if (length && line[length - 1] == '\r')
		line[--length] = '\0';
	size_t mark = script->number == 1 ? text_byte_order_mark(line, length) : 0;
	memmove(line, line + mark, length - mark + 1);
}

/* Reads one line: 1, or 0 at the end of the script, or -1 with err. */
static int read_line(struct script *script, struct err *err)
{
	size_t length = 0;
	int c;
	script->number++;
	while ((c = next_byte(script, err)) >= 0 && c != '\n') {
		if (c == '\0') {
			err_set(err, ERR_USAGE, "byte %zu is NUL: scripts are text", length + 1);
			return -1;
		}
		if (length == SCRIPT_LINE_MAX) {
			err_set(err, ERR_USAGE, "the line is longer than %d bytes: split it", SCRIPT_LINE_MAX);
			return -1;
		}
		script->line[length++] = (char)c;
	}
	script->line[length] = '\0';
	if (c == -2)
		return -1;
	if (c == -1 && length == 0)
		return 0;
	trim_line(script, length);
	if (is_utf8(script->line))
		return 1;
	err_set(err, ERR_USAGE, "the line is not valid UTF-8");
	return -1;
}

/* ---- files ---- */

/* A named pipe, opened without blocking, has no end of its own: without a writer
 * it would be waited for without end.  (The pipes below /dev and /proc belong to
 * a shell; their writer is there, or has ended.) */
static bool await_writer(struct script *script, struct err *err)
{
	const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };
	bool of_shell = strncmp(script->path, "/dev/", 5) == 0 || strncmp(script->path, "/proc/", 6) == 0;
	double deadline = clock_seconds() + WRITER_SECONDS;
	ssize_t got = 0;
	while (!of_shell && (got = read_some(script)) == 0) {
		if (clock_seconds() > deadline)
			return err_set(err, ERR_USAGE, "%s %s: is a pipe, and nothing writes to it: give a file", script->noun, script->name);
		nanosleep(&pause, NULL);
	}
	script->filled = got > 0 ? (size_t)got : 0; /* -1: there is a writer that has written nothing yet */
	return true;
}

static bool read_with_waiting(struct script *script)
{
	int flags = fcntl(script->fd, F_GETFL);
	return flags >= 0 && fcntl(script->fd, F_SETFL, flags & ~O_NONBLOCK) == 0;
}

static bool open_script(struct script *script, struct err *err)
{
	struct stat info;
	if (strcmp(script->path, "-") == 0) {
		snprintf(script->name, sizeof script->name, "standard input");
		script->fd = STDIN_FILENO;
	} else {
		text_escape(script->name, sizeof script->name, script->path);
		script->fd = open(script->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	}
	if (script->fd < 0 || fstat(script->fd, &info) != 0)
		return err_set(err, ERR_USAGE, "%s %s: cannot be read: %s", script->noun, script->name, strerror(errno));
	inputs_note(&info);
	if (S_ISDIR(info.st_mode))
		return err_set(err, ERR_USAGE, "%s %s: is a directory: give a file", script->noun, script->name);
	if (script->fd == STDIN_FILENO)
		return true;
	if (S_ISFIFO(info.st_mode) && !await_writer(script, err))
		return false;
	return read_with_waiting(script) || err_set(err, ERR_USAGE, "%s %s: cannot be read: %s", script->noun, script->name, strerror(errno));
}

static void close_script(struct script *script)
{
	if (script->fd > STDIN_FILENO)
		close(script->fd);
}

/* ---- running ---- */

static bool at_line(const struct script *script, struct err *err)
{
	return err_prefix(err, "%s:%lu", script->name, script->number);
}

static bool run_file(const char *path, const struct script_target *target, struct err *err);

/* `source FILE`: the path is relative to the folder of the current script. */
static bool source(const struct script *script, const char *file, const struct script_target *target, struct err *err)
{
	size_t length = strlen(file);
	while (length && (file[length - 1] == ' ' || file[length - 1] == '\t'))
		length--;
	int depth = 0;
	for (const struct script *above = script; above; above = above->parent)
		depth++;
	if (length == 0)
		err_set(err, ERR_USAGE, "source needs a file: source FILE");
	else if (depth == SCRIPT_DEPTH_MAX)
		err_set(err, ERR_USAGE, "source: %d scripts are nested: does one of them source itself?", depth);
	if (length == 0 || depth == SCRIPT_DEPTH_MAX)
		return at_line(script, err);
	const char *slash = file[0] == '/' ? NULL : strrchr(script->path, '/');
	struct text path = {0};
	text_add_bytes(&path, script->path, slash ? (size_t)(slash - script->path) + 1 : 0);
	text_add_bytes(&path, file, length);
	bool done = text_check(&path, err) && run_file(text_string(&path), target, err);
	text_free(&path);
	return done;
}

/* The argument of `source`; NULL for any other command. */
static const char *source_argument(const char *line)
{
	size_t word = strlen("source");
	if (strncmp(line, "source", word) != 0 || (line[word] && line[word] != ' ' && line[word] != '\t'))
		return NULL;
	return line + word + strspn(line + word, " \t");
}

static bool run_line(const struct script *script, const struct script_target *target, struct err *err)
{
	const char *line = script->line + strspn(script->line, " \t");
	if (*line == '\0' || *line == '#')
		return true;
	const char *file = source_argument(line);
	if (file)
		return source(script, file, target, err);
	if (target->place) {
		char place[120];
		snprintf(place, sizeof place, "%s:%lu", script->name, script->number);
		target->place(target->context, place);
	}
	return target->line(target->context, line, err) || at_line(script, err);
}

static bool run_lines(struct script *script, const struct script_target *target, struct err *err)
{
	while (target->enough == NULL || !target->enough(target->context)) {
		int read = read_line(script, err);
		if (read == 0)
			return true;
		if (read < 0)
			return at_line(script, err);
		if (!run_line(script, target, err))
			return false;
	}
	return true;
}

static bool run_file(const char *path, const struct script_target *target, struct err *err)
{
	struct script *script = alloc_array(1, sizeof *script, err), *parent = innermost;
	if (script == NULL)
		return false;
	script->path = path;
	script->noun = target->noun ? target->noun : "script";
	script->parent = parent;
	bool done = open_script(script, err);
	if (done) {
		innermost = script;
		done = run_lines(script, target, err);
		innermost = parent;
	} else if (parent)
		at_line(parent, err);
	close_script(script);
	alloc_free(script);
	return done;
}

bool script_run(const char *path, const struct script_target *target, struct err *err)
{
	return run_file(path, target, err);
}
