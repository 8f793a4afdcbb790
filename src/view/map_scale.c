/* The scale of a map. */
#include "view/map_scale.h"

#include <math.h>
#include <stdio.h>

#include "base/whole.h"

/* Logarithmic scales have no place for zero: it counts as the smallest number above. */
static bool has_place(const struct sweep_value *value, double number)
{
	return isfinite(number) && (!value->logarithmic || number > 0);
}

struct map_scale map_scale_of(const struct map_scene *scene)
{
	const struct sweep_value *value = sweep_value_at(scene->value);
	struct map_scale scale = { .ends = { .low = INFINITY, .high = -INFINITY, .log = value->logarithmic } };
	for (uint64_t net = 0; net < scene->map->grid.nets; net++) {
		double number = scene->map->cell[net].value[scene->value];
		if (!scene->map->cell[net].known || !has_place(value, number))
			continue;
		scale.any = true;
		scale.ends.low = fmin(scale.ends.low, number);
		scale.ends.high = fmax(scale.ends.high, number);
	}
	return scale;
}

/* Equal steps of the number, or of its logarithm. */
int map_scale_step(const struct map_scale *scale, double number)
{
	if (!(scale->ends.low < scale->ends.high) || number >= scale->ends.high)
		return MAP_STEPS - 1;
	double position = number > scale->ends.low ? plot_position(&scale->ends, number) : 0;
	return whole_int(position * MAP_STEPS, 0, MAP_STEPS - 1);
}

double map_scale_begin(const struct map_scale *scale, int step)
{
	double share = (double)step / MAP_STEPS;
	const struct plot_scale *ends = &scale->ends;
	return ends->log ? ends->low * pow(ends->high / ends->low, share) : ends->low + share * (ends->high - ends->low);
}

const char *map_number(char out[NUMBER_SIZE], size_t value, double number)
{
	const struct sweep_value *kind = sweep_value_at(value);
	if (isnan(number))
		snprintf(out, NUMBER_SIZE, "-");
	else if (kind->share)
		number_share(out, number);
	else
		snprintf(out, NUMBER_SIZE, "%.3g", number);
	return out;
}
