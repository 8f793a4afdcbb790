/* The map that takes the correlation of two images from layer to layer: its
 * slope at 1, where it leads, and how fast (Poole et al. 2016). */
#include <math.h>

#include "nn/theory_parts.h"

/* The correlation of z in the next layer as a function of that in this one. */
struct correlation_map {
	const struct theory_layer *layer, *next;
	const struct link *link;
	double u_own; /* of the next */
};

static double next_correlation(const struct correlation_map *map, double c)
{
	const struct theory_layer *layer = map->layer, *next = map->next;
	const struct theory_series *series = &map->link->series;
	double mean = series->moments.mean, pair = theory_series_covariance(series, c);
	if (layer->residual) {
		const struct signal *x = &map->link->x;
		pair += (c * map->link->u_own - layer->bias_variance) / ((double)layer->fan_in * layer->weight_variance) -
		        x->mean * x->mean;
		mean += x->mean;
	}
	return ((double)next->fan_in * next->weight_variance * second(mean, pair) + next->bias_variance) / map->u_own;
}

static double next_slope(const struct correlation_map *map, double c)
{
	const struct theory_layer *layer = map->layer;
	double rate = theory_series_rate(&map->link->series, c);
	if (layer->residual)
		rate += map->link->u_own / ((double)layer->fan_in * layer->weight_variance);
	return (double)map->next->fan_in * map->next->weight_variance * rate / map->u_own;
}

/* The map is convex: with a slope of at most 1 at 1, 1 is its only fixed point
 * that can be reached; with more there is one below. */
static void correlation_limit(struct theory_layer *layer, const struct correlation_map *map)
{
	layer->correlation_slope = next_slope(map, 1);
	if (layer->correlation_slope <= 1 + 1e-9) {
		layer->correlation_limit = 1;
		layer->correlation_rate = layer->correlation_slope;
	} else if (layer->correlation_slope > 1) {
		double low = 0, high = 1 - 1e-9;
		for (int i = 0; i < 60; i++) {
			double middle = 0.5 * (low + high);
			if (next_correlation(map, middle) > middle)
				low = middle;
			else
				high = middle;
		}
		layer->correlation_limit = high < 1e-12 ? 0 : high;
		layer->correlation_rate = next_slope(map, layer->correlation_limit);
	}
}

/* The map between two layers, and how far the correlation may stray. */
void theory_map(struct theory_layer *layer, struct theory_layer *next, const struct link *link, double u_own)
{
	bool mapped = layer->weight_mean == 0 && next->weight_mean == 0 && layer->weight_variance > 0 && u_own > 0 &&
	              layer->normalization != THEORY_BATCH && next->normalization != THEORY_BATCH;
	if (!mapped)
		return;
	struct correlation_map map = { .layer = layer, .next = next, .link = link, .u_own = u_own };
	correlation_limit(layer, &map);
	double c = fmax(-1, fmin(1, layer->correlation)), moved = next_slope(&map, c) * layer->correlation_band;
	next->correlation_band = sqrt(moved * moved + next->correlation_band * next->correlation_band);
}

