/* The palettes.  Text keeps the foreground colour of the terminal where possible;
 * every colour has a contrast of 4.5:1 or more to the background that its palette
 * is for, in 256 and in 8 colours (WCAG 2.1).  Orange (dark orange in `light`)
 * marks what the verdict calls ill.  No palette distinguishes good from bad by red
 * and green alone. */
#include "draw/palette.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define OWN PALETTE_DEFAULT_COLOUR
#define STYLE(colour_256_, colour_8_, flags_) \
	{ .colour_256 = (colour_256_), .colour_8 = (colour_8_), .flags = (flags_) }

enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE };

/* A ramp of one hue from dark to light, for dark backgrounds. */
#define BLUE_HEAT \
	[ROLE_HEAT_0 + 0] = STYLE(31, CYAN, 0), \
	[ROLE_HEAT_0 + 1] = STYLE(32, CYAN, 0), \
	[ROLE_HEAT_0 + 2] = STYLE(33, CYAN, 0), \
	[ROLE_HEAT_0 + 3] = STYLE(69, CYAN, 0), \
	[ROLE_HEAT_0 + 4] = STYLE(38, CYAN, 0), \
	[ROLE_HEAT_0 + 5] = STYLE(39, CYAN, 0), \
	[ROLE_HEAT_0 + 6] = STYLE(75, CYAN, 0), \
	[ROLE_HEAT_0 + 7] = STYLE(111, CYAN, 0), \
	[ROLE_HEAT_0 + 8] = STYLE(45, CYAN, CELL_BOLD), \
	[ROLE_HEAT_0 + 9] = STYLE(81, CYAN, CELL_BOLD), \
	[ROLE_HEAT_0 + 10] = STYLE(117, CYAN, CELL_BOLD), \
	[ROLE_HEAT_0 + 11] = STYLE(153, CYAN, CELL_BOLD),

/* From light to dark, for light backgrounds. */
#define DARK_BLUE_HEAT \
	[ROLE_HEAT_0 + 0] = STYLE(27, BLUE, 0), \
	[ROLE_HEAT_0 + 1] = STYLE(27, BLUE, 0), \
	[ROLE_HEAT_0 + 2] = STYLE(26, BLUE, 0), \
	[ROLE_HEAT_0 + 3] = STYLE(26, BLUE, 0), \
	[ROLE_HEAT_0 + 4] = STYLE(25, BLUE, 0), \
	[ROLE_HEAT_0 + 5] = STYLE(25, BLUE, 0), \
	[ROLE_HEAT_0 + 6] = STYLE(24, BLUE, 0), \
	[ROLE_HEAT_0 + 7] = STYLE(21, BLUE, 0), \
	[ROLE_HEAT_0 + 8] = STYLE(20, BLUE, CELL_BOLD), \
	[ROLE_HEAT_0 + 9] = STYLE(19, BLUE, CELL_BOLD), \
	[ROLE_HEAT_0 + 10] = STYLE(18, BLUE, CELL_BOLD), \
	[ROLE_HEAT_0 + 11] = STYLE(17, BLUE, CELL_BOLD),

/* From violet through teal to yellow, ever lighter, after viridis (van der Walt and
 * Smith 2015), which is the same order for colour-blind readers. */
#define VIRIDIS_MAP \
	[ROLE_MAP_0 + 0] = STYLE(98, CYAN, 0), \
	[ROLE_MAP_0 + 1] = STYLE(68, CYAN, 0), \
	[ROLE_MAP_0 + 2] = STYLE(37, CYAN, 0), \
	[ROLE_MAP_0 + 3] = STYLE(42, CYAN, 0), \
	[ROLE_MAP_0 + 4] = STYLE(149, CYAN, CELL_BOLD), \
	[ROLE_MAP_0 + 5] = STYLE(154, CYAN, CELL_BOLD), \
	[ROLE_MAP_0 + 6] = STYLE(228, CYAN, CELL_BOLD),

/* The same order reversed, from teal to violet, for light backgrounds. */
#define DARK_VIRIDIS_MAP \
	[ROLE_MAP_0 + 0] = STYLE(29, BLUE, 0), \
	[ROLE_MAP_0 + 1] = STYLE(26, BLUE, 0), \
	[ROLE_MAP_0 + 2] = STYLE(24, BLUE, 0), \
	[ROLE_MAP_0 + 3] = STYLE(56, BLUE, 0), \
	[ROLE_MAP_0 + 4] = STYLE(55, BLUE, CELL_BOLD), \
	[ROLE_MAP_0 + 5] = STYLE(54, BLUE, CELL_BOLD), \
	[ROLE_MAP_0 + 6] = STYLE(53, BLUE, CELL_BOLD),

/* Keys, hints, prompt and selection, in the terminal's own colour but for the grey hints. */
#define PROMPT_AND_KEYS(grey) \
	[ROLE_KEY] = STYLE(OWN, OWN, CELL_BOLD), \
	[ROLE_HINT] = STYLE((grey), OWN, 0), \
	[ROLE_INPUT] = STYLE(OWN, OWN, 0), \
	[ROLE_SELECTED] = STYLE(OWN, OWN, CELL_BOLD | CELL_REVERSE), \
	[ROLE_CURSOR] = STYLE(OWN, OWN, CELL_REVERSE),

static const struct palette list[] = {
	{
		.entry = {.name = "default", .summary = "blue, teal and orange for dark backgrounds"},
		.style = {
			[ROLE_PLAIN] = STYLE(OWN, OWN, 0),
			[ROLE_TITLE] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_LABEL] = STYLE(245, OWN, 0),
			[ROLE_READOUT] = STYLE(OWN, OWN, 0),
			[ROLE_THEORY] = STYLE(71, GREEN, 0),
			[ROLE_AXIS] = STYLE(245, OWN, 0),
			[ROLE_HIST_Z] = STYLE(33, CYAN, 0),
			[ROLE_HIST_A] = STYLE(37, CYAN, 0),
			[ROLE_HIST_W] = STYLE(141, OWN, 0),
			[ROLE_HIST_GRADIENT] = STYLE(170, OWN, 0),
			[ROLE_HIST_SATURATED] = STYLE(208, YELLOW, 0),
			[ROLE_HIST_INACTIVE] = STYLE(245, OWN, CELL_DIM),
			[ROLE_SPIKE] = STYLE(170, OWN, CELL_BOLD),
			[ROLE_CURVE] = STYLE(33, CYAN, 0),
			[ROLE_CURVE_2] = STYLE(170, WHITE, CELL_BOLD),
			[ROLE_CURVE_3] = STYLE(141, OWN, 0),
			[ROLE_CURVE_4] = STYLE(71, GREEN, 0),
			[ROLE_CURVE_5] = STYLE(37, CYAN, CELL_BOLD),
			[ROLE_CURVE_6] = STYLE(205, GREEN, CELL_BOLD),
			[ROLE_CURVE_7] = STYLE(OWN, OWN, CELL_BOLD),
			BLUE_HEAT
			VIRIDIS_MAP
			[ROLE_GOOD] = STYLE(43, CYAN, 0),
			[ROLE_NOTE] = STYLE(179, OWN, CELL_BOLD),
			[ROLE_WARNING] = STYLE(208, YELLOW, CELL_BOLD),
			[ROLE_ALARM] = STYLE(203, YELLOW, CELL_BOLD | CELL_REVERSE),
			PROMPT_AND_KEYS(245)
		},
	},
	{
		.entry = {.name = "light", .summary = "dark colours for light backgrounds"},
		.light = true,
		.style = {
			[ROLE_PLAIN] = STYLE(OWN, OWN, 0),
			[ROLE_TITLE] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_LABEL] = STYLE(241, OWN, 0),
			[ROLE_READOUT] = STYLE(OWN, OWN, 0),
			[ROLE_THEORY] = STYLE(22, MAGENTA, 0),
			[ROLE_AXIS] = STYLE(241, OWN, 0),
			[ROLE_HIST_Z] = STYLE(26, BLUE, 0),
			[ROLE_HIST_A] = STYLE(23, BLUE, 0),
			[ROLE_HIST_W] = STYLE(55, MAGENTA, 0),
			[ROLE_HIST_GRADIENT] = STYLE(90, MAGENTA, 0),
			[ROLE_HIST_SATURATED] = STYLE(130, RED, 0),
			[ROLE_HIST_INACTIVE] = STYLE(241, OWN, CELL_DIM),
			[ROLE_SPIKE] = STYLE(90, MAGENTA, CELL_BOLD),
			[ROLE_CURVE] = STYLE(26, BLUE, 0),
			[ROLE_CURVE_2] = STYLE(90, MAGENTA, CELL_BOLD),
			[ROLE_CURVE_3] = STYLE(55, MAGENTA, 0),
			[ROLE_CURVE_4] = STYLE(22, OWN, 0),
			[ROLE_CURVE_5] = STYLE(24, BLUE, CELL_BOLD),
			[ROLE_CURVE_6] = STYLE(161, BLACK, 0),
			[ROLE_CURVE_7] = STYLE(OWN, OWN, CELL_BOLD),
			DARK_BLUE_HEAT
			DARK_VIRIDIS_MAP
			[ROLE_GOOD] = STYLE(24, OWN, 0),
			[ROLE_NOTE] = STYLE(94, OWN, CELL_BOLD),
			[ROLE_WARNING] = STYLE(130, RED, CELL_BOLD),
			[ROLE_ALARM] = STYLE(124, RED, CELL_BOLD | CELL_REVERSE),
			PROMPT_AND_KEYS(241)
		},
	},
	{
		.entry = {.name = "colour-blind", .aliases = "color-blind cb",
			.summary = "blue against orange only, after Okabe and Ito",
			.reference = "Okabe and Ito, Color Universal Design, 2008"},
		.style = {
			[ROLE_PLAIN] = STYLE(OWN, OWN, 0),
			[ROLE_TITLE] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_LABEL] = STYLE(245, OWN, 0),
			[ROLE_READOUT] = STYLE(OWN, OWN, 0),
			[ROLE_THEORY] = STYLE(250, OWN, 0),
			[ROLE_AXIS] = STYLE(245, OWN, 0),
			[ROLE_HIST_Z] = STYLE(32, CYAN, 0),
			[ROLE_HIST_A] = STYLE(74, CYAN, 0),
			[ROLE_HIST_W] = STYLE(245, OWN, 0),
			[ROLE_HIST_GRADIENT] = STYLE(67, CYAN, 0),
			[ROLE_HIST_SATURATED] = STYLE(208, YELLOW, 0),
			[ROLE_HIST_INACTIVE] = STYLE(245, OWN, CELL_DIM),
			[ROLE_SPIKE] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_CURVE] = STYLE(32, CYAN, 0),
			[ROLE_CURVE_2] = STYLE(252, WHITE, CELL_BOLD),
			[ROLE_CURVE_3] = STYLE(245, OWN, 0),
			[ROLE_CURVE_4] = STYLE(117, CYAN, CELL_BOLD),
			[ROLE_CURVE_5] = STYLE(68, GREEN, 0),
			[ROLE_CURVE_6] = STYLE(168, GREEN, CELL_BOLD),
			[ROLE_CURVE_7] = STYLE(OWN, OWN, CELL_BOLD),
			BLUE_HEAT
			VIRIDIS_MAP
			[ROLE_GOOD] = STYLE(32, CYAN, 0),
			[ROLE_NOTE] = STYLE(179, OWN, CELL_BOLD),
			[ROLE_WARNING] = STYLE(208, YELLOW, CELL_BOLD),
			[ROLE_ALARM] = STYLE(208, YELLOW, CELL_BOLD | CELL_REVERSE),
			PROMPT_AND_KEYS(245)
		},
	},
	{
		.entry = {.name = "colour-blind-light", .aliases = "color-blind-light cb-light",
			.summary = "the same two hues, dark, for light backgrounds",
			.reference = "Okabe and Ito, Color Universal Design, 2008"},
		.light = true,
		.style = {
			[ROLE_PLAIN] = STYLE(OWN, OWN, 0),
			[ROLE_TITLE] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_LABEL] = STYLE(241, OWN, 0),
			[ROLE_READOUT] = STYLE(OWN, OWN, 0),
			[ROLE_THEORY] = STYLE(238, OWN, 0),
			[ROLE_AXIS] = STYLE(241, OWN, 0),
			[ROLE_HIST_Z] = STYLE(25, BLUE, 0),
			[ROLE_HIST_A] = STYLE(24, BLUE, 0),
			[ROLE_HIST_W] = STYLE(241, OWN, 0),
			[ROLE_HIST_GRADIENT] = STYLE(18, BLUE, 0),
			[ROLE_HIST_SATURATED] = STYLE(130, RED, 0),
			[ROLE_HIST_INACTIVE] = STYLE(241, OWN, CELL_DIM),
			[ROLE_SPIKE] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_CURVE] = STYLE(25, BLUE, 0),
			[ROLE_CURVE_2] = STYLE(234, BLACK, CELL_BOLD),
			[ROLE_CURVE_3] = STYLE(241, OWN, 0),
			[ROLE_CURVE_4] = STYLE(21, BLUE, CELL_BOLD),
			[ROLE_CURVE_5] = STYLE(17, MAGENTA, 0),
			[ROLE_CURVE_6] = STYLE(125, MAGENTA, CELL_BOLD),
			[ROLE_CURVE_7] = STYLE(OWN, OWN, CELL_BOLD),
			DARK_BLUE_HEAT
			DARK_VIRIDIS_MAP
			[ROLE_GOOD] = STYLE(25, BLUE, 0),
			[ROLE_NOTE] = STYLE(94, OWN, CELL_BOLD),
			[ROLE_WARNING] = STYLE(130, RED, CELL_BOLD),
			[ROLE_ALARM] = STYLE(130, RED, CELL_BOLD | CELL_REVERSE),
			PROMPT_AND_KEYS(241)
		},
	},
	{
		.entry = {.name = "contrast", .summary = "bold and few colours, for projectors and poor eyesight"},
		.style = {
			[ROLE_PLAIN] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_TITLE] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_LABEL] = STYLE(OWN, OWN, 0),
			[ROLE_READOUT] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_THEORY] = STYLE(OWN, OWN, 0),
			[ROLE_AXIS] = STYLE(OWN, OWN, 0),
			[ROLE_HIST_Z] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HIST_A] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HIST_W] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HIST_GRADIENT] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HIST_SATURATED] = STYLE(202, YELLOW, CELL_BOLD),
			[ROLE_HIST_INACTIVE] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_SPIKE] = STYLE(33, CYAN, CELL_BOLD),
			[ROLE_CURVE] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_CURVE_2] = STYLE(170, WHITE, CELL_BOLD),
			[ROLE_CURVE_3] = STYLE(33, CYAN, CELL_BOLD),
			[ROLE_CURVE_4] = STYLE(141, WHITE, 0),
			[ROLE_CURVE_5] = STYLE(37, CYAN, 0),
			[ROLE_CURVE_6] = STYLE(71, GREEN, CELL_BOLD),
			[ROLE_CURVE_7] = STYLE(205, GREEN, 0),
			[ROLE_HEAT_0 + 0] = STYLE(OWN, OWN, 0),
			[ROLE_HEAT_0 + 1] = STYLE(OWN, OWN, 0),
			[ROLE_HEAT_0 + 2] = STYLE(OWN, OWN, 0),
			[ROLE_HEAT_0 + 3] = STYLE(OWN, OWN, 0),
			[ROLE_HEAT_0 + 4] = STYLE(OWN, OWN, 0),
			[ROLE_HEAT_0 + 5] = STYLE(OWN, OWN, 0),
			[ROLE_HEAT_0 + 6] = STYLE(OWN, OWN, 0),
			[ROLE_HEAT_0 + 7] = STYLE(OWN, OWN, 0),
			[ROLE_HEAT_0 + 8] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HEAT_0 + 9] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HEAT_0 + 10] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HEAT_0 + 11] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_MAP_0 + 0] = STYLE(OWN, OWN, 0),
			[ROLE_MAP_0 + 1] = STYLE(OWN, OWN, 0),
			[ROLE_MAP_0 + 2] = STYLE(OWN, OWN, 0),
			[ROLE_MAP_0 + 3] = STYLE(OWN, OWN, 0),
			[ROLE_MAP_0 + 4] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_MAP_0 + 5] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_MAP_0 + 6] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_GOOD] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_NOTE] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_WARNING] = STYLE(202, YELLOW, CELL_BOLD),
			[ROLE_ALARM] = STYLE(202, YELLOW, CELL_BOLD | CELL_REVERSE),
			[ROLE_KEY] = STYLE(OWN, OWN, CELL_BOLD | CELL_REVERSE),
			[ROLE_HINT] = STYLE(OWN, OWN, 0),
			[ROLE_INPUT] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_SELECTED] = STYLE(OWN, OWN, CELL_BOLD | CELL_REVERSE),
			[ROLE_CURSOR] = STYLE(OWN, OWN, CELL_REVERSE),
		},
	},
	{
		.entry = {.name = "monochrome", .aliases = "mono none", .summary = "no colour: bold, dim and reverse only"},
		.style = {
			[ROLE_PLAIN] = STYLE(OWN, OWN, 0),
			[ROLE_TITLE] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_LABEL] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_READOUT] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_THEORY] = STYLE(OWN, OWN, 0),
			[ROLE_AXIS] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_HIST_Z] = STYLE(OWN, OWN, 0),
			[ROLE_HIST_A] = STYLE(OWN, OWN, 0),
			[ROLE_HIST_W] = STYLE(OWN, OWN, 0),
			[ROLE_HIST_GRADIENT] = STYLE(OWN, OWN, 0),
			[ROLE_HIST_SATURATED] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HIST_INACTIVE] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_SPIKE] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_CURVE] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_CURVE_2] = STYLE(OWN, OWN, 0),
			[ROLE_CURVE_3] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_CURVE_4] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_CURVE_5] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_CURVE_6] = STYLE(OWN, OWN, 0),
			[ROLE_CURVE_7] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_HEAT_0 + 0] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_HEAT_0 + 1] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_HEAT_0 + 2] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_HEAT_0 + 3] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_HEAT_0 + 4] = STYLE(OWN, OWN, 0),
			[ROLE_HEAT_0 + 5] = STYLE(OWN, OWN, 0),
			[ROLE_HEAT_0 + 6] = STYLE(OWN, OWN, 0),
			[ROLE_HEAT_0 + 7] = STYLE(OWN, OWN, 0),
			[ROLE_HEAT_0 + 8] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HEAT_0 + 9] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HEAT_0 + 10] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HEAT_0 + 11] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_MAP_0 + 0] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_MAP_0 + 1] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_MAP_0 + 2] = STYLE(OWN, OWN, 0),
			[ROLE_MAP_0 + 3] = STYLE(OWN, OWN, 0),
			[ROLE_MAP_0 + 4] = STYLE(OWN, OWN, 0),
			[ROLE_MAP_0 + 5] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_MAP_0 + 6] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_GOOD] = STYLE(OWN, OWN, 0),
			[ROLE_NOTE] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_WARNING] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_ALARM] = STYLE(OWN, OWN, CELL_BOLD | CELL_REVERSE),
			[ROLE_KEY] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HINT] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_INPUT] = STYLE(OWN, OWN, 0),
			[ROLE_SELECTED] = STYLE(OWN, OWN, CELL_BOLD | CELL_REVERSE),
			[ROLE_CURSOR] = STYLE(OWN, OWN, CELL_REVERSE),
		},
	},
};

const struct table palettes = TABLE_OF(list, "palette", "palettes");

const struct palette *palette_for_background(const char *colorfgbg)
{
	const char *last = colorfgbg ? strrchr(colorfgbg, ';') : NULL;
	uint64_t background;
	/* 7 and 9 to 15 are light: white, and the bright colours */
	bool light = last && text_unsigned(last + 1, &background) && background <= 15 && (background == 7 || background > 8);
	return light ? palette_find("light", NULL) : palette_at(0);
}

/* One to four hexadecimal digits as a part of the largest such number; NaN if there
 * are none.  Moves *text behind them. */
static double channel(const char **text)
{
	char digits[5] = "";
	size_t count = strspn(*text, "0123456789abcdefABCDEF");
	if (count < 1 || count > 4)
		return NAN;
	memcpy(digits, *text, count);
	*text += count;
	return (double)strtoul(digits, NULL, 16) / (double)((1UL << (4 * count)) - 1);
}

/* WCAG 2.1: linear light of an sRGB channel. */
static double linear_light(double channel)
{
	return channel <= 0.04045 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4);
}

#define MIDDLE_LUMINANCE 0.179 /* as much contrast to black as to white */

const struct palette *palette_for_report(const char *report)
{
	static const double weight[3] = { 0.2126, 0.7152, 0.0722 };
	double luminance = 0;
	if (strncmp(report, "11;rgb", 6) != 0)
		return NULL;
	report += 6 + (report[6] == 'a');
	for (int i = 0; i < 3; i++) {
		if (*report++ != (i ? '/' : ':'))
			return NULL;
		luminance += weight[i] * linear_light(channel(&report));
	}
	if (isnan(luminance))
		return NULL;
	return luminance > MIDDLE_LUMINANCE ? palette_find("light", NULL) : palette_at(0);
}

uint32_t palette_rgb(int colour_256)
{
	/* xterm's defaults for the first sixteen, then a 6 x 6 x 6 cube, then greys. */
	static const uint32_t first[16] = {
		0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
		0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
	};
	static const uint32_t step[6] = {0, 95, 135, 175, 215, 255};
	if (colour_256 < 0 || colour_256 > 255)
		return 0;
	if (colour_256 < 16)
		return first[colour_256];
	if (colour_256 < 232) {
		int cube = colour_256 - 16;
		return step[cube / 36] << 16 | step[cube / 6 % 6] << 8 | step[cube % 6];
	}
	uint32_t grey = 8 + 10 * (uint32_t)(colour_256 - 232);
	return grey << 16 | grey << 8 | grey;
}
