/* A sweep: trains the nets of a grid, as many at once as there are CPUs, each in
 * one thread, and hands out their results in the order asked for. */
#ifndef INITVIZ_LAB_SWEEP_H
#define INITVIZ_LAB_SWEEP_H

#include "base/entry.h"
#include "lab/cure.h"
#include "lab/snapshot.h"
#include "lab/sweep_grid.h"

#define SWEEP_VERDICT_SIZE 16
#define SWEEP_FAILED "failed" /* the verdict on a net that could not be trained */

/* The two observations of a net that its numbers are read from. */
struct sweep_observed {
	const struct snapshot *start, *last; /* step 0; the end of the run */
};

/* A number of a trained net. */
struct sweep_value {
	struct entry entry;                /* the name is the column's */
	bool logarithmic;                  /* compared by ratio */
	bool share;                        /* 0..1 */
	bool whole;                        /* a whole number */
	double (*read)(const struct sweep_observed *observed); /* NaN where there is none */
};

TABLE_DECLARE(sweep_values, struct sweep_value, sweep_value)
enum sweep_value_id { /* the order of the table */
	SWEEP_LOSS, SWEEP_TRAIN_ACCURACY, SWEEP_TEST_ACCURACY, SWEEP_SATURATED, SWEEP_GRADIENT, SWEEP_SIGNAL,
	SWEEP_START_SATURATED, SWEEP_START_GRADIENT, SWEEP_START_SIGNAL, SWEEP_DIVERGED_STEP, SWEEP_VALUES
};

struct sweep_result {
	uint64_t net;                      /* of the grid, from 0 */
	double value[SWEEP_VALUES];        /* in the order of sweep_values */
	char verdict[SWEEP_VERDICT_SIZE];
	char cure[CURE_CHANGES_SIZE];      /* "init=xavier"; "" if not asked for, not needed or not found */
	char data_name[64];                /* the data set's */
	char error[ERR_MESSAGE_SIZE];      /* why the net could not be trained; "": it was */
};

/* Trains one net of a loaded data set to its last step in the calling thread;
 * *stop, which another thread may set, ends it early with false.  A net that
 * cannot be trained is a result with an error.  ERR_INPUT, ERR_RESOURCE: the data
 * set failed. */
struct dataset;
bool sweep_train(struct sweep_result *result, const struct sweep_grid *grid, uint64_t net, struct dataset *dataset,
                 bool cure, const bool *stop, struct err *err);

/* For a net that was not trained to its end because of `problem` or *stop: false if the sweep
 * ends, as for a data set that failed, in *err; true if that net alone has failed, which is its result. */
bool sweep_end_untrained(struct sweep_result *result, const struct err *problem, const bool *stop, struct err *err);

struct sweep;

struct sweep_plan {
	const struct sweep_grid *grid;     /* outlives the sweep */
	uint64_t first, end;               /* which nets: first .. end - 1 */
	const uint32_t *order;             /* NULL: ascending; else [end - first] the nets in the order wanted */
	int threads;                       /* nets at once; 0: one for each CPU */
	bool background;                   /* at low priority; load the data in the sweep's own */
	bool cure;                         /* look for the cure of each net */
	/* What is done with a net, in one of several threads, instead of sweep_train(); returns as it does.
	 * NULL: sweep_train(). */
	bool (*train)(void *context, struct sweep_result *result, uint64_t net, struct dataset *dataset, const bool *stop, struct err *err);
	void *context;
};

/* Opens and loads the data sets, unless the sweep is in the background: then its
 * threads do, and what fails stops it.  ERR_INPUT, ERR_RESOURCE. */
struct sweep *sweep_open(const struct sweep_plan *plan, struct err *err);

/* Starts the threads; the first `done` nets are left out.  ERR_RESOURCE. */
bool sweep_start(struct sweep *sweep, uint64_t done, struct err *err);

enum sweep_state {
	SWEEP_RESULT,  /* *result is the next one */
	SWEEP_WAITING, /* not yet */
	SWEEP_DONE,    /* all were handed out */
	SWEEP_STOPPED, /* err says why */
};

/* Waits for the next result up to `seconds`; 0: only looks whether it is there. */
enum sweep_state sweep_next(struct sweep *sweep, struct sweep_result *result, double seconds, struct err *err);

/* The name of the data set of a net, known from the start; not for a sweep in the background. */
const char *sweep_data_name(const struct sweep *sweep, uint64_t net);

/* Stops the threads between two steps without waiting for them.  sweep_has_ended(), to
 * be called until it is true, is whether sweep_end() would not wait. */
void sweep_stop(struct sweep *sweep);
bool sweep_has_ended(struct sweep *sweep);

/* Stops the threads between two steps and frees the sweep; NULL is allowed.
 * False if a thread was still in a long step: the sweep is then not freed, and the
 * process must end without exit handlers. */
bool sweep_end(struct sweep *sweep);

#endif
