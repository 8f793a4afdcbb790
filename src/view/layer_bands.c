/* The list of a deep net.  Bands are quantiles, not densities: per column of an
 * asinh axis a normal density would have two false humps. */
#include "view/layer_bands.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "base/whole.h"
#include "draw/glyphs.h"
#include "draw/plot.h"
#include "nn/activation.h"
#include "view/layer_block.h"
#include "view/quantity_show.h"
#include "view/ruler.h"
#include "view/saturation.h"
#include "view/verdict.h"

#define CORE 100 /* the asinh axis is nearly linear up to this part of its end, or to the smallest layer's z */
#define MOST_REACH 1e30 /* the end of the axis by the core, at most */
#define BAND_SD 1.6449 /* 5 % and 95 % of a normal distribution, in standard deviations */

/* ---- layout ---- */

/* Columns from the left edge; a width of 0 means absent. */
struct columns {
	int bands_x, bands, delta_x, delta, square_end, ratio_end, share_end;
};

/* Takes a column from the right of the room, if `least` cells stay for the bands;
 * returns its end, or 0. */
static int reserve_column(int *room, int *end, int cells, int least)
{
	int here = *end;
	if (*room - cells < least)
		return 0;
	*room -= cells;
	*end -= cells;
	return here;
}

static struct columns columns_of(int width)
{
	enum { NUMBER = 5, SHARE = 10, SHARE_ALONE = 7, SQUARE = 10, RATIO = 8, DELTA = 45 };
	struct columns columns = { .bands_x = width > 2 * NUMBER ? NUMBER : 0 };
	int room = width - columns.bands_x, end = width;
	columns.share_end = reserve_column(&room, &end, room - SHARE < 8 ? SHARE_ALONE : SHARE, 8); /* without its head */
	columns.ratio_end = width >= 60 ? reserve_column(&room, &end, RATIO, 20) : 0;
	columns.square_end = reserve_column(&room, &end, SQUARE, 15);
	columns.delta = room >= DELTA ? (room + 1) / 3 : 0;
	columns.bands = room - (columns.delta ? columns.delta + 2 : 0);
	columns.bands -= columns.bands > 1 && columns.bands % 2 == 0; /* 0 is in the middle of a cell */
	columns.delta_x = columns.bands_x + columns.bands + 2;
	return columns;
}

/* ---- the axes ---- */

struct axes {
	double reach, core;      /* z: the end of the asinh axis, and up to where it is nearly linear; positive */
	struct plot_scale delta; /* logarithmic, whole decades */
};

static double rms(double square)
{
	return square > 0 && isfinite(square) ? sqrt(square) : NAN;
}

static void cover(struct plot_scale *scale, double value)
{
	if (isnan(value))
		return;
	scale->low = fmin(scale->low, value);
	scale->high = fmax(scale->high, value);
}

static struct axes axes_of(const struct scene *scene)
{
	const struct snapshot *now = scene->now;
	struct ruler ruler = ruler_of(scene, 0, MLP_Z);
	struct axes axes = { .reach = fmax(fabs(ruler.low), fabs(ruler.high)), .delta = { INFINITY, 0, true } };
	axes.core = axes.reach / CORE;
	for (size_t i = 0; i < now->layers; i++) {
		/* a signal that explodes or vanishes has a width in every layer, not in the largest ones only */
		axes.core = fmin(axes.core, fmax(rms(quantity_square(now, i, MLP_Z)), axes.reach / MOST_REACH));
		cover(&axes.delta, rms(quantity_square(now, i, MLP_DELTA)));
		cover(&axes.delta, rms(quantity_square_theory(now, i, MLP_DELTA)));
	}
	if (!(axes.delta.low <= axes.delta.high))
		axes.delta = (struct plot_scale){ 1e-3, 1, true };
	axes.delta.low = pow(10, floor(log10(axes.delta.low) + 1e-9));
	axes.delta.high = pow(10, ceil(log10(axes.delta.high) - 1e-9));
	if (!(axes.delta.high > axes.delta.low))
		axes.delta.high = 10 * axes.delta.low;
	return axes;
}

/* The column of a z, clipped into the axis. */
static int column_of_z(const struct axes *axes, int width, double z)
{
	double at = asinh(z / axes->core) / asinh(axes->reach / axes->core);
	return whole_int(floor((at + 1) / 2 * width), 0, width - 1);
}

/* ---- one layer ---- */

/* Columns from..to of z are drawn, with the shade of the band. */
static void draw_band(struct canvas *canvas, int x, int y, int from, int to, enum glyph shade, const bool *ill)
{
	for (int i = from; i <= to; i++)
		canvas_put(canvas, x + i, y, glyph(shade, canvas->ascii), ill[i] ? ROLE_HIST_SATURATED : ROLE_HIST_Z);
}

#define MOST_COLUMNS 1000

/* The columns whose z are saturated or inactive, where a verdict names that. */
static void find_ill(const struct scene *scene, size_t layer, const struct axes *axes, int width, bool ill[MOST_COLUMNS])
{
	const struct spec *activation = &scene->now->layer[layer].activation;
	bool wanted = activation->entry && verdict_flat_role(scene->now, layer) == ROLE_HIST_SATURATED;
	const struct activation *f = wanted ? activation_of(activation) : NULL;
	double limit = f ? ACTIVATION_SATURATION_SHARE * f->max_slope(activation->value) : 0;
	for (int i = 0; i < width; i++) {
		double at = (2 * (i + 0.5) / width - 1) * asinh(axes->reach / axes->core), z = axes->core * sinh(at);
		ill[i] = f && isfinite(limit) && fabs(f->df(z, activation->value)) < limit;
	}
}

static void draw_bands(const struct scene *scene, struct canvas *canvas, int x, int y, int width, size_t layer,
                       const struct axes *axes)
{
	static const struct { int low, high; enum glyph shade; } bands[] = {
		{ 0, 6, GLYPH_SHADE_1 }, { 1, 5, GLYPH_SHADE_3 }, { 2, 4, GLYPH_SHADE_4 },
	};
	const struct layer_observation *o = &scene->now->layer[layer];
	const struct tensor_observation *z = &o->tensor[MLP_Z];
	bool ill[MOST_COLUMNS];
	find_ill(scene, layer, axes, width, ill);
	for (size_t i = 0; i < sizeof bands / sizeof bands[0] && !isnan(z->percentile[0]); i++)
		draw_band(canvas, x, y, column_of_z(axes, width, z->percentile[bands[i].low]),
		          column_of_z(axes, width, z->percentile[bands[i].high]), bands[i].shade, ill);
	double mean = o->theory.z_mean, deviation = rms(o->theory.z_mean_square - mean * mean);
	for (int side = -1; side <= 1 && !isnan(deviation); side += 2)
		canvas_put(canvas, x + column_of_z(axes, width, mean + side * BAND_SD * deviation), y,
		           glyph(GLYPH_DASH_V, canvas->ascii), ROLE_THEORY);
	if (z->moments.nan + z->moments.inf > 0) {
		char share[NUMBER_SIZE];
		canvas_textf(canvas, x, y, width, ROLE_ALARM, " %s NaN or Inf",
		             number_share(share, (double)(z->moments.nan + z->moments.inf) / (double)z->moments.n));
	}
}

static void draw_point(struct canvas *canvas, int x, int y, int width, const struct axes *axes, double value, const char *mark,
                       enum role role)
{
	double at = plot_position(&axes->delta, value);
	if (at >= 0 && at <= 1)
		canvas_text(canvas, x + whole_int(at * (width - 1) + 0.5, 0, width - 1), y, 1, role, mark);
}

/* Decades between two ticks, so that they are at least six cells apart. */
static int decades_apart(const struct axes *axes, int width)
{
	double decades = log10(axes->delta.high / axes->delta.low);
	int step = 1;
	while (step < 100 && step * (width - 1) < 6 * decades)
		step++;
	return step;
}

static void draw_delta(const struct snapshot *now, struct canvas *canvas, int x, int y, int width, size_t layer,
                       const struct axes *axes)
{
	double step = pow(10, decades_apart(axes, width));
	for (double tick = axes->delta.low; tick <= axes->delta.high * 1.01; tick *= step)
		draw_point(canvas, x, y, width, axes, tick, "·", ROLE_AXIS);
	draw_point(canvas, x, y, width, axes, rms(quantity_square_theory(now, layer, MLP_DELTA)), "○", ROLE_THEORY);
	draw_point(canvas, x, y, width, axes, rms(quantity_square(now, layer, MLP_DELTA)), "●", ROLE_HIST_GRADIENT);
}

/* A click on a line selects the layer and shows its quantiles. */
static void fill_probe(const struct snapshot *now, const struct canvas *canvas, struct rect row, size_t layer)
{
	struct canvas_probe *probe = canvas_probe_in(canvas, row);
	if (probe == NULL)
		return;
	const double *p = now->layer[layer].tensor[MLP_Z].percentile;
	snprintf(probe->command, sizeof probe->command, "layer %zu", layer + 1);
	snprintf(probe->words, sizeof probe->words, "layer %zu, z: 1, 5, 25, 50, 75, 95, 99 %% at %.3g, %.3g, %.3g, %.3g, %.3g, %.3g, %.3g",
	         layer + 1, p[0], p[1], p[2], p[3], p[4], p[5], p[6]);
}

static void draw_layer(const struct scene *scene, struct canvas *canvas, struct rect row, const struct columns *columns,
                       const struct axes *axes, size_t layer)
{
	const struct snapshot *now = scene->now;
	struct verdict verdict = verdict_layer(now, layer);
	char value[NUMBER_SIZE], number[16];
	bool ill = verdict.role >= ROLE_WARNING;
	fill_probe(now, canvas, row, layer);
	if (layer == scene->layer && columns->bands_x)
		canvas_put(canvas, row.x, row.y, glyph(GLYPH_RIGHT, canvas->ascii), ROLE_KEY);
	snprintf(number, sizeof number, "%zu%s", layer + 1, ill ? "!" : " ");
	canvas_text_right(canvas, row.x + columns->bands_x, row.y, columns->bands_x - 1,
	                  layer == scene->layer ? ROLE_SELECTED : ill ? verdict.role : ROLE_LABEL, number);
	draw_bands(scene, canvas, row.x + columns->bands_x, row.y, columns->bands, layer, axes);
	if (columns->delta)
		draw_delta(now, canvas, row.x + columns->delta_x, row.y, columns->delta, layer, axes);
	const struct quantity_place place = { .snapshot = now, .layer = layer, .tensor = MLP_Z };
	double observed = quantity_square(now, layer, MLP_Z), theory = quantity_square_theory(now, layer, MLP_Z);
	if (columns->square_end)
		canvas_text_right(canvas, row.x + columns->square_end, row.y, 9, ROLE_READOUT,
		                  quantity_format_observed(value, quantity_of(QUANTITY_MEAN_SQUARE), &place));
	enum role share = verdict_saturation_role(now, layer);
	if (columns->share_end)
		canvas_text_right(canvas, row.x + columns->share_end, row.y, 6, share == ROLE_GOOD ? ROLE_READOUT : share,
		                  number_share(value, saturation_share(&now->layer[layer])));
	if (columns->ratio_end)
		canvas_text_right(canvas, row.x + columns->ratio_end, row.y, 7, ROLE_THEORY, number_factor(value, observed / theory));
}

/* ---- heads and axes ---- */

/* The first of the texts that fits. */
static void draw_fitting(struct canvas *canvas, int x, int y, int room, const char *const *forms, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (canvas_text_cells(canvas, forms[i]) <= room) {
			canvas_text(canvas, x, y, room, ROLE_LABEL, forms[i]);
			return;
		}
}

/* The activation's word for small slopes; where layers differ, the one for all. */
static const char *share_label(const struct snapshot *now)
{
	const char *general = quantity_of(QUANTITY_SATURATED)->label[0], *word = NULL;
	for (size_t l = 0; l + 1 < now->layers; l++) {
		const char *own = activation_saturation_word(&now->layer[l].activation);
		if (word && strcmp(word, own) != 0)
			return general;
		word = own;
	}
	return word ? word : general;
}

static void draw_heads(const struct scene *scene, struct canvas *canvas, struct rect row, const struct columns *columns)
{
	const char *theory = quantity_theory_name(scene->now, false), *brief = quantity_theory_name(scene->now, true);
	struct ruler grown;
	char note[RULER_NOTE_SIZE], bands[5][96], delta[3][48];
	bool news = ruler_has_grown(scene, MLP_Z, &grown);
	if (news)
		ruler_note(note, &grown);
	snprintf(bands[0], sizeof bands[0], "z  █ middle half ▓ 5-95 ░ 1-99 %%  ┆ %s", theory);
	snprintf(bands[1], sizeof bands[1], "z █ 25-75 ▓ 5-95 ░ 1-99 %% ┆ %s", theory);
	snprintf(bands[2], sizeof bands[2], "z █ 50 ▓ 90 ░ 98 %% ┆ %s", theory);
	snprintf(bands[3], sizeof bands[3], "z █ 50 ▓ 90 ░ 98 %% ┆ %s", brief);
	snprintf(bands[4], sizeof bands[4], "z: 50, 90, 98 %%");
	if (news)
		snprintf(bands[0], sizeof bands[0], "z █ 25-75 ▓ 5-95 ░ 1-99 %%  %s", note);
	draw_fitting(canvas, row.x + columns->bands_x, row.y, columns->bands, (const char *const[]){ bands[0], bands[1], bands[2], bands[3], bands[4] }, 5);
	snprintf(delta[0], sizeof delta[0], "rms δ ● ○ %s", theory);
	snprintf(delta[1], sizeof delta[1], "rms δ ● ○ %s", brief);
	snprintf(delta[2], sizeof delta[2], "rms δ ●");
	if (columns->delta)
		draw_fitting(canvas, row.x + columns->delta_x, row.y, columns->delta, (const char *const[]){ delta[0], delta[1], delta[2] }, 3);
	if (columns->square_end)
		canvas_text_right(canvas, row.x + columns->square_end, row.y, 9, ROLE_LABEL, quantity_square_label(MLP_Z));
	if (columns->share_end)
		canvas_text_right(canvas, row.x + columns->share_end, row.y, 9, ROLE_LABEL, share_label(scene->now));
	if (columns->ratio_end)
		canvas_text_right(canvas, row.x + columns->ratio_end, row.y, 7, ROLE_LABEL, "/theory");
}

/* Where a label centred at a column begins, inside the axis; -1 if it would touch
 * another label. */
static int label_place(const struct canvas *canvas, int x, int y, int width, int column, const char *text)
{
	int cells = canvas_text_cells(canvas, text), at = column - cells / 2;
	if (cells > width)
		return -1;
	at = at < 0 ? 0 : at > width - cells ? width - cells : at;
	for (int i = at - 1; i <= at + cells; i++) {
		const struct cell *cell = i >= 0 && i < width ? canvas_cell(canvas, x + i, y) : NULL;
		if (cell && cell->glyph != glyph(GLYPH_LINE_H, canvas->ascii))
			return -1;
	}
	return at;
}

static void label_at(struct canvas *canvas, int x, int y, int width, int column, double value)
{
	char text[32];
	snprintf(text, sizeof text, "%.3g", value + 0.0);
	int at = label_place(canvas, x, y, width, column, text);
	if (at >= 0)
		canvas_text(canvas, x + at, y, width - at, ROLE_AXIS, text);
}

/* Labels at value and at -value, both or neither: the axis is symmetric. */
static void label_both(struct canvas *canvas, int x, int y, int width, const struct axes *axes, double value)
{
	char above[32], below[32];
	snprintf(above, sizeof above, "%.3g", value);
	snprintf(below, sizeof below, "%.3g", -value);
	int right = label_place(canvas, x, y, width, column_of_z(axes, width, value), above);
	int left = label_place(canvas, x, y, width, column_of_z(axes, width, -value), below);
	if (right < 0 || left < 0 || left + canvas_text_cells(canvas, below) >= right)
		return;
	canvas_text(canvas, x + right, y, width - right, ROLE_AXIS, above);
	canvas_text(canvas, x + left, y, width - left, ROLE_AXIS, below);
}

static void draw_axis_line(struct canvas *canvas, int x, int y, int width)
{
	for (int i = 0; i < width; i++)
		canvas_put(canvas, x + i, y, glyph(GLYPH_LINE_H, canvas->ascii), ROLE_AXIS);
}

/* Under the numbers: how many of the layers have a line. */
static void draw_count(struct canvas *canvas, struct rect row, const struct columns *columns, int lines, size_t layers)
{
	char words[48];
	int x = columns->delta ? columns->delta_x + columns->delta : columns->bands_x + columns->bands;
	int end = columns->share_end;
	if ((size_t)lines >= layers)
		return;
	snprintf(words, sizeof words, "%d of %zu layers shown", lines, layers);
	if (canvas_text_cells(canvas, words) > end - x - 1)
		snprintf(words, sizeof words, "%d of %zu", lines, layers);
	if (canvas_text_cells(canvas, words) <= end - x - 1)
		canvas_text_right(canvas, row.x + end, row.y, end - x - 1, ROLE_NOTE, words);
}

static void draw_axes(struct canvas *canvas, struct rect row, const struct columns *columns, const struct axes *axes)
{
	int x = row.x + columns->bands_x, width = columns->bands;
	draw_axis_line(canvas, x, row.y, width);
	label_at(canvas, x, row.y, width, 0, -axes->reach);
	label_at(canvas, x, row.y, width, width - 1, axes->reach);
	label_at(canvas, x, row.y, width, width / 2, 0);
	for (double decade = pow(10, floor(log10(axes->reach))); decade >= axes->core * 0.99; decade /= 10)
		label_both(canvas, x, row.y, width, axes, decade);
	if (columns->delta == 0)
		return;
	x = row.x + columns->delta_x;
	draw_axis_line(canvas, x, row.y, columns->delta);
	double step = pow(10, decades_apart(axes, columns->delta));
	for (double tick = axes->delta.low; tick <= axes->delta.high * 1.01; tick *= step)
		label_at(canvas, x, row.y, columns->delta,
		         whole_int(plot_position(&axes->delta, tick) * (columns->delta - 1) + 0.5, 0, columns->delta - 1), tick);
}

/* The layer in line `line` of `lines`. The selected layer is in the line nearest to
 * its place, between those of the first and the last layer. */
static size_t layer_in(const struct scene *scene, int line, int lines)
{
	size_t last = scene->now->layers - 1, selected = scene->layer, at = (size_t)line, gaps = (size_t)lines - 1;
	if (lines < 3)
		return line == 0 ? selected : last;
	size_t nearest = (selected * gaps + last / 2) / last;
	nearest = nearest < 1 ? 1 : nearest > gaps - 1 ? gaps - 1 : nearest;
	return at == nearest && selected > 0 && selected < last ? selected : (at * last + gaps / 2) / gaps;
}

void layer_bands_draw(const struct scene *scene, struct canvas *canvas, struct rect rect)
{
	struct columns columns = columns_of(rect.width < MOST_COLUMNS ? rect.width : MOST_COLUMNS);
	struct axes axes = axes_of(scene);
	int heads = rect.height >= 4, axis = rect.height >= 3, lines = rect.height - heads - axis;
	if (columns.bands < 1 || lines < 1)
		return;
	if ((size_t)lines > scene->now->layers)
		lines = (int)scene->now->layers;
	if (heads)
		draw_heads(scene, canvas, (struct rect){ rect.x, rect.y, rect.width, 1 }, &columns);
	for (int i = 0; i < lines; i++)
		draw_layer(scene, canvas, (struct rect){ rect.x, rect.y + heads + i, rect.width, 1 }, &columns, &axes,
		           layer_in(scene, i, lines));
	if (axis) {
		struct rect row = { rect.x, rect.y + heads + lines, rect.width, 1 };
		draw_axes(canvas, row, &columns, &axes);
		draw_count(canvas, row, &columns, lines, scene->now->layers);
	}
}
