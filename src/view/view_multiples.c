/* The Multiples view: a small panel for each of the nets in lock-step, with
 * one histogram, saturation, loss and accuracy. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/run_label.h"
#include "lab/scenario.h"
#include "base/number.h"
#include "draw/plot.h"
#include "view/layer_block.h"
#include "view/view_list.h"

/* ---- which nets, in which order ---- */

struct panels {
	size_t count;
	struct scene_lane lane[RUNNER_MAX_LANES]; /* by scenario; now is never NULL */
	bool chosen[RUNNER_MAX_LANES];
};

static size_t number_of(const struct snapshot *snapshot)
{
	const struct scenario *scenario = snapshot->settings.scenario;
	return scenario ? table_index(&scenarios, &scenario->entry) + 1 : 0;
}

static void insert(struct panels *panels, struct scene_lane lane, bool chosen)
{
	size_t at = panels->count++;
	for (; at > 0 && number_of(panels->lane[at - 1].now) > number_of(lane.now); at--) {
		panels->lane[at] = panels->lane[at - 1];
		panels->chosen[at] = panels->chosen[at - 1];
	}
	panels->lane[at] = lane;
	panels->chosen[at] = chosen;
}

static void collect(const struct scene *scene, struct panels *panels)
{
	*panels = (struct panels){0};
	for (size_t i = 0; i < scene->lanes; i++)
		if (scene->lane[i].now && scene->lane[i].now->layers > 0)
			insert(panels, scene->lane[i], i == scene->chosen);
	if (panels->count == 0)
		insert(panels, (struct scene_lane){ scene->now, scene->history }, true);
}

/* ---- layout ---- */

struct grid {
	int columns, width, height; /* of panels, of one panel in cells; columns 0: a list of lines */
};

enum { LEAST_WIDTH = 18, LEAST_HEIGHT = 6, GAP = 1 };

/* Chooses the grid whose panels are closest to squares (a cell is twice as high as
 * wide), with a free place for the legend if there is one. */
static struct grid grid_of(struct rect area, int panels)
{
	struct grid best = {0};
	double best_score = 0;
	for (int columns = 1; columns <= panels; columns++) {
		int rows = (panels + columns - 1) / columns;
		struct grid grid = { columns, (area.width + GAP) / columns, area.height / rows };
		if (grid.width - GAP < LEAST_WIDTH || grid.height < LEAST_HEIGHT)
			continue;
		double score = fmin(grid.width, 2.2 * grid.height);
		if (score > best_score) {
			best_score = score;
			best = grid;
		}
	}
	return best;
}

/* ---- one net ---- */

static double lane_test_accuracy(const struct scene_lane *lane)
{
	return run_test_accuracy(lane->now, lane->history);
}

static size_t layer_of(const struct scene *scene, const struct snapshot *now)
{
	return scene->layer < now->layers ? scene->layer : now->layers - 1;
}

static enum mlp_tensor tensor_of(const struct scene *scene)
{
	return scene->tensor < MLP_TENSORS ? scene->tensor : MLP_Z;
}

/* The top of the losses' sparklines: the loss of guessing is at half the height. */
static double most_loss(const struct snapshot *now)
{
	return 2 * log((double)now->layer[now->layers - 1].fan_out);
}

/* A label, a number, dimmed if it is old, and its sparkline, from 0 to `most`. */
static void course_line(struct canvas *canvas, struct rect row, const char *label, const char *value, bool old,
                        const struct trace *trace, double most)
{
	enum { LABEL = 5, VALUE = 7 };
	canvas_text(canvas, row.x, row.y, LABEL, ROLE_LABEL, label);
	canvas_text(canvas, row.x + LABEL, row.y, VALUE, old ? ROLE_HINT : ROLE_READOUT, value);
	int spark = row.width - LABEL - VALUE;
	plot_sparkline_between(canvas, (struct rect){row.x + LABEL + VALUE, row.y, spark, 1}, trace->value, trace->points, 0,
	                       most, ROLE_CURVE);
}

static void draw_title(const struct snapshot *now, bool chosen, struct canvas *canvas, struct rect row)
{
	struct text title = {0};
	text_addf(&title, "%zu ", number_of(now));
	run_add_whole_start(&now->settings, &title);
	if (canvas_text_cells(canvas, text_string(&title)) > row.width) {
		text_clear(&title);
		text_addf(&title, "%zu ", number_of(now));
		run_add_start(&now->settings, &title);
	}
	canvas_text(canvas, row.x, row.y, row.width, chosen ? ROLE_SELECTED : ROLE_TITLE, text_string(&title));
	text_free(&title);
}

static void draw_subtitle(const struct snapshot *now, struct canvas *canvas, struct rect row)
{
	char moment[40];
	if (now->settings.steps == 0 && now->step == 0)
		snprintf(moment, sizeof moment, "first pass");
	else
		snprintf(moment, sizeof moment, "step %llu", (unsigned long long)now->step);
	int x = canvas_text_right(canvas, row.x + row.width, row.y, row.width, ROLE_LABEL, moment);
	canvas_text(canvas, row.x, row.y, x - row.x - 1, ROLE_READOUT, now->settings.activation.entry->name);
}

static void draw_panel(const struct scene *scene, const struct scene_lane *lane, bool chosen, struct canvas *canvas,
                       struct rect rect)
{
	const struct snapshot *now = lane->now;
	struct scene alone = *scene;
	alone.now = now;
	size_t layer = layer_of(scene, now);
	char headline[48], value[NUMBER_SIZE];
	int y = rect.y, end = rect.y + rect.height, courses = rect.height >= 8 ? 2 : 1;
	draw_title(now, chosen, canvas, (struct rect){rect.x, y++, rect.width, 1});
	if (rect.height >= 7)
		draw_subtitle(now, canvas, (struct rect){rect.x, y++, rect.width, 1});
	/* Tall panels have a blank row below. */
	end -= courses + 1 + (rect.height >= 12);
	struct rect bars = { rect.x, y, plot_columns(rect.width), end - y };
	layer_tensor_draw(&alone, canvas, bars, layer, tensor_of(scene), ruler_of_layer(&alone, layer, tensor_of(scene)));
	enum role role = layer_headline(headline, &alone, layer);
	canvas_text(canvas, rect.x, end++, rect.width, role, headline);
	course_line(canvas, (struct rect){rect.x, end++, rect.width, 1}, "loss", number_known(value, now->loss),
	            false, &now->batch_loss, most_loss(now));
	if (courses > 1)
		course_line(canvas, (struct rect){rect.x, end, rect.width, 1}, "test",
		            number_share(value, lane_test_accuracy(lane)), run_test_step(now, lane->history) < now->step,
		            &now->batch_accuracy, 1);
}

/* The line form: number, initializer, headline, test accuracy. */
static void draw_line(const struct scene *scene, const struct scene_lane *lane, bool chosen, struct canvas *canvas,
                      struct rect row)
{
	enum { NEWS = 16, TEST = 7, TITLE = 14 };
	int news_width = row.width >= TITLE + NEWS + TEST ? NEWS : 0;
	char headline[48], value[NUMBER_SIZE];
	struct scene alone = *scene;
	alone.now = lane->now;
	enum role role = layer_headline(headline, &alone, layer_of(scene, lane->now));
	int x = row.x + row.width - news_width - TEST;
	draw_title(lane->now, chosen, canvas, (struct rect){row.x, row.y, x - row.x - 1, 1});
	canvas_text(canvas, x, row.y, news_width - 1, role, headline);
	if (row.width > TEST)
		canvas_text_right(canvas, row.x + row.width, row.y, TEST, ROLE_READOUT, number_share(value, lane_test_accuracy(lane)));
}

/* ---- the whole ---- */

/* The legend: what the panels show; with a single net, how to start the
 * seven scenarios. */
static void draw_legend(const struct scene *scene, const struct panels *panels, struct canvas *canvas, struct rect rect)
{
	static const char *const invitation[] = {
		"m starts the", "article's seven", "scenarios here,", "in lock-step", "", "c compares with", "one of them",
	};
	static const char *const keys[] = {
		"", "t   tensor", "↑/↓ layer", "o   choose a net", "", "small bars:", "loss: half, guess", "test: full, 100 %",
	};
	char what[64];
	int y = rect.y;
	size_t lines = panels->count > 2 ? sizeof keys / sizeof keys[0] : sizeof invitation / sizeof invitation[0];
	const char *const *text = panels->count > 2 ? keys : invitation;
	if (panels->count > 2) {
		snprintf(what, sizeof what, "%s of layer %zu", snapshot_tensor_names[tensor_of(scene)], scene->layer + 1);
		canvas_text(canvas, rect.x, y++, rect.width, ROLE_TITLE, what);
	}
	for (size_t i = 0; i < lines && y < rect.y + rect.height; i++)
		canvas_text(canvas, rect.x, y++, rect.width, ROLE_HINT, text[i]);
}

void view_multiples_draw(const struct scene *scene, struct canvas *canvas, struct rect area)
{
	struct panels panels;
	if (area.width < 1 || area.height < 1 || scene->now->layers == 0)
		return;
	collect(scene, &panels);
	if (area.width > 2 * LEAST_WIDTH) { /* a margin */
		area.x++;
		area.width--;
	}
	int count = (int)panels.count, places = count + 1;
	struct grid grid = grid_of(area, places);
	if (grid.columns == 0)
		grid = grid_of(area, places = count);
	for (int i = 0; i < count; i++) {
		const struct scene_lane *lane = &panels.lane[i];
		if (grid.columns == 0 && i < area.height)
			draw_line(scene, lane, panels.chosen[i], canvas, (struct rect){area.x + 1, area.y + i, area.width - 2, 1});
		else if (grid.columns > 0)
			draw_panel(scene, lane, panels.chosen[i], canvas,
			           (struct rect){area.x + i % grid.columns * grid.width, area.y + i / grid.columns * grid.height,
			                         grid.width - GAP, grid.height});
	}
	if (grid.columns > 0 && places > count)
		draw_legend(scene, &panels, canvas,
		            (struct rect){area.x + count % grid.columns * grid.width, area.y + count / grid.columns * grid.height,
		                          grid.width - GAP, grid.height});
}

/* ---- the explanation ---- */

void view_multiples_explain(const struct scene *scene, struct text *text)
{
	struct panels panels;
	if (scene->now->layers == 0)
		return;
	collect(scene, &panels);
	text_addf(text, "Each panel shows one net: %s of layer %zu as a histogram, the share of saturated outputs, and loss and test "
	                "accuracy over the steps. All nets started with the same seeds and train on the same batches in the same order.\n"
	                "1 and 2 are first passes, which do not train. All panels have one axis, except that bounded outputs have their own.\n"
	                "The small bars beside loss and test accuracy are the same for all panels: loss from 0 to twice what guessing "
	                "costs, accuracy from 0 to 100 %%. A dimmed number is older than the panel's step.\n"
	                "m starts the article's seven scenarios, t and the arrow keys change what is shown.\n\n",
	          snapshot_tensor_names[tensor_of(scene)], scene->layer + 1);
	const struct scene_lane *best = &panels.lane[0];
	for (size_t i = 1; i < panels.count; i++)
		if (lane_test_accuracy(&panels.lane[i]) > lane_test_accuracy(best))
			best = &panels.lane[i];
	char share[NUMBER_SIZE];
	struct text name = {0};
	run_add_whole_start(&best->now->settings, &name);
	text_addf(text, "The best so far is %s with %s: it classifies %s of the test images correctly after %llu steps.\n", text_string(&name),
	          best->now->settings.activation.entry->name, number_share(share, lane_test_accuracy(best)),
	          (unsigned long long)best->now->step);
	text_free(&name);
}
