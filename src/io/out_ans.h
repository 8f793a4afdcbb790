/* Cells as ANSI (ECMA-48) text: shared by pictures and recordings. */
#ifndef INITVIZ_IO_OUT_ANS_H
#define INITVIZ_IO_OUT_ANS_H

#include "base/text.h"
#include "draw/canvas.h"
#include "draw/palette.h"

struct ans_style {
	int ink, paper; /* xterm-256 colours or PALETTE_DEFAULT_COLOUR */
	unsigned flags; /* enum cell_flags */
};

/* A cell's style: its role's style combined with its own flags. */
struct ans_style out_ans_style(const struct palette *palette, const struct cell *cell);
bool out_ans_same_style(const struct ans_style *a, const struct ans_style *b);

/* The glyph of a cell in its style. */
uint32_t out_ans_glyph(const struct ans_style *style, const struct cell *cell);

/* The style of a terminal after a reset. */
extern const struct ans_style out_ans_plain;

/* Appends the sequence that sets a style, whatever it was before. */
void out_ans_add_style(struct text *text, const struct ans_style *style);

#endif
