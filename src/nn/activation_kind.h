/* The functions of each activation, which activation.c lists, declared by name.  The definitions in double are in activation_scalar.c, the loops in
 * float in activation_vector.c. */
#ifndef INITVIZ_NN_ACTIVATION_KIND_H
#define INITVIZ_NN_ACTIVATION_KIND_H

#include <stddef.h>

#define ACTIVATION_FUNCTIONS(kind) \
	double kind##_f(double z, const double *p); \
	double kind##_df(double z, const double *p); \
	void kind##_forward(float *a, const float *z, size_t n, const double *p); \
	void kind##_backward(float *delta, const float *z, const float *a, size_t n, const double *p);

ACTIVATION_FUNCTIONS(activation_linear)
ACTIVATION_FUNCTIONS(activation_sigmoid)
ACTIVATION_FUNCTIONS(activation_hard_sigmoid)
ACTIVATION_FUNCTIONS(activation_tanh)
ACTIVATION_FUNCTIONS(activation_hard_tanh)
ACTIVATION_FUNCTIONS(activation_lecun_tanh)
ACTIVATION_FUNCTIONS(activation_erf)
ACTIVATION_FUNCTIONS(activation_softsign)
ACTIVATION_FUNCTIONS(activation_relu)
ACTIVATION_FUNCTIONS(activation_relu6)
ACTIVATION_FUNCTIONS(activation_leaky_relu)
ACTIVATION_FUNCTIONS(activation_elu)
ACTIVATION_FUNCTIONS(activation_celu)
ACTIVATION_FUNCTIONS(activation_selu)
ACTIVATION_FUNCTIONS(activation_gelu)
ACTIVATION_FUNCTIONS(activation_gelu_tanh)
ACTIVATION_FUNCTIONS(activation_silu)
ACTIVATION_FUNCTIONS(activation_mish)
ACTIVATION_FUNCTIONS(activation_softplus)
ACTIVATION_FUNCTIONS(activation_squareplus)
ACTIVATION_FUNCTIONS(activation_sin)
ACTIVATION_FUNCTIONS(activation_exponential)
ACTIVATION_FUNCTIONS(activation_tanh_shrink)
ACTIVATION_FUNCTIONS(activation_expr)

double activation_expr_max_slope(const double *p);
int activation_expr_kinks(double *at, const double *p);
void activation_expr_range(double *low, double *high, const double *p);

#define SELU_ALPHA 1.6732632423543772848170429916717
#define SELU_LAMBDA 1.0507009873554804934193349852946
#define LECUN_TANH_SCALE 1.7159

#endif
