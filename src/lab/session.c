/* The life of a session: its parts, the order of the batches, a training
 * step.  Observations are made in session_observe.c, initial weights in
 * session_init.c, changes during a run in session_edit.c. */
#include "lab/session.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/alloc.h"
#include "nn/branch_scale.h"
#include "nn/rng.h"
#include "data/weights.h"
#include "lab/session_parts.h"
#include "lab/settings_weights.h"

#define TEST_SLICE 500       /* test images evaluated at once */

/* ---- size ---- */

/* activation: room for those of all hidden layers. */
static struct mlp_shape shape_of(const struct settings *settings, const struct spec *activation[MLP_MAX_LAYERS])
{
	for (size_t layer = 1; layer < settings->layers; layer++)
		activation[layer - 1] = settings_layer_activation(settings, layer);
	return (struct mlp_shape){ .layers = settings->layers, .widths = settings->width, .activations = activation,
	                           .normalization = settings->normalization,
	                           .residual = settings->residual ? (unsigned)settings->branch_layers : 0,
	                           .alpha_learned = branch_scale_from(settings->branch_scale.entry)->learned };
}

static size_t memory_available(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
	size_t bytes = pages > 0 && size > 0 ? (size_t)pages * (size_t)size : SIZE_MAX;
	struct rlimit limit;
	if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < bytes)
		bytes = (size_t)limit.rlim_cur;
	return bytes;
}

/* Refuses before anything is allocated. */
static bool check_size(const struct settings *settings, struct err *err)
{
	const struct spec *activation[MLP_MAX_LAYERS];
	struct mlp_shape shape = shape_of(settings, activation);
	size_t rows = (size_t)(settings->batch + settings->probe) + TEST_SLICE;
	size_t bytes = mlp_bytes(&shape, rows, OPTIMIZER_MAX_SLOTS + 1 /* the probe's gradient */), available = memory_available();
	if (bytes < available)
		return true;
	if (bytes == SIZE_MAX)
		return err_set(err, ERR_RESOURCE, "the net is larger than can be addressed: fewer or narrower layers");
	return err_set(err, ERR_RESOURCE, "the net needs %.1f GB (%zu bytes) of memory but %.1f GB are available: "
	               "fewer or narrower layers, or a smaller batch", (double)bytes / 1e9, bytes, (double)available / 1e9);
}

/* ---- batches ---- */

/* The whole split is shuffled: the first images of MNIST's files are brighter
 * than the rest. */
void session_shuffle(struct session *session)
{
	struct rng rng = rng_stream(settings_batch_seed(&session->settings), RNG_BATCHES, session->epoch);
	for (size_t i = 0; i < session->train_count; i++)
		session->order[i] = (uint32_t)i;
	rng_shuffle(&rng, session->order, session->train_count);
	session->cursor = 0;
}

/* Draws `sample` of `count` indices without repetition, the same ones for all
 * seeds; order[] is scratch for count of them. */
static void draw_sample(uint32_t *sample, size_t samples, uint32_t *order, size_t count, enum dataset_split split)
{
	struct rng rng = rng_stream(0, RNG_PROBE, split);
	for (size_t i = 0; i < count; i++)
		order[i] = (uint32_t)i;
	for (size_t i = 0; i < samples; i++) {
		size_t j = i + rng_below(&rng, (uint32_t)(count - i));
		sample[i] = order[j];
		order[j] = order[i];
	}
}

bool session_load_image(struct session *session, struct mlp_batch *batch, size_t row, enum dataset_split split,
                        size_t index, struct err *err)
{
	struct dataset_image image;
	if (dataset_has_bytes(session->dataset) && session->affine.feature_scale == NULL) {
		if (!dataset_image(&image, session->dataset, split, index, err))
			return false;
		mlp_batch_set_row(batch, row, &(struct mlp_image){ image.on, image.value }, session->affine.scale,
		                  session->affine.shift);
	} else if (!dataset_inputs(mlp_batch_write_row(batch, row), session->dataset, split, index, &session->affine, err))
		return false;
	batch->label[row] = (uint8_t)dataset_label(session->dataset, split, index);
	return true;
}

/* Images are scattered over memory: those of the next batch are prefetched while
 * this one is trained on. */
static void prefetch(const struct session *session, size_t at)
{
	if (at < session->train_count)
		dataset_prefetch(session->dataset, DATASET_TRAIN, session->order[at]);
}

bool session_draw_batch(struct session *session, struct err *err)
{
	if (session->drawn)
		return true;
	struct mlp_batch *batch = session->batch;
	for (size_t row = 0; row < batch->rows; row++) {
		if (session->cursor == session->train_count) {
			session->epoch++;
			session_shuffle(session);
		}
		if (!session_load_image(session, batch, row, DATASET_TRAIN, session->order[session->cursor], err))
			return false;
		session->cursor++;
		prefetch(session, session->cursor + batch->rows - 1);
	}
	session->drawn = true;
	if (session->probe == batch)
		session->input_known = session->theory_known = false;
	return true;
}

void session_return_batch(struct session *session)
{
	size_t rows = session->batch->rows;
	if (!session->drawn)
		return;
	if (session->cursor < rows) { /* it began in the previous epoch */
		size_t behind = rows - session->cursor;
		session->epoch--;
		session_shuffle(session);
		session->cursor = session->train_count - behind;
	} else
		session->cursor -= rows;
	session->drawn = false;
}

/* ---- life ---- */

static bool cut_to_data(struct session *session, struct err *err)
{
	struct settings *settings = &session->settings;
	bool cut = settings->batch > session->train_count;
	if (cut)
		settings->batch = session->train_count;
	if (settings->probe > session->train_count)
		settings->probe = session->train_count;
	return warnings_add_all(&session->warnings, dataset_warnings(session->dataset), err) &&
	       (!cut || warnings_add(&session->warnings, err, "batch cut to the %zu training images there are",
	                             session->train_count));
}

bool session_room_for_test(struct session *session, struct err *err)
{
	if (session->test == NULL)
		session->test = mlp_batch_create(session->mlp, TEST_SLICE, err);
	return session->test != NULL;
}

static bool make_parts(struct session *session, struct err *err)
{
	const struct settings *settings = &session->settings;
	const struct spec *activation[MLP_MAX_LAYERS];
	struct mlp_shape shape = shape_of(settings, activation);
	session->mlp = mlp_create(&shape, err);
	if (session->mlp == NULL)
		return false;
	size_t widest = 0, batch = (size_t)settings->batch, probe_rows = settings->probe ? (size_t)settings->probe : batch;
	for (size_t l = 0; l <= settings->layers; l++)
		if (settings->width[l] > widest)
			widest = settings->width[l];
	session->training = mlp_training_create(session->mlp, &settings->optimizer, err);
	session->batch = mlp_batch_create(session->mlp, batch, err);
	session->probe = settings->probe ? mlp_batch_create(session->mlp, probe_rows, err) : session->batch;
	session->order = alloc_array(session->train_count, sizeof *session->order, err);
	session->theory = alloc_array(settings->layers, sizeof *session->theory, err);
	session->theory_now = alloc_array(settings->layers, sizeof *session->theory_now, err);
	session->start = alloc_array(settings->layers, sizeof *session->start, err);
	session->isometry.theory = alloc_array(settings->layers, sizeof *session->isometry.theory, err);
	session->moments = alloc_array(settings->layers, sizeof *session->moments, err);
	session->change_norm = alloc_array(settings->layers, sizeof *session->change_norm, err);
	session->norm_scratch = alloc_aligned(session_norm_scratch(session->mlp), sizeof(float), err);
	session->gradient = alloc_aligned(session->mlp->parameters, sizeof(float), err);
	session->slope = alloc_aligned(probe_rows * widest, sizeof(float), err);
	session->unit = alloc_array(3 * widest, sizeof(double), err);
	session->pixel = alloc_array(settings->width[0], sizeof(double), err);
	session->percentiles = alloc_array(1, sizeof *session->percentiles, err);
	return session->training && session->batch && session->change_norm && session->norm_scratch && session->probe && session->order &&
	       session->theory && session->theory_now && session->start && session->isometry.theory && session->moments &&
	       session->gradient && session->slope && session->unit && session->pixel && session->percentiles &&
	       (settings->steps == 0 || session_room_for_test(session, err)) && session_evaluate_formulas(session, err);
}

static bool load_probe(struct session *session, struct err *err)
{
	session->batch->rows = (size_t)session->settings.batch;
	if (session->probe == session->batch)
		return true;
	size_t rows = session->probe->rows = (size_t)session->settings.probe;
	uint32_t *sample = alloc_array(rows, sizeof *sample, err);
	bool loaded = sample != NULL;
	if (loaded)
		draw_sample(sample, rows, session->order, session->train_count, DATASET_TRAIN);
	for (size_t row = 0; loaded && row < rows; row++)
		loaded = session_load_image(session, session->probe, row, DATASET_TRAIN, sample[row], err);
	alloc_free(sample);
	return loaded;
}

/* Without steps the probe and the first batch are all the training images that are used: a file
 * need not be read for the others. */
static bool need_few_images(struct session *session, struct err *err)
{
	const struct settings *settings = &session->settings;
	size_t batch = (size_t)settings->batch, probe = session->probe == session->batch ? 0 : (size_t)settings->probe;
	if (settings->steps)
		return true;
	uint32_t *index = alloc_array(batch + probe, sizeof *index, err);
	if (index == NULL)
		return false;
	draw_sample(index, probe, session->order, session->train_count, DATASET_TRAIN);
	session_shuffle(session);
	memcpy(index + probe, session->order, batch * sizeof *index);
	bool read = dataset_need(session->dataset, DATASET_TRAIN, index, batch + probe, err);
	alloc_free(index);
	return read;
}

/* Which test images an observation that is not the last one uses. */
static bool choose_test_sample(struct session *session, struct err *err)
{
	size_t count = dataset_count(session->dataset, DATASET_TEST);
	session->test_samples = count < SESSION_TEST_SAMPLE ? count : SESSION_TEST_SAMPLE;
	uint32_t *scratch = alloc_array(count, sizeof *scratch, err);
	session->test_sample = alloc_array(session->test_samples, sizeof *session->test_sample, err);
	bool chosen = scratch && session->test_sample;
	if (chosen)
		draw_sample(session->test_sample, session->test_samples, scratch, count, DATASET_TEST);
	alloc_free(scratch);
	return chosen;
}

struct session *session_build(const struct settings *settings, struct dataset *dataset, struct pool *pool,
                              struct err *err)
{
	struct session *session = alloc_array(1, sizeof *session, err);
	if (session == NULL)
		return NULL;
	session->settings = *settings;
	session->dataset = dataset;
	session->pool = pool;
	session->train_count = dataset_count(dataset, DATASET_TRAIN);
	bool made = cut_to_data(session, err) &&
	            settings_fit(&session->settings, dataset_pixels(dataset), dataset_classes(dataset), err) &&
	            check_size(&session->settings, err) &&
	            dataset_scaling(dataset, session->settings.scale, &session->affine, err) &&
	            make_parts(session, err) && need_few_images(session, err) && load_probe(session, err) && choose_test_sample(session, err);
	if (made)
		return session;
	session_destroy(session);
	return NULL;
}

static struct session *create(const struct settings *settings, const struct weights *file, struct dataset *dataset,
                              struct pool *pool, struct err *err)
{
	struct session *session = session_build(settings, dataset, pool, err);
	if (session == NULL)
		return NULL;
	session_shuffle(session);
	if (session_draw_batch(session, err) && session_initialize(session, file, err) &&
	    (file == NULL || session_warn_of_weights(session, file, err)))
		return session;
	session_destroy(session);
	return NULL;
}

struct session *session_create(const struct settings *settings, struct dataset *dataset, struct pool *pool,
                               struct err *err)
{
	if (settings->weights[0] == '\0')
		return create(settings, NULL, dataset, pool, err);
	struct settings fitted = *settings;
	struct weights file;
	if (!weights_open(&file, settings->weights, err))
		return NULL;
	bool fits = settings_adopt_weights(&fitted, &file, err);
	struct session *session = fits ? create(&fitted, &file, dataset, pool, err) : NULL;
	weights_close(&file);
	return session;
}

void session_destroy(struct session *session)
{
	if (session == NULL)
		return;
	if (session->probe != session->batch)
		mlp_batch_destroy(session->probe);
	mlp_batch_destroy(session->batch);
	mlp_batch_destroy(session->test);
	mlp_training_destroy(session->training);
	mlp_destroy(session->mlp);
	alloc_free(session->order);
	alloc_free(session->test_sample);
	alloc_free(session->theory);
	alloc_free(session->theory_now);
	alloc_free(session->start);
	alloc_free(session->isometry.theory);
	alloc_free(session->moments);
	alloc_aligned_free(session->gradient);
	alloc_aligned_free(session->slope);
	alloc_free(session->unit);
	alloc_free(session->pixel);
	alloc_free(session->percentiles);
	alloc_free(session->change_norm);
	alloc_aligned_free(session->norm_scratch);
	warnings_drop(session->warnings);
	images_pixels_drop(session->pixels);
	alloc_free(session);
}

/* ---- steps ---- */

/* The first layer whose z holds something not finite, 1-based; the last when
 * it is only the loss. */
static uint32_t first_bad_layer(const struct mlp *mlp, const struct mlp_batch *batch)
{
	for (size_t l = 0; l < mlp->layers; l++) {
		size_t count = batch->rows * mlp->layer[l].fan_out;
		for (size_t i = 0; i < count; i++)
			if (!isfinite(batch->tensor[l].z[i]))
				return (uint32_t)l + 1;
	}
	return (uint32_t)mlp->layers;
}

void session_mark_divergence(struct session *session, uint32_t layer)
{
	if (session->diverged_layer)
		return;
	session->diverged_step = session->steps;
	session->diverged_layer = layer;
}

bool session_train(struct session *session, const struct mlp_observer *observer, struct err *err)
{
	if (!session_draw_batch(session, err))
		return false;
	struct mlp_batch *batch = session->batch;
	session_keep_weights(session);
	mlp_train(session->mlp, batch, session->training, NULL, session->pool, observer);
	session_measure_change(session);
	session->drawn = false;
	session->steps++;
	trace_add(&session->batch_loss, batch->loss);
	trace_add(&session->batch_accuracy, (double)batch->correct / (double)batch->rows);
	if (!isfinite(batch->loss)) {
		session->diverged = true;
		session_mark_divergence(session, first_bad_layer(session->mlp, batch));
	}
	/* if the batch is the probe, the next batch is observed */
	return session->probe != batch || session_draw_batch(session, err);
}

bool session_step(struct session *session, struct err *err)
{
	return session_train(session, NULL, err);
}

uint64_t session_steps(const struct session *session)
{
	return session->steps;
}

void session_warn(struct session *session, const char *warning)
{
	warnings_add(&session->warnings, NULL, "%s", warning);
}

bool session_diverged(const struct session *session)
{
	return session->diverged;
}

const struct settings *session_settings(const struct session *session)
{
	return &session->settings;
}
