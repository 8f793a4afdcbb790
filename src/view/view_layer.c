/* The Layer view: one layer in detail.  Its picture, its numbers, and the
 * sums of theory below. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "nn/activation.h"
#include "nn/initializer.h"
#include "lab/layer_function.h"
#include "draw/glyphs.h"
#include "base/number.h"
#include "view/layer_block.h"
#include "view/layer_marks.h"
#include "view/layer_picture.h"
#include "view/layer_numbers.h"
#include "view/quantity_show.h"
#include "view/verdict.h"
#include "view/view_list.h"

/* ---- layout ---- */

struct layout {
	int title;        /* rows: 0 or 1 */
	int numbers;        /* columns of readouts, 0 for none */
	int sums;         /* rows below */
};

static struct layout layout_of(int width, int height)
{
	return (struct layout){
		.title = height >= 5,
		.numbers = width >= 116 ? 40 : width >= 100 ? LAYER_NUMBERS_TABLE : width >= 64 ? LAYER_NUMBERS_LIST : 0,
		.sums = height >= 18 ? LAYER_NUMBERS_SUMS : height >= 11 ? 1 : 0,
	};
}

/* ---- drawing ---- */

/* The headline; a wide title adds what it is a share of, and which share is normal. */
static void format_headline(char *out, size_t size, const struct scene *scene, const char *brief, int width)
{
	enum { WIDE = 116 };
	const struct spec *activation = &scene->now->layer[scene->layer].activation;
	char share[NUMBER_SIZE];
	if (activation->entry == NULL || width < WIDE) {
		snprintf(out, size, "%s", brief);
		return;
	}
	const char *word = activation_saturation_word(activation);
	snprintf(out, size, "%s of the outputs are %s%s", number_share(share, scene->now->layer[scene->layer].saturated), word,
	         activation_of(activation)->saturation == SATURATION_INACTIVE ? " (half is normal)" : "");
}

/* "layer 1 784→100", the formulas over the picture, the headline at the right;
 * what does not fit is left out. */
static void draw_title(const struct scene *scene, struct canvas *canvas, struct rect rect, int picture_x)
{
	const struct layer_observation *o = &scene->now->layer[scene->layer];
	char headline[96], brief[48];
	enum role role = layer_headline(brief, scene, scene->layer);
	format_headline(headline, sizeof headline, scene, brief, rect.width);
	int end = rect.x + rect.width;
	int x = canvas_textf(canvas, rect.x, rect.y, rect.width, ROLE_TITLE, "layer %zu of %zu", scene->layer + 1,
	                     scene->now->layers) + 1;
	if (end - x < canvas_text_cells(canvas, headline))
		return;
	end = canvas_text_right(canvas, end, rect.y, end - x, role, headline) - 1;
	struct text words = {0};
	text_addf(&words, "%zu→%zu", o->fan_in, o->fan_out);
	if (picture_x - x > canvas_text_cells(canvas, text_string(&words)))
		canvas_text(canvas, x, rect.y, picture_x - x, ROLE_LABEL, text_string(&words));
	x = picture_x > x ? picture_x : x;
	for (int form = 0; form < 4; form++) {
		text_clear(&words);
		if (form < 3) {
			layer_add_z_formula(&words, scene, scene->layer);
			text_add(&words, ", ");
		}
		layer_add_a_formula(&words, scene, scene->layer);
		if (form < 2)
			text_add(&words, " · W ");
		if (form == 0)
			initializer_whole_label(&o->init, &words);
		else if (form == 1)
			initializer_label(&o->init, &words);
		if (canvas_text_cells(canvas, text_string(&words)) > end - x)
			continue;
		canvas_text(canvas, x, rect.y, end - x, ROLE_LABEL, text_string(&words));
		break;
	}
	text_free(&words);
}

void view_layer_draw(const struct scene *scene, struct canvas *canvas, struct rect area)
{
	if (area.width < 1 || area.height < 1 || scene->now->layers == 0)
		return;
	struct scene inside = *scene;
	if (inside.layer >= scene->now->layers)
		inside.layer = scene->now->layers - 1;
	struct layout layout = inside.present ? (struct layout){ .title = area.height >= 5 } : layout_of(area.width, area.height);
	int margin = area.width >= 20, x = area.x + margin, width = area.width - margin;
	int picture_x = x + layout.numbers + (layout.numbers ? 2 : 0), y = area.y + layout.title;
	int rows = area.height - layout.title - layout.sums;
	if (layout.title)
		draw_title(&inside, canvas, (struct rect){x, area.y, width, 1}, picture_x);
	layer_picture_draw(&inside, canvas, (struct rect){picture_x, y, area.x + area.width - picture_x, rows}, inside.layer);
	if (layout.numbers)
		layer_numbers_draw(&inside, canvas, (struct rect){x, y, layout.numbers, rows}, inside.layer);
	layer_numbers_sums(&inside, canvas, (struct rect){x, y + rows, width, layout.sums}, inside.layer);
}

/* ---- the explanation ---- */

static void explain_rays(const struct snapshot *now, struct text *text, size_t layer)
{
	const struct layer_observation *o = &now->layer[layer];
	const struct tensor_observation *z = &o->tensor[MLP_Z];
	struct layer_function function = layer_function_of(o);
	char from[TEXT_READOUT_SIZE], to[TEXT_READOUT_SIZE];
	text_add(text, "Dashed lines lead from percentiles of z up to the curve and across to their outputs:");
	for (int i = 1; i < STATS_PERCENTILES - 1; i++)
		text_addf(text, "%s %d %%: z = %s → %s", i > 1 ? ";" : "", stats_percentile_ranks[i],
		          text_readout(from, z->percentile[i]),
		          text_readout(to, layer_function_value(&function, z->percentile[i])));
	text_add(text, ".\n");
}

static void explain_function(const struct snapshot *now, struct text *text, size_t layer)
{
	const struct layer_observation *o = &now->layer[layer];
	struct layer_function function = layer_function_of(o);
	char share[NUMBER_SIZE], most[TEXT_READOUT_SIZE], square[TEXT_READOUT_SIZE], step[NUMBER_SIZE];
	if (o->activation.entry == NULL) {
		text_addf(text, "p = e^z / Σ e^z depends on all %zu z of an image; the curve is p over one z while the others "
		          "keep their average value.\n", o->fan_out);
		return;
	}
	const struct activation *f = activation_of(&o->activation);
	text_addf(text, "Shaded: where the slope of %s is under 10 %% of its largest, %s; %s of the inputs lie there.\n",
	          f->entry.name, text_readout(most, f->max_slope(o->activation.value)), number_share(share, o->saturated));
	text_addf(text, "On its way back the gradient² is multiplied by f'(z)², %s on average, and by fan_out · Var(W) of the next "
	          "layer; measured, both make %s.\n", text_readout(square, layer_function_slope_square(&function)),
	          number_factor(step, quantity_read(quantity_of(QUANTITY_DELTA_FACTOR),
	                                            &(struct quantity_place){.snapshot = now, .layer = layer})));
}

void view_layer_explain(const struct scene *scene, struct text *text)
{
	const struct snapshot *now = scene->now;
	if (now->layers == 0)
		return;
	size_t layer = scene->layer < now->layers ? scene->layer : now->layers - 1;
	const struct layer_observation *o = &now->layer[layer];
	char within[TEXT_READOUT_SIZE], between[TEXT_READOUT_SIZE], theory[TEXT_READOUT_SIZE], seen[TEXT_READOUT_SIZE];
	text_add(text, "Read the picture from below: the bars at the bottom are the inputs z; the line above, on the same axis, "
	         "is the activation; the bars at its right are the outputs a, on the vertical axis of the line.\n");
	layer_marks_explain(scene, text);
	explain_rays(now, text, layer);
	explain_function(now, text, layer);
	text_addf(text, "\n%s is %s; theory predicts %s%s: the normal distribution drawn over the bars.\n", quantity_square_label(MLP_Z),
	          quantity_format_square(seen, now, layer, MLP_Z),
	          number_known(theory, quantity_square_theory(now, layer, MLP_Z)), now->step ? " for the start" : "");
	text_addf(text, "%s is %s within units (over the images) and %s between them: each unit's mean over all images, "
	          "an offset that is the same for every image and carries no information about it.\n",
	          quantity_of(QUANTITY_VARIANCE)->label[MLP_Z], text_readout(within, o->z_within), text_readout(between, o->z_between));
	struct verdict verdict = verdict_layer(now, layer);
	text_addf(text, "\nVerdict on layer %zu: %s. %s.\n", layer + 1, verdict.word, verdict.sentence);
}
