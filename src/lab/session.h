/* An experiment in progress: settings, network, data cursor, counters.  A
 * single-threaded value; knows no screen, no file, no schedule. */
#ifndef INITVIZ_LAB_SESSION_H
#define INITVIZ_LAB_SESSION_H

#include "base/err.h"
#include "nn/pool.h"
#include "data/dataset.h"
#include "lab/settings.h"
#include "lab/snapshot.h"

struct session;

/* The axis ranges of all histograms, which only widen.  The caller owns them:
 * one for the schedule, another for the screen, so that looking never changes
 * what is recorded. */
struct session_ranges {
	struct {
		double low, high; /* equal: not yet known */
	} range[MLP_MAX_LAYERS][MLP_TENSORS];
	bool widened; /* set by session_observe() when it widened one */
};

/* A net initialized by `settings` (fitted to the data set here) at step 0.
 * The data set must outlive it; pool may be NULL.  ERR_USAGE, ERR_RESOURCE
 * (with the bytes a net would need), ERR_INPUT. */
struct session *session_create(const struct settings *settings, struct dataset *dataset, struct pool *pool,
                               struct err *err);
void session_destroy(struct session *session);

/* One training step.  ERR_INPUT if the data cannot be read on. */
bool session_step(struct session *session, struct err *err);
uint64_t session_steps(const struct session *session);
bool session_diverged(const struct session *session); /* a NaN or Inf was met in training */
const struct settings *session_settings(const struct session *session); /* fitted */

/* What an observation is for; the later, the dearer. */
enum session_purpose {
	SESSION_GLANCE,    /* the screen of a running net: no test accuracy */
	SESSION_LOOK,      /* the screen of a paused net */
	SESSION_SCHEDULED, /* for the record */
	SESSION_LAST,      /* for the record, the end of the run: test accuracy on all test images */
};

/* What is to be seen now, on the probe, with ranges widened by it.  Returns a
 * new snapshot (one reference) or NULL with err (ERR_INPUT, ERR_RESOURCE). */
const struct snapshot *session_observe(struct session *session, struct session_ranges *ranges,
                                       enum session_purpose purpose, struct err *err);

/* Changes while it runs: the settings marked live, weights and place in the
 * data kept (another optimizer begins with empty slots); and all weights of a
 * layer (1-based) times `factor`. */
bool session_edit(struct session *session, const char *name, const char *value, struct err *err);
bool session_scale_weights(struct session *session, size_t layer, double factor, struct err *err);

/* A session as it stands after its last step, as a plain value: settings,
 * weights, optimizer slots, counters, place in the data, course of the loss.
 * Holds no pointer into the session or its data set and outlives both. */
struct session_checkpoint;

/* Leaves the session as it is.  ERR_RESOURCE. */
struct session_checkpoint *session_checkpoint(const struct session *session, struct err *err);
void session_checkpoint_destroy(struct session_checkpoint *checkpoint); /* NULL is allowed */
size_t session_checkpoint_bytes(const struct session *session);
uint64_t session_checkpoint_steps(const struct session_checkpoint *checkpoint);

/* A new session that goes on exactly as the one the checkpoint was made of: all
 * later steps and observations have the same bits.  dataset: the same images;
 * another number of them is refused (ERR_INPUT).  Other errors as
 * session_create(). */
struct session *session_restore(const struct session_checkpoint *checkpoint, struct dataset *dataset,
                                struct pool *pool, struct err *err);

#endif
