/* Rows of a sweep.  A row is first a list of fields, in the order of the columns;
 * the format only says how fields are written and read. */
#include "io/sweep_row.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/whole.h"
#include "draw/wrap.h"
#include "io/cli_text.h"
#include "io/csv.h"
#include "io/json_value.h"

static const struct entry column_list[SWEEP_WORDS] = {
	[SWEEP_NET] = { .name = "net", .summary = "number of the net in the grid, from 1" },
	[SWEEP_VERDICT] = { .name = "verdict", .summary = "the verdict on the net at its last step, a word; " SWEEP_FAILED " if it could not be trained" },
	[SWEEP_CURE] = { .name = "cure", .summary = "with --cure: the change of settings that would cure the net; empty if none is needed or known" },
	[SWEEP_ERROR] = { .name = "error", .summary = "why the net could not be trained" },
	[SWEEP_DATA] = { .name = "data_set", .summary = "the images in use" },
	[SWEEP_COMMAND] = { .name = "command", .summary = "the command line that trains this net alone" },
};
const struct table sweep_columns = TABLE_OF(column_list, "column", "columns");

static const struct sweep_format format_list[] = {
	{ .entry = { .name = "csv", .summary = "a header, then a row per net" }, .has_header = true },
	{ .entry = { .name = "json", .summary = "a JSON object per net and line", .aliases = "jsonl ndjson" } },
};
const struct table sweep_formats = TABLE_OF(format_list, "format of a sweep", "formats of a sweep");

static bool is_json(const struct sweep_table *table)
{
	return !table->format->has_header;
}

void sweep_table_begin(struct sweep_table *table, const struct sweep_format *format, const struct sweep_grid *grid, bool cure)
{
	*table = (struct sweep_table){ .format = format, .grid = grid, .cure = cure };
	json_begin();
	table->name[table->columns++] = column_list[SWEEP_NET].name;
	for (size_t i = 0; i < grid->axes; i++)
		table->name[table->columns++] = grid->axis[i].name;
	for (size_t i = 0; i < SWEEP_VALUES; i++)
		table->name[table->columns++] = sweep_value_at(i)->entry.name;
	for (enum sweep_word w = SWEEP_VERDICT; w < SWEEP_WORDS; w++)
		if (w != SWEEP_CURE || cure)
			table->name[table->columns++] = column_list[w].name;
}

void sweep_row_header(struct text *text, const struct sweep_table *table)
{
	if (!table->format->has_header)
		return;
	for (size_t i = 0; i < table->columns; i++)
		text_addf(text, "%s%s", i ? "," : "", table->name[i]);
	text_add(text, "\n");
}

/* ---- writing ---- */

static void command_of(struct text *command, const struct sweep_table *table, uint64_t net)
{
	sweep_grid_command(table->grid, net, command);
}

static const char *word_of(const struct sweep_result *result, enum sweep_word word, const struct text *command)
{
	switch (word) {
	case SWEEP_VERDICT:
		return result->verdict;
	case SWEEP_CURE:
		return result->cure;
	case SWEEP_ERROR:
		return result->error;
	case SWEEP_DATA:
		return result->data_name;
	case SWEEP_COMMAND:
		return text_string(command);
	case SWEEP_NET:
	case SWEEP_WORDS:
		break;
	}
	return "";
}

static void add_csv(struct text *text, const struct sweep_table *table, const struct sweep_result *result,
                    const struct text *command)
{
	text_addf(text, "%llu", (unsigned long long)result->net + 1);
	for (size_t i = 0; i < table->grid->axes; i++) {
		text_add(text, ",");
		csv_add_string(text, sweep_axis_value(&table->grid->axis[i], sweep_grid_index(table->grid, i, result->net)));
	}
	for (size_t i = 0; i < SWEEP_VALUES; i++) {
		text_add(text, ",");
		csv_add_real(text, result->value[i]);
	}
	for (enum sweep_word w = SWEEP_VERDICT; w < SWEEP_WORDS; w++)
		if (w != SWEEP_CURE || table->cure) {
			text_add(text, ",");
			csv_add_string(text, word_of(result, w, command));
		}
	text_add(text, "\n");
}

/* A number where the value is one, else a string. */
static json_t *json_axis(const char *value)
{
	uint64_t whole;
	double real;
	if (text_unsigned(value, &whole))
		return json_count(whole);
	return text_real(value, &real) ? json_real(real) : json_string(value);
}

static void add_json(struct text *text, const struct sweep_table *table, const struct sweep_result *result,
                     const struct text *command)
{
	bool failed = false;
	json_t *row = json_object();
	json_put(row, column_list[SWEEP_NET].name, json_count(result->net + 1), &failed);
	for (size_t i = 0; i < table->grid->axes; i++) {
		const struct sweep_axis *axis = &table->grid->axis[i];
		json_put(row, axis->name, json_axis(sweep_axis_value(axis, sweep_grid_index(table->grid, i, result->net))), &failed);
	}
	for (size_t i = 0; i < SWEEP_VALUES; i++) {
		const struct sweep_value *value = sweep_value_at(i);
		if (value->whole && !isnan(result->value[i]))
			json_put(row, value->entry.name, json_count(whole_count(result->value[i])), &failed);
		else
			json_put_real(row, value->entry.name, result->value[i], &failed);
	}
	for (enum sweep_word w = SWEEP_VERDICT; w < SWEEP_WORDS; w++)
		if (w != SWEEP_CURE || table->cure)
			json_put(row, column_list[w].name, json_string(word_of(result, w, command)), &failed);
	json_add_line(text, row, failed);
}

void sweep_row_add(struct text *text, const struct sweep_table *table, const struct sweep_result *result)
{
	struct text command = {0};
	command_of(&command, table, result->net);
	if (is_json(table))
		add_json(text, table, result, &command);
	else
		add_csv(text, table, result, &command);
	text->failed |= command.failed;
	text_free(&command);
}

/* ---- reading ---- */

/* Fails: `what` is another than it must be. */
static bool differs(const char *what, const char *is, const char *wanted, struct err *err)
{
	char one[80], other[80];
	return err_set(err, ERR_INPUT, "%s is '%s' and not '%s'", what, text_escape(one, sizeof one, is),
	               text_escape(other, sizeof other, wanted));
}

static bool same(const char *what, const char *is, const char *wanted, struct err *err)
{
	return strcmp(is, wanted) == 0 || differs(what, is, wanted, err);
}

static bool split_json(struct sweep_fields *fields, const struct sweep_table *table, const char *line, struct err *err)
{
	fields->row = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(fields->row))
		return err_set(err, ERR_INPUT, "is no JSON object");
	for (size_t i = 0; i < table->columns; i++) {
		json_t *member = json_object_get(fields->row, table->name[i]);
		fields->field[i] = fields->number[i];
		if (json_is_string(member))
			fields->field[i] = (char *)(uintptr_t)json_string_value(member);
		else if (json_is_integer(member))
			snprintf(fields->number[i], sizeof fields->number[i], "%lld", (long long)json_integer_value(member));
		else if (json_is_real(member))
			text_exact(fields->number[i], json_real_value(member));
		else if (!json_is_null(member))
			return err_set(err, ERR_INPUT, "has no column '%s'", table->name[i]);
	}
	return true;
}

bool sweep_fields_split(struct sweep_fields *fields, const struct sweep_table *table, char *line, struct err *err)
{
	size_t count;
	if (is_json(table))
		return split_json(fields, table, line, err);
	if (!csv_read(line, fields->field, SWEEP_MOST_COLUMNS, &count) || count != table->columns)
		return err_set(err, ERR_INPUT, "has another number of columns than %zu", table->columns);
	return true;
}

void sweep_fields_free(struct sweep_fields *fields)
{
	json_decref(fields->row);
	fields->row = NULL;
}

/* JSON may write an axis' number in another way than the user did. */
static bool same_axis(const struct sweep_table *table, const char *name, const char *is, const char *wanted, struct err *err)
{
	double a, b;
	if (is_json(table) && text_real(is, &a) && text_real(wanted, &b) && a == b)
		return true;
	return same(name, is, wanted, err);
}

#define LARGEST_WHOLE 9007199254740992.0 /* 2^53: up to here a double counts */

/* A number that a run can have given; an empty field, for one that the net does not have, is NaN. */
static bool read_value(double *value, const struct sweep_value *kind, const char *field, struct err *err)
{
	char safe[64];
	double high = kind->share ? 1 : kind->whole ? LARGEST_WHOLE : INFINITY;
	*value = NAN;
	if (*field == '\0' || (text_real(field, value) && *value >= 0 && *value <= high && !(kind->whole && *value != floor(*value))))
		return true;
	return err_set(err, ERR_INPUT, "%s is '%s', which no net has: it is %s", kind->entry.name, text_escape(safe, sizeof safe, field),
	               kind->share ? "a number from 0 to 1" : kind->whole ? "a whole number from 0 on" : "a number from 0 on");
}

/* Every net that was trained has this number. */
static bool is_complete(const struct sweep_result *result, struct err *err)
{
	return strcmp(result->verdict, SWEEP_FAILED) == 0 || !isnan(result->value[SWEEP_TRAIN_ACCURACY]) ||
	       err_set(err, ERR_INPUT, "%s is empty, but the verdict is not '%s'", sweep_value_at(SWEEP_TRAIN_ACCURACY)->entry.name, SWEEP_FAILED);
}

static bool read_fields(struct sweep_result *result, const struct sweep_table *table, const struct sweep_fields *fields,
                        const char *data_name, const struct text *command, struct err *err)
{
	char *const *field = fields->field;
	char number[24];
	size_t column = 0;
	snprintf(number, sizeof number, "%llu", (unsigned long long)result->net + 1);
	if (!same(column_list[SWEEP_NET].name, field[column++], number, err))
		return false;
	for (size_t i = 0; i < table->grid->axes; i++, column++) {
		const struct sweep_axis *axis = &table->grid->axis[i];
		if (!same_axis(table, axis->name, field[column], sweep_axis_value(axis, sweep_grid_index(table->grid, i, result->net)), err))
			return false;
	}
	for (size_t i = 0; i < SWEEP_VALUES; i++, column++)
		if (!read_value(&result->value[i], sweep_value_at(i), field[column], err))
			return false;
	snprintf(result->verdict, sizeof result->verdict, "%s", field[column++]);
	if (table->cure)
		snprintf(result->cure, sizeof result->cure, "%s", field[column++]);
	snprintf(result->error, sizeof result->error, "%s", field[column++]);
	snprintf(result->data_name, sizeof result->data_name, "%s", field[column]);
	return is_complete(result, err) && (data_name == NULL || same(column_list[SWEEP_DATA].name, field[column], data_name, err)) &&
	       same(column_list[SWEEP_COMMAND].name, field[column + 1], text_string(command), err);
}

bool sweep_row_read(struct sweep_result *result, const struct sweep_table *table, char *line, uint64_t net,
                    const char *data_name, struct err *err)
{
	struct sweep_fields fields = {0};
	struct text command = {0};
	*result = (struct sweep_result){ .net = net };
	command_of(&command, table, net);
	bool read = text_check(&command, err) && sweep_fields_split(&fields, table, line, err) &&
	            read_fields(result, table, &fields, data_name, &command, err);
	sweep_fields_free(&fields);
	text_free(&command);
	return read;
}

/* ---- the list of columns ---- */

#define COLUMN_OF_SUMMARIES 25

static void add_column(struct text *text, const struct entry *entry)
{
	text_addf(text, "  %-23s", entry->name);
	wrap_text(text, entry->summary, COLUMN_OF_SUMMARIES, COLUMN_OF_SUMMARIES, CLI_COLUMNS);
}

void sweep_row_columns(struct text *text)
{
	add_column(text, &column_list[SWEEP_NET]);
	add_column(text, &(struct entry){ .name = "init, depth, ...", .summary = "the settings that vary" });
	for (size_t i = 0; i < SWEEP_VALUES; i++)
		add_column(text, &sweep_value_at(i)->entry);
	for (enum sweep_word w = SWEEP_VERDICT; w < SWEEP_WORDS; w++)
		add_column(text, &column_list[w]);
}
