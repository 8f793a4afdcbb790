/* The interactive program without a terminal: keys and command lines in,
 * canvas out.  Headless scripts, tests and the curses adapter all drive it. */
#ifndef INITVIZ_APP_APP_H
#define INITVIZ_APP_APP_H

#include <stdbool.h>

#include "base/err.h"
#include "base/text.h"
#include "lab/runner.h"
#include "lab/settings.h"
#include "draw/canvas.h"
#include "app/key.h"
#include "app/services.h"

struct app;

/* Starts a run of `settings` on the runner, which must outlive the app.  ascii
 * and size are those of screens saved before the first app_draw(). */
struct app *app_create(struct runner *runner, const struct settings *settings, const struct app_services *services,
                       bool interactive, struct err *err);
void app_destroy(struct app *app);

/* The size that saved screens have (interactive: of the terminal). */
void app_resize(struct app *app, int width, int height, bool ascii);

/* One command line, as in scripts and after `:`; blank and # lines do nothing.
 * ERR_USAGE for what is not understood, ERR_RUN for a failed `expect`. */
bool app_command(struct app *app, const char *line, struct err *err);

/* Says something in the message row for a while; NULL: nothing. */
void app_tell(struct app *app, const char *notice);

/* Lines to be carried out one after the other, each when what the one before
 * began is done; line[count] must stay. */
void app_queue(struct app *app, const char *const *line, size_t count);

void app_key(struct app *app, int key);

/* A click on a cell of the screen: tells what is there, and does what can be
 * done there. */
void app_click(struct app *app, int x, int y);

/* Takes what is new from the runner; true when the screen may have changed.
 * now: seconds on a monotonic clock, for messages that fade. */
bool app_poll(struct app *app, double now);

/* Draws the whole screen.  Never changes the app. */
void app_draw(const struct app *app, struct canvas *canvas);

bool app_wants_to_quit(const struct app *app);
/* True while a line is typed: a paste is then text, not keys. */
bool app_is_typing(const struct app *app);
/* For the event loop: true while something moves on the screen. */
bool app_is_running(const struct app *app);

/* Appends what has changed since the last time in plain words, a line each. */
void app_announce(struct app *app, struct text *text);

/* Saves the run as the command `save` does: all observations kept, and the
 * latest. */
bool app_save_run(const struct app *app, const char *path, struct err *err);

/* The latest observation, for headless use; NULL before the first. */
const struct snapshot *app_snapshot(const struct app *app);

#endif
