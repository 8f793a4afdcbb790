/* The numbers of two nets.  A small panel shows only the quantities of the
 * lowest ranks. */
#include "view/compare_numbers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/number.h"
#include "view/quantity_show.h"
#include "view/verdict.h"

/* NaN if the net does not have this layer. */
static double value_of(const struct quantity_line *line, const struct snapshot *snapshot, size_t layer,
                       const struct history *history)
{
	struct quantity_place place = { .snapshot = snapshot, .layer = layer, .tensor = line->tensor };
	return snapshot && layer < snapshot->layers ? quantity_read_last(line->quantity, &place, history) : NAN;
}

static bool is_share(const struct quantity_line *line)
{
	return line->quantity->unit == QUANTITY_SHARE;
}

static char *percent(char out[NUMBER_SIZE], double share)
{
	if (isnan(share))
		snprintf(out, NUMBER_SIZE, "-");
	else
		snprintf(out, NUMBER_SIZE, "%.0f", 100 * share);
	return out;
}

/* A line of the panel and its two values. */
struct pair {
	const struct quantity_line *line;
	const char *label, *brief; /* the latter where the label does not fit */
	const struct compared *two;
	size_t layer;
	double a, b;
};

/* "70→0 %" for shares, a factor for numbers. */
static void draw_list_line(const struct pair *pair, struct canvas *canvas, struct rect rect, int y)
{
	char text[64], one[NUMBER_SIZE], other[NUMBER_SIZE];
	if (is_share(pair->line))
		snprintf(text, sizeof text, "%s→%s %%", percent(one, pair->a), percent(other, pair->b));
	else
		number_factor(text, pair->b / pair->a);
	bool fits = canvas_text_cells(canvas, pair->label) + 1 + canvas_text_cells(canvas, text) <= rect.width;
	quantity_row(canvas, rect, y, fits ? pair->label : pair->brief, ROLE_READOUT, text);
}

enum { LABEL = 8, VALUE = 9, RATIO = 8 };

static char *format(char out[NUMBER_SIZE], const struct pair *pair, const struct snapshot *snapshot, double value)
{
	if (value != 0)
		return quantity_format(out, pair->line->quantity, value);
	struct quantity_place place = { .snapshot = snapshot, .layer = pair->layer, .tensor = pair->line->tensor };
	return quantity_format_observed(out, pair->line->quantity, &place);
}

static void draw_table_line(const struct pair *pair, struct canvas *canvas, struct rect rect, int y)
{
	char text[NUMBER_SIZE];
	int x = rect.x;
	format(text, pair, pair->two->a, pair->a);
	canvas_text(canvas, x, y, LABEL + VALUE - 1 - canvas_text_cells(canvas, text), ROLE_LABEL, pair->label);
	x += LABEL + VALUE;
	canvas_text_right(canvas, x, y, VALUE, ROLE_READOUT, text);
	x += VALUE;
	canvas_text_right(canvas, x, y, VALUE, ROLE_READOUT, format(text, pair, pair->two->b, pair->b));
	x += RATIO;
	if (!is_share(pair->line))
		canvas_text_right(canvas, x, y, RATIO, ROLE_LABEL, number_factor(text, pair->b / pair->a));
}

/* The label of a line: the activation's word for small slopes where both nets have
 * the same. */
static const char *label_of(const struct compared *two, const struct quantity_line *line, size_t layer)
{
	struct quantity_place a = { .snapshot = two->a, .layer = layer, .tensor = line->tensor }, b = a;
	b.snapshot = two->b;
	if (!line->quantity->named_by_activation || layer >= two->b->layers || layer >= two->a->layers)
		return quantity_line_label(line, &a);
	const char *one = quantity_label(line->quantity, &a), *other = quantity_label(line->quantity, &b);
	return strcmp(one, other) == 0 ? one : quantity_line_label(line, &a);
}

static void draw_verdicts(const struct compared *two, struct canvas *canvas, struct rect rect, int y, size_t layer)
{
	const struct snapshot *both[] = { two->a, two->b };
	canvas_text(canvas, rect.x, y, LABEL, ROLE_LABEL, "verdict");
	for (int i = 0; i < 2; i++) {
		if (both[i] == NULL || layer >= both[i]->layers)
			continue;
		struct verdict verdict = verdict_layer(both[i], layer);
		canvas_text_right(canvas, rect.x + LABEL + (i + 1) * VALUE + 4 * i, y, VALUE + 4 * i, verdict.role, verdict.badge);
	}
}

/* Where there is room for one number only: beside the name, of which the number of the layer stays
 * where the rest does not fit.  From layer 10 on this is the same in all rows, whatever their numbers. */
static void draw_only_number(const struct compared *two, struct canvas *canvas, struct rect rect, size_t layer, const char *name,
                             enum role role)
{
	char factor[NUMBER_SIZE];
	number_factor(factor, quantity_square(two->b, layer, MLP_Z) / quantity_square(two->a, layer, MLP_Z));
	enum { USUAL = 6 }; /* cells of "x1e+19" */
	int cells = canvas_text_cells(canvas, factor);
	bool fits = canvas_text_cells(canvas, name) + 1 + (cells > USUAL ? cells : USUAL) <= rect.width;
	canvas_text(canvas, rect.x, rect.y, rect.width - cells - 1, role, fits ? name : strrchr(name, ' ') + 1);
	canvas_text_right(canvas, rect.x + rect.width, rect.y, cells, ROLE_READOUT, factor);
}

void compare_numbers_draw(const struct compared *two, struct canvas *canvas, struct rect rect, size_t layer,
                        bool selected)
{
	if (rect.width < 1 || rect.height < 1)
		return;
	bool table = rect.width >= COMPARE_TABLE, output = layer + 1 >= two->a->layers;
	enum role role = selected ? ROLE_SELECTED : ROLE_TITLE;
	char name[32];
	snprintf(name, sizeof name, "layer %zu", layer + 1);
	if (two->b && rect.height == 1) {
		draw_only_number(two, canvas, rect, layer, name, role);
		return;
	}
	canvas_text(canvas, rect.x, rect.y, rect.width, role, name);
	if (two->b == NULL)
		return;
	int y = rect.y, end = rect.y + rect.height;
	if (table) {
		canvas_text_right(canvas, rect.x + LABEL + VALUE, y, VALUE, ROLE_LABEL, "A");
		canvas_text_right(canvas, rect.x + LABEL + 2 * VALUE, y, VALUE, ROLE_LABEL, "B");
		canvas_text_right(canvas, rect.x + LABEL + 2 * VALUE + RATIO, y, RATIO, ROLE_LABEL, "B/A");
	} else
		canvas_text_right(canvas, rect.x + rect.width, y, rect.width, ROLE_LABEL, "B/A");
	y++;
	bool verdicts = table && rect.height >= 5;
	struct quantity_line lines[QUANTITY_PANEL_MOST];
	size_t count = quantity_panel(lines, QUANTITY_IN_COMPARE, output ? QUANTITY_OUTPUT : QUANTITY_HIDDEN);
	for (size_t i = 0; i < count && y < end - verdicts; i++) {
		if (!table && two->headlines && lines[i].quantity->named_by_activation)
			continue;
		struct pair pair = {
			.line = &lines[i],
			.label = label_of(two, &lines[i], layer),
			.brief = lines[i].shown->label ? lines[i].shown->label : label_of(two, &lines[i], layer),
			.two = two,
			.layer = layer,
			.a = value_of(&lines[i], two->a, layer, two->history_a),
			.b = value_of(&lines[i], two->b, layer, two->history_b),
		};
		if (table)
			draw_table_line(&pair, canvas, rect, y++);
		else
			draw_list_line(&pair, canvas, rect, y++);
	}
	if (verdicts)
		draw_verdicts(two, canvas, rect, y, layer);
}
