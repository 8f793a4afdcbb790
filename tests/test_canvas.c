/* Canvas, glyphs, palettes and the picture writers: what is drawn outside is
 * dropped, ASCII stays ASCII, colours are legible, pictures show what the canvas
 * says. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "io/out_list.h"
#include "draw/canvas.h"
#include "draw/glyphs.h"
#include "draw/palette.h"

static void assert_row(const struct canvas *canvas, int y, const char *expected)
{
	struct text row = {0};
	for (int x = 0; x < canvas->width; x++)
		text_add_glyph(&row, canvas_cell(canvas, x, y)->glyph);
	assert_string_equal(text_string(&row), expected);
	text_free(&row);
}

static void test_size_is_clamped(void **state)
{
	(void)state;
	struct canvas canvas;
	struct err err;
	assert_true(canvas_create(&canvas, -5, 100000, false, &err));
	assert_int_equal(canvas.width, 1);
	assert_int_equal(canvas.height, 1000);
	canvas_destroy(&canvas);
}

static void test_outside_is_dropped(void **state)
{
	(void)state;
	struct canvas canvas;
	struct err err;
	assert_true(canvas_create(&canvas, 5, 2, false, &err));
	canvas_put(&canvas, -1, 0, 'x', ROLE_TITLE);
	canvas_put(&canvas, 5, 0, 'x', ROLE_TITLE);
	canvas_put(&canvas, 0, -1, 'x', ROLE_TITLE);
	canvas_put(&canvas, INT32_MIN, INT32_MAX, 'x', ROLE_TITLE);
	canvas_flag(&canvas, -10, 1, 20, CELL_BOLD);
	canvas_flag(&canvas, -10, 0, 8, CELL_REVERSE);
	assert_int_equal(canvas_cell(&canvas, 0, 0)->flags, 0);
	canvas_flag(&canvas, 2, 7, 20, CELL_BOLD);
	canvas_flag(&canvas, 3, 0, INT32_MAX, CELL_DIM);
	assert_row(&canvas, 0, "     ");
	assert_int_equal(canvas_cell(&canvas, 0, 1)->flags, CELL_BOLD);
	assert_int_equal(canvas_cell(&canvas, 4, 1)->flags, CELL_BOLD);
	assert_int_equal(canvas_cell(&canvas, 2, 0)->flags, 0);
	assert_int_equal(canvas_cell(&canvas, 3, 0)->flags, CELL_DIM);
	assert_null(canvas_cell(&canvas, 5, 0));
	canvas_text(&canvas, -2, 0, 20, ROLE_PLAIN, "abcdefghij");
	assert_row(&canvas, 0, "cdefg");
	canvas_clear(&canvas);
	assert_row(&canvas, 0, "     ");
	canvas_destroy(&canvas);
}

static void test_text_is_cut_and_aligned(void **state)
{
	(void)state;
	struct canvas canvas;
	struct err err;
	assert_true(canvas_create(&canvas, 8, 1, false, &err));
	assert_int_equal(canvas_text(&canvas, 1, 0, 4, ROLE_PLAIN, "E[z²]"), 5);
	assert_row(&canvas, 0, " E[z…   ");
	canvas_clear(&canvas);
	assert_int_equal(canvas_text(&canvas, 1, 0, 5, ROLE_PLAIN, "E[z²]"), 6);
	assert_row(&canvas, 0, " E[z²]  ");
	canvas_clear(&canvas);
	assert_int_equal(canvas_text_right(&canvas, 8, 0, 8, ROLE_PLAIN, "×2"), 6);
	assert_row(&canvas, 0, "      ×2");
	assert_int_equal(canvas_text(&canvas, 3, 0, 0, ROLE_PLAIN, "gone"), 3);
	assert_int_equal(canvas_text(&canvas, 3, 0, -4, ROLE_PLAIN, "gone"), 3);
	assert_row(&canvas, 0, "      ×2");
	/* Controls and broken UTF-8 never reach a cell. */
	canvas_text(&canvas, 0, 0, 8, ROLE_PLAIN, "a\033\xC2\x9B\xFF");
	for (int x = 0; x < 8; x++) {
		uint32_t c = canvas_cell(&canvas, x, 0)->glyph;
		assert_true(c >= 0x20 && !(c >= 0x7F && c < 0xA0));
	}
	canvas_destroy(&canvas);
}

static void test_ascii_canvas_is_ascii(void **state)
{
	(void)state;
	struct canvas canvas;
	struct err err;
	assert_true(canvas_create(&canvas, 12, 1, true, &err));
	assert_int_equal(canvas_text(&canvas, 0, 0, 12, ROLE_PLAIN, "784→100 ×2"), 11);
	assert_row(&canvas, 0, "784->100 x2 ");
	assert_int_equal(canvas_text_cells(&canvas, "784→100 ×2"), 11);
	canvas_clear(&canvas);
	canvas_text(&canvas, 0, 0, 4, ROLE_PLAIN, "abc→d"); /* the arrow's two cells do not fit before the cut */
	assert_row(&canvas, 0, "abc~        ");
	canvas_destroy(&canvas);
	for (int i = 0; i < GLYPHS; i++) {
		uint32_t c = glyph((enum glyph)i, true);
		assert_true(c >= 0x20 && c < 0x7F);
		assert_true(glyph((enum glyph)i, false) >= 0x20);
		assert_true(i == GLYPH_ALERT || strcmp(glyph_ascii(glyph((enum glyph)i, false)), "?") != 0);
	}
	for (uint32_t c = 0x20; c < 0x3000; c++) {
		const char *text = glyph_ascii(c);
		assert_true(strlen(text) >= 1);
		for (; *text; text++)
			assert_true(*text >= 0x20 && *text < 0x7F);
	}
	assert_string_equal(glyph_ascii('A'), "A");
	assert_string_equal(glyph_ascii(0x4E2D), "?");
}

/* Relative luminance and contrast as WCAG 2.1 defines them. */
static double luminance(uint32_t rgb)
{
	static const double weight[3] = {0.2126, 0.7152, 0.0722};
	double sum = 0;
	for (int i = 0; i < 3; i++) {
		double c = (rgb >> (16 - 8 * i) & 0xFF) / 255.0;
		sum += weight[i] * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double contrast(uint32_t a, uint32_t b)
{
	double x = luminance(a), y = luminance(b);
	return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

static void test_palettes_stand_out(void **state)
{
	(void)state;
	assert_int_equal(palette_rgb(208), 0xFF8700);
	assert_int_equal(palette_rgb(16), 0x000000);
	assert_int_equal(palette_rgb(231), 0xFFFFFF);
	assert_int_equal(palette_rgb(244), 0x808080);
	for (size_t p = 0; p < palettes.count; p++) {
		const struct palette *palette = palette_at(p);
		/* WCAG 2.1 asks 4.5 of text; here bars and curves have it, too.  The first
		 * eight colours are xterm's. */
		uint32_t background = palette->light ? 0xFFFFFF : 0x000000;
		for (int role = 0; role < ROLES; role++) {
			const struct palette_style *style = &palette->style[role];
			assert_in_range(style->colour_8 + 1, 0, 8);
			const int colours[] = { style->colour_256, style->colour_8 };
			for (int i = 0; i < 2; i++)
				if (colours[i] != PALETTE_DEFAULT_COLOUR && contrast(palette_rgb(colours[i]), background) < 4.5)
					fail_msg("%s: role %d, colour %d: %.2f", palette->entry.name, role, colours[i],
					         contrast(palette_rgb(colours[i]), background));
			/* What is ill has a colour of its own. */
			if (role != ROLE_HIST_SATURATED && (role < ROLE_WARNING || role > ROLE_ALARM) && style->colour_256 != PALETTE_DEFAULT_COLOUR) {
				assert_int_not_equal(style->colour_256, palette->style[ROLE_HIST_SATURATED].colour_256);
				assert_int_not_equal(style->colour_8, palette->style[ROLE_HIST_SATURATED].colour_8);
			}
		}
		/* Density goes one way, from what the background is away. */
		for (int role = ROLE_HEAT_0; role < ROLE_HEAT_LAST; role++)
			if (palette->style[role].colour_256 != PALETTE_DEFAULT_COLOUR)
				assert_true(contrast(palette_rgb(palette->style[role + 1].colour_256), background) >=
				            contrast(palette_rgb(palette->style[role].colour_256), background));
	}
	assert_string_equal(palette_for_background("0;15")->entry.name, "light");
	assert_string_equal(palette_for_background("0;default;7")->entry.name, "light");
	assert_string_equal(palette_for_background("15;0")->entry.name, "default");
	assert_string_equal(palette_for_background("15;8")->entry.name, "default");
	assert_string_equal(palette_for_background("0;")->entry.name, "default");
	assert_string_equal(palette_for_background(NULL)->entry.name, "default");
	/* Seven runs in a chart: no two of one colour, with 256 colours and with 8. */
	for (size_t p = 0; p < palettes.count; p++)
		for (int i = ROLE_CURVE; i <= ROLE_CURVE_7; i++)
			for (int j = ROLE_CURVE; j < i; j++) {
				const struct palette_style *one = &palette_at(p)->style[i], *other = &palette_at(p)->style[j];
				bool mono = strcmp(palette_at(p)->entry.name, "monochrome") == 0; /* letters and dots distinguish them */
				assert_true(mono || one->colour_256 != other->colour_256 || one->flags != other->flags);
				assert_true(mono || one->colour_8 != other->colour_8 || one->flags != other->flags);
			}
	struct err err;
	assert_non_null(table_find(&palettes, "color-blind", &err));
	const struct palette *mono = palette_find("monochrome", &err);
	for (int role = 0; role < ROLES; role++) {
		assert_int_equal(mono->style[role].colour_256, PALETTE_DEFAULT_COLOUR);
		assert_int_equal(mono->style[role].colour_8, PALETTE_DEFAULT_COLOUR);
	}
	/* Without colour, ill bars are stronger than the others. */
	assert_int_equal(mono->style[ROLE_HIST_SATURATED].flags, CELL_BOLD);
	assert_int_equal(mono->style[ROLE_HIST_INACTIVE].flags, CELL_DIM);
	assert_int_not_equal(mono->style[ROLE_HIST_SATURATED].flags, mono->style[ROLE_HIST_Z].flags);
}

/* ---- colour-blind readers ---- */

/* Machado, Oliveira and Fernandes 2009, severity 1: of linear light. */
static const struct {
	const char *name;
	double matrix[3][3];
} deficiencies[] = {
	{ "none", { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } } },
	{ "protanopia", { { 0.152286, 1.052583, -0.204868 }, { 0.114503, 0.786281, 0.099216 }, { -0.003882, -0.048116, 1.051998 } } },
	{ "deuteranopia", { { 0.367322, 0.860646, -0.227968 }, { 0.280085, 0.672501, 0.047413 }, { -0.011820, 0.042940, 0.968881 } } },
	{ "tritanopia", { { 1.255528, -0.076749, -0.178779 }, { -0.078411, 0.930809, 0.147602 }, { 0.004733, 0.691367, 0.303900 } } },
};
#define DEFICIENCIES (sizeof deficiencies / sizeof deficiencies[0])

static double lab_root(double t)
{
	return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

/* CIE 1976 L*a*b* under D65, of what such a reader sees. */
static void lab_seen(double lab[3], uint32_t rgb, const double matrix[3][3])
{
	static const double to_xyz[3][3] = { { 0.4124, 0.3576, 0.1805 }, { 0.2126, 0.7152, 0.0722 }, { 0.0193, 0.1192, 0.9505 } };
	static const double white[3] = { 0.9505, 1, 1.089 };
	double linear[3], seen[3], f[3];
	for (int i = 0; i < 3; i++) {
		double c = (rgb >> (16 - 8 * i) & 255) / 255.0;
		linear[i] = c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
	}
	for (int i = 0; i < 3; i++) {
		double sum = matrix[i][0] * linear[0] + matrix[i][1] * linear[1] + matrix[i][2] * linear[2];
		seen[i] = sum < 0 ? 0 : sum > 1 ? 1 : sum;
	}
	for (int i = 0; i < 3; i++)
		f[i] = lab_root((to_xyz[i][0] * seen[0] + to_xyz[i][1] * seen[1] + to_xyz[i][2] * seen[2]) / white[i]);
	lab[0] = 116 * f[1] - 16;
	lab[1] = 500 * (f[0] - f[1]);
	lab[2] = 200 * (f[1] - f[2]);
}

static double difference_seen(uint32_t one, uint32_t other, const double matrix[3][3])
{
	double a[3], b[3];
	lab_seen(a, one, matrix);
	lab_seen(b, other, matrix);
	return sqrt((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1]) + (a[2] - b[2]) * (a[2] - b[2]));
}

/* The terminal's own colour is black or white. */
static uint32_t role_rgb(const struct palette *palette, enum role role, bool few)
{
	int colour = few ? palette->style[role].colour_8 : palette->style[role].colour_256;
	return colour == PALETTE_DEFAULT_COLOUR ? (palette->light ? 0x000000 : 0xFFFFFF) : palette_rgb(colour);
}

/* Roles that lie beside each other and mean different things.  2.3 is a just
 * noticeable difference (Mahy et al. 1994); thin bars need a multiple of it. */
static void test_palettes_for_colour_blind_readers(void **state)
{
	(void)state;
	static const enum role pairs[][2] = {
		{ ROLE_HIST_SATURATED, ROLE_HIST_Z }, { ROLE_HIST_SATURATED, ROLE_HIST_A }, { ROLE_HIST_SATURATED, ROLE_HIST_INACTIVE },
		{ ROLE_GOOD, ROLE_WARNING }, { ROLE_GOOD, ROLE_NOTE },
	};
	const double least = 20;
	int compared = 0;
	for (size_t p = 0; p < palettes.count; p++)
		for (size_t d = 0; d < DEFICIENCIES; d++)
			for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
				for (int few = 0; few < 2; few++) {
					const struct palette *palette = palette_at(p);
					const struct palette_style *one = &palette->style[pairs[i][0]], *other = &palette->style[pairs[i][1]];
					bool own = few ? one->colour_8 == other->colour_8 && one->colour_8 == PALETTE_DEFAULT_COLOUR
					               : one->colour_256 == other->colour_256 && one->colour_256 == PALETTE_DEFAULT_COLOUR;
					/* where no colour says it, words do; where few colours do not, bold or dim */
					if (own || (few && one->flags != other->flags))
						continue;
					double seen = difference_seen(role_rgb(palette, pairs[i][0], few), role_rgb(palette, pairs[i][1], few),
					                              deficiencies[d].matrix);
					compared++;
					if (!(seen >= least))
						fail_msg("%s, %s, %d colours: roles %d and %d differ by %.1f", palette->entry.name, deficiencies[d].name,
						         few ? 8 : 256, (int)pairs[i][0], (int)pairs[i][1], seen);
				}
	assert_true(compared > 80);
	/* the yardstick: red and green of one lightness are alike to some, not to others */
	assert_true(difference_seen(0xC06000, 0x7F8000, deficiencies[2].matrix) < difference_seen(0xC06000, 0x7F8000, deficiencies[0].matrix) / 2);
}

static void test_the_background_reported(void **state)
{
	(void)state;
	static const struct { const char *report, *palette; } cases[] = {
		{ "11;rgb:ffff/ffff/ffff", "light" }, { "11;rgb:0000/0000/0000", "default" }, { "11;rgb:ff/ff/ff", "light" },
		{ "11;rgb:f/f/f", "light" }, { "11;rgba:ffff/ffff/ffff/ffff", "light" }, { "11;rgb:fdfd/f6f6/e3e3", "light" }, /* solarized */
		{ "11;rgb:0000/2b2b/3636", "default" }, { "11;rgb:2e2e/3434/4040", "default" },
	};
	static const char *const others[] = {
		"", "11", "11;", "11;?", "11;rgb:", "11;rgb:ffff", "11;rgb:ffff/ffff", "11;rgb:ffff/ffff/", "11;rgb:gg/00/00", "10;rgb:ffff/ffff/ffff",
		"11;rgb:fffff/ffff/ffff", "11;rgba", "11;rgb/ff/ff/ff",
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_string_equal(palette_for_report(cases[i].report)->entry.name, cases[i].palette);
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		assert_null(palette_for_report(others[i]));
}

static const struct palette *default_palette(void)
{
	return palette_at(0);
}

static void test_pictures(void **state)
{
	(void)state;
	struct canvas canvas;
	struct err err;
	assert_true(canvas_create(&canvas, 6, 2, false, &err));
	canvas_text(&canvas, 0, 0, 6, ROLE_WARNING, "<&>");
	canvas_put(&canvas, 1, 1, glyph(GLYPH_BAR_3, false), ROLE_HIST_Z);
	struct text text = {0};
	out_txt_write(&text, &canvas, default_palette());
	assert_string_equal(text_string(&text), "<&>\n ▃\n");
	text_clear(&text);
	out_ans_write(&text, &canvas, default_palette());
	assert_string_equal(text_string(&text), "\033[0;1;38;5;208m<&>\033[0m\n \033[0;38;5;33m▃\033[0m\n");
	text_clear(&text);
	out_svg_write(&text, &canvas, default_palette());
	const char *svg = text_string(&text);
	assert_non_null(strstr(svg, ">&lt;&amp;&gt;</text>"));
	/* Three eighths of a cell of 8 x 16 at column 1, row 1, behind a border of 8. */
	assert_non_null(strstr(svg, "<rect x=\"16\" y=\"34\" width=\"8\" height=\"6\" fill=\"#0087ff\"/>"));
	assert_null(strstr(svg, "▃"));
	text_free(&text);
	canvas_destroy(&canvas);
}

static void test_reversed_cells_are_kept(void **state)
{
	(void)state;
	struct canvas canvas;
	struct err err;
	assert_true(canvas_create(&canvas, 4, 1, false, &err));
	canvas_put(&canvas, 2, 0, ' ', ROLE_CURSOR); /* reverse: visible although blank */
	struct text text = {0};
	out_ans_write(&text, &canvas, default_palette());
	assert_string_equal(text_string(&text), "  \033[0;7m \033[0m\n");
	text_clear(&text);
	canvas_flag(&canvas, 2, 0, 1, CELL_REVERSE); /* reversed again: plain */
	out_ans_write(&text, &canvas, default_palette());
	assert_string_equal(text_string(&text), "\n");
	text_free(&text);
	canvas_destroy(&canvas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_size_is_clamped),
		cmocka_unit_test(test_outside_is_dropped),
		cmocka_unit_test(test_text_is_cut_and_aligned),
		cmocka_unit_test(test_ascii_canvas_is_ascii),
		cmocka_unit_test(test_palettes_stand_out),
		cmocka_unit_test(test_palettes_for_colour_blind_readers),
		cmocka_unit_test(test_the_background_reported),
		cmocka_unit_test(test_pictures),
		cmocka_unit_test(test_reversed_cells_are_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
