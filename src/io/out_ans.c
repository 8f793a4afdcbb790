/* A canvas as text with ANSI (ECMA-48) colours and attributes. */
#include "io/out_ans.h"

#include "io/out_list.h"

const struct palette_style out_ans_plain = { .colour_256 = PALETTE_DEFAULT_COLOUR, .colour_8 = PALETTE_DEFAULT_COLOUR };

struct palette_style out_ans_style(const struct palette *palette, const struct cell *cell)
{
	struct palette_style style = palette->style[cell->role];
	style.flags ^= cell->flags & CELL_REVERSE;
	style.flags |= cell->flags & (CELL_BOLD | CELL_DIM);
	return style;
}

bool out_ans_same_style(const struct palette_style *a, const struct palette_style *b)
{
	return a->colour_256 == b->colour_256 && a->flags == b->flags;
}

void out_ans_add_style(struct text *text, const struct palette_style *style)
{
	text_add(text, "\033[0");
	if (style->flags & CELL_BOLD)
		text_add(text, ";1");
	if (style->flags & CELL_DIM)
		text_add(text, ";2");
	if (style->flags & CELL_REVERSE)
		text_add(text, ";7");
	if (style->colour_256 != PALETTE_DEFAULT_COLOUR)
		text_addf(text, ";38;5;%d", style->colour_256);
	text_add(text, "m");
}

void out_ans_write(struct text *text, const struct canvas *canvas, const struct palette *palette)
{
	struct palette_style now = out_ans_plain;
	for (int y = 0; y < canvas->height; y++) {
		int end = canvas->width;
		while (end > 0) {
			const struct cell *cell = canvas_cell(canvas, end - 1, y);
			if (cell->glyph != ' ' || out_ans_style(palette, cell).flags & CELL_REVERSE)
				break;
			end--;
		}
		for (int x = 0; x < end; x++) {
			const struct cell *cell = canvas_cell(canvas, x, y);
			struct palette_style style = out_ans_style(palette, cell);
			if (!out_ans_same_style(&style, &now))
				out_ans_add_style(text, &style);
			now = style;
			text_add_glyph(text, cell->glyph);
		}
		/* Attributes are reset at the end of each row, so that rows can be copied. */
		if (!out_ans_same_style(&now, &out_ans_plain))
			text_add(text, "\033[0m");
		now = out_ans_plain;
		text_add(text, "\n");
	}
}
