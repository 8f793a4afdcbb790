/* Identity, orthogonal, sparse and Nguyen-Widrow weights: matrices whose entries
 * depend on each other. */
#include "nn/initializer_special.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/whole.h"
#include "nn/kernel/vector_math.h"

#define UNUSED __attribute__((unused))

/* ---- identity ---- */

double identity_mean(const struct fans *fans)
{
	return fans->p[0] * fmin(fans->in, fans->out) / (fans->in * fans->out);
}

double identity_variance(const struct fans *fans)
{
	double share = 1 / fmax(fans->in, fans->out); /* of entries on the diagonal */
	return fans->p[0] * fans->p[0] * share * (1 - share);
}

bool identity_fill(float *w, size_t fan_in, size_t fan_out, const double *p, UNUSED struct rng *rng,
                   UNUSED struct err *err)
{
	memset(w, 0, fan_in * fan_out * sizeof *w);
	for (size_t i = 0; i < fan_in && i < fan_out; i++)
		w[i * fan_out + i] = (float)p[0];
	return true;
}

/* ---- IDInit ---- */

/* Of entries that are not 0: each output has one. */
static double padded_share(const struct fans *fans)
{
	return 1 / fans->in;
}

double padded_identity_mean(const struct fans *fans)
{
	return fans->p[0] * padded_share(fans);
}

double padded_identity_variance(const struct fans *fans)
{
	double share = padded_share(fans);
	return fans->p[0] * fans->p[0] * share * (1 - share);
}

bool padded_identity_fill(float *w, size_t fan_in, size_t fan_out, const double *p, UNUSED struct rng *rng,
                          UNUSED struct err *err)
{
	memset(w, 0, fan_in * fan_out * sizeof *w);
	for (size_t j = 0; j < fan_out; j++)
		w[j % fan_in * fan_out + j] = (float)p[0];
	return true;
}

/* Each output has one weight eps and one -eps, whose mean is 0. */
double zero_preserving_variance(const struct fans *fans)
{
	return fans->in > 1 ? fans->p[0] * fans->p[0] * 2 / fans->in : 0;
}

bool zero_preserving_fill(float *w, size_t fan_in, size_t fan_out, const double *p, UNUSED struct rng *rng,
                          UNUSED struct err *err)
{
	memset(w, 0, fan_in * fan_out * sizeof *w);
	for (size_t j = 0; j < fan_out && fan_in > 1; j++) {
		size_t negative = fan_out < fan_in ? fan_out + j % (fan_in - fan_out) : (j + 1) % fan_in;
		w[j % fan_in * fan_out + j] = (float)p[0];
		w[negative * fan_out + j] = -(float)p[0];
	}
	return true;
}

/* ---- ZerO ---- */

static const double one = 1;

/* The size of all entries where the layer widens: 2^-((m - 1)/2), m = ceil(log2(out)). */
static double hadamard_size(double out)
{
	return sqrt(2 / exp2(ceil(log2(out))));
}

static double hadamard_sign(size_t i, size_t j)
{
	return __builtin_parityll(i & j) ? -1 : 1;
}

double hadamard_mean(const struct fans *fans)
{
	size_t in = (size_t)whole_count(fans->in), out = (size_t)whole_count(fans->out);
	double sum = 0;
	if (out <= in)
		return identity_mean(&(struct fans){ fans->in, fans->out, &one });
	for (size_t i = 0; i < in; i++)
		for (size_t j = 0; j < out; j++)
			sum += hadamard_sign(i, j);
	return sum * hadamard_size(fans->out) / (fans->in * fans->out);
}

double hadamard_variance(const struct fans *fans)
{
	double mean = hadamard_mean(fans), size = hadamard_size(fans->out);
	return fans->out <= fans->in ? identity_variance(&(struct fans){ fans->in, fans->out, &one }) : size * size - mean * mean;
}

bool hadamard_fill(float *w, size_t fan_in, size_t fan_out, UNUSED const double *p, struct rng *rng, struct err *err)
{
	if (fan_out <= fan_in)
		return identity_fill(w, fan_in, fan_out, &one, rng, err);
	for (size_t i = 0; i < fan_in; i++)
		for (size_t j = 0; j < fan_out; j++)
			w[i * fan_out + j] = (float)(hadamard_size((double)fan_out) * hadamard_sign(i, j));
	return true;
}

/* ---- orthogonal ---- */

/* Eight partial sums: vectors can be used, and the order of additions is fixed. */
#define SUMS 8

static VECTOR_CLONES double dot(const double *x, const double *y, size_t n)
{
	double sum[SUMS] = {0}, total = 0;
	size_t i = 0;
	for (; i + SUMS <= n; i += SUMS)
		for (size_t j = 0; j < SUMS; j++)
			sum[j] += x[i + j] * y[i + j];
	for (; i < n; i++)
		total += x[i] * y[i];
	for (size_t j = 0; j < SUMS; j++)
		total += sum[j];
	return total;
}

/* y += factor x */
static VECTOR_CLONES void add_multiple(double *y, double factor, const double *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		y[i] += factor * x[i];
}

/* H y = y - 2 v (v'y) for a unit vector v. */
static void reflect(double *y, const double *v, size_t n)
{
	add_multiple(y, -2 * dot(v, y, n), v, n);
}

/* Replaces x by the unit vector v whose reflection maps x to (r, 0, ..., 0), and
 * returns the sign of r. */
static double reflector(double *x, size_t n)
{
	double sign = x[0] > 0 ? -1 : 1;
	x[0] -= sign * sqrt(dot(x, x, n));
	double length = sqrt(dot(x, x, n));
	if (length == 0) /* x is 0: any reflection is right */
		x[0] = length = 1;
	for (size_t i = 0; i < n; i++)
		x[i] /= length;
	return sign;
}

/* The QR decomposition of a Gaussian matrix (rows >= columns) by Householder's
 * reflections, in place.  q stores columns of `rows` numbers: at first the Gaussian
 * matrix, then the reflectors below the diagonal, at the end Q, its columns times
 * the signs of R's diagonal, which makes it uniform over all orthogonal matrices
 * (Mezzadri 2007).  sign: scratch for (columns) numbers. */
static void orthogonalize(double *q, double *sign, size_t rows, size_t columns)
{
	for (size_t j = 0; j < columns; j++) {
		double *v = q + j * rows + j;
		sign[j] = reflector(v, rows - j);
		for (size_t k = j + 1; k < columns; k++)
			reflect(q + k * rows + j, v, rows - j);
	}
	for (size_t j = columns; j-- > 0;) {
		double *v = q + j * rows + j, factor = -2 * sign[j] * v[0];
		for (size_t k = j + 1; k < columns; k++) {
			q[k * rows + j] = 0; /* belonged to R */
			reflect(q + k * rows + j, v, rows - j);
		}
		for (size_t i = 0; i < rows - j; i++)
			v[i] *= factor;
		v[0] += sign[j];
	}
}

double orthogonal_variance(const struct fans *fans)
{
	return fans->p[0] * fans->p[0] / fmax(fans->in, fans->out);
}

bool orthogonal_fill(float *w, size_t fan_in, size_t fan_out, const double *p, struct rng *rng, struct err *err)
{
	bool tall = fan_in >= fan_out;
	size_t rows = tall ? fan_in : fan_out, columns = tall ? fan_out : fan_in, count = rows * columns;
	double *q = alloc_array(count + columns, sizeof *q, err);
	if (q == NULL)
		return false;
	rng_fill_normal(rng, w, count);
	for (size_t i = 0; i < count; i++)
		q[i] = (double)w[i];
	orthogonalize(q, q + count, rows, columns);
	/* the longer side of w is along the columns of Q */
	for (size_t j = 0; j < columns; j++)
		for (size_t i = 0; i < rows; i++)
			w[tall ? i * columns + j : j * rows + i] = (float)(p[0] * q[j * rows + i]);
	alloc_free(q);
	return true;
}

double lsuv_variance(UNUSED const struct fans *fans)
{
	return NAN;
}

/* ---- sparse ---- */

static size_t zeros_among(double sparsity, double weights)
{
	return (size_t)whole_count(ceil(sparsity * weights));
}

static double share_left(const struct fans *fans, double weights)
{
	return 1 - (double)zeros_among(fans->p[0], weights) / weights;
}

double sparse_variance(const struct fans *fans)
{
	return share_left(fans, fans->in) * fans->p[1] * fans->p[1];
}

double torch_sparse_variance(const struct fans *fans)
{
	return share_left(fans, fans->out) * fans->p[1] * fans->p[1];
}

/* Multiplies n weights, `stride` apart, by sd, and exactly so many of them by 0:
 * each with the probability that is left (Knuth, volume 2, algorithm S). */
static void thin_out(float *w, size_t n, size_t stride, const double *p, struct rng *rng)
{
	size_t zeros = zeros_among(p[0], (double)n);
	for (size_t i = 0; i < n; i++) {
		float *entry = &w[i * stride];
		bool chosen = rng_below(rng, (uint32_t)(n - i)) < zeros;
		*entry = chosen ? 0 : *entry * (float)p[1];
		zeros -= chosen;
	}
}

bool sparse_fill(float *w, size_t fan_in, size_t fan_out, const double *p, struct rng *rng, UNUSED struct err *err)
{
	rng_fill_normal(rng, w, fan_in * fan_out);
	for (size_t j = 0; j < fan_out; j++)
		thin_out(w + j, fan_in, fan_out, p, rng);
	return true;
}

bool torch_sparse_fill(float *w, size_t fan_in, size_t fan_out, const double *p, struct rng *rng,
                       UNUSED struct err *err)
{
	rng_fill_normal(rng, w, fan_in * fan_out);
	for (size_t i = 0; i < fan_in; i++)
		thin_out(w + i * fan_out, fan_out, 1, p, rng);
	return true;
}

/* ---- Nguyen and Widrow ---- */

/* The length of each unit's weight vector. */
static double unit_length(double in, double out)
{
	return 0.7 * pow(out, 1 / in);
}

double nguyen_widrow_variance(const struct fans *fans)
{
	double length = unit_length(fans->in, fans->out);
	return length * length / fans->in;
}

bool nguyen_widrow_fill(float *w, size_t fan_in, size_t fan_out, UNUSED const double *p, struct rng *rng,
                        UNUSED struct err *err)
{
	rng_fill_uniform(rng, w, fan_in * fan_out);
	for (size_t i = 0; i < fan_in * fan_out; i++)
		w[i] = 2 * w[i] - 1; /* never 0: the numbers are odd multiples of half a step */
	for (size_t j = 0; j < fan_out; j++) {
		double square = 0;
		for (size_t i = 0; i < fan_in; i++)
			square += (double)w[i * fan_out + j] * (double)w[i * fan_out + j];
		float factor = (float)(unit_length((double)fan_in, (double)fan_out) / sqrt(square));
		for (size_t i = 0; i < fan_in; i++)
			w[i * fan_out + j] *= factor;
	}
	return true;
}
