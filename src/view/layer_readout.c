/* The readouts beside a layer's histograms: the observed values and, where
 * theory has an answer, the predicted ones.  A small panel shows the lines
 * of the lowest ranks; the order is that of the table in all panels, so
 * lines keep their order when there is more room. */
#include "view/layer_readout.h"

#include <math.h>

#include "base/number.h"
#include "draw/plot.h"
#include "view/quantity_show.h"
#include "view/verdict.h"

/* Larger than any rank. */
#define RANKS 99

/* The quantities of a layer that are shown, and the layer. */
struct panel {
	const struct snapshot *snapshot;
	size_t layer, count;
	struct quantity_line line[QUANTITY_PANEL_MOST];
};

static struct quantity_place place_of(const struct panel *panel, const struct quantity_line *line)
{
	return (struct quantity_place){ .snapshot = panel->snapshot, .layer = panel->layer, .tensor = line->tensor };
}

/* It is normal that half of a rectifier is inactive. */
static enum role gauge_role(const struct panel *panel)
{
	return verdict_flat_role(panel->snapshot, panel->layer);
}

static void gauge_line(struct canvas *canvas, struct rect rect, int y, const char *label, double share, enum role role)
{
	int x = canvas_text(canvas, rect.x, y, rect.width, ROLE_LABEL, label) + 1;
	plot_gauge(canvas, x, y, rect.x + rect.width - x, share, role);
}

/* Whether a line of this rank is among the first `ranks`. */
static bool is_shown(int rank, int ranks)
{
	return rank && rank <= ranks;
}

/* The observation, prediction and ratio of one quantity from row y on, as
 * far as their ranks allow; drawn if canvas is not NULL.  Returns the number
 * of rows. */
static int list_lines(struct canvas *canvas, struct rect rect, int y, const struct panel *panel,
                      const struct quantity_line *line, int ranks)
{
	const struct quantity_shown *shown = line->shown;
	struct quantity_place place = place_of(panel, line);
	const char *label = quantity_line_label(line, &place);
	double observed = quantity_read(line->quantity, &place), theory = quantity_theory(line->quantity, &place);
	char value[NUMBER_SIZE];
	int rows = 0;
	if (is_shown(shown->rank, ranks)) {
		if (canvas && shown->gauge)
			gauge_line(canvas, rect, y, label, observed, gauge_role(panel));
		else if (canvas)
			quantity_row(canvas, rect, y, label, ROLE_READOUT, quantity_format_observed(value, line->quantity, &place));
		rows++;
	}
	if (is_shown(shown->theory_rank, ranks)) {
		if (canvas)
			quantity_theory_row(canvas, rect, y + rows, panel->snapshot, shown->theory_label, quantity_format(value, line->quantity, theory));
		rows++;
	}
	if (is_shown(shown->ratio_rank, ranks)) {
		double ratio = theory == 0 ? NAN : observed / theory; /* no factor leads from 0 to a number */
		if (canvas)
			quantity_row(canvas, rect, y + rows, " ratio", quantity_is_far(line->quantity, &place) ? ROLE_NOTE : ROLE_READOUT,
			             number_factor(value, ratio));
		rows++;
	}
	return rows;
}

/* Lines of the list form with a rank up to `ranks`, drawn if canvas is not
 * NULL; returns their number. */
static int list(struct canvas *canvas, struct rect rect, const struct panel *panel, int ranks)
{
	int rows = 0;
	for (size_t i = 0; i < panel->count; i++)
		rows += list_lines(canvas, rect, rect.y + rows, panel, &panel->line[i], ranks);
	return rows;
}

/* The table's columns, LAYER_TABLE_WIDTH together. */
enum { LABEL = 9, VALUE = 10, RATIO = 7 };

/* One quantity a line: label, observed, theory, ratio. */
static void table_line(struct canvas *canvas, struct rect rect, int y, const struct panel *panel,
                       const struct quantity_line *line)
{
	struct quantity_place place = place_of(panel, line);
	const char *label = quantity_line_label(line, &place);
	double observed = quantity_read(line->quantity, &place), theory = quantity_theory(line->quantity, &place);
	double ratio = theory == 0 ? NAN : observed / theory; /* no factor leads from 0 to a number */
	char value[NUMBER_SIZE];
	if (line->shown->gauge) {
		gauge_line(canvas, rect, y, label, observed, gauge_role(panel));
		return;
	}
	canvas_text(canvas, rect.x, y, LABEL, ROLE_LABEL, label);
	canvas_text_right(canvas, rect.x + LABEL + VALUE, y, VALUE, ROLE_READOUT,
	                  quantity_format_observed(value, line->quantity, &place));
	if (line->quantity->theory[line->tensor] == NULL)
		return;
	canvas_text_right(canvas, rect.x + LABEL + 2 * VALUE, y, VALUE, ROLE_THEORY,
	                  quantity_format(value, line->quantity, theory));
	canvas_text_right(canvas, rect.x + LABEL + 2 * VALUE + RATIO, y, RATIO,
	                  quantity_is_far(line->quantity, &place) ? ROLE_NOTE : ROLE_READOUT, number_factor(value, ratio));
}

static void table_heads(struct canvas *canvas, struct rect rect, const struct snapshot *now)
{
	canvas_text_right(canvas, rect.x + LABEL + VALUE, rect.y, VALUE, ROLE_LABEL, "observed");
	canvas_text_right(canvas, rect.x + LABEL + 2 * VALUE, rect.y, VALUE, ROLE_LABEL, quantity_theory_name(now, true));
	canvas_text_right(canvas, rect.x + LABEL + 2 * VALUE + RATIO, rect.y, RATIO, ROLE_LABEL, "ratio");
}

/* Lines of the table form with a rank up to `ranks`, as list(). */
static int table(struct canvas *canvas, struct rect rect, const struct panel *panel, int ranks)
{
	int rows = 1;
	if (canvas)
		table_heads(canvas, rect, panel->snapshot);
	for (size_t i = 0; i < panel->count; i++) {
		if (!is_shown(panel->line[i].shown->rank, ranks))
			continue;
		if (canvas)
			table_line(canvas, rect, rect.y + rows, panel, &panel->line[i]);
		rows++;
	}
	return rows;
}

void layer_readouts_draw(const struct snapshot *snapshot, struct canvas *canvas, struct rect rect, size_t layer)
{
	struct panel panel = { .snapshot = snapshot, .layer = layer };
	panel.count = quantity_panel(panel.line, QUANTITY_IN_READOUTS, quantity_where_of(snapshot, layer));
	int (*form)(struct canvas *, struct rect, const struct panel *, int) = rect.width >= LAYER_TABLE_WIDTH ? table : list;
	int ranks = 0;
	while (ranks < RANKS && form(NULL, rect, &panel, ranks + 1) <= rect.height)
		ranks++;
	form(canvas, rect, &panel, ranks);
}
