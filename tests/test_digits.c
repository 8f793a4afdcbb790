/* The built-in digits: the same everywhere, balanced, readable, and with the
 * statistics of MNIST that decide what a first layer receives. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <zlib.h>

#include "base/alloc.h"
#include "data/digits.h"

enum { SEED = 1, MANY = 12000 };

static uint8_t *images; /* (MANY, DIGITS_PIXELS) */
static int labels[MANY];

static int draw_many(void **state)
{
	(void)state;
	images = alloc_array(MANY, DIGITS_PIXELS, NULL);
	for (size_t i = 0; images && i < MANY; i++)
		labels[i] = digits_draw(images + i * DIGITS_PIXELS, SEED, i);
	return images ? 0 : -1;
}

static int release(void **state)
{
	(void)state;
	alloc_free(images);
	return 0;
}

/* The expected number was recorded once; gcc and clang, with and without
 * optimisation, give the same. */
static void same_bytes_on_every_machine(void **state)
{
	(void)state;
	assert_int_equal(crc32(0, images, 100 * DIGITS_PIXELS), 0x481DCFDD);
}

static void an_image_depends_on_its_number_alone(void **state)
{
	(void)state;
	uint8_t again[DIGITS_PIXELS], other[DIGITS_PIXELS];
	const uint64_t last = UINT64_MAX;
	assert_int_equal(digits_draw(again, SEED, 4711), labels[4711]);
	assert_memory_equal(again, images + 4711 * DIGITS_PIXELS, DIGITS_PIXELS);
	digits_draw(other, SEED + 1, 4711);
	assert_memory_not_equal(again, other, DIGITS_PIXELS);
	assert_int_equal(digits_draw(again, last, last), digits_label(last, last));
}

static void no_two_are_alike(void **state)
{
	(void)state;
	static uint32_t seen[MANY];
	for (size_t i = 0; i < MANY; i++)
		seen[i] = (uint32_t)crc32(0, images + i * DIGITS_PIXELS, DIGITS_PIXELS);
	size_t equal = 0;
	for (size_t i = 0; i < MANY; i++)
		for (size_t j = i + 1; j < MANY; j++)
			equal += seen[i] == seen[j] &&
			         memcmp(images + i * DIGITS_PIXELS, images + j * DIGITS_PIXELS, DIGITS_PIXELS) == 0;
	assert_int_equal(equal, 0);
}

static void every_ten_hold_all_digits(void **state)
{
	(void)state;
	for (size_t i = 0; i < MANY; i += 10) {
		unsigned seen = 0;
		for (size_t k = i; k < i + 10; k++) {
			assert_int_equal(labels[k], digits_label(SEED, k));
			seen |= 1u << labels[k];
		}
		assert_int_equal(seen, 0x3FF);
	}
}

/* At each place of the ten every digit is expected 120 times, with a standard
 * deviation of sqrt(1200 x 0.1 x 0.9) = 10.4; five of those are allowed. */
static void their_order_looks_random(void **state)
{
	(void)state;
	int at[10][10] = {{0}};
	for (size_t i = 0; i < MANY; i++)
		at[i % 10][labels[i]]++;
	for (size_t place = 0; place < 10; place++)
		for (size_t digit = 0; digit < 10; digit++)
			assert_in_range(at[place][digit], 120 - 52, 120 + 52);
}

/* Expected: MNIST's 60000 training images.  The tolerances are the goals of
 * the generator; sampling adds less than 0.4 % (the norm's relative deviation
 * 0.36 over sqrt(12000)), and 0.7 % to the deviation itself. */
static void moments_are_those_of_mnist(void **state)
{
	(void)state;
	double sum = 0, squares = 0, norm_squares = 0;
	for (size_t i = 0; i < MANY; i++) {
		double norm = 0;
		for (size_t p = 0; p < DIGITS_PIXELS; p++) {
			double x = images[i * DIGITS_PIXELS + p] / 255.0;
			sum += x;
			norm += x * x;
		}
		squares += norm;
		norm_squares += norm * norm;
	}
	const double n = (double)MANY * DIGITS_PIXELS;
	double mean = sum / n, mean_square = squares / n, norm = squares / MANY;
	assert_true(fabs(mean - 0.1307) < 0.02 * 0.1307);
	assert_true(fabs(sqrt(mean_square - mean * mean) - 0.3081) < 0.02 * 0.3081);
	assert_true(fabs(norm - 87.8) < 0.02 * 87.8);
	assert_true(fabs(sqrt(norm_squares / MANY - norm * norm) - 31.9) < 0.05 * 31.9);
}

/* MNIST's images were moved by whole pixels, so that their centre of mass is
 * within half a pixel of the middle; 1.4 % of them touch the rim. */
static void ink_is_in_the_middle(void **state)
{
	(void)state;
	size_t touching = 0;
	for (size_t i = 0; i < MANY; i++) {
		double mass = 0, right = 0, down = 0;
		bool touches = false;
		for (size_t p = 0; p < DIGITS_PIXELS; p++) {
			size_t x = p % DIGITS_SIDE, y = p / DIGITS_SIDE;
			double shade = images[i * DIGITS_PIXELS + p];
			mass += shade;
			right += shade * ((double)x + 0.5 - DIGITS_SIDE / 2.0);
			down += shade * ((double)y + 0.5 - DIGITS_SIDE / 2.0);
			touches |= shade > 0 && (x == 0 || y == 0 || x == DIGITS_SIDE - 1 || y == DIGITS_SIDE - 1);
		}
		assert_true(mass > 0);
		assert_true(fabs(right / mass) <= 0.5 && fabs(down / mass) <= 0.5);
		touching += touches;
	}
	assert_true(touching < MANY * 2 / 100);
}

/* The nearest of the ten mean images of one half names the other half: MNIST's
 * test images give 82 % that way, chance 10 %. */
static void digits_are_distinguishable(void **state)
{
	(void)state;
	static double mean[10][DIGITS_PIXELS];
	for (size_t i = 0; i < MANY / 2; i++)
		for (size_t p = 0; p < DIGITS_PIXELS; p++)
			mean[labels[i]][p] += images[i * DIGITS_PIXELS + p] / (MANY / 20.0);
	size_t right = 0;
	for (size_t i = MANY / 2; i < MANY; i++) {
		int nearest = -1;
		double least = INFINITY;
		for (int digit = 0; digit < 10; digit++) {
			double distance = 0;
			for (size_t p = 0; p < DIGITS_PIXELS; p++) {
				double off = images[i * DIGITS_PIXELS + p] - mean[digit][p];
				distance += off * off;
			}
			if (distance < least) {
				least = distance;
				nearest = digit;
			}
		}
		right += nearest == labels[i];
	}
	assert_in_range(right, MANY / 2 * 75 / 100, MANY / 2 * 95 / 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_bytes_on_every_machine),
		cmocka_unit_test(an_image_depends_on_its_number_alone),
		cmocka_unit_test(no_two_are_alike),
		cmocka_unit_test(every_ten_hold_all_digits),
		cmocka_unit_test(their_order_looks_random),
		cmocka_unit_test(moments_are_those_of_mnist),
		cmocka_unit_test(ink_is_in_the_middle),
		cmocka_unit_test(digits_are_distinguishable),
	};
	return cmocka_run_group_tests(tests, draw_many, release);
}
