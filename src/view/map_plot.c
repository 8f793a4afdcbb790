/* The picture of a map: its nets as cells, the line of theory in them, the cursor, and the axes. */
#include "view/map_plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "draw/glyphs.h"
#include "view/map_axis.h"

#define WIDEST 16          /* cells of the canvas that a net takes */
#define TALLEST 6
#define FULL_HEIGHT 12     /* from which there is room for names of axes and a legend */

const struct sweep_axis *map_plot_axis(const struct map_scene *scene, size_t axis)
{
	return &scene->map->grid.axis[axis];
}

const struct sweep_cell *map_plot_chosen(const struct map_scene *scene)
{
	return &scene->map->cell[sweep_grid_net(&scene->map->grid, scene->index)];
}

bool map_plot_diverged(const struct sweep_cell *cell)
{
	return !isnan(cell->value[SWEEP_DIVERGED_STEP]);
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
	const struct sweep_axis *axis = map_plot_axis(scene, scene->map->upwards);
	for (size_t i = 0; i < axis->values && cells < most; i++) {
		int own = canvas_text_cells(canvas, map_axis_label(label, axis, i));
		cells = own > cells ? own : cells;
	}
	return cells < most ? cells : most;
}

struct map_place map_plot_place(const struct map_scene *scene, const struct canvas *canvas, struct rect area)
{
	size_t across = scene->map->across, upwards = scene->map->upwards;
	size_t columns = map_plot_axis(scene, across)->values, rows = map_plot_axis(scene, upwards)->values;
	struct map_place p = { .left = area.x + 1, .end = area.x + area.width - 1, .full = area.height >= FULL_HEIGHT };
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
void map_plot_step(struct canvas *canvas, int x, int y, int width, int step)
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
	else if (map_plot_diverged(cell))
		canvas_put(canvas, x, y, glyph(GLYPH_TIMES, canvas->ascii), ROLE_WARNING);
	else if (!has_number)
		canvas_put(canvas, x, y, '-', ROLE_AXIS);
}

static void draw_cursor(struct canvas *canvas, struct rect rect, enum role role)
{
	for (int y = rect.y; y < rect.y + rect.height; y++) {
		if (rect.width >= 3) {
			canvas_put(canvas, rect.x, y, '[', role);
			canvas_put(canvas, rect.x + rect.width - 1, y, ']', role);
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
	const struct sweep_axis *x = map_plot_axis(scene, scene->map->across), *y = map_plot_axis(scene, scene->map->upwards);
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
	if (map->reach == NULL || ++index[map->depth] == map_plot_axis(scene, map->depth)->values)
		return;
	int here = sweep_map_trains(map, net), next = sweep_map_trains(map, sweep_grid_net(&map->grid, index));
	bool across = map->depth == map->across;
	if (here == next || here < 0 || next < 0 || rect.width < 2)
		return;
	/* in a net of one row the line leaves half of the shade */
	int cells = across ? rect.height : rect.height < 2 ? rect.width / 2 : rect.width;
	for (int i = 0; i < cells; i++)
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
				map_plot_step(canvas, rect.x, rect.y + y, rect.width, map_scale_step(scale, number));
			draw_reach(scene, canvas, rect, net_at(scene, column, row));
			draw_mark(cell, canvas, rect, has_number);
			if (column == scene->index[scene->map->across] && row == scene->index[scene->map->upwards])
				draw_cursor(canvas, rect, scene->has_keys ? ROLE_SELECTED : ROLE_LABEL);
			probe_net(scene, canvas, rect, column, row);
		}
}

/* ---- the axes ---- */

static void draw_axis_across(const struct map_scene *scene, const struct map_place *p, struct canvas *canvas)
{
	char label[MAP_AXIS_SIZE];
	const struct sweep_axis *axis = map_plot_axis(scene, scene->map->across);
	int y = p->area.y + p->area.height, end = p->area.x - 1, right = p->end;
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

static void draw_axis_upwards(const struct map_scene *scene, const struct map_place *p, struct canvas *canvas)
{
	char label[MAP_AXIS_SIZE];
	const struct sweep_axis *axis = map_plot_axis(scene, scene->map->upwards);
	for (size_t k = 0; k < p->rows; k++) {
		size_t row = p->first_row + k;
		int y = p->area.y + (int)(p->rows - 1 - k) * p->height + p->height / 2;
		canvas_text_right(canvas, p->area.x - 1, y, p->area.x - 1 - p->left, row == scene->index[scene->map->upwards] ? ROLE_SELECTED : ROLE_AXIS,
		                  map_axis_label(label, axis, row));
	}
}

void map_plot_draw(const struct map_scene *scene, const struct map_place *p, const struct map_scale *scale, struct canvas *canvas)
{
	draw_nets(scene, p, scale, canvas);
	draw_axis_across(scene, p, canvas);
	draw_axis_upwards(scene, p, canvas);
}
