/* Files in the folder of downloads of tensorflow-datasets: each has a part of its URL before its
 * published name, and a checksum behind, as
 * cvdf-datasets_mnist_t10k-labels-idx1-ubyte965g-S4A7G3r0jpgiMMdvSNx7KP_oN7677JZkkIErsY.gz. */
#ifndef INITVIZ_DATA_DOWNLOADS_H
#define INITVIZ_DATA_DOWNLOADS_H

#include <stdbool.h>
#include <stddef.h>

#include "data/place.h"

/* Counts the files in a folder that were downloaded under the published `name` (without .gz), and
 * writes the path of the first of their names in order. */
size_t downloads_find(char path[PLACE_PATH_SIZE], const char *folder, const char *name);

#endif
