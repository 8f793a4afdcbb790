/* The map of a sweep: which nets it has, and the order in which they are trained. */
#include "lab/sweep_map.h"

#include <string.h>

#include "base/alloc.h"

/* Chooses the axes of the picture. */
static bool choose_axes(struct sweep_map *map, struct err *err)
{
	size_t found = 0, *const axis[] = { &map->across, &map->upwards };
	for (size_t i = 0; i < map->grid.axes && found < 2; i++)
		if (map->grid.axis[i].values > 1)
			*axis[found++] = i;
	return found == 2 || err_set(err, ERR_USAGE, "map: give two settings with several values each, as in "
	                             "depth=1,3,10 init=variance_scaling(scale=0.5..4*4)");
}

static bool fill(struct sweep_map *map, const char *words, const struct settings *base, struct err *err)
{
	if (!sweep_grid_parse(&map->grid, words, base, err) || !choose_axes(map, err))
		return false;
	if (map->grid.nets > SWEEP_MAP_NETS)
		return err_set(err, ERR_USAGE, "map: %llu nets are too many: give fewer values, for at most %d nets",
		               (unsigned long long)map->grid.nets, SWEEP_MAP_NETS);
	map->cell = alloc_array((size_t)map->grid.nets, sizeof map->cell[0], err);
	return map->cell && sweep_map_find_reach(map, err);
}

struct sweep_map *sweep_map_create(const char *words, const struct settings *base, struct err *err)
{
	struct settings own = *base;
	own.steps = SWEEP_MAP_STEPS;
	return sweep_map_of(words, &own, err);
}

struct sweep_map *sweep_map_of(const char *words, const struct settings *base, struct err *err)
{
	struct sweep_map *map = alloc_array(1, sizeof *map, err);
	if (map == NULL || fill(map, words, base, err))
		return map;
	sweep_map_free(map);
	return NULL;
}

void sweep_map_free(struct sweep_map *map)
{
	if (map == NULL)
		return;
	sweep_grid_free(&map->grid);
	alloc_free(map->cell);
	alloc_free(map->reach);
	alloc_free(map);
}

void sweep_map_add(struct sweep_map *map, const struct sweep_result *result)
{
	struct sweep_cell *cell = &map->cell[result->net];
	map->known += !cell->known;
	cell->known = true;
	memcpy(cell->value, result->value, sizeof cell->value);
	memcpy(cell->verdict, result->verdict, sizeof cell->verdict);
}

/* ---- from coarse to fine ---- */

/* The largest power of two up to 2^LEVELS that divides both indexes of the net:
 * cells of a high level make the coarse picture. */
#define LEVELS 4

static int level_of(const struct sweep_map *map, uint64_t net)
{
	size_t both = sweep_grid_index(&map->grid, map->across, net) | sweep_grid_index(&map->grid, map->upwards, net);
	int level = 0;
	while (level < LEVELS && both % 2 == 0) {
		both /= 2;
		level++;
	}
	return level;
}

uint32_t *sweep_map_order(const struct sweep_map *map, struct err *err)
{
	size_t count = 0, nets = (size_t)(map->grid.nets - map->known);
	uint32_t *order = alloc_array(nets ? nets : 1, sizeof order[0], err);
	for (int level = LEVELS; order && level >= 0; level--)
		for (uint64_t net = 0; net < map->grid.nets; net++)
			if (!map->cell[net].known && level_of(map, net) == level)
				order[count++] = (uint32_t)net;
	return order;
}
