/* The writers behind the table out_pictures: a canvas as bytes.  Each appends
 * to `text`; text_check() reports a failed allocation. */
#ifndef INITVIZ_IO_OUT_PICTURE_H
#define INITVIZ_IO_OUT_PICTURE_H

#include "base/text.h"
#include "draw/canvas.h"
#include "draw/palette.h"

/* UTF-8 rows without trailing blanks, each ended by a newline; no colours. */
void out_txt_write(struct text *text, const struct canvas *canvas, const struct palette *palette);

/* The same with SGR colours and attributes, 256 colours. */
void out_ans_write(struct text *text, const struct canvas *canvas, const struct palette *palette);

/* A self-contained SVG on a dark background; blocks and shades are drawn as
 * shapes, so that they join whatever the font. */
void out_svg_write(struct text *text, const struct canvas *canvas, const struct palette *palette);

#endif
