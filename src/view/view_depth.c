/* The Depth view: the signal over the layers from input to output, and the
 * gradient from output to input. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/round.h"
#include "base/text.h"
#include "base/whole.h"
#include "nn/initializer.h"
#include "nn/theory.h"
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
	int labels = half >= 30 ? 9 : half >= 12 ? 6 : 0;
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

/* The legend of the letters, as much of it as fits. */
static void draw_head(struct canvas *canvas, struct rect head, const char *title, const struct depth_series *const *series,
                      size_t count, uint64_t step)
{
	int x = canvas_text(canvas, head.x, head.y, head.width, ROLE_TITLE, title) + 2, end = head.x + head.width;
	for (size_t s = 0; s < count; s++) {
		const char *letter = quantity_symbols[series[s]->tensor], *label = quantity_square_label(series[s]->tensor);
		int cells = canvas_text_cells(canvas, letter) + 1 + canvas_text_cells(canvas, label);
		if (x + cells > end)
			return;
		int at = canvas_text(canvas, x, head.y, cells, series[s]->role, letter) + 1;
		x = canvas_text(canvas, at, head.y, cells, ROLE_LABEL, label) + 2;
	}
	const char *word = step ? "at init" : "theory";
	if (x + 2 + canvas_text_cells(canvas, word) > end)
		return;
	canvas_put(canvas, x, head.y, glyph(GLYPH_LINE_H, canvas->ascii), ROLE_THEORY);
	canvas_text(canvas, x + 2, head.y, end - x - 2, ROLE_LABEL, word);
}

static void label_power(struct canvas *canvas, struct rect labels, int y, int exponent)
{
	char label[16];
	snprintf(label, sizeof label, exponent >= -3 && exponent <= 4 ? "%.6g" : "%.0e", pow(10, exponent));
	canvas_text_right(canvas, labels.x + labels.width - 1, y, labels.width - 1, ROLE_AXIS, label);
}

/* The ends of the axis, and a dashed line at 1. */
static void draw_scale(struct canvas *canvas, const struct panel *panel, const struct depth_axis *axis)
{
	struct rect labels = panel->labels, plot = panel->plot;
	int bottom = plot.y + plot.height - 1;
	if (plot.height < 1)
		return;
	for (int y = plot.y; labels.width && y <= bottom; y++)
		canvas_put(canvas, plot.x - 1, y, glyph(GLYPH_LINE_V, canvas->ascii), ROLE_AXIS);
	if (labels.width) {
		label_power(canvas, labels, plot.y, axis->high);
		if (plot.height >= 2)
			label_power(canvas, labels, bottom, axis->low);
	}
	if (axis->low >= 0 || axis->high <= 0)
		return;
	int y = bottom - plot_row(-(double)axis->low / (axis->high - axis->low), plot.height);
	for (int x = 0; x < plot.width; x++)
		canvas_put(canvas, plot.x + x, y, glyph(GLYPH_DASH_H, canvas->ascii), ROLE_AXIS);
	if (labels.width && y > plot.y && y < bottom)
		label_power(canvas, labels, y, 0);
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

/* A share of every hidden layer as a bar in its column; the largest if
 * layers share a column. */
static void draw_shares(const struct snapshot *now, struct canvas *canvas, const struct panel *panel, enum quantity_id id,
                        enum role role)
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
	/* A shallow net has wider bars; those of a deep net touch. */
	double spacing = layers > 1 ? (panel->plot.width - 1) / (double)(layers - 1) : 0;
	int reach = whole_int(spacing < 4 ? ceil((spacing - 1) / 2) : spacing / 4, 0, panel->plot.width);
	for (int x = 0; x < panel->plot.width; x++) {
		double most = NAN;
		for (size_t l = 0; l + 1 < layers; l++)
			if (abs(depth_column(l, layers, panel->plot.width) - x) <= reach)
				most = fmax(most, quantity_read(share, &(struct quantity_place){.snapshot = now, .layer = l}));
		int level = whole_int(ceil(most * 8 * gauge.height), 0, 8 * gauge.height);
		plot_bar(canvas, (struct rect){panel->plot.x + x, gauge.y, 1, gauge.height}, level, role);
		if (level == 0 && !isnan(most))
			canvas_put(canvas, panel->plot.x + x, gauge.y + gauge.height - 1, glyph(GLYPH_DOT, canvas->ascii), ROLE_AXIS);
	}
}

/* A click selects the layer whose column is nearest. */
static void answer(const struct snapshot *now, const struct canvas *canvas, const struct panel *panel)
{
	struct rect plot = panel->plot;
	plot.height += panel->axis.height + panel->gauge.height;
	struct canvas_probe *probe = canvas_asked(canvas, plot);
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
	answer(scene->now, canvas, panel);
	if (panel->head.height)
		draw_head(canvas, panel->head, title, series, count, scene->now->step);
	draw_scale(canvas, panel, &axis);
	depth_plot(scene->now, canvas, panel->plot, &axis, series, count);
	draw_layers(scene, canvas, panel->axis);
}

/* ---- words ---- */

#define SAY(i, ...) snprintf(say->form[i], DEPTH_SENTENCE_SIZE, __VA_ARGS__)

/* "E[z²] falls ×0.25 per layer (theory ×0.25), ×1e-30 over 49 layers". */
static void say_factor(struct depth_sentence *say, const struct snapshot *now, const struct depth_series *series)
{
	if (depth_say_turn(say, now, series))
		return;
	double observed = depth_factor(now, series, false), theory = depth_factor(now, series, true);
	const char *what = series == &depth_delta ? "Gradient²" : quantity_square_label(MLP_Z);
	char factor[NUMBER_SIZE], whole[NUMBER_SIZE], predicted[NUMBER_SIZE];
	/* For a shallow net: what the factor would do in 20 layers. */
	bool deep = now->layers >= 12;
	size_t steps = deep ? now->layers - 2 : 20;
	number_factor(factor, observed);
	number_factor(predicted, theory);
	number_factor(whole, pow(observed, (double)steps));
	if (isnan(observed)) {
		SAY(0, "%s: there are no two hidden layers with values to compare", what);
		SAY(1, "%s: nothing to compare", what);
		say->form[2][0] = '\0';
		say->role = ROLE_LABEL;
		return;
	}
	bool small = observed < 0.9, large = observed > 1 / 0.9;
	const char *verb = small ? "falls" : large ? "grows" : "is steady:";
	const char *such = deep ? "" : "such ";
	SAY(0, "%s %s %s per layer (%s %s), %s over %zu %slayers", what, verb, factor, now->step ? "at init" : "theory",
	    predicted, whole, steps, such);
	SAY(1, "%s %s %s per layer, %s over %zu %slayers", what, verb, factor, whole, steps, such);
	SAY(2, "%s %s per layer", what, factor);
	say->role = !small && !large ? ROLE_GOOD : fabs(log10(observed)) * (double)steps >= 6 ? ROLE_WARNING : ROLE_NOTE;
}

static void draw_sentence(struct canvas *canvas, struct rect *words, const struct depth_sentence *say)
{
	readout_fit(canvas, *words, say->role, (const char *const[]){say->form[0], say->form[1], say->form[2]}, 3);
	words->y++;
	words->height--;
}

static void draw_words(const struct snapshot *now, struct canvas *canvas, struct rect words)
{
	struct depth_sentence say;
	say_factor(&say, now, &depth_delta);
	draw_sentence(canvas, &words, &say);
	say_factor(&say, now, &depth_z);
	draw_sentence(canvas, &words, &say);
	depth_say_correlation(&say, now);
	draw_sentence(canvas, &words, &say);
}

/* The selected layer's numbers. */
static void draw_title(const struct scene *scene, struct canvas *canvas, struct rect rect)
{
	const char *theory = scene->now->step ? "at init" : "theory";
	char number[48];
	snprintf(number, sizeof number, "%zu of %zu", scene->layer + 1, scene->now->layers);
	struct readout_line line = {.canvas = canvas, .rect = rect};
	readout_line_add(&line, "layer", ROLE_TITLE, number);
	static const enum mlp_tensor squares[] = {MLP_Z, MLP_DELTA};
	for (size_t i = 0; i < sizeof squares / sizeof squares[0]; i++) {
		readout_line_number(&line, quantity_square_label(squares[i]), ROLE_READOUT,
		                    quantity_square(scene->now, scene->layer, squares[i]));
		readout_line_number(&line, theory, ROLE_THEORY, quantity_square_theory(scene->now, scene->layer, squares[i]));
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
	draw_shares(now, canvas, gradient, QUANTITY_DEAD, ROLE_WARNING);
	if (layout.panels == 2) {
		draw_panel(&inside, canvas, &layout.panel[0], "signal →", signal_series, 2);
		draw_shares(now, canvas, &layout.panel[0], QUANTITY_SATURATED, ROLE_HIST_SATURATED);
	}
	draw_words(now, canvas, layout.words);
}

/* ---- the explanation ---- */

static void explain_edge(const struct snapshot *now, struct text *text)
{
	const struct layer_observation *deep = depth_last_hidden(now);
	if (deep->activation.entry == NULL)
		return;
	char here[TEXT_READOUT_SIZE], edge[TEXT_READOUT_SIZE], chi[TEXT_READOUT_SIZE];
	double critical = theory_edge_of_chaos(&deep->activation);
	text_addf(text, "χ = fan_in · Var(W) · E[f'²] = %s. The gradient² changes by this factor per layer of equal width. "
	          "σ_w² = fan_in · Var(W) is %s here",
	          number_known(chi, deep->theory.chi), number_known(here, (double)deep->fan_in * deep->weight_variance));
	if (isfinite(critical))
		text_addf(text, "; with biases of zero and a σ_w² of %s, %s would be at the edge of chaos, χ = 1",
		          text_readout(edge, critical * critical), deep->activation.entry->name);
	text_add(text, ".\n");
}

void view_depth_explain(const struct scene *scene, struct text *text)
{
	const struct snapshot *now = scene->now;
	if (now->layers == 0)
		return;
	struct depth_sentence say;
	text_addf(text, "The %zu layers run from the input at the left to the output at the right; the vertical axis is "
	          "logarithmic. Letters are observed values, lines are what theory predicts%s.\n", now->layers, now->step ? " for the start" : "");
	text_add(text, "Left: the mean squares of the inputs z and the outputs a; the signal runs to the right. Right: the "
	         "mean square of the gradient at z; it runs to the left, from the loss back to layer 1. A quantity that falls "
	         "along its arrow vanishes, one that rises explodes; a good initialization keeps it level.\n");
	text_add(text, "The bars below: the share of outputs where the activation has a small slope, and the share of units "
	         "whose slope is small for every image (dead units).\n\n");
	say_factor(&say, now, &depth_z);
	text_addf(text, "%s.\n", say.form[0]);
	say_factor(&say, now, &depth_delta);
	text_addf(text, "%s.\n", say.form[0]);
	explain_edge(now, text);
	depth_explain_correlation(text, now);
	struct verdict verdict = verdict_worst(now);
	text_addf(text, "\nVerdict: %s. %s.\n", verdict.word, verdict.sentence);
}
