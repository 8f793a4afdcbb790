/* Every optimizer against its published rule, one weight at a time in double
 * precision, and those rules against steps computed by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "check.h"
#include "nn/optimizer.h"
#include "nn/rng.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define STEPS 100
#define WEIGHTS 1337 /* some blocks and a tail */

struct weight {
	double w, s[OPTIMIZER_MAX_SLOTS];
};

static const char *const tried[] = {
	"sgd(lr=0.05)",
	"sgd(lr=0.05,momentum=0.8,weight_decay=0.01)",
	"sgd(lr=0.05,momentum=0.8,nesterov=yes)",
	"momentum(weight_decay=0.1)",
	"nesterov(momentum=0.7,weight_decay=0.1)",
	"rmsprop(lr=0.01)",
	"rmsprop(lr=0.01,rho=0.99,eps=0.1)",
	"adagrad(lr=0.1)",
	"adagrad(eps=0.5)",
	"adam(lr=0.01)",
	"adam(beta1=0.5,beta2=0.9,eps=0.1)", /* with an eps as large as this the two forms differ */
	"tf1:adam(lr=0.01)",
	"tf1:adam(beta1=0.5,beta2=0.9,eps=0.1)",
	"adamw(lr=0.01)",
	"adamw(lr=0.01,weight_decay=0.5,eps=0.1)",
};

static float w[WEIGHTS], slot0[WEIGHTS], slot1[WEIGHTS], g[WEIGHTS];
static struct weight twin[WEIGHTS];

static struct spec start(const char *word, struct rng *rng)
{
	struct spec spec;
	struct err err = {0};
	if (!spec_parse(&spec, &optimizers, word, &err))
		fail_msg("%s", err.message);
	*rng = rng_stream(1, RNG_TEST, 0);
	rng_fill_normal(rng, w, WEIGHTS);
	for (size_t i = 0; i < WEIGHTS; i++) {
		slot0[i] = slot1[i] = 0;
		twin[i] = (struct weight){ .w = (double)w[i] };
	}
	return spec;
}

/* Each step rounds a weight of up to 4 by at most 2.4e-7, and the steps
 * themselves, at most 0.5, by some 1e-7 of them: a hundred steps stay below
 * 100 x 2.4e-7 + 100 x 0.5 x 1e-7, mostly far below. */
#define TOLERANCE 3e-5

/* Short sums of floats: each is off by a few rounding errors of its terms. */
static void check_gradient_sums(const struct update_totals *sums)
{
	double sum = 0, square = 0, size = 0;
	for (size_t i = 0; i < WEIGHTS; i++) {
		sum += (double)g[i];
		size += fabs((double)g[i]);
		square += (double)g[i] * (double)g[i];
	}
	assert_true(fabs(sums->gradient - sum) <= 1e-6 * size);
	assert_true(fabs(sums->gradient_square - square) <= 1e-6 * square);
}

/* The first step from w = 1 with g = 2, by hand.  The first step of the Adam
 * family is lr, as m / sqrt(v) = g / |g|. */
static void test_published_rules_take_the_first_step_computed_by_hand(void **state)
{
	(void)state;
	static const struct {
		const char *spec;
		double w;
	} steps[] = {
		{ "sgd(lr=0.5)", 0 },
		{ "sgd(lr=0.1,momentum=0.9,weight_decay=0.5)", 1 - 0.1 * 2.5 },
		{ "sgd(lr=0.1,momentum=0.9,nesterov=yes)", 1 - 0.1 * (2 + 0.9 * 2) },
		{ "momentum(lr=0.1)", 0.8 },
		{ "nesterov(lr=0.1,momentum=0.9)", 1 - 0.1 * (2 + 0.9 * 2) },
		{ "rmsprop(lr=0.1,rho=0.9)", 1 - 0.1 * 2 / 0.63245553203367587 /* sqrt(0.1 * 4) */ },
		{ "adagrad(lr=0.1)", 0.9 },
		{ "adam(lr=0.1)", 0.9 },
		{ "tf1:adam(lr=0.1)", 0.9 },
		{ "adamw(lr=0.1,weight_decay=0.5)", 0.9 - 0.1 * 0.5 },
	};
	for (size_t i = 0; i < COUNT(steps); i++) {
		struct spec spec;
		assert_true(spec_parse(&spec, &optimizers, steps[i].spec, NULL));
		double weight = 1, slot[OPTIMIZER_MAX_SLOTS] = {0};
		optimizer_of(&spec)->published(&weight, slot, 2, 1, spec.value);
		if (!(fabs(weight - steps[i].w) <= 1e-7)) /* eps moves it by 1e-8 */
			fail_msg("%s: %.12g, by hand %.12g", steps[i].spec, weight, steps[i].w);
	}
}

static void test_every_optimizer_follows_its_formula(void **state)
{
	(void)state;
	for (size_t k = 0; k < COUNT(tried); k++) {
		struct rng rng;
		struct spec spec = start(tried[k], &rng);
		const struct optimizer *optimizer = optimizer_of(&spec);
		struct update_step step;
		for (int t = 1; t <= STEPS; t++) {
			double change = 0;
			rng_fill_normal(&rng, g, WEIGHTS);
			optimizer->prepare(&step, (uint64_t)t, 1, spec.value);
			for (size_t i = 0; i < WEIGHTS; i++) {
				double before = twin[i].w;
				optimizer->published(&twin[i].w, twin[i].s, (double)g[i], (uint64_t)t, spec.value);
				change += pow(twin[i].w - before, 2);
			}
			struct update_sums sums = {0};
			struct update_totals totals = {0};
			optimizer->update(&sums, w, slot0, optimizer->slots > 1 ? slot1 : NULL, g, WEIGHTS, &step);
			update_add_sums(&totals, &sums);
			/* squares of steps whose own error is 1e-6 at most, but for cancelling terms */
			if (!(fabs(totals.change_square - change) <= 1e-4 * change))
				fail_msg("%s: step %d: squared changes %.9g, by the formula %.9g", tried[k], t, totals.change_square,
				         change);
			check_gradient_sums(&totals);
		}
		for (size_t i = 0; i < WEIGHTS; i++)
			if (!(fabs((double)w[i] - twin[i].w) <= TOLERANCE))
				fail_msg("%s: weight %zu is %.9g, by the formula %.9g", tried[k], i, (double)w[i], twin[i].w);
	}
}

static void test_every_name_exists(void **state)
{
	(void)state;
	static const char *const names[] = {
		"sgd", "momentum", "nesterov", "rmsprop", "adagrad", "adam", "tf1:adam", "adamw",
	};
	assert_int_equal(optimizers.count, COUNT(names));
	for (size_t i = 0; i < COUNT(names); i++) {
		const struct optimizer *optimizer = optimizer_find(names[i], NULL);
		assert_non_null(optimizer);
		assert_string_equal(optimizer->entry.parameters[0].name, "lr");
		assert_in_range(optimizer->slots, 0, OPTIMIZER_MAX_SLOTS);
		bool used = false;
		for (size_t k = 0; k < COUNT(tried); k++)
			used |= strncmp(tried[k], names[i], strlen(names[i])) == 0;
		assert_true(used);
	}
}

static void test_lr_scale_multiplies_lr(void **state)
{
	(void)state;
	for (size_t k = 0; k < optimizers.count; k++) {
		struct spec spec = spec_of(table_at(&optimizers, k)), fourfold = spec;
		struct update_step step, scaled;
		fourfold.value[0] *= 4;
		for (size_t i = 0; i < entry_parameter_count(spec.entry); i++) {
			if (!strcmp(spec.entry->parameters[i].name, "weight_decay"))
				fourfold.value[i] /= 4; /* by test_lr_scale_leaves_the_decay_of_a_step */
		}
		memset(&step, 0, sizeof step);
		memset(&scaled, 0, sizeof scaled);
		optimizer_of(&spec)->prepare(&scaled, 7, 4, spec.value);
		optimizer_of(&spec)->prepare(&step, 7, 1, fourfold.value);
		assert_memory_equal(&step, &scaled, sizeof step);
	}
}

static void test_learning_rate_zero_changes_nothing(void **state)
{
	(void)state;
	for (size_t k = 0; k < optimizers.count; k++) {
		struct rng rng;
		struct spec spec = start(table_at(&optimizers, k)->name, &rng);
		struct update_step step;
		assert_true(spec_set(&spec, "lr", 0, NULL));
		rng_fill_normal(&rng, g, WEIGHTS);
		optimizer_of(&spec)->prepare(&step, 1, 1, spec.value);
		struct update_sums sums = {0};
		struct update_totals totals = {0};
		optimizer_of(&spec)->update(&sums, w, slot0, slot1, g, WEIGHTS, &step);
		update_add_sums(&totals, &sums);
		assert_true(totals.change_square == 0 && totals.gradient_square > 0);
		for (size_t i = 0; i < WEIGHTS; i++)
			assert_true((double)w[i] == twin[i].w);
	}
}

/* A pixel that is always 0 gives its weights no gradient, ever. */
static void test_zero_gradient_is_no_nan(void **state)
{
	(void)state;
	memset(g, 0, sizeof g);
	for (size_t k = 0; k < optimizers.count; k++) {
		struct rng rng;
		struct spec spec = start(table_at(&optimizers, k)->name, &rng);
		for (uint64_t t = 1; t <= 3; t++) {
			struct update_step step;
			struct update_sums sums = {0};
			optimizer_of(&spec)->prepare(&step, t, 1, spec.value);
			optimizer_of(&spec)->update(&sums, w, slot0, slot1, g, WEIGHTS, &step);
		}
		for (size_t i = 0; i < WEIGHTS; i++)
			check_entry(table_at(&optimizers, k)->name, isfinite(w[i]));
	}
}

/* Each weight goes its own way: cutting the array changes no bit of it. */
static void test_cutting_the_weights_changes_nothing(void **state)
{
	(void)state;
	static float whole[WEIGHTS];
	for (size_t k = 0; k < optimizers.count; k++) {
		struct rng rng;
		for (int cut = 0; cut < 2; cut++) {
			struct spec spec = start(table_at(&optimizers, k)->name, &rng);
			const struct optimizer *optimizer = optimizer_of(&spec);
			size_t first = cut ? 701 : WEIGHTS;
			for (uint64_t t = 1; t <= 3; t++) {
				struct update_step step;
				struct update_sums sums = {0};
				rng_fill_normal(&rng, g, WEIGHTS);
				optimizer->prepare(&step, t, 1, spec.value);
				optimizer->update(&sums, w, slot0, slot1, g, first, &step);
				optimizer->update(&sums, w + first, slot0 + first, slot1 + first, g + first, WEIGHTS - first,
				                  &step);
			}
			if (cut)
				check_entry(spec.entry->name, memcmp(w, whole, sizeof w) == 0);
			else
				memcpy(whole, w, sizeof w);
		}
	}
}

/* Under muP a learning rate is multiplied by lr_scale and weight_decay divided
 * by it (MuSGD and MuAdamW of the package mup), so that lr weight_decay is the
 * same at every width: without a gradient, one step takes 0.1 * 0.5 of a weight. */
static void test_lr_scale_leaves_the_decay_of_a_step(void **state)
{
	(void)state;
	static const char *const words[] = {
		"sgd(lr=0.1,weight_decay=0.5)", "momentum(lr=0.1,weight_decay=0.5)",
		"nesterov(lr=0.1,momentum=0,weight_decay=0.5)", "adamw(lr=0.1,weight_decay=0.5)",
	};
	static const double scales[] = { 0.25, 1, 4 };
	for (size_t k = 0; k < COUNT(words); k++) {
		for (size_t j = 0; j < COUNT(scales); j++) {
			struct rng rng;
			struct spec spec = start(words[k], &rng);
			struct update_step step;
			struct update_sums sums = {0};
			memset(g, 0, sizeof g);
			optimizer_of(&spec)->prepare(&step, 1, scales[j], spec.value);
			optimizer_of(&spec)->update(&sums, w, slot0, slot1, g, WEIGHTS, &step);
			for (size_t i = 0; i < WEIGHTS; i++)
				assert_true(fabs((double)w[i] - 0.95 * twin[i].w) < 1e-6);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_name_exists),
		cmocka_unit_test(test_published_rules_take_the_first_step_computed_by_hand),
		cmocka_unit_test(test_every_optimizer_follows_its_formula),
		cmocka_unit_test(test_lr_scale_multiplies_lr),
		cmocka_unit_test(test_lr_scale_leaves_the_decay_of_a_step),
		cmocka_unit_test(test_learning_rate_zero_changes_nothing),
		cmocka_unit_test(test_zero_gradient_is_no_nan),
		cmocka_unit_test(test_cutting_the_weights_changes_nothing),
	};
	return cmocka_run_group_tests_name("optimizer", tests, NULL, NULL);
}
