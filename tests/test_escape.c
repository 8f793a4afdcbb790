/* The filter behind the keyboard: sequences from ECMA-48 and xterm's
 * documentation, one character after the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "io/escape.h"

/* Feeds `typed`, a millisecond apart from `*now` on; writes what comes out
 * into keys and returns it. */
static const char *keys_of(struct escape *escape, const char *typed, double *now)
{
	static char keys[64];
	size_t n = 0;
	for (; *typed && n + 2 < sizeof keys; typed++) {
		int key = escape_feed(escape, (unsigned char)*typed, *now += 0.001);
		if (key >= 0)
			keys[n++] = (char)key;
	}
	int key = escape_pause(escape);
	if (key >= 0)
		keys[n++] = (char)key;
	keys[n] = '\0';
	return keys;
}

static void test_sequences(void **state)
{
	(void)state;
	static const struct {
		const char *typed, *keys;
	} cases[] = {
		{ "abc\r", "abc\r" },
		{ "\033", "\033" },                  /* Esc alone */
		{ "\033\033", "\033" },              /* twice: one is an Alt that never came */
		{ "a\033qb", "ab" },                 /* Alt-q */
		{ "\033[97;5ux", "x" },              /* a kitty key report */
		{ "\033[?62;22cx", "x" },            /* device attributes */
		{ "\033[Ix\033[O", "x" },            /* focus */
		{ "\033[<0;10;10Mx", "x" },          /* mouse, SGR form */
		{ "\033[<0;0;0Mxyz", "xyz" },
		{ "\033[M !!x", "x" },               /* mouse, X10 form: three bytes follow */
		{ "\033Oqx", "x" },                  /* keypad */
		{ "\033]11;rgb:q/q/q\007x", "x" },   /* colour report, ended by BEL */
		{ "\033]11;rgb:q/q/q\033\\x", "x" }, /* and by ST */
		{ "\033P>|term(1)\033\\x", "x" },
		{ "\033_Gq\033\\x", "x" },
		{ "\033[1\033[1;5Ax", "x" },         /* cut short by another */
		{ "\033[99999999999999999999~x", "x" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct escape escape = {0};
		double now = 1000;
		assert_string_equal(keys_of(&escape, cases[i].typed, &now), cases[i].keys);
	}
}

static void test_paste(void **state)
{
	(void)state;
	struct escape escape = {0};
	double now = 1000;
	assert_string_equal(keys_of(&escape, "a\033[200~b\rc\033", &now), "abc");
	assert_true(escape.pasting);
	assert_string_equal(keys_of(&escape, "[201~\r", &now), "\r");
	assert_false(escape.pasting);
}

/* Until the end mark arrives, however late, nothing is a command. */
static void test_stalled_paste(void **state)
{
	(void)state;
	static const char *const breaks[] = { "\033", "\003" };
	for (size_t i = 0; i < 2; i++) {
		struct escape escape = {0};
		double now = 1000;
		keys_of(&escape, "\033[200~x", &now);
		assert_false(escape_stalled(&escape, now + 0.5));
		now += 3600;
		assert_true(escape_stalled(&escape, now));
		assert_string_equal(keys_of(&escape, "q\r", &now), "q");
		assert_true(escape.pasting);
		/* a control character at once after text, or with text after it, belongs to the paste */
		keys_of(&escape, breaks[i], &now);
		assert_true(escape.pasting);
		now += 5;
		char text[8];
		snprintf(text, sizeof text, "%sab", breaks[i]);
		keys_of(&escape, text, &now);
		assert_true(escape.pasting);
		/* alone after a silence it is the user's, and ends the paste */
		now += 5;
		assert_string_equal(keys_of(&escape, breaks[i], &now), "");
		assert_false(escape.pasting);
		now += 0.3;
		assert_string_equal(keys_of(&escape, "q", &now), "q");
	}
	/* the end mark itself, in two pieces after a silence */
	struct escape escape = {0};
	double now = 1000;
	keys_of(&escape, "\033[200~x", &now);
	now += 5;
	assert_string_equal(keys_of(&escape, "\033", &now), "");
	now += 0.1;
	assert_string_equal(keys_of(&escape, "[201~q", &now), "q");
}

/* Over a slow line the ESC of a sequence may arrive so long before the
 * rest that it counts as the Esc key: the rest must then not count as keys. */
static void test_late_sequence(void **state)
{
	(void)state;
	struct escape escape = {0};
	double now = 1000;
	assert_string_equal(keys_of(&escape, "\033", &now), "\033");
	now += 0.1;
	assert_string_equal(keys_of(&escape, "[Ax", &now), "x");
	assert_string_equal(keys_of(&escape, "\033", &now), "\033");
	now += 0.1;
	assert_string_equal(keys_of(&escape, "OAx", &now), "x");
	assert_string_equal(keys_of(&escape, "\033", &now), "\033");
	now += 0.5;
	assert_string_equal(keys_of(&escape, "[A", &now), "[A");
	assert_string_equal(keys_of(&escape, "\033", &now), "\033");
	now += 0.05;
	assert_string_equal(keys_of(&escape, "q", &now), "q");
}

/* A report that was asked for may come in pieces over a slow line: its letters are
 * no keys, whenever they come. */
static void test_an_awaited_report(void **state)
{
	(void)state;
	static const char *const ends[] = { "\007", "\033\\" };
	static const char text[] = "\033]11;rgb:ffff/ffff/ffff";
	for (size_t cut = 2; cut < sizeof text - 1; cut++)
		for (int end = 0; end < 2; end++) {
			struct escape escape = { .awaited = true };
			double now = 1000;
			char piece[64];
			snprintf(piece, sizeof piece, "x%.*s", (int)cut, text);
			assert_string_equal(keys_of(&escape, piece, &now), "x");
			assert_null(escape_report(&escape));
			now += 1.5;
			snprintf(piece, sizeof piece, "%s%sy", text + cut, ends[end]);
			assert_string_equal(keys_of(&escape, piece, &now), "y");
			assert_string_equal(escape_report(&escape), "11;rgb:ffff/ffff/ffff");
			assert_null(escape_report(&escape)); /* once */
			assert_false(escape.awaited);
		}
	/* an ESC so long before the rest that it counted as a key */
	struct escape escape = { .awaited = true };
	double now = 1000;
	assert_string_equal(keys_of(&escape, "\033", &now), "\033");
	now += 0.5;
	assert_string_equal(keys_of(&escape, "]11;rgb:0/0/0\007f", &now), "f");
	assert_string_equal(escape_report(&escape), "11;rgb:0/0/0");
	/* longer than any */
	escape = (struct escape){ .awaited = true };
	keys_of(&escape, "\033]", &now);
	for (int i = 0; i < 200; i++)
		assert_string_equal(keys_of(&escape, "f", &now), "");
	assert_string_equal(keys_of(&escape, "\007q", &now), "q");
	assert_int_equal(strlen(escape_report(&escape)), ESCAPE_REPORT_SIZE - 1);
}

static void test_cut_short(void **state)
{
	(void)state;
	struct escape escape = {0};
	double now = 1000;
	/* arriving in pieces */
	assert_string_equal(keys_of(&escape, "\033[", &now), "");
	assert_string_equal(keys_of(&escape, "1;5", &now), "");
	assert_string_equal(keys_of(&escape, "Ax", &now), "x");
	/* never finished: given up, the next key counts */
	assert_string_equal(keys_of(&escape, "\033]11;", &now), "");
	now += 1;
	assert_string_equal(keys_of(&escape, "q", &now), "q");
}

static void test_every_byte(void **state)
{
	(void)state;
	/* a key after a pause is a key after any input */
	uint32_t random = 1;
	for (int round = 0; round < 2000; round++) {
		struct escape escape = {0};
		double now = 1000;
		for (int i = 0; i < 20; i++) {
			random = random * 1664525u + 1013904223u; /* Numerical Recipes' generator */
			escape_feed(&escape, random >> 30 ? (int)(random >> 16 & 0x7F) : 27, now += 0.001);
		}
		assert_int_equal(escape_feed(&escape, 'q', now + 10), 'q');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sequences), cmocka_unit_test(test_paste),
		cmocka_unit_test(test_stalled_paste), cmocka_unit_test(test_late_sequence), cmocka_unit_test(test_an_awaited_report),
		cmocka_unit_test(test_cut_short), cmocka_unit_test(test_every_byte),
	};
	return cmocka_run_group_tests_name("escape", tests, NULL, NULL);
}
