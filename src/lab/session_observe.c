/* Observation: one forward and backward pass of the probe, the statistics
 * of every tensor computed while it is in cache.  Changes nothing that a later step
 * depends on. */
#include <math.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/flush_zero.h"
#include "nn/activation.h"
#include "nn/initializer.h"
#include "lab/session_parts.h"

struct observing {
	struct session *session;
	struct session_ranges *ranges;
	struct snapshot *snapshot;
};

/* ---- one tensor ---- */

/* The natural limits of a tensor's values, and the atoms it may have. */
static int limits_of(const struct mlp_layer *layer, enum mlp_tensor tensor, double *floor, double *ceiling,
                     double *atoms)
{
	*floor = -INFINITY;
	*ceiling = INFINITY;
	if (tensor == MLP_Z)
		return 0;
	atoms[0] = 0; /* a pixel that is never on, a pruned weight, an inactive unit */
	if (tensor != MLP_A)
		return 1;
	if (layer->activation.entry == NULL) {
		*floor = 0;
		*ceiling = atoms[1] = 1;
		return 2;
	}
	const struct activation *activation = activation_of(&layer->activation);
	if (!layer->residual)
		activation->range(floor, ceiling, layer->activation.value);
	double all[ACTIVATION_MAX_POINTS];
	int count = activation->atoms && !layer->residual ? activation->atoms(all, layer->activation.value) : 0;
	for (int i = 0; i < count && i < HISTOGRAM_SPIKES; i++)
		atoms[i] = all[i];
	return count < HISTOGRAM_SPIKES ? count : HISTOGRAM_SPIKES;
}

static void observe_tensor(void *context, enum mlp_tensor tensor, size_t l, const float *values, size_t count)
{
	struct observing *o = context;
	struct tensor_observation *seen = &o->snapshot->layer[l].tensor[tensor];
	double floor, ceiling, atoms[HISTOGRAM_SPIKES];
	double *low = &o->ranges->range[l][tensor].low, *high = &o->ranges->range[l][tensor].high;
	seen->histogram.spikes = limits_of(&o->session->mlp->layer[l], tensor, &floor, &ceiling, atoms);
	for (int i = 0; i < seen->histogram.spikes; i++)
		seen->histogram.spike[i].value = atoms[i];
	seen->histogram.low = *low;
	seen->histogram.high = *high;
	stats_observe(&seen->moments, &seen->histogram, values, count, floor, ceiling);
	*low = seen->histogram.low;
	*high = seen->histogram.high;
	if (tensor == MLP_DELTA || tensor == MLP_DW)
		stats_magnitudes(&seen->magnitudes, values, count);
	stats_percentiles(seen->percentile, values, count, o->session->percentiles);
}

/* ---- one layer ---- */

#define BLOCK 2048 /* values of f(z) that are computed again at a time */

/* slope[n] = f'(z).  At the end of a branch a is not f(z), which some derivatives
 * need. */
static void observe_slope(float *slope, const struct mlp_layer *layer, const struct mlp_tensors *tensor, size_t n)
{
	const struct activation *activation = activation_of(&layer->activation);
	const double *p = layer->activation.value;
	float f[BLOCK];
	for (size_t i = 0; i < n; i += BLOCK) {
		size_t count = n - i < BLOCK ? n - i : BLOCK;
		for (size_t j = 0; j < count; j++)
			slope[i + j] = 1;
		if (layer->residual)
			activation_forward(activation, f, tensor->z + i, count, p);
		activation_backward(activation, slope + i, tensor->z + i, layer->residual ? f : tensor->a + i, count, p);
	}
}

/* Shares of saturated values and of units saturated for every image. */
static void observe_saturation(struct session *session, size_t l, struct layer_observation *seen)
{
	const struct mlp_layer *layer = &session->mlp->layer[l];
	seen->saturated = seen->dead = NAN;
	if (layer->activation.entry == NULL)
		return;
	const struct activation *activation = activation_of(&layer->activation);
	const double *p = layer->activation.value;
	const struct mlp_tensors *tensor = &session->probe->tensor[l];
	size_t rows = session->probe->rows, units = layer->fan_out, dead = 0;
	double flat = 0;
	float limit = (float)(ACTIVATION_SATURATION_SHARE * activation->max_slope(p));
	observe_slope(session->slope, layer, tensor, rows * units);
	for (size_t u = 0; u < units; u++)
		session->unit[u] = 0;
	stats_count_small(session->unit, session->slope, rows, units, limit);
	for (size_t u = 0; u < units; u++) {
		flat += session->unit[u];
		dead += session->unit[u] == (double)rows;
	}
	seen->saturated = flat / (double)(rows * units);
	seen->dead = (double)dead / (double)units;
}

/* Splits the variance of z into the variance within units over images and the variance
 * of the unit means (an offset that is the same for every image is no response to the
 * image); and finds the variance of the images' means, which all units share. */
static void observe_split(struct session *session, size_t l, struct layer_observation *seen)
{
	const float *z = session->probe->tensor[l].z;
	size_t rows = session->probe->rows, units = seen->fan_out;
	double *sum = session->unit, *square = session->unit + units;
	double centre = seen->tensor[MLP_Z].moments.mean, within = 0, between = 0, shared = 0;
	for (size_t u = 0; u < 2 * units; u++)
		session->unit[u] = 0;
	for (size_t row = 0; row < rows; row++) {
		double image = 0;
		for (size_t u = 0; u < units; u++) {
			double away = (double)z[row * units + u] - centre;
			sum[u] += away;
			square[u] += away * away;
			image += away;
		}
		shared += image * image;
	}
	for (size_t u = 0; u < units; u++) {
		double mean = sum[u] / (double)rows, spread = square[u] / (double)rows - mean * mean;
		within += spread < 0 ? 0 : spread; /* of equal images rounding leaves less than 0 */
		between += mean * mean;
	}
	seen->z_within = within / (double)units;
	seen->z_between = between / (double)units;
	seen->z_shared = shared / ((double)rows * (double)units * (double)units);
	/* unbiased estimates: unit means over few images contain a part of the variance
	 * within units, and the variance between units is taken about their mean */
	double others = (double)rows - 1, inside = seen->z_within * (double)rows / others;
	double pair = seen->z_between * (double)units / (double)(units - 1) - seen->z_within / others;
	seen->correlation = rows > 1 && units > 1 ? pair / (pair + inside) : NAN;
}

static void observe_layer(struct session *session, size_t l, struct layer_observation *seen)
{
	const struct mlp_layer *layer = &session->mlp->layer[l];
	const struct theory_layer *theory = &session->theory[l];
	const struct mlp_training *training = session->training;
	seen->fan_in = layer->fan_in;
	seen->fan_out = layer->fan_out;
	seen->init = session->start[l].init;
	seen->activation = layer->activation;
	seen->weight_variance = theory->weight_variance;
	seen->weight_mean = theory->weight_mean;
	seen->update_ratio = session->steps ? sqrt(training->update_square[l] / mlp_weight_square(layer)) : NAN;
	seen->branch_scale = layer->residual ? (double)mlp_alpha_of(layer) : NAN;
	seen->theory = session_theory_shown(theory);
	observe_saturation(session, l, seen);
	observe_split(session, l, seen);
}

/* ---- the whole ---- */

static bool load_test(struct session *session, const uint32_t *sample, size_t start, size_t rows, struct err *err)
{
	session->test->rows = rows;
	for (size_t row = 0; row < rows; row++) {
		size_t index = sample ? sample[start + row] : start + row;
		if (!session_load_image(session, session->test, row, DATASET_TEST, index, err))
			return false;
	}
	return true;
}

/* Loss and accuracy on the sample, or on all test images in the last observation, and in others of its step. */
static bool observe_test(struct session *session, enum session_purpose purpose, struct snapshot *snapshot,
                         struct images *wanted, struct err *err)
{
	if (purpose == SESSION_LAST)
		session->ended = session->steps + 1;
	bool all = session->ended == session->steps + 1;
	size_t images = purpose == SESSION_GLANCE || purpose == SESSION_FIRST_PASS ? 0
	              : all ? dataset_count(session->dataset, DATASET_TEST) : session->test_samples;
	size_t correct = 0;
	double loss = 0;
	snapshot->test_accuracy = snapshot->test_loss = NAN;
	snapshot->test_images = images;
	if (images && !session_room_for_test(session, err))
		return false;
	size_t slice = images ? session->test->capacity : 1;
	for (size_t start = 0; start < images; start += slice) {
		size_t rows = images - start < slice ? images - start : slice;
		if (!load_test(session, all ? NULL : session->test_sample, start, rows, err))
			return false;
		mlp_forward(session->mlp, session->test, session->pool, NULL);
		correct += session->test->correct;
		session_count_confusion(session, session->test, wanted);
		loss += session->test->loss * (double)rows;
	}
	if (images) {
		snapshot->test_accuracy = (double)correct / (double)images;
		snapshot->test_loss = loss / (double)images;
	}
	return true;
}

static void observe_net(struct session *session, struct session_ranges *ranges, struct snapshot *snapshot)
{
	struct observing observing = { session, ranges, snapshot };
	struct mlp_observer observer = { .see = observe_tensor, .context = &observing };
	struct flush_zero mode = flush_zero_begin(); /* measured in the same mode as the net computes in */
	mlp_forward(session->mlp, session->probe, session->pool, &observer);
	mlp_backward(session->mlp, session->probe, session->gradient, session->pool, &observer);
	for (size_t l = 0; l < session->mlp->layers; l++) {
		const struct mlp_layer *layer = &session->mlp->layer[l];
		observe_tensor(&observing, MLP_W, l, layer->w, layer->fan_in * layer->fan_out);
		observe_layer(session, l, &snapshot->layer[l]);
	}
	flush_zero_end(mode);
	snapshot->loss = session->probe->loss;
	snapshot->train_accuracy = (double)session->probe->correct / (double)session->probe->rows;
}

/* A net can contain NaN or Inf at initialization, before any step. */
static void observe_divergence(struct session *session, struct snapshot *snapshot)
{
	for (size_t l = 0; l < snapshot->layers; l++) {
		const struct moments *z = &snapshot->layer[l].tensor[MLP_Z].moments;
		if (z->nan + z->inf)
			session_mark_divergence(session, (uint32_t)l + 1);
	}
	snapshot->diverged = session->diverged_layer > 0;
	snapshot->diverged_step = session->diverged_step;
	snapshot->diverged_layer = session->diverged_layer;
}

const struct snapshot *session_observe(struct session *session, struct session_ranges *ranges,
                                       enum session_purpose purpose, struct err *err)
{
	struct snapshot *snapshot = snapshot_create(session->mlp->layers, err);
	if (snapshot == NULL)
		return NULL;
	struct images *images = session->images_wanted.any ? session_begin_images(session, err) : NULL;
	snapshot->images = images;
	if ((session->images_wanted.any && images == NULL) || !observe_test(session, purpose, snapshot, images, err) ||
	    !warnings_add_all(&session->warnings, dataset_warnings(session->dataset), err)) {
		snapshot_drop(snapshot);
		return NULL;
	}
	session_observe_input(session);
	session_predict(session);
	observe_net(session, ranges, snapshot);
	if (images)
		session_observe_images(session, images, snapshot);
	if (!session_observe_isometry(session, purpose, snapshot, err)) {
		snapshot_drop(snapshot);
		return NULL;
	}
	session_predict_now(session, snapshot);
	if (purpose == SESSION_GLANCE) {
		session_skip_sampling(snapshot);
		session_skip_norms(snapshot);
		session_skip_rank(snapshot);
	} else {
		session_observe_sampling(session, snapshot);
		session_observe_norms(session, snapshot);
		session_observe_rank(session, snapshot);
	}
	observe_divergence(session, snapshot);
	snapshot->settings = session->settings;
	snprintf(snapshot->data_name, sizeof snapshot->data_name, "%s", dataset_name(session->dataset));
	snapshot->warnings = warnings_keep(session->warnings);
	snapshot->step = session->steps;
	snapshot->epoch = (double)(session->steps * session->settings.batch) / (double)session->train_count;
	snapshot->scheduled = purpose >= SESSION_SCHEDULED;
	snapshot->last = purpose == SESSION_FIRST_PASS || purpose == SESSION_LAST;
	snapshot->batch_loss = session->batch_loss;
	snapshot->batch_accuracy = session->batch_accuracy;
	snapshot->input = session->input;
	return snapshot;
}
