/* The gradient on its way back, and how far it may stray from net to net. */
#include <math.h>

#include "nn/theory_parts.h"

/* dL/da of a layer. */
struct gradient_of_output {
	double square; /* E of the square of one unit */
	double shared; /* of two units over that of one */
	double pair;   /* of one unit in two images over that in one */
	double classes; /* the sd of that over pairs of images: those of a class have the same label */
	double class_spread; /* the part of the spread that comes of it */
	double spread; /* of the logarithm over nets */
	double wander; /* of the slopes on the way, which err together */
	double error;  /* of theory's on the way, likewise */
	double along;  /* 1/width and more: see through() */
	double part;   /* of the square, that along the signal; 1/width by chance */
	double plain;  /* the square if no more than that lay along the signal, by the square */
};

/* On the way: dL/da of the layer at work, and dL/dz of the one above. */
struct gradient {
	struct gradient_of_output a;
	struct gradient_of_output past; /* a where the branch at work ends: times lambda it passes to its beginning */
	double delta_square, delta_shared, delta_pair, delta_classes, delta_spread, delta_class_spread; /* likewise, of dL/dz */
};

/* The mean square over pairs of images of what pair is the mean of. */
static double pair_square(const struct gradient_of_output *a)
{
	return a->pair * a->pair + a->classes * a->classes;
}

/* The output layer: p = softmax(z), delta = p - y with labels that the net
 * does not know yet: E[delta^2] = (E sum p^2 - 2/C + 1) / C, which is
 * (C - 1) / C^2 for equal outputs and twice that for confident ones.  What all
 * logits share does not count.  The labels take 1/C off the product of two images'.
 * The spread of sum p^2, which lies between 1/C and 1, is at most that of
 * certainty or doubt; a third of it is measured.  How often an answer is right strays
 * with the number of images, and because images of a class are alike. */
#define CLASS_ALIKE 0.2 /* of what differs between images, as measured of MNIST */
static struct gradient output(struct theory_layer *layer, size_t classes, double inverse)
{
	double count = (double)classes, square = fmax(0, layer->own_variance) + 0 * layer->own_variance;
	double square_sum = softmax_square_sum(square, classes), energy = fmax(0, square_sum - 2 / count + 1) + 0 * square_sum;
	double c = fmax(0, fmin(1, layer->correlation));
	double width = c * c * (square_sum - 1 / count) * (1 - square_sum) / 3;
	layer->a_mean = 1 / count;
	layer->a_mean_square = square_sum / count;
	layer->a_variance = fmax(0, layer->a_mean_square - layer->a_mean * layer->a_mean) + 0 * square_sum;
	width += 4 * (square_sum - 1 / count) / count * (inverse + (1 - c) * CLASS_ALIKE / count);
	double nudge = 0.1, more = softmax_square_sum(square * (1 + nudge), classes);
	double elasticity = (more - square_sum) / nudge;
	width += elasticity * elasticity * layer->z_band * layer->z_band;
	layer->a_mean_band = 0;
	layer->a_band = sqrt(log1p(width / (square_sum * square_sum)));
	layer->delta_mean_square = energy / count;
	layer->delta_band = sqrt(log1p(width / (energy * energy)));
	layer->delta_factor = layer->delta_factor_band = NAN;
	double certain = (square_sum - 1 / count) / (1 - 1 / count); /* the largest logit wins: as much again along the signal */
	return (struct gradient){
		.a = { .along = 1, .part = (1 + certain) / (double)layer->fan_in, .plain = 1 },
		.delta_square = layer->delta_mean_square, .delta_shared = -1 / (count - 1),
		.delta_pair = (square_sum - 1 / count) * c / energy, .delta_classes = (1 - 1 / count) / (energy * sqrt(count - 1)),
		.delta_spread = width / (energy * energy),
	};
}

/* The square of dL/dz of a layer, were no more of the gradient along the signal than by
 * chance: where that is more, pass_along() has it. */
static double plain_delta_square(const struct theory_layer *layer, const struct gradient *g)
{
	double alpha = layer->branch_scale;
	return layer->residual == 1 && !isnan(layer->back.along.whole) ? layer->slope_square * alpha * alpha * g->past.square
	                                                             : g->delta_square;
}

/* The square of the sum of delta over units, over the square of one: what the
 * mean of the weights meets.  0 where the sum is 0. */
static double sum_square(const struct theory_layer *layer, const struct gradient *g)
{
	double n = (double)layer->fan_out;
	return layer->activation == NULL || layer->normalization == THEORY_LAYER ? 0
	       : n * (1 + (n - 1) * g->delta_shared);
}

/* The layer where the branch that begins here ends; NULL: none begins. */
static const struct theory_layer *end_of_branch(const struct theory_layer *layer)
{
	return layer->residual == 1 ? layer
	       : layer->residual == 0 && layer->activation && layer[1].residual == 2 ? &layer[1] : NULL;
}

/* The share of the square that lies along the signal beyond the one by chance. */
static double beyond_chance(const struct gradient_of_output *a, double units)
{
	return fmax(0, (units * a->part - 1) / (units - 1)) + 0 * a->part;
}

/* The same; 0 before any branch has made it grow. */
static double excess(const struct gradient_of_output *a, double units)
{
	return a->plain == 1 || units < 2 ? 0 : beyond_chance(a, units);
}

/* The part along the signal passes a branch of one layer, which ends in `next`: returns by
 * how much it makes the whole square larger, `growth` without it. */
static double pass_along(const struct theory_layer *next, struct gradient_of_output *a, double growth)
{
	const struct theory_along *along = &next->back.along;
	double units = (double)next->fan_out;
	if (isnan(along->whole) || !(growth > 0) || units < 2)
		return 1;
	double more = fmax(1, 1 + (along->whole / growth - 1) * beyond_chance(a, units));
	a->part = fmax(1 / units, along->kept * a->part / (growth * more));
	a->plain /= more;
	return more;
}

/* From dL/dz of a layer to dL/da of the one below; returns its square over that
 * of dL/dz, without what passes by. */
static double through(const struct theory_layer *next, struct gradient *g, double inverse)
{
	const struct theory_layer *end = end_of_branch(next);
	const struct gradient_of_output *past = &g->past;
	double shared = 0, n = (double)next->fan_in;
	if (next->weight_mean != 0)
		shared = next->weight_mean * next->weight_mean * sum_square(next, g) * gain_square(next) / next->scale;
	double factor = (double)next->fan_out * next->weight_variance * gain_square(next) / next->scale + shared;
	double lambda = end ? end->skip_scale : 0;
	double part = factor * plain_delta_square(next, g), by = end ? lambda * lambda * past->square : 0, whole = part + by;
	double b = whole > 0 ? part / whole : 1;
	double crossed = end ? over_images(1, pair_square(past), inverse) : 0;
	struct gradient_of_output a = {
		.square = whole, .spread = g->delta_spread, .pair = g->delta_pair, .classes = g->delta_classes,
		.class_spread = g->delta_class_spread, .along = 1, .part = g->a.part, .plain = g->a.plain,
	};
	a.shared = ((factor > 0 ? shared / factor : 0) * part + (end ? by * past->shared : 0)) / (whole > 0 ? whole : 1);
	a.wander = g->a.wander;
	a.error = g->a.error;
	if (end) {
		/* what comes through the branch strays as what passes by does, and by itself */
		a.spread = (1 - b * b) * past->spread + b * b * g->delta_spread + 4 * b * (1 - b) * crossed / n;
		double of_classes = over_images(0, past->classes * past->classes, inverse);
		a.class_spread = (1 - b * b) * past->class_spread + b * b * g->delta_class_spread + 4 * b * (1 - b) * of_classes / n;
		a.pair = b * g->delta_pair + (1 - b) * past->pair;
		a.classes = b * g->delta_classes + (1 - b) * past->classes;
		a.wander = b * g->a.wander + (1 - b) * past->wander;
		a.error = b * g->a.error + (1 - b) * past->error;
		/* the part of the gradient along the signal grows as the signal does, for it times
		 * the signal is the same in all layers where f is homogeneous: more than theory
		 * has it where the signal grows more than the gradient */
		double gradient_growth = by > 0 ? whole / by : 1;
		if (end->normalization == THEORY_SUM)
			a.along = 1;
		else if (isnan(end->back.along.whole))
			a.along = fmax(1, past->along * end->back.growth / gradient_growth);
		else if (past->square > 0)
			a.square *= pass_along(end, &a, whole / past->square);
	}
	g->a = a;
	return factor;
}

/* The gradient's part along the signal is 4/width of it at the output, as
 * measured: 2/width by chance, and as much again as the largest logit wins. */
#define ALONG 4

/* Variance over nets of its square by the mean's, as measured behind ten classes. */
#define ALONG_SPREAD 0.5

/* E[delta^2] by that of the next layer. */
static double factor_of(const struct theory_layer *here, const struct theory_layer *next, const struct gradient *g,
                        double factor, double delta_square)
{
	double alpha = output_scale(here), past = 0;
	if (next->residual == 1)
		past = next->skip_scale * next->skip_scale / (next->slope_square * next->branch_scale * next->branch_scale);
	else if (end_of_branch(next))
		past = next[1].skip_scale * next[1].skip_scale * g->past.square / delta_square;
	return here->slope_square * alpha * alpha * sum_gradient_factor(here) * (factor + past);
}

void theory_back(struct theory_layer *layer, size_t layers, size_t classes, double inverse)
{
	struct gradient g = output(&layer[layers - 1], classes, inverse);
	for (size_t l = layers - 1; l-- > 0;) {
		struct theory_layer *here = &layer[l];
		const struct theory_layer *next = &layer[l + 1];
		const struct theory_way_back *back = &here->back;
		double alpha = output_scale(here), units = (double)here->fan_out, above = g.delta_square;
		double factor = through(next, &g, inverse), pair = 1 + 2 * pair_square(&g.a);
		double sampling = over_images(3 * back->square, pair * back->square_pair, inverse) - 1;
		g.a.square *= sum_gradient_factor(here);
		g.a.spread += back->divided;
		double beyond = excess(&g.a, units), steeper = isnan(back->along.slope) ? 0 : back->along.slope - here->slope_square;
		here->delta_mean_square = (here->slope_square + steeper * beyond) * alpha * alpha * g.a.square;
		here->delta_factor = g.a.plain == 1 ? factor_of(here, next, &g, factor, above) : here->delta_mean_square / above;
		if (here->residual)
			g.past = g.a;
		g.delta_square = here->delta_mean_square;
		g.delta_shared = g.a.shared * back->shared;
		g.delta_pair = g.a.pair * back->pair;
		g.delta_classes = g.a.classes * back->pair;
		g.delta_spread = g.a.spread + sampling / units;
		double of_classes = over_images(0, 2 * g.a.classes * g.a.classes * back->square_pair, inverse);
		g.delta_class_spread = g.a.class_spread + of_classes / units;
		g.a.wander += back->wander;
		g.a.error += back->error;
		double along = log1p(ALONG * g.a.along / units), grown = 1 - g.a.plain;
		double spread = g.delta_spread + g.a.wander * g.a.wander + ALONG_SPREAD * grown * grown;
		here->delta_band = sqrt(log1p(spread) + along * along + g.a.error * g.a.error);
		here->delta_scatter = sqrt(log1p(fmax(0, spread - g.delta_class_spread)) + along * along + 0 * spread);
		double step = g.delta_spread - g.a.spread + back->wander * back->wander;
		along = log1p(ALONG / units);
		here->delta_factor_band = sqrt(log1p(step) + along * along + back->error * back->error);
	}
}
