/* Saving the screen, the run and the net as files. */
#ifndef INITVIZ_APP_SAVE_H
#define INITVIZ_APP_SAVE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "lab/tensors.h"

struct app;

/* What the file that was asked for waits for. */
enum saving_wait {
	SAVING_NOTHING,
	SAVING_RUN,  /* the first observation, as the images are being loaded */
	SAVING_NET,  /* the net, for the same reason */
	SAVING_COPY, /* the copy of the net that the runner makes */
};

struct saving {
	enum saving_wait wait;
	enum tensors_kind kind; /* of SAVING_NET */
	uint64_t run;           /* the run whose net SAVING_COPY is; another one drops the request */
	char path[1024];        /* of the file */
	bool failed;            /* the last one that waited was not saved */
	double hold;     /* seconds for which a recording shows what each command leaves */
};

/* Writes all observations kept and the latest. */
bool save_history(const struct app *app, const char *path, struct err *err);

/* Stops the run and writes a copy of the net as it is then.  Waits for the runner. */
bool save_tensors(struct app *app, enum tensors_kind kind, const char *path, struct err *err);

/* The name of the file that waits for the net, escaped; NULL if none does. */
const char *save_waits(const struct app *app, char safe[256]);

/* Saves what waited and is ready.  Shows the result of each file that was still being written when its
 * command ended.  True if there was any. */
bool save_follow(struct app *app);

/* Commands. */
bool save_screen(struct app *app, char *words, struct err *err);
bool save_run(struct app *app, char *words, struct err *err);
bool save_weights(struct app *app, char *words, struct err *err);
bool save_probe(struct app *app, char *words, struct err *err);
bool save_hold(struct app *app, char *words, struct err *err);

#endif
