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
#include "draw/palette.h"
#include "app/key.h"
#include "app/services.h"

struct app;

/* Starts a run of `settings` on the runner, which must outlive the app.  ascii
 * and size are those of screens saved before the first app_draw(). */
struct app *app_create(struct runner *runner, const struct settings *settings, const struct app_services *services,
                       bool interactive, struct err *err);
/* False if a thread of the map is still in a long step: it runs on, and the process must
 * leave with _exit(). */
bool app_destroy(struct app *app);

/* The size that saved screens have (interactive: of the terminal). */
void app_resize(struct app *app, int width, int height, bool ascii);

/* One command line, as in scripts and after `:`; blank and # lines do nothing.
 * ERR_USAGE for what is not understood, ERR_RUN for a failed `expect`. */
bool app_command(struct app *app, const char *line, struct err *err);

/* Shows a message for some seconds; NULL: none. */
void app_notify(struct app *app, const char *notice);

/* Command lines that are run one after the other; each waits until the runner has
 * carried out the one before.  line[count] is not copied and must outlive the app. */
void app_queue(struct app *app, const char *const *line, size_t count);

void app_key(struct app *app, int key);

/* A click on a cell of the screen: shows what is there, and runs the command of
 * that place if it has one. */
void app_click(struct app *app, int x, int y);

/* Takes over what is new from the runner; true when the screen may have
 * changed. now: seconds on a monotonic clock, for messages that are shown for a
 * time. */
bool app_poll(struct app *app, double now);

/* Draws the whole screen.  Never changes the app. */
void app_draw(const struct app *app, struct canvas *canvas);

/* Seconds for which a recording of a script shows what each command leaves (`hold`). */
double app_hold(const struct app *app);

bool app_wants_to_quit(const struct app *app);
/* True while a line is typed: a paste is then text, not keys. */
bool app_is_typing(const struct app *app);
/* For the event loop: true while something moves on the screen. */
bool app_is_running(const struct app *app);

/* Opens a lesson, by name or path.  to_its_end: also runs the lines of its
 * further pages, as tests do; not interactive.  ERR_USAGE for the lesson itself,
 * else as app_command(), with "file:line: " before the message. */
bool app_lesson(struct app *app, const char *name, bool to_its_end, struct err *err);

/* Shows the map of a sweep that was trained before.  The map outlives the app.
 * ERR_RESOURCE. */
struct sweep_map;
bool app_show_sweep(struct app *app, struct sweep_map *map, struct err *err);

/* The palette that suits the terminal, where the user has chosen none yet. */
void app_suggest_palette(struct app *app, const struct palette *palette);

/* From now on only the lesson's keys work, until its end. */
void app_lock_lesson(struct app *app);

/* Appends what has changed since the last call, in words, one change a line. */
void app_announce(struct app *app, struct text *text);

/* Appends the verdict on the net that is shown, its cause and its cure in plain
 * words, a line each. */
void app_describe_cure(const struct app *app, struct text *text);

/* Whether no file that the user asked for still waits for the net: else ERR_OUTPUT. */
bool app_has_saved_all(const struct app *app, struct err *err);

/* Saves the run as the command `save` does: all observations that were kept,
 * and the latest. */
bool app_save_run(const struct app *app, const char *path, struct err *err);

/* Stops the run, and saves a copy of its net. */
bool app_save_tensors(struct app *app, enum tensors_kind kind, const char *path, struct err *err);

#endif
