/* One table of quantities; a small panel shows the first of them. */
#include "view/compare_story.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "draw/number.h"
#include "view/verdict.h"

typedef double quantity_value(const struct snapshot *snapshot, size_t layer);

#define QUANTITY(name, expression) \
	static double name(const struct snapshot *s, size_t l) \
	{ \
		(void)l; \
		return (expression); \
	}

QUANTITY(z_square, s->layer[l].tensor[MLP_Z].moments.mean_square)
QUANTITY(z_square_theory, s->layer[l].theory.z_mean_square)
QUANTITY(a_variance, s->layer[l].tensor[MLP_A].moments.variance)
QUANTITY(flat_share, s->layer[l].saturated)
QUANTITY(dead_share, s->layer[l].dead)
QUANTITY(delta_rms, sqrt(s->layer[l].tensor[MLP_DELTA].moments.mean_square))
QUANTITY(dw_rms, sqrt(s->layer[l].tensor[MLP_DW].moments.mean_square))
QUANTITY(w_rms, sqrt(s->layer[l].tensor[MLP_W].moments.mean_square))
QUANTITY(update_ratio, s->layer[l].update_ratio)
QUANTITY(loss, s->loss)
QUANTITY(train_accuracy, s->train_accuracy)

static const struct quantity {
	const char *label;
	quantity_value *value; /* NULL: test accuracy */
	bool share; /* else a number of any size */
	enum { HIDDEN = 1, OUTPUT = 2, EVERY = 3 } where;
} quantities[] = {
	{ "loss", loss, false, OUTPUT },
	{ "test", NULL, true, OUTPUT },
	{ "train", train_accuracy, true, OUTPUT },
	{ "E[z²]", z_square, false, EVERY },
	{ "flat", flat_share, true, HIDDEN },
	{ "var a", a_variance, false, HIDDEN },
	{ "rms δ", delta_rms, false, EVERY },
	{ "step/W", update_ratio, false, EVERY },
	{ "dead", dead_share, true, HIDDEN },
	{ "theory", z_square_theory, false, EVERY },
	{ "rms dW", dw_rms, false, EVERY },
	{ "rms W", w_rms, false, EVERY },
};
#define QUANTITIES (sizeof quantities / sizeof quantities[0])

/* NaN where a net has no such layer. */
static double value_of(const struct quantity *quantity, const struct snapshot *snapshot, size_t layer)
{
	return snapshot && layer < snapshot->layers ? quantity->value(snapshot, layer) : NAN;
}

static char *percent(char out[NUMBER_SIZE], double share)
{
	if (isnan(share))
		snprintf(out, NUMBER_SIZE, "-");
	else
		snprintf(out, NUMBER_SIZE, "%.0f", 100 * share);
	return out;
}

/* "70→0 %" for shares, a factor for numbers. */
static void draw_list_line(const struct quantity *q, struct canvas *canvas, struct rect rect, int y, double a, double b)
{
	char text[64], one[NUMBER_SIZE], other[NUMBER_SIZE];
	if (q->share)
		snprintf(text, sizeof text, "%s→%s %%", percent(one, a), percent(other, b));
	else
		number_factor(text, b / a);
	int x = canvas_text_right(canvas, rect.x + rect.width, y, rect.width, ROLE_READOUT, text);
	canvas_text(canvas, rect.x, y, x - rect.x - 1, ROLE_LABEL, q->label);
}

enum { LABEL = 8, VALUE = 9, RATIO = 8 };

static char *show(char out[NUMBER_SIZE], const struct quantity *q, double value)
{
	return q->share ? number_share(out, value) : number_known(out, value);
}

static void draw_table_line(const struct quantity *q, struct canvas *canvas, struct rect rect, int y, double a,
                            double b)
{
	char text[NUMBER_SIZE];
	int x = rect.x;
	canvas_text(canvas, x, y, LABEL, ROLE_LABEL, q->label);
	x += LABEL + VALUE;
	canvas_text_right(canvas, x, y, VALUE, ROLE_READOUT, show(text, q, a));
	x += VALUE;
	canvas_text_right(canvas, x, y, VALUE, ROLE_READOUT, show(text, q, b));
	x += RATIO;
	if (!q->share)
		canvas_text_right(canvas, x, y, RATIO, ROLE_LABEL, number_factor(text, b / a));
}

static void draw_verdicts(const struct compared *two, struct canvas *canvas, struct rect rect, int y, size_t layer)
{
	const struct snapshot *both[] = { two->a, two->b };
	canvas_text(canvas, rect.x, y, LABEL, ROLE_LABEL, "verdict");
	for (int i = 0; i < 2; i++) {
		if (both[i] == NULL || layer >= both[i]->layers)
			continue;
		struct verdict verdict = verdict_layer(both[i], layer);
		canvas_text_right(canvas, rect.x + LABEL + (i + 1) * VALUE + 4 * i, y, VALUE + 4 * i, verdict.role, verdict.word);
	}
}

void compare_story_draw(const struct compared *two, struct canvas *canvas, struct rect rect, size_t layer,
                        bool selected)
{
	if (rect.width < 1 || rect.height < 1)
		return;
	bool table = rect.width >= COMPARE_TABLE, output = layer + 1 >= two->a->layers;
	char name[32];
	snprintf(name, sizeof name, "layer %zu", layer + 1);
	int x = canvas_text(canvas, rect.x, rect.y, rect.width, selected ? ROLE_SELECTED : ROLE_TITLE, name);
	if (two->b == NULL)
		return;
	int y = rect.y, end = rect.y + rect.height;
	if (rect.height == 1) { /* beside the name there is room for one number */
		char factor[NUMBER_SIZE];
		number_factor(factor, value_of(&quantities[3], two->b, layer) / value_of(&quantities[3], two->a, layer));
		canvas_text_right(canvas, rect.x + rect.width, y, rect.x + rect.width - x - 1, ROLE_READOUT, factor);
		return;
	}
	if (table) {
		canvas_text_right(canvas, rect.x + LABEL + VALUE, y, VALUE, ROLE_LABEL, "A");
		canvas_text_right(canvas, rect.x + LABEL + 2 * VALUE, y, VALUE, ROLE_LABEL, "B");
		canvas_text_right(canvas, rect.x + LABEL + 2 * VALUE + RATIO, y, RATIO, ROLE_LABEL, "B/A");
	} else
		canvas_text_right(canvas, rect.x + rect.width, y, rect.width, ROLE_LABEL, "B/A");
	y++;
	bool verdicts = table && rect.height >= 5;
	for (size_t i = 0; i < QUANTITIES && y < end - verdicts; i++) {
		const struct quantity *q = &quantities[i];
		if (!(q->where & (output ? OUTPUT : HIDDEN)))
			continue;
		double a = q->value ? value_of(q, two->a, layer) : two->test_a;
		double b = q->value ? value_of(q, two->b, layer) : two->test_b;
		if (table)
			draw_table_line(q, canvas, rect, y++, a, b);
		else
			draw_list_line(q, canvas, rect, y++, a, b);
	}
	if (verdicts)
		draw_verdicts(two, canvas, rect, y, layer);
}
