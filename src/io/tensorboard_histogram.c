/* A histogram as rows of left edge, right edge and count. */
#include "base/whole.h"
#include "io/tensorboard_parts.h"

/* Appends a row, or widens the one before if both are empty. */
static void add_row(struct tensorboard_histogram *out, double left, double right, uint64_t count)
{
	double *last = out->rows ? out->row[out->rows - 1] : NULL;
	if (count == 0 && (last == NULL || last[2] == 0)) {
		if (last)
			last[1] = right;
		return;
	}
	double *row = out->row[out->rows++];
	row[0] = left;
	row[1] = right;
	row[2] = (double)count;
}

static size_t bin_of(const struct histogram *h, double value)
{
	return (size_t)whole_int((value - h->low) / (h->high - h->low) * HISTOGRAM_BINS, 0, HISTOGRAM_BINS - 1);
}

void tensorboard_histogram(struct tensorboard_histogram *out, const struct tensor_observation *tensor)
{
	const struct histogram *h = &tensor->histogram;
	const struct moments *m = &tensor->moments;
	uint64_t finite = m->n - m->nan - m->inf;
	uint64_t counts[HISTOGRAM_BINS];
	out->rows = 0;
	if (finite == 0 || m->min == m->max) {
		double value = finite ? m->min : 0;
		out->row[out->rows++][0] = value;
		out->row[0][1] = value;
		out->row[0][2] = (double)finite;
		return;
	}
	for (size_t i = 0; i < HISTOGRAM_BINS; i++)
		counts[i] = h->counts[i];
	for (int i = 0; i < h->spikes; i++)
		counts[bin_of(h, h->spike[i].value)] += h->spike[i].count;
	if (h->below)
		add_row(out, m->min, h->low, h->below);
	double width = (h->high - h->low) / HISTOGRAM_BINS;
	for (size_t i = 0; i < HISTOGRAM_BINS; i++)
		add_row(out, h->low + width * (double)i, h->low + width * (double)(i + 1), counts[i]);
	if (h->above)
		add_row(out, h->high, m->max, h->above);
	else if (out->row[out->rows - 1][2] == 0)
		out->rows--;
}
