/* Plots: bars in proportion to their counts, nothing outside the rectangle at any
 * size and with any numbers, and atoms that leave the other bars visible. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "draw/braille.h"
#include "draw/canvas.h"
#include "draw/glyphs.h"
#include "base/number.h"
#include "draw/plot.h"
#include "nn/stats.h"

static char *row(const struct canvas *canvas, int y, struct text *text)
{
	text_clear(text);
	for (int x = 0; x < canvas->width; x++)
		text_add_glyph(text, canvas_cell(canvas, x, y)->glyph);
	return text->bytes;
}

static void test_columns_divide_the_bins(void **state)
{
	(void)state;
	assert_int_equal(plot_columns(30), 30);
	assert_int_equal(plot_columns(39), 30);
	assert_int_equal(plot_columns(47), 40);
	assert_int_equal(plot_columns(1000), 240);
	assert_int_equal(plot_columns(7), 6);
	assert_int_equal(plot_columns(0), 1);
	assert_int_equal(plot_columns(-3), 1);
}

/* Bars in eighths: 240 bins into 4 columns, counts 0, 1, 50, 100 of 100. */
static void test_bars_are_linear(void **state)
{
	(void)state;
	struct canvas canvas;
	struct err err;
	struct text text = {0};
	struct histogram h = {.low = -1, .high = 1, .n = 151};
	h.counts[60 + 3] = 1;
	h.counts[120] = 20;
	h.counts[179] = 30;
	h.counts[239] = 100;
	assert_true(canvas_create(&canvas, 4, 2, false, &err));
	plot_histogram(&canvas, (struct rect){0, 0, 4, 2}, &(struct plot_histogram){.histogram = &h, .role = ROLE_HIST_Z});
	assert_string_equal(row(&canvas, 0, &text), "   █");
	assert_string_equal(row(&canvas, 1, &text), " ▁██"); /* one value is shown, if only as an eighth */
	assert_int_equal(canvas_cell(&canvas, 3, 0)->role, ROLE_HIST_Z);

	bool saturated[4] = {false, false, false, true};
	plot_histogram(&canvas, (struct rect){0, 0, 4, 2},
	               &(struct plot_histogram){.histogram = &h, .role = ROLE_HIST_Z, .saturated = saturated});
	assert_int_equal(canvas_cell(&canvas, 3, 0)->role, ROLE_HIST_SATURATED);
	assert_int_equal(canvas_cell(&canvas, 2, 1)->role, ROLE_HIST_Z);
	canvas_destroy(&canvas);
	text_free(&text);
}

/* On a log scale of counts 9 of 99 is half of the height (ln 10 / ln 100), and an
 * atom is as high as it is instead of above all others. */
static void test_log_counts(void **state)
{
	(void)state;
	struct canvas canvas;
	struct err err;
	struct text text = {0};
	struct histogram h = {.low = -1, .high = 1, .n = 109};
	h.counts[0] = 1;
	h.counts[60] = 9;
	h.counts[120] = 99;
	assert_true(canvas_create(&canvas, 4, 4, false, &err));
	plot_histogram(&canvas, (struct rect){0, 0, 4, 4},
	               &(struct plot_histogram){.histogram = &h, .role = ROLE_HIST_Z, .log = true});
	assert_string_equal(row(&canvas, 0, &text), "  █ ");
	assert_string_equal(row(&canvas, 1, &text), "  █ ");
	assert_string_equal(row(&canvas, 2, &text), " ██ ");
	assert_string_equal(row(&canvas, 3, &text), "▅██ "); /* ln 2 / ln 100 of 32 eighths */
	h.spikes = 1;
	h.spike[0].value = 0.9;
	h.spike[0].count = 9999;
	h.n += 9999;
	canvas_clear(&canvas);
	plot_histogram(&canvas, (struct rect){0, 0, 4, 4},
	               &(struct plot_histogram){.histogram = &h, .role = ROLE_HIST_Z, .log = true});
	assert_string_equal(row(&canvas, 2, &text), "  ██");
	assert_string_equal(row(&canvas, 1, &text), "   █"); /* 99 is half of it */
	canvas_destroy(&canvas);
	text_free(&text);
}

/* relu's zeros: half of all values, ten times the fullest column. */
/* Where two atoms are near each other, each share is beside its own: it was beside the other's. */
static void test_notes_are_beside_their_spikes(void **state)
{
	(void)state;
	struct text text = {0};
	for (int half = 1; half <= 12; half++) { /* of the axis: the atoms come nearer */
		struct canvas canvas;
		struct histogram h = {.low = -half, .high = half, .n = 1000, .spikes = 2};
		h.spike[0].value = -1;
		h.spike[0].count = 440;
		h.spike[1].value = 1;
		h.spike[1].count = 480;
		h.counts[120] = 80;
		assert_true(canvas_create(&canvas, 30, 6, false, NULL));
		plot_histogram(&canvas, (struct rect){0, 0, 30, 6}, &(struct plot_histogram){.histogram = &h, .role = ROLE_HIST_A});
		for (int y = 0; y < 6; y++) {
			const char *line = row(&canvas, y, &text), *left = strstr(line, "44 %"), *right = strstr(line, "48 %");
			assert_true(left == NULL || right == NULL || left < right);
		}
		if (half >= 4) {
			assert_non_null(strstr(row(&canvas, 0, &text), "44 % at -1 ▴"));
			assert_non_null(strstr(row(&canvas, 0, &text), "▴ 48 % at 1"));
		}
		canvas_destroy(&canvas);
	}
	text_free(&text);
}

static void test_spike_does_not_crush(void **state)
{
	(void)state;
	struct canvas canvas;
	struct err err;
	struct text text = {0};
	struct histogram h = {.low = 0, .high = 2, .n = 2000, .spikes = 1};
	h.spike[0].count = 1000;
	for (int i = 0; i < 240; i++)
		h.counts[i] = i < 120 ? 8 : 0;
	h.n = 1960;
	assert_true(canvas_create(&canvas, 24, 2, false, &err));
	plot_histogram(&canvas, (struct rect){0, 0, 24, 2}, &(struct plot_histogram){.histogram = &h, .role = ROLE_HIST_A});
	assert_string_equal(row(&canvas, 0, &text), "▴███████████ 51 % at 0  ");
	assert_string_equal(row(&canvas, 1, &text), "▌███████████            ");
	assert_int_equal(canvas_cell(&canvas, 0, 1)->role, ROLE_SPIKE);

	/* A small atom is counted with its column: no exaggeration. */
	h.spike[0].count = 10;
	canvas_clear(&canvas);
	plot_histogram(&canvas, (struct rect){0, 0, 24, 2}, &(struct plot_histogram){.histogram = &h, .role = ROLE_HIST_A});
	assert_string_equal(row(&canvas, 0, &text), "█▆▆▆▆▆▆▆▆▆▆▆            ");
	assert_int_equal(canvas_cell(&canvas, 0, 0)->role, ROLE_HIST_A);

	/* Nothing but the atom (a dead layer) is still seen. */
	memset(h.counts, 0, sizeof h.counts);
	h.n = h.spike[0].count = 5;
	canvas_clear(&canvas);
	plot_histogram(&canvas, (struct rect){0, 0, 24, 2}, &(struct plot_histogram){.histogram = &h, .role = ROLE_HIST_A});
	assert_non_null(strstr(row(&canvas, 0, &text), "100 % at 0"));
	canvas_destroy(&canvas);
	text_free(&text);
}

static void test_what_bars_cannot_show(void **state)
{
	(void)state;
	struct canvas canvas;
	struct err err;
	struct text text = {0};
	struct histogram h = {.low = -1, .high = 1, .n = 1000, .below = 250, .above = 1, .nan = 500, .inf = 100};
	h.counts[120] = 149;
	assert_true(canvas_create(&canvas, 30, 3, false, &err));
	plot_histogram(&canvas, (struct rect){0, 0, 30, 3}, &(struct plot_histogram){.histogram = &h, .role = ROLE_HIST_Z});
	row(&canvas, 0, &text);
	assert_non_null(strstr(text.bytes, "◂ 25 %"));
	assert_non_null(strstr(text.bytes, "0.1 % ▸"));
	bool found = false;
	for (int y = 0; y < 3; y++)
		found |= strstr(row(&canvas, y, &text), "NaN 50 %, Inf 10 %") != NULL;
	/* The bar in the middle leaves no room for all of it: a shorter form is beside it. */
	assert_false(found);
	assert_non_null(strstr(row(&canvas, 1, &text), "NaN 50 %"));
	assert_non_null(strstr(row(&canvas, 1, &text), "█"));
	h.counts[120] = 0;
	canvas_clear(&canvas);
	plot_histogram(&canvas, (struct rect){0, 0, 30, 3}, &(struct plot_histogram){.histogram = &h, .role = ROLE_HIST_Z});
	for (int y = 0; y < 3; y++)
		found |= strstr(row(&canvas, y, &text), "NaN 50 %, Inf 10 %") != NULL;
	assert_true(found);

	struct histogram empty = {.low = 0, .high = 1};
	canvas_clear(&canvas);
	plot_histogram(&canvas, (struct rect){0, 0, 30, 3}, &(struct plot_histogram){.histogram = &empty});
	assert_non_null(strstr(row(&canvas, 1, &text), "no values yet"));
	canvas_destroy(&canvas);
	text_free(&text);
}

/* Expected counts of N(0, 1) put into the bins: the dots must run along the
 * tops of the bars, within a cell, so none can be two cells above. */
static bool is_outline(const struct canvas *canvas, int x, int y)
{
	uint32_t glyph = canvas_cell(canvas, x, y)->glyph;
	return glyph >= 0x2800 && glyph < 0x2900;
}

static void test_theory_follows_a_gaussian(void **state)
{
	(void)state;
	enum { WIDTH = 40, HEIGHT = 20 };
	struct canvas canvas;
	struct err err;
	struct histogram h = {.low = -4, .high = 4};
	for (int i = 0; i < HISTOGRAM_BINS; i++) {
		double z = -4 + (i + 0.5) / 30;
		h.counts[i] = (uint32_t)(1e6 / 30 * exp(-z * z / 2) / sqrt(2 * acos(-1)));
		h.n += h.counts[i];
	}
	assert_true(canvas_create(&canvas, WIDTH, HEIGHT, false, &err));
	plot_histogram(&canvas, (struct rect){0, 0, WIDTH, HEIGHT},
	               &(struct plot_histogram){.histogram = &h, .role = ROLE_HIST_Z, .theory_variance = 1});
	/* The outline lies on the tops of the bars: below it are only full cells.
	 * It is cut out of a full cell, which stays filled. */
	int outline = 0;
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++) {
			if (!is_outline(&canvas, x, y))
				continue;
			outline++;
			int below = y + 1;
			while (below < HEIGHT && is_outline(&canvas, x, below))
				below++;
			for (below++; below < HEIGHT; below++)
				assert_int_equal(canvas_cell(&canvas, x, below)->glyph, glyph(GLYPH_BAR_8, false));
		}
	assert_true(outline >= WIDTH / 2);
	/* Four times the variance: half the height. */
	canvas_clear(&canvas);
	plot_histogram(&canvas, (struct rect){0, 0, WIDTH, HEIGHT},
	               &(struct plot_histogram){.histogram = &h, .role = ROLE_HIST_Z, .theory_variance = 4});
	int top = 0;
	while (top < HEIGHT && !is_outline(&canvas, WIDTH / 2, top))
		top++;
	assert_in_range(top, HEIGHT / 2 - 1, HEIGHT / 2 + 1);
	assert_int_equal(canvas_cell(&canvas, WIDTH / 2, top)->role, ROLE_HIST_Z);
	assert_int_equal(canvas_cell(&canvas, WIDTH / 2, top)->flags, CELL_REVERSE);
	canvas_destroy(&canvas);
}

static void test_axis(void **state)
{
	(void)state;
	struct canvas canvas;
	struct err err;
	struct text text = {0};
	assert_true(canvas_create(&canvas, 20, 1, false, &err));
	plot_axis(&canvas, (struct rect){0, 0, 20, 1}, -0.5, 0.5, NULL, ROLE_HIST_SATURATED);
	assert_string_equal(row(&canvas, 0, &text), "-0.5 ─── 0 ───── 0.5");
	bool saturated[20] = {[0] = true, [19] = true, [18] = true};
	plot_axis(&canvas, (struct rect){0, 0, 20, 1}, 0, 1, saturated, ROLE_HIST_SATURATED);
	assert_string_equal(row(&canvas, 0, &text), "━ 0 ─── 0.5 ──── 1 ━");
	for (int i = 0; i < 20; i++)
		saturated[i] = i < 8 || i > 12;
	plot_axis(&canvas, (struct rect){0, 0, 20, 1}, -0.169972, 50, saturated, ROLE_HIST_SATURATED);
	assert_string_equal(row(&canvas, 0, &text), "-0.17 ━━─────━━━━ 50");
	plot_axis(&canvas, (struct rect){0, 0, 20, 1}, 0, 1, (bool[20]){[0] = true, [19] = true, [18] = true}, ROLE_HIST_SATURATED);
	plot_axis(&canvas, (struct rect){0, 0, 5, 1}, -100000, 100000, NULL, ROLE_HIST_SATURATED);
	assert_string_equal(row(&canvas, 0, &text), "─────── 0.5 ──── 1 ━"); /* no room for labels */
	canvas_destroy(&canvas);
	text_free(&text);
}

/* A line from the lower left to the upper right corner, a level one, a step, a
 * gap: the patterns are those of the Unicode chart U+2800, read by hand. */
static void test_braille(void **state)
{
	(void)state;
	struct canvas canvas;
	struct err err;
	struct text text = {0};
	static const double rising[] = {0.05, 0.2, 0.3, 0.45, 0.55, 0.7, 0.8, 0.95}, step[] = {0.1, 0.1, 0.1, 0.1, 0.9, 0.9, 0.9, 0.9};
	const double gap[] = {0.6, 0.6, NAN, NAN, NAN, 0.6, 0.6, 0.6}, outside[] = {-1, -1, 0.1, 0.1, 2, 2, NAN, NAN};
	const struct { const double *position; int height; const char *shows[2], *ascii[2]; } cases[] = {
		{ rising, 2, { "  ⡠⠊", "⡠⠊  " }, { "  _'", "_'  " } },
		{ rising, 1, { "⣀⠤⠒⠉" }, { "_--'" } },
		{ step, 2, { "  ⡏⠉", "⣀⣸  " }, { "  /'", "_/  " } },
		{ gap, 1, { "⠒ ⠐⠒" }, { "- --" } },
		{ outside, 1, { " ⣰⠁ " }, { " /' " } },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		for (int ascii = 0; ascii < 2; ascii++) {
			assert_true(canvas_create(&canvas, 4, cases[i].height, ascii, &err));
			braille_curve(&canvas, (struct rect){0, 0, 4, cases[i].height}, cases[i].position, BRAILLE_LINE, ROLE_CURVE);
			for (int y = 0; y < cases[i].height; y++)
				assert_string_equal(row(&canvas, y, &text), (ascii ? cases[i].ascii : cases[i].shows)[y]);
			canvas_destroy(&canvas);
		}
	text_free(&text);
}

/* Two lines in a cell keep their dots; a dotted line leaves what is there. */
static void test_braille_crosses(void **state)
{
	(void)state;
	struct canvas canvas;
	struct err err;
	struct text text = {0};
	static const double low[] = {0.1, 0.1, 0.1, 0.1}, high[] = {0.9, 0.9, 0.9, 0.9};
	struct rect rect = {0, 0, 2, 1};
	assert_true(canvas_create(&canvas, 3, 1, false, &err));
	braille_curve(&canvas, rect, low, BRAILLE_LINE, ROLE_CURVE);
	braille_curve(&canvas, rect, high, BRAILLE_LINE, ROLE_CURVE_2);
	assert_string_equal(row(&canvas, 0, &text), "⣉⣉ ");
	canvas_put(&canvas, 0, 0, ' ', ROLE_PLAIN);
	braille_curve(&canvas, rect, high, BRAILLE_DOTTED, ROLE_CURVE_3);
	assert_string_equal(row(&canvas, 0, &text), "⠁⣉ ");
	assert_int_equal(canvas_cell(&canvas, 1, 0)->role, ROLE_CURVE_2);
	assert_string_equal(glyph_ascii(0x2812), "-");
	canvas_destroy(&canvas);
	text_free(&text);
}

static void test_gauge(void **state)
{
	(void)state;
	struct canvas canvas;
	struct err err;
	struct text text = {0};
	assert_true(canvas_create(&canvas, 4, 1, false, &err));
	static const struct {
		double share;
		const char *picture;
	} cases[] = {
		{0, "░░░░"}, {1, "████"}, {0.5, "██░░"}, {0.40625, "█▋░░"}, {NAN, "░░░░"}, {INFINITY, "████"}, {-1, "░░░░"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		plot_gauge(&canvas, 0, 0, 4, cases[i].share, ROLE_WARNING);
		assert_string_equal(row(&canvas, 0, &text), cases[i].picture);
	}
	canvas_destroy(&canvas);
	text_free(&text);
}

static void test_sparkline(void **state)
{
	(void)state;
	struct canvas canvas;
	struct err err;
	struct text text = {0};
	const float values[] = {0, 1, 2, 3, 4, 5, 6, 7};
	assert_true(canvas_create(&canvas, 8, 1, false, &err));
	plot_sparkline(&canvas, (struct rect){0, 0, 8, 1}, values, 8, ROLE_CURVE);
	assert_string_equal(row(&canvas, 0, &text), "▁▂▃▄▅▆▇█");
	canvas_clear(&canvas);
	const float broken[] = {1, NAN, 1, INFINITY};
	plot_sparkline(&canvas, (struct rect){0, 0, 8, 1}, broken, 4, ROLE_CURVE);
	assert_string_equal(row(&canvas, 0, &text), "▅!▅!    ");
	canvas_clear(&canvas);
	plot_sparkline(&canvas, (struct rect){0, 0, 4, 1}, values, 8, ROLE_CURVE); /* means .5, 2.5, 4.5, 6.5 */
	assert_string_equal(row(&canvas, 0, &text), "▁▃▆█    ");
	canvas_destroy(&canvas);
	text_free(&text);
}

static void test_scales(void **state)
{
	(void)state;
	struct plot_scale linear = {.low = -1, .high = 3}, log_scale = {.low = 0.01, .high = 100, .log = true};
	assert_true(plot_position(&linear, 1) == 0.5);
	assert_true(fabs(plot_position(&log_scale, 1) - 0.5) < 1e-12);
	assert_true(isnan(plot_position(&log_scale, 0)));
	assert_true(isnan(plot_position(&log_scale, -1)));
	assert_true(isnan(plot_position(&linear, NAN)));
	struct plot_scale widest = {.low = -DBL_MAX, .high = DBL_MAX};
	assert_true(plot_position(&widest, 0) == 0.5);
	struct plot_scale empty = {.low = 1, .high = 1};
	assert_true(isnan(plot_position(&empty, 1)));
}

/* ---- absurd sizes and numbers: nothing outside the rectangle ---- */

#define UNTOUCHED 0x2620

static void assert_only_inside(struct canvas *canvas, struct rect rect)
{
	for (int y = 0; y < canvas->height; y++)
		for (int x = 0; x < canvas->width; x++) {
			bool inside = x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
			if (!inside)
				assert_int_equal(canvas_cell(canvas, x, y)->glyph, UNTOUCHED);
		}
}

static void mark(struct canvas *canvas, struct rect rect)
{
	for (int y = 0; y < canvas->height; y++)
		for (int x = 0; x < canvas->width; x++) {
			bool inside = x >= rect.x && x < rect.x + rect.width && y >= rect.y && y < rect.y + rect.height;
			canvas_put(canvas, x, y, inside ? ' ' : UNTOUCHED, ROLE_PLAIN);
		}
}

static void test_absurd(void **state)
{
	(void)state;
	static const int widths[] = {0, 1, 2, 3, 7, 19, 31, 61}, heights[] = {0, 1, 2, 3, 10};
	static const double wild[] = {0, NAN, INFINITY, -INFINITY, DBL_MAX, -DBL_MAX, 1e-310, 0.5};
	static const float wild_float[] = {0, NAN, INFINITY, -INFINITY, FLT_MAX, -FLT_MAX, 1e-40f, 0.5f};
	enum { WILD = sizeof wild / sizeof wild[0] };
	struct histogram h = {.low = -5e38, .high = 5e38, .n = UINT64_MAX, .below = 1, .above = UINT64_MAX / 2, .nan = 3,
	                      .inf = 4, .spikes = 2};
	h.spike[0].value = -INFINITY;
	h.spike[1].value = 1e308;
	h.spike[1].count = UINT64_MAX / 4;
	h.counts[0] = UINT32_MAX;
	h.counts[239] = 1;
	double positions[BRAILLE_ACROSS * 61];
	struct canvas canvas;
	struct err err;
	for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++)
		for (size_t j = 0; j < sizeof heights / sizeof heights[0]; j++)
			for (int ascii = 0; ascii < 2; ascii++) {
				struct rect rect = {2, 1, widths[i], heights[j]};
				assert_true(canvas_create(&canvas, 66, 13, ascii, &err));
				for (size_t k = 0; k < WILD; k++) {
					mark(&canvas, rect);
					plot_histogram(&canvas, rect, &(struct plot_histogram){.histogram = &h, .theory_variance = wild[k]});
					plot_sparkline(&canvas, rect, wild_float, WILD, ROLE_CURVE);
					for (int x = 0; x < BRAILLE_ACROSS * rect.width; x++)
						positions[x] = wild[((size_t)x * (k + 1) + k) % WILD];
					braille_curve(&canvas, rect, positions, BRAILLE_LINE, ROLE_CURVE);
					braille_curve(&canvas, rect, positions, BRAILLE_DOTTED, ROLE_CURVE);
					struct plot_scale scale = {.low = wild[k], .high = wild[(k + 3) % WILD], .log = k % 2};
					assert_true(!isinf(plot_position(&scale, wild[k])));
					assert_only_inside(&canvas, rect);
					struct rect line = {rect.x, rect.y, rect.width, rect.height > 0};
					mark(&canvas, line);
					plot_axis(&canvas, line, wild[k], wild[(k + 1) % WILD], NULL, ROLE_HIST_SATURATED);
					if (line.height)
						plot_gauge(&canvas, line.x, line.y, line.width, wild[k], ROLE_NOTE);
					assert_only_inside(&canvas, line);
					struct rect column = {rect.x, rect.y, 1, rect.height};
					mark(&canvas, column);
					plot_heat_column(&canvas, column.x, column.y, column.height, wild, WILD, wild[k]);
					assert_only_inside(&canvas, column);
				}
				/* Partly and wholly off the canvas: canvas_put() drops it. */
				plot_histogram(&canvas, (struct rect){60, 10, 30, 30}, &(struct plot_histogram){.histogram = &h});
				plot_histogram(&canvas, (struct rect){-20, -20, 30, 5}, &(struct plot_histogram){.histogram = &h});
				canvas_destroy(&canvas);
			}
}

/* The same values counted directly on the wider axis are the expected ones. */
static void test_rebinned_as_counted(void **state)
{
	(void)state;
	enum { VALUES = 20000 };
	static float x[VALUES];
	static const struct { double low, high, to_low, to_high; int columns; } cases[] = {
		{-2, 2, -10, 10, 240}, {-2, 2, -5, 5, 40}, {-2, 2, -1000, 1000, 30}, {0, 2, 0, 5, 24}, {-2, 2, -2, 2, 240},
		{-2, 2, -0.5, 0.5, 60}, {0, 2, 0, 0.25, 30}, /* zoomed in */
	};
	for (int i = 0; i < VALUES; i++)
		x[i] = (float)sin(i * 0.7548776662) * 2.2f;
	x[7] = NAN;
	for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
		struct histogram from = {.low = cases[c].low, .high = cases[c].high}, to, direct;
		stats_histogram(&from, x, VALUES);
		plot_rebin(&to, &from, cases[c].to_low, cases[c].to_high);
		assert_true(to.low == cases[c].to_low && to.high == cases[c].to_high);
		uint64_t sum = to.below + to.above + to.nan + to.inf;
		for (int i = 0; i < HISTOGRAM_BINS; i++)
			sum += to.counts[i];
		assert_int_equal(sum, VALUES);
		if (cases[c].to_low <= cases[c].low)
			assert_int_equal(to.below, from.below); /* what the record does not place is not placed */
		/* Only values inside the recorded range have a place. */
		static float inside[VALUES];
		size_t n = 0;
		for (int i = 0; i < VALUES; i++)
			if ((double)x[i] >= cases[c].low && (double)x[i] <= cases[c].high)
				inside[n++] = x[i];
		direct = (struct histogram){.low = cases[c].to_low, .high = cases[c].to_high};
		stats_histogram(&direct, inside, n);
		struct plot_merged expected, merged;
		plot_merge(&expected, &direct, cases[c].columns);
		plot_merge(&merged, &to, cases[c].columns);
		/* sorted into the same columns, but for a value on the edge of two */
		for (int i = 0; i < cases[c].columns; i++)
			assert_true(fabs((double)expected.regular[i] - (double)merged.regular[i]) <= 1);
	}
}

/* An end that no bin of the new axis meets: nothing is lost. */
static void test_rebinned_off_the_edges(void **state)
{
	(void)state;
	struct histogram from = {.low = -0.17, .high = 1, .n = 2400, .above = 5}, to;
	for (int i = 0; i < HISTOGRAM_BINS; i++)
		from.counts[i] = 10;
	plot_rebin(&to, &from, -0.2, 3);
	uint64_t sum = 0;
	for (int i = 0; i < HISTOGRAM_BINS; i++)
		sum += to.counts[i];
	assert_int_equal(sum, 2400);
	assert_int_equal(to.above, 5);
	assert_int_equal(to.counts[239], 0);
	assert_true(to.counts[50] == 27 || to.counts[50] == 28); /* 2400 * (3.2 / 240) / 1.17 = 27.4 */
}

/* Zoomed in, an atom outside of the axis is counted where it lies, and one inside stays. */
static void test_rebinned_without_its_atoms(void **state)
{
	(void)state;
	struct histogram from = {.low = 0, .high = 1, .n = 1000, .below = 1, .spikes = 2}, to;
	from.spike[0].value = 0;
	from.spike[0].count = 300;
	from.spike[1].value = 1;
	from.spike[1].count = 459;
	for (int i = 0; i < HISTOGRAM_BINS; i++)
		from.counts[i] = 1;
	plot_rebin(&to, &from, 0.25, 0.75);
	assert_int_equal(to.spikes, 0);
	assert_int_equal(to.below, 1 + 300 + 60);
	assert_int_equal(to.above, 459 + 60);
	plot_rebin(&to, &from, 0, 0.5);
	assert_int_equal(to.spikes, 1);
	assert_true(to.spike[0].value == 0 && to.spike[0].count == 300);
	assert_int_equal(to.below, 1);
	assert_int_equal(to.above, 459 + 120);
}

static void test_number_words(void **state)
{
	(void)state;
	static const struct {
		double value;
		const char *share, *factor;
	} cases[] = {
		{0, "0 %", "×0"}, {1, "100 %", "×1.00"}, {0.684, "68 %", "×0.68"}, {0.0684, "6.8 %", "×0.0684"},
		{0.0004, "<0.1 %", "×4e-04"}, {0.9961, ">99 %", "×1.00"}, {0.0018, "0.2 %", "×0.0018"}, {NAN, "-", "-"},
		{50.1, "100 %", "×50"}, {INFINITY, "100 %", "×Inf"}, {123456, "100 %", "×1e+05"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char out[NUMBER_SIZE];
		assert_string_equal(number_share(out, cases[i].value), cases[i].share);
		assert_string_equal(number_factor(out, cases[i].value), cases[i].factor);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns_divide_the_bins),
		cmocka_unit_test(test_bars_are_linear),
		cmocka_unit_test(test_log_counts),
		cmocka_unit_test(test_notes_are_beside_their_spikes),
		cmocka_unit_test(test_spike_does_not_crush),
		cmocka_unit_test(test_what_bars_cannot_show),
		cmocka_unit_test(test_theory_follows_a_gaussian),
		cmocka_unit_test(test_axis),
		cmocka_unit_test(test_braille),
		cmocka_unit_test(test_braille_crosses),
		cmocka_unit_test(test_gauge),
		cmocka_unit_test(test_sparkline),
		cmocka_unit_test(test_scales),
		cmocka_unit_test(test_absurd),
		cmocka_unit_test(test_rebinned_as_counted),
		cmocka_unit_test(test_rebinned_off_the_edges),
		cmocka_unit_test(test_rebinned_without_its_atoms),
		cmocka_unit_test(test_number_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
