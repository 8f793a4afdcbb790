/* Running without a terminal: observations as text, JSON or CSV, scripts, and
 * the final screen as a file. */
#ifndef INITVIZ_IO_HEADLESS_H
#define INITVIZ_IO_HEADLESS_H

#include "base/err.h"
#include "lab/history.h"
#include "io/cli.h"

/* Carries out the run or the script of a CLI_HEADLESS command line, or shows
 * the saved run `replay` (NULL: none) with the settings in cli.  Notices
 * (a data set's warning) go to standard error; every other message
 * is in err, whose code is the exit status: ERR_RUN a failed `expect` or,
 * with --fail-on-nan, a net that diverged; ERR_OUTPUT with an empty message is
 * never returned: a reader that closed the pipe ends the run quietly, as done.
 * SIGINT, SIGTERM and SIGHUP end the process at once and leave no partial file. */
bool headless_run(const struct cli *cli, const struct history *replay, struct err *err);

/* --report: measures what the article states (data and seed of the settings
 * count, nothing else does) and writes it, as wide as --size. */
bool headless_report(const struct cli *cli, struct err *err);

/* --cure: writes the verdict on the net, its cause and its cure. */
bool headless_cure(const struct cli *cli, const struct history *replay, struct err *err);

/* ---- shared by headless*.c ---- */

struct app;
struct film;

/* Runs a lesson to its end, the lines of -c, then the script; the film (may be NULL) shows what each line leaves. */
bool headless_lines(struct app *app, const struct cli *cli, struct film *film, struct err *err);

/* Writes a text to --output, whole or not at all, or to standard output. */
bool headless_write(const struct cli *cli, const struct text *text, struct err *err);

/* --sweep.  *abandoned: a thread still computes: no exit handlers. */
bool headless_sweep(const struct cli *cli, bool *abandoned, struct err *err);

/* --coordinates, likewise. */
bool headless_coordinates(const struct cli *cli, bool *abandoned, struct err *err);

#endif
