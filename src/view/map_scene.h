/* What the Map view draws. */
#ifndef INITVIZ_VIEW_MAP_SCENE_H
#define INITVIZ_VIEW_MAP_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include "lab/sweep_map.h"

struct map_scene {
	const struct sweep_map *map; /* NULL: none was made */
	const size_t *index;         /* [SWEEP_MAX_AXES] the cursor */
	size_t value;                /* the number that is shown: index into sweep_values */
	const char *problem;         /* why the map is not computed further; "": it is */
	bool in_phase;               /* the Phase view shows it too */
	bool has_keys;               /* the arrows move its cursor: not while they are the plane's */
};

#endif
