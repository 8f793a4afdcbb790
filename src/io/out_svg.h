/* Several screens as one animated SVG picture. */
#ifndef INITVIZ_IO_OUT_SVG_H
#define INITVIZ_IO_OUT_SVG_H

#include "base/text.h"
#include "draw/canvas.h"
#include "draw/palette.h"

struct out_svg_frame {
	struct canvas canvas;
	const struct palette *palette;
	double begin; /* seconds after the beginning, 0 for the first */
};

/* Appends a picture that shows frame[count], count > 0, all of one size, in turn, `whole` seconds for all, again
 * and again, by CSS.  Viewers that do not animate show the first one. */
void out_svg_animation(struct text *text, const struct out_svg_frame *frame, size_t count, double whole);

#endif
