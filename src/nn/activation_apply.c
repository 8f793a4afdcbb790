/* Activations of arrays: by the vector functions of an entry where it has them,
 * else value by value, so that a new activation needs only f and df. */
#include "nn/activation.h"

void activation_forward(const struct activation *activation, float *a, const float *z, size_t n, const double *p)
{
	if (activation->forward) {
		activation->forward(a, z, n, p);
		return;
	}
	for (size_t i = 0; i < n; i++)
		a[i] = (float)activation->f((double)z[i], p);
}

void activation_backward(const struct activation *activation, float *delta, const float *z, const float *a, size_t n,
                         const double *p)
{
	if (activation->backward) {
		activation->backward(delta, z, a, n, p);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		float slope = (float)activation->df((double)z[i], p);
		delta[i] = slope == 0 ? 0 : delta[i] * slope; /* Inf * 0 must not become NaN */
	}
}
