/* What is shown of the net: view, layer, tensor, axes, palette. */
#ifndef INITVIZ_APP_NAVIGATION_H
#define INITVIZ_APP_NAVIGATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "view/view.h"

struct app;

struct navigation {
	size_t view;             /* index into views */
	size_t layer;            /* from 0; may exceed the net's after a change: navigation_scene() limits it */
	unsigned layer_commands; /* number of `layer` commands so far */
	enum mlp_tensor tensor;
	size_t palette;          /* index into palettes */
	bool palette_chosen;     /* by the user */
	bool linear;             /* the axes of loss are linear, else logarithmic */
	bool recent;             /* curves show the last steps only */
	uint32_t image, unit;    /* picked, from 0; may exceed the probe's and the net's */
	bool marked;             /* the image's own values are marked in Layers and Layer */
	bool log_counts;         /* histograms of layers have a log scale */
	double zoom;             /* of their value axes: 2 shows half of the range; 0: all of it */
};

/* What a view draws; false when there is no observation yet. */
bool navigation_scene(const struct app *app, struct scene *scene);

/* What `axis` chooses from, in the order of its choices. */
enum { AXIS_LOG, AXIS_LINEAR, AXIS_FULL, AXIS_RECENT, AXIS_SCALE, AXIS_SPAN };

/* What `counts` chooses from, in the order of its choices. */
enum { COUNTS_LINEAR, COUNTS_LOG, COUNTS_SCALE };

/* What `zoom` chooses from, in the order of its choices, besides a number. */
enum { ZOOM_IN, ZOOM_OUT, ZOOM_WHOLE };

/* What `present` chooses from, in the order of its choices. */
enum { PRESENT_ON, PRESENT_OFF };

/* Chooses an entry of a table by name, or the next or previous one. */
bool navigation_choose(const struct table *table, const char *word, size_t *at, struct err *err);

/* Commands. */
bool navigation_view(struct app *app, char *words, struct err *err);
bool navigation_layer(struct app *app, char *words, struct err *err);
bool navigation_tensor(struct app *app, char *words, struct err *err);
bool navigation_palette(struct app *app, char *words, struct err *err);
bool navigation_axis(struct app *app, char *words, struct err *err);
bool navigation_counts(struct app *app, char *words, struct err *err);
bool navigation_zoom(struct app *app, char *words, struct err *err);
bool navigation_present(struct app *app, char *words, struct err *err);

#endif
