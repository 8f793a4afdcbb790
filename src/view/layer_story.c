/* The numbers of one layer.  A row is a quantity with what was observed, what
 * theory predicts and what it means; rows without a value are left out. */
#include "view/layer_story.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "nn/activation.h"
#include "nn/theory.h"
#include "draw/number.h"
#include "draw/readout_line.h"
#include "view/layer_picture.h"
#include "view/verdict.h"

/* What a quantity is computed from. */
struct place {
	const struct snapshot *snapshot;
	const struct layer_observation *layer;
	struct layer_function function;
	bool first, last;
};

static struct place place_of(const struct snapshot *snapshot, size_t layer)
{
	return (struct place){
		.snapshot = snapshot,
		.layer = &snapshot->layer[layer],
		.function = layer_function_of(&snapshot->layer[layer]),
		.first = layer == 0,
		.last = layer + 1 == snapshot->layers,
	};
}

/* ---- theory that a snapshot does not hold ---- */

/* Layer 1's variance as the images and the width make it; NaN elsewhere. */
static double split(const struct place *p, bool wants_between)
{
	double within = NAN, between = NAN;
	struct theory_input input = {
		.mean_square = p->snapshot->input.mean_square, .mean_vector_square = p->snapshot->input.mean_vector_square,
	};
	if (p->first && p->snapshot->settings.normalization == MLP_PLAIN)
		theory_split(&within, &between, p->layer->weight_variance, (double)p->layer->fan_in, &input, p->layer->fan_out);
	return wants_between ? between : within;
}

static double slope_square_theory(const struct place *p)
{
	struct theory_moments moments;
	theory_moments(&moments, &p->layer->activation, p->layer->theory.z_mean_square);
	return moments.slope_square;
}

/* ---- the readouts ---- */

typedef double quantity_value(const struct place *place);

#define QUANTITY(name, expression) \
	static double name(const struct place *p) \
	{ \
		return (expression); \
	}

#define MOMENTS(tensor_) (p->layer->tensor[tensor_].moments)

QUANTITY(z_square, MOMENTS(MLP_Z).mean_square)
QUANTITY(z_square_theory, p->layer->theory.z_mean_square)
QUANTITY(z_variance, MOMENTS(MLP_Z).variance)
QUANTITY(z_variance_theory, p->layer->theory.z_variance)
QUANTITY(z_within, p->layer->z_within)
QUANTITY(z_within_theory, split(p, false))
QUANTITY(z_between, p->layer->z_between)
QUANTITY(z_between_theory, split(p, true))
QUANTITY(a_mean, MOMENTS(MLP_A).mean)
/* A mean of 0 comes out of its integral not quite so. */
QUANTITY(a_mean_theory, fabs(p->layer->theory.a_mean) < 1e-9 * sqrt(p->layer->theory.a_mean_square)
                            ? 0 : p->layer->theory.a_mean)
QUANTITY(a_variance, MOMENTS(MLP_A).variance)
QUANTITY(a_variance_theory, p->layer->theory.a_mean_square - p->layer->theory.a_mean * p->layer->theory.a_mean)
QUANTITY(flat_share, p->layer->saturated)
QUANTITY(dead_share, p->layer->dead)
QUANTITY(slope_square, layer_function_slope_square(&p->function))
QUANTITY(delta_step, MOMENTS(MLP_DELTA).mean_square / p->layer[1].tensor[MLP_DELTA].moments.mean_square)
QUANTITY(delta_step_theory, p->layer->theory.delta_factor)
QUANTITY(delta_square, MOMENTS(MLP_DELTA).mean_square)
QUANTITY(delta_square_theory, p->layer->theory.delta_mean_square)
QUANTITY(loss, p->snapshot->loss)
QUANTITY(loss_even, log((double)p->layer->fan_out))
QUANTITY(accuracy, p->snapshot->train_accuracy)
QUANTITY(accuracy_even, 1 / (double)p->layer->fan_out)

enum { HIDDEN = 1, OUTPUT = 2, EVERY = 3 };
#define NEVER 9

static const struct quantity {
	const char *label;             /* NULL: the activation's word for its flat part */
	quantity_value *observed, *theory;
	const char *theory_word;       /* NULL: theory, or at init */
	enum { PLAIN, SHARE, FACTOR } form;
	int where;
	int rank, theory_rank;         /* the list shows the lower ones first */
	const char *note;
} quantities[] = {
	{"E[z²]", z_square, z_square_theory, NULL, PLAIN, EVERY, 0, 0, "mean square of the inputs z"},
	{"var z", z_variance, z_variance_theory, NULL, PLAIN, EVERY, 1, 6, "about their common mean; of it:"},
	{" within", z_within, z_within_theory, NULL, PLAIN, EVERY, 1, NEVER, "each unit's response to images"},
	{" between", z_between, z_between_theory, NULL, PLAIN, EVERY, 1, NEVER, "offset, the same for every image"},
	{"mean a", a_mean, a_mean_theory, NULL, PLAIN, HIDDEN, 2, 7, "mean of the outputs a"},
	{"var a", a_variance, a_variance_theory, NULL, PLAIN, HIDDEN, 1, 4, "what is left of the signal"},
	{NULL, flat_share, NULL, NULL, SHARE, HIDDEN, 0, NEVER, "slope below 10 % of its largest"},
	{"dead", dead_share, NULL, NULL, SHARE, HIDDEN, 2, NEVER, "units flat for every image"},
	{"mean f'²", slope_square, slope_square_theory, NULL, PLAIN, HIDDEN, 1, 3, "what the function lets through"},
	{"δ² /next", delta_step, delta_step_theory, NULL, FACTOR, HIDDEN, 0, 3, "gradient²: here / next layer"},
	{"E[δ²]", delta_square, delta_square_theory, NULL, PLAIN, OUTPUT, 3, 3, "gradient² where it starts"},
	{"loss", loss, loss_even, " even guess", PLAIN, OUTPUT, 0, 1, "cross-entropy; ln of classes"},
	{"correct", accuracy, accuracy_even, " by chance", SHARE, OUTPUT, 0, 2, "of the images looked at"},
};

#define QUANTITIES (sizeof quantities / sizeof quantities[0])

static char *show(char out[NUMBER_SIZE], const struct quantity *quantity, double value)
{
	return quantity->form == SHARE ? number_share(out, value)
	     : quantity->form == FACTOR ? number_factor(out, value) : number_known(out, value);
}

static const char *label_of(const struct quantity *quantity, const struct place *place)
{
	return quantity->label ? quantity->label : activation_of(&place->layer->activation)->flat_word;
}

/* Theory speaks of random weights, so of the start. */
static const char *theory_word(const struct place *place)
{
	return place->snapshot->step == 0 ? " theory" : " at init";
}

static bool is_here(const struct quantity *quantity, const struct place *place)
{
	return quantity->where & (place->last ? OUTPUT : HIDDEN);
}

static enum role role_of(const struct quantity *quantity, const struct place *place)
{
	if (quantity->observed != flat_share)
		return ROLE_READOUT;
	enum role role = verdict_flat_role(place->snapshot, (size_t)(place->layer - place->snapshot->layer));
	return role == ROLE_GOOD ? ROLE_READOUT : role;
}

/* A label at the left and a value that ends at the right edge. */
static void list_line(struct canvas *canvas, struct rect rect, int y, const char *label, enum role role,
                      const char *value)
{
	int x = canvas_text_right(canvas, rect.x + rect.width, y, rect.width, role, value);
	canvas_text(canvas, rect.x, y, x - rect.x - 1, ROLE_LABEL, label);
}

/* The list with ranks below `ranks`, drawn if canvas is not NULL; returns its
 * lines. */
static int list(struct canvas *canvas, struct rect rect, const struct place *place, int ranks)
{
	int lines = 0;
	char value[NUMBER_SIZE];
	for (size_t i = 0; i < QUANTITIES; i++) {
		const struct quantity *q = &quantities[i];
		if (!is_here(q, place) || q->rank >= ranks)
			continue;
		if (canvas)
			list_line(canvas, rect, rect.y + lines, label_of(q, place), role_of(q, place),
			          show(value, q, q->observed(place)));
		lines++;
		if (q->theory_rank >= ranks || q->theory == NULL)
			continue;
		if (canvas)
			list_line(canvas, rect, rect.y + lines, q->theory_word ? q->theory_word : theory_word(place), ROLE_THEORY,
			          show(value, q, q->theory(place)));
		lines++;
	}
	return lines;
}

static void draw_list(struct canvas *canvas, struct rect rect, const struct place *place)
{
	int ranks = 0;
	while (ranks < NEVER && list(NULL, rect, place, ranks + 1) <= rect.height)
		ranks++;
	list(canvas, rect, place, ranks);
}

/* Label, observed, theory; below each what it means where there is room. */
static void draw_table(struct canvas *canvas, struct rect rect, const struct place *place)
{
	enum { LABEL = 10, VALUE = 11 };
	int rows = 0, y = rect.y, observed = rect.x + LABEL + VALUE, theory = observed + VALUE;
	for (size_t i = 0; i < QUANTITIES; i++)
		rows += is_here(&quantities[i], place);
	bool notes = rect.height >= 2 * rows + 1;
	int gap = rect.height >= 3 * rows ? 1 : 0;
	canvas_text_right(canvas, observed, y, VALUE, ROLE_LABEL, "observed");
	canvas_text_right(canvas, theory, y, VALUE, ROLE_LABEL, theory_word(place));
	for (size_t i = 0; i < QUANTITIES; i++) {
		const struct quantity *q = &quantities[i];
		char value[NUMBER_SIZE];
		if (!is_here(q, place) || ++y >= rect.y + rect.height)
			continue;
		canvas_text(canvas, rect.x, y, LABEL, ROLE_LABEL, label_of(q, place));
		canvas_text_right(canvas, observed, y, VALUE, role_of(q, place), show(value, q, q->observed(place)));
		if (q->theory && !isnan(q->theory(place)))
			canvas_text_right(canvas, theory, y, VALUE, ROLE_THEORY, show(value, q, q->theory(place)));
		if (notes)
			canvas_text(canvas, rect.x + 2, ++y, rect.width - 2, ROLE_HINT, q->note);
		y += gap;
	}
}

void layer_story_draw(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer)
{
	struct place place = place_of(scene->now, layer);
	if (rect.width >= LAYER_STORY_TABLE)
		draw_table(canvas, rect, &place);
	else
		draw_list(canvas, rect, &place);
}

/* ---- the sums ---- */

/* A sentence on the next line, if one of its forms fits there. */
static void fitting(struct canvas *canvas, struct rect rect, int *line, enum role role, const char *const forms[],
                    size_t count)
{
	struct rect row = {rect.x, rect.y + *line, rect.width, rect.height - *line};
	*line += readout_fit(canvas, row, role, forms, count);
}

#define FORM_SIZE 200

static void draw_sum(const struct place *p, struct canvas *canvas, struct rect rect, int *line)
{
	char forms[3][FORM_SIZE], bias[32] = "", theory[NUMBER_SIZE], seen[NUMBER_SIZE], ratio[NUMBER_SIZE];
	const struct layer_observation *o = p->layer;
	double incoming = p->first ? p->snapshot->input.mean_square : o[-1].theory.a_mean_square;
	double product = (double)o->fan_in * incoming * o->weight_variance, whole = o->theory.z_mean_square;
	double observed = o->tensor[MLP_Z].moments.mean_square;
	const char *x = p->first ? "x" : "a", *start = p->snapshot->step ? "At init " : "";
	if (whole - product > 1e-6 * whole)
		snprintf(bias, sizeof bias, " + %.4g", whole - product);
	number_known(theory, whole);
	number_known(seen, observed);
	number_factor(ratio, observed / whole);
	snprintf(forms[0], FORM_SIZE, "%sE[z²] = %zu · E[%s²] · Var(W) = %zu · %.4g · %.4g%s = %s; observed %s, %s", start,
	         o->fan_in, x, o->fan_in, incoming, o->weight_variance, bias, theory, seen, ratio);
	snprintf(forms[1], FORM_SIZE, "%sE[z²] = %zu · E[%s²] · Var(W) = %zu · %.4g · %.4g%s = %s", start, o->fan_in, x,
	         o->fan_in, incoming, o->weight_variance, bias, theory);
	snprintf(forms[2], FORM_SIZE, "E[z²] = %zu · %.4g · %.4g%s = %s", o->fan_in, incoming, o->weight_variance, bias,
	         theory);
	int first = isnan(observed);
	fitting(canvas, rect, line, ROLE_THEORY, (const char *const[]){forms[first], forms[1], forms[2]}, 3);
}

/* The article's sum, where it differs from the right one. */
static void draw_incomplete_sum(const struct place *p, struct canvas *canvas, struct rect rect, int *line)
{
	char forms[3][FORM_SIZE], sum[NUMBER_SIZE];
	const struct input_observation *input = &p->snapshot->input;
	if (!p->first || !(input->mean_square - input->variance > 0.01 * input->mean_square))
		return;
	size_t n = p->layer->fan_in;
	double v = p->layer->weight_variance;
	number_known(sum, (double)n * input->variance * v);
	snprintf(forms[0], FORM_SIZE,
	         "The article's %zu · Var(x) · Var(W) = %zu · %.4g · %.4g = %s is too small: "
	         "the mean of the pixels is %.4g, not 0, and counts too", n, n, input->variance, v, sum, input->mean);
	snprintf(forms[1], FORM_SIZE, "%zu · Var(x) · Var(W) = %s, as in the article, is too small: mean x is not 0", n, sum);
	snprintf(forms[2], FORM_SIZE, "with Var(x) %s: too small", sum);
	fitting(canvas, rect, line, ROLE_LABEL, (const char *const[]){forms[0], forms[1], forms[2]}, 3);
}

static void draw_offsets(const struct place *p, struct canvas *canvas, struct rect rect, int *line)
{
	char forms[2][FORM_SIZE], share[NUMBER_SIZE];
	const struct layer_observation *o = p->layer;
	number_share(share, o->z_between / (o->z_within + o->z_between));
	if (!(o->z_within + o->z_between > 0))
		return;
	snprintf(forms[0], FORM_SIZE, "%s of var z lies between units: an offset of each, the same for every image", share);
	snprintf(forms[1], FORM_SIZE, "%s of var z: same for every image", share);
	fitting(canvas, rect, line, ROLE_LABEL, (const char *const[]){forms[0], forms[1]}, 2);
}

void layer_story_sums(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer)
{
	struct place place = place_of(scene->now, layer);
	bool plain = place.last || scene->now->settings.normalization == MLP_PLAIN;
	int line = 0;
	if (!plain)
		fitting(canvas, rect, &line, ROLE_THEORY, (const char *const[]){
			scene->now->settings.normalization == MLP_BATCH_NORM
				? "batchnorm brings every unit's z to mean 0, variance 1 over images: E[z²] = 1"
				: "layernorm brings every image's z to mean 0, variance 1 over units: E[z²] = 1",
			"normalized: E[z²] = 1",
		}, 2);
	else if (isnan(place.layer->theory.z_mean_square))
		fitting(canvas, rect, &line, ROLE_THEORY, (const char *const[]){
			"No theory: it needs random weights of mean 0 in all layers up to here", "no theory for these weights",
		}, 2);
	else
		draw_sum(&place, canvas, rect, &line);
	if (plain)
		draw_incomplete_sum(&place, canvas, rect, &line);
	draw_offsets(&place, canvas, rect, &line);
}
