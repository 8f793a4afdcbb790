/* The thread that writes files: results, refusals, what takes long, and the end. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "io/writer.h"

/* ---- a target that returns on request ---- */

static atomic_int gate, running, dropped, woken; /* gate: how many more may pass */

static bool pass(void *content, const char *path, struct err *err)
{
	(void)content;
	atomic_fetch_add(&running, 1);
	while (atomic_load(&gate) == 0)
		poll(NULL, 0, 1);
	atomic_fetch_sub(&gate, 1);
	return strstr(path, "full") == NULL || err_set(err, ERR_OUTPUT, "%s: the disk is full", path);
}

static void drop(void *content)
{
	(void)content;
	atomic_fetch_add(&dropped, 1);
}

static void wake(void *context)
{
	(void)context;
	atomic_fetch_add(&woken, 1);
}

static bool give(struct writer *writer, const char *path, bool *pending, struct err *err)
{
	return writer_give(writer, path, &(struct writer_task){ pass, drop, NULL }, pending, err);
}

/* Waits for the next result; the test's time limit ends an endless wait. */
static struct writer_result news_of(struct writer *writer)
{
	struct writer_result news;
	while (!writer_take_result(writer, &news))
		poll(NULL, 0, 1);
	return news;
}

static struct writer *begin(int open)
{
	atomic_store(&gate, open);
	atomic_store(&running, 0);
	atomic_store(&dropped, 0);
	atomic_store(&woken, 0);
	struct writer *writer = writer_create(wake, NULL);
	assert_non_null(writer);
	return writer;
}

/* ---- tests ---- */

/* On a busy machine it may not be finished in that moment: then the result is
 * reported later. */
static void test_quick(void **state)
{
	(void)state;
	struct writer *writer = begin(2);
	struct err err = {0};
	bool pending;
	assert_true(give(writer, "a", &pending, &err));
	if (pending)
		assert_true(news_of(writer).written);
	bool done = give(writer, "full", &pending, &err);
	if (pending)
		err = news_of(writer).err;
	else
		assert_false(done);
	assert_int_equal(err.code, ERR_OUTPUT);
	assert_string_equal(err.message, "full: the disk is full");
	assert_int_equal(atomic_load(&dropped), 2);
	struct writer_result news;
	assert_false(writer_take_result(writer, &news));
	assert_true(writer_end(writer, NULL));
}

static void test_slow(void **state)
{
	(void)state;
	struct writer *writer = begin(0);
	struct err err = {0};
	bool pending;
	assert_true(give(writer, "a\x1b", &pending, &err));
	assert_true(pending);
	assert_true(writer_is_writing(writer, "a\x1b"));
	assert_false(writer_is_writing(writer, "b"));
	struct writer_result news = news_of(writer); /* it takes long: said once */
	assert_false(news.written);
	assert_string_equal(news.name, "a\\x1b");
	assert_non_null(strstr(news.err.message, "a\\x1b: not written after 2 seconds"));
	assert_false(writer_take_result(writer, &news));
	assert_int_equal(atomic_load(&woken), 0);
	atomic_store(&gate, 1);
	news = news_of(writer);
	assert_true(news.written);
	assert_int_equal(atomic_load(&woken), 1);
	assert_false(writer_is_writing(writer, "a\x1b"));
	assert_true(writer_end(writer, NULL));
}

/* Several wait for the first; no more than there is room for; in order. */
static void test_queue(void **state)
{
	(void)state;
	struct writer *writer = begin(0);
	struct err err = {0};
	char path[8];
	bool pending;
	int given = 0;
	for (; given < 100; given++) {
		snprintf(path, sizeof path, "%d", given);
		if (!give(writer, path, &pending, &err))
			break;
		assert_true(pending);
	}
	assert_int_equal(given, 8);
	assert_int_equal(err.code, ERR_OUTPUT);
	assert_string_equal(err.message, "8: 8 files are being written already: wait until one is done");
	assert_int_equal(atomic_load(&dropped), 1);
	assert_true(atomic_load(&running) <= 1);
	atomic_store(&gate, given);
	for (int i = 0; i < given; i++) {
		struct writer_result news = news_of(writer);
		while (!news.written) /* that it takes long */
			news = news_of(writer);
		snprintf(path, sizeof path, "%d", i);
		assert_string_equal(news.name, path);
	}
	assert_int_equal(atomic_load(&dropped), given + 1);
	assert_true(writer_end(writer, NULL));
}

/* The end waits, and returns the failure that was not reported yet. */
static void test_end(void **state)
{
	(void)state;
	struct writer *writer = begin(0);
	struct err err = {0};
	bool pending;
	assert_true(give(writer, "a", &pending, &err));
	assert_true(give(writer, "full", &pending, &err));
	assert_true(give(writer, "b", &pending, &err));
	atomic_store(&gate, 3);
	assert_false(writer_end(writer, &err));
	assert_string_equal(err.message, "full: the disk is full");
	assert_int_equal(atomic_load(&dropped), 3);
	assert_true(writer_end(NULL, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quick),
		cmocka_unit_test(test_slow),
		cmocka_unit_test(test_queue),
		cmocka_unit_test(test_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
