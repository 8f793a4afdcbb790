/* The Coordinates view: how far every layer moves in the first steps, over the width; with
 * the weights of this run at the left, under muP at the right, and the slopes below. */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "base/text.h"
#include "base/whole.h"
#include "draw/chart.h"
#include "draw/glyphs.h"
#include "draw/readout_line.h"
#include "view/view_list.h"

#define MOST_LINES 9 /* layers that are shown: a chart has no room for more */
#define SLOPE_CELLS 8
#define COLUMNS 3    /* of slopes of a kind: size at the start, movement at the first and the last step */
#define NARROW 60    /* cells below which there are no charts side by side */

/* ---- which layers ---- */

struct lines {
	size_t count;
	size_t layer[MOST_LINES]; /* ascending, from 0 */
};

static bool has_line(const struct lines *lines, size_t layer)
{
	for (size_t i = 0; i < lines->count; i++)
		if (lines->layer[i] == layer)
			return true;
	return false;
}

static void add_line(struct lines *lines, size_t layer, size_t room)
{
	if (lines->count >= room || has_line(lines, layer))
		return;
	size_t i = lines->count++;
	for (; i > 0 && lines->layer[i - 1] > layer; i--)
		lines->layer[i] = lines->layer[i - 1];
	lines->layer[i] = layer;
}

/* All layers where there is room; else those that the verdicts name, the selected one, the
 * ends, and some between. */
static struct lines choose_lines(const struct scene *scene, size_t room)
{
	const struct coordinates *check = scene->coordinates.check;
	struct lines lines = {0};
	room = room < MOST_LINES ? room : MOST_LINES;
	if (check->layers > room) {
		add_line(&lines, check->layers - 1, room);
		for (enum coordinates_kind kind = 0; kind < COORDINATES_KINDS; kind++) {
			struct coordinates_verdict verdict;
			coordinates_judge(&verdict, check, kind);
			add_line(&lines, verdict.layer, room);
		}
		add_line(&lines, scene->layer < check->layers ? scene->layer : check->layers - 1, room);
		add_line(&lines, 0, room);
		for (size_t i = 1; i + 1 < room; i++)
			add_line(&lines, i * (check->layers - 1) / (room - 1), room);
	}
	for (size_t l = 0; l < check->layers; l++)
		add_line(&lines, l, room);
	return lines;
}

/* The sign of a layer in chart and table: its number, or a letter where numbers have two digits. */
static char mark_of(const struct coordinates *check, const struct lines *lines, size_t line)
{
	return check->layers <= 9 ? (char)('1' + lines->layer[line]) : (char)('a' + line);
}

static enum role role_of(size_t line)
{
	static const enum role roles[] = { ROLE_CURVE, ROLE_CURVE_2, ROLE_CURVE_3, ROLE_CURVE_4, ROLE_CURVE_5, ROLE_CURVE_6, ROLE_CURVE_7 };
	return roles[line % (sizeof roles / sizeof roles[0])];
}

/* ---- the charts ---- */

struct curve {
	const struct coordinates *check;
	enum coordinates_kind kind;
	enum coordinates_quantity quantity;
	size_t step, layer;
};

/* Widths that are not known are left out; a net that diverged has a gap. */
static struct chart_point point_of(const void *context, size_t i)
{
	const struct curve *curve = context;
	double mean = coordinates_mean(curve->check, curve->kind, curve->quantity, curve->step, curve->layer, i);
	return (struct chart_point){ (double)coordinates_width(curve->check, i), mean > 0 && isfinite(mean) ? mean : (double)NAN };
}

static size_t known_widths(const struct coordinates *check)
{
	size_t known = 0;
	while (known < check->widths && !isnan(coordinates_mean(check, COORDINATES_OWN, COORDINATES_SIZE, 0, 0, known)))
		known++;
	return known;
}

/* One scale for both kinds, so that heights can be compared. */
static struct plot_scale scale_of(const struct coordinates *check, const struct lines *lines, enum coordinates_quantity quantity, size_t step)
{
	double low = INFINITY, high = -INFINITY;
	for (enum coordinates_kind kind = 0; kind < COORDINATES_KINDS; kind++)
		for (size_t i = 0; i < lines->count; i++)
			for (size_t w = 0; w < check->widths; w++) {
				const struct curve curve = { check, kind, quantity, step, lines->layer[i] };
				struct chart_point point = point_of(&curve, w);
				low = fmin(low, point.y);
				high = fmax(high, point.y);
			}
	return chart_scale(low, high, true);
}

static void draw_chart(const struct scene *scene, struct canvas *canvas, struct rect area, const struct lines *lines,
                       enum coordinates_kind kind, const struct plot_scale *scale)
{
	const struct coordinates *check = scene->coordinates.check;
	struct text title = {0};
	double width[COORDINATES_MOST_NETS];
	for (size_t w = 0; w < check->widths; w++)
		width[w] = (double)coordinates_width(check, w);
	coordinates_name(&title, check, kind);
	struct chart chart = {
		.area = area, .title = text_string(&title), .y = *scale, .guide = NAN,
		.x = { width[0], width[check->widths - 1], true }, .x_label = width, .x_labels = check->widths,
	};
	size_t step = scene->coordinates.step;
	chart_frame(&chart, canvas);
	for (size_t i = 0; i < lines->count && isfinite(scale->low); i++) {
		struct curve curve = { check, kind, step ? COORDINATES_CHANGE : COORDINATES_SIZE, step, lines->layer[i] };
		chart_line(&chart, canvas, &(struct chart_series){
			.count = known_widths(check), .point = point_of, .context = &curve, .role = role_of(i),
			.mark = mark_of(check, lines, i), .number = (int)i,
		});
	}
	text_free(&title);
}

static void draw_charts(const struct scene *scene, struct canvas *canvas, struct rect area, const struct lines *lines)
{
	const struct coordinates *check = scene->coordinates.check;
	size_t step = scene->coordinates.step;
	struct plot_scale scale = scale_of(check, lines, step ? COORDINATES_CHANGE : COORDINATES_SIZE, step);
	int width = area.width / 2;
	draw_chart(scene, canvas, (struct rect){ area.x, area.y, width - 1, area.height }, lines, COORDINATES_OWN, &scale);
	draw_chart(scene, canvas, (struct rect){ area.x + width, area.y, area.width - width - 1, area.height }, lines, COORDINATES_MUP, &scale);
}

/* ---- the table of slopes ---- */

static void draw_slope(const struct coordinates *check, struct canvas *canvas, int end, int y, enum coordinates_kind kind,
                       enum coordinates_quantity quantity, size_t step, size_t layer)
{
	struct coordinates_line line = coordinates_line(check, kind, quantity, step, layer);
	bool breaks = coordinates_breaks(check, quantity, step, layer, line.slope);
	char number[24];
	if (isnan(line.slope))
		snprintf(number, sizeof number, "-");
	else
		snprintf(number, sizeof number, "%s%.2f", breaks ? "! " : "", line.slope);
	canvas_text_right(canvas, end, y, SLOPE_CELLS, breaks ? ROLE_WARNING : ROLE_READOUT, number);
}

/* Where the columns of a kind end; wide screens have both kinds side by side. */
static int column_end(struct rect area, enum coordinates_kind kind, int column)
{
	int left = area.width >= NARROW ? area.width / 2 * (int)kind : 0;
	int first = left + (area.width >= NARROW ? 12 : 8) + (kind == COORDINATES_OWN ? 0 : -4);
	return area.x + first + SLOPE_CELLS * (column + 1);
}

static size_t step_of(const struct coordinates *check, int column)
{
	return column == 2 ? check->steps : (size_t)column;
}

/* A check of one step has no last one besides it. */
static int columns_of(const struct coordinates *check)
{
	return check->steps > 1 ? COLUMNS : COLUMNS - 1;
}

static void draw_head(const struct coordinates *check, struct canvas *canvas, struct rect area, enum coordinates_kind kind)
{
	char name[COLUMNS][24];
	snprintf(name[0], sizeof name[0], "start");
	snprintf(name[1], sizeof name[1], "step 1");
	snprintf(name[2], sizeof name[2], "step %zu", check->steps);
	for (int i = 0; i < columns_of(check); i++)
		canvas_text_right(canvas, column_end(area, kind, i), area.y, SLOPE_CELLS, ROLE_LABEL, name[i]);
}

static void draw_table(const struct scene *scene, struct canvas *canvas, struct rect area, const struct lines *lines)
{
	const struct coordinates *check = scene->coordinates.check;
	bool both = area.width >= NARROW;
	canvas_text(canvas, area.x + 1, area.y, 6, ROLE_LABEL, "slopes");
	for (enum coordinates_kind kind = 0; kind < (both ? COORDINATES_KINDS : COORDINATES_MUP); kind++)
		draw_head(check, canvas, area, kind);
	for (size_t i = 0; i < lines->count && (int)i + 1 < area.height; i++) {
		size_t layer = lines->layer[i];
		int y = area.y + 1 + (int)i;
		bool chosen = layer == (scene->layer < check->layers ? scene->layer : check->layers - 1);
		char mark[2] = { mark_of(check, lines, i), '\0' }, name[24];
		snprintf(name, sizeof name, "%s %zu", layer + 1 == check->layers ? "output" : "layer", layer + 1);
		if (both && check->layers > 9)
			canvas_text(canvas, area.x + 1, y, 1, role_of(i), mark);
		canvas_text(canvas, area.x + (both && check->layers > 9 ? 3 : 1), y, 9, chosen ? ROLE_SELECTED : role_of(i), name);
		for (enum coordinates_kind kind = 0; kind < (both ? COORDINATES_KINDS : COORDINATES_MUP); kind++)
			for (int k = 0; k < columns_of(check); k++)
				draw_slope(check, canvas, column_end(area, kind, k), y, kind, k ? COORDINATES_CHANGE : COORDINATES_SIZE,
				           step_of(check, k), layer);
	}
}

/* ---- words ---- */

static void draw_title(const struct scene *scene, struct canvas *canvas, struct rect row)
{
	const struct coordinates_scene *own = &scene->coordinates;
	const struct coordinates *check = own->check;
	char state[64], what[120], brief[64];
	unsigned long long nets = (unsigned long long)check->grid.nets * COORDINATES_KINDS, known = (unsigned long long)check->known * COORDINATES_KINDS;
	if (known < nets)
		snprintf(state, sizeof state, "%llu of %llu nets", known, nets);
	else
		snprintf(state, sizeof state, "%llu nets", nets);
	int end = canvas_text_right(canvas, row.x + row.width - 1, row.y, row.width / 2, own->problem[0] ? ROLE_ALARM : ROLE_LABEL, state);
	if (own->step == 0)
		snprintf(what, sizeof what, "mean |z| at step 0, over the width");
	else
		snprintf(what, sizeof what, "mean |z - z at step 0| after step %zu of %zu, over the width", own->step, check->steps);
	snprintf(brief, sizeof brief, "step %zu of %zu", own->step, check->steps);
	readout_fit(canvas, (struct rect){ row.x + 1, row.y, end - row.x - 2, 1 }, ROLE_TITLE, (const char *const[]){ what, brief }, 2);
}

static void draw_sentence(const struct scene *scene, struct canvas *canvas, struct rect row, enum coordinates_kind kind)
{
	struct coordinates_verdict verdict;
	struct text text[COORDINATES_FORMS] = {0};
	const char *forms[COORDINATES_FORMS];
	coordinates_judge(&verdict, scene->coordinates.check, kind);
	for (int form = 0; form < COORDINATES_FORMS; form++) {
		text_add(&text[form], kind == COORDINATES_OWN ? "own: " : "muP: ");
		coordinates_sentence(&text[form], scene->coordinates.check, kind, form);
		forms[form] = text_string(&text[form]);
	}
	bool open = verdict.outcome == COORDINATES_OPEN || !coordinates_is_complete(scene->coordinates.check);
	enum role role = open ? ROLE_LABEL : verdict.outcome == COORDINATES_ALIKE ? ROLE_GOOD : ROLE_WARNING;
	readout_fit(canvas, (struct rect){ row.x + 1, row.y, row.width - 2, 1 }, role, forms, COORDINATES_FORMS);
	for (int form = 0; form < COORDINATES_FORMS; form++)
		text_free(&text[form]);
}

/* ---- the view ---- */

void view_coordinates_draw(const struct scene *scene, struct canvas *canvas, struct rect area)
{
	const struct coordinates *check = scene->coordinates.check;
	if (area.width < 1 || area.height < 1)
		return;
	if (check == NULL) {
		int y = area.y + area.height / 3;
		canvas_text(canvas, area.x + 2, y, area.width - 4, ROLE_TITLE, "No coordinate check yet.");
		readout_fit(canvas, (struct rect){ area.x + 2, y + 1, area.width - 4, 1 }, ROLE_LABEL,
		            (const char *const[]){ "K trains nets 64 to 1024 wide for 5 steps, as they are set and under muP.",
		                                   "K trains nets of several widths" }, 2);
		return;
	}
	bool charts = area.width >= NARROW && area.height >= 11;
	int words = area.height >= 6 ? 2 : area.height >= 3, rest = area.height - 1 - words;
	int wanted = 1 + (int)(check->layers < MOST_LINES ? check->layers : MOST_LINES), table = wanted;
	if (charts && table > rest - rest / 2)
		table = rest - rest / 2;
	table = table > rest ? rest : table;
	struct lines lines = choose_lines(scene, (size_t)whole_int(table - 1, 1, MOST_LINES));
	int y = area.y + 1, chart_height = charts ? rest - table : 0;
	draw_title(scene, canvas, area);
	if (charts)
		draw_charts(scene, canvas, (struct rect){ area.x, y, area.width, chart_height }, &lines);
	if (table > 1)
		draw_table(scene, canvas, (struct rect){ area.x, y + chart_height, area.width, table }, &lines);
	y = area.y + area.height - words;
	for (int i = 0; i < words; i++)
		draw_sentence(scene, canvas, (struct rect){ area.x, y + i, area.width, 1 }, (enum coordinates_kind)i);
}

/* ---- the explanation ---- */

static void explain_kind(struct text *text, const struct coordinates *check, enum coordinates_kind kind)
{
	text_add(text, kind == COORDINATES_OWN ? "Own weights (" : "muP (");
	coordinates_name(text, check, kind);
	text_add(text, "): ");
	coordinates_sentence(text, check, kind, 0);
	text_add(text, ".\n");
}

void view_coordinates_explain(const struct scene *scene, struct text *text)
{
	const struct coordinates *check = scene->coordinates.check;
	text_add(text, "The coordinate check (Yang et al. 2022): nets of several widths, otherwise like this one, are trained for a few steps. "
	               "The charts show, for each layer, how far z has moved since step 0, as a mean over units, images and seeds: at the left with "
	               "this run's initializers (with he, if this run itself is under muP), at the right under muP. Both axes are "
	               "logarithmic, so a slope is a power of the width.\n");
	text_addf(text, "Flat lines are good: then the same learning rate suits all widths. A line that rises is a layer that moves too far in wide "
	          "nets, one that falls a layer that hardly learns there. The table has the slopes: of |z| before the first step, and of the "
	          "movement after the first and the last; those beyond ±%.2f have a !, and the verdict names the largest of any step. Theory's values are 0, ±1/2 "
	          "and ±1. The output layer may begin smaller in wide nets, as it does under muP.\n", COORDINATES_LIMIT);
	if (check == NULL) {
		text_add(text, "K begins the check; `coordinates width=64..4096*7 seed=1..3` goes to wider nets: width 4096 takes some ten times as long "
		               "as 1024, and 0.4 GB in each thread for two hidden layers.\n");
		return;
	}
	text_addf(text, "Widths %llu to %llu, %llu nets under each, of which %llu are trained.\n", (unsigned long long)coordinates_width(check, 0),
	          (unsigned long long)coordinates_width(check, check->widths - 1), (unsigned long long)check->grid.nets, (unsigned long long)check->known);
	explain_kind(text, check, COORDINATES_OWN);
	explain_kind(text, check, COORDINATES_MUP);
	text_add(text, "Left and Right choose the step, 0 for |z| before the first. Nets are trained only while this view is open, at low priority, "
	               "narrow ones first; `coordinates again` begins anew around the present settings, `coordinates width=64..4096*7 seed=1..3` "
	               "goes to wider nets: width 4096 takes some ten times as long as 1024.\n");
}
