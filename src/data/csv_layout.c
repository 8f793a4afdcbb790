/* Which column of a CSV file is what. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "data/csv_parts.h"

static const char *const label_names[] = { "label", "labels", "class", "target", "y", "species" };

/* What was seen in one of the two columns that may hold labels. */
struct candidate {
	size_t column;
	bool text;  /* some cell is no number */
	bool bytes; /* all are whole numbers from 0 to 255 */
};

static char find_separator(const char *line, size_t length)
{
	static const char separators[] = ",;\t";
	for (size_t i = 0; separators[i]; i++)
		if (memchr(line, separators[i], length))
			return separators[i];
	return ',';
}

const char *csv_separator_name(char separator)
{
	return separator == ',' ? "commas" : separator == ';' ? "semicolons" : "tabs";
}

static bool is_label_name(const struct csv_cell *cell)
{
	char name[32];
	bool is = false;
	csv_copy(name, sizeof name, cell);
	for (size_t i = 0; i < sizeof label_names / sizeof label_names[0] && !is; i++)
		is = cell->length < sizeof name && text_same_name(name, label_names[i]);
	return is;
}

/* A number of the row, as an index of pandas or a key: it says nothing of the sample. */
static bool is_key_name(const struct csv_cell *cell)
{
	char name[32];
	csv_copy(name, sizeof name, cell);
	return cell->length == 0 || text_same_name(name, "id") || text_same_name(name, "index");
}

/* Reads the names in the first row, or finds that it is a sample. */
static bool read_first_row(struct csv_layout *layout, char *line, char *end, const char *name, struct err *err)
{
	bool numbers = false;
	struct csv_cell cell;
	char *at = line;
	for (; at; layout->columns++) {
		double value;
		if (!csv_take_cell(&cell, &at, end, layout->separator))
			return err_set(err, ERR_INPUT, "%s: line 1, column %zu: a quote that is not closed", name, layout->columns + 1);
		if (layout->columns == 0 && is_key_name(&cell)) {
			layout->skip_first = true;
			csv_escape(layout->skipped, sizeof layout->skipped, &cell);
		} else
			numbers |= csv_number(&cell, &value);
		if (!layout->named && is_label_name(&cell)) {
			layout->named = true;
			layout->label = layout->columns;
		}
	}
	layout->header = layout->named || !numbers;
	layout->skip_first &= layout->header;
	return layout->columns - layout->skip_first >= 2 ||
	       err_set(err, ERR_INPUT, "%s: line 1: %zu column%s: a label and one feature at least are needed, separated by commas",
	               name, layout->columns, layout->columns == 1 ? "" : "s");
}

static void look_at(struct candidate *candidate, const struct csv_cell *cell, size_t column)
{
	double value;
	if (candidate->column != column)
		return;
	bool number = csv_number(cell, &value);
	candidate->text |= !number;
	candidate->bytes &= number && csv_is_byte(value);
}

/* Looks at the candidates in the whole lines among the first bytes. */
static void look_at_rows(const struct csv_layout *layout, char *bytes, char *end, bool whole, struct candidate *candidates)
{
	size_t rows = 0;
	while (bytes < end) {
		char *line_end = memchr(bytes, '\n', (size_t)(end - bytes));
		if (line_end == NULL && !whole && rows > 0)
			return;
		line_end = line_end ? line_end : end;
		char *at = bytes;
		for (size_t column = 0; at; column++) {
			struct csv_cell cell;
			if (!csv_take_cell(&cell, &at, line_end, layout->separator) || (cell.length == 0 && at == NULL && column == 0))
				break;
			for (size_t c = 0; c < 2; c++)
				look_at(&candidates[c], &cell, column);
		}
		bytes = line_end + 1;
		rows++;
	}
}

static bool choose_column(struct csv_layout *layout, const struct candidate *first, const struct candidate *last,
                          const char *name, struct err *err)
{
	const struct candidate *chosen = first->text != last->text ? (first->text ? first : last)
	                                 : first->bytes            ? first
	                                 : last->bytes             ? last
	                                                           : NULL;
	if (first->text && last->text)
		chosen = NULL;
	if (chosen == NULL)
		return err_set(err, ERR_INPUT, "%s: neither the first nor the last column has labels (whole numbers from 0 to 255, or "
		               "text): name the column 'label' in a header", name);
	layout->label = chosen->column;
	layout->text_labels = chosen->text;
	return true;
}

bool csv_find_layout(struct csv_layout *layout, const struct csv_layout *first, char *bytes, size_t size, bool whole,
                     const char *name, struct err *err)
{
	char *end = bytes + size, *line = bytes;
	*layout = (struct csv_layout){0};
	line += text_byte_order_mark(bytes, size);
	char *line_end = line < end ? memchr(line, '\n', (size_t)(end - line)) : NULL;
	if (line_end == NULL && !whole)
		return err_set(err, ERR_INPUT, "%s: line 1 is longer than %zu bytes", name, CSV_LINE);
	line_end = line_end ? line_end : end;
	layout->separator = find_separator(line, (size_t)(line_end - line));
	if (!read_first_row(layout, line, line_end, name, err))
		return false;
	if (first && !layout->named) {
		layout->label = first->label;
		return true;
	}
	struct candidate both[2] = { { .column = layout->skip_first, .bytes = true },
		                     { .column = layout->columns - 1, .bytes = true } };
	if (layout->named)
		both[0].column = both[1].column = layout->label;
	char *rows = !layout->header ? line : line_end < end ? line_end + 1 : end;
	look_at_rows(layout, rows, end, whole, both);
	layout->text_labels = both[0].text;
	return layout->named || choose_column(layout, &both[0], &both[1], name, err);
}
