/* One tensor of one layer over the steps of a run: the observation of each
 * column, the common axis, and the density map. */
#ifndef INITVIZ_VIEW_TIME_MAP_H
#define INITVIZ_VIEW_TIME_MAP_H

#include <stddef.h>

#include "draw/canvas.h"
#include "draw/glyphs.h"
#include "view/view.h"

#define TIME_MAP_COLUMNS 512
#define TIME_MAP_ROWS 256

struct time_map {
	size_t layer;
	enum mlp_tensor tensor;
	int width, height;                /* columns and rows, at least 1 */
	uint64_t end;                     /* step of the last column; the first is 0 */
	double low, high;                 /* the widest axis of all observations */
	size_t observations;
	const struct tensor_observation *shown[TIME_MAP_COLUMNS]; /* the last observation up to this column; NULL: none yet */
};

/* Collects the observations of the history and the one shown. */
void time_map_gather(struct time_map *map, const struct scene *scene, size_t layer, int width, int height);

int time_map_column(const struct time_map *map, uint64_t step);

/* Row of a value from the bottom; -1 or height when outside. */
int time_map_row(const struct time_map *map, double value);

/* Sets count[map->height], the number of values in each row, from the
 * bottom; a bin that covers two rows is divided between them.  Atoms are
 * included only if requested. */
void time_map_count(double *count, const struct time_map *map, const struct tensor_observation *tensor, bool atoms);

/* The value that a share 0..1 of the finite values does not exceed, read from the
 * histogram: exact to a bin.  NaN without values. */
double time_map_quantile(const struct tensor_observation *tensor, double share);

/* Draws the density in five shades, each for time_map_shade() times as many
 * values as the one before; over it the percentiles, mean and mean +- sd. */
void time_map_draw(const struct time_map *map, struct canvas *canvas, int x, int y);
double time_map_shade(uint64_t values);

/* The lines over the density, for the legend. */
#define TIME_MARKS 5
extern const struct time_mark {
	const char *name;
	enum glyph shape;
	enum role role;
} time_marks[TIME_MARKS];

#endif
