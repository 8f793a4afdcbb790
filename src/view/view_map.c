/* The Map view: the nets of a sweep as cells over two settings, their number as
 * shade and colour. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "draw/glyphs.h"
#include "draw/readout_line.h"
#include "view/map_axis.h"
#include "view/map_scale.h"
#include "view/view_list.h"

#define WIDEST 8           /* cells of the canvas that a net takes */
#define TALLEST 3
#define FULL_HEIGHT 12     /* from which there is room for names of axes and a legend */
#define LEGEND_CELLS 10    /* of a step of the legend with its number */

/* Where the nets are drawn. */
struct map_place {
	struct rect area;      /* of the cells that are visible */
	int width, height;     /* of one net */
	size_t first_column, first_row, columns, rows; /* visible ones */
	bool full;             /* with names and legend */
};

static const struct sweep_axis *axis_of(const struct map_scene *scene, size_t axis)
{
	return &scene->map->grid.axis[axis];
}

static uint64_t net_at(const struct map_scene *scene, size_t column, size_t row)
{
	size_t index[SWEEP_MAX_AXES];
	for (size_t i = 0; i < SWEEP_MAX_AXES; i++)
		index[i] = scene->index[i];
	index[scene->map->across] = column;
	index[scene->map->upwards] = row;
	return sweep_grid_net(&scene->map->grid, index);
}

static const struct sweep_cell *chosen_cell(const struct map_scene *scene)
{
	return &scene->map->cell[sweep_grid_net(&scene->map->grid, scene->index)];
}

static bool has_diverged(const struct sweep_cell *cell)
{
	return !isnan(cell->value[SWEEP_DIVERGED_STEP]);
}

/* ---- where ---- */

static int fit(int room, size_t count, int most)
{
	int each = count > 0 && count < (size_t)room ? room / (int)count : 1;
	return each < most ? each : most;
}

/* The first of `count` that is visible, so that the cursor is. */
static size_t first_of(size_t count, size_t visible, size_t cursor)
{
	size_t first = cursor > visible / 2 ? cursor - visible / 2 : 0;
	return first + visible > count ? count - visible : first;
}

static int label_cells(const struct map_scene *scene, const struct canvas *canvas, int most)
{
	char label[MAP_AXIS_SIZE];
	int cells = 0;
	const struct sweep_axis *axis = axis_of(scene, scene->map->upwards);
	for (size_t i = 0; i < axis->values && cells < most; i++) {
		int own = canvas_text_cells(canvas, map_axis_label(label, axis, i));
		cells = own > cells ? own : cells;
	}
	return cells < most ? cells : most;
}

static struct map_place place(const struct map_scene *scene, const struct canvas *canvas, struct rect area)
{
	size_t across = scene->map->across, upwards = scene->map->upwards;
	size_t columns = axis_of(scene, across)->values, rows = axis_of(scene, upwards)->values;
	struct map_place p = { .full = area.height >= FULL_HEIGHT };
	int left = 2 + label_cells(scene, canvas, area.width / 4), above = 1 + p.full, below = p.full ? 5 : 2;
	int room_x = area.width - left - 2, room_y = area.height - above - below;
	room_x = room_x < 1 ? 1 : room_x;
	room_y = room_y < 1 ? 1 : room_y;
	p.width = fit(room_x, columns, WIDEST);
	p.height = fit(room_y, rows, TALLEST);
	p.columns = columns < (size_t)(room_x / p.width) ? columns : (size_t)(room_x / p.width);
	p.rows = rows < (size_t)(room_y / p.height) ? rows : (size_t)(room_y / p.height);
	p.first_column = first_of(columns, p.columns, scene->index[across]);
	p.first_row = first_of(rows, p.rows, scene->index[upwards]);
	p.area = (struct rect){ area.x + left, area.y + above, (int)p.columns * p.width, (int)p.rows * p.height };
	return p;
}

/* ---- the nets ---- */

/* Two glyphs side by side, so that there is a step between two shades. */
static void draw_step(struct canvas *canvas, int x, int y, int width, int step)
{
	const int shade[] = { (step + 1) / 2, step / 2 };
	for (int i = 0; i < width; i++)
		canvas_put(canvas, x + i, y, glyph((enum glyph)(GLYPH_SHADE_1 + shade[i % 2]), canvas->ascii), (enum role)(ROLE_MAP_0 + step));
}

static void draw_mark(const struct sweep_cell *cell, struct canvas *canvas, struct rect rect, bool has_number)
{
	int x = rect.x + rect.width / 2, y = rect.y + rect.height / 2;
	if (!cell->known)
		return;
	if (cell->verdict[0] && strcmp(cell->verdict, SWEEP_FAILED) == 0)
		canvas_put(canvas, x, y, glyph(GLYPH_ALERT, canvas->ascii), ROLE_ALARM);
	else if (has_diverged(cell))
		canvas_put(canvas, x, y, glyph(GLYPH_TIMES, canvas->ascii), ROLE_WARNING);
	else if (!has_number)
		canvas_put(canvas, x, y, '-', ROLE_AXIS);
}

static void draw_cursor(struct canvas *canvas, struct rect rect)
{
	for (int y = rect.y; y < rect.y + rect.height; y++) {
		if (rect.width >= 3) {
			canvas_put(canvas, rect.x, y, '[', ROLE_SELECTED);
			canvas_put(canvas, rect.x + rect.width - 1, y, ']', ROLE_SELECTED);
		} else {
			canvas_flag(canvas, rect.x, y, rect.width, CELL_REVERSE);
		}
	}
}

static void probe_net(const struct map_scene *scene, struct canvas *canvas, struct rect rect, size_t column, size_t row)
{
	struct canvas_probe *probe = canvas_probe_in(canvas, rect);
	char across[MAP_AXIS_SIZE], upwards[MAP_AXIS_SIZE], number[NUMBER_SIZE];
	if (probe == NULL)
		return;
	const struct sweep_axis *x = axis_of(scene, scene->map->across), *y = axis_of(scene, scene->map->upwards);
	const struct sweep_cell *cell = &scene->map->cell[net_at(scene, column, row)];
	snprintf(probe->words, sizeof probe->words, "%s %.20s, %.20s %.20s: %s %s", x->name, map_axis_label(across, x, column), y->name,
	         map_axis_label(upwards, y, row), sweep_value_at(scene->value)->entry.name,
	         cell->known ? map_number(number, scene->value, cell->value[scene->value]) : "not computed yet");
	snprintf(probe->command, sizeof probe->command, "map cell %zu %zu", column + 1, row + 1);
}

/* Where the depth passes 6 xi: at the end of the last cell that trains by theory. */
static void draw_reach(const struct map_scene *scene, struct canvas *canvas, struct rect rect, uint64_t net)
{
	size_t index[SWEEP_MAX_AXES];
	const struct sweep_map *map = scene->map;
	for (size_t i = 0; i < map->grid.axes; i++)
		index[i] = sweep_grid_index(&map->grid, i, net);
	if (map->reach == NULL || ++index[map->depth] == axis_of(scene, map->depth)->values)
		return;
	int here = sweep_map_trains(map, net), next = sweep_map_trains(map, sweep_grid_net(&map->grid, index));
	bool across = map->depth == map->across;
	if (here == next || here < 0 || next < 0 || (across ? rect.width : rect.height) < 2)
		return;
	for (int i = 0; i < (across ? rect.height : rect.width); i++)
		canvas_put(canvas, across ? rect.x + rect.width - 1 : rect.x + i, across ? rect.y + i : rect.y,
		           glyph(across ? GLYPH_LINE_V : GLYPH_LINE_H, canvas->ascii), ROLE_THEORY);
}

static void draw_nets(const struct map_scene *scene, const struct map_place *p, const struct map_scale *scale, struct canvas *canvas)
{
	for (size_t i = 0; i < p->columns; i++)
		for (size_t k = 0; k < p->rows; k++) {
			size_t column = p->first_column + i, row = p->first_row + k;
			struct rect rect = { p->area.x + (int)i * p->width, p->area.y + (int)(p->rows - 1 - k) * p->height, p->width, p->height };
			const struct sweep_cell *cell = &scene->map->cell[net_at(scene, column, row)];
			double number = cell->value[scene->value];
			bool has_number = cell->known && isfinite(number);
			for (int y = 0; y < rect.height && has_number; y++)
				draw_step(canvas, rect.x, rect.y + y, rect.width, map_scale_step(scale, number));
			draw_reach(scene, canvas, rect, net_at(scene, column, row));
			draw_mark(cell, canvas, rect, has_number);
			if (column == scene->index[scene->map->across] && row == scene->index[scene->map->upwards])
				draw_cursor(canvas, rect);
			probe_net(scene, canvas, rect, column, row);
		}
}

/* ---- the axes ---- */

static void draw_axis_across(const struct map_scene *scene, const struct map_place *p, struct canvas *canvas)
{
	char label[MAP_AXIS_SIZE];
	const struct sweep_axis *axis = axis_of(scene, scene->map->across);
	int y = p->area.y + p->area.height, end = p->area.x - 1, right = canvas->width - 1;
	for (size_t i = 0; i < p->columns; i++) {
		size_t column = p->first_column + i;
		map_axis_label(label, axis, column);
		int cells = canvas_text_cells(canvas, label), x = p->area.x + (int)i * p->width + (p->width - cells) / 2;
		x = x < p->area.x ? p->area.x : x;
		if (x <= end || x + cells > right)
			continue;
		end = canvas_text(canvas, x, y, cells, column == scene->index[scene->map->across] ? ROLE_SELECTED : ROLE_AXIS, label);
	}
}

static void draw_axis_upwards(const struct map_scene *scene, const struct map_place *p, struct canvas *canvas, int x)
{
	char label[MAP_AXIS_SIZE];
	const struct sweep_axis *axis = axis_of(scene, scene->map->upwards);
	for (size_t k = 0; k < p->rows; k++) {
		size_t row = p->first_row + k;
		int y = p->area.y + (int)(p->rows - 1 - k) * p->height + p->height / 2;
		canvas_text_right(canvas, p->area.x - 1, y, p->area.x - 1 - x, row == scene->index[scene->map->upwards] ? ROLE_SELECTED : ROLE_AXIS,
		                  map_axis_label(label, axis, row));
	}
}

/* ---- words ---- */

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

/* Values of the axes that the picture does not show. */
static void add_rest(struct text *text, const struct map_scene *scene)
{
	char label[MAP_AXIS_SIZE];
	for (size_t i = 0; i < scene->map->grid.axes; i++)
		if (i != scene->map->across && i != scene->map->upwards && strcmp(axis_of(scene, i)->name, "steps") != 0)
			text_addf(text, ", %s %s", axis_of(scene, i)->name, map_axis_label(label, axis_of(scene, i), scene->index[i]));
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
	bool all = row.width > MAP_STEPS * LEGEND_CELLS + 2;
	if (!scale->any) {
		canvas_text(canvas, x, row.y, row.width - 2, ROLE_LABEL, "no number to show yet");
		return;
	}
	bool same = !(scale->ends.low < scale->ends.high);
	if (!all && !same)
		x = canvas_text(canvas, x, row.y, 9, ROLE_AXIS, map_number(number, scene->value, scale->ends.low)) + 1;
	for (int step = same ? MAP_STEPS - 1 : 0; step < MAP_STEPS; step++) {
		draw_step(canvas, x, row.y, 2, step);
		x += 2;
		if (all || same) {
			canvas_text(canvas, x + (x > 0), row.y, LEGEND_CELLS - 3, ROLE_AXIS, legend_number(number, scene->value, map_scale_begin(scale, step), LEGEND_CELLS - 3));
			x += LEGEND_CELLS - 2;
		}
	}
	if (!all && !same)
		canvas_text(canvas, x + 1, row.y, 9, ROLE_AXIS, map_number(number, scene->value, scale->ends.high));
	else if (!same && row.width > (MAP_STEPS + 1) * LEGEND_CELLS + 2)
		canvas_textf(canvas, x, row.y, LEGEND_CELLS, ROLE_AXIS, "to %s", map_number(number, scene->value, scale->ends.high));
}

static void draw_marks(const struct map_scene *scene, struct canvas *canvas, int x, int end, int y)
{
	char shape[8] = "";
	struct text times = {0};
	text_add_glyph(&times, glyph(GLYPH_TIMES, canvas->ascii));
	snprintf(shape, sizeof shape, "%s", text_string(&times));
	text_free(&times);
	const char *blank = scene->map->known < scene->map->grid.nets ? "   blank: not computed yet" : "";
	char words[80];
	snprintf(words, sizeof words, "%s diverged%s", shape, blank);
	canvas_text_right(canvas, end, y, end - x, ROLE_AXIS, words);
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

/* The numbers of the chosen net, as many as there is room for, in a row of their own if there is one. */
static void draw_numbers(const struct map_scene *scene, struct canvas *canvas, struct rect area, int y)
{
	static const struct {
		const char *name, *label;
	} shown[] = {
		{ "loss", "loss" }, { "test_accuracy", "test" }, { "saturated1", "saturated" }, { "gradient_factor", "gradient" },
		{ "signal_factor", "signal" }, { "train_accuracy", "train" },
	};
	char label[MAP_AXIS_SIZE], other[MAP_AXIS_SIZE], number[NUMBER_SIZE];
	const struct sweep_axis *across = axis_of(scene, scene->map->across), *upwards = axis_of(scene, scene->map->upwards);
	const struct sweep_cell *cell = chosen_cell(scene);
	int end = area.x + area.width - 1;
	struct text head = {0};
	text_addf(&head, "%s %s, %s %s", across->name, map_axis_label(label, across, scene->index[scene->map->across]), upwards->name,
	          map_axis_label(other, upwards, scene->index[scene->map->upwards]));
	add_rest(&head, scene);
	text_addf(&head, ", %llu steps: ", (unsigned long long)steps_of_chosen(scene));
	int x = canvas_text(canvas, area.x + 1, y, area.width - 2, ROLE_SELECTED, text_string(&head));
	text_free(&head);
	end = draw_chosen_reach(scene, canvas, x + 1 + SWEEP_VERDICT_SIZE, end, y);
	if (!cell->known) {
		canvas_text(canvas, x + 1, y, end - x - 1, ROLE_LABEL, scene->problem[0] ? "not computed" : "not computed yet");
		return;
	}
	bool bad = has_diverged(cell) || strcmp(cell->verdict, SWEEP_FAILED) == 0;
	x = canvas_text(canvas, x + 1, y, end - x - 1, bad ? ROLE_ALARM : ROLE_READOUT, cell->verdict);
	if (has_diverged(cell))
		x = canvas_textf(canvas, x, y, end - x, ROLE_LABEL, " at step %.0f", cell->value[SWEEP_DIVERGED_STEP]);
	bool below = y + 1 < area.y + area.height;
	x = below ? area.x + 1 : x + 2;
	end = area.x + area.width - 1;
	for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
		size_t value = table_index(&sweep_values, table_find(&sweep_values, shown[i].name, NULL));
		map_number(number, value, cell->value[value]);
		if (x + canvas_text_cells(canvas, shown[i].label) + 1 + canvas_text_cells(canvas, number) > end)
			return;
		x = canvas_text(canvas, x, y + below, end - x, ROLE_LABEL, shown[i].label);
		x = canvas_text(canvas, x + 1, y + below, end - x - 1, ROLE_READOUT, number) + 2;
	}
}

/* ---- the view ---- */

void view_map_draw(const struct scene *scene, struct canvas *canvas, struct rect area)
{
	const struct map_scene *map = &scene->map;
	char name[MAP_AXIS_SIZE];
	if (map->map == NULL) {
		canvas_text(canvas, area.x + 2, area.y + area.height / 3, area.width - 4, ROLE_TITLE, "No map yet.");
		canvas_text(canvas, area.x + 2, area.y + area.height / 3 + 1, area.width - 4, ROLE_LABEL,
		            "M trains nets of 2 to 50 layers, their weights scaled from small to large.");
		return;
	}
	struct map_place p = place(map, canvas, area);
	struct map_scale scale = map_scale_of(map);
	int y = p.area.y + p.area.height, bottom = area.y + area.height;
	draw_title(map, canvas, area);
	draw_nets(map, &p, &scale, canvas);
	draw_axis_across(map, &p, canvas);
	draw_axis_upwards(map, &p, canvas, area.x + 1);
	if (p.full) {
		canvas_textf(canvas, area.x + 1, area.y + 1, area.width - 2, ROLE_AXIS, "%s, from below", map_axis_name(name, axis_of(map, map->map->upwards)));
		int x = canvas_text(canvas, p.area.x, y + 1, area.width / 2, ROLE_AXIS, map_axis_name(name, axis_of(map, map->map->across)));
		draw_marks(map, canvas, x + 2, area.x + area.width - 1, y + 1);
		draw_legend(map, &scale, canvas, (struct rect){ area.x, bottom - 3, area.width, 1 });
	}
	draw_numbers(map, canvas, area, p.full ? bottom - 2 : bottom - 1);
}

void view_map_explain(const struct scene *scene, struct text *text)
{
	const struct map_scene *map = &scene->map;
	text_add(text, "Each cell is a net of its own, trained for a few steps; its shade and colour show one number of it, from light (low) "
	         "to dense (high): the legend has the numbers.  A cross is a net that diverged, a blank cell one that is not computed "
	         "yet.  The arrows choose a cell, whose numbers are below; Enter starts that net, u undoes it.  N shows the next number: "
	         "loss, accuracy, saturation, the factors of gradient and signal.  ");
	if (map->map == NULL) {
		text_add(text, "M begins a map of depth and scale of the weights; `map` with two settings, as in "
		         "map lr=0.001..1*8 width=10..500*6, one of others.");
		return;
	}
	char across[MAP_AXIS_SIZE], upwards[MAP_AXIS_SIZE];
	text_addf(text, "Here %s goes across and %s upwards: %llu nets, of which %llu are computed.  ",
	          map_axis_name(across, axis_of(map, map->map->across)), map_axis_name(upwards, axis_of(map, map->map->upwards)),
	          (unsigned long long)map->map->grid.nets, (unsigned long long)map->map->known);
	if (map->map->reach)
		text_add(text, "The line in the cells is theory's: nets of this depth and less train, deeper ones do not, by 6 ξ, six times the number of layers "
		         "over which what makes images different decays by e (Schoenholz et al. 2017, figure 5).  ");
	if (map->map->grid.axes > 2)
		text_add(text, "PgUp and PgDn walk through the other settings.  ");
	text_add(text, "Nets are trained only while this view is open, at low priority, first every 16th, then those between; `map "
	         "again` begins anew around the present settings.  Deep nets train where the variance of the weights times their inputs "
	         "keeps the signal alive: about 1 for tanh, 2 for relu.");
}
