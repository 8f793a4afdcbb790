/* A canvas as text with ANSI (ECMA-48) colours and attributes. */
#include "io/out_ans.h"

#include "io/out_list.h"

const struct ans_style out_ans_plain = { .ink = PALETTE_DEFAULT_COLOUR, .paper = PALETTE_DEFAULT_COLOUR };

struct ans_style out_ans_style(const struct palette *palette, const struct cell *cell)
{
	const struct palette_style *style = &palette->style[cell->role];
	return (struct ans_style){
		.ink = style->colour_256,
		.paper = cell->under ? palette->style[cell->under].colour_256 : PALETTE_DEFAULT_COLOUR,
		.flags = (style->flags ^ (cell->flags & CELL_REVERSE)) | (cell->flags & (CELL_BOLD | CELL_DIM)),
	};
}

bool out_ans_same_style(const struct ans_style *a, const struct ans_style *b)
{
	return a->ink == b->ink && a->paper == b->paper && a->flags == b->flags;
}

uint32_t out_ans_glyph(const struct ans_style *style, const struct cell *cell)
{
	return style->paper != PALETTE_DEFAULT_COLOUR ? CELL_UPPER_HALF : cell->glyph;
}

void out_ans_add_style(struct text *text, const struct ans_style *style)
{
	text_add(text, "\033[0");
	if (style->flags & CELL_BOLD)
		text_add(text, ";1");
	if (style->flags & CELL_DIM)
		text_add(text, ";2");
	if (style->flags & CELL_REVERSE)
		text_add(text, ";7");
	if (style->ink != PALETTE_DEFAULT_COLOUR)
		text_addf(text, ";38;5;%d", style->ink);
	if (style->paper != PALETTE_DEFAULT_COLOUR)
		text_addf(text, ";48;5;%d", style->paper);
	text_add(text, "m");
}

void out_ans_write(struct text *text, const struct canvas *canvas, const struct palette *palette)
{
	struct ans_style now = out_ans_plain;
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
			struct ans_style style = out_ans_style(palette, cell);
			if (!out_ans_same_style(&style, &now))
				out_ans_add_style(text, &style);
			now = style;
			text_add_glyph(text, out_ans_glyph(&style, cell));
		}
		/* Attributes are reset at the end of each row, so that rows can be copied. */
		if (!out_ans_same_style(&now, &out_ans_plain))
			text_add(text, "\033[0m");
		now = out_ans_plain;
		text_add(text, "\n");
	}
}
