/* Names and values of a map's axes, without what all values have in common:
 * "init=variance_scaling(scale=..)" and "0.5" instead of "variance_scaling(scale=0.5)". */
#ifndef INITVIZ_VIEW_MAP_AXIS_H
#define INITVIZ_VIEW_MAP_AXIS_H

#include "lab/sweep_grid.h"

#define MAP_AXIS_SIZE 96

/* "depth", "init=variance_scaling(scale=..)". */
const char *map_axis_name(char out[MAP_AXIS_SIZE], const struct sweep_axis *axis);

/* The part of a value that varies, numbers with four digits. */
const char *map_axis_label(char out[MAP_AXIS_SIZE], const struct sweep_axis *axis, size_t index);

#endif
