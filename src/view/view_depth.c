/* The Depth view: the signal over the layers from input to output, and the
 * gradient from output to input. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/round.h"
#include "base/text.h"
#include "base/whole.h"
#include "draw/glyphs.h"
#include "base/number.h"
#include "draw/plot.h"
#include "draw/readout_line.h"
#include "view/depth_plot.h"
#include "view/depth_words.h"
#include "view/verdict.h"
#include "view/view_list.h"

static const struct depth_series *const signal_series[] = {&depth_z, &depth_a};
static const struct depth_series *const gradient_series[] = {&depth_delta};

/* ---- layout ---- */

/* The parts of one of the two halves; a height of 0 means absent. */
struct panel {
	struct rect head, labels, plot, axis, gauge;
};

struct layout {
	struct rect title;
	int panels; /* 1: the gradient only */
	struct panel panel[2];
	struct rect words;
};

static struct layout layout_of(struct rect area)
{
	enum { GAP = 2 };
	int margin = area.width >= 30, x = area.x + margin, width = area.width - margin;
	int title = area.height >= 6, head = area.height >= 5, axis = area.height >= 3;
	int gauge = area.height >= 30 ? 2 : area.height >= 7;
	int words = area.height >= 16 ? 3 : area.height >= 12 ? 2 : area.height >= 9;
	int rows = area.height - title - head - axis - gauge - words;
	struct layout layout = {
		.title = {x, area.y, width, title},
		.panels = width >= 36 ? 2 : 1,
		.words = {x, area.y + area.height - words, width, words},
	};
	int half = layout.panels == 2 ? (width - GAP) / 2 : width;
	int labels = half >= 30 ? 10 : half >= 12 ? 6 : 0;
	for (int i = 0; i < layout.panels; i++) {
		int left = x + i * (half + GAP), y = area.y + title;
		layout.panel[i] = (struct panel){
			.head = {left, y, half, head},
			.labels = {left, y + head, labels, rows},
			.plot = {left + labels, y + head, half - labels, rows},
			.axis = {left + labels, y + head + rows, half - labels, axis},
			.gauge = {left, y + head + rows + axis, half, gauge},
		};
	}
	return layout;
}

/* ---- a panel ---- */

/* What the panel shows: the legend of its points, as much of it as fits. */
static void draw_head(struct canvas *canvas, const struct panel *panel, const char *title, size_t layers,
                      const struct depth_series *const *series, size_t count)
{
	struct rect head = panel->head;
	int end = head.x + head.width, gap = 2, whole = canvas_text_cells(canvas, title);
	bool points = depth_has_points(layers, panel->plot.width, count);
	int samples = points ? (int)count : 1;
	for (size_t s = 0; s < count; s++)
		whole += gap + 2 + canvas_text_cells(canvas, quantity_square_label(series[s]->tensor));
	whole += gap + samples + 1 + canvas_text_cells(canvas, "theory");
	if (whole > head.width)
		gap = 1;
	int x = canvas_text(canvas, head.x, head.y, head.width, ROLE_TITLE, title) + gap;
	for (size_t s = 0; s < count; s++) {
		const char *label = quantity_square_label(series[s]->tensor);
		int cells = 2 + canvas_text_cells(canvas, label);
		if (x + cells > end)
			return;
		canvas_put(canvas, x, head.y, glyph(series[s]->observed, canvas->ascii), series[s]->role);
		x = canvas_text(canvas, x + 2, head.y, cells, ROLE_LABEL, label) + gap;
	}
	if (x + samples + 7 > end)
		return;
	for (int s = 0; s < samples; s++)
		canvas_put(canvas, x++, head.y, glyph(points ? series[s]->predicted : GLYPH_CURVE, canvas->ascii), ROLE_THEORY);
	canvas_text(canvas, x + 1, head.y, end - x - 1, ROLE_LABEL, "theory");
}

static void label_power(struct canvas *canvas, struct rect labels, int y, int exponent)
{
	char label[16];
	snprintf(label, sizeof label, exponent >= -3 && exponent <= 4 ? "%.6g" : "%.0e", pow(10, exponent));
	canvas_text_right(canvas, labels.x + labels.width - 1, y, labels.width - 1, ROLE_AXIS, label);
}

/* A decade with a label, and a row of dots to read it by. */
static void draw_decade(struct canvas *canvas, const struct panel *panel, int y, int exponent)
{
	enum { EVERY = 4 };
	struct rect plot = panel->plot;
	for (int x = 0; x < plot.width; x += EVERY)
		canvas_put(canvas, plot.x + x, y, glyph(GLYPH_DOT, canvas->ascii), ROLE_AXIS);
	if (panel->labels.width == 0)
		return;
	label_power(canvas, panel->labels, y, exponent);
	canvas_put(canvas, plot.x - 1, y, glyph(GLYPH_TEE_LEFT, canvas->ascii), ROLE_AXIS);
}

/* The axis: a tick at each decade or, if these are close, at every 2nd, 5th, 10th
 * ... */
static void draw_scale(struct canvas *canvas, const struct panel *panel, const struct depth_axis *axis)
{
	enum { APART = 3 };
	struct rect plot = panel->plot;
	int bottom = plot.y + plot.height - 1, decades = axis->high - axis->low;
	if (plot.height < 1)
		return;
	for (int y = plot.y; panel->labels.width && y <= bottom; y++)
		canvas_put(canvas, plot.x - 1, y, glyph(GLYPH_LINE_V, canvas->ascii), ROLE_AXIS);
	int every = whole_int(round_up_125(fmax(1, (double)(APART * decades) / plot.height)), 1, decades);
	for (int exponent = axis->low; exponent <= axis->high; exponent++) {
		int row = plot_row((double)(exponent - axis->low) / decades, plot.height);
		bool end = exponent == axis->low || exponent == axis->high;
		bool near = row < APART - 1 || row > plot.height - APART;
		if (end || (exponent % every == 0 && !near))
			draw_decade(canvas, panel, bottom - row, exponent);
	}
}

/* The layer numbers, as many as there is room for; the selected one first. */
static void draw_layers(const struct scene *scene, struct canvas *canvas, struct rect axis)
{
	if (axis.height < 1)
		return;
	size_t layers = scene->now->layers;
	for (int i = 0; i < axis.width; i++)
		canvas_put(canvas, axis.x + i, axis.y, glyph(GLYPH_LINE_H, canvas->ascii), ROLE_AXIS);
	int selected = depth_column(scene->layer, layers, axis.width);
	char chosen[24];
	snprintf(chosen, sizeof chosen, "%zu", scene->layer + 1);
	int chosen_cells = canvas_text_cells(canvas, chosen);
	int chosen_x = selected + 1 + chosen_cells <= axis.width ? selected + 1 : selected - chosen_cells;
	/* Every 1st, 2nd, 5th, 10th ... layer. */
	size_t every = (size_t)whole_count(fmax(1, round_up_125(4.0 * (double)layers / (axis.width > 0 ? axis.width : 1))));
	int taken = -1;
	for (size_t l = 0; l < layers; l++) {
		char number[24];
		snprintf(number, sizeof number, "%zu", l + 1);
		int cells = canvas_text_cells(canvas, number), x = depth_column(l, layers, axis.width) - cells / 2;
		x = x < 0 ? 0 : x + cells > axis.width ? axis.width - cells : x;
		bool near = x <= (selected > chosen_x ? selected : chosen_x + chosen_cells) &&
		            x + cells >= (selected < chosen_x ? selected : chosen_x);
		if (l == scene->layer || (l > 0 && (l + 1) % every != 0) || near || x <= taken || x < 0)
			continue;
		taken = canvas_text(canvas, axis.x + x, axis.y, cells, ROLE_AXIS, number) - axis.x;
	}
	canvas_put(canvas, axis.x + selected, axis.y, glyph(GLYPH_UP, canvas->ascii), ROLE_KEY);
	if (chosen_x >= 0)
		canvas_text(canvas, axis.x + chosen_x, axis.y, chosen_cells, ROLE_KEY, chosen);
}

/* A share of every hidden layer as a bar in its column, the largest if layers
 * share a column; in colour where the verdict on the layer calls it ill: half of
 * a rectifier's outputs may be inactive. */
static void draw_shares(const struct snapshot *now, struct canvas *canvas, const struct panel *panel, enum quantity_id id)
{
	const struct quantity *share = quantity_of(id);
	const char *word = quantity_label(share, &(struct quantity_place){.snapshot = now});
	struct rect gauge = panel->gauge;
	int before = panel->plot.x - gauge.x;
	if (gauge.height < 1)
		return;
	if (canvas_text_cells(canvas, word) >= before)
		word = share->label[0]; /* shorter than the activation's word */
	if (canvas_text_cells(canvas, word) < before)
		canvas_text(canvas, gauge.x, gauge.y + gauge.height - 1, before, ROLE_LABEL, word);
	size_t layers = now->layers;
	/* Bars of a shallow net are wider; those of a deep net touch each other. */
	double spacing = layers > 1 ? (panel->plot.width - 1) / (double)(layers - 1) : 0;
	int reach = whole_int(spacing < 4 ? ceil((spacing - 1) / 2) : spacing / 4, 0, panel->plot.width);
	for (int x = 0; x < panel->plot.width; x++) {
		double most = NAN;
		enum role role = ROLE_LABEL;
		for (size_t l = 0; l + 1 < layers; l++) {
			if (abs(depth_column(l, layers, panel->plot.width) - x) > reach)
				continue;
			most = fmax(most, quantity_read(share, &(struct quantity_place){.snapshot = now, .layer = l}));
			if (verdict_flat_role(now, l) == ROLE_HIST_SATURATED)
				role = ROLE_HIST_SATURATED;
		}
		int level = whole_int(ceil(most * 8 * gauge.height), 0, 8 * gauge.height);
		plot_bar(canvas, (struct rect){panel->plot.x + x, gauge.y, 1, gauge.height}, level, role);
		if (level == 0 && !isnan(most))
			canvas_put(canvas, panel->plot.x + x, gauge.y + gauge.height - 1, glyph(GLYPH_DOT, canvas->ascii), ROLE_AXIS);
	}
}

/* A click selects the layer whose column is nearest. */
static void fill_probe(const struct snapshot *now, const struct canvas *canvas, const struct panel *panel)
{
	struct rect plot = panel->plot;
	plot.height += panel->axis.height + panel->gauge.height;
	struct canvas_probe *probe = canvas_probe_in(canvas, plot);
	if (probe == NULL)
		return;
	size_t nearest = 0;
	int x = probe->x - plot.x;
	for (size_t l = 0; l < now->layers; l++)
		if (abs(depth_column(l, now->layers, plot.width) - x) < abs(depth_column(nearest, now->layers, plot.width) - x))
			nearest = l;
	snprintf(probe->words, sizeof probe->words, "layer %zu", nearest + 1);
	snprintf(probe->command, sizeof probe->command, "layer %zu", nearest + 1);
}

static void draw_panel(const struct scene *scene, struct canvas *canvas, const struct panel *panel, const char *title,
                       const struct depth_series *const *series, size_t count)
{
	struct depth_axis axis = depth_axis_of(scene, series, count);
	fill_probe(scene->now, canvas, panel);
	if (panel->head.height)
		draw_head(canvas, panel, title, scene->now->layers, series, count);
	draw_scale(canvas, panel, &axis);
	depth_plot(scene->now, canvas, panel->plot, &axis, series, count);
	draw_layers(scene, canvas, panel->axis);
}

/* ---- words ---- */

static void draw_sentence(struct canvas *canvas, struct rect *words, const struct depth_sentence *sentence)
{
	readout_fit(canvas, *words, ROLE_READOUT, (const char *const[]){sentence->form[0], sentence->form[1], sentence->form[2]}, 3);
	words->y++;
	words->height--;
}

static void draw_words(const struct snapshot *now, struct canvas *canvas, struct rect words)
{
	struct depth_sentence sentence;
	depth_describe_factor(&sentence, now, &depth_delta);
	draw_sentence(canvas, &words, &sentence);
	depth_describe_factor(&sentence, now, &depth_z);
	draw_sentence(canvas, &words, &sentence);
	depth_describe_correlation(&sentence, now);
	draw_sentence(canvas, &words, &sentence);
}

/* From this width on the title also has the values measured at the start. */
#define WITH_START 110

/* The selected layer's numbers. */
static void draw_title(const struct scene *scene, struct canvas *canvas, struct rect rect)
{
	const struct snapshot *start = scene_start(scene);
	char number[48];
	snprintf(number, sizeof number, "%zu of %zu", scene->layer + 1, scene->now->layers);
	struct readout_line line = {.canvas = canvas, .rect = rect};
	readout_line_add(&line, "layer", ROLE_TITLE, number);
	static const enum mlp_tensor squares[] = {MLP_Z, MLP_DELTA};
	for (size_t i = 0; i < sizeof squares / sizeof squares[0]; i++) {
		readout_line_add(&line, quantity_square_label(squares[i]), ROLE_READOUT,
		                 quantity_format_square(number, scene->now, scene->layer, squares[i]));
		if (start && line.rect.width >= WITH_START)
			readout_line_add(&line, "at start", ROLE_READOUT, quantity_format_square(number, start, scene->layer, squares[i]));
		readout_line_number(&line, "theory", ROLE_THEORY, quantity_square_theory(scene->now, scene->layer, squares[i]));
	}
	static const enum quantity_id shares[] = {QUANTITY_SATURATED, QUANTITY_DEAD};
	struct quantity_place place = {.snapshot = scene->now, .layer = scene->layer};
	for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
		const struct quantity *share = quantity_of(shares[i]);
		if (quantity_applies(share, &place))
			readout_line_add(&line, quantity_label(share, &place), ROLE_READOUT,
			                 quantity_format(number, share, quantity_read(share, &place)));
	}
}

void view_depth_draw(const struct scene *scene, struct canvas *canvas, struct rect area)
{
	if (area.width < 1 || area.height < 1 || scene->now->layers == 0)
		return;
	struct scene inside = *scene;
	if (inside.layer >= scene->now->layers)
		inside.layer = scene->now->layers - 1;
	struct layout layout = layout_of(area);
	const struct snapshot *now = scene->now;
	const struct panel *gradient = &layout.panel[layout.panels - 1];
	draw_title(&inside, canvas, layout.title);
	draw_panel(&inside, canvas, gradient, "← gradient", gradient_series, 1);
	draw_shares(now, canvas, gradient, QUANTITY_DEAD);
	if (layout.panels == 2) {
		draw_panel(&inside, canvas, &layout.panel[0], "signal →", signal_series, 2);
		draw_shares(now, canvas, &layout.panel[0], QUANTITY_SATURATED);
	}
	draw_words(now, canvas, layout.words);
}
