/* A session as a plain value, and a session made of one.  Members that
 * follow from settings and data set (probe, theory, scratch) are computed again;
 * the state that training changes is copied. */
#include <string.h>

#include "base/alloc.h"
#include "lab/session_parts.h"
#include "nn/mlp_state.h"

struct session_checkpoint {
	struct settings settings; /* fitted, with all changes made during the run */
	size_t train_count;
	bool drawn;               /* epoch and cursor are behind the next batch already */
	uint64_t epoch;
	size_t cursor;
	uint64_t steps;
	size_t bytes;             /* of all of it */
	bool diverged;
	uint64_t diverged_step;
	uint32_t diverged_layer;
	const struct warnings *warnings; /* a reference of its own */
	struct trace batch_loss, batch_accuracy;
	double value[]; /* change_norm[layers], moments[layers], then the block of mlp_state_save() */
};

static size_t layers_of(const struct session *session)
{
	return session->mlp->layers;
}

static size_t moments_bytes(const struct session *session)
{
	return layers_of(session) * sizeof *session->moments;
}

/* Of value[], before the block of mlp_state_save(). */
static size_t doubles_of(const struct session *session)
{
	return moments_bytes(session) / sizeof(double) + layers_of(session);
}

size_t session_checkpoint_bytes(const struct session *session)
{
	return sizeof(struct session_checkpoint) + doubles_of(session) * sizeof(double) +
	       mlp_state_bytes(session->mlp, session->training);
}

void session_checkpoint_destroy(struct session_checkpoint *checkpoint)
{
	if (checkpoint)
		warnings_drop(checkpoint->warnings);
	alloc_free(checkpoint);
}

struct session_checkpoint *session_checkpoint(const struct session *session, struct err *err)
{
	size_t bytes = session_checkpoint_bytes(session);
	struct session_checkpoint *checkpoint = alloc_resize(NULL, bytes, 1, err);
	if (checkpoint == NULL)
		return NULL;
	*checkpoint = (struct session_checkpoint){
		.settings = session->settings, .train_count = session->train_count, .drawn = session->drawn,
		.epoch = session->epoch, .cursor = session->cursor, .steps = session->steps, .bytes = bytes, .diverged = session->diverged,
		.diverged_step = session->diverged_step, .diverged_layer = session->diverged_layer,
		.batch_loss = session->batch_loss, .batch_accuracy = session->batch_accuracy,
	};
	checkpoint->warnings = warnings_keep(session->warnings);
	memcpy(checkpoint->value, session->change_norm, layers_of(session) * sizeof(double));
	memcpy(checkpoint->value + layers_of(session), session->moments, moments_bytes(session));
	mlp_state_save(checkpoint->value + doubles_of(session), session->mlp, session->training);
	return checkpoint;
}

const void *session_checkpoint_content(const struct session_checkpoint *checkpoint, size_t *bytes)
{
	*bytes = checkpoint->bytes;
	return checkpoint;
}

const struct warnings *session_checkpoint_warnings(const struct session_checkpoint *checkpoint)
{
	return checkpoint->warnings;
}

struct session_checkpoint *session_checkpoint_of(void *content, const struct warnings *warnings)
{
	struct session_checkpoint *checkpoint = content;
	checkpoint->warnings = warnings_keep(warnings);
	return checkpoint;
}

/* Restores the position in the data; a batch drawn ahead is drawn again. */
static bool restore_place(struct session *session, const struct session_checkpoint *checkpoint, struct err *err)
{
	session->epoch = checkpoint->epoch;
	session_shuffle(session);
	session->cursor = checkpoint->cursor;
	session->drawn = checkpoint->drawn;
	session_return_batch(session);
	return !checkpoint->drawn || session_draw_batch(session, err);
}

struct session *session_restore(const struct session_checkpoint *checkpoint, struct dataset *dataset,
                                struct pool *pool, struct err *err)
{
	size_t count = dataset_count(dataset, DATASET_TRAIN);
	if (count != checkpoint->train_count) {
		err_set(err, ERR_INPUT, "%s: there are %zu training images and there were %zu: the run cannot be continued",
		        dataset_name(dataset), count, checkpoint->train_count);
		return NULL;
	}
	struct session *session = session_build(&checkpoint->settings, dataset, pool, err);
	if (session == NULL)
		return NULL;
	session->steps = checkpoint->steps;
	session->diverged = checkpoint->diverged;
	session->diverged_step = checkpoint->diverged_step;
	session->diverged_layer = checkpoint->diverged_layer;
	session->batch_loss = checkpoint->batch_loss;
	session->batch_accuracy = checkpoint->batch_accuracy;
	warnings_drop(session->warnings);
	session->warnings = warnings_keep(checkpoint->warnings);
	memcpy(session->change_norm, checkpoint->value, layers_of(session) * sizeof(double));
	memcpy(session->moments, checkpoint->value + layers_of(session), moments_bytes(session));
	mlp_state_load(session->mlp, session->training, checkpoint->value + doubles_of(session));
	for (size_t l = 0; l < layers_of(session); l++)
		session_scale_rates(session, l);
	if (restore_place(session, checkpoint, err))
		return session;
	session_destroy(session);
	return NULL;
}
