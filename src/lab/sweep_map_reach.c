/* To which depth theory expects the nets of a map to train. */
#include <math.h>

#include "base/alloc.h"
#include "lab/sweep_map.h"
#include "nn/initializer.h"
#include "nn/theory_phase.h"

#define LAYER 2 /* the first that has hidden layers on both sides: all others are like it */

/* 6 xi of layers as in these settings; NaN without an answer: too few layers, weights or biases with a
 * mean, or what mean-field theory of plain layers leaves out. */
static double reach_of(const struct settings *settings)
{
	struct initializer_place place;
	struct theory_phase_point point;
	if (settings->layers <= LAYER || settings->normalization != MLP_PLAIN || settings->residual || settings->weights[0])
		return NAN;
	settings_layer_place(settings, LAYER, &place);
	struct spec init = *settings_layer_init(settings, LAYER), bias = *settings_layer_bias_init(settings, LAYER);
	struct spec activation = *settings_layer_activation(settings, LAYER);
	if (initializer_of(&init)->data_driven || !initializer_evaluate(&init, &place, NULL) || !initializer_evaluate(&bias, &place, NULL) ||
	    initializer_mean(&init, place.fan_in, place.fan_out) != 0 || initializer_mean(&bias, place.fan_in, place.fan_out) != 0)
		return NAN;
	struct theory_grid grid = { .activation = &activation };
	theory_phase_point(&point, &grid, (double)place.fan_in * initializer_variance(&init, place.fan_in, place.fan_out),
	                   initializer_variance(&bias, place.fan_in, place.fan_out));
	return THEORY_TRAINABLE * point.depth_scale;
}

bool sweep_map_find_reach(struct sweep_map *map, struct err *err)
{
	const struct sweep_grid *grid = &map->grid;
	const struct setting *depth = settings_named("depth", NULL, NULL);
	bool across = grid->axis[map->across].setting == depth;
	if (!across && grid->axis[map->upwards].setting != depth)
		return true;
	map->depth = across ? map->across : map->upwards;
	size_t other = across ? map->upwards : map->across, index[SWEEP_MAX_AXES] = {0};
	map->reach = alloc_array(grid->axis[other].values, sizeof map->reach[0], err);
	if (map->reach == NULL)
		return false;
	index[map->depth] = grid->axis[map->depth].values - 1;
	for (size_t i = 0; i < grid->axis[other].values; i++) {
		struct settings settings;
		index[other] = i;
		map->reach[i] = sweep_grid_settings(&settings, grid, sweep_grid_net(grid, index), NULL) ? reach_of(&settings) : (double)NAN;
	}
	return true;
}

double sweep_map_reach(const struct sweep_map *map, uint64_t net)
{
	size_t other = map->depth == map->across ? map->upwards : map->across;
	return map->reach ? map->reach[sweep_grid_index(&map->grid, other, net)] : (double)NAN;
}

int sweep_map_trains(const struct sweep_map *map, uint64_t net)
{
	double reach = sweep_map_reach(map, net), depth;
	if (isnan(reach) || !text_real(sweep_axis_value(&map->grid.axis[map->depth], sweep_grid_index(&map->grid, map->depth, net)), &depth))
		return -1;
	return depth <= reach;
}
