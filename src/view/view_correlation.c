/* The Correlation view: whether the net can still tell images apart. At the left the
 * map that takes the correlation of two images from a layer to the next, at the
 * right the correlation over depth and what all images have in common. */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "base/text.h"
#include "base/whole.h"
#include "draw/braille.h"
#include "draw/glyphs.h"
#include "draw/plot.h"
#include "draw/readout_line.h"
#include "lab/phase_plane.h"
#include "view/correlation_bars.h"
#include "view/depth_plot.h"
#include "view/depth_words.h"
#include "view/view_list.h"

/* ---- layout ---- */

/* A panel: a head, labels and a plot with a row for its axis. */
struct panel {
	struct rect head, labels, plot, axis;
	struct rect common, rank; /* strips of bars below; height 0: absent */
};

struct layout {
	struct rect title, words;
	struct panel map, depth; /* map: width 0 in a narrow view */
};

static struct panel panel_of(struct rect area, int common, int rank)
{
	enum { LABELS = 5 };
	int head = area.height >= 4, axis = area.height >= 3, labels = area.width >= 20 ? LABELS : 0;
	int height = area.height - head - axis - common - rank, width = area.width - labels, y = area.y + head + height + axis;
	return (struct panel){
		.head = { area.x + labels, area.y, width, head },
		.labels = { area.x, area.y + head, labels, height },
		.plot = { area.x + labels, area.y + head, width, height },
		.axis = { area.x + labels, area.y + head + height, width, axis },
		.common = { area.x + labels, y, width, common },
		.rank = { area.x + labels, y + common, width, rank },
	};
}

static struct layout layout_of(struct rect area)
{
	int title = area.height >= 6, words = area.height >= 14 ? 3 : area.height >= 11 ? 2 : area.height >= 8, margin = area.width >= 30;
	int height = area.height - title - words, y = area.y + title;
	/* The map's plot is about square: a cell is twice as high as wide. */
	int map = area.width >= 60 ? whole_int(fmin(0.5 * area.width, 2.0 * height + 4), 24, area.width) : 0;
	int strip = height >= 20 ? 4 : height >= 12 ? 2 : height >= 9 ? 1 : 0;
	struct layout layout = {
		.title = { area.x + margin, area.y, area.width - margin, title },
		.words = { area.x + margin, y + height, area.width - margin, words },
		.depth = panel_of((struct rect){ area.x + map + 2 * (map > 0), y, area.width - map - 3 * (map > 0), height },
		                  strip, strip),
	};
	if (map)
		layout.map = panel_of((struct rect){ area.x, y, map, height }, 0, 0);
	return layout;
}

/* ---- numbers ---- */

/* The map is of plain layers. */
static bool has_map(const struct scene *scene)
{
	const struct layer_observation *layer = snapshot_hidden_layer(scene->now, scene->layer);
	return scene->phase && layer && !isnan(scene->phase->map.slope) &&
	       !mlp_has_shift(scene->now->settings.normalization) &&
	       settings_layer_branch(&scene->now->settings, (size_t)(layer - scene->now->layer) + 1) == 0;
}

/* ---- drawing ---- */

static int row_of(double value, int height)
{
	return whole_int(fmax(0, fmin(1, value)) * (height - 1) + 0.5, 0, height - 1);
}

static void draw_scale(struct canvas *canvas, const struct panel *panel)
{
	static const struct { double value; const char *label; } ticks[] = { { 0, "0" }, { 0.5, "0.5" }, { 1, "1" } };
	struct rect plot = panel->plot;
	for (int i = 0; panel->labels.width > 0 && i < plot.height; i++)
		canvas_put(canvas, plot.x - 1, plot.y + i, glyph(GLYPH_LINE_V, canvas->ascii), ROLE_AXIS);
	for (size_t i = 0; panel->labels.width > 0 && plot.height > 0 && i < sizeof ticks / sizeof ticks[0]; i++) {
		int y = plot.y + plot.height - 1 - row_of(ticks[i].value, plot.height);
		canvas_text_right(canvas, plot.x - 1, y, panel->labels.width - 1, ROLE_AXIS, ticks[i].label);
		canvas_put(canvas, plot.x - 1, y, glyph(GLYPH_TEE_LEFT, canvas->ascii), ROLE_AXIS);
	}
	for (int i = 0; panel->axis.height > 0 && i < plot.width; i++)
		canvas_put(canvas, plot.x + i, panel->axis.y, glyph(GLYPH_LINE_H, canvas->ascii), ROLE_AXIS);
}

/* A value 0..1; one outside or not finite is drawn at the edge with a mark of its own. */
static void put_value(struct canvas *canvas, struct rect plot, int x, double value, enum glyph shape, enum role role)
{
	if (isnan(value) || plot.height < 1)
		return;
	bool outside = value < -0.02 || value > 1.02;
	enum glyph drawn = !outside ? shape : value < 0 ? GLYPH_DOWN : GLYPH_UP;
	canvas_put(canvas, plot.x + x, plot.y + plot.height - 1 - row_of(value, plot.height), glyph(drawn, canvas->ascii), role);
}

static void draw_curve(const struct theory_correlation_map *map, struct canvas *canvas, struct rect plot)
{
	enum { MOST_DOTS = 800 };
	double line[MOST_DOTS], diagonal[MOST_DOTS];
	int dots = plot.width * BRAILLE_ACROSS < MOST_DOTS ? plot.width * BRAILLE_ACROSS : MOST_DOTS;
	for (int i = 0; i < dots; i++) {
		double c = dots > 1 ? (double)i / (dots - 1) : 0, at = c * (THEORY_MAP_POINTS - 1);
		int k = whole_int(at, 0, THEORY_MAP_POINTS - 2);
		line[i] = map->after[k] + (at - k) * (map->after[k + 1] - map->after[k]);
		diagonal[i] = c;
	}
	plot.width = dots / BRAILLE_ACROSS;
	braille_curve(canvas, plot, diagonal, BRAILLE_SPARSE, ROLE_AXIS);
	braille_curve(canvas, plot, line, BRAILLE_LINE, ROLE_THEORY);
}

#define WIDE_HEAD 24   /* cells that the whole legend of the map takes */
#define WIDE_NO_MAP 30 /* and the words in its place */

/* The map, its fixed point, and the steps that this net makes from layer to layer. */
static void draw_map(const struct scene *scene, struct canvas *canvas, const struct panel *panel)
{
	struct rect plot = panel->plot;
	const struct snapshot *now = scene->now;
	if (plot.width < 2 || plot.height < 1)
		return;
	draw_scale(canvas, panel);
	if (panel->head.height > 0)
		canvas_textf(canvas, panel->head.x, panel->head.y, panel->head.width, ROLE_LABEL, "%s%s c*  %s net",
		             panel->head.width < WIDE_HEAD ? "" : "c → next c  ", canvas->ascii ? "#" : "◆", canvas->ascii ? "*" : "●");
	if (panel->axis.height > 0) {
		canvas_text(canvas, plot.x, panel->axis.y, 1, ROLE_AXIS, "0");
		canvas_text(canvas, plot.x + plot.width - 1, panel->axis.y, 1, ROLE_AXIS, "1");
	}
	if (!has_map(scene)) {
		canvas_text(canvas, plot.x + 1, plot.y + plot.height / 2, plot.width - 1, ROLE_HINT,
		            plot.width < WIDE_NO_MAP ? "no map here" : "no map: for plain layers only");
		return;
	}
	const struct theory_correlation_map *map = &scene->phase->map;
	draw_curve(map, canvas, plot);
	for (size_t l = 0; l + 2 < now->layers; l++)
		if (!isnan(now->layer[l].correlation))
			put_value(canvas, plot, row_of(now->layer[l].correlation, plot.width), now->layer[l + 1].correlation, GLYPH_DISC,
			          ROLE_READOUT);
	put_value(canvas, plot, row_of(map->limit, plot.width), map->limit, GLYPH_DIAMOND, ROLE_TITLE);
}

/* The legend: with single gaps, and then with a shorter word, where it would be cut. */
static void draw_keys(struct canvas *canvas, const struct panel *panel)
{
	enum { WIDE = 41, MIDDLE = 38 }; /* cells that it takes */
	const struct rect *head = &panel->head;
	const struct { enum glyph shape; enum role role; const char *words; } keys[] = {
		{ GLYPH_DISC, ROLE_READOUT, head->width < MIDDLE ? "corr" : "correlation" }, { GLYPH_CIRCLE, ROLE_THEORY, "theory" },
		{ GLYPH_BAR_5, ROLE_HIST_Z, "common" }, { GLYPH_BAR_5, ROLE_HIST_A, "rank" },
	};
	size_t shown = panel->rank.height > 0 ? 4 : panel->common.height > 0 ? 3 : 2;
	int end = head->x + head->width, x = head->x;
	for (size_t i = 0; head->height > 0 && i < shown && x + 2 < end; i++) {
		canvas_put(canvas, x, head->y, glyph(keys[i].shape, canvas->ascii), keys[i].role);
		x = canvas_text(canvas, x + 2, head->y, end - x - 2, ROLE_LABEL, keys[i].words) + (head->width < WIDE ? 1 : 2);
	}
}

/* The first layer, the last and a mark at the selected one.  Where the mark would hide a part of
 * the last one's number, the number beside the mark is that of the selected layer. */
static void draw_layers(const struct scene *scene, struct canvas *canvas, const struct panel *panel)
{
	struct rect plot = panel->plot;
	size_t hidden = scene->now->layers - 1, selected = scene->layer < hidden ? scene->layer : hidden - 1;
	int at = depth_column(selected, hidden, plot.width), y = panel->axis.y;
	char last[24];
	if (panel->axis.height < 1)
		return;
	int digits = snprintf(last, sizeof last, "%zu", hidden);
	bool hides = at >= plot.width - digits && at >= digits;
	if (hides)
		snprintf(last, sizeof last, "%zu", selected + 1);
	canvas_text(canvas, plot.x + (at == 0), y, 1, ROLE_AXIS, "1");
	if (hidden > 1)
		canvas_text_right(canvas, plot.x + (hides ? at : plot.width), y, plot.width, ROLE_AXIS, last);
	canvas_put(canvas, plot.x + at, y, glyph(GLYPH_UP, canvas->ascii), ROLE_KEY);
}

static void draw_depth(const struct scene *scene, struct canvas *canvas, const struct panel *panel)
{
	const struct snapshot *now = scene->now;
	struct rect plot = panel->plot;
	size_t hidden = now->layers - 1;
	if (plot.width < 2 || plot.height < 1 || hidden < 1)
		return;
	draw_scale(canvas, panel);
	for (size_t l = 0; l < hidden; l++) {
		int x = depth_column(l, hidden, plot.width);
		const struct layer_observation *layer = &now->layer[l];
		put_value(canvas, plot, x, layer->theory.correlation, GLYPH_CIRCLE, ROLE_THEORY);
		put_value(canvas, plot, x, layer->correlation, GLYPH_DISC, ROLE_READOUT);
	}
	draw_keys(canvas, panel);
	int labels = panel->labels.width - (panel->labels.width > 0);
	correlation_draw_common(now, canvas, panel->common, labels);
	correlation_draw_rank(now, canvas, panel->rank, labels);
	draw_layers(scene, canvas, panel);
}

static void draw_title(const struct scene *scene, struct canvas *canvas, struct rect title)
{
	const struct layer_observation *layer = snapshot_hidden_layer(scene->now, scene->layer);
	struct readout_line line = { .canvas = canvas, .rect = title };
	char number[48], share[NUMBER_SIZE];
	if (layer == NULL) {
		canvas_text(canvas, title.x, title.y, title.width, ROLE_TITLE, "no hidden layers");
		return;
	}
	snprintf(number, sizeof number, "%zu of %zu", (size_t)(layer - scene->now->layer) + 1, scene->now->layers);
	readout_line_add(&line, "layer", ROLE_TITLE, number);
	readout_line_number(&line, "correlation", ROLE_READOUT, layer->correlation);
	readout_line_number(&line, "theory", ROLE_THEORY, layer->theory.correlation);
	readout_line_add(&line, "common", ROLE_READOUT, number_share(share, correlation_common_share(layer)));
	if (!isnan(layer->effective_rank))
		readout_line_number(&line, "rank", ROLE_READOUT, layer->effective_rank);
	if (!has_map(scene))
		return;
	readout_line_number(&line, "c*", ROLE_THEORY, scene->phase->map.limit);
	readout_line_number(&line, "slope at 1", ROLE_THEORY, scene->phase->map.slope);
}

/* ---- words ---- */

/* Empty where there is no map. */
static void map_sentence(char *out, size_t size, const struct scene *scene)
{
	char limit[TEXT_READOUT_SIZE], slope[TEXT_READOUT_SIZE], rate[NUMBER_SIZE];
	out[0] = '\0';
	if (!has_map(scene))
		return;
	const struct theory_correlation_map *map = &scene->phase->map;
	snprintf(out, size, "Layers like this one: slope %s at 1, so images %s; c* is %s, the distance to it changes %s a layer",
	         text_readout(slope, map->slope), map->slope > 1.0005 ? "that are alike grow apart" : "become alike",
	         text_readout(limit, map->limit), number_factor(rate, map->rate));
}

static void common_sentence(char *out, size_t size, const struct snapshot *now)
{
	char first[NUMBER_SIZE], last[NUMBER_SIZE];
	snprintf(out, size, "Common to all images: %s of the variance of z in layer 1, %s in layer %zu",
	         number_share(first, correlation_common_share(&now->layer[0])), number_share(last, correlation_common_share(depth_last_hidden(now))),
	         now->layers >= 2 ? now->layers - 1 : 1);
}

/* Empty where it is not measured.  common: what the shares are. */
static void rank_sentence(char *out, size_t size, const char *common, const struct snapshot *now)
{
	char share[2][NUMBER_SIZE], rank[2][NUMBER_SIZE];
	const struct layer_observation *layer[2] = { &now->layer[0], depth_last_hidden(now) };
	out[0] = '\0';
	if (isnan(layer[0]->effective_rank) || isnan(layer[1]->effective_rank))
		return;
	for (size_t i = 0; i < 2; i++) {
		number_share(share[i], correlation_common_share(layer[i]));
		snprintf(rank[i], sizeof rank[i], "%.2g", layer[i]->effective_rank);
	}
	snprintf(out, size, "Layers 1 and %zu: %s %s, %s; effective rank of a %s, %s", now->layers - 1, common, share[0], share[1],
	         rank[0], rank[1]);
}

static void draw_words(const struct scene *scene, struct canvas *canvas, struct rect words)
{
	enum { SIZE = 240 };
	struct depth_sentence sentence;
	char map[SIZE], common[SIZE], rank[SIZE], narrow[SIZE], brief[SIZE] = "";
	struct rect row = { words.x, words.y, words.width, 1 };
	if (words.height < 1)
		return;
	depth_describe_correlation(&sentence, scene->now);
	readout_fit(canvas, row, ROLE_READOUT, (const char *const[]){ sentence.form[0], sentence.form[1], sentence.form[2] }, 3);
	if (words.height < 2)
		return;
	common_sentence(common, sizeof common, scene->now);
	rank_sentence(rank, sizeof rank, "common to all images", scene->now);
	rank_sentence(narrow, sizeof narrow, "common", scene->now);
	row.y = words.y + words.height - 1;
	readout_fit(canvas, row, ROLE_READOUT, (const char *const[]){ rank[0] ? rank : common, narrow }, 2);
	if (words.height < 3)
		return;
	map_sentence(map, sizeof map, scene);
	if (map[0]) {
		char limit[TEXT_READOUT_SIZE], rate[NUMBER_SIZE];
		snprintf(brief, sizeof brief, "Layers like this lead to c* = %s; the distance to it changes %s a layer",
		         text_readout(limit, scene->phase->map.limit), number_factor(rate, scene->phase->map.rate));
	}
	row.y = words.y + 1;
	readout_fit(canvas, row, ROLE_READOUT, (const char *const[]){ map, brief }, 2);
}

/* A click selects the layer whose column is nearest. */
static void fill_probe(const struct snapshot *now, const struct canvas *canvas, const struct panel *panel)
{
	struct canvas_probe *probe = canvas_probe_in(canvas, panel->plot);
	size_t hidden = now->layers - 1;
	if (probe == NULL || hidden < 1 || panel->plot.width < 2)
		return;
	double at = (double)(probe->x - panel->plot.x) / (panel->plot.width - 1) * (double)(hidden - 1);
	uint64_t layer = whole_count(at + 0.5) + 1;
	snprintf(probe->words, sizeof probe->words, "layer %llu", (unsigned long long)layer);
	snprintf(probe->command, sizeof probe->command, "layer %llu", (unsigned long long)layer);
}

void view_correlation_draw(const struct scene *scene, struct canvas *canvas, struct rect area)
{
	if (area.width < 1 || area.height < 1 || scene->now->layers == 0)
		return;
	struct layout layout = layout_of(area);
	if (layout.title.height > 0)
		draw_title(scene, canvas, layout.title);
	draw_map(scene, canvas, &layout.map);
	fill_probe(scene->now, canvas, &layout.depth);
	draw_depth(scene, canvas, &layout.depth);
	draw_words(scene, canvas, layout.words);
}

/* ---- the explanation ---- */

void view_correlation_explain(const struct scene *scene, struct text *text)
{
	const struct snapshot *now = scene->now;
	char sentence[240];
	if (now->layers == 0)
		return;
	text_addf(text, "Two images that look alike to a layer cannot be told apart by any layer after it. The correlation is that of "
	          "z of two images over the units of a layer, as a mean over all pairs: 1 means alike, 0 independent.\n");
	text_add(text, "Right: the correlation in each of the hidden layers as observed, and as theory predicts it for the start. The bars "
	               "below it (common) show which share of z's variance is common to all images: different from unit to unit but not from "
	               "image to image. Where it nears 100 % all images give the same outputs (rank collapse). The lowest bars (rank) show "
	               "the effective rank of a on a logarithmic scale, from 1 to the most that is possible: the number of units or of "
	               "images, whichever is less.\n");
	text_add(text, "Left: the map that takes the correlation c in a layer to that in the next, for layers like the selected one, "
	               "with the variances that its weights and biases have now (Poole et al. 2016). Where the curve is above the "
	               "diagonal, images become more alike from layer to layer, where it is below, less. They end at c*, where it "
	               "crosses the diagonal. The filled points are the steps that this net makes, from each layer to the next.\n\n");
	depth_explain_correlation(text, now);
	map_sentence(sentence, sizeof sentence, scene);
	if (sentence[0])
		text_addf(text, "%s.\n", sentence);
	common_sentence(sentence, sizeof sentence, now);
	text_addf(text, "%s.\n", sentence);
	text_add(text, "The effective rank of a layer is the number of directions over which the outputs of the images are spread: 1 if all "
	               "have the same direction, whatever their length (Daneshmand et al. 2020).\n");
}
