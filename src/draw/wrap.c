/* Where lines break. */
#include "draw/wrap.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "draw/glyphs.h"

static int glyph_cells(uint32_t c, bool ascii)
{
	return ascii && c >= 0x7F ? (int)strlen(glyph_ascii(c)) : 1;
}

int wrap_cells(const char *text, bool ascii)
{
	int cells = 0;
	for (uint32_t c; (c = text_decode(&text)) != 0;)
		cells += glyph_cells(c, ascii);
	return cells;
}

/* Where the line of at most `width` cells that begins at `start` ends: at a
 * newline, a blank or the end of the text, or within a word that is longer than
 * the line if `divides`. */
static const char *line_end(const char *start, int width, bool ascii, bool divides)
{
	const char *end = start, *blank = NULL, *p = start;
	int cells = 0;
	for (uint32_t c; (c = text_decode(&p)) != 0 && c != '\n'; end = p) {
		cells += glyph_cells(c, ascii);
		if (c == ' ')
			blank = end;
		if (cells > width && blank > start)
			return blank;
		if (cells > width && divides && end > start)
			return end;
	}
	return end;
}

/* The start of the line after one that ends here. */
static const char *next_line(const char *end)
{
	return *end == '\n' ? end + 1 : end + strspn(end, " ");
}

bool wrap_line(const char **rest, int width, bool ascii, char *line, size_t size)
{
	const char *start = *rest;
	if (*start == '\0')
		return false;
	const char *end = line_end(start, width, ascii, true);
	size_t length = (size_t)(end - start);
	snprintf(line, size, "%.*s", (int)(length < size ? length : size - 1), start);
	*rest = next_line(end);
	return true;
}

void wrap_text(struct text *text, const char *words, int column, int indent, int width)
{
	for (bool first = true; first || *words; first = false) {
		const char *end = line_end(words, width - (first ? column : indent), false, false);
		text_addf(text, "%*s", first ? 0 : indent, "");
		text_add_bytes(text, words, (size_t)(end - words));
		text_add(text, "\n");
		words = next_line(end);
	}
}
