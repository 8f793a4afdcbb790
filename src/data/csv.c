/* Reading CSV: line after line, cell after cell. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/whole.h"
#include "data/csv_parts.h"
#include "data/source.h"

enum { FIRST_BYTES = 1 << 20, FIRST_ROOM = 1 << 16 };

struct reader {
	struct stream stream;
	struct csv_set *set;
	struct csv_layout layout;
	char *buffer;             /* (room_of_line) */
	size_t room_of_line;      /* CSV_LINE, or the file's size and one */
	size_t begin, held;       /* the unread bytes of it are [begin, held) */
	bool ended;               /* nothing more comes from the stream */
	size_t line;              /* number of the line that was read last, from 1 */
	/* what was read */
	size_t rows, features;
	size_t room, label_room;  /* values; labels */
	uint8_t *bytes;           /* (rows, features), as long as all are bytes; then NULL */
	float *values;            /* (rows, features), from then on */
	uint8_t *label;           /* (rows) */
};

/* ---- lines ---- */

/* Moves the unread bytes to the front and fills the buffer. */
static bool fill(struct reader *r, struct err *err)
{
	size_t got;
	memmove(r->buffer, r->buffer + r->begin, r->held - r->begin);
	r->held -= r->begin;
	r->begin = 0;
	if (!r->stream.read(r->stream.context, (uint8_t *)r->buffer + r->held, r->room_of_line - r->held, &got, err))
		return false;
	r->ended = got < r->room_of_line - r->held;
	r->held += got;
	return true;
}

/* The next line that is not blank, [*line, *end); NULL at the end of the file. */
static bool next_line(struct reader *r, char **line, char **end, struct err *err)
{
	for (*line = NULL; *line == NULL;) {
		char *first = r->buffer + r->begin, *stop = memchr(first, '\n', r->held - r->begin);
		if (stop == NULL && !r->ended) {
			if (r->begin == 0 && r->held == r->room_of_line)
				return err_set(err, ERR_INPUT, "%s: line %zu is longer than %zu bytes", r->stream.name, r->line + 1, CSV_LINE);
			if (!fill(r, err))
				return false;
			continue;
		}
		if (stop == NULL && r->begin == r->held)
			return true;
		*end = stop ? stop : r->buffer + r->held;
		r->begin = stop ? (size_t)(stop + 1 - r->buffer) : r->held;
		r->line++;
		if (r->line == 1)
			first += text_byte_order_mark(first, (size_t)(*end - first));
		bool blank = true;
		for (char *p = first; p < *end && blank; p++)
			blank = *p == ' ' || *p == '\t' || *p == '\r';
		*line = blank ? NULL : first;
	}
	return true;
}

/* ---- values ---- */

/* The array with room for `needed` elements; NULL leaves it as it was. */
static void *grown(void *array, size_t *room, size_t needed, size_t size, struct err *err)
{
	if (needed <= *room)
		return array;
	size_t more = *room ? 2 * *room : FIRST_ROOM;
	more = more < needed ? needed : more;
	void *longer = array ? alloc_resize(array, more, size, err) : alloc_array(more, size, err);
	if (longer)
		*room = more;
	return longer;
}

/* Room for the first `needed` values, whichever kind they are. */
static bool grow_values(struct reader *r, size_t needed, struct err *err)
{
	void *longer = r->values ? grown(r->values, &r->room, needed, sizeof *r->values, err)
	                         : grown(r->bytes, &r->room, needed, 1, err);
	if (longer == NULL)
		return err_prefix(err, "%s", r->stream.name);
	if (r->values)
		r->values = longer;
	else
		r->bytes = longer;
	return true;
}

/* A value that is no byte: all values become floats. */
static bool become_floats(struct reader *r, size_t count, struct err *err)
{
	r->values = alloc_array(r->room, sizeof *r->values, err);
	if (r->values == NULL)
		return err_prefix(err, "%s", r->stream.name);
	for (size_t i = 0; i < count; i++)
		r->values[i] = r->bytes[i];
	alloc_free(r->bytes);
	r->bytes = NULL;
	return true;
}

static bool make_room(struct reader *r, struct err *err)
{
	size_t needed = (r->rows + 1) * r->features;
	if (!samples_check_size(r->stream.name, r->rows + 1, r->features, r->values ? sizeof *r->values : 1, err))
		return false;
	uint8_t *label = grown(r->label, &r->label_room, r->rows + 1, 1, err);
	if (label == NULL)
		return err_prefix(err, "%s", r->stream.name);
	r->label = label;
	return grow_values(r, needed, err);
}

static bool wrong_cell(const struct reader *r, size_t column, const struct csv_cell *cell, const char *what, struct err *err)
{
	char safe[64];
	return err_set(err, ERR_INPUT, "%s: line %zu, column %zu: '%s' %s", r->stream.name, r->line, column + 1,
	               csv_escape(safe, sizeof safe, cell), what);
}

static bool put_label(struct reader *r, size_t column, const struct csv_cell *cell, struct err *err)
{
	double value;
	int class;
	if (r->layout.text_labels) {
		class = csv_class(r->set, cell);
		static const char *const reasons[] = { "is a class that no training sample has",
			                               "is one class more than the 256 that are possible",
			                               "is too long for the name of a class", "is no label: it is missing" };
		if (class < 0)
			return wrong_cell(r, column, cell, reasons[-1 - class], err);
		r->label[r->rows] = (uint8_t)class;
		return true;
	}
	if (!csv_number(cell, &value) || !csv_is_byte(value))
		return wrong_cell(r, column, cell, "is no label: whole numbers from 0 to 255 are possible", err);
	r->label[r->rows] = (uint8_t)whole_int(value, 0, UINT8_MAX);
	return true;
}

/* In many countries the decimal point is a comma, and cells are separated by semicolons. */
static const char *why_no_number(const struct csv_cell *cell)
{
	if (memchr(cell->text, '\0', cell->length))
		return "has a NUL byte: the file is no text, or damaged";
	bool comma = memchr(cell->text, ',', cell->length) || memchr(cell->text, ';', cell->length);
	return comma ? "is not a number: write the decimal point as a dot" : "is not a number";
}

static bool put_value(struct reader *r, size_t feature, size_t column, const struct csv_cell *cell, struct err *err)
{
	size_t at = r->rows * r->features + feature;
	double value;
	if (!csv_number(cell, &value))
		return wrong_cell(r, column, cell, why_no_number(cell), err);
	if (r->values == NULL && !csv_is_byte(value) && !become_floats(r, at, err))
		return false;
	if (r->values)
		r->values[at] = (float)value;
	else
		r->bytes[at] = (uint8_t)whole_int(value, 0, UINT8_MAX);
	return true;
}

static bool read_row(struct reader *r, char *line, char *end, struct err *err)
{
	const struct csv_layout *layout = &r->layout;
	size_t column = 0, feature = 0;
	struct csv_cell cell;
	if (!make_room(r, err))
		return false;
	for (char *at = line; at; column++) {
		if (!csv_take_cell(&cell, &at, end, layout->separator))
			return err_set(err, ERR_INPUT, "%s: line %zu, column %zu: a quote that is not closed", r->stream.name, r->line,
			               column + 1);
		if (column >= layout->columns)
			continue; /* counted for the message */
		if (column == layout->label ? !put_label(r, column, &cell, err)
		    : (column > 0 || !layout->skip_first) && !put_value(r, feature++, column, &cell, err))
			return false;
	}
	if (column != layout->columns)
		return err_set(err, ERR_INPUT, "%s: line %zu has %zu cell%s, where the first line has %zu, separated by %s", r->stream.name,
		               r->line, column, column == 1 ? "" : "s", layout->columns, csv_separator_name(layout->separator));
	r->rows++;
	return true;
}

static bool read_rows(struct reader *r, struct err *err)
{
	char *line, *end;
	if (r->layout.header && (!next_line(r, &line, &end, err)))
		return false;
	do {
		if (!next_line(r, &line, &end, err) || (line && !read_row(r, line, end, err)))
			return false;
	} while (line);
	return r->rows > 0 || err_set(err, ERR_INPUT, "%s: no samples: there is %s", r->stream.name,
	                              r->layout.header ? "only a header" : "no line with values");
}

/* ---- the samples ---- */

static bool keep(struct samples *samples, struct reader *r, struct err *err)
{
	if (!samples_begin(samples, r->stream.name, r->rows, 1, r->features, r->values == NULL, err))
		return false;
	if (r->values == NULL && !grow_values(r, r->rows * r->features + PACKED_BEHIND, err))
		return false;
	for (size_t i = 0; i < r->rows; i++) {
		if (r->values == NULL) {
			if (!samples_put_bytes(samples, i, r->bytes + i * r->features, err))
				return false;
			continue;
		}
		for (size_t f = 0; f < r->features; f++)
			samples_put_value(samples, i, f, (double)r->values[i * r->features + f]);
	}
	samples->label = r->label;
	r->label = NULL;
	if (r->layout.text_labels && !r->set->decided)
		csv_set_sort(r->set, samples->label, samples->count);
	samples_end_labels(samples);
	return true;
}

/* Later files have the columns of the first. */
static bool agree(struct reader *r, bool *unlabelled, struct err *err)
{
	const struct csv_layout *first = &r->set->layout;
	if (!r->set->decided)
		return true;
	if (unlabelled)
		*unlabelled = first->named && r->layout.header && !r->layout.named;
	if (unlabelled && *unlabelled)
		return true;
	if (r->layout.columns != first->columns)
		return err_set(err, ERR_INPUT, "%s: %zu columns, where the training file has %zu", r->stream.name, r->layout.columns,
		               first->columns);
	r->layout.text_labels = first->text_labels;
	r->layout.skip_first = first->skip_first;
	return true;
}

static bool find_layout(struct reader *r, const char *path, struct err *err)
{
	size_t got = 0, room = r->room_of_line, most = room < FIRST_BYTES ? room : FIRST_BYTES;
	char *bytes = alloc_array(room, 1, err);
	bool found = bytes && stream_first_bytes(path, (uint8_t *)bytes, most, &got, err);
	if (found && got == most && memchr(bytes, '\n', got) == NULL)
		found = stream_first_bytes(path, (uint8_t *)bytes, most = room, &got, err);
	found = found && csv_find_layout(&r->layout, r->set->decided ? &r->set->layout : NULL, bytes, got, got < most,
	                                 r->stream.name, err);
	alloc_free(bytes);
	return found;
}

static bool read_file(struct samples *samples, struct reader *r, const char *path, bool *unlabelled,
                      const struct warnings **warnings, struct err *err)
{
	if (unlabelled)
		*unlabelled = false;
	if (!find_layout(r, path, err) || !agree(r, unlabelled, err))
		return false;
	if (unlabelled && *unlabelled)
		return true;
	r->features = r->layout.columns - 1 - r->layout.skip_first;
	if (r->layout.skip_first &&
	    !warnings_add(warnings, err, "%s: the first column ('%s') is left out: it numbers the samples", r->stream.name,
	                  r->layout.skipped))
		return false;
	r->buffer = alloc_array(r->room_of_line, 1, err);
	if (r->buffer == NULL || !read_rows(r, err) || !keep(samples, r, err))
		return false;
	if (!r->set->decided)
		r->set->layout = r->layout;
	r->set->decided = true;
	return true;
}

bool csv_read_samples(struct samples *samples, const char *path, struct csv_set *set, bool *unlabelled,
                      const struct warnings **warnings, struct err *err)
{
	struct source *source = source_open(path, err);
	*samples = (struct samples){0};
	if (source == NULL)
		return false;
	struct reader r = { .stream = stream_of_source(source), .set = set };
	r.room_of_line = r.stream.most < CSV_LINE ? (size_t)r.stream.most + 1 : CSV_LINE;
	bool read = read_file(samples, &r, path, unlabelled, warnings, err);
	alloc_free(r.buffer);
	alloc_free(r.bytes);
	alloc_free(r.values);
	alloc_free(r.label);
	source_close(source);
	if (!read)
		samples_free(samples);
	return read;
}
