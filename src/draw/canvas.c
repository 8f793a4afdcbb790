/* The grid of cells.  It knows characters and roles, but no colours and no
 * terminal.  Whatever lies outside the grid is dropped here. */
#include "draw/canvas.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "draw/glyphs.h"


static int clamp_side(int side)
{
	return side < 1 ? 1 : side > CANVAS_MAX_SIDE ? CANVAS_MAX_SIDE : side;
}

bool canvas_create(struct canvas *canvas, int width, int height, bool ascii, struct err *err)
{
	*canvas = (struct canvas){.width = clamp_side(width), .height = clamp_side(height), .ascii = ascii};
	canvas->cells = alloc_array((size_t)canvas->width * (size_t)canvas->height, sizeof *canvas->cells, err);
	if (canvas->cells == NULL)
		return false;
	canvas_clear(canvas);
	return true;
}

void canvas_destroy(struct canvas *canvas)
{
	alloc_free(canvas->cells);
	*canvas = (struct canvas){0};
}

struct canvas_probe *canvas_probe_in(const struct canvas *canvas, struct rect rect)
{
	struct canvas_probe *probe = canvas->probe;
	bool inside = probe && probe->x >= rect.x && probe->x - rect.x < rect.width && probe->y >= rect.y &&
	              probe->y - rect.y < rect.height;
	return inside ? probe : NULL;
}

void canvas_clear(struct canvas *canvas)
{
	size_t cells = (size_t)canvas->width * (size_t)canvas->height;
	for (size_t i = 0; i < cells; i++)
		canvas->cells[i] = (struct cell){.glyph = ' ', .role = ROLE_PLAIN};
}

void canvas_copy(struct canvas *canvas, const struct canvas *from)
{
	memcpy(canvas->cells, from->cells, (size_t)canvas->width * (size_t)canvas->height * sizeof *canvas->cells);
}

/* The cell at (x, y), or NULL outside. */
static struct cell *cell_at(const struct canvas *canvas, int x, int y)
{
	if (x < 0 || y < 0 || x >= canvas->width || y >= canvas->height)
		return NULL;
	return &canvas->cells[(size_t)y * (size_t)canvas->width + (size_t)x];
}

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

void canvas_put(struct canvas *canvas, int x, int y, uint32_t glyph, enum role role)
{
	struct cell *cell = cell_at(canvas, x, y);
	if (cell)
		*cell = (struct cell){.glyph = is_control(glyph) ? '?' : glyph, .role = (uint8_t)role};
}

void canvas_put_halves(struct canvas *canvas, int x, int y, enum role upper, enum role lower)
{
	struct cell *cell = cell_at(canvas, x, y);
	canvas_put(canvas, x, y, glyph(GLYPH_BAR_8, canvas->ascii), upper);
	if (cell && !canvas->ascii && lower != upper)
		cell->under = (uint8_t)lower;
}

void canvas_flag(struct canvas *canvas, int x, int y, int width, unsigned flags)
{
	for (int i = 0; i < canvas->width; i++) {
		struct cell *cell = cell_at(canvas, i, y);
		if (cell && i >= x && (int64_t)i < (int64_t)x + width)
			cell->flags |= (uint8_t)flags;
	}
}

/* Cells that one code point takes on this kind of canvas. */
static int glyph_cells(uint32_t c, bool ascii)
{
	int cells = 0;
	if (!ascii || c < 0x7F)
		return 1;
	for (const char *p = glyph_ascii(c); *p; p++)
		cells++;
	return cells;
}

int canvas_text_cells(const struct canvas *canvas, const char *text)
{
	int cells = 0;
	for (uint32_t c; (c = text_decode(&text)) != 0;)
		cells += glyph_cells(c, canvas->ascii);
	return cells;
}

/* Puts one code point or its stand-in; returns the x after it. */
static int put_text_glyph(struct canvas *canvas, int x, int y, enum role role, uint32_t c)
{
	if (!canvas->ascii || c < 0x7F) {
		canvas_put(canvas, x, y, c, role);
		return x + 1;
	}
	for (const char *p = glyph_ascii(c); *p; p++)
		canvas_put(canvas, x++, y, (uint32_t)(unsigned char)*p, role);
	return x;
}

int canvas_text(struct canvas *canvas, int x, int y, int room, enum role role, const char *text)
{
	if (room <= 0)
		return x;
	bool cut = canvas_text_cells(canvas, text) > room;
	int end = cut ? x + room - 1 : x + room;
	for (uint32_t c; (c = text_decode(&text)) != 0;) {
		if (x + glyph_cells(c, canvas->ascii) > end)
			break;
		x = put_text_glyph(canvas, x, y, role, c);
	}
	if (cut)
		canvas_put(canvas, x++, y, glyph(GLYPH_ELLIPSIS, canvas->ascii), role);
	return x;
}

int canvas_textf(struct canvas *canvas, int x, int y, int room, enum role role, const char *format, ...)
{
	char text[1024];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return canvas_text(canvas, x, y, room, role, text);
}

int canvas_text_right(struct canvas *canvas, int x_end, int y, int room, enum role role, const char *text)
{
	int cells = canvas_text_cells(canvas, text);
	int x = x_end - (cells > room ? room : cells);
	canvas_text(canvas, x, y, room, role, text);
	return x;
}

const struct cell *canvas_cell(const struct canvas *canvas, int x, int y)
{
	return cell_at(canvas, x, y);
}
