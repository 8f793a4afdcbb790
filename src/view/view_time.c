/* The Time view: the change of one tensor of one layer during training. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/whole.h"
#include "nn/activation.h"
#include "draw/glyphs.h"
#include "draw/plot.h"
#include "draw/readout_line.h"
#include "view/layer_block.h"
#include "view/saturation.h"
#include "view/time_map.h"
#include "view/verdict.h"
#include "view/view_list.h"

/* The meaning of each tensor, and the role of its bars. */
static const struct {
	const char *symbol, *words;
	enum role role;
} kinds[MLP_TENSORS] = {
	[MLP_Z] = {"z", "inputs of the activation", ROLE_HIST_Z},
	[MLP_A] = {"a", "outputs of the activation", ROLE_HIST_A},
	[MLP_W] = {"W", "weights", ROLE_HIST_W},
	[MLP_DELTA] = {"δ", "gradient at z", ROLE_HIST_GRADIENT},
	[MLP_DW] = {"dW", "gradient of the weights", ROLE_HIST_GRADIENT},
};

/* ---- layout ---- */

/* Layout of the parts; a width or height of 0 means absent. */
struct layout {
	struct rect title, labels, map, side, steps, values, legend;
};

static struct layout layout_of(struct rect area)
{
	enum { LABELS = 10 };
	int title = area.height >= 4, steps = area.height >= 3;
	int legend = area.height >= 12, values = area.height >= 14 ? 2 : area.height >= 7 ? 1 : 0;
	int labels = area.width >= 30 ? LABELS : 0;
	int side = area.width >= 60 ? area.width / 6 : 0;
	int width = area.width - labels - side - (side ? 2 : 0), height = area.height - title - steps - values - legend;
	width = width > TIME_MAP_COLUMNS ? TIME_MAP_COLUMNS : width;
	height = height > TIME_MAP_ROWS ? TIME_MAP_ROWS : height;
	int x = area.x + labels, y = area.y + title, below = y + height, margin = area.width >= 30;
	return (struct layout){
		.title = {area.x + margin, area.y, area.width - margin, title},
		.labels = {area.x, y, labels, height},
		.map = {x, y, width, height},
		.side = {x + width + 2, y, side, height},
		.steps = {x, below, width, steps},
		.values = {area.x + margin, below + steps, area.width - margin, values},
		.legend = {area.x + margin, below + steps + values, area.width - margin, legend},
	};
}

/* ---- drawing ---- */

/* The title: the layer, the tensor shown, and the other tensors that `t`
 * selects. */
static void draw_title(const struct scene *scene, struct canvas *canvas, struct rect rect)
{
	const struct layer_observation *o = &scene->now->layer[scene->layer];
	int end = rect.x + rect.width, x = end;
	if (rect.height < 1)
		return;
	for (int t = MLP_TENSORS; rect.width >= 38 && t-- > 0;) {
		enum role role = t == (int)scene->tensor ? ROLE_SELECTED : ROLE_LABEL;
		char word[16];
		snprintf(word, sizeof word, " %s ", kinds[t].symbol);
		x = canvas_text_right(canvas, x, rect.y, x - rect.x, role, word);
	}
	if (x < end)
		x = canvas_text_right(canvas, x, rect.y, x - rect.x, ROLE_KEY, "t") - 1;
	char words[96];
	int at = canvas_textf(canvas, rect.x, rect.y, x - rect.x, ROLE_TITLE, "layer %zu of %zu", scene->layer + 1,
	                      scene->now->layers) + 1;
	snprintf(words, sizeof words, "%zu→%zu %s: %s", o->fan_in, o->fan_out, kinds[scene->tensor].symbol,
	         scene->tensor == MLP_A && o->activation.entry == NULL ? "probabilities" : kinds[scene->tensor].words);
	if (canvas_text_cells(canvas, words) < x - at)
		canvas_text(canvas, at, rect.y, x - at, ROLE_LABEL, words);
}

static void label_value(struct canvas *canvas, struct rect labels, int y, double value)
{
	char number[32];
	snprintf(number, sizeof number, "%.4g", value + 0.0);
	canvas_text_right(canvas, labels.x + labels.width - 1, y, labels.width - 1, ROLE_AXIS, number);
}

/* Sets saturated[map->height], from the bottom: where the activation has a small
 * slope; nowhere for tensors that have no such place. */
static void saturated_rows(const struct scene *scene, const struct time_map *map, bool *saturated)
{
	const struct layer_observation *layer = &scene->now->layer[scene->layer];
	memset(saturated, 0, (size_t)map->height * sizeof *saturated);
	if (map->height > HISTOGRAM_BINS)
		return;
	if (scene->tensor == MLP_Z)
		saturation_of_inputs(saturated, map->height, layer, map->low, map->high);
	if (scene->tensor != MLP_A)
		return;
	/* The zone of outputs may be thinner than a row. */
	bool fine[HISTOGRAM_BINS];
	saturation_of_outputs(fine, HISTOGRAM_BINS, layer, map->low, map->high, layer_is_residual(scene, scene->layer));
	for (int i = 0; i < HISTOGRAM_BINS; i++)
		saturated[i * map->height / HISTOGRAM_BINS] |= fine[i];
}

/* Writes the activation's word for its saturated zones into each zone that has
 * room. */
static void name_zones(const struct scene *scene, const struct time_map *map, struct canvas *canvas, struct rect labels,
                       const bool *saturated)
{
	const struct spec *activation = &scene->now->layer[scene->layer].activation;
	for (int row = 0, end; row < map->height; row = end) {
		for (end = row + 1; end < map->height && saturated[end] == saturated[row];)
			end++;
		int y = labels.y + map->height - 1 - (row + end - 1) / 2;
		if (saturated[row] && canvas_cell(canvas, labels.x + labels.width - 2, y)->glyph == ' ')
			canvas_text_right(canvas, labels.x + labels.width - 1, y, labels.width - 1, verdict_flat_role(scene->now, scene->layer),
			                  activation_saturation_word(activation));
	}
}

static void draw_labels(const struct scene *scene, const struct time_map *map, struct canvas *canvas, struct rect labels)
{
	bool saturated[TIME_MAP_ROWS];
	if (labels.width < 1 || labels.height < 1)
		return;
	saturated_rows(scene, map, saturated);
	for (int row = 0; row < map->height; row++)
		canvas_put(canvas, labels.x + labels.width - 1, labels.y + map->height - 1 - row,
		           glyph(saturated[row] ? GLYPH_BAND_V : GLYPH_LINE_V, canvas->ascii),
		           saturated[row] ? verdict_flat_role(scene->now, scene->layer) : ROLE_AXIS);
	label_value(canvas, labels, labels.y, map->high);
	if (labels.height >= 2)
		label_value(canvas, labels, labels.y + labels.height - 1, map->low);
	int zero = time_map_row(map, 0);
	if (zero > 1 && zero < labels.height - 2)
		label_value(canvas, labels, labels.y + labels.height - 1 - zero, 0);
	name_zones(scene, map, canvas, labels, saturated);
}

/* The axis of steps, with the selected step. */
static void draw_steps(const struct scene *scene, const struct time_map *map, struct canvas *canvas, struct rect steps)
{
	char end[24], now[48];
	if (steps.height < 1)
		return;
	for (int i = 0; i < steps.width; i++)
		canvas_put(canvas, steps.x + i, steps.y, glyph(GLYPH_LINE_H, canvas->ascii), ROLE_AXIS);
	snprintf(end, sizeof end, " %llu", (unsigned long long)map->end);
	snprintf(now, sizeof now, " step %llu ", (unsigned long long)scene->now->step);
	int cursor = time_map_column(map, scene->now->step), cells = canvas_text_cells(canvas, now);
	int right = steps.width - canvas_text_cells(canvas, end);
	if (right > 12 && cursor < right) /* otherwise the mark would hide a digit of the last step */
		canvas_text_right(canvas, steps.x + steps.width, steps.y, steps.width, ROLE_AXIS, end);
	int x = cursor + 1 + cells <= right ? cursor + 1 : cursor - cells;
	if (x >= 0 && cells < steps.width)
		canvas_text(canvas, steps.x + x, steps.y, cells, ROLE_READOUT, now);
	canvas_put(canvas, steps.x + cursor, steps.y, glyph(GLYPH_UP, canvas->ascii), ROLE_KEY);
}

/* A line through the selected step, while looking back. */
static void draw_cursor(const struct scene *scene, const struct time_map *map, struct canvas *canvas, struct rect rect)
{
	int x = rect.x + time_map_column(map, scene->now->step);
	for (int y = rect.y; !scene->live && y < rect.y + rect.height; y++)
		canvas_put(canvas, x, y, glyph(GLYPH_LINE_V, canvas->ascii), ROLE_KEY);
}

/* The histogram of the selected step, on the axis of the map, linear. */
static void draw_side(const struct scene *scene, const struct time_map *map, struct canvas *canvas, struct rect side)
{
	double regular[TIME_MAP_ROWS], all[TIME_MAP_ROWS], peak = 0;
	const struct tensor_observation *tensor = &scene->now->layer[scene->layer].tensor[scene->tensor];
	if (side.width < 2)
		return;
	time_map_count(regular, map, tensor, false);
	time_map_count(all, map, tensor, true);
	for (int row = 0; row < map->height; row++)
		peak = fmax(peak, regular[row]);
	for (int row = 0; row < map->height; row++) {
		int y = side.y + map->height - 1 - row;
		bool spike = peak > 0 && all[row] > peak;
		double level = peak > 0 ? fmin(all[row] / peak, 1) : all[row] > 0;
		plot_bar_side(canvas, side.x, y, whole_int(ceil(level * 8 * (side.width - 1)), 0, 8 * (side.width - 1)), kinds[scene->tensor].role);
		if (spike)
			canvas_put(canvas, side.x + side.width - 1, y, glyph(GLYPH_RIGHT, canvas->ascii), ROLE_SPIKE);
	}
}

static void draw_values(const struct scene *scene, struct canvas *canvas, struct rect values)
{
	const struct tensor_observation *tensor = &scene->now->layer[scene->layer].tensor[scene->tensor];
	const struct moments *m = &tensor->moments;
	struct readout_line line = {.canvas = canvas, .rect = values};
	readout_line_number(&line, "mean", ROLE_READOUT, m->mean);
	readout_line_number(&line, "sd", ROLE_READOUT, sqrt(m->variance));
	readout_line_number(&line, "variance", ROLE_READOUT, m->variance);
	readout_line_number(&line, "mean square", ROLE_READOUT, m->mean_square);
	if (m->nan + m->inf)
		readout_line_number(&line, "NaN and Inf", ROLE_ALARM, (double)(m->nan + m->inf));
	readout_line_break(&line);
	for (int i = 0; i < STATS_PERCENTILES; i++) {
		char name[16];
		snprintf(name, sizeof name, "%d %%", stats_percentile_ranks[i]);
		readout_line_number(&line, name, ROLE_READOUT, tensor->percentile[i]);
	}
}

static void draw_legend(const struct scene *scene, struct canvas *canvas, struct rect legend)
{
	if (legend.height < 1 || legend.width < 24)
		return;
	const struct tensor_observation *tensor = &scene->now->layer[scene->layer].tensor[scene->tensor];
	static const enum glyph shade[] = {GLYPH_DOT, GLYPH_SHADE_1, GLYPH_SHADE_2, GLYPH_SHADE_3, GLYPH_SHADE_4};
	int x = legend.x, end = legend.x + legend.width;
	for (int i = 0; i < 5; i++)
		canvas_put(canvas, x++, legend.y, glyph(shade[i], canvas->ascii), (enum role)(ROLE_HEAT_0 + i * (HEAT_STEPS - 1) / 4));
	x = canvas_textf(canvas, x + 1, legend.y, end - x, ROLE_LABEL, "density, each ×%.0f", time_map_shade(tensor->moments.n));
	for (int i = 0; i < TIME_MARKS; i++) {
		int cells = canvas_text_cells(canvas, time_marks[i].name);
		if (x + 4 + cells > end)
			return;
		canvas_put(canvas, x + 2, legend.y, glyph(time_marks[i].shape, canvas->ascii), time_marks[i].role);
		x = canvas_text(canvas, x + 4, legend.y, cells, ROLE_LABEL, time_marks[i].name);
	}
}

/* A click goes to the step under it. */
static void fill_probe(const struct time_map *map, const struct canvas *canvas, struct rect rect)
{
	struct canvas_probe *probe = canvas_probe_in(canvas, rect);
	if (probe == NULL || map->width < 2)
		return;
	double step = (double)(probe->x - rect.x) / (map->width - 1) * (double)map->end;
	snprintf(probe->words, sizeof probe->words, "step %.0f", step);
	snprintf(probe->command, sizeof probe->command, "go %.0f", step);
}

void view_time_draw(const struct scene *scene, struct canvas *canvas, struct rect area)
{
	if (area.width < 1 || area.height < 1 || scene->now->layers == 0)
		return;
	struct scene inside = *scene;
	if (inside.layer >= scene->now->layers)
		inside.layer = scene->now->layers - 1;
	struct layout layout = layout_of(area);
	struct time_map map;
	time_map_gather(&map, &inside, inside.layer, layout.map.width, layout.map.height);
	fill_probe(&map, canvas, (struct rect){layout.map.x, layout.map.y, map.width, map.height + layout.steps.height});
	draw_title(&inside, canvas, layout.title);
	draw_labels(&inside, &map, canvas, layout.labels);
	time_map_draw(&map, canvas, layout.map.x, layout.map.y);
	draw_cursor(&inside, &map, canvas, layout.map);
	draw_side(&inside, &map, canvas, layout.side);
	draw_steps(&inside, &map, canvas, layout.steps);
	draw_values(&inside, canvas, layout.values);
	draw_legend(&inside, canvas, layout.legend);
	static const char hint[] = "one observation so far: run to see more";
	int cells = canvas_text_cells(canvas, hint);
	if (map.observations == 1 && cells + 8 < map.width)
		canvas_text(canvas, layout.map.x + (map.width - cells) / 2, layout.map.y + map.height / 2, cells, ROLE_HINT, hint);
}

/* ---- the explanation ---- */

/* "saturated", "inactive"; of the output layer, which has no such zone, the first. */
static const char *activation_word(const struct layer_observation *layer)
{
	return layer->activation.entry ? activation_saturation_word(&layer->activation) : "saturated";
}

void view_time_explain(const struct scene *scene, struct text *text)
{
	const struct snapshot *now = scene->now;
	if (now->layers == 0)
		return;
	size_t layer = scene->layer < now->layers ? scene->layer : now->layers - 1;
	const struct tensor_observation *tensor = &now->layer[layer].tensor[scene->tensor];
	const struct snapshot *first = scene->history && scene->history->count ? scene->history->snapshot[0] : now;
	const struct moments *m = &tensor->moments;
	char mean[TEXT_READOUT_SIZE], sd[TEXT_READOUT_SIZE], past[TEXT_READOUT_SIZE];
	text_addf(text, "Layer %zu's %s (%s) over the steps of training: each column is the histogram of the last "
	          "observation up to its step, as shades; values increase upwards.\n", layer + 1, kinds[scene->tensor].symbol,
	          kinds[scene->tensor].words);
	text_addf(text, "Each denser shade means %.0f times as many values, so that rare values are visible too.\n",
	          time_map_shade(m->n));
	text_addf(text, "The heavy lines enclose the middle half of the values, the dashed ones the middle 90 %%; %s marks 2 and 98 %%, "
	          "as Glorot and Bengio (2010) draw them. Where the axis is heavy, the activation is %s.\n",
	          "◇", activation_word(&now->layer[layer]));
	text_addf(text, "At step %llu: mean %s, standard deviation %s", (unsigned long long)now->step,
	          text_readout(mean, m->mean), text_readout(sd, sqrt(m->variance)));
	if (first->step < now->step && layer < first->layers)
		text_addf(text, "; at step %llu it was %s", (unsigned long long)first->step,
		          text_readout(past, sqrt(first->layer[layer].tensor[scene->tensor].moments.variance)));
	text_addf(text, ".\nAt the right: the histogram of step %llu, with linear counts. ← and → go back and forward in time, t shows "
	          "another tensor of the layer, ↑ and ↓ show other layers.\n", (unsigned long long)now->step);
	struct verdict verdict = verdict_layer(now, layer);
	text_addf(text, "\nVerdict on layer %zu: %s. %s.\n", layer + 1, verdict.word, verdict.sentence);
}
