/* The image and the unit that are picked: the Images view shows them, and the image's own z and
 * a are marked in Layers and Layer. */
#ifndef INITVIZ_APP_PICKING_H
#define INITVIZ_APP_PICKING_H

#include <stdbool.h>

#include "base/entry.h"
#include "lab/images.h"

struct app;

/* What the runner was asked for; what is picked is in navigation.h. */
struct picking {
	struct images_wanted sent; /* last */
	uint64_t past;             /* the past step that was observed again for `sent` ... */
	bool past_asked;           /* ... if any was */
};

extern const struct table image_words, unit_words;

/* Asks the runner for the images that the view needs, and for no more.  True if there is
 * something new to show. */
bool picking_follow(struct app *app);

/* The keys of the Images view.  False for a key that is none. */
bool picking_has_keys(const struct app *app);
bool picking_key(struct app *app, int key);

/* Commands. */
bool picking_image(struct app *app, char *words, struct err *err);
bool picking_unit(struct app *app, char *words, struct err *err);

#endif
