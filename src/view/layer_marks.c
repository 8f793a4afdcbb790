/* Marks of the picked image.  The observation has them for the bins of its own histograms, which
 * are finer than the axes that are drawn. */
#include "view/layer_marks.h"

#include "base/whole.h"
#include "draw/glyphs.h"

static const uint8_t *marks_of(const struct scene *scene, size_t layer, enum mlp_tensor tensor)
{
	const struct images *images = scene->now->images;
	if (!scene->marked || images == NULL || layer >= images->layers)
		return NULL;
	return tensor == MLP_Z ? images->marks[layer].z : tensor == MLP_A ? images->marks[layer].a : NULL;
}

void layer_marks_explain(const struct scene *scene, struct text *text)
{
	const struct images *images = scene->now->images;
	if (!scene->marked || images == NULL)
		return;
	const struct images_answer *answer = &images->answer[images->image];
	text_add_glyph(text, glyph(GLYPH_TIMES, false));
	text_addf(text, " on the axes: where the z and a of image %zu lie, one value for each unit.  Its class is %u, the net says %u.  "
	          "`image N` picks another, `image off` ends it.\n", images->image + 1, answer->label, answer->predicted);
}

/* The cell 0..cells - 1 in which the middle of the bin lies; -1 outside of the axis. */
static int cell_of(const struct histogram *h, int bin, double low, double high, int cells)
{
	double value = h->low + (h->high - h->low) * (bin + 0.5) / HISTOGRAM_BINS, at = (value - low) / (high - low);
	return at >= 0 && at <= 1 ? whole_int(at * cells, 0, cells - 1) : -1;
}

/* Axes consist of these; all else is a label. */
static bool is_line(const struct canvas *canvas, int x, int y)
{
	static const enum glyph lines[] = { GLYPH_LINE_H, GLYPH_LINE_V, GLYPH_BAND, GLYPH_BAND_V };
	if (x < 0 || y < 0 || x >= canvas->width || y >= canvas->height)
		return false;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		if (canvas_cell(canvas, x, y)->glyph == glyph(lines[i], canvas->ascii))
			return true;
	return false;
}

void layer_marks_draw(const struct scene *scene, struct canvas *canvas, struct rect row, size_t layer, enum mlp_tensor tensor,
                      double low, double high)
{
	const uint8_t *marks = marks_of(scene, layer, tensor);
	for (int bin = 0; marks && row.height > 0 && bin < HISTOGRAM_BINS; bin++) {
		int cell = images_is_marked(marks, bin) ? cell_of(&scene->now->layer[layer].tensor[tensor].histogram, bin, low, high, row.width) : -1;
		if (cell >= 0 && is_line(canvas, row.x + cell, row.y))
			canvas_put(canvas, row.x + cell, row.y, glyph(GLYPH_TIMES, canvas->ascii), ROLE_CURVE_2);
	}
}

void layer_marks_draw_side(const struct scene *scene, struct canvas *canvas, struct rect column, size_t layer, double low, double high)
{
	const uint8_t *marks = marks_of(scene, layer, MLP_A);
	for (int bin = 0; marks && column.height > 0 && bin < HISTOGRAM_BINS; bin++) {
		int cell = images_is_marked(marks, bin) ? cell_of(&scene->now->layer[layer].tensor[MLP_A].histogram, bin, low, high, column.height) : -1;
		int y = column.y + column.height - 1 - cell;
		if (cell >= 0 && is_line(canvas, column.x, y))
			canvas_put(canvas, column.x, y, glyph(GLYPH_TIMES, canvas->ascii), ROLE_CURVE_2);
	}
}
