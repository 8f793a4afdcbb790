/* A canvas as UTF-8 rows without trailing blanks, each ended by a newline. */
#include "io/out_list.h"

void out_txt_write(struct text *text, const struct canvas *canvas, const struct palette *palette)
{
	(void)palette;
	for (int y = 0; y < canvas->height; y++) {
		int end = canvas->width;
		while (end > 0 && canvas_cell(canvas, end - 1, y)->glyph == ' ')
			end--;
		for (int x = 0; x < end; x++)
			text_add_glyph(text, canvas_cell(canvas, x, y)->glyph);
		text_add(text, "\n");
	}
}
