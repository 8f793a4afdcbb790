/* The weights of the score, all in this file.  Unit: one e-fold of the mean square
 * of signal or gradient over the whole net. */
#include "lab/cure_score.h"

#include <math.h>
#include <string.h>

#include "nn/activation.h"

/* ---- the terms ---- */

enum { GRADIENT, SIGNAL, SPREAD, FIRST, FLAT, LOGITS, READOUT, ALIKE, ISOMETRY, TERMS };

/* A term costs `near` per unit up to `free` and `beyond` per unit above that; above
 * `limit` the net cannot be a cure.  Up to `free` two nets count as nearly equal,
 * so that the simpler one is chosen. */
static const struct term {
	double near, free, beyond, limit;
	const char *what;
	const char *obstacle; /* what happens in a net with a large value */
} terms[TERMS] = {
	[GRADIENT] = { 0.2, 4.6, 1, 6, "|ln| of the gradient factor over the hidden layers: a factor 100 is nearly equal",
	               "the gradient would not keep its size" },
	[SIGNAL] = { 0.2, 4.6, 1, 9, "|ln| of the signal factor over the hidden layers",
	               "the signal would not keep its size" },
	/* Hanin and Nica 2020: it grows with depth/width, and makes training more
	 * difficult */
	[SPREAD] = { 0, 0.3, 10, 2, "standard deviation of ln gradient over nets drawn at random",
	               "the gradient would differ much from net to net" },
	[FIRST] = { 0.2, 2.3, 0.5, INFINITY, "|ln| of E[z^2] in layer 1 by E[x^2]",
	               "z of layer 1 would be too small or too large" },
	[FLAT] = { 6, 1, 6, 0.3, "share of saturated values above that of a healthy net",
	               "many outputs would be saturated" },
	[LOGITS] = { 0.2, 1, 1, 4, "ln of E[z^2] of the output layer where it exceeds 1: a confident start",
	               "the net would start confident" },
	[READOUT] = { 1, 1, 1, INFINITY, "e-folds by which the output layer reduces the gradient by more than a factor 1000",
	               "the output layer would let hardly any gradient through" },
	/* of 300 steps on MNIST: relu with He learns at 20 (10 layers), badly at 40, hardly at 100 */
	[ISOMETRY] = { 0, 20, 0.2, INFINITY, "variance of the Jacobian's squared singular values: the depth in layers that train one after another",
	               "few directions would get most of the gradient" },
	[ALIKE] = { 0.1, 3, 0.5, 11, "-ln(1 - correlation): images that have become alike",
	               "images would become alike" },
};

static double penalty(const struct term *term, double value)
{
	if (!(value <= term->limit))
		return INFINITY;
	return value <= term->free ? term->near * value
	                           : term->near * term->free + term->beyond * (value - term->free);
}

/* The share of saturated values in a healthy net: half if the activation is
 * inactive for z < 0. */
static double healthy_flat(const struct spec *activation)
{
	switch (activation_of(activation)->saturation) {
	case SATURATION_INACTIVE:
		return 0.6;
	case SATURATION_SATURATED:
		return 0.05;
	case SATURATION_FLAT:
		break;
	}
	return 0.2;
}

/* |ln factor|; 0 if the net is too shallow to have this factor. */
static double folds(double factor, bool there_is_one)
{
	return !there_is_one ? 0 : factor > 0 ? fabs(log(factor)) : INFINITY;
}

/* The values of the terms; false if the net cannot be a cure whatever they are. */
static bool measure(double value[TERMS], const struct net_factors *f, const struct spec *activation)
{
	bool hidden = f->hidden > 0, deep = f->hidden > 1;
	/* e^z: a few large slopes make up the mean square, which no finite net has */
	if (hidden && isnan(activation_of(activation)->max_slope(activation->value)))
		return false;
	const double all[TERMS] = {
		[GRADIENT] = folds(f->gradient, deep) + 0.5 * f->doubt,
		[SIGNAL] = folds(f->signal, deep),
		[SPREAD] = isnan(f->band) ? 0 : f->band,
		[FIRST] = folds(f->first, true),
		[FLAT] = hidden ? fmax(0, f->flat - healthy_flat(activation)) + 0 * f->flat : 0,
		[LOGITS] = fmax(0, log(f->logits)) + 0 * f->logits,
		[READOUT] = hidden ? fmin(5, fmax(0, -log(1000 * f->readout))) : 0,
		[ISOMETRY] = f->isometry,
		[ALIKE] = isnan(f->correlation) ? 0 : -log(fmax(1e-9, 1 - f->correlation)),
	};
	memcpy(value, all, sizeof all);
	return true;
}

double cure_score(const struct net_factors *factors, const struct spec *activation)
{
	double value[TERMS], score = 0;
	if (!measure(value, factors, activation))
		return INFINITY;
	for (int i = 0; i < TERMS; i++)
		score += penalty(&terms[i], value[i]);
	return score;
}

const char *cure_score_obstacle(const struct net_factors *factors, const struct spec *activation)
{
	double value[TERMS];
	int worst = GRADIENT;
	if (measure(value, factors, activation))
		for (int i = 0; i < TERMS; i++)
			if (penalty(&terms[i], value[i]) > penalty(&terms[worst], value[worst]))
				worst = i;
	return terms[worst].obstacle;
}

/* ---- what changes cost ---- */

const double cure_change_costs[CURE_CHANGES] = {
	[CURE_CHANGE_INIT] = 1,
	[CURE_CHANGE_OWN_INITS] = 0.5, /* init.N=none */
	[CURE_CHANGE_OUTPUT_INIT] = 1,
	[CURE_CHANGE_BIAS] = 1,
	[CURE_CHANGE_NORMALIZATION] = 2,
	[CURE_CHANGE_RESIDUAL] = 2,
	[CURE_CHANGE_BRANCH_SCALE] = 1,
	[CURE_CHANGE_ACTIVATION] = 4,
};

struct known {
	const char *entry, *name;
	double cost, cost_inactive; /* the latter for activations that are inactive for z < 0 */
};

/* Xavier is best known for functions that saturate, He for rectifiers. */
static const struct known known_initializers[] = {
	{ "glorot_normal", "xavier", 0, 0.15 },
	{ "he_normal", "he", 0.3, 0 },
	{ "lecun_normal", "lecun", 0.2, 0.15 },
	{ "orthogonal", "orthogonal", 0.2, 0.2 },
	{ "glorot_uniform", "glorot_uniform", 0.2, 0.25 },
	{ "he_uniform", "he_uniform", 0.35, 0.2 },
};

static const struct known known_activations[] = {
	{ "linear", "linear", INFINITY, INFINITY }, /* it would make the net one linear map */
	{ "relu", "relu", 0, 0 },
	{ "tanh", "tanh", 0, 0 },
	{ "gelu", "gelu", 0.2, 0.2 },
	{ "selu", "selu", 0.2, 0.2 },
	{ "leaky_relu", "leaky_relu", 0.2, 0.2 },
};

static const struct known *find_known(const struct known *known, size_t count, const struct entry *entry)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(known[i].entry, entry->name) == 0)
			return &known[i];
	return NULL;
}

#define KNOWN(list, entry) find_known((list), sizeof(list) / sizeof(list)[0], (entry))

double cure_initializer_cost(const struct entry *initializer, const struct spec *activation)
{
	const struct known *known = KNOWN(known_initializers, initializer);
	bool inactive = activation && activation_of(activation)->saturation == SATURATION_INACTIVE;
	return known == NULL ? 0.7 : inactive ? known->cost_inactive : known->cost;
}

double cure_activation_cost(const struct entry *activation)
{
	const struct known *known = KNOWN(known_activations, activation);
	return known ? known->cost : CURE_UNUSUAL_COST;
}

const char *cure_known_name(const struct entry *initializer)
{
	const struct known *known = KNOWN(known_initializers, initializer);
	return known ? known->name : initializer->name;
}
