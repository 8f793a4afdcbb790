/* Integrals over a Gaussian: Gauss-Legendre on panels that are graded towards
 * the point where the integrand changes quickly and cut at its kinks. */
#ifndef INITVIZ_NN_THEORY_GAUSS_H
#define INITVIZ_NN_THEORY_GAUSS_H

#include <stddef.h>

struct gauss_integral {
	double q;      /* variance of u ~ N(0, q): positive and finite */
	double centre; /* the panels double in width away from here ... */
	double finest; /* ... starting with this one (or sqrt q if that is less) */
	const double *kinks;
	int kink_count;
};

/* Calls visit(context, u, weight) at every node: E g(u) is the sum of weight
 * times g(u).  Some hundred nodes, growing with log q. */
void gauss_visit(const struct gauss_integral *integral, void (*visit)(void *context, double u, double weight),
                 void *context);

/* E of sum p_i^2 of a softmax over `classes` logits that are independent
 * N(0, q): 1/classes for equal logits, 1 for a certain answer. */
double softmax_square_sum(double q, size_t classes);

#endif
