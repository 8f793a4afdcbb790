/* The perceptron's forward and backward pass against its double-precision
 * twin, and its loss at the extremes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "mlp_fixture.h"
#include "nn/activation.h"
#include "nn/mat.h"
#include "nn/mlp_reference.h"
#include "nn/rng.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Calls check for every activation x normalization x residual. */
static void for_every_kind(const uint32_t *widths, size_t layers, size_t rows,
                           void (*check)(struct fixture *f, const char *kind))
{
	for (size_t i = 0; i < activations.count; i++) {
		struct spec activation = spec_of(table_at(&activations, i));
		for (int kind = 0; kind < 2 * MLP_NORMALIZATIONS; kind++) {
			struct mlp_shape shape = {
				.layers = layers, .widths = widths, .activation = &activation,
				.normalization = (enum mlp_normalization)(kind % MLP_NORMALIZATIONS), .residual = kind >= MLP_NORMALIZATIONS,
			};
			static const char *const kinds[] = { "plain", "batch norm", "layer norm", "weight norm", "post norm", "residual",
			                                     "residual, batch norm", "residual, layer norm", "residual, weight norm",
			                                     "residual, post norm" };
			struct fixture f = fixture(&shape, rows, NULL);
			struct text name = {0};
			text_addf(&name, "%s, %s", activation.entry->name, kinds[kind]);
			check(&f, text_string(&name));
			text_free(&name);
			fixture_end(&f);
		}
	}
}

/* ---- the twin ---- */

static double loss_with(struct mlp_reference *r, size_t i, double value)
{
	double before = r->parameter[i];
	r->parameter[i] = value;
	mlp_reference_forward(r);
	r->parameter[i] = before;
	return r->loss;
}

/* Central differences with h = 1e-5 have an error of about h^2 = 1e-10 times a
 * third derivative, and a rounding error of 1e-16 / h = 1e-11; the largest gradient
 * entry is of order 0.1. */
static void check_twin_gradient(struct fixture *f, const char *kind)
{
	const double h = 1e-5;
	struct mlp_reference *r = mlp_reference_create(f->mlp, f->batch, NULL);
	mlp_reference_forward(r);
	mlp_reference_backward(r);
	double largest = 0;
	for (size_t i = 0; i < f->mlp->parameters; i++)
		largest = fmax(largest, fabs(r->gradient[i]));
	for (size_t i = 0; i < f->mlp->parameters; i++) {
		if (!is_trained(f->mlp, i))
			continue;
		double w = r->parameter[i];
		double slope = (loss_with(r, i, w + h) - loss_with(r, i, w - h)) / (2 * h);
		if (!(fabs(slope - r->gradient[i]) <= 1e-6 * largest))
			fail_msg("%s: parameter %zu: gradient %.12g, difference quotient %.12g", kind, i, r->gradient[i], slope);
	}
	mlp_reference_destroy(r);
}

static void test_twin_gradient_is_that_of_its_loss(void **state)
{
	(void)state;
	for_every_kind((const uint32_t[]){ 5, 4, 4, 3 }, 3, 6, check_twin_gradient);
}

/* ---- the fast net against the twin ---- */

/* Floats carry 6e-8 relative error; sums of some forty products, four layers
 * of them, and divisions by standard deviations make at most a hundredfold of
 * it.  Measured against the largest value of the tensor, or of the terms that
 * are summed up in it and may cancel. */
#define FLOAT_TOLERANCE 1e-5
static double tolerance;

static double largest_of(const double *x, size_t n)
{
	double largest = 0;
	for (size_t i = 0; i < n; i++)
		largest = fmax(largest, fabs(x[i]));
	return largest;
}

static void near_twin(const char *kind, const char *what, const float *fast, const double *twin, size_t n, double terms)
{
	double largest = fmax(largest_of(twin, n), terms);
	for (size_t i = 0; i < n; i++)
		if (!(fabs((double)fast[i] - twin[i]) <= tolerance * largest))
			fail_msg("%s: %s[%zu] is %.9g, by the twin %.9g (largest %g)", kind, what, i, (double)fast[i], twin[i],
			         largest);
}

static void gradient_near_twin(const char *kind, const struct fixture *f, const float *gradient,
                               const struct mlp_reference *r, size_t l)
{
	const struct mlp_layer *layer = &f->mlp->layer[l];
	size_t w = (size_t)(layer->w - f->mlp->parameter), b = (size_t)(layer->b - f->mlp->parameter), n = layer->fan_out;
	double terms = largest_of(r->layer[l].delta, r->rows * n) / sqrt((double)r->rows);
	near_twin(kind, "dW", gradient + w, r->gradient + w, layer->fan_in * n, 0);
	if (layer->alpha) {
		size_t alpha = (size_t)(layer->alpha - f->mlp->parameter);
		near_twin(kind, "dalpha", gradient + alpha, r->gradient + alpha, 1, terms);
	}
	if (layer->v) {
		size_t v = (size_t)(layer->v - f->mlp->parameter);
		near_twin(kind, "dv", gradient + v, r->gradient + v, layer->fan_in * n, 0);
	}
	if (layer->gain)
		near_twin(kind, "dgain", gradient + b + n, r->gradient + b + n, n, terms);
	if (layer->shift) {
		near_twin(kind, "dshift", gradient + b + 2 * n, r->gradient + b + 2 * n, n, terms);
	}
	if (layer->normalization != MLP_BATCH_NORM) {
		near_twin(kind, "db", gradient + b, r->gradient + b, n, terms);
		return;
	}
	for (size_t j = 0; j < n; j++) /* subtracting the batch's mean removes the bias: its gradient is 0 */
		assert_true(gradient[b + j] == 0 && fabs(r->gradient[b + j]) < 1e-12);
}

static void check_against_twin(struct fixture *f, const char *kind)
{
	struct err err = {0};
	float *gradient = alloc_array(f->mlp->parameters, sizeof *gradient, &err);
	struct mlp_reference *r = mlp_reference_create(f->mlp, f->batch, NULL);
	mlp_reference_forward(r);
	mlp_reference_backward(r);
	mlp_forward(f->mlp, f->batch, NULL, NULL);
	mlp_backward(f->mlp, f->batch, gradient, NULL, NULL);
	/* a huge loss comes from exponentials of z, whose relative errors are z times that of z */
	tolerance = FLOAT_TOLERANCE * fmax(1, log1p(r->loss) / 4);
	if (fabs(f->batch->loss - r->loss) > tolerance * (1 + r->loss))
		fail_msg("%s: loss %.9g, by the twin %.9g", kind, f->batch->loss, r->loss);
	assert_int_equal(f->batch->correct, r->correct);
	for (size_t l = 0; l < f->mlp->layers; l++) {
		size_t n = f->batch->rows * f->mlp->layer[l].fan_out;
		near_twin(kind, "z", f->batch->tensor[l].z, r->layer[l].z, n, 0);
		near_twin(kind, "a", f->batch->tensor[l].a, r->layer[l].a, n, 0);
		near_twin(kind, "delta", f->batch->tensor[l].delta, r->layer[l].delta, n, 0);
	}
	for (size_t l = 0; l < f->mlp->layers; l++)
		gradient_near_twin(kind, f, gradient, r, l);
	/* delta is the same when no gradient is requested */
	float *delta = f->batch->tensor[0].delta, first = delta[0];
	mlp_backward(f->mlp, f->batch, NULL, NULL, NULL);
	assert_true(delta[0] == first);
	mlp_reference_destroy(r);
	alloc_free(gradient);
}

static void test_net_agrees_with_its_twin(void **state)
{
	(void)state;
	for_every_kind((const uint32_t[]){ 20, 37, 37, 37, 7 }, 4, 19, check_against_twin);
}

static void test_net_agrees_with_its_twin_by_the_naive_engine(void **state)
{
	(void)state;
	mat_use(MAT_NAIVE);
	for_every_kind((const uint32_t[]){ 9, 8, 8, 3 }, 3, 5, check_against_twin);
	mat_use(MAT_FASTEST);
}

/* Layers wider than a chunk, one image, one unit, one class. */
static void test_net_agrees_with_its_twin_at_odd_sizes(void **state)
{
	(void)state;
	struct spec activation = spec(&activations, "tanh");
	static const struct {
		uint32_t widths[4];
		size_t rows;
	} sizes[] = {
		{ { 3, 2500, 2500, 4 }, 3 }, { { 4, 5, 6, 3 }, 1 }, { { 1, 1, 1, 1 }, 2 }, { { 3, 1, 130, 2 }, 300 },
		{ { 5, 1023, 530, 4 }, 20 },
	};
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct mlp_shape shape = { .layers = 3, .widths = sizes[i].widths, .activation = &activation };
		struct fixture f = fixture(&shape, sizes[i].rows, NULL);
		check_against_twin(&f, "odd size");
		fixture_end(&f);
	}
}

/* What a layer does in several chunks of rows and columns. */
static void test_net_agrees_with_its_twin_over_many_chunks(void **state)
{
	(void)state;
	struct spec activation = spec(&activations, "tanh");
	struct mlp_shape shape = {
		.layers = 3, .widths = (const uint32_t[]){ 3, 150, 150, 2 }, .activation = &activation, .residual = true,
	};
	for (int normalization = 0; normalization < MLP_NORMALIZATIONS; normalization++) {
		shape.normalization = (enum mlp_normalization)normalization;
		struct fixture f = fixture(&shape, 200, NULL);
		check_against_twin(&f, "many chunks");
		fixture_end(&f);
	}
}

/* The images of a batch from bytes, most of them 0: the first layer leaves zeros out. */
static void set_sparse_rows(struct fixture *f)
{
	struct rng rng = rng_stream(5, RNG_TEST, 0);
	static uint64_t on[100][4];
	static uint8_t value[100][256];
	memset(on, 0, sizeof on);
	for (size_t i = 0; i < f->batch->rows; i++) {
		uint8_t *end = value[i];
		for (size_t j = 0; j < f->batch->inputs; j++)
			if (rng_below(&rng, 5) == 0) {
				on[i][j / 64] |= (uint64_t)1 << j % 64;
				*end++ = (uint8_t)(1 + rng_below(&rng, 255));
			}
		mlp_batch_set_row(f->batch, i, &(struct mlp_image){ on[i], value[i] }, 1 / 255.0f, 0);
	}
	mlp_batch_unpack(f->batch);
}

static void check_sparse_against_twin(struct fixture *f, const char *kind)
{
	set_sparse_rows(f);
	check_against_twin(f, kind);
	assert_true(f->batch->sparse);
}

static void test_net_of_sparse_images_agrees_with_its_twin(void **state)
{
	(void)state;
	for_every_kind((const uint32_t[]){ 150, 37, 7 }, 2, 40, check_sparse_against_twin);
	struct spec activation = spec(&activations, "tanh");
	struct fixture f;
	static const uint32_t wide[] = { 113, 223, 350, 1023 }; /* cut in columns here and there */
	for (size_t i = 0; i < COUNT(wide); i++) {
		struct mlp_shape shape = { .layers = 2, .widths = (const uint32_t[]){ 200, wide[i], 10 }, .activation = &activation };
		f = fixture(&shape, 70, NULL);
		check_sparse_against_twin(&f, "wide");
		fixture_end(&f);
	}
	struct mlp_shape flat = { .layers = 1, .widths = (const uint32_t[]){ 100, 7 }, .activation = &activation };
	f = fixture(&flat, 5, NULL);
	check_sparse_against_twin(&f, "one layer");
	fixture_end(&f);
}

static void test_rows_are_scaled_bytes(void **state)
{
	(void)state;
	struct spec activation = spec(&activations, "tanh");
	struct mlp_shape shape = { .layers = 1, .widths = (const uint32_t[]){ 70, 2 }, .activation = &activation };
	struct fixture f = fixture(&shape, 2, NULL);
	static const uint64_t on[] = { 1 | (uint64_t)1 << 63, 1 << 5 };
	static const uint8_t value[] = { 1, 100, 255 };
	for (size_t row = 0; row < 2; row++)
		mlp_batch_set_row(f.batch, row, &(struct mlp_image){ on, value }, 0.5f, -1);
	mlp_forward(f.mlp, f.batch, NULL, NULL);
	for (size_t i = 0; i < 70; i++)
		assert_true(f.batch->x[70 + i] == (i == 0 ? -0.5f : i == 63 ? 49 : i == 69 ? 126.5f : -1));
	assert_false(f.batch->sparse); /* a shifted 0 is none */
	fixture_end(&f);
}

static void test_residual_only_between_equal_widths(void **state)
{
	(void)state;
	struct spec activation = spec(&activations, "tanh");
	struct mlp_shape shape = {
		.layers = 5, .widths = (const uint32_t[]){ 6, 6, 5, 5, 3, 3 }, .activation = &activation, .residual = true,
	};
	static const bool expected[] = { true, false, true, false, false /* the last never */ };
	struct fixture f = fixture(&shape, 2, NULL);
	for (size_t l = 0; l < 5; l++)
		assert_int_equal(f.mlp->layer[l].residual, expected[l]);
	check_against_twin(&f, "residual");
	fixture_end(&f);
}

/* A stem, a branch of two layers with a wider inner one, another, a layer that is
 * left over, the output. */
static void for_every_branch(void (*check)(struct fixture *f, const char *kind))
{
	struct spec tanh = spec(&activations, "tanh"), relu = spec(&activations, "relu"), linear = spec(&activations, "linear");
	for (int kind = 0; kind < 8 * MLP_NORMALIZATIONS; kind++) {
		int normalization = kind % MLP_NORMALIZATIONS, branches = kind / MLP_NORMALIZATIONS % 4;
		float lambda = kind / MLP_NORMALIZATIONS < 4 ? 1 : 1.3f;
		struct mlp_shape shape = {
			.layers = 7, .widths = (const uint32_t[]){ 5, 4, 6, 4, 4, 4, 4, 3 },
			.activations = (const struct spec *const[]){ &tanh, &relu, &linear, &tanh, &linear, &tanh },
			.normalization = (enum mlp_normalization)normalization, .residual = branches % 2 ? 2 : 1,
			.alpha_learned = branches >= 2,
		};
		struct fixture f = fixture(&shape, 6, NULL);
		for (size_t l = 0; l < shape.layers; l++) {
			f.mlp->layer[l].branch_scale = 0.7f;
			f.mlp->layer[l].skip_scale = lambda;
		}
		struct text name = {0};
		text_addf(&name, "branches of %u, normalization %d, alpha %s, lambda %g", shape.residual, normalization,
		          branches >= 2 ? "learned" : "fixed", (double)lambda);
		check(&f, text_string(&name));
		text_free(&name);
		fixture_end(&f);
	}
}

static void test_branches_agree_with_their_twin(void **state)
{
	(void)state;
	for_every_branch(check_twin_gradient);
	for_every_branch(check_against_twin);
}

static void test_branches_of_two_layers_follow_each_other(void **state)
{
	(void)state;
	static const struct {
		size_t layers;
		uint32_t widths[8];
		unsigned end[7];
	} nets[] = {
		{ 7, { 9, 4, 6, 4, 4, 4, 4, 3 }, { 0, 0, 2, 0, 2, 0, 0 } },
		{ 6, { 4, 4, 4, 4, 4, 4, 4 }, { 0, 2, 0, 2, 0, 0 } },
		{ 4, { 9, 4, 4, 4, 3 }, { 0, 0, 2, 0 } },
		{ 3, { 9, 4, 4, 4 }, { 0, 0, 0 } }, /* the output layer is in no branch */
	};
	for (size_t i = 0; i < COUNT(nets); i++)
		for (size_t l = 0; l < nets[i].layers; l++)
			assert_int_equal(mlp_branch_end(nets[i].widths, nets[i].layers, 2, l), nets[i].end[l]);
}

/* W1 = 2, W2 = 3, alpha = 0.5 on (1, 2): 0.5 * 6 * (1, 2) + (1, 2). */
static void test_a_branch_of_two_layers_by_hand(void **state)
{
	(void)state;
	struct spec activation = spec(&activations, "linear");
	struct mlp_shape shape = {
		.layers = 3, .widths = (const uint32_t[]){ 2, 2, 2, 2 }, .activation = &activation, .residual = 2,
		.alpha_learned = true,
	};
	struct fixture f = fixture(&shape, 1, NULL);
	memset(f.mlp->parameter, 0, f.mlp->parameters * sizeof *f.mlp->parameter);
	for (int i = 0; i < 2; i++) {
		f.mlp->layer[0].w[3 * i] = 2;
		f.mlp->layer[1].w[3 * i] = 3;
	}
	*f.mlp->layer[1].alpha = 0.5f;
	f.batch->x[0] = 1;
	f.batch->x[1] = 2;
	mlp_forward(f.mlp, f.batch, NULL, NULL);
	assert_true(f.batch->tensor[1].a[0] == 4 && f.batch->tensor[1].a[1] == 8);
	fixture_end(&f);
}

/* DeepNorm: x = (1, 2), W = 3 I, alpha 1, lambda 2: the sum is 5 (1, 2), which has mean 7.5
 * and deviation 2.5; a = gain (-1, 1) + shift. */
static void test_a_normalized_sum_by_hand(void **state)
{
	(void)state;
	struct spec activation = spec(&activations, "linear");
	struct mlp_shape shape = {
		.layers = 2, .widths = (const uint32_t[]){ 2, 2, 2 }, .activation = &activation, .residual = 1,
		.normalization = MLP_SUM_NORM,
	};
	struct fixture f = fixture(&shape, 1, NULL);
	memset(f.mlp->parameter, 0, f.mlp->parameters * sizeof *f.mlp->parameter);
	for (int i = 0; i < 2; i++) {
		f.mlp->layer[0].w[3 * i] = 3;
		f.mlp->layer[0].gain[i] = 10;
		f.mlp->layer[0].shift[i] = 1;
	}
	f.mlp->layer[0].skip_scale = 2;
	f.batch->x[0] = 1;
	f.batch->x[1] = 2;
	mlp_forward(f.mlp, f.batch, NULL, NULL);
	assert_true(fabs((double)f.batch->tensor[0].a[0] + 9) < 1e-4 && fabs((double)f.batch->tensor[0].a[1] - 11) < 1e-4);
	fixture_end(&f);
}

/* ---- weight normalization ---- */

/* v = (3, 4), g = 10: w = (6, 8).  With delta = p - y = -1/2 for a logit of 0 against
 * another of 0, x = (1, 0) and the output weight 1: dL/dw = (-1/2, 0) and
 * dg = -1/2 * 3/5, dv = 10/5 ((-1/2, 0) + 3/10 (3, 4)/5). */
static void test_weight_normalization_by_hand(void **state)
{
	(void)state;
	struct spec activation = spec(&activations, "linear");
	struct mlp_shape shape = {
		.layers = 2, .widths = (const uint32_t[]){ 2, 1, 2 }, .activation = &activation, .normalization = MLP_WEIGHT_NORM,
	};
	struct fixture f = fixture(&shape, 1, NULL);
	struct mlp_layer *layer = f.mlp->layer;
	memset(f.mlp->parameter, 0, f.mlp->parameters * sizeof *f.mlp->parameter);
	layer->v[0] = 3;
	layer->v[1] = 4;
	layer->gain[0] = 10;
	layer->b[0] = -6;
	layer[1].w[0] = 1;
	mlp_compose_weights(layer);
	assert_true(layer->w[0] == 6 && layer->w[1] == 8);
	f.batch->x[0] = 1;
	f.batch->x[1] = 0;
	f.batch->label[0] = 0;
	float gradient[10];
	assert_int_equal(f.mlp->parameters, COUNT(gradient));
	mlp_forward(f.mlp, f.batch, NULL, NULL);
	mlp_backward(f.mlp, f.batch, gradient, NULL, NULL);
	static const float dw[] = { -0.5f, 0 }, dv[] = { -0.64f, 0.48f };
	for (int k = 0; k < 2; k++) {
		assert_float_equal(gradient[layer->w - f.mlp->parameter + k], dw[k], 1e-6f);
		assert_float_equal(gradient[layer->v - f.mlp->parameter + k], dv[k], 1e-6f);
	}
	assert_float_equal(gradient[layer->gain - f.mlp->parameter], -0.3f, 1e-6f);
	fixture_end(&f);
}

/* v = w and g = ||v|| give the w that was set; a unit without weights keeps none. */
static void test_weight_normalization_starts_as_the_plain_net(void **state)
{
	(void)state;
	struct spec activation = spec(&activations, "relu");
	struct mlp_shape shape = { .layers = 3, .widths = (const uint32_t[]){ 20, 150, 37, 7 }, .activation = &activation };
	struct fixture plain = fixture(&shape, 12, NULL);
	shape.normalization = MLP_WEIGHT_NORM;
	struct fixture f = fixture(&shape, 12, "sgd(lr=1)");
	for (size_t l = 0; l < 3; l++) {
		struct mlp_layer *layer = &f.mlp->layer[l];
		size_t weights = layer->fan_in * layer->fan_out;
		for (size_t k = 0; l == 1 && k < layer->fan_in; k++)
			plain.mlp->layer[l].w[k * layer->fan_out + 5] = 0;
		memcpy(layer->w, plain.mlp->layer[l].w, weights * sizeof *layer->w);
		memcpy(layer->b, plain.mlp->layer[l].b, layer->fan_out * sizeof *layer->b);
		mlp_split_weights(layer);
		mlp_compose_weights(layer);
		for (size_t i = 0; i < weights; i++) /* a root, a product and a quotient, each rounded */
			assert_float_equal(layer->w[i], plain.mlp->layer[l].w[i], 2e-7f * fabsf(layer->w[i]));
	}
	memcpy(f.batch->x, plain.batch->x, 12 * 20 * sizeof(float));
	memcpy(f.batch->label, plain.batch->label, 12);
	mlp_forward(plain.mlp, plain.batch, NULL, NULL);
	mlp_train(f.mlp, f.batch, f.training, NULL, NULL, NULL);
	assert_true(fabs(f.batch->loss - plain.batch->loss) <= FLOAT_TOLERANCE * plain.batch->loss);
	const struct mlp_layer *layer = &f.mlp->layer[1];
	assert_true(layer->gain[5] == 0);
	for (size_t k = 0; k < layer->fan_in; k++)
		assert_true(layer->v[k * layer->fan_out + 5] == 0 && layer->w[k * layer->fan_out + 5] == 0);
	fixture_end(&plain);
	fixture_end(&f);
}

/* ---- loss and count ---- */

/* A net of one layer whose logits are its inputs. */
static struct fixture identity(const float *logits, const uint8_t *labels, size_t rows)
{
	struct spec activation = spec(&activations, "linear");
	struct mlp_shape shape = { .layers = 1, .widths = (const uint32_t[]){ 3, 3 }, .activation = &activation };
	struct fixture f = fixture(&shape, rows, NULL);
	memset(f.mlp->parameter, 0, f.mlp->parameters * sizeof *f.mlp->parameter);
	for (int i = 0; i < 3; i++)
		f.mlp->layer[0].w[i * 4] = 1;
	memcpy(f.batch->x, logits, rows * 3 * sizeof *logits);
	memcpy(f.batch->label, labels, rows);
	return f;
}

static void test_huge_logits_have_a_loss(void **state)
{
	(void)state;
	static const float logits[][3] = { { 1e4f, -1e4f, 0 }, { 1e4f, -1e4f, 0 }, { 3e38f, -3e38f, 0 }, { 0, 0, 0 } };
	static const uint8_t labels[] = { 1, 0, 1, 2 };
	static const double losses[] = { 2e4, 0, 2 * (double)3e38f, 1.0986122886681098 /* ln 3 */ };
	for (size_t i = 0; i < COUNT(labels); i++) {
		struct fixture f = identity(logits[i], &labels[i], 1);
		mlp_forward(f.mlp, f.batch, NULL, NULL);
		mlp_backward(f.mlp, f.batch, NULL, NULL, NULL);
		/* exp and its sum are floats: 1e-6 */
		assert_true(fabs(f.batch->loss - losses[i]) <= 1e-6 * (1 + losses[i]));
		for (int j = 0; j < 3; j++)
			assert_true(isfinite(f.batch->tensor[0].a[j]) && isfinite(f.batch->tensor[0].delta[j]));
		fixture_end(&f);
	}
}

static void test_correct_counts_largest_probabilities(void **state)
{
	(void)state;
	static const float logits[] = { 1, 2, 3, 3, 2, 1, -1, 0, -1, 5, 4, 3 };
	static const uint8_t labels[] = { 2, 0, 0, 2 };
	struct fixture f = identity(logits, labels, 4);
	mlp_forward(f.mlp, f.batch, NULL, NULL);
	assert_int_equal(f.batch->correct, 2);
	f.batch->rows = 1;
	mlp_forward(f.mlp, f.batch, NULL, NULL);
	assert_int_equal(f.batch->correct, 1);
	fixture_end(&f);
}

static void test_nan_and_infinity_pass_through(void **state)
{
	(void)state;
	static const float logits[] = { NAN, NAN, NAN, INFINITY, 0, 0, 0, NAN, 1 };
	static const uint8_t labels[] = { 0, 0, 2 };
	struct fixture f = identity(logits, labels, 3);
	mlp_forward(f.mlp, f.batch, NULL, NULL);
	assert_int_equal(f.batch->correct, 0);
	assert_true(isnan(f.batch->loss));
	fixture_end(&f);

	struct spec activation = spec(&activations, "relu");
	for (int normalization = 0; normalization < MLP_NORMALIZATIONS; normalization++) {
		struct mlp_shape shape = {
			.layers = 3, .widths = (const uint32_t[]){ 4, 5, 5, 3 }, .activation = &activation,
			.normalization = (enum mlp_normalization)normalization, .residual = true,
		};
		struct fixture g = fixture(&shape, 4, "adam");
		g.mlp->layer[1].w[3] = INFINITY;
		g.mlp->layer[0].w[0] = NAN;
		for (int i = 0; i < 3; i++)
			mlp_train(g.mlp, g.batch, g.training, NULL, NULL, NULL);
		assert_true(isnan(g.batch->loss));
		assert_int_equal(g.batch->correct, 0);
		fixture_end(&g);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_twin_gradient_is_that_of_its_loss),
		cmocka_unit_test(test_net_agrees_with_its_twin),
		cmocka_unit_test(test_net_agrees_with_its_twin_by_the_naive_engine),
		cmocka_unit_test(test_net_agrees_with_its_twin_at_odd_sizes),
		cmocka_unit_test(test_net_agrees_with_its_twin_over_many_chunks),
		cmocka_unit_test(test_huge_logits_have_a_loss),
		cmocka_unit_test(test_correct_counts_largest_probabilities),
		cmocka_unit_test(test_nan_and_infinity_pass_through),
		cmocka_unit_test(test_net_of_sparse_images_agrees_with_its_twin),
		cmocka_unit_test(test_rows_are_scaled_bytes),
		cmocka_unit_test(test_residual_only_between_equal_widths),
		cmocka_unit_test(test_branches_agree_with_their_twin),
		cmocka_unit_test(test_branches_of_two_layers_follow_each_other),
		cmocka_unit_test(test_a_branch_of_two_layers_by_hand),
		cmocka_unit_test(test_a_normalized_sum_by_hand),
		cmocka_unit_test(test_weight_normalization_by_hand),
		cmocka_unit_test(test_weight_normalization_starts_as_the_plain_net),
	};
	struct err err = {0};
	if (!mat_prepare(&err))
		return 1;
	return cmocka_run_group_tests_name("mlp", tests, NULL, NULL);
}
