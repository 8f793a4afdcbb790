/* The scale of a map: which step of shade and colour a number has. */
#ifndef INITVIZ_VIEW_MAP_SCALE_H
#define INITVIZ_VIEW_MAP_SCALE_H

#include "base/number.h"
#include "draw/plot.h"
#include "view/map_scene.h"

struct map_scale {
	bool any;               /* there is a finite number */
	struct plot_scale ends; /* the smallest and the largest of the map */
};

struct map_scale map_scale_of(const struct map_scene *scene);

/* From 0, the lowest, to MAP_STEPS - 1; of a finite number of the map. */
int map_scale_step(const struct map_scale *scale, double number);

/* Where a step begins. */
double map_scale_begin(const struct map_scale *scale, int step);

/* A number of a net as the screen shows it: "34 %", "0.023"; "-" if there is none. */
const char *map_number(char out[NUMBER_SIZE], size_t value, double number);

#endif
