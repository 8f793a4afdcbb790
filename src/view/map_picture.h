/* A map of nets with its words, in any area: the Map view is one, and the Phase view has one beside its plane. */
#ifndef INITVIZ_VIEW_MAP_PICTURE_H
#define INITVIZ_VIEW_MAP_PICTURE_H

#include "draw/canvas.h"
#include "view/map_scene.h"

/* map->map is not NULL. */
void map_picture_draw(const struct map_scene *map, struct canvas *canvas, struct rect area);

#endif
