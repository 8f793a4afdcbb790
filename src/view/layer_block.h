/* One layer on a rectangle: title, readouts beside theory, the histograms of z
 * and a; or all of it in one line.  What the Layers view is made of. */
#ifndef INITVIZ_VIEW_LAYER_BLOCK_H
#define INITVIZ_VIEW_LAYER_BLOCK_H

#include <stddef.h>

#include "view/canvas.h"
#include "view/view.h"

/* Rows that a block needs to show bars above an axis. */
#define LAYER_BLOCK_ROWS 4

void layer_block_draw(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer);

/* The one-line form and the heads of its columns, aligned for equal widths. */
void layer_line_draw(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer);
void layer_line_heads(struct canvas *canvas, struct rect rect);

/* The readouts of layer_readout.c on a panel, as many as it has rows; from
 * LAYER_TABLE_WIDTH on a table with theory and ratio beside each. */
#define LAYER_PANEL_WIDTH 16
#define LAYER_TABLE_WIDTH 36
void layer_readouts_draw(const struct snapshot *snapshot, struct canvas *canvas, struct rect rect, size_t layer);

#endif
