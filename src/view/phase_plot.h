/* The picture of the Phase view: the plane of sigma_w and sigma_b. */
#ifndef INITVIZ_VIEW_PHASE_PLOT_H
#define INITVIZ_VIEW_PHASE_PLOT_H

#include "draw/canvas.h"
#include "view/view.h"

struct phase_plane;

/* Depths to which nets train, decreasing; each band between them has a pattern of its own. */
#define PHASE_DEPTHS 3
extern const int phase_depths[PHASE_DEPTHS];

/* One cell of the pattern of a band, 0 to PHASE_DEPTHS, the denser the deeper nets train: dots in the
 * ordered phase, strokes in the chaotic one, so that they differ without colours.  column and row:
 * the cell's place in the pattern. */
void phase_put_band(struct canvas *canvas, int x, int y, size_t band, bool chaotic, int column, int row);

/* The value of a cell, 0 to cells - 1, on an axis from 0 to `most`. */
double phase_value_at(int cell, int cells, double most);

/* The regions with their names, the layers of the net, and the cursor; scene->phase is not NULL. */
void phase_draw_plane(const struct scene *scene, struct canvas *canvas, struct rect rect);

/* The axis below and the labels at the left of the plane, which is at `rect`. */
void phase_draw_axes(const struct phase_plane *plane, struct canvas *canvas, struct rect rect, struct rect axis,
                     struct rect labels);

/* The names of initializers under the axis, where biases are zero; as letters where two are close. */
void phase_draw_landmarks(const struct scene *scene, struct canvas *canvas, struct rect marks);

#endif
