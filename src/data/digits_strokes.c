/* How people write digits: 29 glyphs, as a pen would move, written for this
 * program.  Neither pixels nor random numbers occur here.
 *
 * To be recognised after random displacement, a glyph needs its few points where
 * the curve bends most; three in a row on a straight piece keep it straight. */
#include "data/digits_strokes.h"

#define UP { STROKES_PEN_UP, 0 }

const struct glyph strokes_glyphs[] = {
	{ .digit = 0, .weight = 5, .count = 10, /* an oval, closed a little past its start */
	  .point = { { 58, 2 }, { 22, 22 }, { 3, 72 }, { 18, 124 }, { 50, 140 }, { 84, 118 }, { 97, 68 },
	             { 82, 18 }, { 52, 1 }, { 36, 10 } } },
	{ .digit = 0, .weight = 3, .count = 9, /* round and wide */
	  .point = { { 45, 4 }, { 8, 36 }, { 2, 84 }, { 26, 132 }, { 62, 138 }, { 96, 98 }, { 98, 46 },
	             { 70, 6 }, { 42, 4 } } },
	{ .digit = 0, .weight = 2, .count = 9, /* narrow, open at the top */
	  .point = { { 60, 0 }, { 30, 34 }, { 20, 86 }, { 36, 134 }, { 58, 136 }, { 76, 92 }, { 80, 40 },
	             { 66, 6 }, { 46, 8 } } },
	{ .digit = 1, .weight = 7, .count = 4, /* one stroke */
	  .point = { { 53, 0 }, { 51, 44 }, { 49, 96 }, { 47, 140 } } },
	{ .digit = 1, .weight = 2, .count = 5, /* with a flag */
	  .point = { { 30, 30 }, { 54, 0 }, { 54, 0 }, { 52, 60 }, { 50, 140 } } },
	{ .digit = 2, .weight = 4, .count = 10, /* sharp corner at the foot */
	  .point = { { 10, 36 }, { 26, 8 }, { 58, 0 }, { 86, 22 }, { 78, 58 }, { 44, 98 }, { 4, 136 },
	             { 4, 136 }, { 50, 131 }, { 100, 134 } } },
	{ .digit = 2, .weight = 4, .count = 11, /* a loop at the foot */
	  .point = { { 14, 30 }, { 38, 2 }, { 74, 8 }, { 84, 42 }, { 62, 86 }, { 30, 128 }, { 8, 132 },
	             { 4, 114 }, { 24, 106 }, { 58, 124 }, { 100, 130 } } },
	{ .digit = 2, .weight = 2, .count = 9, /* long foot, low shoulders */
	  .point = { { 4, 24 }, { 34, 4 }, { 66, 14 }, { 68, 46 }, { 40, 88 }, { 6, 122 }, { 6, 122 },
	             { 52, 118 }, { 98, 110 } } },
	{ .digit = 3, .weight = 5, .count = 10, /* two bows */
	  .point = { { 8, 18 }, { 38, 0 }, { 78, 10 }, { 82, 40 }, { 42, 62 }, { 42, 62 }, { 84, 76 },
	             { 94, 110 }, { 54, 139 }, { 4, 124 } } },
	{ .digit = 3, .weight = 3, .count = 10, /* bows that run into each other */
	  .point = { { 12, 8 }, { 52, 2 }, { 76, 24 }, { 58, 52 }, { 34, 62 }, { 70, 72 }, { 86, 102 },
	             { 66, 132 }, { 28, 138 }, { 6, 126 } } },
	{ .digit = 3, .weight = 1, .count = 10, /* flat top */
	  .point = { { 10, 6 }, { 46, 6 }, { 86, 4 }, { 86, 4 }, { 48, 52 }, { 48, 52 }, { 88, 76 },
	             { 82, 120 }, { 44, 140 }, { 4, 126 } } },
	{ .digit = 4, .weight = 5, .count = 10, /* open */
	  .point = { { 16, 4 }, { 8, 40 }, { 10, 70 }, { 10, 70 }, { 48, 74 }, { 92, 66 }, UP, { 84, 0 },
	             { 78, 64 }, { 72, 140 } } },
	{ .digit = 4, .weight = 3, .count = 10, /* closed */
	  .point = { { 70, 0 }, { 40, 44 }, { 4, 88 }, { 4, 88 }, { 52, 90 }, { 100, 86 }, UP, { 72, 2 },
	             { 70, 70 }, { 66, 140 } } },
	{ .digit = 4, .weight = 2, .count = 8, /* open, round bowl */
	  .point = { { 22, 0 }, { 4, 46 }, { 26, 76 }, { 62, 66 }, { 84, 28 }, { 90, 2 }, { 84, 60 },
	             { 72, 138 } } },
	{ .digit = 5, .weight = 4, .count = 12, /* the roof last */
	  .point = { { 32, 6 }, { 24, 62 }, { 24, 62 }, { 60, 52 }, { 92, 84 }, { 78, 126 }, { 38, 140 },
	             { 2, 122 }, UP, { 32, 6 }, { 60, 6 }, { 96, 0 } } },
	{ .digit = 5, .weight = 3, .count = 10, /* one stroke from the right */
	  .point = { { 98, 2 }, { 64, 8 }, { 34, 10 }, { 34, 10 }, { 24, 36 }, { 34, 60 }, { 74, 78 },
	             { 86, 108 }, { 56, 136 }, { 6, 134 } } },
	{ .digit = 5, .weight = 2, .count = 8, /* leaning, like an S */
	  .point = { { 100, 0 }, { 66, 6 }, { 42, 18 }, { 36, 46 }, { 60, 68 }, { 66, 100 }, { 44, 130 },
	             { 4, 132 } } },
	{ .digit = 6, .weight = 5, .count = 9, /* round belly */
	  .point = { { 72, 0 }, { 36, 34 }, { 10, 84 }, { 16, 124 }, { 50, 140 }, { 84, 116 }, { 78, 82 },
	             { 44, 78 }, { 14, 106 } } },
	{ .digit = 6, .weight = 3, .count = 8, /* straight back, small belly */
	  .point = { { 48, 0 }, { 26, 44 }, { 12, 94 }, { 26, 134 }, { 56, 132 }, { 70, 104 }, { 48, 88 },
	             { 16, 114 } } },
	{ .digit = 6, .weight = 2, .count = 8, /* lying low */
	  .point = { { 96, 0 }, { 50, 26 }, { 12, 76 }, { 14, 124 }, { 54, 138 }, { 84, 112 }, { 66, 88 },
	             { 26, 104 } } },
	{ .digit = 7, .weight = 5, .count = 7, /* a hook */
	  .point = { { 4, 10 }, { 46, 10 }, { 94, 4 }, { 94, 4 }, { 74, 50 }, { 54, 94 }, { 44, 140 } } },
	{ .digit = 7, .weight = 2, .count = 10, /* crossed */
	  .point = { { 6, 8 }, { 50, 10 }, { 92, 4 }, { 92, 4 }, { 70, 56 }, { 42, 140 }, UP, { 26, 74 },
	             { 56, 72 }, { 90, 66 } } },
	{ .digit = 7, .weight = 3, .count = 9, /* with a drop at the left and a bent back */
	  .point = { { 6, 36 }, { 10, 10 }, { 10, 10 }, { 50, 14 }, { 90, 2 }, { 90, 2 }, { 88, 34 },
	             { 68, 84 }, { 60, 140 } } },
	{ .digit = 8, .weight = 5, .count = 12, /* one stroke */
	  .point = { { 82, 16 }, { 50, 1 }, { 20, 24 }, { 34, 56 }, { 68, 82 }, { 86, 114 }, { 50, 140 },
	             { 14, 118 }, { 30, 84 }, { 68, 54 }, { 84, 24 }, { 70, 6 } } },
	{ .digit = 8, .weight = 3, .count = 13, /* two rings */
	  .point = { { 50, 66 }, { 20, 40 }, { 26, 10 }, { 54, 0 }, { 80, 20 }, { 74, 50 }, { 50, 66 },
	             { 20, 86 }, { 10, 118 }, { 46, 140 }, { 84, 118 }, { 78, 84 }, { 48, 64 } } },
	{ .digit = 8, .weight = 2, .count = 11, /* narrow, begun in the middle */
	  .point = { { 60, 62 }, { 32, 40 }, { 40, 6 }, { 66, 4 }, { 70, 36 }, { 46, 72 }, { 28, 112 },
	             { 44, 138 }, { 66, 124 }, { 62, 88 }, { 40, 52 } } },
	{ .digit = 9, .weight = 5, .count = 10, /* straight stem */
	  .point = { { 84, 22 }, { 54, 2 }, { 16, 22 }, { 16, 56 }, { 48, 68 }, { 80, 40 }, { 86, 16 },
	             { 86, 16 }, { 82, 70 }, { 74, 140 } } },
	{ .digit = 9, .weight = 3, .count = 9, /* a curved tail */
	  .point = { { 80, 12 }, { 44, 4 }, { 14, 34 }, { 32, 64 }, { 66, 54 }, { 84, 14 }, { 84, 66 },
	             { 66, 120 }, { 26, 136 } } },
	{ .digit = 9, .weight = 2, .count = 9, /* small head, slanting stem */
	  .point = { { 70, 14 }, { 40, 8 }, { 22, 36 }, { 44, 56 }, { 70, 34 }, { 76, 10 }, { 72, 52 },
	             { 54, 96 }, { 40, 140 } } },
};

const uint8_t strokes_first[11] = { 0, 3, 5, 8, 11, 14, 17, 20, 23, 26, 29 };
