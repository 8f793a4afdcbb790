/* The sums of a layer, factor by factor: what makes E[z²] and gradient² what
 * they are, and the variance of the weights that theory wants instead. */
#ifndef INITVIZ_LAB_DIAGNOSIS_SUM_H
#define INITVIZ_LAB_DIAGNOSIS_SUM_H

#include "lab/diagnosis_parts.h"

/* E[z²] of random weights is about random + common + bias. */
struct diagnosis_sum {
	double fan_in, input_square, input_mean; /* E[x²], E[x] of the layer's input */
	double weight_variance, weight_mean;     /* of the present weights */
	double bias_mean, bias_variance;
	double random; /* fan_in E[x²] Var(W) */
	double common; /* (fan_in E[x] E[W])² */
	double bias;   /* E[b²] */
};
struct diagnosis_sum diagnosis_sum_of(const struct snapshot *now, size_t layer);

/* gradient² of a hidden layer / of the next one = fan_out Var(W) of the next
 * layer, times the mean squared slope here. */
struct diagnosis_back {
	double fan_out, weight_variance, slope_square;
	double factor; /* the product */
	double largest_slope_square; /* of the activation; NaN if it is unbounded */
};
struct diagnosis_back diagnosis_back_of(const struct snapshot *now, size_t layer);

/* The largest |z| of this sign at which the activation is not flat yet (slope
 * above 10 % of its largest); NaN if it is nowhere flat on that side. */
double diagnosis_flat_beyond(const struct spec *activation, int sign);

#endif
