/* Reads the table of a sweep back.  The settings that vary are the columns between the net's
 * number and its loss, their values are those that occur; what the nets have in common is in the
 * rows' commands. */
#include "io/in_sweep.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "data/stream.h"
#include "io/csv.h"
#include "io/in_sweep_parts.h"
#include "io/json_value.h"

#define FIRST_BYTES 64

struct in_sweep {
	char name[80];            /* of the file, escaped, for messages */
	char *bytes;              /* the file */
	char **line;              /* [lines], each ended by a NUL */
	size_t lines, first;      /* first: the first row's, after the header */
	struct sweep_table table; /* without a grid: the columns of the file */
	char *header;             /* their names */
	struct sweep_fields fields; /* of the row read last */
	char row[SWEEP_ROW_SIZE];
	size_t axes;
	bool cure;
};

static bool refuse(const struct in_sweep *in, size_t line, const char *why, struct err *err)
{
	char copy[ERR_MESSAGE_SIZE];
	snprintf(copy, sizeof copy, "%s", why);
	return err_set(err, ERR_INPUT, "%s:%zu: %s", in->name, line + 1, copy);
}

static bool begins_with(const uint8_t *bytes, size_t got, const char *before, const char *after)
{
	char start[FIRST_BYTES];
	size_t mark = text_byte_order_mark((const char *)bytes, got);
	size_t length = (size_t)snprintf(start, sizeof start, "%s%s%s", before, sweep_column_at(SWEEP_NET)->name, after);
	return got - mark >= length && memcmp(bytes + mark, start, length) == 0;
}

static bool is_csv(const uint8_t *bytes, size_t got)
{
	return begins_with(bytes, got, "", ",");
}

bool in_sweep_is(const char *path)
{
	uint8_t first[FIRST_BYTES];
	size_t got = 0;
	return stream_first_bytes(path, first, sizeof first, &got, NULL) &&
	       (is_csv(first, got) || begins_with(first, got, "{\"", "\":"));
}

/* ---- lines and columns ---- */

/* What follows the last end of a line is a row that an interrupted sweep had not finished. */
static bool cut_lines(struct in_sweep *in, size_t size, struct err *err)
{
	size_t count = 0;
	for (size_t i = 0; i < size; i++)
		count += in->bytes[i] == '\n';
	in->line = alloc_array(count + 1, sizeof in->line[0], err);
	if (in->line == NULL)
		return false;
	for (char *p = in->bytes + text_byte_order_mark(in->bytes, size); in->lines < count;) {
		char *end = memchr(p, '\n', size - (size_t)(p - in->bytes));
		*end = '\0';
		in->line[in->lines++] = p;
		if (strlen(p) != (size_t)(end - p) || end - p >= SWEEP_ROW_SIZE)
			return refuse(in, in->lines - 1, "this is no row of a sweep", err);
		p = end + 1;
	}
	return true;
}

/* Splits a line into in->fields. */
static bool split(struct in_sweep *in, size_t line, struct err *err)
{
	struct err why = {0};
	sweep_fields_free(&in->fields);
	snprintf(in->row, sizeof in->row, "%s", in->line[line]);
	return sweep_fields_split(&in->fields, &in->table, in->row, &why) || refuse(in, line, why.message, err);
}

static void add_column(struct in_sweep *in, const char *name)
{
	const size_t column = in->table.columns;
	if (column > 0 && in->axes == 0 && strcmp(name, sweep_value_at(SWEEP_LOSS)->entry.name) == 0)
		in->axes = column - 1;
	in->cure |= strcmp(name, sweep_column_at(SWEEP_CURE)->name) == 0;
	in->table.name[in->table.columns++] = name;
}

/* Keeps the names in in->header. */
static bool read_columns(struct in_sweep *in, struct err *err)
{
	char *name[SWEEP_MOST_COLUMNS];
	size_t count = 0;
	struct text text = {0};
	if (in->first) {
		text_add(&text, in->line[0]);
	} else {
		const char *key;
		json_t *value, *row = json_loads(in->line[0], JSON_REJECT_DUPLICATES, NULL);
		json_object_foreach(row, key, value)
		{
			text_add(&text, text.length ? "," : "");
			csv_add_string(&text, key);
		}
		json_decref(row);
	}
	in->header = text.bytes;
	if (!text_check(&text, err))
		return false;
	if (in->header == NULL || !csv_read(in->header, name, SWEEP_MOST_COLUMNS, &count))
		return refuse(in, 0, "these are not the columns of a sweep", err);
	for (size_t i = 0; i < count; i++)
		add_column(in, name[i]);
	return in->axes > 0 && in->axes <= SWEEP_MAX_AXES ? true : refuse(in, 0, "these are not the columns of a sweep", err);
}

/* ---- the grid ---- */

/* Whether --sweep reads this as one value: no list, no range, nothing after a blank. */
static bool is_one_value(const char *value)
{
	int depth = 0;
	for (const char *p = value; *p; p++) {
		depth += (*p == '(') - (*p == ')');
		if (*p == ' ' || (*p == ',' && depth <= 0))
			return false;
	}
	return depth == 0 && value[0] && strstr(value, "..") == NULL;
}

/* Adds a value to a list "a,b,c" unless it is there; as commas are within parentheses only,
 * no value is a part of another between two commas. */
static void add_value(struct text *list, const char *value)
{
	size_t length = strlen(value);
	for (const char *p = text_string(list), *found; (found = strstr(p, value)); p = found + 1) {
		bool begins = found == text_string(list) || found[-1] == ',';
		if (begins && (found[length] == ',' || found[length] == '\0'))
			return;
	}
	text_add(list, list->length ? "," : "");
	text_add(list, value);
}

static bool refuse_value(const struct in_sweep *in, size_t line, size_t axis, struct err *err)
{
	char why[ERR_MESSAGE_SIZE], name[SWEEP_NAME_SIZE], value[80];
	text_escape(name, sizeof name, in->table.name[1 + axis]);
	snprintf(why, sizeof why, "%s is '%s', which is not one value", name,
	         text_escape(value, sizeof value, in->fields.field[1 + axis]));
	return refuse(in, line, why, err);
}

/* The grid as --sweep takes it: "depth=1,3 seed=1,2". */
static bool add_words(struct in_sweep *in, struct text *words, struct err *err)
{
	struct text values[SWEEP_MAX_AXES] = {0};
	bool read = true;
	for (size_t i = in->first; read && i < in->lines; i++) {
		read = split(in, i, err);
		for (size_t k = 0; read && k < in->axes; k++) {
			read = is_one_value(in->fields.field[1 + k]) || refuse_value(in, i, k, err);
			if (read)
				add_value(&values[k], in->fields.field[1 + k]);
		}
	}
	for (size_t k = 0; k < in->axes; k++) {
		text_addf(words, "%s%s=%s", k ? " " : "", in->table.name[1 + k], text_string(&values[k]));
		words->failed |= values[k].failed;
		text_free(&values[k]);
	}
	return read && text_check(words, err);
}

/* ---- the nets ---- */

static bool add_net(struct in_sweep *in, const struct sweep_table *table, struct sweep_map *map, size_t line, struct err *err)
{
	struct sweep_result result;
	struct err why = {0};
	uint64_t net;
	if (!split(in, line, err))
		return false;
	if (!text_unsigned(in->fields.field[0], &net) || net < 1 || net > map->grid.nets)
		return refuse(in, line, "the rows are not those of one whole sweep: put its pieces together first", err);
	snprintf(in->row, sizeof in->row, "%s", in->line[line]);
	if (!sweep_row_read(&result, table, in->row, net - 1, NULL, &why))
		return refuse(in, line, why.message, err);
	sweep_map_add(map, &result);
	return true;
}

/* Names the line of the first value that its setting cannot have, with the settings that the nets
 * have in common.  Without effect if there is none. */
static void refuse_setting(struct in_sweep *in, const struct settings *base, struct err *err)
{
	struct err why = {0};
	for (size_t k = 0; k < in->axes; k++)
		if (setting_find(in->table.name[1 + k], &why) == NULL) {
			refuse(in, 0, why.message, err);
			return;
		}
	for (size_t i = in->first; i < in->lines && split(in, i, err); i++)
		for (size_t k = 0; k < in->axes; k++) {
			struct settings settings = *base;
			if (!settings_set(&settings, in->table.name[1 + k], in->fields.field[1 + k], &why)) {
				refuse(in, i, why.message, err);
				return;
			}
		}
}

/* The map, if the nets have this row's settings in common; else NULL. */
static struct sweep_map *fill(struct in_sweep *in, const char *words, size_t base, struct err *err)
{
	struct settings settings;
	struct err why = {0};
	struct sweep_table table;
	if (!split(in, base, err))
		return NULL;
	if (!in_sweep_command(&settings, in->fields.field[in->table.columns - 1], &why)) {
		refuse(in, base, why.message, err);
		return NULL;
	}
	struct sweep_map *map = sweep_map_of(words, &settings, &why);
	if (map == NULL) {
		if (why.code == ERR_RESOURCE)
			err_set(err, ERR_RESOURCE, "%s: %s", in->name, why.message);
		else
			err_set(err, ERR_INPUT, "%s: no map of this sweep: %s", in->name, why.message);
		if (why.code == ERR_USAGE)
			refuse_setting(in, &settings, err);
		return NULL;
	}
	bool added = true;
	sweep_table_begin(&table, in->table.format, &map->grid, in->cure);
	for (size_t i = in->first; added && i < in->lines; i++)
		added = add_net(in, &table, map, i, err);
	if (added)
		return map;
	sweep_map_free(map);
	return NULL;
}

/* Some settings follow from others: the widths of a deep net are those that the shallow
 * one lacks.  So the nets are those of the first row, or else of the last. */
static struct sweep_map *read_all(struct in_sweep *in, struct err *err)
{
	struct text words = {0};
	struct sweep_map *map = NULL;
	if (in->lines <= in->first)
		refuse(in, in->lines, "the sweep has no row yet", err);
	else if (read_columns(in, err) && add_words(in, &words, err)) {
		map = fill(in, text_string(&words), in->lines - 1, NULL);
		if (map == NULL)
			map = fill(in, text_string(&words), in->first, err);
	}
	text_free(&words);
	return map;
}

struct sweep_map *in_sweep_read(const char *path, struct err *err)
{
	struct in_sweep *in = alloc_array(1, sizeof *in, err);
	struct sweep_map *map = NULL;
	uint8_t *bytes = NULL;
	size_t size = 0;
	if (in == NULL)
		return NULL;
	json_begin();
	text_escape(in->name, sizeof in->name, path);
	if (stream_whole_file(path, &bytes, &size, err)) {
		in->bytes = (char *)bytes;
		in->first = is_csv(bytes, size);
		in->table.format = sweep_format_at(in->first ? 0 : 1);
		if (cut_lines(in, size, err))
			map = read_all(in, err);
	}
	sweep_fields_free(&in->fields);
	alloc_free(in->header);
	alloc_free(in->line);
	alloc_free(in->bytes);
	alloc_free(in);
	return map;
}
