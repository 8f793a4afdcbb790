/* The Gradients view: the size of the gradients at each layer, on one common
 * axis and against the output layer's, and beside it the updates of the weights. */
#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "base/whole.h"
#include "nn/stats.h"
#include "draw/glyphs.h"
#include "base/number.h"
#include "draw/plot.h"
#include "draw/readout_line.h"
#include "draw/rows.h"
#include "view/gradient_updates.h"
#include "view/magnitude_plot.h"
#include "view/quantity_show.h"
#include "view/view_list.h"

/* ---- layout ---- */

enum { MARGIN = 1, PANEL = 12, GAP = 2, HEADS = 2, MOST_ROWS = 6, NUMBER = 6 };

struct places {
	struct rect words;    /* one row; height 0: no room */
	int panel_width;
	int bar_x, bar_width; /* of the bars and their numbers; width 0: none */
	int delta_x, delta_columns, dw_x, dw_columns; /* histograms; x from the area's left edge */
	struct rect layers;   /* heads and axis included */
	struct rect chart;    /* of the updates; height 0: no room */
};

/* Widths of the parts beside the panel, from large to small. */
static const struct parts {
	int bars, delta, dw;
	bool alone; /* the chart may be below instead of beside it */
	int panel;  /* least width of the panel */
} widths[] = {
	{ 20, MAGNITUDE_BINS, MAGNITUDE_BINS, false, PANEL },
	{ 20, MAGNITUDE_BINS / 2, MAGNITUDE_BINS / 2, false, PANEL },
	{ 18, MAGNITUDE_BINS / 2, MAGNITUDE_BINS / 4, false, PANEL },
	{ 14, MAGNITUDE_BINS / 2, MAGNITUDE_BINS / 4, true, PANEL },
	{ 0, MAGNITUDE_BINS / 4, MAGNITUDE_BINS / 4, true, 4 },
	{ 0, MAGNITUDE_BINS / 8, MAGNITUDE_BINS / 8, true, 0 },
};

static int width_of(const struct parts *parts)
{
	return MARGIN + PANEL + 1 + parts->bars + (parts->bars > 0) + parts->delta + GAP + parts->dw;
}

static struct places places_of(struct rect area, size_t layers)
{
	enum { RIGHT = 34, BOTTOM = 5, LEAST_FOR_WORDS = 12, KINDS = sizeof widths / sizeof widths[0] };
	struct places places = { .words = {area.x + MARGIN, area.y, area.width - MARGIN, area.height >= LEAST_FOR_WORDS} };
	area.y += places.words.height;
	area.height -= places.words.height;
	places.layers = places.chart = area;
	const struct parts *parts = widths;
	for (size_t i = 0; i < KINDS; i++) {
		parts = &widths[i];
		int least = width_of(parts) - PANEL + parts->panel;
		if (width_of(parts) + RIGHT <= area.width || (parts->alone && least <= area.width))
			break;
	}
	if (width_of(parts) + RIGHT <= area.width) {
		places.layers.width = width_of(parts);
		places.chart.x += places.layers.width + 1;
		places.chart.width -= places.layers.width + 1;
	} else {
		/* All layers have the same height; the remaining rows go to the
		 * chart. */
		int room = area.height - BOTTOM - HEADS, rows = room / (int)layers;
		if (rows >= 1)
			places.layers.height = HEADS + (rows < MOST_ROWS ? rows : MOST_ROWS) * (int)layers;
		places.chart.height -= places.layers.height;
		places.chart.y += places.layers.height;
	}
	places.delta_columns = parts->delta;
	places.dw_columns = parts->dw;
	places.bar_width = parts->bars;
	places.dw_x = places.layers.width - parts->dw;
	places.delta_x = places.dw_x - GAP - parts->delta;
	places.bar_x = places.delta_x - (parts->bars > 0) - parts->bars;
	places.panel_width = places.bar_x - 1 - MARGIN;
	return places;
}

/* ---- one layer ---- */

static double rms(const struct snapshot *now, size_t layer, enum mlp_tensor tensor)
{
	return quantity_read(quantity_of(QUANTITY_RMS), &(struct quantity_place){.snapshot = now, .layer = layer, .tensor = tensor});
}

static double rms_theory(const struct snapshot *now, size_t layer, enum mlp_tensor tensor)
{
	return quantity_theory(quantity_of(QUANTITY_RMS), &(struct quantity_place){.snapshot = now, .layer = layer, .tensor = tensor});
}

static void panel_line(struct canvas *canvas, struct rect rect, int line, const char *label, enum role role,
                       const char *value)
{
	if (line >= rect.height || canvas_text_cells(canvas, value) > rect.width)
		return;
	int x = canvas_text_right(canvas, rect.x + rect.width, rect.y + line, rect.width, role, value);
	if (x - rect.x > canvas_text_cells(canvas, label))
		canvas_text(canvas, rect.x, rect.y + line, x - rect.x, ROLE_LABEL, label);
}

/* A size in at most 7 cells. */
static char *size(char out[NUMBER_SIZE], double value)
{
	if (isnan(value))
		snprintf(out, NUMBER_SIZE, "-");
	else if (value >= 1e-3 && value < 99.5)
		snprintf(out, NUMBER_SIZE, value < 1 ? "%.4f" : "%.2f", value);
	else if (value == 0 || isinf(value))
		snprintf(out, NUMBER_SIZE, value == 0 ? "0" : "Inf");
	else { /* 3.6e-4, not 3.6e-04 */
		int exponent = whole_int(floor(log10(value) + 1e-12), -400, 400);
		snprintf(out, NUMBER_SIZE, "%.1fe%d", value / pow(10, exponent), exponent);
	}
	return out;
}

static void draw_panel(const struct snapshot *now, struct canvas *canvas, struct rect rect, size_t index, bool selected)
{
	const struct layer_observation *layer = &now->layer[index];
	char name[32], value[NUMBER_SIZE];
	if (rect.width < 1)
		return;
	snprintf(name, sizeof name, rect.height > 1 && rect.width >= 9 ? "layer %zu" : "%zu", index + 1);
	int x = canvas_text(canvas, rect.x, rect.y, rect.width, selected ? ROLE_SELECTED : ROLE_TITLE, name);
	if (rect.height == 1) {
		size(value, rms(now, index, MLP_DELTA));
		if (rect.x + rect.width - x > canvas_text_cells(canvas, value))
			canvas_text_right(canvas, rect.x + rect.width, rect.y, rect.width, ROLE_READOUT, value);
		return;
	}
	panel_line(canvas, rect, 1, quantity_symbols[MLP_DELTA], ROLE_READOUT, size(value, rms(now, index, MLP_DELTA)));
	panel_line(canvas, rect, 2, quantity_symbols[MLP_DW], ROLE_READOUT, size(value, rms(now, index, MLP_DW)));
	panel_line(canvas, rect, 3, "ΔW/W", ROLE_READOUT, size(value, layer->update_ratio));
	panel_line(canvas, rect, 4, quantity_symbols[MLP_W], ROLE_READOUT, size(value, rms(now, index, MLP_W)));
}

/* E[δ²] of a layer against the output layer's. */
static double part_of(const struct snapshot *now, size_t layer)
{
	return quantity_square(now, layer, MLP_DELTA) / quantity_square(now, now->layers - 1, MLP_DELTA);
}

/* The scale of the bars: decades that enclose all layers, the output layer's 1
 * included. */
static struct plot_scale bar_scale(const struct snapshot *now)
{
	double low = -2, high = 0;
	for (size_t l = 0; l < now->layers; l++) {
		double decade = log10(part_of(now, l));
		if (isfinite(decade)) {
			low = fmin(low, floor(decade - 0.5)); /* so that the shortest bar is visible */
			high = fmax(high, ceil(decade));
		}
	}
	return (struct plot_scale){ low, high, false };
}

/* A layer's part of the output layer's gradient², as a bar on a log scale and as
 * a number. */
static void draw_bar(const struct snapshot *now, struct canvas *canvas, struct rect rect, size_t layer)
{
	double part = part_of(now, layer);
	struct plot_scale scale = bar_scale(now);
	int cells = rect.width - NUMBER - 1, full = 8 * cells;
	char number[NUMBER_SIZE];
	double position = part > 0 ? plot_position(&scale, log10(part)) : NAN;
	plot_bar_side(canvas, rect.x, rect.y, whole_int(position * full, 0, full), ROLE_HIST_GRADIENT);
	canvas_text_right(canvas, rect.x + rect.width, rect.y, NUMBER, isfinite(part) ? ROLE_READOUT : ROLE_ALARM,
	                  number_ratio(number, part));
}

static void draw_layer(const struct snapshot *now, struct canvas *canvas, struct rect rect,
                       const struct places *places, size_t index, bool selected)
{
	const struct layer_observation *layer = &now->layer[index];
	if (selected)
		canvas_put(canvas, rect.x, rect.y, glyph(GLYPH_RIGHT, canvas->ascii), ROLE_KEY);
	draw_panel(now, canvas, (struct rect){rect.x + MARGIN, rect.y, places->panel_width, rect.height}, index, selected);
	if (places->bar_width)
		draw_bar(now, canvas, (struct rect){rect.x + places->bar_x, rect.y, places->bar_width, 1}, index);
	magnitude_plot(canvas, (struct rect){rect.x + places->delta_x, rect.y, places->delta_columns, rect.height},
	               &layer->tensor[MLP_DELTA], now->step == 0 ? rms_theory(now, index, MLP_DELTA) : NAN);
	magnitude_plot(canvas, (struct rect){rect.x + places->dw_x, rect.y, places->dw_columns, rect.height},
	               &layer->tensor[MLP_DW], NAN);
}

static void draw_heads(struct canvas *canvas, struct rect area, const struct places *places)
{
	int x = area.x, y = area.y;
	canvas_text(canvas, x + MARGIN, y, places->panel_width, ROLE_LABEL, places->panel_width > 4 ? "rms" : "");
	if (places->bar_width)
		canvas_text(canvas, x + places->bar_x, y, places->bar_width, ROLE_LABEL, "δ² ÷ output's");
	canvas_text(canvas, x + places->delta_x, y, places->delta_columns, ROLE_LABEL,
	            places->delta_columns >= 28 ? "δ = dL/dz by size, ▾ rms" : "δ = dL/dz");
	canvas_text(canvas, x + places->dw_x, y, places->dw_columns, ROLE_LABEL,
	            places->dw_columns >= 28 ? "dW = dL/dW by size" : places->dw_columns >= 10 ? "dW = dL/dW" : "dW");
}

/* The selected layer in words. */
static void draw_words(const struct scene *scene, struct canvas *canvas, struct rect words)
{
	const struct snapshot *now = scene->now;
	size_t layer = scene->layer < now->layers ? scene->layer : now->layers - 1, last = now->layers - 1;
	enum { SHORT = 100, LONG = 240 };
	char whole[LONG], receives[SHORT], brief[SHORT], part[NUMBER_SIZE], theory[NUMBER_SIZE], step[NUMBER_SIZE];
	double predicted = quantity_square_theory(now, layer, MLP_DELTA) / quantity_square_theory(now, last, MLP_DELTA);
	if (layer == last) {
		snprintf(receives, SHORT, "The output layer's gradient² is the loss's own: %s",
		         quantity_format_square(part, now, last, MLP_DELTA));
		readout_fit(canvas, words, ROLE_READOUT, (const char *const[]){receives}, 1);
		return;
	}
	double share = part_of(now, layer), next = quantity_square(now, layer, MLP_DELTA) / quantity_square(now, layer + 1, MLP_DELTA);
	const char *of = share >= 1 ? "times" : "of", *ratio = number_ratio(part, share);
	number_ratio(theory, predicted);
	snprintf(brief, SHORT, "layer %zu: gradient² %s %s the output's", layer + 1, ratio, of);
	snprintf(receives, SHORT, "Layer %zu receives %s %s the output layer's gradient²", layer + 1, ratio, of);
	snprintf(whole, LONG, "%s, %s %s layer %zu's%s%s%s", receives, number_ratio(step, next),
	         next >= 1 ? "times" : "of", layer + 2, isnan(predicted) ? "" : " (theory ",
	         isnan(predicted) ? "" : number_ratio(theory, predicted), isnan(predicted) ? "" : " of the output's)");
	readout_fit(canvas, words, ROLE_READOUT, (const char *const[]){whole, receives, brief}, 3);
}

static void draw_layers(const struct scene *scene, struct canvas *canvas, const struct places *places)
{
	const struct snapshot *now = scene->now;
	struct rect area = places->layers;
	int y = area.y, heads = area.height >= 3, axis = area.height >= 4;
	if (heads) {
		draw_heads(canvas, area, places);
		y++;
	}
	int room = area.height - heads - axis;
	struct layer_rows rows = layer_rows_fit(now->layers, scene->layer, scene->scroll, room, MOST_ROWS);
	for (size_t i = 0; i < rows.count; i++) {
		int height = layer_rows_of(&rows, i);
		draw_layer(now, canvas, (struct rect){area.x, y, area.width, height}, places, rows.first + i,
		           rows.first + i == scene->layer);
		y += height;
	}
	if (axis) {
		char count[48];
		snprintf(count, sizeof count, "%zu of %zu layers shown", rows.count, now->layers);
		if (rows.count < now->layers && MARGIN + canvas_text_cells(canvas, count) < places->delta_x)
			canvas_text(canvas, area.x + MARGIN, y, places->delta_x - MARGIN, ROLE_NOTE, count);
		magnitude_axis(canvas, (struct rect){area.x + places->delta_x, y, places->delta_columns, 1});
		magnitude_axis(canvas, (struct rect){area.x + places->dw_x, y, places->dw_columns, 1});
	}
}

void view_gradients_draw(const struct scene *scene, struct canvas *canvas, struct rect area)
{
	if (area.width < 1 || area.height < 1 || scene->now->layers == 0)
		return;
	struct places places = places_of(area, scene->now->layers);
	if (places.words.height)
		draw_words(scene, canvas, places.words);
	draw_layers(scene, canvas, &places);
	if (places.chart.height > 0)
		gradient_updates_draw(scene, canvas, places.chart);
}

/* ---- the explanation ---- */

void view_gradients_explain(const struct scene *scene, struct text *text)
{
	const struct snapshot *now = scene->now;
	if (now->layers == 0)
		return;
	size_t index = scene->layer < now->layers ? scene->layer : now->layers - 1;
	const struct layer_observation *layer = &now->layer[index];
	char one[NUMBER_SIZE], other[NUMBER_SIZE], factor[NUMBER_SIZE];
	text_add(text, "δ is the gradient of the loss with respect to a layer's z, dW the gradient with respect to its weights.\n"
	               "The bars count values by size, |δ| and |dW|, on one logarithmic axis for all "
	               "layers: a vanishing gradient moves to the left from the last layer up to the first, an exploding one "
	               "moves to the right. Values that are exactly 0 are not on the axis; their share is shown as a number.\n\n");
	text_add(text, "δ² ÷ output's: E[δ²] of each layer against that of the output layer, where the gradient starts; the bars are "
	               "logarithmic. A layer that receives 1e-6 of it or less hardly learns.\n");
	double first = rms(now, 0, MLP_DELTA), last = rms(now, now->layers - 1, MLP_DELTA);
	text_addf(text, "%s is %s in layer 1", quantity_of(QUANTITY_RMS)->label[MLP_DELTA], size(one, first));
	text_addf(text, " and %s in layer %zu: %s on its way back.\n", size(other, last), now->layers,
	          number_factor(factor, first / last));
	if (index + 1 < now->layers) {
		const struct quantity *step = quantity_of(QUANTITY_DELTA_FACTOR);
		struct quantity_place place = {.snapshot = now, .layer = index};
		text_addf(text, "On the way back each layer multiplies E[δ²] by fan_out · Var(W) · E[f'(z)²]:"
		                " from layer %zu to %zu by %s", index + 2, index + 1, number_factor(factor, quantity_read(step, &place)));
		text_addf(text, " (theory %s).\n", number_factor(factor, quantity_theory(step, &place)));
	}
	text_add(text, "\nΔW/W is the rms of the last step's change of the weights, divided by the rms of the weights");
	if (!isnan(layer->update_ratio))
		text_addf(text, ": %s in layer %zu", size(one, layer->update_ratio), index + 1);
	text_add(text, ".\n");
	text_add(text, "About 0.001 is usual (the dashed line): far above it training is unstable, far below it the weights "
	               "hardly change.\n");
}
