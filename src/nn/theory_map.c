/* The map that takes the correlation of two images from layer to layer: its
 * slope at 1, where it leads, and how fast (Poole et al. 2016). */
#include <math.h>

#include "nn/theory_parts.h"

/* The correlation of z in the next layer as a function of that in this one; over a
 * branch of two layers, of that in the first of them. */
struct correlation_map {
	const struct theory_layer *layer, *next;
	const struct link *link;
	double u_own; /* of the next */
	const struct correlation_map *first; /* from a branch's first layer to its second; NULL: there is none */
};

/* The layer where the branch that ends here begins. */
static const struct correlation_map *beginning(const struct correlation_map *map)
{
	return map->first ? map->first : map;
}

/* The variance of the branch's input, times its correlation, is this times that of z, plus a constant. */
static double past_slope(const struct correlation_map *map)
{
	const struct correlation_map *first = beginning(map);
	return first->link->u_own / ((double)first->layer->fan_in * first->layer->weight_variance);
}

static double next_correlation(const struct correlation_map *map, double c)
{
	const struct theory_layer *layer = map->layer, *next = map->next;
	const struct theory_series *series = &map->link->series;
	double alpha = output_scale(layer), inside = map->first ? next_correlation(map->first, c) : c;
	double mean = alpha * series->moments.mean, pair = alpha * alpha * theory_series_covariance(series, inside);
	if (layer->residual) {
		const struct correlation_map *first = beginning(map);
		const struct signal *x = &first->link->x;
		double lambda = layer->skip_scale, drawn = (double)first->layer->fan_in * first->layer->weight_variance;
		pair += lambda * lambda * (c * past_slope(map) - first->layer->bias_variance / drawn - x->mean * x->mean);
		mean += lambda * x->mean;
	}
	if (layer->normalization == THEORY_SUM) {
		pair = map->link->sum_factor * pair + layer->shift_variance;
		mean = layer->shift_mean;
	}
	return ((double)next->fan_in * next->weight_variance * second(mean, pair) + next->bias_variance) / map->u_own;
}

/* The slope of what comes through the layer's f, by the correlation of its z. */
static double slope_through(const struct correlation_map *map, double c)
{
	double alpha = output_scale(map->layer);
	return alpha * alpha * map->link->sum_factor * (double)map->next->fan_in * map->next->weight_variance *
	       theory_series_rate(&map->link->series, c) / map->u_own;
}

/* The slope of what passes the branch, by the correlation of z where it begins. */
static double slope_past(const struct correlation_map *map)
{
	double lambda = map->layer->skip_scale;
	if (!map->layer->residual)
		return 0;
	return lambda * lambda * map->link->sum_factor * (double)map->next->fan_in * map->next->weight_variance *
	       past_slope(map) / map->u_own;
}

static double next_slope(const struct correlation_map *map, double c)
{
	double through = map->first ? slope_through(map, next_correlation(map->first, c)) * next_slope(map->first, c)
	                            : slope_through(map, c);
	return through + slope_past(map);
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

static double within_one(double correlation)
{
	return fmax(-1, fmin(1, correlation));
}

static bool is_mapped(const struct theory_layer *layer)
{
	return layer->weight_mean == 0 && layer->weight_variance > 0 && layer->normalization != THEORY_BATCH;
}

/* The map over a branch of two layers is shared out evenly. */
static void share_out(struct theory_layer *layer)
{
	struct theory_layer *first = &layer[-1];
	first->correlation_slope = layer->correlation_slope = sqrt(layer->correlation_slope);
	first->correlation_rate = layer->correlation_rate = sqrt(layer->correlation_rate);
	first->correlation_limit = layer->correlation_limit;
}

/* Exact for normal z and images that are all as alike: of the mean product of two images,
 * of the mean square, and of both together.  Of the differences of images, which have
 * many directions, a tenth of what one pair would stray is seen as well. */
double theory_correlation_sampling(double c, double units, double inverse)
{
	double apart = 1 - c, pairs = inverse < 1 ? inverse * inverse / (1 - inverse) : 0;
	double pair = 2 * c * c + 4 * c * apart * inverse + 2 * apart * apart * pairs;
	double own = 2 * over_images(1, c * c, inverse), both = 4 * c * inverse + 2 * c * c * (1 - 2 * inverse);
	return fmax(0, pair - 2 * c * both + c * c * own + 0.2 * c * c * apart * apart) / units + 0 * c;
}

/* The map between two layers, and how far the correlation may stray. */
void theory_map(struct theory_layer *layer, struct theory_layer *next, const struct links *links, double u_own,
                const struct signal *z, double inverse)
{
	const struct link *link = &links->of[0], *before = &links->of[1];
	bool two = layer->residual == 2;
	if (next->weight_mean != 0 || next->normalization == THEORY_BATCH || !(u_own > 0) || !is_mapped(layer) ||
	    (two && !is_mapped(&layer[-1])))
		return;
	struct correlation_map first = { .layer = two ? &layer[-1] : NULL, .next = layer, .link = before, .u_own = link->u_own };
	struct correlation_map map = { .layer = layer, .next = next, .link = link, .u_own = u_own, .first = two ? &first : NULL };
	correlation_limit(layer, &map);
	double moved = slope_through(&map, within_one(layer->correlation / link->length)) * layer->correlation_band;
	double past = slope_past(&map) * (two ? layer[-1].correlation_band : layer->correlation_band);
	moved = two ? hypot(moved, past) : moved + past;
	/* the errors of earlier layers are in `moved` and shrink towards the limit */
	double c = within_one(next->correlation), units = (double)next->fan_out;
	double fresh = (1 - c) * (1 - c) * z->difference_step + theory_correlation_sampling(c, units, inverse);
	if (layer->correlation_slope > 1 + 1e-9)
		fresh = fmin(fresh, (1 - c * c) * (1 - c * c) / units);
	next->correlation_band = sqrt(moved * moved + fresh);
	if (two)
		share_out(layer);
}
