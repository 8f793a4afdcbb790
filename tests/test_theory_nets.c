/* Theory against nets drawn here: with random numbers and products of this file,
 * and nothing of the program's net. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "check.h"
#include "nn/activation.h"
#include "nn/theory.h"

static struct spec spec_named(const char *name)
{
	struct spec spec;
	struct err err;
	assert_true(spec_parse(&spec, &activations, name, &err));
	return spec;
}

/* ---- one image, ten layers ---- */

static uint64_t random_bits(void)
{
	static uint64_t state = 0x9e3779b97f4a7c15u;
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 2685821657736338717u;
}

/* N(0, 1), Marsaglia's polar method. */
static double random_normal(void)
{
	static double spare;
	static bool have;
	have = !have;
	if (!have)
		return spare;
	double x, y, r;
	do {
		x = 2 * ((double)(random_bits() >> 11) / 9007199254740992.0) - 1;
		y = 2 * ((double)(random_bits() >> 11) / 9007199254740992.0) - 1;
		r = x * x + y * y;
	} while (r >= 1 || r == 0);
	double scale = sqrt(-2 * log(r) / r);
	spare = y * scale;
	return x * scale;
}

#define WIDTH 256
#define DEPTH 10
#define NETS 24

static float mc_weight[DEPTH][WIDTH][WIDTH]; /* (in, out), N(0, 1) */

struct estimate {
	double sum, square;
};

static void estimate_add(struct estimate *estimate, double value)
{
	estimate->sum += value;
	estimate->square += value * value;
}

/* Within four standard errors of the nets drawn, and what a width of 256 may
 * differ from infinity: a share that grows with depth / width. */
static void check_estimate(const struct estimate *estimate, double expected, double bias, const char *what,
                           const char *name)
{
	double mean = estimate->sum / NETS, variance = fmax(0, estimate->square / NETS - mean * mean);
	double tolerance = 4 * sqrt(variance / NETS) + bias * fabs(expected);
	if (!(fabs(mean - expected) <= tolerance && tolerance < 0.8 * fabs(expected)))
		fail_msg("%s of %s: %g in nets, %g predicted, tolerance %g", what, name, mean, expected, tolerance);
}

static double mean_square(const double *x)
{
	double sum = 0;
	for (int i = 0; i < WIDTH; i++)
		sum += x[i] * x[i];
	return sum / WIDTH;
}

/* One image through one net and one gradient back. */
struct single {
	double sigma;
	double z[DEPTH][WIDTH], a[DEPTH][WIDTH], delta[DEPTH][WIDTH];
};

static void single_pass(struct single *net, const struct spec *spec, const double *x, const double *gradient)
{
	const struct activation *activation = activation_of(spec);
	double scale = net->sigma / sqrt(WIDTH);
	for (int l = 0; l < DEPTH; l++) {
		const double *in = l ? net->a[l - 1] : x;
		float sum[WIDTH] = {0};
		for (int i = 0; i < WIDTH; i++) {
			float factor = (float)(in[i] * scale);
			for (int j = 0; j < WIDTH; j++)
				sum[j] += factor * mc_weight[l][i][j];
		}
		for (int j = 0; j < WIDTH; j++) {
			net->z[l][j] = (double)sum[j];
			net->a[l][j] = activation->f(net->z[l][j], spec->value);
		}
	}
	for (int l = DEPTH - 1; l >= 0; l--) {
		for (int i = 0; i < WIDTH; i++) {
			double back = gradient[i];
			if (l < DEPTH - 1) {
				back = 0;
				for (int j = 0; j < WIDTH; j++)
					back += net->delta[l + 1][j] * (double)mc_weight[l + 1][i][j];
				back *= scale;
			}
			net->delta[l][i] = back * activation->df(net->z[l][i], spec->value);
		}
	}
}

/* Weight variance that keeps q near 1, halved: so that no map q -> q is unstable. */
static double stable_sigma2(const struct spec *spec)
{
	struct theory_moments m;
	theory_moments(&m, spec, 1);
	return 0.5 / m.mean_square;
}

/* The layer that is compared.  tanh_shrink is a cube near 0: every layer makes
 * the deviations of a net three times as large, so it is seen at layer 2. */
static int deepest(const struct spec *spec)
{
	return strcmp(spec->entry->name, "tanh_shrink") == 0 ? 1 : DEPTH - 1;
}

static void test_depth_10_against_nets(void **state)
{
	(void)state;
	static struct estimate z[32], a[32], delta[32];
	static struct single net;
	assert_true(activations.count <= 32);
	for (int trial = 0; trial < NETS; trial++) {
		double x[WIDTH], gradient[WIDTH];
		for (float *w = &mc_weight[0][0][0]; w < &mc_weight[0][0][0] + DEPTH * WIDTH * WIDTH; w++)
			*w = (float)random_normal();
		for (int i = 0; i < WIDTH; i++) {
			x[i] = random_normal();
			gradient[i] = random_normal();
		}
		for (size_t k = 0; k < activations.count; k++) {
			struct spec spec = spec_of(table_at(&activations, k));
			net.sigma = sqrt(stable_sigma2(&spec));
			single_pass(&net, &spec, x, gradient);
			estimate_add(&z[k], mean_square(net.z[deepest(&spec)]));
			estimate_add(&a[k], mean_square(net.a[deepest(&spec)]));
			estimate_add(&delta[k], mean_square(net.delta[0]));
		}
	}
	for (size_t k = 0; k < activations.count; k++) {
		struct spec spec = spec_of(table_at(&activations, k));
		struct theory_layer layer[DEPTH + 1];
		for (int l = 0; l <= DEPTH; l++)
			layer[l] = (struct theory_layer){
				.fan_in = WIDTH, .fan_out = WIDTH, .activation = &spec,
				.weight_variance = stable_sigma2(&spec) / WIDTH,
			};
		layer[DEPTH].activation = NULL;
		const struct theory_input input = { .mean_square = 1 };
		theory_predict(layer, DEPTH + 1, &input, WIDTH);
		double back = layer[DEPTH - 1].slope_square; /* a gradient of 1 enters above the last layer */
		for (int l = 0; l < DEPTH - 1; l++)
			back *= layer[l].delta_factor;
		int last = deepest(&spec);
		check_estimate(&z[k], layer[last].z_mean_square, 0.04, "E z^2", spec.entry->name);
		check_estimate(&a[k], layer[last].a_mean_square, 0.04, "E a^2", spec.entry->name);
		if (last == DEPTH - 1)
			check_estimate(&delta[k], back, 0.08, "E delta^2", spec.entry->name);
	}
}

/* ---- many images: normalization, residual, offsets of units ---- */

#define IMAGES 96
#define UNITS 128
#define BLOCKS 4

struct crowd {
	double x[IMAGES][UNITS], u[BLOCKS][IMAGES][UNITS], z[BLOCKS][IMAGES][UNITS], a[BLOCKS][IMAGES][UNITS];
	double gradient[IMAGES][UNITS], delta[BLOCKS][IMAGES][UNITS], sd[BLOCKS][IMAGES][UNITS];
	double sum[BLOCKS][IMAGES][UNITS], sum_sd[BLOCKS][IMAGES][UNITS];
	double w[BLOCKS][UNITS][UNITS], b[BLOCKS][UNITS];
};

/* Eight sums: a single one would wait for each addition. */
static double dot(const double *a, const double *b)
{
	double sum[8] = {0};
	for (int j = 0; j < UNITS; j += 8)
		for (int k = 0; k < 8; k++)
			sum[k] += a[j + k] * b[j + k];
	return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

static void add_multiple(double *restrict out, double factor, const double *restrict in)
{
	for (int j = 0; j < UNITS; j++)
		out[j] += factor * in[j];
}

static void multiply(double out[IMAGES][UNITS], double in[IMAGES][UNITS], double w[UNITS][UNITS], bool transposed)
{
	for (int b = 0; b < IMAGES; b++)
		for (int i = 0; i < UNITS; i++)
			if (transposed)
				out[b][i] += dot(in[b], w[i]);
			else
				add_multiple(out[b], in[b][i], w[i]);
}

/* z from u; sd: what each value was divided by. */
static void normalize(double z[IMAGES][UNITS], double sd[IMAGES][UNITS], double u[IMAGES][UNITS],
                      enum theory_normalization kind)
{
	int groups = kind == THEORY_BATCH ? UNITS : IMAGES, members = kind == THEORY_BATCH ? IMAGES : UNITS;
	for (int g = 0; g < groups; g++) {
		double mean = 0, square = 0;
		for (int m = 0; m < members; m++) {
			double value = kind == THEORY_BATCH ? u[m][g] : u[g][m];
			mean += value / members;
			square += value * value / members;
		}
		double scale = kind == THEORY_PLAIN ? 1 : sqrt(square - mean * mean + 1e-5);
		mean = kind == THEORY_PLAIN ? 0 : mean;
		for (int m = 0; m < members; m++) {
			int b = kind == THEORY_BATCH ? m : g, j = kind == THEORY_BATCH ? g : m;
			z[b][j] = (u[b][j] - mean) / scale;
			sd[b][j] = scale;
		}
	}
}

/* The gradient of u from that of z: the projection that normalization makes. */
static void normalize_back(double out[IMAGES][UNITS], double delta[IMAGES][UNITS], double z[IMAGES][UNITS],
                           double sd[IMAGES][UNITS], enum theory_normalization kind)
{
	int groups = kind == THEORY_BATCH ? UNITS : IMAGES, members = kind == THEORY_BATCH ? IMAGES : UNITS;
	for (int g = 0; g < groups; g++) {
		double mean = 0, product = 0;
		for (int m = 0; m < members && kind != THEORY_PLAIN; m++) {
			int b = kind == THEORY_BATCH ? m : g, j = kind == THEORY_BATCH ? g : m;
			mean += delta[b][j] / members;
			product += delta[b][j] * z[b][j] / members;
		}
		for (int m = 0; m < members; m++) {
			int b = kind == THEORY_BATCH ? m : g, j = kind == THEORY_BATCH ? g : m;
			out[b][j] = (delta[b][j] - mean - z[b][j] * product) / sd[b][j];
		}
	}
}

/* A kind of net, and of data, and how near the mean of its nets must be. */
struct kind {
	const char *activation;
	enum theory_normalization normalization;
	unsigned residual; /* layers in a branch, 1 or 2; 0: none */
	double sigma2, weight_mean; /* fan_in times the variance, and the mean */
	double bias_mean, bias_sd;
	double data_mean;
	double tolerance;
	int nets; /* 0: 6 */
	double length_sd; /* of the factor of an image, of mean 1 */
	double alpha, lambda; /* of the branches and of their inputs; 0: 1 */
	const char *last;  /* the activation of a branch's last layer; NULL: the same */
	double last_sigma2; /* and its sigma2; 0: the same */
};

static bool is_last(const struct kind *kind, int l)
{
	return kind->residual && (unsigned)(l + 1) % kind->residual == 0;
}

static double alpha_of(const struct kind *kind)
{
	return kind->alpha > 0 ? kind->alpha : 1;
}

static double lambda_of(const struct kind *kind)
{
	return kind->lambda > 0 ? kind->lambda : 1;
}

static struct spec activation_of_layer(const struct kind *kind, int l)
{
	return spec_named(is_last(kind, l) && kind->last ? kind->last : kind->activation);
}

static double sigma2_at(const struct kind *kind, int l)
{
	return is_last(kind, l) && kind->last_sigma2 > 0 ? kind->last_sigma2 : kind->sigma2;
}

static void crowd_pass(struct crowd *c, const struct kind *net)
{
	bool of_sum = net->normalization == THEORY_SUM;
	enum theory_normalization kind = of_sum ? THEORY_PLAIN : net->normalization;
	static double back[IMAGES][UNITS], through[IMAGES][UNITS], past[IMAGES][UNITS];
	for (int l = 0; l < BLOCKS; l++) {
		struct spec spec = activation_of_layer(net, l);
		const struct activation *activation = activation_of(&spec);
		int beginning = l - (int)net->residual;
		double (*in)[UNITS] = l ? c->a[l - 1] : c->x, (*entered)[UNITS] = beginning >= 0 ? c->a[beginning] : c->x;
		for (int b = 0; b < IMAGES; b++)
			memcpy(c->u[l][b], c->b[l], sizeof c->b[l]);
		multiply(c->u[l], in, c->w[l], false);
		normalize(c->z[l], c->sd[l], c->u[l], kind);
		for (int b = 0; b < IMAGES; b++)
			for (int j = 0; j < UNITS; j++)
				c->a[l][b][j] = is_last(net, l) ? alpha_of(net) * activation->f(c->z[l][b][j], spec.value) +
				                                  lambda_of(net) * entered[b][j]
				                                : activation->f(c->z[l][b][j], spec.value);
		if (of_sum && is_last(net, l)) {
			memcpy(c->sum[l], c->a[l], sizeof c->sum[l]);
			normalize(c->a[l], c->sum_sd[l], c->sum[l], THEORY_LAYER);
		}
	}
	memcpy(back, c->gradient, sizeof back);
	for (int l = BLOCKS - 1; l >= 0; l--) {
		struct spec spec = activation_of_layer(net, l);
		double alpha = is_last(net, l) ? alpha_of(net) : 1;
		if (of_sum && is_last(net, l)) {
			memcpy(through, back, sizeof through);
			normalize_back(back, through, c->a[l], c->sum_sd[l], THEORY_LAYER);
		}
		for (int b = 0; b < IMAGES; b++)
			for (int j = 0; j < UNITS; j++)
				c->delta[l][b][j] = back[b][j] * alpha * activation_of(&spec)->df(c->z[l][b][j], spec.value);
		for (int b = 0; b < IMAGES && is_last(net, l); b++)
			for (int j = 0; j < UNITS; j++)
				past[b][j] = lambda_of(net) * back[b][j];
		normalize_back(through, c->delta[l], c->z[l], c->sd[l], kind);
		if (net->residual && (unsigned)l % net->residual == 0)
			memcpy(back, past, sizeof back);
		else
			memset(back, 0, sizeof back);
		multiply(back, through, c->w[l], true);
	}
}

static double crowd_mean_square(double values[IMAGES][UNITS])
{
	double sum = 0;
	for (int b = 0; b < IMAGES; b++)
		for (int j = 0; j < UNITS; j++)
			sum += values[b][j] * values[b][j];
	return sum / (IMAGES * UNITS);
}

static double crowd_variance(double values[IMAGES][UNITS])
{
	double sum = 0;
	for (int b = 0; b < IMAGES; b++)
		for (int j = 0; j < UNITS; j++)
			sum += values[b][j];
	return crowd_mean_square(values) - sum * sum / ((double)(IMAGES * UNITS) * (IMAGES * UNITS));
}

/* What is compared, per layer. */
enum seen { Z_MEAN, Z_SQUARE, Z_VARIANCE, Z_WITHIN, Z_BETWEEN, CORRELATION, A_MEAN, A_SQUARE, DELTA, SEEN };

static const char *const seen_names[SEEN] = {
	"mean z", "z^2", "var z", "within", "between", "correlation", "mean a", "a^2", "delta^2",
};

static double crowd_mean(double values[IMAGES][UNITS])
{
	double sum = 0;
	for (int b = 0; b < IMAGES; b++)
		for (int j = 0; j < UNITS; j++)
			sum += values[b][j];
	return sum / (IMAGES * UNITS);
}

/* The variance of each unit over the images. */
static double crowd_within(double values[IMAGES][UNITS])
{
	double within = 0;
	for (int j = 0; j < UNITS; j++) {
		double sum = 0, square = 0;
		for (int b = 0; b < IMAGES; b++) {
			sum += values[b][j] / IMAGES;
			square += values[b][j] * values[b][j] / IMAGES;
		}
		within += (square - sum * sum) / UNITS;
	}
	return within;
}

/* Covariance over units of two images, each about the mean of all, over the
 * variance: the mean over pairs. */
static double crowd_correlation(double values[IMAGES][UNITS])
{
	double mean = crowd_mean(values), own = 0, all = 0;
	for (int j = 0; j < UNITS; j++) {
		double sum = 0;
		for (int b = 0; b < IMAGES; b++) {
			sum += values[b][j] - mean;
			own += (values[b][j] - mean) * (values[b][j] - mean);
		}
		all += sum * sum;
	}
	return (all - own) / (IMAGES - 1) / own;
}

static void draw_data(struct crowd *crowd, const struct kind *kind)
{
	for (int j = 0; j < UNITS; j++) {
		double common = 0.7 * random_normal() + kind->data_mean;
		for (int b = 0; b < IMAGES; b++) {
			crowd->x[b][j] = common + 0.7 * random_normal();
			crowd->gradient[b][j] = random_normal();
		}
	}
	for (int b = 0; b < IMAGES && kind->length_sd > 0; b++) {
		double factor = exp(kind->length_sd * random_normal() - kind->length_sd * kind->length_sd);
		for (int j = 0; j < UNITS; j++)
			crowd->x[b][j] *= factor;
	}
}

static void add_input(struct theory_input *input, double x[IMAGES][UNITS], int nets)
{
	double sums = 0, squares = 0, vector = 0, lengths = 0, length_squares = 0;
	for (int b = 0; b < IMAGES; b++) {
		double sum = 0, length = 0;
		for (int j = 0; j < UNITS; j++) {
			sum += x[b][j];
			length += x[b][j] * x[b][j];
		}
		lengths += length / IMAGES;
		length_squares += length * length / IMAGES;
		sums += sum / IMAGES;
		squares += sum * sum / IMAGES;
	}
	for (int j = 0; j < UNITS; j++) {
		double column = 0;
		for (int b = 0; b < IMAGES; b++)
			column += x[b][j] / IMAGES;
		vector += column * column;
	}
	input->mean += crowd_mean(x) / nets;
	input->mean_square += crowd_mean_square(x) / nets;
	input->mean_vector_square += vector / nets;
	input->sum_variance += (squares - sums * sums) / nets;
	input->length_spread += (length_squares / (lengths * lengths) - 1) / nets;
}

/* Four layers, images with a common part (half of their square, as in MNIST),
 * six nets.  The tolerance is mostly the luck of six nets of 128 units: q of a
 * plain relu net is a product of factors that each vary by sqrt(5/128), with
 * nothing that pulls it back, 0.4/sqrt(6) in all; where there is a fixed point or
 * a normalization it is a third of that.  The correlation of images is taken as
 * one number and projections lose 1/images, some 2 %. */
static void check_crowd(const struct kind *kind)
{
	static struct crowd crowd;
	const int nets = kind->nets ? kind->nets : 6;
	double seen[SEEN][BLOCKS] = {{0}};
	struct theory_input input = { .images = IMAGES };
	for (int net = 0; net < nets; net++) {
		draw_data(&crowd, kind);
		add_input(&input, crowd.x, nets);
		for (int l = 0; l < BLOCKS; l++)
			for (double *w = &crowd.w[l][0][0]; w < &crowd.w[l][0][0] + UNITS * UNITS; w++)
				*w = kind->weight_mean + sqrt(sigma2_at(kind, l) / UNITS) * random_normal();
		for (double *b = &crowd.b[0][0]; b < &crowd.b[0][0] + BLOCKS * UNITS; b++)
			*b = kind->bias_mean + kind->bias_sd * random_normal();
		crowd_pass(&crowd, kind);
		for (int l = 0; l < BLOCKS; l++) {
			const double now[SEEN] = {
				[Z_MEAN] = crowd_mean(crowd.z[l]), [Z_SQUARE] = crowd_mean_square(crowd.z[l]),
				[Z_VARIANCE] = crowd_variance(crowd.z[l]), [Z_WITHIN] = crowd_within(crowd.z[l]),
				[Z_BETWEEN] = crowd_variance(crowd.z[l]) - crowd_within(crowd.z[l]),
				[CORRELATION] = crowd_correlation(crowd.z[l]), [A_MEAN] = crowd_mean(crowd.a[l]),
				[A_SQUARE] = crowd_mean_square(crowd.a[l]), [DELTA] = crowd_mean_square(crowd.delta[l]),
			};
			for (int i = 0; i < SEEN; i++)
				seen[i][l] += now[i] / nets;
		}
	}
	struct theory_layer layer[BLOCKS + 1];
	struct spec specs[BLOCKS];
	for (int l = 0; l < BLOCKS; l++)
		specs[l] = activation_of_layer(kind, l);
	for (int l = 0; l <= BLOCKS; l++)
		layer[l] = (struct theory_layer){
			.fan_in = UNITS, .fan_out = UNITS, .weight_variance = sigma2_at(kind, l) / UNITS,
			.weight_mean = l < BLOCKS ? kind->weight_mean : 0, .bias_mean = kind->bias_mean,
			.bias_variance = kind->bias_sd * kind->bias_sd, .activation = l < BLOCKS ? &specs[l] : NULL,
			.normalization = l == BLOCKS || (kind->normalization == THEORY_SUM && !is_last(kind, l)) ? THEORY_PLAIN : kind->normalization,
			.residual = l < BLOCKS && is_last(kind, l) ? kind->residual : 0, .gain_square = 1,
			.branch_scale = alpha_of(kind), .skip_scale = lambda_of(kind),
		};
	theory_predict(layer, BLOCKS + 1, &input, UNITS);
	double above = 1; /* a gradient of 1 enters at the top instead of the softmax's */
	for (int l = BLOCKS - 1; l >= 0; l--) {
		const struct theory_layer *t = &layer[l];
		double factor = t->delta_mean_square / layer[l + 1].delta_mean_square;
		check_ratio(t->delta_factor, factor, 1e-9);
		double last_alpha = is_last(kind, l) ? alpha_of(kind) : 1;
		double last_sum = t->normalization == THEORY_SUM ? t->sum_scale : 1;
		above *= l == BLOCKS - 1 ? t->slope_square * last_alpha * last_alpha / last_sum : t->delta_factor;
		const double predicted[SEEN] = {
			[Z_MEAN] = t->z_mean, [Z_SQUARE] = t->z_mean_square, [Z_VARIANCE] = t->z_variance,
			[Z_WITHIN] = t->z_within, [Z_BETWEEN] = t->z_between, [CORRELATION] = t->correlation,
			[A_MEAN] = t->a_mean, [A_SQUARE] = t->a_mean_square, [DELTA] = above,
		};
		for (int i = 0; i < SEEN; i++) {
			double size = i == Z_MEAN ? sqrt(t->z_mean_square) : i == CORRELATION ? 0.5
			              : i == Z_BETWEEN ? t->z_variance : i == A_MEAN ? sqrt(t->a_mean_square) : predicted[i];
			if (!(fabs(seen[i][l] - predicted[i]) <= kind->tolerance * size))
				fail_msg("%s of layer %d of %s (norm %d, branches of %u, w %g, b %g): %g in nets, %g predicted", seen_names[i],
				         l + 1, kind->activation, kind->normalization, kind->residual, kind->weight_mean,
				         kind->bias_mean, seen[i][l], predicted[i]);
		}
	}
}

static void test_normalization_and_residual_against_nets(void **state)
{
	(void)state;
	static const struct kind kinds[] = {
		{ "relu", THEORY_PLAIN, 0, 2, .data_mean = 0.2, .tolerance = 0.35 },
		{ "tanh", THEORY_PLAIN, 0, 1.5, .data_mean = 0.2, .tolerance = 0.1 },
		{ "relu", THEORY_BATCH, 0, 2, .data_mean = 0.2, .tolerance = 0.12 },
		{ "tanh", THEORY_BATCH, 0, 1, .data_mean = 0.2, .tolerance = 0.1 },
		{ "relu", THEORY_LAYER, 0, 2, .data_mean = 0.2, .tolerance = 0.12 },
		{ "relu", THEORY_PLAIN, 1, 0.5, .data_mean = 0.2, .tolerance = 0.15 },
		{ "tanh", THEORY_PLAIN, 1, 1, .data_mean = 0.2, .tolerance = 0.1 },
		{ "relu", THEORY_LAYER, 1, 1, .data_mean = 0.2, .tolerance = 0.1 },
		{ "relu", THEORY_BATCH, 1, 1, .data_mean = 0.2, .tolerance = 0.1 },
	};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		check_crowd(&kinds[i]);
}

/* alpha f(z) + x over one layer and over two, the second often linear, as in
 * transformers and pre-activation nets. */
static void test_branches_against_nets(void **state)
{
	(void)state;
	static const struct kind kinds[] = {
		{ "relu", THEORY_PLAIN, 1, 2, .data_mean = 0.2, .tolerance = 0.15, .alpha = 0.3 },
		{ "relu", THEORY_PLAIN, 2, 2, .data_mean = 0.2, .tolerance = 0.15, .last = "linear", .last_sigma2 = 0.5 },
		{ "relu", THEORY_PLAIN, 2, 2, .data_mean = 0.2, .tolerance = 0.15, .last = "linear", .alpha = 0.7 },
		{ "gelu", THEORY_PLAIN, 2, 2, .data_mean = 0.2, .tolerance = 0.15, .last = "linear", .last_sigma2 = 1, .alpha = 0.7 },
		{ "tanh", THEORY_PLAIN, 2, 1.5, .data_mean = 0.2, .tolerance = 0.1, .alpha = 0.5, .bias_sd = 0.2 },
		{ "relu", THEORY_LAYER, 2, 1, .data_mean = 0.2, .tolerance = 0.1, .last = "linear" },
		{ "relu", THEORY_BATCH, 2, 1, .data_mean = 0.2, .tolerance = 0.1, .last = "linear", .alpha = 0.5 },
		{ "tanh", THEORY_PLAIN, 2, 0.5, .weight_mean = 0.01, .data_mean = 0.2, .tolerance = 0.25, .alpha = 0.5 },
	};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		check_crowd(&kinds[i]);
}

/* Means in biases, weights and data, one by one and together. */
static void test_means_against_nets(void **state)
{
	(void)state;
	static const struct kind kinds[] = {
		{ "sigmoid", THEORY_PLAIN, 0, 1, .bias_mean = 2, .data_mean = 0.2, .tolerance = 0.2 },
		{ "relu", THEORY_PLAIN, 0, 2, .bias_mean = 1, .data_mean = 0.2, .tolerance = 0.35 },
		{ "relu", THEORY_PLAIN, 0, 4, .bias_mean = -0.5, .data_mean = 0.2, .tolerance = 0.35 },
		{ "tanh", THEORY_PLAIN, 0, 1.5, .bias_mean = 1, .bias_sd = 0.3, .tolerance = 0.1 },
		{ "tanh", THEORY_BATCH, 0, 1, .bias_mean = 1, .bias_sd = 1, .tolerance = 0.1 },
		{ "relu", THEORY_LAYER, 0, 2, .bias_mean = 1, .bias_sd = 0.5, .tolerance = 0.12 },
		{ "relu", THEORY_PLAIN, 1, 0.5, .bias_mean = 0.3, .data_mean = 0.2, .tolerance = 0.15 },
		{ "tanh", THEORY_PLAIN, 0, 1.5, .weight_mean = 0.01, .data_mean = 0.5, .tolerance = 0.15 },
		{ "relu", THEORY_PLAIN, 0, 1, .weight_mean = 0.01, .data_mean = 0.5, .tolerance = 0.35 },
		{ "sigmoid", THEORY_PLAIN, 0, 1, .weight_mean = -0.02, .data_mean = 0.5, .bias_mean = 1, .tolerance = 0.16 },
		{ "tanh", THEORY_BATCH, 0, 1, .weight_mean = 0.002, .data_mean = 0.5, .tolerance = 0.1 },
		{ "relu", THEORY_LAYER, 0, 2, .weight_mean = 0.02, .data_mean = 0.5, .tolerance = 0.12 },
		{ "tanh", THEORY_PLAIN, 1, 0.5, .weight_mean = 0.01, .data_mean = 0.2, .tolerance = 0.25 },
		{ "relu", THEORY_PLAIN, 0, 0.1, .weight_mean = 0.02, .data_mean = 0.5, .tolerance = 0.15 },
	};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		check_crowd(&kinds[i]);
}

/* a = alpha f(z) + lambda x, and its normalization, as in transformers and DeepNet. */
static void test_weighted_and_normalized_sums_against_nets(void **state)
{
	(void)state;
	static const struct kind kinds[] = {
		{ "relu", THEORY_PLAIN, 1, 1, .data_mean = 0.2, .tolerance = 0.15, .lambda = 0.8 },
		{ "tanh", THEORY_PLAIN, 2, 1.5, .data_mean = 0.2, .tolerance = 0.12, .alpha = 0.5, .lambda = 1.2 },
		{ "relu", THEORY_SUM, 1, 2, .data_mean = 0.2, .tolerance = 0.1, .nets = 16 },
		{ "tanh", THEORY_SUM, 1, 1, .data_mean = 0.2, .tolerance = 0.1, .nets = 16, .bias_sd = 0.3, .lambda = 0.6 },
		{ "relu", THEORY_SUM, 2, 2, .data_mean = 0.2, .tolerance = 0.1, .nets = 16, .last = "linear", .lambda = 1.4 },
		{ "relu", THEORY_SUM, 2, 0.5, .data_mean = 0.2, .tolerance = 0.1, .nets = 16, .last = "linear", .last_sigma2 = 1, .lambda = 1.19 },
		{ "relu", THEORY_SUM, 1, 2, .data_mean = 0.2, .tolerance = 0.1, .nets = 16, .length_sd = 0.2 },
		{ "gelu", THEORY_SUM, 2, 2, .weight_mean = 0.01, .data_mean = 0.2, .tolerance = 0.15, .nets = 16, .last = "linear" },
	};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		check_crowd(&kinds[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_depth_10_against_nets),
		cmocka_unit_test(test_normalization_and_residual_against_nets),
		cmocka_unit_test(test_branches_against_nets),
		cmocka_unit_test(test_means_against_nets),
		cmocka_unit_test(test_weighted_and_normalized_sums_against_nets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
