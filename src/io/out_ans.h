/* Cells as ANSI (ECMA-48) text: shared by pictures and recordings. */
#ifndef INITVIZ_IO_OUT_ANS_H
#define INITVIZ_IO_OUT_ANS_H

#include "base/text.h"
#include "draw/canvas.h"
#include "draw/palette.h"

/* A cell's style: its role's style combined with its own flags. */
struct palette_style out_ans_style(const struct palette *palette, const struct cell *cell);
bool out_ans_same_style(const struct palette_style *a, const struct palette_style *b);

/* The style of a terminal after a reset. */
extern const struct palette_style out_ans_plain;

/* Appends the sequence that sets a style, whatever it was before. */
void out_ans_add_style(struct text *text, const struct palette_style *style);

#endif
