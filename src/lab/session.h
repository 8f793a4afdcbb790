/* An experiment in progress: settings, network, data cursor, counters.  A
 * single-threaded value; independent of screen, files and schedule. */
#ifndef INITVIZ_LAB_SESSION_H
#define INITVIZ_LAB_SESSION_H

#include "base/err.h"
#include "nn/pool.h"
#include "data/dataset.h"
#include "lab/settings.h"
#include "lab/snapshot.h"
#include "lab/tensors.h"

struct session;

/* The axis ranges of all histograms, which only widen.  The caller owns them:
 * one for the schedule, another for the screen, so that observations for the screen
 * never change what is recorded. */
struct session_ranges {
	struct {
		double low, high; /* equal: unknown so far */
	} range[MLP_MAX_LAYERS][MLP_TENSORS];
};

/* A net initialized by `settings` (fitted to the data set here) at step 0.
 * The data set must outlive it; pool may be NULL.  ERR_USAGE, ERR_RESOURCE
 * (with the bytes a net would need), ERR_INPUT. */
struct session *session_create(const struct settings *settings, struct dataset *dataset, struct pool *pool,
                               struct err *err);
void session_destroy(struct session *session);

/* One training step.  ERR_INPUT if reading further data fails. */
bool session_step(struct session *session, struct err *err);
uint64_t session_steps(const struct session *session);

/* The next step measures the spectral norms of its changes of the weights. */
void session_watch_change(struct session *session);
bool session_diverged(const struct session *session); /* a NaN or Inf was met in training */
const struct settings *session_settings(const struct session *session); /* fitted */

/* The next observation measures singular values even if the settings do not ask for it; it leaves them out when
 * go_on(context) (NULL: never) returns false before it is done. */
void session_measure(struct session *session, bool (*go_on)(void *context), void *context);

/* The purpose of an observation; those for the record come last. */
enum session_purpose {
	SESSION_GLANCE,    /* the screen of a running net: no test accuracy */
	SESSION_FULL,      /* the screen of a paused net */
	SESSION_SCHEDULED, /* for the record */
	SESSION_FIRST_PASS, /* for the record, of a run without steps: no test accuracy, which is that of guessing */
	SESSION_LAST,      /* for the record, the end of the run: test accuracy on all test images */
};

/* Observes the net on the probe and widens the ranges accordingly.  Returns a
 * new snapshot (one reference) or NULL with err (ERR_INPUT, ERR_RESOURCE). */
const struct snapshot *session_observe(struct session *session, struct session_ranges *ranges,
                                       enum session_purpose purpose, struct err *err);

/* What further observations have of the probe's images; at first nothing. */
void session_want_images(struct session *session, const struct images_wanted *wanted);

/* Copies the parameters, or what the net computes of the probe with them.  Names, and shapes as
 * torch has them (w: fan_out, fan_in), are those of sequential.h: "0.weight", "0.bias", "2.weight",
 * of normalizations "1.weight" (gain) and "1.bias" (shift), of a residual branch's learned scale
 * "2.alpha"; of the probe "x", "label", "loss" (the mean), "0.z", "0.a", "0.delta" (dL/dz of each image's
 * own loss) and the gradients of the mean loss, "0.weight.grad" and so on.  Changes nothing that a
 * later step depends on.  NULL with ERR_RESOURCE. */
struct tensors *session_tensors(struct session *session, enum tensors_kind kind, struct err *err);

/* Changes while it runs: the settings marked live, weights and place in the
 * data kept (another optimizer begins with empty slots); and all weights of a
 * layer (1-based) times `factor`. */
bool session_edit(struct session *session, const char *name, const char *value, struct err *err);
bool session_scale_weights(struct session *session, size_t layer, double factor, struct err *err);

/* The state of a session after its last step, as a plain value: settings,
 * weights, optimizer slots, counters, position in the data, trace of the loss.
 * Holds no pointer into the session or its data set and outlives both. */
struct session_checkpoint;

/* Does not change the session.  NULL with ERR_RESOURCE. */
struct session_checkpoint *session_checkpoint(const struct session *session, struct err *err);
void session_checkpoint_destroy(struct session_checkpoint *checkpoint); /* NULL is allowed */
size_t session_checkpoint_bytes(const struct session *session);

/* A checkpoint as bytes that may be stored and read again, but not by another process: all but its
 * warnings, to which the caller keeps a reference until no copy is left. */
const void *session_checkpoint_content(const struct session_checkpoint *checkpoint, size_t *bytes);
const struct warnings *session_checkpoint_warnings(const struct session_checkpoint *checkpoint);

/* A checkpoint of such bytes, in memory from alloc_array() that it then owns, with a reference of its
 * own to the warnings. */
struct session_checkpoint *session_checkpoint_of(void *content, const struct warnings *warnings);

/* Adds a warning to those of all later observations. */
void session_warn(struct session *session, const char *warning);

/* A new session that continues exactly as the one of the checkpoint would: all later
 * steps and observations have the same bits.  dataset: must have the same images;
 * another number of them fails with ERR_INPUT.  Other errors as
 * session_create(). */
struct session *session_restore(const struct session_checkpoint *checkpoint, struct dataset *dataset,
                                struct pool *pool, struct err *err);

#endif
