/* Building and training a perceptron: sizes, learning, the
 * observer, the same bits for any number of threads. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "check.h"
#include "base/alloc.h"
#include "mlp_fixture.h"
#include "nn/activation.h"
#include "nn/mat.h"
#include "nn/mlp_reference.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- shapes ---- */

static void test_parameters_start_at_zero_and_gain_at_one(void **state)
{
	(void)state;
	struct err err = {0};
	struct spec activation = spec(&activations, "tanh");
	struct mlp_shape shape = {
		.layers = 2, .widths = (const uint32_t[]){ 3, 4, 2 }, .activation = &activation,
		.normalization = MLP_LAYER_NORM,
	};
	struct mlp *mlp = mlp_create(&shape, &err);
	assert_int_equal(mlp->parameters, 3 * 4 + 3 * 4 + 4 * 2 + 2);
	float sum = 0;
	for (size_t i = 0; i < mlp->parameters; i++)
		sum += fabsf(mlp->parameter[i]);
	assert_true(sum == 4);
	for (int j = 0; j < 4; j++)
		assert_true(mlp->layer[0].gain[j] == 1);
	assert_null(mlp->layer[1].gain);
	assert_true(mlp->layer[0].lr_scale == 1);
	mlp_destroy(mlp);
}

static void test_bytes_are_counted_before_they_are_asked_for(void **state)
{
	(void)state;
	struct spec activation = spec(&activations, "tanh");
	struct mlp_shape shape = {
		.layers = 3, .widths = (const uint32_t[]){ 784, 100, 100, 10 }, .activation = &activation,
	};
	/* 89610 parameters and twice as many slots; x, half of a product and z, a, delta of 30 rows; tiles and their sums */
	size_t floats = 3 * 89610 + 30 * (784 + 100 + 3 * 210), bytes = mlp_bytes(&shape, 30, 2);
	assert_true(bytes >= floats * 4 && bytes < floats * 4 + 8192);
	/* sixteen more rows are so many floats, bits of 784 pixels, images, labels, losses and hits more, whole cache lines; one
	 * tensor more with a residual */
	bytes = mlp_bytes(&shape, 32, 2);
	assert_int_equal(mlp_bytes(&shape, 48, 2) - bytes, 16 * (4 * (784 + 100 + 3 * 210) + 16 + 13 * 8 + 1 + 8 + 1));
	shape.residual = true;
	assert_int_equal(mlp_bytes(&shape, 32, 2) - bytes, 32 * 100 * 4);
	shape.residual = false;
	shape.normalization = MLP_WEIGHT_NORM; /* v, g and their slots; the gradient; three sums of 100 units */
	assert_int_equal(mlp_bytes(&shape, 32, 2) - bytes, 4 * (4 * (784 * 100 + 100 * 100 + 200) + 89610) + 3 * 8);

	struct err err = {0};
	struct mlp_shape vast = {
		.layers = 2, .widths = (const uint32_t[]){ UINT32_MAX, UINT32_MAX, UINT32_MAX }, .activation = &activation,
	};
	assert_int_equal(mlp_bytes(&vast, 30, 2), SIZE_MAX);
	assert_null(mlp_create(&vast, &err));
	assert_int_equal(err.code, ERR_RESOURCE);
}

/* ---- training ---- */

static void test_every_optimizer_learns_twenty_images(void **state)
{
	(void)state;
	static const char *const tried[] = {
		"sgd(lr=0.5)", "momentum(lr=0.1)", "nesterov(lr=0.1)", "rmsprop(lr=0.003)", "adagrad(lr=0.1)",
		"adam(lr=0.01)", "tf1:adam(lr=0.01)", "adamw(lr=0.01)",
	};
	struct spec activation = spec(&activations, "tanh");
	struct mlp_shape shape = { .layers = 3, .widths = (const uint32_t[]){ 49, 30, 30, 10 }, .activation = &activation };
	assert_int_equal(COUNT(tried), optimizers.count);
	for (size_t i = 0; i < COUNT(tried); i++) {
		struct spec chosen = spec(&optimizers, tried[i]);
		check_entry(table_at(&optimizers, i)->name, chosen.entry == table_at(&optimizers, i));
		struct fixture f = fixture(&shape, 20, tried[i]);
		for (int step = 0; step < 500; step++)
			mlp_train(f.mlp, f.batch, f.training, NULL, NULL, NULL);
		if (!(f.batch->loss < 0.01))
			fail_msg("%s: loss %g", tried[i], f.batch->loss);
		check_entry(tried[i], f.batch->correct == 20 && f.training->t == 500);
		fixture_end(&f);
	}
}

/* Three steps of a net and of its reference.  The weights are of order 1; floats
 * round them by 6e-8, and the gradients' relative error of 1e-5 (test_mlp.c) is
 * multiplied by steps of at most 0.1. */
static void check_steps(const struct mlp_shape *shape, const char *optimizer)
{
	struct fixture f = fixture(shape, 19, optimizer);
	f.mlp->layer[1].lr_scale = 0.5f;
	f.mlp->layer[1].bias_lr_scale = 2;
	struct mlp_reference *r = mlp_reference_create(f.mlp, f.batch, NULL);
	for (int t = 1; t <= 3; t++) {
		mlp_train(f.mlp, f.batch, f.training, NULL, NULL, NULL);
		mlp_reference_forward(r);
		mlp_reference_backward(r);
		mlp_reference_step(r, &f.training->optimizer);
		for (size_t i = 0; i < f.mlp->parameters; i++)
			if (!(fabs((double)f.mlp->parameter[i] - r->parameter[i]) <= 1e-6))
				fail_msg("%s, normalization %d, residual %d, step %d: parameter %zu is %.9g, by the reference %.9g",
				         optimizer, (int)shape->normalization, shape->residual, t, i, (double)f.mlp->parameter[i],
				         r->parameter[i]);
	}
	mlp_reference_destroy(r);
	fixture_end(&f);
}

/* eps so large that a gradient near 0, all rounding error, makes no full step. */
static void test_steps_are_those_of_the_reference(void **state)
{
	(void)state;
	static const char *const tried[] = {
		"sgd(lr=0.1,weight_decay=0.01)", "momentum(lr=0.1)", "nesterov(lr=0.1)", "rmsprop(lr=0.1,eps=0.1)",
		"adagrad(lr=0.1,eps=0.1)", "adam(lr=0.1,eps=0.1)", "tf1:adam(lr=0.1,eps=0.1)",
		"adamw(lr=0.1,eps=0.1,weight_decay=0.1)",
	};
	assert_int_equal(COUNT(tried), optimizers.count);
	struct spec activation = spec(&activations, "tanh");
	struct mlp_shape shape = { .layers = 4, .widths = (const uint32_t[]){ 20, 37, 37, 37, 7 }, .activation = &activation };
	for (size_t i = 0; i < COUNT(tried); i++)
		for (int kind = 0; kind < 2 * MLP_NORMALIZATIONS; kind++) {
			shape.normalization = (enum mlp_normalization)(kind % MLP_NORMALIZATIONS);
			shape.residual = kind >= MLP_NORMALIZATIONS;
			check_steps(&shape, tried[i]);
			shape.residual *= 2;
			shape.alpha_learned = true;
			check_steps(&shape, tried[i]);
			shape.alpha_learned = false;
		}
}

/* With a learning rate of 1, plain descent takes the gradient itself away. */
static void test_step_updates_every_parameter(void **state)
{
	(void)state;
	struct spec activation = spec(&activations, "tanh");
	struct mlp_shape shape = {
		.layers = 3, .widths = (const uint32_t[]){ 7, 9, 9, 4 }, .activation = &activation,
		.normalization = MLP_LAYER_NORM,
	};
	struct fixture f = fixture(&shape, 8, "sgd(lr=1)"), before = fixture(&shape, 8, NULL);
	float *gradient = alloc_array(f.mlp->parameters, sizeof *gradient, NULL);
	mlp_train(f.mlp, f.batch, f.training, gradient, NULL, NULL);
	for (size_t i = 0; i < f.mlp->parameters; i++) {
		assert_true(gradient[i] != 0);
		assert_true(f.mlp->parameter[i] == before.mlp->parameter[i] - gradient[i]);
	}
	alloc_free(gradient);
	fixture_end(&f);
	fixture_end(&before);
}

static void check_sums(enum mlp_normalization normalization)
{
	struct spec activation = spec(&activations, "tanh");
	struct mlp_shape shape = {
		.layers = 2, .widths = (const uint32_t[]){ 131, 177, 10 }, .activation = &activation, .normalization = normalization,
	};
	struct fixture f = fixture(&shape, 8, "adam(lr=0.01)"), before = fixture(&shape, 8, NULL);
	f.mlp->layer[1].lr_scale = 0;
	float *gradient = alloc_array(f.mlp->parameters, sizeof *gradient, NULL);
	mlp_train(f.mlp, f.batch, f.training, gradient, NULL, NULL);
	for (size_t l = 0; l < 2; l++) {
		double change = 0, square = 0, slope = 0, slope_square = 0;
		size_t n = f.mlp->layer[l].fan_in * f.mlp->layer[l].fan_out;
		for (size_t i = 0; i < n; i++) {
			double w = (double)f.mlp->layer[l].w[i], g = (double)gradient[f.mlp->layer[l].w - f.mlp->parameter + (ptrdiff_t)i];
			change += pow(w - (double)before.mlp->layer[l].w[i], 2);
			square += w * w;
			slope += g;
			slope_square += g * g;
		}
		assert_true(fabs(f.training->gradient_square[l] - slope_square) <= 1e-5 * slope_square);
		assert_true(fabs(f.training->gradient_sum[l] - slope) <= 1e-5 * sqrt((double)n * slope_square));
		/* the subtraction rounds each change of 0.01 by up to 3e-8 of a weight below 1 */
		assert_true(fabs(f.training->update_square[l] - change) <= 1e-5 * change);
		assert_true(fabs(mlp_weight_square(&f.mlp->layer[l]) - square) <= 1e-6 * square);
	}
	assert_true(f.training->update_square[0] > 0 && f.training->update_square[1] == 0);
	alloc_free(gradient);
	fixture_end(&f);
	fixture_end(&before);
}

/* With weight normalization too they are of w, which is not what the optimizer changes. */
static void test_sums_are_those_of_weights_changes_and_gradient(void **state)
{
	(void)state;
	check_sums(MLP_PLAIN);
	check_sums(MLP_WEIGHT_NORM);
}

/* ---- the observer ---- */

struct seen {
	const struct fixture *fixture;
	const float *gradient;
	int next;
};

static void see_in_order(void *context, enum mlp_tensor tensor, size_t layer, const float *values, size_t count)
{
	static const struct {
		enum mlp_tensor tensor;
		size_t layer;
	} order[] = {
		{ MLP_Z, 0 }, { MLP_A, 0 }, { MLP_Z, 1 }, { MLP_A, 1 },
		{ MLP_DELTA, 1 }, { MLP_DELTA, 0 }, { MLP_DW, 1 }, { MLP_DW, 0 },
	};
	struct seen *seen = context;
	const struct mlp_layer *l = &seen->fixture->mlp->layer[layer];
	const struct mlp_tensors *t = &seen->fixture->batch->tensor[layer];
	assert_in_range(seen->next, 0, COUNT(order) - 1);
	assert_int_equal(tensor, order[seen->next].tensor);
	assert_int_equal(layer, order[seen->next].layer);
	seen->next++;
	if (tensor == MLP_DW) {
		assert_ptr_equal(values, seen->gradient + (l->w - seen->fixture->mlp->parameter));
		assert_int_equal(count, l->fan_in * l->fan_out);
	} else {
		assert_ptr_equal(values, tensor == MLP_Z ? t->z : tensor == MLP_A ? t->a : t->delta);
		assert_int_equal(count, seen->fixture->batch->rows * l->fan_out);
	}
}

static void test_observer_sees_every_tensor_once(void **state)
{
	(void)state;
	struct spec activation = spec(&activations, "relu");
	struct mlp_shape shape = { .layers = 2, .widths = (const uint32_t[]){ 4, 6, 3 }, .activation = &activation };
	struct fixture f = fixture(&shape, 5, "sgd");
	float *gradient = alloc_array(f.mlp->parameters, sizeof *gradient, NULL);
	struct seen seen = { .fixture = &f, .gradient = gradient };
	struct mlp_observer observer = { .see = see_in_order, .context = &seen };
	mlp_train(f.mlp, f.batch, f.training, gradient, NULL, &observer);
	assert_int_equal(seen.next, 8);
	seen.next = 0;
	mlp_train(f.mlp, f.batch, f.training, NULL, NULL, &observer); /* no gradient is kept: none is seen */
	assert_int_equal(seen.next, 6);
	alloc_free(gradient);
	fixture_end(&f);
}

/* Where a delta is not finite a zero in the image saves no weight, as anywhere else. */
static void test_nan_spoils_the_weights_of_dark_pixels_too(void **state)
{
	(void)state;
	struct spec activation = spec(&activations, "tanh");
	struct mlp_shape shape = { .layers = 2, .widths = (const uint32_t[]){ 64, 20, 3 }, .activation = &activation };
	struct fixture f = fixture(&shape, 4, "adam");
	static const uint64_t on[] = { 1 };
	static const uint8_t value[] = { 255 };
	for (size_t i = 0; i < 4; i++)
		mlp_batch_set_row(f.batch, i, &(struct mlp_image){ on, value }, 1 / 255.0f, 0);
	f.mlp->layer[1].w[0] = NAN;
	mlp_train(f.mlp, f.batch, f.training, NULL, NULL, NULL);
	assert_true(f.batch->sparse);
	for (size_t i = 0; i < 64; i++)
		assert_true(isnan(f.mlp->layer[0].w[i * 20]));
	fixture_end(&f);
}

/* ---- threads ---- */

static void see_nothing(void *context, enum mlp_tensor tensor, size_t layer, const float *values, size_t count)
{
	(void)context, (void)tensor, (void)layer, (void)values, (void)count;
}

/* The net after 20 steps; threads 0: no pool. */
static struct fixture trained(const struct mlp_shape *shape, int threads, bool observed)
{
	struct err err = {0};
	struct pool *pool = threads ? pool_create(threads, &err) : NULL;
	struct mlp_observer observer = { .see = see_nothing };
	struct fixture f = fixture(shape, 112, "adam");
	for (int i = 0; i < 20; i++)
		mlp_train(f.mlp, f.batch, f.training, NULL, pool, observed ? &observer : NULL);
	pool_destroy(pool);
	return f;
}

static void same_bits_for_any_threads(const struct mlp_shape *shape)
{
	static const int threads[] = { 1, 2, 5 };
	struct fixture alone = trained(shape, 0, false);
	assert_true(isfinite(alone.batch->loss));
	for (size_t i = 0; i < COUNT(threads); i++) {
		struct fixture f = trained(shape, threads[i], threads[i] == 5);
		assert_memory_equal(f.mlp->parameter, alone.mlp->parameter, f.mlp->parameters * sizeof(float));
		assert_memory_equal(f.training->update_square, alone.training->update_square, shape->layers * sizeof(double));
		assert_memory_equal(&f.batch->loss, &alone.batch->loss, sizeof(double));
		fixture_end(&f);
	}
	fixture_end(&alone);
}

/* Tensors of 112 x 300 and weights of 300 x 120 are above the size at which
 * the pool takes part. */
static void test_thread_count_leaves_the_bits_alone(void **state)
{
	(void)state;
	struct spec activation = spec(&activations, "sigmoid");
	struct mlp_shape shape = {
		.layers = 4, .widths = (const uint32_t[]){ 40, 300, 300, 120, 10 }, .activation = &activation,
	};
	for (int kind = 0; kind < MLP_NORMALIZATIONS; kind++) {
		shape.normalization = (enum mlp_normalization)kind;
		shape.residual = kind > 0;
		same_bits_for_any_threads(&shape);
	}
	struct mlp_shape branches = {
		.layers = 5, .widths = (const uint32_t[]){ 40, 300, 120, 300, 90, 10 }, .activation = &activation,
		.normalization = MLP_LAYER_NORM, .residual = 2, .alpha_learned = true,
	};
	same_bits_for_any_threads(&branches);
	branches.normalization = MLP_SUM_NORM;
	same_bits_for_any_threads(&branches);
}

/* Weights so small that every signal passes through the sizes of denormals. */
static struct fixture vanishing(const struct mlp_shape *shape, int threads)
{
	struct pool *pool = threads ? pool_create(threads, NULL) : NULL;
	struct fixture f = fixture(shape, 112, "adam");
	for (size_t i = 0; i < f.mlp->parameters; i++)
		f.mlp->parameter[i] *= 1e-12f;
	for (int i = 0; i < 5; i++)
		mlp_train(f.mlp, f.batch, f.training, NULL, pool, NULL);
	pool_destroy(pool);
	return f;
}

static void test_thread_count_leaves_vanishing_nets_alone(void **state)
{
	(void)state;
	struct spec activation = spec(&activations, "tanh");
	struct mlp_shape shape = {
		.layers = 6, .widths = (const uint32_t[]){ 40, 300, 100, 100, 100, 100, 10 }, .activation = &activation,
	};
	for (enum mat_engine engine = MAT_FASTEST; engine <= MAT_NAIVE; engine++) {
		mat_use(engine);
		struct fixture alone = vanishing(&shape, 0);
		static const int threads[] = { 1, 2, 5 };
		for (size_t i = 0; i < COUNT(threads); i++) {
			struct fixture f = vanishing(&shape, threads[i]);
			assert_memory_equal(f.mlp->parameter, alone.mlp->parameter, f.mlp->parameters * sizeof(float));
			fixture_end(&f);
		}
		fixture_end(&alone);
	}
	mat_use(MAT_FASTEST);
}

static void test_thread_count_leaves_the_bits_alone_with_the_naive_engine(void **state)
{
	(void)state;
	struct spec activation = spec(&activations, "sigmoid");
	struct mlp_shape shape = {
		.layers = 3, .widths = (const uint32_t[]){ 40, 300, 120, 10 }, .activation = &activation,
	};
	mat_use(MAT_NAIVE);
	same_bits_for_any_threads(&shape);
	mat_use(MAT_FASTEST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parameters_start_at_zero_and_gain_at_one),
		cmocka_unit_test(test_bytes_are_counted_before_they_are_asked_for),
		cmocka_unit_test(test_every_optimizer_learns_twenty_images),
		cmocka_unit_test(test_steps_are_those_of_the_reference),
		cmocka_unit_test(test_step_updates_every_parameter),
		cmocka_unit_test(test_sums_are_those_of_weights_changes_and_gradient),
		cmocka_unit_test(test_observer_sees_every_tensor_once),
		cmocka_unit_test(test_nan_spoils_the_weights_of_dark_pixels_too),
		cmocka_unit_test(test_thread_count_leaves_the_bits_alone),
		cmocka_unit_test(test_thread_count_leaves_vanishing_nets_alone),
		cmocka_unit_test(test_thread_count_leaves_the_bits_alone_with_the_naive_engine),
	};
	struct err err = {0};
	if (!mat_prepare(&err))
		return 1;
	return cmocka_run_group_tests_name("mlp_train", tests, NULL, NULL);
}
