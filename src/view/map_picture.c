/* A map with its words: what it shows, the legend, and the numbers of the chosen net. */
#include "view/map_picture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "draw/glyphs.h"
#include "draw/readout_line.h"
#include "view/map_axis.h"
#include "view/map_plot.h"

#define LEGEND_CELLS 10    /* of a step of the legend with its number, at least */
#define LEGEND_MOST 13

static uint64_t steps_of_chosen(const struct map_scene *scene)
{
	struct settings settings;
	const struct sweep_grid *grid = &scene->map->grid;
	return sweep_grid_settings(&settings, grid, sweep_grid_net(grid, scene->index), NULL) ? settings.steps : 0;
}

static void draw_title(const struct map_scene *scene, struct canvas *canvas, struct rect area)
{
	char state[64];
	const struct sweep_map *map = scene->map;
	if (map->known < map->grid.nets)
		snprintf(state, sizeof state, "%llu of %llu nets", (unsigned long long)map->known, (unsigned long long)map->grid.nets);
	else
		snprintf(state, sizeof state, "%llu nets", (unsigned long long)map->grid.nets);
	int end = canvas_text_right(canvas, area.x + area.width - 1, area.y, area.width / 2,
	                            scene->problem[0] ? ROLE_ALARM : ROLE_LABEL, state);
	const struct entry *value = &sweep_value_at(scene->value)->entry;
	int x = canvas_text(canvas, area.x + 1, area.y, end - area.x - 2, ROLE_TITLE, value->name);
	char meaning[160];
	snprintf(meaning, sizeof meaning, ": %s", value->summary);
	readout_fit(canvas, (struct rect){ x, area.y, end - x - 1, 1 }, ROLE_LABEL, (const char *const[]){ meaning }, 1);
}

/* Values of the axes that the picture does not show; all: those that have a single value too. */
static void add_rest(struct text *text, const struct map_scene *scene, bool all)
{
	char label[MAP_AXIS_SIZE];
	for (size_t i = 0; i < scene->map->grid.axes; i++)
		if ((all || map_plot_axis(scene, i)->values > 1) && i != scene->map->across && i != scene->map->upwards && strcmp(map_plot_axis(scene, i)->name, "steps") != 0)
			text_addf(text, ", %s %s", map_plot_axis(scene, i)->name, map_axis_label(label, map_plot_axis(scene, i), scene->index[i]));
}

/* With fewer digits where there is no room for all. */
static const char *legend_number(char out[NUMBER_SIZE], size_t value, double number, size_t room)
{
	return strlen(map_number(out, value, number)) > room ? number_brief(out, number) : out;
}

static void draw_legend(const struct map_scene *scene, const struct map_scale *scale, struct canvas *canvas, struct rect row)
{
	char number[NUMBER_SIZE];
	int x = row.x + 1;
	int each = (row.width - 2) / (MAP_STEPS + 1);
	each = each < LEGEND_CELLS ? LEGEND_CELLS : each > LEGEND_MOST ? LEGEND_MOST : each;
	bool all = row.width > MAP_STEPS * each + 2;
	if (!scale->any) {
		canvas_text(canvas, x, row.y, row.width - 2, ROLE_LABEL, "no number to show yet");
		return;
	}
	bool same = !(scale->ends.low < scale->ends.high);
	if (!all && !same)
		x = canvas_text(canvas, x, row.y, 9, ROLE_AXIS, map_number(number, scene->value, scale->ends.low)) + 1;
	for (int step = same ? MAP_STEPS - 1 : 0; step < MAP_STEPS; step++) {
		map_plot_step(canvas, x, row.y, 2, step);
		x += 2;
		if (all || same) {
			size_t room = (size_t)each - 4; /* beside two of the shade, and a blank on both sides */
			canvas_text(canvas, x + (x > 0), row.y, (int)room, ROLE_AXIS,
			            legend_number(number, scene->value, map_scale_begin(scale, step), room));
			x += each - 2;
		}
	}
	if (!all && !same)
		canvas_text(canvas, x + 1, row.y, 9, ROLE_AXIS, map_number(number, scene->value, scale->ends.high));
	else if (!same && row.width >= (MAP_STEPS + 1) * each + 2)
		canvas_textf(canvas, x, row.y, each, ROLE_AXIS, "to %s",
		             legend_number(number, scene->value, scale->ends.high, (size_t)each - 3));
}

/* What is drawn in cells besides the shade, with fewer words where there is less room. */
static void draw_marks(const struct map_scene *scene, struct canvas *canvas, int x, int end, int y)
{
	static const char *const line[] = { " theory's 6ξ  ", " 6ξ  ", " 6ξ  ", " 6ξ  " };
	static const char *const blank[] = { "   blank: not computed yet", "   blank: not computed yet", "   blank: not yet", "" };
	const struct sweep_map *map = scene->map;
	struct text words = {0};
	for (size_t i = 0; i < 4; i++) {
		text_clear(&words);
		if (map->reach) {
			text_add_glyph(&words, glyph(map->depth == map->across ? GLYPH_LINE_V : GLYPH_LINE_H, canvas->ascii));
			text_add(&words, line[i]);
		}
		text_add_glyph(&words, glyph(GLYPH_TIMES, canvas->ascii));
		text_addf(&words, " diverged%s", map->known < map->grid.nets ? blank[i] : "");
		if (canvas_text_cells(canvas, text_string(&words)) <= end - x)
			break;
	}
	canvas_text_right(canvas, end, y, end - x, ROLE_AXIS, text_string(&words));
	text_free(&words);
}

/* At the right end of the row above the numbers, where there is room. */
static int draw_chosen_reach(const struct map_scene *scene, struct canvas *canvas, int x, int end, int y)
{
	char words[48], number[NUMBER_SIZE];
	double reach = sweep_map_reach(scene->map, sweep_grid_net(&scene->map->grid, scene->index));
	if (isnan(reach))
		return end;
	snprintf(words, sizeof words, isfinite(reach) ? "6ξ %s layers" : "6ξ any depth", number_brief(number, reach));
	if (x + canvas_text_cells(canvas, words) + 1 > end)
		return end;
	return canvas_text_right(canvas, end, y, end - x, ROLE_THEORY, words) - 1;
}

/* "depth 30, init 2.5, 100 steps: ", with less of it where the verdict would have no room; returns the x after it. */
static int draw_chosen_settings(const struct map_scene *scene, struct canvas *canvas, struct rect row)
{
	char label[MAP_AXIS_SIZE];
	const size_t pictured[] = { scene->map->across, scene->map->upwards };
	const uint64_t steps = steps_of_chosen(scene);
	struct text words = {0};
	for (int parts = 2; parts >= 0; parts--) {
		text_free(&words);
		words = (struct text){0};
		for (size_t i = 0; i < 2; i++) {
			const struct sweep_axis *axis = map_plot_axis(scene, pictured[i]);
			text_addf(&words, "%s%s %s", i ? ", " : "", axis->name, map_axis_label(label, axis, scene->index[pictured[i]]));
		}
		add_rest(&words, scene, parts == 2);
		if (parts >= 1)
			text_addf(&words, ", %llu step%s", (unsigned long long)steps, steps == 1 ? "" : "s");
		text_add(&words, ": ");
		if (canvas_text_cells(canvas, text_string(&words)) + SWEEP_VERDICT_SIZE <= row.width)
			break;
	}
	int x = canvas_text(canvas, row.x, row.y, row.width, scene->has_keys ? ROLE_SELECTED : ROLE_LABEL, text_string(&words));
	text_free(&words);
	return x;
}

/* The numbers of the chosen net, as many as there is room for, in a row of their own if there is one. */
static void draw_numbers(const struct map_scene *scene, struct canvas *canvas, struct rect area, int y)
{
	static const struct {
		const char *name, *label;
	} shown[] = {
		{ "loss", "loss" }, { "test_accuracy", "test" }, { "saturated1", "saturated" }, { "gradient_factor", "gradient" },
		{ "signal_factor", "signal" }, { "train_accuracy", "train" },
	};
	char number[NUMBER_SIZE];
	const struct sweep_cell *cell = map_plot_chosen(scene);
	int end = area.x + area.width - 1;
	int x = draw_chosen_settings(scene, canvas, (struct rect){ area.x + 1, y, area.width - 2, 1 });
	end = draw_chosen_reach(scene, canvas, x + 1 + SWEEP_VERDICT_SIZE, end, y);
	if (!cell->known) {
		canvas_text(canvas, x + 1, y, end - x - 1, ROLE_LABEL, scene->problem[0] ? "not computed" : "not computed yet");
		return;
	}
	bool bad = map_plot_diverged(cell) || strcmp(cell->verdict, SWEEP_FAILED) == 0;
	x = canvas_text(canvas, x + 1, y, end - x - 1, bad ? ROLE_ALARM : ROLE_READOUT, cell->verdict);
	if (map_plot_diverged(cell))
		x = canvas_textf(canvas, x, y, end - x, ROLE_LABEL, " at step %.0f", cell->value[SWEEP_DIVERGED_STEP]);
	bool below = y + 1 < area.y + area.height;
	x = below ? area.x + 1 : x + 2;
	end = below ? area.x + area.width - 1 : end;
	for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
		size_t value = table_index(&sweep_values, table_find(&sweep_values, shown[i].name, NULL));
		map_number(number, value, cell->value[value]);
		if (x + canvas_text_cells(canvas, shown[i].label) + 1 + canvas_text_cells(canvas, number) > end)
			return;
		x = canvas_text(canvas, x, y + below, end - x, ROLE_LABEL, shown[i].label);
		x = canvas_text(canvas, x + 1, y + below, end - x - 1, ROLE_READOUT, number) + 2;
	}
}

/* ---- the whole ---- */

void map_picture_draw(const struct map_scene *map, struct canvas *canvas, struct rect area)
{
	char name[MAP_AXIS_SIZE];
	struct map_place p = map_plot_place(map, canvas, area);
	struct map_scale scale = map_scale_of(map);
	int y = p.area.y + p.area.height, bottom = area.y + area.height;
	draw_title(map, canvas, area);
	map_plot_draw(map, &p, &scale, canvas);
	if (p.full) {
		canvas_textf(canvas, area.x + 1, area.y + 1, area.width - 2, ROLE_AXIS, "%s, from below", map_axis_name(name, map_plot_axis(map, map->map->upwards)));
		int x = canvas_text(canvas, p.area.x, y + 1, area.width / 2, ROLE_AXIS, map_axis_name(name, map_plot_axis(map, map->map->across)));
		draw_marks(map, canvas, x + 2, area.x + area.width - 1, y + 1);
		draw_legend(map, &scale, canvas, (struct rect){ area.x, bottom - 3, area.width, 1 });
	}
	draw_numbers(map, canvas, area, p.full ? bottom - 2 : bottom - 1);
}
