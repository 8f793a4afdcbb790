/* What the Coordinates view draws. */
#ifndef INITVIZ_VIEW_COORDINATES_SCENE_H
#define INITVIZ_VIEW_COORDINATES_SCENE_H

#include <stddef.h>
#include "lab/coordinates.h"

struct coordinates_scene {
	const struct coordinates *check; /* NULL: none was begun */
	size_t step;                     /* whose movement the charts show; 0: the sizes at the start */
	const char *problem;             /* why the check is not computed further; "": it is */
};

#endif
