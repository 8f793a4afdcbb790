/* Histograms of magnitudes over decades. */
#include "view/magnitude_plot.h"

#include <math.h>
#include <stdio.h>

#include "base/whole.h"
#include "draw/glyphs.h"
#include "base/number.h"
#include "draw/plot.h"

#define EIGHTHS 8
#define DECADES_PER_LABEL 4

static struct plot_scale whole_axis(void)
{
	return (struct plot_scale){ stats_magnitude_edge(0), stats_magnitude_edge(MAGNITUDE_BINS), true };
}

static void mark(struct canvas *canvas, struct rect rect, double value, enum glyph shape, enum role role)
{
	struct plot_scale axis = whole_axis();
	double position = plot_position(&axis, value);
	if (!(position >= 0 && position <= 1))
		return;
	int column = whole_int(position * rect.width, 0, rect.width - 1);
	canvas_put(canvas, rect.x + column, rect.y, glyph(shape, canvas->ascii), role);
}

/* Notes are written at the left end, where there are few bars, unless there is a
 * mark. */
static void note(struct canvas *canvas, struct rect rect, const struct magnitudes *m)
{
	char words[64] = "", brief[32] = "", share[NUMBER_SIZE], large[NUMBER_SIZE];
	double n = (double)m->n;
	enum role role = ROLE_SPIKE;
	if (m->nan + m->inf) {
		snprintf(words, sizeof words, "%s NaN, Inf", number_share(share, (double)(m->nan + m->inf) / n));
		snprintf(brief, sizeof brief, m->nan ? "NaN" : "Inf");
		role = ROLE_ALARM;
	} else if (m->zeros && m->above && m->zeros + m->above == m->n) { /* zeros, and all the rest too large */
		snprintf(words, sizeof words, "%s are 0, %s above 1e4 ▸", number_share(share, (double)m->zeros / n),
		         number_share(large, (double)m->above / n));
		if (canvas_text_cells(canvas, words) > rect.width)
			snprintf(words, sizeof words, "%s above 1e4 ▸", large);
		snprintf(brief, sizeof brief, "%s ▸", large);
	} else if (m->zeros && m->zeros >= m->below && m->zeros >= m->above) {
		snprintf(words, sizeof words, "%s are 0", number_share(share, (double)m->zeros / n));
		snprintf(brief, sizeof brief, "0: %s", share);
	} else if (m->below && m->below >= m->above) {
		snprintf(words, sizeof words, "◂ %s below 1e-12", number_share(share, (double)m->below / n));
		snprintf(brief, sizeof brief, "◂ %s", share);
	} else if (m->above) {
		snprintf(words, sizeof words, "%s above 1e4 ▸", number_share(share, (double)m->above / n));
		snprintf(brief, sizeof brief, "%s ▸", share);
	}
	const char *text = canvas_text_cells(canvas, words) <= rect.width ? words : brief;
	int cells = canvas_text_cells(canvas, text), x = m->above > m->zeros + m->below ? rect.width - cells : 0;
	if (cells == 0 || cells > rect.width)
		return;
	for (int i = 0; i <= cells && x == 0 && i < rect.width; i++) {
		const struct cell *cell = canvas_cell(canvas, rect.x + i, rect.y);
		if (cell && cell->glyph != ' ')
			x = rect.width - cells;
	}
	canvas_text(canvas, rect.x + x, rect.y, cells, role, text);
}

void magnitude_plot(struct canvas *canvas, struct rect rect, const struct tensor_observation *tensor, double theory)
{
	const struct magnitudes *m = &tensor->magnitudes;
	struct rect bars = rect;
	uint64_t peak = 0, column[MAGNITUDE_BINS] = {0};
	if (rect.width < 1 || rect.height < 1 || rect.width > MAGNITUDE_BINS || MAGNITUDE_BINS % rect.width != 0)
		return;
	for (int i = 0; i < MAGNITUDE_BINS; i++) {
		uint64_t *count = &column[i * rect.width / MAGNITUDE_BINS];
		*count += m->counts[i];
		peak = *count > peak ? *count : peak;
	}
	if (rect.height >= 3) {
		mark(canvas, rect, theory, GLYPH_POINT, ROLE_THEORY);
		mark(canvas, rect, sqrt(tensor->moments.mean_square), GLYPH_DOWN, ROLE_READOUT);
		note(canvas, rect, m);
		bars.y++;
		bars.height--;
	} else if (peak == 0)
		note(canvas, rect, m);
	for (int i = 0; i < rect.width; i++)
		plot_bar(canvas, (struct rect){bars.x + i, bars.y, 1, bars.height},
		         plot_level(column[i], peak, EIGHTHS * bars.height), ROLE_HIST_GRADIENT);
}

void magnitude_axis(struct canvas *canvas, struct rect rect)
{
	int every = rect.width >= 24 ? DECADES_PER_LABEL : 2 * DECADES_PER_LABEL;
	for (int i = 0; i < rect.width; i++)
		canvas_put(canvas, rect.x + i, rect.y, glyph(GLYPH_LINE_H, canvas->ascii), ROLE_AXIS);
	for (int decade = 0; decade <= MAGNITUDE_DECADES; decade += every) {
		char label[16];
		double value = stats_magnitude_edge(decade * MAGNITUDE_BINS_PER_DECADE);
		if (value == 1)
			snprintf(label, sizeof label, "1");
		else
			snprintf(label, sizeof label, "1e%d", decade - 12);
		int cells = canvas_text_cells(canvas, label), x = decade * rect.width / MAGNITUDE_DECADES;
		if (decade == MAGNITUDE_DECADES)
			x = rect.width - cells;
		canvas_text(canvas, rect.x + x, rect.y, cells, ROLE_AXIS, label);
	}
}
