/* Saving the screen, the run and the net as files. */
#ifndef INITVIZ_APP_SAVE_H
#define INITVIZ_APP_SAVE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "lab/tensors.h"

struct app;

/* A copy of the net that was asked for and is to be saved when the runner has made it. */
struct saving {
	bool waiting;
	uint64_t run;    /* the run whose net it is; another one drops the request */
	char path[1024]; /* of the file */
	double hold;     /* seconds for which a recording shows what each command leaves */
};

/* Writes all observations kept and the latest. */
bool save_history(const struct app *app, const char *path, struct err *err);

/* Stops the run and writes a copy of the net as it is then.  Waits for the runner. */
bool save_tensors(struct app *app, enum tensors_kind kind, const char *path, struct err *err);

/* Saves a copy that is ready.  Shows the result of each file that was still being written when its
 * command ended.  True if there was any. */
bool save_follow(struct app *app);

/* Commands. */
bool save_screen(struct app *app, char *words, struct err *err);
bool save_run(struct app *app, char *words, struct err *err);
bool save_weights(struct app *app, char *words, struct err *err);
bool save_probe(struct app *app, char *words, struct err *err);
bool save_hold(struct app *app, char *words, struct err *err);

#endif
