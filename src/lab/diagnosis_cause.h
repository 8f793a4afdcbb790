/* Causes that lie in the sums of the layers.  For diagnosis*.c only. */
#ifndef INITVIZ_LAB_DIAGNOSIS_CAUSE_H
#define INITVIZ_LAB_DIAGNOSIS_CAUSE_H

#include "lab/diagnosis_sum.h"

/* The optimizer's learning rate; NaN where it has none. */
double diagnosis_learning_rate(const struct diagnosis_pattern *p);

/* These add a statement why E[z²] is too large, why it is too small, and why
 * gradient² changes from layer to layer: they name the factor of the sum that is
 * wrong. */
void diagnosis_why_large(struct wording *why, const struct diagnosis_pattern *p);
void diagnosis_why_small(struct wording *why, const struct diagnosis_pattern *p);
void diagnosis_why_gradient(struct wording *why, const struct diagnosis_pattern *p);

/* These add a statement that E[z²] is due to the biases, or to the mean of the
 * weights. */
void diagnosis_blame_biases(struct wording *why, const struct diagnosis_sum *sum);
void diagnosis_blame_mean(struct wording *why, const struct diagnosis_sum *sum);

#endif
