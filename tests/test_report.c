/* The report on the article: its numbers where theory and the literature have
 * them, its text within its width, its screen at any size. */
#include <math.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app_end.h"
#include "runner_end.h"
#include "check.h"
#include "lab/runner.h"
#include "nn/mat.h"
#include "app/app.h"
#include "view/report_text.h"

static struct report digits; /* measured once */

/* By the worker, and polled as by a screen. */
static void measure(struct report *report, const char *data)
{
	struct err err = {0};
	struct runner *runner = runner_worker(NULL, NULL, &err);
	if (runner == NULL)
		fail_msg("%s", err.message);
	runner_report(runner, data, 1);
	struct runner_report_status status = {0};
	while (status.share < 1) {
		double share = status.share;
		runner_poll_report(runner, report, &status);
		if (status.err.code)
			fail_msg("%s", status.err.message);
		assert_true(status.share >= share);
		poll(NULL, 0, 10);
	}
	end_runner(runner);
}

static int measure_digits(void **state)
{
	(void)state;
	measure(&digits, "digits");
	return 0;
}

/* ---- numbers ---- */

/* 20 nets of 100 units: the mean of E[z^2] has an sd of sqrt(2 / 2000) = 3 %,
 * as one net's z are nearly one draw for each unit. */
static void check_against_theory(const struct report *r)
{
	double n = (double)r->pixels, whole = n * r->train.mean_square, between = r->train.mean_vector_square;
	const struct report_layer *normal = r->net[REPORT_FIRST_NORMAL].layer, *xavier = r->net[REPORT_FIRST_XAVIER].layer;
	check_near(r->train.mean_square, r->train.variance + r->train.mean * r->train.mean, 1e-9);
	check_ratio(normal[0].z_mean_square.mean, whole, 0.12);
	check_ratio(normal[0].z_within.mean, whole - between, 0.12);
	check_ratio(normal[0].z_between.mean, between, 0.2);
	check_ratio(normal[0].z_within.mean + normal[0].z_between.mean, normal[0].z_variance.mean, 1e-4);
	assert_true(fabs(normal[0].z_mean_square.mean / (n * r->train.variance) - 1) > 0.05); /* not the incomplete sum */
	check_ratio(normal[1].z_mean_square.mean, normal[1].z_theory.mean, 0.12);
	check_ratio(normal[0].w_variance.mean, 1.0, 0.01);
	check_near(normal[0].beyond_2.mean, 0.822, 0.03); /* computed elsewhere for MNIST; the digits imitate its moments */
	check_near(normal[0].at_ends.mean, 0.741, 0.03);
	check_near(normal[1].at_ends.mean, 0.663, 0.03);
	check_ratio(normal[0].gradient.mean, normal[0].gradient_theory, 0.12);

	check_ratio(xavier[0].z_mean_square.mean, xavier[0].z_theory.mean, 0.12);
	check_near(xavier[0].weight_variance, 2 * 1.0058637 / 884, 1e-8);
	check_ratio(xavier[0].w_variance.mean, xavier[0].weight_variance, 0.01);
	check_near(xavier[0].saturated.mean, 0, 1e-4);
	check_near(xavier[0].a_mean.mean, 0.5, 0.02);
	check_ratio(xavier[0].gradient.mean, 0.0575, 0.12);

	const struct report_layer *he = r->net[REPORT_HE_RELU].layer;
	check_near(he[0].weight_variance, 2 * 1.0058637 / 784, 1e-8);
	check_ratio(he[1].a_mean_square.mean / he[1].z_mean_square.mean, 0.5, 0.15);
	check_ratio(r->net[REPORT_STANDARDIZED].layer[0].z_variance.mean, 784.0, 0.15);
}

/* Mean s^2 is the product of n Var(W) E[f'^2] of both layers. sigmoid: E[f'^2] 0.00704 at E[z^2] = 88, 0.0097 at 46
 * (by quadrature in NumPy), about 1/16 (1 - E[z^2]/2) at 0.2; relu: 1/2. */
static void check_isometry(const struct report *r)
{
	const struct report_layer *normal = &r->net[REPORT_NORMAL].layer[1], *xavier = &r->net[REPORT_XAVIER].layer[1];
	const struct report_layer *he = &r->net[REPORT_HE_RELU].layer[1];
	check_ratio(normal->jacobian_theory, 784 * 0.00704 * 100 * 0.0097, 0.04);
	check_ratio(xavier->jacobian_theory, 784 * 0.0022757 / 16 * 0.9 * 100 * 0.010059 / 16 * 0.9, 0.06);
	check_near(he->jacobian_theory, 1.0058637 * 1.0058637, 1e-4);
	const struct report_layer *all[] = { normal, xavier, he };
	for (size_t i = 0; i < 3; i++) {
		assert_true(all[i]->jacobian_square.count >= 2);
		check_ratio(all[i]->jacobian_square.mean, all[i]->jacobian_theory, 0.2);
	}
	check_near(he->jacobian_lost.mean, 0.5, 0.1); /* units whose slope is 0, and a few more */
	check_near(xavier->jacobian_lost.mean, 0, 1e-9);
	assert_true(he->jacobian_spread.count == 0 && xavier->jacobian_spread.mean > 1 && xavier->jacobian_spread.mean < 4);
	assert_int_equal(r->net[REPORT_DEEP_HE].layer[1].jacobian_square.count, 0);
}

static void check_learning(const struct report *r)
{
	const struct report_net *net = r->net;
	assert_true(net[REPORT_XAVIER].test_accuracy.mean > net[REPORT_NORMAL].test_accuracy.mean + 0.02);
	assert_true(net[REPORT_XAVIER_RELU].test_accuracy.mean > net[REPORT_NORMAL_RELU].test_accuracy.mean + 0.05);
	check_near(net[REPORT_HE_RELU].test_accuracy.mean, net[REPORT_XAVIER_RELU].test_accuracy.mean, 0.03);
	assert_true(net[REPORT_DEEP_HE].test_accuracy.mean > net[REPORT_DEEP_XAVIER].test_accuracy.mean + 0.3);
	for (size_t i = REPORT_NORMAL; i <= REPORT_HE_RELU; i++) {
		assert_int_equal(net[i].test_accuracy.count, 2);
		assert_true(net[i].fitted_accuracy.mean > 0.5);
		/* layer 2's output is not the logits, z is not x W once there are biases */
		assert_true(fabs(net[i].fc_out_3_variance.mean / net[i].logits_variance.mean - 1) > 0.05);
		assert_true(net[i].mat_mul_variance.mean != net[i].read_z_variance.mean);
		check_ratio(net[i].mat_mul_variance.mean, net[i].read_z_variance.mean, 0.2);
	}
}

static void test_digits(void **state)
{
	(void)state;
	const struct report *r = &digits;
	check_against_theory(r);
	check_isometry(r);
	check_learning(r);
}

static void test_mnist(void **state)
{
	(void)state;
	const char *folder = getenv("INITVIZ_TEST_MNIST");
	if (folder == NULL)
		skip();
	struct report report;
	measure(&report, folder);
	const struct report *r = &report;
	check_near(r->train.variance, 0.094962, 1e-6);
	check_near(r->train.mean_square, 0.112045, 1e-6);
	check_near(r->train.mean, 0.130700, 1e-6);
	check_near(784 * r->train.variance, 74.45, 0.01);
	check_near(784 * r->train.mean_square, 87.84, 0.01);
	check_near(r->train.mean_vector_square, 35.11, 0.01);
	check_near(r->net[REPORT_FIRST_NORMAL].input_variance.mean, 0.0950, 0.0020); /* sd 0.0028 of a batch, 20 of them */
	check_against_theory(r);
	check_isometry(r);
	check_learning(r);
}

/* ---- text ---- */

static int cells_of(const char *line, size_t length)
{
	int cells = 0;
	for (size_t i = 0; i < length; i++)
		cells += ((unsigned char)line[i] & 0xC0) != 0x80;
	return cells;
}

static void check_text(const struct report *report, int width, bool ascii)
{
	struct text text = {0};
	report_text(&text, report, width, ascii);
	assert_true(text_check(&text, NULL));
	int lines = 0;
	for (const char *line = text_string(&text); *line; lines++) {
		size_t length = strcspn(line, "\n");
		if (cells_of(line, length) > width)
			fail_msg("wider than %d: %.*s", width, (int)length, line);
		if (length && line[length - 1] == ' ')
			fail_msg("blank at the end: %.*s", (int)length, line);
		for (size_t i = 0; ascii && i < length; i++)
			assert_true(line[i] >= ' ' && line[i] < 127);
		line += length + 1;
	}
	struct rect area = { .width = width };
	assert_int_equal(report_draw(NULL, area, report, 0, ascii), lines);
	text_free(&text);
}

static void test_text_keeps_its_width(void **state)
{
	(void)state;
	static const int widths[] = { 40, 41, 57, 75, 76, 77, 80, 100 };
	for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
		check_text(&digits, widths[i], false);
		check_text(&digits, widths[i], true);
	}
}

static void test_both_sums_are_written_out(void **state)
{
	(void)state;
	const struct report *r = &digits;
	struct text text = {0};
	char sum[96];
	report_text(&text, r, 80, true);
	snprintf(sum, sizeof sum, "784 . %.6f . 1 = %.2f", r->train.variance, 784 * r->train.variance);
	assert_non_null(strstr(text_string(&text), sum));
	snprintf(sum, sizeof sum, "784 . %.6f . 1 = %.2f", r->train.mean_square, 784 * r->train.mean_square);
	assert_non_null(strstr(text_string(&text), sum));
	assert_non_null(strstr(text_string(&text), "built-in digits"));
	assert_non_null(strstr(text_string(&text), "these images have others"));
	text_free(&text);
}

/* ---- the screen ---- */

static bool shows(const struct app *app, int width, int height, const char *words)
{
	struct canvas canvas;
	struct text text = {0};
	assert_true(canvas_create(&canvas, width, height, false, NULL));
	app_draw(app, &canvas);
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++)
			text_add_glyph(&text, canvas.cells[y * width + x].glyph);
	bool there = strstr(text_string(&text), words) != NULL;
	text_free(&text);
	canvas_destroy(&canvas);
	return there;
}

static void test_screen(void **state)
{
	(void)state;
	struct settings settings;
	struct err err = {0};
	settings_default(&settings);
	assert_true(settings_set(&settings, "data", "digits", &err));
	struct runner *runner = runner_worker(NULL, NULL, &err);
	struct app *app = app_create(runner, &settings, &(struct app_services){0}, true, &err);
	app_resize(app, 80, 24, false);
	app_poll(app, 0);
	assert_false(shows(app, 80, 24, "The article's statements"));
	app_key(app, 'e');
	assert_true(shows(app, 80, 24, "measuring   0 %"));
	assert_true(app_is_running(app));
	while (!shows(app, 80, 24, "74 or 88?")) { /* keys are answered meanwhile */
		app_poll(app, 0);
		poll(NULL, 0, 10);
	}
	for (int i = 0; i < 3; i++)
		app_key(app, APP_KEY_PAGE_DOWN);
	assert_false(shows(app, 80, 24, "74 or 88?"));
	static const int sizes[][2] = { { 1, 1 }, { 39, 9 }, { 40, 10 }, { 43, 11 }, { 120, 40 }, { 300, 100 } };
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		shows(app, sizes[i][0], sizes[i][1], "");
	assert_false(app_command(app, "report arts", &err));
	app_key(app, '?');
	assert_false(shows(app, 80, 24, "measuring"));
	app_key(app, '?');
	assert_true(shows(app, 80, 24, "measuring"));
	app_key(app, 'e');
	assert_false(shows(app, 80, 24, "measuring"));
	assert_false(app_is_running(app));
	end_app(app);
	end_runner(runner);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_digits),
		cmocka_unit_test(test_text_keeps_its_width),
		cmocka_unit_test(test_both_sums_are_written_out),
		cmocka_unit_test(test_screen),
		cmocka_unit_test(test_mnist),
	};
	assert_true(mat_prepare(NULL));
	return cmocka_run_group_tests(tests, measure_digits, NULL);
}
