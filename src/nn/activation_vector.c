/* Activations for arrays of floats: for each the output, followed by the gradient. */
#include "nn/activation_kind.h"
#include "nn/kernel/vector_math.h"

/* a[n] = value(z); FORWARD_WITH first reads a parameter. */
#define FORWARD(kind, value) FORWARD_WITH(kind, (void)p, value)
#define FORWARD_WITH(kind, parameter, value) \
	VECTOR_CLONES void activation_##kind##_forward(float *a_, const float *z_, size_t n, const double *p) \
	{ \
		parameter; \
		VECTOR_EACH(i, n) { \
			float z = z_[i]; \
			a_[i] = (value); \
		} \
	}

/* delta[n] = value(delta, z, a).  If the slope is 0 or 1 the gradient is selected,
 * not multiplied, so that Inf * 0 cannot make a NaN. */
#define BACKWARD(kind, value) BACKWARD_WITH(kind, (void)p, value)
#define BACKWARD_WITH(kind, parameter, value) \
	VECTOR_CLONES void activation_##kind##_backward(float *delta_, const float *z_, const float *a_, size_t n, \
	                                                const double *p) \
	{ \
		parameter; \
		VECTOR_EACH(i, n) { \
			float delta = delta_[i], z = z_[i], a = a_[i]; \
			(void)z, (void)a; \
			delta_[i] = (value); \
		} \
	}

FORWARD(linear, z)
BACKWARD(linear, delta)

FORWARD(sigmoid, vector_sigmoid(z))
BACKWARD(sigmoid, delta * (a * (1.0f - a)))

FORWARD(hard_sigmoid, vector_clamp(z * (1.0f / 6) + 0.5f, 0.0f, 1.0f))
BACKWARD(hard_sigmoid, vector_abs(z) >= 3.0f ? 0.0f : delta * (1.0f / 6))

FORWARD(tanh, vector_tanh(z))
BACKWARD(tanh, delta * (1.0f - a * a))

FORWARD(hard_tanh, vector_clamp(z, -1.0f, 1.0f))
BACKWARD(hard_tanh, vector_abs(z) >= 1.0f ? 0.0f : delta)

#define LECUN ((float)LECUN_TANH_SCALE)
FORWARD(lecun_tanh, LECUN * vector_tanh(z * (2.0f / 3)))
BACKWARD(lecun_tanh, delta * (2.0f / 3) * (LECUN - a * a * (1 / LECUN)))

FORWARD(erf, vector_erf(z))
BACKWARD(erf, delta * 1.1283791671f * vector_exp(-z * z))

FORWARD(softsign, vector_clamp(z, -1e30f, 1e30f) / (1.0f + vector_at_most(vector_abs(z), 1e30f)))
BACKWARD(softsign, delta * (1.0f / (1.0f + vector_abs(z)) * (1.0f / (1.0f + vector_abs(z)))))

FORWARD(relu, vector_at_least(z, 0.0f))
BACKWARD(relu, z <= 0.0f ? 0.0f : delta)

FORWARD(relu6, vector_clamp(z, 0.0f, 6.0f))
BACKWARD(relu6, ((z <= 0.0f) | (z >= 6.0f)) ? 0.0f : delta)

FORWARD_WITH(leaky_relu, float slope = (float)p[0], z > 0.0f ? z : slope * z)
BACKWARD_WITH(leaky_relu, float slope = (float)p[0], z > 0.0f ? delta : slope * delta)

/* A line on the right, alpha (e^z - 1) on the left, and the slope of that. */
VECTOR_INLINE float bent(float z, float right, float alpha)
{
	return z > 0.0f ? right * z : alpha * vector_expm1_negative(vector_at_most(z, 0.0f));
}

VECTOR_INLINE float bent_slope(float z, float right, float alpha)
{
	return z > 0.0f ? right : alpha * vector_exp(vector_at_most(z, 0.0f));
}

FORWARD_WITH(elu, float alpha = (float)p[0], bent(z, 1.0f, alpha))
BACKWARD_WITH(elu, float alpha = (float)p[0], delta * bent_slope(z, 1.0f, alpha))

FORWARD_WITH(celu, float alpha = (float)p[0], z > 0.0f ? z : bent(z / alpha, 1.0f, alpha))
BACKWARD_WITH(celu, float alpha = (float)p[0], delta * bent_slope(z / alpha, 1.0f, 1.0f))

#define SELU_LOW ((float)(SELU_LAMBDA * SELU_ALPHA))
FORWARD(selu, bent(z, (float)SELU_LAMBDA, SELU_LOW))
BACKWARD(selu, delta * bent_slope(z, (float)SELU_LAMBDA, SELU_LOW))

/* z is limited where the other factor becomes 0, so that the result is the limit
 * and not Inf * 0. */
FORWARD(gelu, vector_at_least(z, -40.0f) * vector_normal_cdf(z))
BACKWARD(gelu, delta * (vector_normal_cdf(z) + vector_clamp(z, -40.0f, 40.0f) * vector_normal_density(z)))

VECTOR_INLINE float gelu_twice_u(float z)
{
	return 1.59576912f * z * (1.0f + 0.044715f * z * z);
}

VECTOR_INLINE float gelu_tanh_slope(float z)
{
	float u = gelu_twice_u(z);
	return vector_sigmoid(u) + z * 1.59576912f * (1.0f + 0.134145f * z * z) * vector_sigmoid_slope(u);
}

FORWARD(gelu_tanh, vector_at_least(z, -40.0f) * vector_sigmoid(gelu_twice_u(z)))
BACKWARD(gelu_tanh, delta * gelu_tanh_slope(vector_clamp(z, -40.0f, 40.0f)))

FORWARD(silu, vector_at_least(z, -200.0f) * vector_sigmoid(z))
BACKWARD(silu, delta * (vector_sigmoid(z) + vector_clamp(z, -200.0f, 200.0f) * vector_sigmoid_slope(z)))

/* tanh(softplus(z)) = t / (t + 2), t = e^z (e^z + 2); 1 - that = 2 / (t + 2) */
VECTOR_INLINE float mish_t(float z)
{
	float e = vector_exp(vector_at_most(z, 20.0f));
	return e * (e + 2.0f);
}

VECTOR_INLINE float mish_slope(float z)
{
	float t = mish_t(z), rest = 2.0f / (t + 2.0f), share = t / (t + 2.0f);
	return share + z * rest * (1.0f + share) * vector_sigmoid(z);
}

FORWARD(mish, vector_at_least(z, -200.0f) * (mish_t(z) / (mish_t(z) + 2.0f)))
BACKWARD(mish, delta * mish_slope(vector_clamp(z, -200.0f, 200.0f)))

FORWARD(softplus, vector_softplus(z))
BACKWARD(softplus, delta * vector_sigmoid(z))

/* sqrt(z^2 + b); beyond 1e9 that is |z|, and z^2 may overflow */
VECTOR_INLINE float squareplus_root(float z, float b)
{
	float m = vector_abs(z);
	return m > 1e9f ? m : sqrtf(m * m + b);
}

VECTOR_INLINE float squareplus(float z, float b)
{
	float root = squareplus_root(z, b);
	return z < 0.0f ? 0.5f * b / (root - z) : 0.5f * z + 0.5f * root;
}

VECTOR_INLINE float squareplus_slope(float z, float b)
{
	return 0.5f + 0.5f * z / squareplus_root(z, b);
}

FORWARD_WITH(squareplus, float b = (float)p[0], squareplus(z, b))
BACKWARD_WITH(squareplus, float b = (float)p[0], delta * squareplus_slope(vector_clamp(z, -1e9f, 1e9f), b))

FORWARD(exponential, vector_exp(z))
BACKWARD(exponential, delta * a)

FORWARD(tanh_shrink, z - vector_tanh(z))
BACKWARD(tanh_shrink, delta * (vector_tanh(z) * vector_tanh(z)))

/* The vector form of the sine is valid up to 1e9, where neighbouring floats are 64
 * apart; arrays with larger values use the scalar functions. */
static int sine_is_near(const float *z, size_t n, double w0)
{
	int far = 0;
	for (size_t i = 0; i < n; i++)
		far |= !(w0 * fabs((double)z[i]) < 1e9);
	return !far;
}

VECTOR_CLONES static void sine(float *a, const float *z, size_t n, double w0)
{
	VECTOR_EACH(i, n)
		a[i] = (float)vector_sin(w0 * (double)z[i]);
}

VECTOR_CLONES static void times_cosine(float *delta, const float *z, size_t n, double w0)
{
	VECTOR_EACH(i, n)
		delta[i] = (float)((double)delta[i] * w0 * vector_sin(w0 * (double)z[i] + M_PI_2));
}

void activation_sin_forward(float *a, const float *z, size_t n, const double *p)
{
	if (sine_is_near(z, n, p[0]))
		sine(a, z, n, p[0]);
	else
		for (size_t i = 0; i < n; i++)
			a[i] = (float)sin(p[0] * (double)z[i]);
}

void activation_sin_backward(float *delta, const float *z, const float *a, size_t n, const double *p)
{
	(void)a;
	if (sine_is_near(z, n, p[0]))
		times_cosine(delta, z, n, p[0]);
	else
		for (size_t i = 0; i < n; i++)
			delta[i] = (float)((double)delta[i] * p[0] * cos(p[0] * (double)z[i]));
}
