/* Text in lines of a given width. */
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

bool wrap_line(const char **rest, int width, bool ascii, char *line, size_t size)
{
	const char *start = *rest, *end = start, *blank = NULL, *p = start;
	if (*start == '\0')
		return false;
	int cells = 0;
	for (uint32_t c; (c = text_decode(&p)) != 0 && c != '\n'; end = p) {
		cells += glyph_cells(c, ascii);
		if (c == ' ')
			blank = end;
		if (cells > width && end > start) {
			if (blank > start)
				end = blank;
			break;
		}
	}
	size_t length = (size_t)(end - start);
	snprintf(line, size, "%.*s", (int)(length < size ? length : size - 1), start);
	if (*end == '\n')
		end++;
	else
		end += strspn(end, " ");
	*rest = end;
	return true;
}
