/* What opens over the view: the prompt, a search, help, the report, the
 * settings panel, a lesson; and the Map view, which has keys of its own.  All are entries
 * of one table. All close with Esc, and all but the Map with Ctrl-C, which quits
 * the program there. */
#ifndef INITVIZ_APP_OVERLAY_H
#define INITVIZ_APP_OVERLAY_H

#include <stdbool.h>
#include <stddef.h>

struct app;
struct line;

#define OVERLAY_HINT_SIZE 160

struct overlay {
	bool (*is_open)(const struct app *app);
	void (*close)(struct app *app);
	bool (*key)(struct app *app, int key); /* false: the overlay does not use the key; the one below it is asked next */
	const char *hint[2];  /* its keys in the hint bar: in full, and short; NULL: it covers the bar, or: */
	/* writes that hint where it depends on what is open; NULL */
	void (*write_hint)(const struct app *app, bool brief, char *out, size_t size);
	bool is_view;         /* a view, which Ctrl-C does not close: it quits the program */
	const char *q_closes; /* the command that closes it, if the key q does so, too; else NULL */
};

/* The topmost one that is open; NULL for none. */
const struct overlay *overlay_top(const struct app *app);

/* What the hint bar says while an overlay is open; "": nothing. */
void overlay_hint(const struct app *app, const struct overlay *overlay, bool brief, char out[OVERLAY_HINT_SIZE]);

/* Gives a key to the open overlays: Esc and Ctrl-C close the topmost, any other
 * key goes to the first one from the top that uses it.  False when none does. */
bool overlay_key(struct app *app, int key);

/* The line that is being typed into, the `:` line or a search; NULL for none. */
const struct line *overlay_line(const struct app *app);

#endif
