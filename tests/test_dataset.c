/* Data sets: the built-in digits, folders of small files made here, and the
 * real ones where they are installed (INITVIZ_TEST_MNIST names MNIST's). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unpack.h"
#include "data/dataset.h"
#include "data/digits.h"

/* ---- folders to read ---- */

#define FASHION "/usr/share/datasets/fashion-mnist"

static char root[] = "/tmp/test_dataset.XXXXXX";
static char *mnist_folder; /* the value of $INITVIZ_TEST_MNIST before the tests, or NULL */

enum { TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS };

static const char *const names[] = { "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
	                             "t10k-labels-idx1-ubyte" };

static void put_number(FILE *file, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		fputc((int)(value >> shift & 0xFF), file);
}

/* `count` images of 2 x 2 pixels, all of value k % 4 x 85 in image k. */
static void write_images(const char *folder, int which, uint32_t count)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s", folder, names[which]);
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	put_number(file, 0x803);
	put_number(file, count);
	put_number(file, 2);
	put_number(file, 2);
	for (uint32_t k = 0; k < 4 * count; k++)
		fputc((int)(k / 4 % 4 * 85), file);
	assert_int_equal(fclose(file), 0);
}

/* `count` labels 0, 1, ..., largest, 0, 1, ... */
static void write_labels(const char *folder, int which, uint32_t count, uint32_t largest)
{
	char path[128];
	snprintf(path, sizeof path, "%s/%s", folder, names[which]);
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	put_number(file, 0x801);
	put_number(file, count);
	for (uint32_t k = 0; k < count; k++)
		fputc((int)(k % (largest + 1)), file);
	assert_int_equal(fclose(file), 0);
}

static void write_all(const char *folder, uint32_t train, uint32_t test)
{
	write_images(folder, TRAIN_IMAGES, train);
	write_labels(folder, TRAIN_LABELS, train, 6);
	write_images(folder, TEST_IMAGES, test);
	write_labels(folder, TEST_LABELS, test, 6);
}

static int prepare(void **state)
{
	(void)state;
	unsetenv("INITVIZ_DATA");
	unsetenv("XDG_DATA_HOME");
	unsetenv("XDG_CACHE_HOME");
	setenv("XDG_DATA_DIRS", root, 1); /* nothing there unless a test puts it */
	setenv("HOME", root, 1);
	return system("rm -rf ./* ./.[a-z]* && mkdir set") == 0 ? 0 : -1;
}

static int make_root(void **state)
{
	(void)state;
	const char *mnist = getenv("INITVIZ_TEST_MNIST");
	mnist_folder = mnist ? realpath(mnist, NULL) : NULL;
	return mkdtemp(root) && chdir(root) == 0 ? 0 : -1;
}

static int remove_root(void **state)
{
	(void)state;
	free(mnist_folder);
	return system("rm -rf ./* ./.[a-z]*") == 0 && chdir("/") == 0 ? rmdir(root) : -1;
}

/* ---- expectations ---- */

static struct dataset *opened(const char *spec)
{
	struct err err = {0};
	struct dataset *dataset = dataset_open(spec, &err);
	if (dataset == NULL)
		fail_msg("%s", err.message);
	return dataset;
}

static void refused(const char *spec, enum err_code code, const char *part)
{
	struct err err = {0};
	assert_null(dataset_open(spec, &err));
	if (strstr(err.message, part) == NULL)
		fail_msg("'%s' is not in '%s'", part, err.message);
	assert_int_equal(err.code, code);
}

/* The i-th warning has these words in it. */
static void warns(struct dataset *dataset, size_t i, const char *part)
{
	const struct warnings *warnings = dataset_warnings(dataset);
	if (i >= warnings_count(warnings))
		fail_msg("'%s' is not warned of, there are %zu warnings", part, warnings_count(warnings));
	if (strstr(warnings_at(warnings, i), part) == NULL)
		fail_msg("'%s' is not in '%s'", part, warnings_at(warnings, i));
}

/* The bytes of an image, into pixel[dataset_pixels()]; true when it is there. */
static bool take(uint8_t *pixel, struct dataset *dataset, enum dataset_split split, size_t index)
{
	struct dataset_image image;
	if (!dataset_image(&image, dataset, split, index, NULL))
		return false;
	unpack(pixel, image.on, image.value, dataset_pixels(dataset));
	return true;
}

static void has_name(const char *spec, const char *name)
{
	struct dataset *dataset = opened(spec);
	assert_string_equal(dataset_name(dataset), name);
	dataset_close(dataset);
}

/* ---- the built-in digits ---- */

static void digits_have_the_sizes_of_mnist(void **state)
{
	(void)state;
	struct dataset *dataset = opened("digits");
	assert_int_equal(dataset_count(dataset, DATASET_TRAIN), 55000);
	assert_int_equal(dataset_count(dataset, DATASET_VALIDATION), 5000);
	assert_int_equal(dataset_count(dataset, DATASET_TEST), 10000);
	assert_int_equal(dataset_pixels(dataset), 784);
	assert_int_equal(dataset_classes(dataset), 10);
	assert_string_equal(dataset_name(dataset), "built-in digits");
	assert_int_equal(warnings_count(dataset_warnings(dataset)), 0);
	dataset_close(dataset);
}

static void digits_are_drawn_once_and_when_asked_for(void **state)
{
	(void)state;
	struct dataset *dataset = opened("digits");
	assert_true(dataset_loaded(dataset) == 0);
	uint8_t pixel[DIGITS_PIXELS], wanted[DIGITS_PIXELS];
	struct dataset_image once, again;
	assert_true(dataset_image(&once, dataset, DATASET_TEST, 9999, NULL));
	assert_int_equal(dataset_label(dataset, DATASET_TEST, 9999), digits_draw(wanted, 1, 69999));
	unpack(pixel, once.on, once.value, DIGITS_PIXELS);
	assert_memory_equal(pixel, wanted, DIGITS_PIXELS);
	assert_true(dataset_loaded(dataset) == 1 / 70000.0);
	assert_true(dataset_image(&again, dataset, DATASET_TEST, 9999, NULL));
	assert_ptr_equal(again.on, once.on);
	assert_ptr_equal(again.value, once.value);
	assert_true(dataset_loaded(dataset) == 1 / 70000.0);
	assert_true(dataset_load(dataset, NULL));
	assert_true(dataset_loaded(dataset) == 1);
	dataset_close(dataset);
}

static void digits_of_another_seed_are_others(void **state)
{
	(void)state;
	struct dataset *one = opened("digits"), *other = opened("digits( seed=7 )");
	uint8_t pixel[2][DIGITS_PIXELS];
	assert_true(take(pixel[0], one, DATASET_TRAIN, 0) && take(pixel[1], other, DATASET_TRAIN, 0));
	assert_memory_not_equal(pixel[0], pixel[1], DIGITS_PIXELS);
	dataset_close(one);
	dataset_close(other);
	refused("digits(seed=-1)", ERR_USAGE, "seed");
	refused("mnist(seed=1)", ERR_USAGE, "mnist has no parameter 'seed'");
}

static void splits_do_not_overlap(void **state)
{
	(void)state;
	static const struct {
		enum dataset_split split;
		uint64_t first; /* of the digits' series */
	} splits[] = { { DATASET_TRAIN, 0 }, { DATASET_VALIDATION, 55000 }, { DATASET_TEST, 60000 } };
	struct dataset *dataset = opened("digits");
	uint8_t pixel[DIGITS_PIXELS], wanted[DIGITS_PIXELS];
	for (size_t i = 0; i < 3; i++) {
		digits_draw(wanted, 1, splits[i].first);
		assert_true(take(pixel, dataset, splits[i].split, 0));
		assert_memory_equal(pixel, wanted, DIGITS_PIXELS);
	}
	dataset_close(dataset);
	write_all("set", 120, 5);
	dataset = opened("set");
	for (size_t i = 0; i < 110; i++) { /* the first ten images validate */
		assert_true(take(pixel, dataset, DATASET_TRAIN, i));
		assert_int_equal(pixel[0], (10 + i) % 4 * 85);
		assert_int_equal(dataset_label(dataset, DATASET_TRAIN, i), (10 + i) % 7);
	}
	dataset_close(dataset);
}

/* ---- folders ---- */

static void a_folder_is_a_data_set(void **state)
{
	(void)state;
	write_all("set", 120, 5);
	struct dataset *dataset = opened("set");
	assert_int_equal(dataset_count(dataset, DATASET_VALIDATION), 10); /* a twelfth */
	assert_int_equal(dataset_count(dataset, DATASET_TRAIN), 110);
	assert_int_equal(dataset_count(dataset, DATASET_TEST), 5);
	assert_int_equal(dataset_pixels(dataset), 4);
	assert_int_equal(dataset_classes(dataset), 7);
	assert_string_equal(dataset_name(dataset), "set");
	assert_int_equal(warnings_count(dataset_warnings(dataset)), 0);
	assert_int_equal(dataset_label(dataset, DATASET_TRAIN, 0), 10 % 7);
	uint8_t pixel[4];
	assert_true(take(pixel, dataset, DATASET_TRAIN, 0));
	assert_int_equal(pixel[0], 10 % 4 * 85);
	assert_int_equal(dataset_label(dataset, DATASET_TEST, 4), 4);
	assert_true(take(pixel, dataset, DATASET_TEST, 3));
	assert_int_equal(pixel[3], 255);
	assert_true(dataset_loaded(dataset) > 0 && dataset_loaded(dataset) < 1);
	assert_true(dataset_load(dataset, NULL));
	assert_true(dataset_loaded(dataset) == 1);
	dataset_close(dataset);
}

static void the_smallest_folder_works(void **state)
{
	(void)state;
	write_all("set", 1, 1);
	struct dataset *dataset = opened("./set//");
	assert_int_equal(dataset_count(dataset, DATASET_TRAIN), 1);
	assert_int_equal(dataset_count(dataset, DATASET_VALIDATION), 0);
	assert_int_equal(dataset_classes(dataset), 2); /* though one is there */
	assert_string_equal(dataset_name(dataset), "set");
	struct dataset_affine affine;
	assert_true(dataset_scaling(dataset, DATASET_STANDARD, &affine, NULL)); /* no variance: black is 0 */
	assert_true(affine.scale == 1 && affine.shift == 0);
	dataset_close(dataset);
}

static void ten_thousand_images_give_five_thousand_to_validation(void **state)
{
	(void)state;
	write_all("set", 10000, 1);
	struct dataset *dataset = opened("set");
	assert_int_equal(dataset_count(dataset, DATASET_VALIDATION), 5000);
	dataset_close(dataset);
	write_all("set", 9999, 1);
	dataset = opened("set");
	assert_int_equal(dataset_count(dataset, DATASET_VALIDATION), 833);
	dataset_close(dataset);
}

static void labels_up_to_255_are_classes(void **state)
{
	(void)state;
	write_all("set", 300, 5);
	write_labels("set", TRAIN_LABELS, 300, 255);
	struct dataset *dataset = opened("set");
	assert_int_equal(dataset_classes(dataset), 256);
	dataset_close(dataset);
	write_labels("set", TRAIN_LABELS, 300, 3);
	write_labels("set", TEST_LABELS, 5, 4); /* the test files count too */
	dataset = opened("set");
	assert_int_equal(dataset_classes(dataset), 5);
	dataset_close(dataset);
}

static void files_may_be_packed_or_dotted(void **state)
{
	(void)state;
	write_all("set", 24, 5);
	assert_int_equal(system("cd set && gzip train-images-idx3-ubyte && mv t10k-labels-idx1-ubyte t10k-labels.idx1-ubyte"), 0);
	struct dataset *dataset = opened("set");
	assert_true(dataset_load(dataset, NULL));
	uint8_t pixel[4];
	assert_true(take(pixel, dataset, DATASET_TRAIN, 1));
	assert_int_equal(pixel[0], 255);
	dataset_close(dataset);
}

static void missing_files_are_named(void **state)
{
	(void)state;
	write_all("set", 24, 5);
	assert_int_equal(unlink("set/train-labels-idx1-ubyte"), 0);
	refused("set", ERR_INPUT, "set: missing train-labels-idx1-ubyte (plain or .gz): give a directory with all four files "
	                          "with --data DIR, or use the built-in digits with --data digits");
	assert_int_equal(unlink("set/t10k-images-idx3-ubyte"), 0);
	refused("set", ERR_INPUT, "missing train-labels-idx1-ubyte, t10k-images-idx3-ubyte (plain");
}

static void counts_must_agree(void **state)
{
	(void)state;
	write_all("set", 24, 5);
	write_labels("set", TEST_LABELS, 6, 6);
	refused("set", ERR_INPUT, "5 images in t10k-images-idx3-ubyte, but 6 labels in t10k-labels-idx1-ubyte");
}

static void extra_bytes_are_warned_of(void **state)
{
	(void)state;
	write_all("set", 24, 5);
	assert_int_equal(system("printf abc >> set/t10k-labels-idx1-ubyte"), 0);
	struct dataset *dataset = opened("set");
	assert_string_equal(warnings_at(dataset_warnings(dataset), 0),
	                    "set/t10k-labels-idx1-ubyte: 3 bytes behind the last item were ignored");
	dataset_close(dataset);
	write_labels("set", TEST_LABELS, 5, 6);
	assert_int_equal(system("printf a >> set/train-images-idx3-ubyte"), 0);
	dataset = opened("set");
	warns(dataset, 0, "train-images-idx3-ubyte: 1 byte"); /* a plain file's size is known */
	assert_true(dataset_load(dataset, NULL));
	assert_int_equal(warnings_count(dataset_warnings(dataset)), 1);
	dataset_close(dataset);
}

static void damage_is_met_where_it_is(void **state)
{
	(void)state;
	struct err err = {0};
	write_all("set", 2400, 5);
	assert_int_equal(system("cd set && gzip train-images-idx3-ubyte && truncate -s -9 train-images-idx3-ubyte.gz"), 0);
	struct dataset *dataset = opened("set");
	struct dataset_image image;
	assert_true(dataset_image(&image, dataset, DATASET_TRAIN, 0, &err));
	assert_false(dataset_image(&image, dataset, DATASET_TRAIN, 2199, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_non_null(strstr(err.message, "set/train-images-idx3-ubyte.gz: truncated"));
	assert_false(dataset_load(dataset, &err));
	assert_true(dataset_image(&image, dataset, DATASET_TEST, 4, &err));
	dataset_close(dataset);
}

static void other_specs_are_refused_with_a_way_out(void **state)
{
	(void)state;
	refused("", ERR_INPUT, "no data set is called ''");
	refused("-", ERR_USAGE, "standard input");
	refused("mnits", ERR_INPUT, "no data set is called 'mnits': did you mean 'mnist'?");
	refused("no/such\033", ERR_INPUT, "no/such\\x1b: cannot be read: No such file or directory");
	assert_int_equal(system("echo > file"), 0);
	refused("file", ERR_INPUT, "file: line 1: 1 column: a label and one feature at least are needed");
	refused("/dev/null", ERR_INPUT, "/dev/null: is a device or terminal: give the path of a data file");
	refused("mnist", ERR_INPUT, "mnist: not found: download it with initviz --fetch mnist, set INITVIZ_DATA to its directory, give it with --data DIR, or use "
	                            "the built-in digits with --data digits");
	write_all("set", 24, 5);
	assert_int_equal(system("rm set/t10k-labels-idx1-ubyte && mkfifo set/t10k-labels-idx1-ubyte"), 0);
	refused("set", ERR_INPUT, "set/t10k-labels-idx1-ubyte: is a pipe: give the path of a data file; "
	                          "--data digits needs no file");
}

static void a_folder_of_a_strange_name_is_shown_escaped(void **state)
{
	(void)state;
	assert_int_equal(mkdir("a\033b", 0700), 0);
	write_all("a\033b", 24, 5);
	struct dataset *dataset = opened("a\033b");
	assert_string_equal(dataset_name(dataset), "a\\x1bb");
	dataset_close(dataset);
}

/* ---- places ---- */

static void nothing_found_means_digits(void **state)
{
	(void)state;
	unsetenv("HOME");
	struct dataset *dataset = opened(NULL);
	assert_string_equal(dataset_name(dataset), "built-in digits");
	assert_int_equal(warnings_count(dataset_warnings(dataset)), 0);
	dataset_close(dataset);
}

static void places_are_searched_in_order(void **state)
{
	(void)state;
	static const struct {
		const char *variable, *below; /* NULL: where it is without the variable */
	} places[] = {
		{ NULL, ".cache" }, { "XDG_CACHE_HOME", "cache" }, { "XDG_DATA_DIRS", "b" }, { NULL, ".local/share" },
		{ "XDG_DATA_HOME", "data" },
	};
	for (size_t i = 0; i < 5; i++) { /* each is preferred to those before */
		char command[256], path[128];
		snprintf(path, sizeof path, "%s/%s", root, places[i].below);
		snprintf(command, sizeof command, "mkdir -p %s/initviz/mnist", path);
		assert_int_equal(system(command), 0);
		snprintf(command, sizeof command, "%s/initviz/mnist", path);
		write_all(command, 24, 1 + (uint32_t)i);
		if (places[i].variable && i == 2)
			snprintf(command, sizeof command, "%s/a:relative:%s", root, path);
		if (places[i].variable)
			setenv(places[i].variable, i == 2 ? command : path, 1);
		struct dataset *dataset = opened(i % 2 ? "mnist" : NULL);
		assert_int_equal(dataset_count(dataset, DATASET_TEST), 1 + i);
		dataset_close(dataset);
	}
	write_all("set", 24, 9);
	setenv("INITVIZ_DATA", "set", 1);
	struct dataset *dataset = opened(NULL);
	assert_int_equal(dataset_count(dataset, DATASET_TEST), 9);
	assert_string_equal(dataset_name(dataset), "set");
	dataset_close(dataset);
}

static void relative_places_are_ignored(void **state)
{
	(void)state;
	assert_int_equal(system("mkdir -p initviz/mnist .local/share/initviz/mnist"), 0);
	write_all("initviz/mnist", 24, 5);
	write_all(".local/share/initviz/mnist", 24, 5);
	setenv("XDG_DATA_DIRS", ".", 1);
	setenv("XDG_DATA_HOME", ".", 1);
	setenv("HOME", ".", 1);
	has_name(NULL, "built-in digits");
}

static void broken_finds_are_not_passed_over_in_silence(void **state)
{
	(void)state;
	setenv("INITVIZ_DATA", "nowhere", 1);
	refused("mnist", ERR_INPUT, "$INITVIZ_DATA: nowhere: cannot be read: No such file");
	struct dataset *dataset = opened(NULL);
	assert_string_equal(dataset_name(dataset), "built-in digits");
	warns(dataset, 0, "$INITVIZ_DATA: nowhere: cannot be read");
	warns(dataset, 0, ": the built-in digits are used instead");
	dataset_close(dataset);
	unsetenv("INITVIZ_DATA");
	assert_int_equal(system("mkdir -p initviz/mnist"), 0);
	has_name(NULL, "built-in digits"); /* an empty folder is none */
	write_labels("initviz/mnist", TEST_LABELS, 5, 3);
	refused("mnist", ERR_INPUT, "missing train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte");
}

static void a_promised_set_that_is_another_says_so(void **state)
{
	(void)state;
	assert_int_equal(system("mkdir -p initviz/mnist"), 0);
	write_all("initviz/mnist", 24, 5);
	struct dataset *dataset = opened("mnist");
	assert_string_equal(dataset_name(dataset), "MNIST (modified)");
	warns(dataset, 0, "not the published file of MNIST: the data are modified");
	dataset_close(dataset);
}

/* ---- scaling ---- */

static void scalings_map_the_bytes(void **state)
{
	(void)state;
	struct dataset_affine affine;
	struct dataset *dataset = opened("digits");
	assert_true(dataset_scaling(dataset, DATASET_UNIT, &affine, NULL));
	assert_true(affine.scale == 1 / 255.0f && affine.shift == 0);
	assert_true(dataset_scaling(dataset, DATASET_SYMMETRIC, &affine, NULL));
	assert_true(affine.shift == -1 && fabs(255 * affine.scale + affine.shift - 1) < 1e-6);
	dataset_close(dataset);
	assert_int_equal(dataset_scales.count, DATASET_RAW + 1);
	assert_string_equal(table_at(&dataset_scales, DATASET_SYMMETRIC)->name, "symmetric");
}

/* Mean and variance after the map, by adding up once more. */
static void check_standard(struct dataset *dataset, size_t images, double tolerance)
{
	struct dataset_affine affine;
	double sum = 0, squares = 0;
	assert_true(dataset_scaling(dataset, DATASET_STANDARD, &affine, NULL));
	const size_t pixels = dataset_pixels(dataset);
	for (size_t i = 0; i < images; i++) {
		uint8_t pixel[DIGITS_PIXELS];
		assert_true(take(pixel, dataset, DATASET_TRAIN, i));
		for (size_t p = 0; p < pixels; p++) {
			double x = pixel[p] * (double)affine.scale + (double)affine.shift;
			sum += x;
			squares += x * x;
		}
	}
	double n = (double)(images * pixels), mean = sum / n;
	assert_true(fabs(mean) < tolerance);
	assert_true(fabs(squares / n - mean * mean - 1) < tolerance);
}

static void standard_scaling_has_mean_0_and_variance_1(void **state)
{
	(void)state;
	write_all("set", 120, 5);
	struct dataset *dataset = opened("set");
	check_standard(dataset, 110, 1e-5); /* float scale and shift */
	dataset_close(dataset);
	dataset = opened("digits");
	check_standard(dataset, 2000, 1e-5);
	check_standard(dataset, 20000, 0.03); /* the sample represents all images */
	dataset_close(dataset);
}

/* ---- the published sets ---- */

static void mnist_is_recognised(void **state)
{
	(void)state;
	if (mnist_folder == NULL)
		skip();
	setenv("INITVIZ_DATA", mnist_folder, 1);
	struct dataset *dataset = opened(NULL);
	assert_string_equal(dataset_name(dataset), "MNIST");
	assert_int_equal(warnings_count(dataset_warnings(dataset)), 0);
	assert_true(dataset_loaded(dataset) == 0);
	assert_int_equal(dataset_count(dataset, DATASET_TRAIN), 55000);
	assert_int_equal(dataset_classes(dataset), 10);
	/* Well known: the training labels begin 5 0 4 1 9, the test's 7 2 1 0 4. */
	static const int train[] = { 5, 0, 4, 1, 9 }, test[] = { 7, 2, 1, 0, 4 };
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(dataset_label(dataset, DATASET_VALIDATION, i), train[i]);
		assert_int_equal(dataset_label(dataset, DATASET_TEST, i), test[i]);
	}
	check_standard(dataset, 55000, 1e-5);
	assert_true(dataset_load(dataset, NULL));
	dataset_close(dataset);
}

static void a_foreign_file_makes_mnist_modified(void **state)
{
	(void)state;
	if (mnist_folder == NULL || access(FASHION, R_OK) != 0)
		skip();
	char command[512];
	snprintf(command, sizeof command, "ln -s '%s'/* set && rm set/t10k-labels* && ln -s " FASHION "/t10k-labels* set",
	         mnist_folder);
	assert_int_equal(system(command), 0);
	struct dataset *dataset = opened("set");
	assert_string_equal(dataset_name(dataset), "MNIST (modified)");
	assert_string_equal(warnings_at(dataset_warnings(dataset), 0),
	                    "set/t10k-labels-idx1-ubyte.gz: not the published file of MNIST: the data are modified");
	dataset_close(dataset);
}

static void fashion_is_found_where_debian_puts_it(void **state)
{
	(void)state;
	if (access(FASHION "/t10k-images-idx3-ubyte.gz", R_OK) != 0)
		skip();
	struct dataset *dataset = opened("fashion");
	assert_string_equal(dataset_name(dataset), "Fashion-MNIST");
	assert_int_equal(warnings_count(dataset_warnings(dataset)), 0);
	check_standard(dataset, 55000, 1e-5);
	dataset_close(dataset);
	has_name(FASHION, "Fashion-MNIST");
	/* Not compressed, it is recognised by the content of labels and images only. */
	assert_int_equal(system("cp " FASHION "/* set && gunzip set/*"), 0);
	has_name("set", "Fashion-MNIST");
}

#define TEST(name) cmocka_unit_test_setup(name, prepare)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(digits_have_the_sizes_of_mnist),
		TEST(digits_are_drawn_once_and_when_asked_for),
		TEST(digits_of_another_seed_are_others),
		TEST(splits_do_not_overlap),
		TEST(a_folder_is_a_data_set),
		TEST(the_smallest_folder_works),
		TEST(ten_thousand_images_give_five_thousand_to_validation),
		TEST(labels_up_to_255_are_classes),
		TEST(files_may_be_packed_or_dotted),
		TEST(missing_files_are_named),
		TEST(counts_must_agree),
		TEST(extra_bytes_are_warned_of),
		TEST(damage_is_met_where_it_is),
		TEST(other_specs_are_refused_with_a_way_out),
		TEST(a_folder_of_a_strange_name_is_shown_escaped),
		TEST(nothing_found_means_digits),
		TEST(places_are_searched_in_order),
		TEST(relative_places_are_ignored),
		TEST(broken_finds_are_not_passed_over_in_silence),
		TEST(a_promised_set_that_is_another_says_so),
		TEST(scalings_map_the_bytes),
		TEST(standard_scaling_has_mean_0_and_variance_1),
		TEST(mnist_is_recognised),
		TEST(a_foreign_file_makes_mnist_modified),
		TEST(fashion_is_found_where_debian_puts_it),
	};
	return cmocka_run_group_tests(tests, make_root, remove_root);
}
