/* The images of the probe and the net's answers, for a snapshot that is asked for them. */
#include <math.h>

#include "base/whole.h"
#include "lab/session_parts.h"

void session_want_images(struct session *session, const struct images_wanted *wanted)
{
	session->images_wanted = *wanted;
}

/* Grey 0 at the smallest x of the probe, 255 at the largest. */
static uint8_t grey_of(double x, double low, double high)
{
	return isnan(x) || !(low < high) ? 0 : (uint8_t)whole_int(round(255 * (x - low) / (high - low)), 0, 255);
}

static const struct images_pixels *copy_pixels(struct mlp_batch *probe, struct err *err)
{
	size_t most = IMAGES_BYTES / probe->inputs, count = probe->rows < IMAGES_MOST ? probe->rows : IMAGES_MOST;
	count = count < most ? count : most ? most : 1;
	struct images_pixels *pixels = images_pixels_create(count, probe->inputs, err);
	if (pixels == NULL)
		return NULL;
	const size_t values = count * probe->inputs;
	double low = INFINITY, high = -INFINITY;
	mlp_batch_unpack(probe);
	for (size_t i = 0; i < values; i++)
		if (isfinite(probe->x[i])) {
			low = fmin(low, (double)probe->x[i]);
			high = fmax(high, (double)probe->x[i]);
		}
	if (low <= high) {
		pixels->low = low;
		pixels->high = high;
	}
	for (size_t i = 0; i < values; i++)
		pixels->grey[i] = grey_of((double)probe->x[i], pixels->low, pixels->high);
	for (size_t i = 0; i < count; i++)
		pixels->label[i] = probe->label[i];
	return pixels;
}

/* The most probable class of row `row`; `classes` where all are NaN. */
static size_t predicted_of(const float *p, size_t classes)
{
	size_t best = classes;
	for (size_t i = 0; i < classes; i++)
		if (!isnan(p[i]) && (best == classes || p[i] > p[best]))
			best = i;
	return best;
}

static const float *probabilities(const struct session *session, const struct mlp_batch *batch, size_t row)
{
	const size_t last = session->mlp->layers - 1;
	return batch->tensor[last].a + row * session->mlp->layer[last].fan_out;
}

void session_count_confusion(struct session *session, const struct mlp_batch *batch, struct images *images)
{
	if (images == NULL || images->confusion == NULL)
		return;
	for (size_t row = 0; row < batch->rows; row++) {
		size_t predicted = predicted_of(probabilities(session, batch, row), images->classes);
		if (predicted < images->classes)
			images->confusion[batch->label[row] * images->classes + predicted]++;
		images->confused++;
	}
}

struct images *session_begin_images(struct session *session, struct err *err)
{
	const struct mlp *mlp = session->mlp;
	if (session->pixels == NULL)
		session->pixels = copy_pixels(session->probe, err);
	struct images *images = session->pixels ? images_create(session->pixels, mlp->layer[mlp->layers - 1].fan_out, mlp->layers,
	                                                        mlp->layer[0].fan_in, err) : NULL;
	if (images == NULL)
		return NULL;
	const struct images_wanted *wanted = &session->images_wanted;
	images->image = wanted->image < images->count ? wanted->image : images->count - 1;
	images->unit = wanted->unit < mlp->layer[0].fan_out ? wanted->unit : mlp->layer[0].fan_out - 1;
	return images;
}

static void mark(uint8_t marks[HISTOGRAM_BINS / 8], float *mean, float *mean_square, const struct histogram *h, const float *values,
                 size_t count)
{
	double sum = 0, square = 0;
	for (size_t i = 0; i < count; i++) {
		double value = (double)values[i], at = (value - h->low) / (h->high - h->low);
		sum += value;
		square += value * value;
		if (!(at >= 0 && at <= 1))
			continue;
		int bin = whole_int(at * HISTOGRAM_BINS, 0, HISTOGRAM_BINS - 1);
		marks[bin / 8] |= (uint8_t)(1 << bin % 8);
	}
	*mean = (float)(sum / (double)count);
	*mean_square = (float)(square / (double)count);
}

void session_observe_images(struct session *session, struct images *images, const struct snapshot *snapshot)
{
	const struct mlp_batch *probe = session->probe;
	for (size_t i = 0; i < images->count; i++) {
		const float *p = probabilities(session, probe, i);
		size_t predicted = predicted_of(p, images->classes), label = probe->label[i];
		images->answer[i] = (struct images_answer){ .label = (uint16_t)label, .predicted = (uint16_t)predicted,
			.probability = predicted < images->classes ? p[predicted] : NAN, .truth = p[label] };
	}
	for (size_t l = 0; l < images->layers; l++) {
		const size_t units = session->mlp->layer[l].fan_out, first = images->image * units;
		struct images_marks *marks = &images->marks[l];
		const struct tensor_observation *tensor = snapshot->layer[l].tensor;
		mark(marks->z, &marks->z_mean, &marks->z_mean_square, &tensor[MLP_Z].histogram, probe->tensor[l].z + first, units);
		mark(marks->a, &marks->a_mean, &marks->a_mean_square, &tensor[MLP_A].histogram, probe->tensor[l].a + first, units);
	}
	const struct mlp_layer *layer = &session->mlp->layer[0];
	for (size_t i = 0; i < layer->fan_in; i++)
		images->weight[i] = layer->w[i * layer->fan_out + images->unit];
	images->test = images->confused > 0;
	if (!images->test)
		session_count_confusion(session, probe, images);
}
