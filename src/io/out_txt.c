/* A canvas as plain UTF-8 text. */
#include "io/out_picture.h"

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
