#include "nn/theory_isometry.h"

#include <math.h>

/* Mean of s^2 and of s^4 per unit; count: how many s can differ from 0, units: of how many. */
struct state {
	double m1, m2;
	size_t count, units;
};

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* f'(z) W times the Jacobian before it. */
static struct state through_layer(struct state before, const struct theory_layer *layer, bool orthogonal)
{
	double n = (double)layer->fan_in, out = (double)layer->fan_out, ratio = layer->activation ? layer->back.square : 1;
	double slope = layer->activation ? layer->slope_square : 1, c = slope * n * layer->weight_variance;
	struct state after = { .m1 = c * before.m1, .count = smaller(before.count, layer->fan_out), .units = layer->fan_out };
	bool known = layer->normalization == THEORY_PLAIN && layer->weight_mean == 0 && (orthogonal || !layer->structured);
	if (!known)
		after.m1 = NAN;
	if (!orthogonal)
		after.m2 = c * c * ((out + 1) / n * before.m2 + ratio * before.m1 * before.m1);
	else if (out <= n)
		after.m2 = c * c * (out / n * before.m2 + (ratio - out / n) * before.m1 * before.m1);
	else /* W'W is the identity times a factor: s^2 is spread over more units */
		after.m2 = c * c * (out / n * before.m2 + (ratio - 1) * before.m1 * before.m1);
	return after;
}

/* alpha times the path through the branch, added to lambda times the way round it. */
static struct state end_branch(struct state path, struct state skip, const struct theory_layer *layer)
{
	double a2 = layer->branch_scale * layer->branch_scale, l2 = layer->skip_scale * layer->skip_scale, gain = path.m1 / skip.m1;
	bool known = layer->normalization == THEORY_PLAIN;
	return (struct state){
		.m1 = known ? l2 * skip.m1 + a2 * path.m1 : NAN,
		.m2 = l2 * l2 * skip.m2 + 2 * l2 * a2 * (skip.m1 * path.m1 + skip.m2 * gain) + a2 * a2 * path.m2,
		.count = skip.count, .units = path.units,
	};
}

/* Per value that can differ from 0, instead of per unit. */
static struct theory_squares squares_of(const struct state *state)
{
	double share = (double)state->units / (double)state->count, mean = share * state->m1;
	double variance = share * state->m2 - mean * mean;
	/* Rounding leaves a trace of m2 where all s are equal. */
	return (struct theory_squares){ mean, fabs(variance) < 1e-12 * mean * mean ? 0 : variance };
}

static struct state identity(size_t n)
{
	return (struct state){ .m1 = 1, .m2 = 1, .count = n, .units = n };
}

void theory_isometry(struct theory_isometry *out, const struct theory_layer *layer, const bool *orthogonal, size_t layers)
{
	struct state from_input = identity(layer[0].fan_in), last[2] = { from_input, from_input }, own_before = from_input;
	for (size_t l = 0; l < layers; l++) {
		struct state own = through_layer(identity(layer[l].fan_in), &layer[l], orthogonal[l]);
		struct state path = own, skip = last[layer[l].residual == 2];
		from_input = through_layer(from_input, &layer[l], orthogonal[l]);
		if (layer[l].residual == 2)
			path = through_layer(own_before, &layer[l], orthogonal[l]);
		if (layer[l].residual) {
			from_input = end_branch(from_input, skip, &layer[l]);
			path = end_branch(path, identity(layer[l].fan_out), &layer[l]);
		}
		out[l].layer = squares_of(&path);
		out[l].input = squares_of(&from_input);
		last[1] = last[0];
		last[0] = from_input;
		own_before = own;
	}
}
