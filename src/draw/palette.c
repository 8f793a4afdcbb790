/* The palettes.  Text keeps the foreground colour of the terminal where
 * possible; coloured parts use mid-tones that are visible on light and on
 * dark backgrounds.  No palette distinguishes good from bad by red and green
 * alone. */
#include "draw/palette.h"

#define OWN PALETTE_DEFAULT_COLOUR
#define STYLE(colour_256_, colour_8_, flags_) \
	{ .colour_256 = (colour_256_), .colour_8 = (colour_8_), .flags = (flags_) }

enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE };

static const struct palette list[] = {
	{
		.entry = {.name = "default", .summary = "blue, teal and orange mid-tones for light and dark backgrounds"},
		.style = {
			[ROLE_PLAIN] = STYLE(OWN, OWN, 0),
			[ROLE_TITLE] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_LABEL] = STYLE(244, OWN, 0),
			[ROLE_READOUT] = STYLE(OWN, OWN, 0),
			[ROLE_THEORY] = STYLE(64, GREEN, 0),
			[ROLE_AXIS] = STYLE(244, OWN, 0),
			[ROLE_HIST_Z] = STYLE(33, BLUE, 0),
			[ROLE_HIST_A] = STYLE(37, CYAN, 0),
			[ROLE_HIST_W] = STYLE(98, MAGENTA, 0),
			[ROLE_HIST_GRADIENT] = STYLE(133, MAGENTA, 0),
			[ROLE_HIST_SATURATED] = STYLE(208, YELLOW, 0),
			[ROLE_SPIKE] = STYLE(134, MAGENTA, CELL_BOLD),
			[ROLE_CURVE] = STYLE(33, BLUE, 0),
			[ROLE_CURVE_2] = STYLE(166, YELLOW, 0),
			[ROLE_CURVE_3] = STYLE(98, MAGENTA, 0),
			[ROLE_CURVE_4] = STYLE(64, GREEN, 0),
			[ROLE_CURVE_5] = STYLE(30, CYAN, 0),
			[ROLE_CURVE_6] = STYLE(161, RED, 0),
			[ROLE_CURVE_7] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HEAT_0] = STYLE(60, BLUE, 0),
			[ROLE_HEAT_1] = STYLE(62, BLUE, 0),
			[ROLE_HEAT_2] = STYLE(32, CYAN, 0),
			[ROLE_HEAT_3] = STYLE(37, CYAN, CELL_BOLD),
			[ROLE_HEAT_4] = STYLE(208, YELLOW, CELL_BOLD),
			[ROLE_GOOD] = STYLE(28, GREEN, 0),
			[ROLE_NOTE] = STYLE(136, YELLOW, 0),
			[ROLE_WARNING] = STYLE(166, YELLOW, CELL_BOLD),
			[ROLE_ALARM] = STYLE(160, RED, CELL_BOLD | CELL_REVERSE),
			[ROLE_KEY] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HINT] = STYLE(244, OWN, 0),
			[ROLE_INPUT] = STYLE(OWN, OWN, 0),
			[ROLE_SELECTED] = STYLE(OWN, OWN, CELL_BOLD | CELL_REVERSE),
			[ROLE_CURSOR] = STYLE(OWN, OWN, CELL_REVERSE),
		},
	},
	{
		.entry = {.name = "colour-blind", .aliases = "color-blind cb",
			.summary = "blue against orange only, after Okabe and Ito",
			.reference = "Okabe and Ito, Color Universal Design, 2008"},
		.style = {
			[ROLE_PLAIN] = STYLE(OWN, OWN, 0),
			[ROLE_TITLE] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_LABEL] = STYLE(244, OWN, 0),
			[ROLE_READOUT] = STYLE(OWN, OWN, 0),
			[ROLE_THEORY] = STYLE(136, YELLOW, 0),
			[ROLE_AXIS] = STYLE(244, OWN, 0),
			[ROLE_HIST_Z] = STYLE(32, BLUE, 0),
			[ROLE_HIST_A] = STYLE(74, CYAN, 0),
			[ROLE_HIST_W] = STYLE(244, OWN, 0),
			[ROLE_HIST_GRADIENT] = STYLE(67, BLUE, 0),
			[ROLE_HIST_SATURATED] = STYLE(208, YELLOW, 0),
			[ROLE_SPIKE] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_CURVE] = STYLE(32, BLUE, 0),
			[ROLE_CURVE_2] = STYLE(166, YELLOW, 0),
			[ROLE_CURVE_3] = STYLE(244, OWN, 0),
			[ROLE_CURVE_4] = STYLE(29, GREEN, 0),
			[ROLE_CURVE_5] = STYLE(136, CYAN, 0),
			[ROLE_CURVE_6] = STYLE(168, MAGENTA, 0),
			[ROLE_CURVE_7] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HEAT_0] = STYLE(24, BLUE, 0),
			[ROLE_HEAT_1] = STYLE(25, BLUE, 0),
			[ROLE_HEAT_2] = STYLE(32, CYAN, 0),
			[ROLE_HEAT_3] = STYLE(136, YELLOW, 0),
			[ROLE_HEAT_4] = STYLE(208, YELLOW, CELL_BOLD),
			[ROLE_GOOD] = STYLE(32, BLUE, 0),
			[ROLE_NOTE] = STYLE(136, YELLOW, 0),
			[ROLE_WARNING] = STYLE(166, YELLOW, CELL_BOLD),
			[ROLE_ALARM] = STYLE(166, YELLOW, CELL_BOLD | CELL_REVERSE),
			[ROLE_KEY] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HINT] = STYLE(244, OWN, 0),
			[ROLE_INPUT] = STYLE(OWN, OWN, 0),
			[ROLE_SELECTED] = STYLE(OWN, OWN, CELL_BOLD | CELL_REVERSE),
			[ROLE_CURSOR] = STYLE(OWN, OWN, CELL_REVERSE),
		},
	},
	{
		.entry = {.name = "contrast", .summary = "bold and few colours, for projectors and weak eyes"},
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
			[ROLE_SPIKE] = STYLE(33, BLUE, CELL_BOLD),
			[ROLE_CURVE] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_CURVE_2] = STYLE(202, YELLOW, CELL_BOLD),
			[ROLE_CURVE_3] = STYLE(33, BLUE, CELL_BOLD),
			[ROLE_CURVE_4] = STYLE(133, MAGENTA, CELL_BOLD),
			[ROLE_CURVE_5] = STYLE(30, CYAN, CELL_BOLD),
			[ROLE_CURVE_6] = STYLE(64, GREEN, CELL_BOLD),
			[ROLE_CURVE_7] = STYLE(161, RED, CELL_BOLD),
			[ROLE_HEAT_0] = STYLE(OWN, OWN, 0),
			[ROLE_HEAT_1] = STYLE(OWN, OWN, 0),
			[ROLE_HEAT_2] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HEAT_3] = STYLE(202, YELLOW, 0),
			[ROLE_HEAT_4] = STYLE(202, YELLOW, CELL_BOLD),
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
			[ROLE_HIST_Z] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HIST_A] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HIST_W] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HIST_GRADIENT] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HIST_SATURATED] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_SPIKE] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_CURVE] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_CURVE_2] = STYLE(OWN, OWN, 0),
			[ROLE_CURVE_3] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_CURVE_4] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_CURVE_5] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_CURVE_6] = STYLE(OWN, OWN, 0),
			[ROLE_CURVE_7] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_HEAT_0] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_HEAT_1] = STYLE(OWN, OWN, CELL_DIM),
			[ROLE_HEAT_2] = STYLE(OWN, OWN, 0),
			[ROLE_HEAT_3] = STYLE(OWN, OWN, CELL_BOLD),
			[ROLE_HEAT_4] = STYLE(OWN, OWN, CELL_BOLD),
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
