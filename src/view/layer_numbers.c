/* The numbers of one layer.  Each row is a quantity with its observed value,
 * its theory and its meaning; rows without a value are left out. */
#include "view/layer_numbers.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "base/number.h"
#include "draw/readout_line.h"
#include "nn/theory.h"
#include "view/quantity_show.h"
#include "view/verdict.h"

/* The layer, and the quantities of it that are shown. */
struct place {
	const struct snapshot *snapshot;
	const struct snapshot *start;  /* the observation at step 0; NULL if this is it, or if it is not kept */
	const struct layer_observation *layer;
	size_t index;
	bool first, last;
	size_t count;
	struct quantity_line line[QUANTITY_PANEL_MOST];
};

static struct place place_of(const struct scene *scene, size_t layer)
{
	const struct snapshot *snapshot = scene->now;
	struct place place = {
		.snapshot = snapshot,
		.start = scene_start(scene),
		.layer = &snapshot->layer[layer],
		.index = layer,
		.first = layer == 0,
		.last = layer + 1 == snapshot->layers,
	};
	place.count = quantity_panel(place.line, QUANTITY_IN_LAYER_VIEW, quantity_where_of(snapshot, layer));
	return place;
}

/* ---- the readouts ---- */

/* Larger than any rank. */
#define RANKS 99

/* A line of the panel with its values. */
struct value {
	const struct quantity *quantity;
	const struct quantity_shown *shown;
	const char *label;
	struct quantity_place now, before; /* the latter with snapshot NULL: none */
	double theory;
	enum role role; /* of what was observed */
};

static enum role role_of(const struct place *place, const struct quantity *quantity)
{
	if (quantity->id != QUANTITY_SATURATED)
		return ROLE_READOUT;
	enum role role = verdict_saturation_role(place->snapshot, place->index);
	return role == ROLE_GOOD ? ROLE_READOUT : role;
}

static struct value value_of(const struct place *place, size_t i)
{
	const struct quantity_line *line = &place->line[i];
	struct quantity_place at = { .snapshot = place->snapshot, .layer = place->index, .tensor = line->tensor };
	struct quantity_place before = at;
	before.snapshot = place->start;
	return (struct value){
		.quantity = line->quantity,
		.shown = line->shown,
		.label = quantity_line_label(line, &at),
		.now = at,
		.before = before,
		.theory = quantity_theory(line->quantity, &at),
		.role = role_of(place, line->quantity),
	};
}

/* The label of a line in a row of so many cells beside its value: with the
 * number of the next layer where that fits. */
static const char *label_of(char out[32], const struct canvas *canvas, const struct place *place, const struct value *value,
                            const char *text, int cells)
{
	snprintf(out, 32, "δ²÷layer %zu's", place->index + 2);
	bool named = value->quantity->id == QUANTITY_DELTA_FACTOR &&
	             canvas_text_cells(canvas, out) + 1 + canvas_text_cells(canvas, text) <= cells;
	return named ? out : value->label;
}

/* The list of lines with ranks up to `ranks`, drawn if canvas is not NULL;
 * returns the number of lines. */
static int list(struct canvas *canvas, struct rect rect, const struct place *place, int ranks)
{
	int lines = 0;
	char text[NUMBER_SIZE], label[32];
	for (size_t i = 0; i < place->count; i++) {
		const struct quantity_shown *shown = place->line[i].shown;
		if (shown->rank > ranks)
			continue;
		struct value value = value_of(place, i);
		quantity_format_observed(text, value.quantity, &value.now);
		if (canvas)
			quantity_row(canvas, rect, rect.y + lines, label_of(label, canvas, place, &value, text, rect.width), value.role,
			             text);
		lines++;
		if (shown->theory_rank == 0 || shown->theory_rank > ranks)
			continue;
		quantity_format(text, value.quantity, value.theory);
		if (canvas)
			quantity_theory_row(canvas, rect, rect.y + lines, place->snapshot, shown->theory_label, text);
		lines++;
	}
	return lines;
}

static void draw_list(struct canvas *canvas, struct rect rect, const struct place *place)
{
	int ranks = 0;
	while (ranks < RANKS && list(NULL, rect, place, ranks + 1) <= rect.height)
		ranks++;
	list(canvas, rect, place, ranks);
}

/* Label, observed value, after the start also what was observed there, theory;
 * below each its meaning if there is room. */
static void draw_table(struct canvas *canvas, struct rect rect, const struct place *place)
{
	enum { LABEL = 10, VALUE = 11, VALUE_OF_THREE = 10 };
	bool three = place->start && rect.width >= LABEL + 3 * VALUE_OF_THREE;
	int cells = three ? VALUE_OF_THREE : VALUE, rows = (int)place->count, y = rect.y;
	int observed = rect.x + LABEL + cells, start = observed + cells, theory = three ? start + cells : start;
	bool notes = rect.height >= 2 * rows + 1;
	int gap = rect.height >= 3 * rows ? 1 : 0;
	canvas_text_right(canvas, observed, y, cells, ROLE_LABEL, place->start ? "now" : "observed");
	if (three)
		canvas_text_right(canvas, start, y, cells, ROLE_LABEL, "at start");
	canvas_text_right(canvas, theory, y, cells, ROLE_LABEL, quantity_theory_name(place->snapshot, true));
	for (size_t i = 0; i < place->count && ++y < rect.y + rect.height; i++) {
		struct value value = value_of(place, i);
		char text[NUMBER_SIZE], label[32];
		quantity_format_observed(text, value.quantity, &value.now);
		canvas_text(canvas, rect.x, y, LABEL + cells, ROLE_LABEL, label_of(label, canvas, place, &value, text, LABEL + cells));
		canvas_text_right(canvas, observed, y, cells, value.role, text);
		if (three && !isnan(quantity_read(value.quantity, &value.before)))
			canvas_text_right(canvas, start, y, cells, ROLE_READOUT, quantity_format_observed(text, value.quantity, &value.before));
		if (!isnan(value.theory))
			canvas_text_right(canvas, theory, y, cells, ROLE_THEORY, quantity_format(text, value.quantity, value.theory));
		if (notes)
			canvas_text(canvas, rect.x + 2, ++y, rect.width - 2, ROLE_HINT, value.shown->note);
		y += gap;
	}
}

void layer_numbers_draw(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer)
{
	struct place place = place_of(scene, layer);
	if (rect.width >= LAYER_NUMBERS_TABLE)
		draw_table(canvas, rect, &place);
	else
		draw_list(canvas, rect, &place);
}

/* ---- the sums ---- */

/* Draws a sentence on the next line if one of its forms fits. */
static void draw_fitting(struct canvas *canvas, struct rect rect, int *line, enum role role, const char *const forms[],
                    size_t count)
{
	struct rect row = {rect.x, rect.y + *line, rect.width, rect.height - *line};
	*line += readout_fit(canvas, row, role, forms, count);
}

#define FORM_SIZE 256

static void draw_sum(const struct place *p, struct canvas *canvas, struct rect rect, int *line)
{
	char forms[3][FORM_SIZE], bias[32] = "", theory[NUMBER_SIZE], seen[NUMBER_SIZE], ratio[NUMBER_SIZE], before[NUMBER_SIZE];
	const struct layer_observation *o = p->layer;
	double incoming = p->first ? p->snapshot->input.mean_square : o[-1].theory.a_mean_square;
	double product = (double)o->fan_in * incoming * o->weight_variance, whole = o->theory.z_mean_square;
	double observed = quantity_square(p->snapshot, p->index, MLP_Z);
	const char *x = p->first ? "x" : "a", *start = p->snapshot->step ? "Theory for the start: " : "";
	if (whole - product > 1e-6 * whole)
		snprintf(bias, sizeof bias, " + %.4g", whole - product);
	number_known(theory, whole);
	quantity_format_square(seen, p->snapshot, p->index, MLP_Z);
	number_factor(ratio, observed / whole);
	char then[48] = "observed";
	if (p->start)
		snprintf(then, sizeof then, "observed there %s, now", quantity_format_square(before, p->start, p->index, MLP_Z));
	else if (p->snapshot->step)
		snprintf(then, sizeof then, "observed now");
	snprintf(forms[0], FORM_SIZE, "%sE[z²] = %zu · E[%s²] · Var(W) = %zu · %.4g · %.4g%s = %s; %s %s, %s", start,
	         o->fan_in, x, o->fan_in, incoming, o->weight_variance, bias, theory, then, seen, ratio);
	snprintf(forms[1], FORM_SIZE, "%sE[z²] = %zu · E[%s²] · Var(W) = %zu · %.4g · %.4g%s = %s", start, o->fan_in, x,
	         o->fan_in, incoming, o->weight_variance, bias, theory);
	snprintf(forms[2], FORM_SIZE, "E[z²] = %zu · %.4g · %.4g%s = %s", o->fan_in, incoming, o->weight_variance, bias,
	         theory);
	int first = isnan(observed);
	draw_fitting(canvas, rect, line, ROLE_THEORY, (const char *const[]){forms[first], forms[1], forms[2]}, 3);
}

/* The article's sum, if it differs from the right one. */
static void draw_incomplete_sum(const struct place *p, struct canvas *canvas, struct rect rect, int *line)
{
	char forms[3][FORM_SIZE], sum[NUMBER_SIZE];
	const struct input_observation *input = &p->snapshot->input;
	if (!p->first || !(input->mean_square - input->variance > 0.01 * input->mean_square))
		return;
	size_t n = p->layer->fan_in;
	double v = p->layer->weight_variance;
	if (!(v > 0))
		return;
	number_known(sum, (double)n * input->variance * v);
	snprintf(forms[0], FORM_SIZE,
	         "The article's %zu · Var(x) · Var(W) = %zu · %.4g · %.4g = %s is too small: "
	         "the mean of the pixels is %.4g, not 0", n, n, input->variance, v, sum, input->mean);
	snprintf(forms[1], FORM_SIZE, "The article's %zu · Var(x) · Var(W) = %s is too small: mean x is not 0", n, sum);
	snprintf(forms[2], FORM_SIZE, "with Var(x) %s: too small", sum);
	draw_fitting(canvas, rect, line, ROLE_LABEL, (const char *const[]){forms[0], forms[1], forms[2]}, 3);
}

static void draw_offsets(const struct place *p, struct canvas *canvas, struct rect rect, int *line)
{
	char forms[2][FORM_SIZE], share[NUMBER_SIZE];
	const struct layer_observation *o = p->layer;
	number_share(share, o->z_between / (o->z_within + o->z_between));
	if (!(o->z_within + o->z_between > 0))
		return;
	snprintf(forms[0], FORM_SIZE, "%s of var z is a fixed offset of each unit, the same for every image", share);
	snprintf(forms[1], FORM_SIZE, "%s of var z is the same for every image", share);
	draw_fitting(canvas, rect, line, ROLE_LABEL, (const char *const[]){forms[0], forms[1]}, 2);
}

void layer_numbers_sums(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer)
{
	struct place place = place_of(scene, layer);
	bool plain = place.last || !mlp_normalizes_z(scene->now->settings.normalization);
	int line = 0;
	char no_theory[FORM_SIZE] = "", brief[FORM_SIZE] = "no theory for these weights";
	uint64_t broken = place.layer->theory.broken;
	if (broken != THEORY_HOLDS && theory_assumptions[broken].lacking) {
		snprintf(no_theory, FORM_SIZE, "No theory: %s", theory_assumptions[broken].lacking);
		snprintf(brief, FORM_SIZE, "no theory: %s", theory_assumptions[broken].brief);
	}
	if (!plain)
		draw_fitting(canvas, rect, &line, ROLE_THEORY, (const char *const[]){
			scene->now->settings.normalization == MLP_BATCH_NORM
				? "batchnorm brings every unit's z to mean 0, variance 1 over images: E[z²] = 1"
				: "layernorm brings every image's z to mean 0, variance 1 over units: E[z²] = 1",
			"normalized: E[z²] = 1",
		}, 2);
	else if (isnan(place.layer->theory.z_mean_square))
		draw_fitting(canvas, rect, &line, ROLE_THEORY, (const char *const[]){
			no_theory, brief,
		}, 2);
	else
		draw_sum(&place, canvas, rect, &line);
	if (plain)
		draw_incomplete_sum(&place, canvas, rect, &line);
	draw_offsets(&place, canvas, rect, &line);
}
