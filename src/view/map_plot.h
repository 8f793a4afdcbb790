/* The picture of a map: its nets as cells over two settings, their number as shade and colour. */
#ifndef INITVIZ_VIEW_MAP_PLOT_H
#define INITVIZ_VIEW_MAP_PLOT_H

#include "draw/canvas.h"
#include "view/map_scale.h"
#include "view/map_scene.h"

/* Where the nets are drawn. */
struct map_place {
	struct rect area;      /* of the cells that are visible */
	int left, end;         /* the columns of the canvas at which labels begin, and before which they end */
	int width, height;     /* of one net */
	size_t first_column, first_row, columns, rows; /* visible ones */
	bool full;             /* with names of axes and a legend */
};

/* The place of a map with its words in an area; the chosen net is visible. */
struct map_place map_plot_place(const struct map_scene *scene, const struct canvas *canvas, struct rect area);

/* The nets, the line of theory, the cursor and the labels of the axes. */
void map_plot_draw(const struct map_scene *scene, const struct map_place *p, const struct map_scale *scale, struct canvas *canvas);

/* `width` cells of a step of the scale, from 0 to MAP_STEPS - 1. */
void map_plot_step(struct canvas *canvas, int x, int y, int width, int step);

/* axis: index into the grid's axes. */
const struct sweep_axis *map_plot_axis(const struct map_scene *scene, size_t axis);

/* The net of the cursor. */
const struct sweep_cell *map_plot_chosen(const struct map_scene *scene);

bool map_plot_diverged(const struct sweep_cell *cell);

#endif
