/* The readouts of a layer: observed values beside those of theory. */
#ifndef INITVIZ_VIEW_LAYER_READOUT_H
#define INITVIZ_VIEW_LAYER_READOUT_H

#include <stddef.h>

#include "lab/snapshot.h"
#include "draw/canvas.h"

/* Draws the readouts into a panel, as many as it has rows for; from
 * LAYER_TABLE_WIDTH on as a table with theory and ratio. */
#define LAYER_PANEL_WIDTH 16
#define LAYER_TABLE_WIDTH 36
void layer_readouts_draw(const struct snapshot *snapshot, struct canvas *canvas, struct rect rect, size_t layer);

#endif
