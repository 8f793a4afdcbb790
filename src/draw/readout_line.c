/* Layout of lines of readouts. */
#include "draw/readout_line.h"

#include "base/number.h"

#define GAP 2

void readout_line_break(struct readout_line *at)
{
	if (at->x > 0)
		at->line++;
	at->x = 0;
}

void readout_line_add(struct readout_line *at, const char *name, enum role role, const char *value)
{
	int cells = canvas_text_cells(at->canvas, name) + 1 + canvas_text_cells(at->canvas, value);
	if (at->x + cells > at->rect.width)
		readout_line_break(at);
	if (at->line >= at->rect.height || cells > at->rect.width)
		return;
	int x = at->rect.x + at->x, y = at->rect.y + at->line;
	x = canvas_text(at->canvas, x, y, cells, ROLE_LABEL, name) + 1;
	canvas_text(at->canvas, x, y, cells, role, value);
	at->x += cells + GAP;
}

void readout_line_number(struct readout_line *at, const char *name, enum role role, double value)
{
	char number[NUMBER_SIZE];
	readout_line_add(at, name, role, number_known(number, value));
}

bool readout_fit(struct canvas *canvas, struct rect row, enum role role, const char *const *forms, size_t count)
{
	for (size_t i = 0; i < count && row.height > 0; i++)
		if (canvas_text_cells(canvas, forms[i]) <= row.width) {
			canvas_text(canvas, row.x, row.y, row.width, role, forms[i]);
			return true;
		}
	return false;
}
