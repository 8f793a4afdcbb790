/* Reads a saved run: a header line, then one observation per line.  This file
 * handles files and lines; in_observation.c parses the content of a line. */
#include "io/in_run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "data/input.h"
#include "io/json_value.h"
#include "io/out_observation.h"

/* Limits of the lines' length, several times what export_run() writes, so that
 * no file can cause a large allocation. */
#define LINE_BYTES ((size_t)256 << 10)
#define LAYER_BYTES ((size_t)64 << 10)
#define OBSERVATIONS_MOST 100000000

struct run_file {
	int fd;
	char name[80];       /* escaped, for messages */
	uint64_t number;     /* of the line, from 1 */
	struct text line;
	size_t line_most;
	size_t used, filled; /* of the buffer */
	char buffer[4096];
};

#define GIVE "give a file that --record, the command `save` or --sweep has written"

static bool open_file(struct run_file *file, const char *path, struct err *err)
{
	struct stat info;
	text_escape(file->name, sizeof file->name, path);
	file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (file->fd < 0 || fstat(file->fd, &info) != 0)
		return err_set(err, ERR_INPUT, "%s: cannot be read: %s", file->name, strerror(errno));
	if (S_ISREG(info.st_mode))
		return true;
	return err_set(err, ERR_INPUT, "%s: %s: " GIVE, file->name, input_kind(info.st_mode));
}

static void close_file(struct run_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	text_free(&file->line);
}

static bool fill(struct run_file *file, struct err *err)
{
	ssize_t got;
	do
		got = read(file->fd, file->buffer, sizeof file->buffer);
	while (got < 0 && errno == EINTR);
	file->used = 0;
	file->filled = got > 0 ? (size_t)got : 0;
	return got >= 0 || err_set(err, ERR_INPUT, "cannot be read: %s", strerror(errno));
}

/* Reads the next line into file->line; *end at the end of the file. */
static bool next_line(struct run_file *file, bool *end, struct err *err)
{
	text_clear(&file->line);
	file->number++;
	for (;;) {
		if (file->used == file->filled && !fill(file, err))
			return false;
		*end = file->filled == 0 && file->line.length == 0;
		if (file->filled == 0)
			return true;
		const char *start = file->buffer + file->used;
		const char *newline = memchr(start, '\n', file->filled - file->used);
		size_t length = newline ? (size_t)(newline - start) : file->filled - file->used;
		if (file->line.length + length > file->line_most)
			return err_set(err, ERR_INPUT, "the line is longer than any that initviz writes");
		text_add_bytes(&file->line, start, length);
		file->used += length + (newline != NULL);
		if (newline)
			return text_check(&file->line, err);
	}
}

/* The first line, without a byte order mark; *end if there is none. */
static bool first_line(struct run_file *file, bool *end, struct err *err)
{
	if (file->used == file->filled && !fill(file, err))
		return false;
	file->used += text_byte_order_mark(file->buffer + file->used, file->filled - file->used);
	return next_line(file, end, err);
}

/* The object on the line; the caller releases it. */
static json_t *parse(const struct run_file *file, struct err *err)
{
	json_error_t error;
	char safe[120];
	json_t *object = json_loadb(text_string(&file->line), file->line.length, JSON_REJECT_DUPLICATES, &error);
	if (json_is_object(object) && !json_memory_failed())
		return object;
	if (json_memory_failed()) /* jansson drops characters rather than fail */
		err_set(err, ERR_RESOURCE, "out of memory while reading JSON");
	else if (object)
		err_set(err, ERR_INPUT, "there is a list where an object is expected");
	else
		err_set(err, ERR_INPUT, "this is not JSON: %s (column %d)", text_escape(safe, sizeof safe, error.text),
		        error.column);
	json_decref(object);
	return NULL;
}

/* ---- content ---- */

/* Those of one rank. */
static bool read_rank(const json_t *object, struct settings *settings, enum settings_rank rank, struct err *err)
{
	const char *name;
	json_t *value;
	char safe[64];
	json_object_foreach((json_t *)object, name, value) {
		if (settings_rank(name) != rank)
			continue;
		if (!json_is_string(value))
			return err_set(err, ERR_INPUT, "settings: '%s' is not a string", text_escape(safe, sizeof safe, name));
		if (settings_set(settings, name, json_string_value(value), err))
			continue;
		if (err)
			err->code = ERR_INPUT;
		return err_prefix(err, "settings");
	}
	return true;
}

bool in_settings(const json_t *object, struct settings *settings, struct err *err)
{
	for (int rank = 0; rank < SETTINGS_RANKS; rank++)
		if (!read_rank(object, settings, (enum settings_rank)rank, err))
			return false;
	return true;
}

static bool read_settings(const json_t *object, struct settings *settings, struct err *err)
{
	settings_default(settings);
	const char *scenario = json_string_value(json_object_get(object, "scenario"));
	if (scenario && !settings_set(settings, "scenario", scenario, err)) {
		if (err)
			err->code = ERR_INPUT;
		return err_prefix(err, "settings");
	}
	if (!in_settings(object, settings, err))
		return false;
	if (settings->width[0] && settings->width[settings->layers])
		return true;
	return err_set(err, ERR_INPUT, "settings: 'layers' must have all widths");
}

static bool read_edit(const json_t *object, uint64_t not_before, const struct settings *settings,
                      struct runner_edit *edit, struct err *err)
{
	uint64_t layer;
	struct settings changed = *settings;
	*edit = (struct runner_edit){0};
	if (!json_get_count(object, "step", UINT64_MAX, &edit->step, err))
		return false;
	if (edit->step < not_before)
		return err_set(err, ERR_INPUT, "out of order at step %llu", (unsigned long long)edit->step);
	if (json_object_get(object, "layer")) {
		if (!json_get_count(object, "layer", settings->layers, &layer, err))
			return false;
		edit->layer = (uint32_t)layer;
		return json_get_real(object, "factor", &edit->factor, err) &&
		       ((layer && isfinite(edit->factor)) || err_set(err, ERR_INPUT, "'layer' is 0, or 'factor' is not a number"));
	}
	if (!json_get_word(object, "name", edit->name, sizeof edit->name, err) ||
	    !json_get_word(object, "value", edit->value, sizeof edit->value, err))
		return false;
	if (settings_set(&changed, edit->name, edit->value, err))
		return true;
	if (err)
		err->code = ERR_INPUT;
	return false;
}

static bool read_edits(const json_t *object, const struct settings *settings, struct history *history, struct err *err)
{
	if (json_object_get(object, "edits") == NULL)
		return true;
	const json_t *edits = json_get(object, "edits", JSON_ARRAY, err);
	if (edits == NULL)
		return false;
	uint64_t step = 0;
	for (size_t i = 0; i < json_array_size(edits); i++) {
		struct runner_edit edit;
		if (!read_edit(json_array_get(edits, i), step, settings, &edit, err))
			return err_prefix(err, "edits");
		if (!history_note(history, &edit, err))
			return false;
		step = edit.step;
	}
	return true;
}

static bool read_header(struct run_file *file, struct settings *settings, struct history *history, uint64_t *count,
                        struct err *err)
{
	bool end;
	file->line_most = LINE_BYTES;
	if (!first_line(file, &end, err))
		return false;
	json_t *object = end ? NULL : parse(file, err);
	const char *schema = json_string_value(json_object_get(object, "schema"));
	if (schema == NULL || strcmp(schema, OUT_JSON_RUN) != 0) {
		json_decref(object);
		return !json_memory_failed() &&
		       err_set(err, ERR_INPUT, "this is not a saved run: " GIVE);
	}
	const json_t *values = json_get(object, "settings", JSON_OBJECT, err);
	bool read = values && read_settings(values, settings, err) && read_edits(object, settings, history, err) &&
	            json_get_count(object, "observations", OBSERVATIONS_MOST, count, err);
	json_decref(object);
	return read && (*count || err_set(err, ERR_INPUT, "the run was saved before its first observation"));
}

static bool read_observation(struct run_file *file, const struct settings *settings, struct history *history,
                             struct err *err)
{
	json_t *object = parse(file, err);
	struct snapshot *snapshot = object ? in_observation(object, settings, err) : NULL;
	json_decref(object);
	if (snapshot == NULL)
		return false;
	bool later = history->count == 0 || history->snapshot[history->count - 1]->step < snapshot->step;
	bool added = later ? history_add(history, snapshot, err)
	                   : err_set(err, ERR_INPUT, "the observations are out of order at step %llu",
	                             (unsigned long long)snapshot->step);
	snapshot_drop(snapshot);
	return added;
}

static bool read_all(struct run_file *file, struct history *history, struct settings *settings, struct err *err)
{
	uint64_t count = 0;
	if (!read_header(file, settings, history, &count, err))
		return false;
	file->line_most = LINE_BYTES + settings->layers * LAYER_BYTES;
	for (uint64_t i = 0; i < count; i++) {
		bool end;
		if (!next_line(file, &end, err))
			return false;
		if (end)
			return err_set(err, ERR_INPUT, "the file is cut off: it ends after %llu of %llu observations",
			               (unsigned long long)i, (unsigned long long)count);
		if (!read_observation(file, settings, history, err))
			return false;
	}
	bool end;
	return next_line(file, &end, err) &&
	       (end || err_set(err, ERR_INPUT, "the file has more observations than the %llu that its first line announces",
	                       (unsigned long long)count));
}

bool in_run_read(const char *path, struct history *history, struct settings *settings, struct err *err)
{
	struct run_file file = { .fd = -1 };
	json_begin();
	bool read = open_file(&file, path, err);
	if (read && !read_all(&file, history, settings, err)) {
		read = err_prefix(err, "%s:%llu", file.name, (unsigned long long)file.number);
		history_clear(history);
	}
	close_file(&file);
	return read;
}
