/* The images of an observation as JSON. */
#ifndef INITVIZ_IO_JSON_IMAGES_H
#define INITVIZ_IO_JSON_IMAGES_H

#include <jansson.h>
#include <stdbool.h>

#include "lab/images.h"

/* The object "images": its members are listed in json_objects.c.  *failed as in json_value.h. */
json_t *json_images(const struct images *images, bool *failed);

#endif
