/* The files that are written at the end of a run: the run itself, its weights, its probe. */
#ifndef INITVIZ_IO_END_FILES_H
#define INITVIZ_IO_END_FILES_H

#include <stdbool.h>

#include "base/err.h"

struct app;
struct history;
struct runner;

/* Paths; NULL: not asked for. */
struct end_files {
	const char *record;       /* the run, for --replay */
	const char *save_weights; /* the parameters */
	const char *save_probe;   /* the probe, and what the net computes of it */
};

/* Whether any is asked for. */
bool end_files_any(const struct end_files *files);

/* Before the run: whether they can be written.  ERR_OUTPUT. */
bool end_files_check(const struct end_files *files, struct err *err);

/* ERR_USAGE when one of them is a file that this process has read. */
bool end_files_are_no_inputs(const struct end_files *files, struct err *err);

/* Writes them, each whole or not at all; stops the app's run. */
bool end_files_save(const struct end_files *files, struct app *app, struct err *err);

/* The same where there is no app; history: the run's. */
bool end_files_save_run(const struct end_files *files, struct runner *runner, const struct history *history,
                        struct err *err);

#endif
