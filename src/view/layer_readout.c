/* The readouts beside a layer's histograms: one table of quantities, each with
 * what was observed and, where theory has an answer, what it predicts.  A
 * small panel shows those of the lowest ranks; the order on the screen is the
 * table's, so that nothing moves when there is more room. */
#include "view/layer_block.h"

#include <math.h>

#include "base/text.h"
#include "nn/activation.h"
#include "draw/number.h"
#include "draw/plot.h"

/* What a quantity is computed from. */
struct place {
	const struct snapshot *snapshot;
	const struct layer_observation *layer;
};

typedef double quantity_value(const struct place *place);

#define QUANTITY(name, expression) \
	static double name(const struct place *p) \
	{ \
		return (expression); \
	}

#define MOMENTS(tensor_) (p->layer->tensor[tensor_].moments)
#define PERCENTILE(tensor_, i) (p->layer->tensor[tensor_].percentile[i])

QUANTITY(z_square, MOMENTS(MLP_Z).mean_square)
QUANTITY(z_square_theory, p->layer->theory.z_mean_square)
QUANTITY(z_variance, MOMENTS(MLP_Z).variance)
QUANTITY(z_variance_theory, p->layer->theory.z_variance)
QUANTITY(z_mean, MOMENTS(MLP_Z).mean)
QUANTITY(z_min, MOMENTS(MLP_Z).min)
QUANTITY(z_low, PERCENTILE(MLP_Z, 1))
QUANTITY(z_median, PERCENTILE(MLP_Z, 3))
QUANTITY(z_high, PERCENTILE(MLP_Z, 5))
QUANTITY(z_max, MOMENTS(MLP_Z).max)
QUANTITY(a_variance, MOMENTS(MLP_A).variance)
QUANTITY(a_variance_theory, p->layer->theory.a_mean_square - p->layer->theory.a_mean * p->layer->theory.a_mean)
QUANTITY(a_mean, MOMENTS(MLP_A).mean)
QUANTITY(a_mean_theory, p->layer->theory.a_mean)
QUANTITY(loss, p->snapshot->loss)
QUANTITY(loss_even, log((double)p->layer->fan_out))
QUANTITY(flat_share, p->layer->saturated)
QUANTITY(dead_share, p->layer->dead)
QUANTITY(w_variance, MOMENTS(MLP_W).variance)
QUANTITY(w_variance_promised, p->layer->weight_variance)
QUANTITY(delta_rms, sqrt(MOMENTS(MLP_DELTA).mean_square))
QUANTITY(delta_rms_theory, sqrt(p->layer->theory.delta_mean_square))
QUANTITY(delta_step, MOMENTS(MLP_DELTA).mean_square / p->layer[1].tensor[MLP_DELTA].moments.mean_square)
QUANTITY(delta_step_theory, p->layer->theory.delta_factor)
QUANTITY(dw_rms, sqrt(MOMENTS(MLP_DW).mean_square))
QUANTITY(update_ratio, p->layer->update_ratio)

#define NEVER 99

/* Ranks: which lines a panel shows first. */
static const struct quantity {
	const char *label;
	quantity_value *observed, *theory;   /* theory NULL: none */
	const char *theory_label;            /* NULL: theory_word() */
	enum { PLAIN, SHARE, FACTOR, GAUGE } form;
	enum { HIDDEN = 1, OUTPUT = 2, EVERY = 3 } where;
	int rank, theory_rank, ratio_rank;
} quantities[] = {
	{"E[z²]",      z_square,     z_square_theory,     NULL,       PLAIN,  EVERY,  0,  1,  5},
	{"var z",      z_variance,   z_variance_theory,   NULL,       PLAIN,  EVERY,  3,  10, NEVER},
	{"mean z",     z_mean,       NULL,                NULL,       PLAIN,  EVERY,  13, NEVER, NEVER},
	{"min z",      z_min,        NULL,                NULL,       PLAIN,  EVERY,  17, NEVER, NEVER},
	{"z 5 %",      z_low,        NULL,                NULL,       PLAIN,  EVERY,  20, NEVER, NEVER},
	{"z 50 %",     z_median,     NULL,                NULL,       PLAIN,  EVERY,  19, NEVER, NEVER},
	{"z 95 %",     z_high,       NULL,                NULL,       PLAIN,  EVERY,  21, NEVER, NEVER},
	{"max z",      z_max,        NULL,                NULL,       PLAIN,  EVERY,  18, NEVER, NEVER},
	{"var a",      a_variance,   a_variance_theory,   NULL,       PLAIN,  HIDDEN, 4,  11, NEVER},
	{"mean a",     a_mean,       a_mean_theory,       NULL,       PLAIN,  HIDDEN, 12, 16, NEVER},
	{"loss",       loss,         loss_even,           "even guess", PLAIN,  OUTPUT, 2,  4,  NEVER},
	{"δ² /next",   delta_step,   delta_step_theory,   NULL,       FACTOR, HIDDEN, 7,  9,  NEVER},
	{"rms δ",      delta_rms,    delta_rms_theory,    NULL,       PLAIN,  EVERY,  14, 15, NEVER},
	{"rms dW",     dw_rms,       NULL,                NULL,       PLAIN,  EVERY,  22, NEVER, NEVER},
	{"var W",      w_variance,   w_variance_promised, "at init", PLAIN,  EVERY,  8,  23, NEVER},
	{"step/W",     update_ratio, NULL,                NULL,       PLAIN,  EVERY,  6,  NEVER, NEVER},
	{"dead",       dead_share,   NULL,                NULL,       SHARE,  HIDDEN, 9,  NEVER, NEVER},
	{NULL,         flat_share,   NULL,                NULL,       GAUGE,  HIDDEN, 2,  NEVER, NEVER},
};

#define QUANTITIES (sizeof quantities / sizeof quantities[0])

static char *show(char out[NUMBER_SIZE], const struct quantity *quantity, double value)
{
	switch (quantity->form) {
	case SHARE:
	case GAUGE:
		return number_share(out, value);
	case FACTOR:
		return number_factor(out, value);
	case PLAIN:
		break;
	}
	return number_known(out, value);
}

/* Theory speaks of random weights, so of the start. */
static const char *theory_word(const struct place *place)
{
	return place->snapshot->step == 0 ? " theory" : "at init";
}

/* Whether observation and theory lie so far apart that it is worth a look;
 * later they part because the net learns. */
static bool is_far(const struct place *place, double ratio)
{
	return place->snapshot->step == 0 && isfinite(ratio) && (ratio > 2 || ratio < 0.5);
}

/* A label at the left and a value that ends at the right edge. */
static void list_line(struct canvas *canvas, struct rect rect, int y, const char *label, enum role role,
                      const char *value)
{
	int x = canvas_text_right(canvas, rect.x + rect.width, y, rect.width, role, value);
	canvas_text(canvas, rect.x, y, x - rect.x - 1, ROLE_LABEL, label);
}

static void gauge_line(struct canvas *canvas, struct rect rect, int y, const struct place *place)
{
	const char *word = activation_of(&place->layer->activation)->flat_word;
	int x = canvas_text(canvas, rect.x, y, rect.width, ROLE_LABEL, word) + 1;
	plot_gauge(canvas, x, y, rect.x + rect.width - x, place->layer->saturated, ROLE_HIST_SATURATED);
}

/* Lines of the list form with a rank below `ranks`, drawn if canvas is not
 * NULL; returns how many there are. */
static int list(struct canvas *canvas, struct rect rect, const struct place *place, unsigned where, int ranks)
{
	int lines = 0;
	for (size_t i = 0; i < QUANTITIES; i++) {
		const struct quantity *q = &quantities[i];
		char value[NUMBER_SIZE];
		if (!(q->where & where))
			continue;
		double observed = q->observed(place), theory = q->theory ? q->theory(place) : NAN;
		if (q->rank < ranks) {
			if (canvas && q->form == GAUGE)
				gauge_line(canvas, rect, rect.y + lines, place);
			else if (canvas)
				list_line(canvas, rect, rect.y + lines, q->label, ROLE_READOUT, show(value, q, observed));
			lines++;
		}
		if (q->theory_rank < ranks) {
			if (canvas)
				list_line(canvas, rect, rect.y + lines, q->theory_label ? q->theory_label : theory_word(place),
				          ROLE_THEORY, show(value, q, theory));
			lines++;
		}
		if (q->ratio_rank < ranks) {
			if (canvas)
				list_line(canvas, rect, rect.y + lines, " ratio",
				          is_far(place, observed / theory) ? ROLE_NOTE : ROLE_READOUT,
				          number_factor(value, observed / theory));
			lines++;
		}
	}
	return lines;
}

/* The table's columns, LAYER_TABLE_WIDTH together. */
enum { LABEL = 9, VALUE = 10, RATIO = 7 };

/* One quantity a line: label, observed, theory, ratio. */
static void table_line(struct canvas *canvas, struct rect rect, int y, const struct quantity *q,
                       const struct place *place)
{
	char value[NUMBER_SIZE];
	double observed = q->observed(place);
	canvas_text(canvas, rect.x, y, LABEL, ROLE_LABEL, q->label);
	canvas_text_right(canvas, rect.x + LABEL + VALUE, y, VALUE, ROLE_READOUT, show(value, q, observed));
	if (q->theory == NULL)
		return;
	double theory = q->theory(place);
	canvas_text_right(canvas, rect.x + LABEL + 2 * VALUE, y, VALUE, ROLE_THEORY, show(value, q, theory));
	canvas_text_right(canvas, rect.x + LABEL + 2 * VALUE + RATIO, y, RATIO,
	                  is_far(place, observed / theory) ? ROLE_NOTE : ROLE_READOUT,
	                  number_factor(value, observed / theory));
}

static void table_heads(struct canvas *canvas, struct rect rect, const struct place *place)
{
	canvas_text_right(canvas, rect.x + LABEL + VALUE, rect.y, VALUE, ROLE_LABEL, "observed");
	canvas_text_right(canvas, rect.x + LABEL + 2 * VALUE, rect.y, VALUE, ROLE_LABEL, theory_word(place));
	canvas_text_right(canvas, rect.x + LABEL + 2 * VALUE + RATIO, rect.y, RATIO, ROLE_LABEL, "ratio");
}

/* Lines of the table form with a rank below `ranks`, as list(). */
static int table(struct canvas *canvas, struct rect rect, const struct place *place, unsigned where, int ranks)
{
	int lines = 1;
	if (canvas)
		table_heads(canvas, rect, place);
	for (size_t i = 0; i < QUANTITIES; i++) {
		const struct quantity *q = &quantities[i];
		if (!(q->where & where) || q->rank >= ranks)
			continue;
		if (canvas && q->form == GAUGE)
			gauge_line(canvas, rect, rect.y + lines, place);
		else if (canvas)
			table_line(canvas, rect, rect.y + lines, q, place);
		lines++;
	}
	return lines;
}

void layer_readouts_draw(const struct snapshot *snapshot, struct canvas *canvas, struct rect rect, size_t layer)
{
	struct place place = {snapshot, &snapshot->layer[layer]};
	unsigned where = layer + 1 < snapshot->layers ? HIDDEN : OUTPUT;
	int (*form)(struct canvas *, struct rect, const struct place *, unsigned, int) =
		rect.width >= LAYER_TABLE_WIDTH ? table : list;
	int ranks = 0;
	while (ranks < NEVER && form(NULL, rect, &place, where, ranks + 1) <= rect.height)
		ranks++;
	form(canvas, rect, &place, where, ranks);
}
