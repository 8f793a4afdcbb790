/* A canvas as a self-contained SVG picture.  Bars, shades and filled cells are
 * rectangles of exact eighths, so that they join in every viewer; text runs
 * are stretched to their cells, so that columns stay columns in any monospace
 * font. */
#include "io/out_svg.h"

#include <stdio.h>

#include "io/out_list.h"

enum { CELL_WIDTH = 8, CELL_HEIGHT = 16, BASELINE = 12, BORDER = 8 };

/* Paper and ink for palettes of dark and of light backgrounds. */
static const uint32_t papers[] = { 0x16181D, 0xFFFFFF }, inks[] = { 0xD5D9E0, 0x202328 };

/* How a cell is painted. */
struct paint {
	uint32_t ink, paper; /* 0xRRGGBB */
	bool bold, dim, filled; /* filled: the paper is not that of the picture */
	bool halves; /* a full block: ink above, paper below */
};

static struct paint paint_of(const struct palette *palette, const struct cell *cell)
{
	const struct palette_style *style = &palette->style[cell->role];
	struct paint paint = {.ink = inks[palette->light], .paper = papers[palette->light]};
	if (style->colour_256 != PALETTE_DEFAULT_COLOUR)
		paint.ink = palette_rgb(style->colour_256);
	if ((style->flags ^ cell->flags) & CELL_REVERSE) {
		paint.paper = paint.ink;
		paint.ink = papers[palette->light];
		paint.filled = true;
	}
	if (cell->under && palette->style[cell->under].colour_256 != PALETTE_DEFAULT_COLOUR) {
		paint.paper = palette_rgb(palette->style[cell->under].colour_256);
		paint.filled = paint.halves = true;
	}
	paint.bold = (style->flags | cell->flags) & CELL_BOLD;
	paint.dim = (style->flags | cell->flags) & CELL_DIM;
	return paint;
}

static bool same_paint(const struct paint *a, const struct paint *b)
{
	return a->halves == b->halves && a->ink == b->ink && a->paper == b->paper && a->bold == b->bold && a->dim == b->dim;
}

/* The part of its cell that a block glyph fills, in eighths, and how densely. */
struct block {
	int left, top, width, height;
	double density;
};

static bool block_of(uint32_t glyph, struct block *block)
{
	if (glyph >= 0x2581 && glyph <= 0x2588) {
		int eighths = (int)(glyph - 0x2580);
		*block = (struct block){0, 8 - eighths, 8, eighths, 1};
	} else if (glyph >= 0x2589 && glyph <= 0x258F)
		*block = (struct block){0, 0, (int)(0x2590 - glyph), 8, 1};
	else if (glyph >= 0x2591 && glyph <= 0x2593)
		*block = (struct block){0, 0, 8, 8, 0.25 * (double)(glyph - 0x2590)};
	else
		return false;
	return true;
}

static void add_rect(struct text *text, double x, double y, double width, double height, uint32_t colour,
                     double opacity)
{
	text_addf(text, "<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"#%06x\"", x, y, width, height, colour);
	if (opacity < 1)
		text_addf(text, " fill-opacity=\"%g\"", opacity);
	text_add(text, "/>\n");
}

static void add_escaped(struct text *text, uint32_t glyph)
{
	if (glyph == '<')
		text_add(text, "&lt;");
	else if (glyph == '>')
		text_add(text, "&gt;");
	else if (glyph == '&')
		text_add(text, "&amp;");
	else
		text_add_glyph(text, glyph);
}

/* Cells [x, end) of a row with the same appearance: equal paint, and one block
 * glyph repeated or text without gaps. */
static void add_run(struct text *text, const struct canvas *canvas, const struct paint *paint, int x, int end, int y)
{
	double left = BORDER + x * CELL_WIDTH, top = BORDER + y * CELL_HEIGHT, width = (end - x) * CELL_WIDTH;
	double opacity = paint->dim ? 0.55 : 1;
	struct block block;
	uint32_t first = canvas_cell(canvas, x, y)->glyph;
	if (paint->filled)
		add_rect(text, left, top, width, CELL_HEIGHT, paint->paper, opacity);
	if (first == ' ')
		return;
	if (paint->halves) {
		add_rect(text, left, top, width, CELL_HEIGHT / 2.0, paint->ink, opacity);
		return;
	}
	if (block_of(first, &block)) {
		double part = block.width == 8 ? width : CELL_WIDTH * block.width / 8.0;
		add_rect(text, left, top + CELL_HEIGHT * block.top / 8.0, part, CELL_HEIGHT * block.height / 8.0, paint->ink,
		         block.density * opacity);
		return;
	}
	text_addf(text, "<text x=\"%g\" y=\"%g\" textLength=\"%g\" lengthAdjust=\"spacingAndGlyphs\" fill=\"#%06x\"", left,
	          top + BASELINE, width, paint->ink);
	if (paint->bold)
		text_add(text, " font-weight=\"bold\"");
	if (opacity < 1)
		text_addf(text, " fill-opacity=\"%g\"", opacity);
	text_add(text, ">");
	for (int i = x; i < end; i++)
		add_escaped(text, canvas_cell(canvas, i, y)->glyph);
	text_add(text, "</text>\n");
}

/* The end of the run that starts at x. */
static int run_end(const struct canvas *canvas, const struct palette *palette, int x, int y)
{
	const struct cell *first = canvas_cell(canvas, x, y);
	struct paint paint = paint_of(palette, first);
	struct block block;
	bool is_block = block_of(first->glyph, &block);
	if (is_block && block.width < 8)
		return x + 1;
	int end = x + 1;
	for (; end < canvas->width; end++) {
		const struct cell *cell = canvas_cell(canvas, end, y);
		struct paint next = paint_of(palette, cell);
		bool alike = is_block || first->glyph == ' ' ? cell->glyph == first->glyph
		                                             : cell->glyph != ' ' && !block_of(cell->glyph, &block);
		if (!alike || !same_paint(&paint, &next))
			break;
	}
	return end;
}

static void add_row(struct text *text, const struct canvas *canvas, const struct palette *palette, int y)
{
	for (int x = 0, end; x < canvas->width; x = end) {
		end = run_end(canvas, palette, x, y);
		struct paint paint = paint_of(palette, canvas_cell(canvas, x, y));
		add_run(text, canvas, &paint, x, end, y);
	}
}

static void begin_picture(struct text *text, const struct canvas *canvas, const struct palette *palette)
{
	int width = canvas->width * CELL_WIDTH + 2 * BORDER, height = canvas->height * CELL_HEIGHT + 2 * BORDER;
	text_addf(text,
	          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
	          "font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"13\">\n",
	          width, height, width, height);
	add_rect(text, 0, 0, width, height, papers[palette->light], 1);
}

void out_svg_write(struct text *text, const struct canvas *canvas, const struct palette *palette)
{
	begin_picture(text, canvas, palette);
	text_add(text, "<g shape-rendering=\"crispEdges\">\n");
	for (int y = 0; y < canvas->height; y++)
		add_row(text, canvas, palette, y);
	text_add(text, "</g>\n</svg>\n");
}

/* ---- an animation ---- */

static bool same_row(const struct out_svg_frame *a, const struct out_svg_frame *b, int y)
{
	for (int x = 0; x < a->canvas.width; x++)
		if (!cell_equals(canvas_cell(&a->canvas, x, y), canvas_cell(&b->canvas, x, y)))
			return false;
	return a->palette == b->palette;
}

/* The class of what is shown between two moments of the whole: begins a group of it, after its rule in CSS.  What is
 * there at the beginning is also shown where nothing is animated. */
static void begin_group(struct text *text, double begin, double end, double whole)
{
	char name[64];
	snprintf(name, sizeof name, "t%.0fto%.0f", 1000 * begin, 1000 * end);
	text_addf(text, "<style>@keyframes %s{0%%{visibility:%s}", name, begin > 0 ? "hidden" : "visible");
	if (begin > 0)
		text_addf(text, "%.4f%%{visibility:visible}", 100 * begin / whole);
	if (end < whole)
		text_addf(text, "%.4f%%{visibility:hidden}", 100 * end / whole);
	text_addf(text, "}.%s{animation:%s %.3fs steps(1,end) infinite}</style>\n<g class=\"%s\"%s>\n", name, name, whole, name,
	          begin > 0 ? " visibility=\"hidden\"" : "");
}

/* The rows that change with frame i, grouped by the frame until which they stay as they are. */
static void add_frame(struct text *text, const struct out_svg_frame *frame, size_t i, size_t count, double whole)
{
	size_t until[CANVAS_MAX_SIDE] = {0}; /* 0: the row does not begin here, or is written */
	int height = frame->canvas.height;
	for (int y = 0; y < height; y++)
		if (i == 0 || !same_row(&frame[i - 1], &frame[i], y))
			for (until[y] = i + 1; until[y] < count && same_row(&frame[i], &frame[until[y]], y); until[y]++)
				;
	for (int first = 0; first < height; first++) {
		size_t end = until[first];
		bool always = i == 0 && end == count;
		if (end == 0)
			continue;
		if (!always)
			begin_group(text, frame[i].begin, end < count ? frame[end].begin : whole, whole);
		for (int y = first; y < height; y++)
			if (until[y] == end) {
				add_row(text, &frame[i].canvas, frame[i].palette, y);
				until[y] = 0;
			}
		if (!always)
			text_add(text, "</g>\n");
	}
}

void out_svg_animation(struct text *text, const struct out_svg_frame *frame, size_t count, double whole)
{
	begin_picture(text, &frame->canvas, frame->palette);
	text_add(text, "<style>@media (prefers-reduced-motion:reduce){g{animation:none!important}}</style>\n");
	text_add(text, "<g shape-rendering=\"crispEdges\">\n");
	for (size_t i = 0; i < count; i++)
		add_frame(text, frame, i, count, whole);
	text_add(text, "</g>\n</svg>\n");
}
