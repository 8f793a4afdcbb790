/* The canvas: a grid of cells, the only record of what the screen shows.
 * Views draw into it; adapters (curses, text, ANSI, SVG) copy it out.
 * Drawing outside of it is ignored, so views need not check for small
 * screens. */
#ifndef INITVIZ_DRAW_CANVAS_H
#define INITVIZ_DRAW_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* What a cell means; each adapter maps meanings to colours and attributes. */
enum role {
	ROLE_PLAIN,
	ROLE_TITLE,          /* headings, the program's name */
	ROLE_LABEL,          /* names of readouts */
	ROLE_READOUT,        /* observed numbers */
	ROLE_THEORY,         /* predicted numbers and curves */
	ROLE_AXIS,           /* axis lines and tick labels */
	ROLE_HIST_Z,         /* bars of inputs */
	ROLE_HIST_A,         /* bars of outputs */
	ROLE_HIST_W,         /* bars of weights */
	ROLE_HIST_GRADIENT,  /* bars of delta and dW */
	ROLE_HIST_SATURATED, /* the saturated part of a histogram in a layer that the verdict calls saturated */
	ROLE_HIST_INACTIVE,  /* the same in a healthy layer: half of the outputs of a relu */
	ROLE_SPIKE,          /* an atom's bar */
	ROLE_CURVE,          /* activation, loss */
	ROLE_CURVE_2, ROLE_CURVE_3, ROLE_CURVE_4, /* further runs, derivative */
	ROLE_CURVE_5, ROLE_CURVE_6, ROLE_CURVE_7,
	ROLE_HEAT_0, ROLE_HEAT_LAST = ROLE_HEAT_0 + 11, /* density, low to high, in HEAT_STEPS roles */
	ROLE_MAP_0, ROLE_MAP_LAST = ROLE_MAP_0 + 6, /* numbers of a map, low to high, in MAP_STEPS roles */
	ROLE_GOOD,           /* healthy */
	ROLE_NOTE,           /* worth attention */
	ROLE_WARNING,        /* saturated, vanishing */
	ROLE_ALARM,          /* NaN, diverged, error */
	ROLE_KEY,            /* a key in the hint bar */
	ROLE_HINT,           /* what it does */
	ROLE_INPUT,          /* the command line */
	ROLE_SELECTED,       /* the selected layer, tab, setting */
	ROLE_CURSOR,
	ROLES
};
#define HEAT_STEPS (ROLE_HEAT_LAST - ROLE_HEAT_0 + 1)
#define MAP_STEPS (ROLE_MAP_LAST - ROLE_MAP_0 + 1)

enum cell_flags { CELL_REVERSE = 1, CELL_BOLD = 2, CELL_DIM = 4 };

struct cell {
	uint32_t glyph; /* a code point of width 1; never a control */
	uint8_t role;   /* enum role */
	uint8_t flags;
	uint8_t under;  /* of a full block: the role of its lower half; ROLE_PLAIN: it has one role.  Without colours it is ignored */
};

static inline bool cell_equals(const struct cell *a, const struct cell *b)
{
	return a->glyph == b->glyph && a->role == b->role && a->under == b->under && a->flags == b->flags;
}

#define CELL_UPPER_HALF 0x2580u /* what a full block with two roles is drawn as: `under` behind it */

/* A query about one cell, such as the cell of a click. The code that draws the cell
 * fills in what it shows; where several parts are drawn over each other, the last
 * one counts. */
struct canvas_probe {
	int x, y;
	char words[160];  /* what is drawn there; "" if nothing is known about it */
	char command[64]; /* what a click there does; "" for nothing */
};

struct canvas {
	int width, height;
	bool ascii;         /* views choose glyphs from the ASCII table */
	struct cell *cells; /* [height][width] */
	struct canvas_probe *probe; /* NULL: no query */
};

/* width and height 1..CANVAS_MAX_SIDE (clamped).  ERR_RESOURCE. */
#define CANVAS_MAX_SIDE 1000
bool canvas_create(struct canvas *canvas, int width, int height, bool ascii, struct err *err);
void canvas_destroy(struct canvas *canvas);
void canvas_clear(struct canvas *canvas); /* blanks, ROLE_PLAIN */
void canvas_copy(struct canvas *canvas, const struct canvas *from); /* of the same size */

struct rect {
	int x, y, width, height;
};

/* canvas->probe if its cell is in this rectangle, else NULL. */
struct canvas_probe *canvas_probe_in(const struct canvas *canvas, struct rect rect);

/* One cell; nothing happens outside. */
void canvas_put(struct canvas *canvas, int x, int y, uint32_t glyph, enum role role);
/* A full block whose halves have two roles. */
void canvas_put_halves(struct canvas *canvas, int x, int y, enum role upper, enum role lower);
void canvas_flag(struct canvas *canvas, int x, int y, int width, unsigned flags); /* adds flags to a run */

/* UTF-8 text from (x, y), at most `room` cells (longer text is cut and ends
 * with an ellipsis).  In an ASCII canvas every other code point is replaced
 * by its ASCII form from the glyph table.  Returns the x after it. */
int canvas_text(struct canvas *canvas, int x, int y, int room, enum role role, const char *text);
int canvas_textf(struct canvas *canvas, int x, int y, int room, enum role role, const char *format, ...)
	__attribute__((format(printf, 6, 7)));

/* Right-aligned: the text ends before x_end.  Returns its first x. */
int canvas_text_right(struct canvas *canvas, int x_end, int y, int room, enum role role, const char *text);

/* Cells that a text takes on this canvas. */
int canvas_text_cells(const struct canvas *canvas, const char *text);

const struct cell *canvas_cell(const struct canvas *canvas, int x, int y); /* inside only */

#endif
