/* The Layers view: the inputs z and outputs a of every layer side by side.
 * Each layer has a block if there is room; otherwise there is
 * a list with a line for each, and where there is room the block of the selected
 * layer below. */
#include "base/text.h"
#include "nn/activation.h"
#include "nn/initializer.h"
#include "base/number.h"
#include "view/layer_bands.h"
#include "view/layer_block.h"
#include "view/layer_large.h"
#include "view/layer_marks.h"
#include "view/loss_chart.h"
#include "view/quantity_show.h"
#include "view/verdict.h"
#include "view/view_list.h"

/* ---- layout: which rows show what ---- */

struct layout {
	bool large;     /* every layer with few, large things */
	bool blocks;    /* a block for every layer; otherwise the list of bands */
	int rows;       /* of a block; the first `extra` ones have one more */
	int extra;
	int block_rows; /* rows of the selected layer's block below the list, 0 for none */
};

static struct layout layout_of(const struct scene *scene, int height)
{
	enum { BLOCK = 8, LIST = 20 };
	size_t layers = scene->now->layers;
	bool large = scene->present && layers <= (size_t)height / LAYER_LARGE_ROWS;
	if (layers <= (size_t)height / LAYER_BLOCK_ROWS)
		return (struct layout){
			.large = large,
			.blocks = true,
			.rows = height / (int)layers,
			.extra = height % (int)layers,
		};
	/* Below a short list there is room for a larger block. */
	int spare = height - 2 - (layers < LIST ? (int)layers : LIST);
	return (struct layout){ .block_rows = spare >= BLOCK ? spare : 0 };
}

/* ---- drawing ---- */

static void draw_blocks(const struct scene *scene, struct canvas *canvas, struct rect area,
                        const struct layout *layout)
{
	int y = area.y;
	for (size_t i = 0; i < scene->now->layers; i++) {
		int rows = layout->rows + (i < (size_t)layout->extra);
		struct rect rect = { area.x, y, area.width, rows };
		if (layout->large)
			layer_large_draw(scene, canvas, rect, i);
		else
			layer_block_draw(scene, canvas, rect, i);
		y += rows;
	}
}

static void draw_list(const struct scene *scene, struct canvas *canvas, struct rect area, const struct layout *layout)
{
	int list = area.height - layout->block_rows;
	layer_bands_draw(scene, canvas, (struct rect){area.x, area.y, area.width, list});
	layer_block_draw(scene, canvas, (struct rect){area.x, area.y + list, area.width, layout->block_rows}, scene->layer);
}

/* Rows of the view from which the loss chart has room below, and its rows. */
#define TALL 44
#define CHART 12

void view_layers_draw(const struct scene *scene, struct canvas *canvas, struct rect area)
{
	if (area.width < 1 || area.height < 1 || scene->now->layers == 0)
		return;
	struct scene inside = *scene;
	if (inside.layer >= scene->now->layers)
		inside.layer = scene->now->layers - 1;
	if (area.height >= TALL && !scene->present && scene->now->step > 0) {
		area.height -= CHART;
		loss_chart_draw(scene->now, scene->linear, canvas, (struct rect){area.x, area.y + area.height, area.width, CHART});
	}
	struct layout layout = layout_of(&inside, area.height);
	if (layout.blocks)
		draw_blocks(&inside, canvas, area, &layout);
	else
		draw_list(&inside, canvas, area, &layout);
}

/* ---- the explanation ---- */

/* How theory computes E[z^2], with the numbers. */
static void explain_sum(const struct snapshot *now, struct text *text, size_t layer)
{
	const struct layer_observation *o = &now->layer[layer];
	const char *name = layer == 0 ? "x" : "a";
	double incoming = layer == 0 ? now->input.mean_square : o[-1].theory.a_mean_square;
	char square[TEXT_READOUT_SIZE], weight[TEXT_READOUT_SIZE], product[TEXT_READOUT_SIZE];
	text_addf(text, "Each z is the sum of %zu products of an incoming %s and a weight, so theory expects\n", o->fan_in, name);
	text_addf(text, "E[z²] = %zu · E[%s²] · Var(W) = %zu · %s · %s = %s, plus the variance of the biases.\n", o->fan_in, name,
	          o->fan_in, number_known(square, incoming), number_known(weight, o->weight_variance),
	          number_known(product, (double)o->fan_in * incoming * o->weight_variance));
	text_add(text, "Var(W) = ");
	initializer_explain(&o->init, o->fan_in, o->fan_out, text);
	text_add(text, ".\n");
	if (layer > 0 || !(o->weight_variance > 0))
		return;
	text_addf(text, "With Var(x) = %s instead of E[x²] the sum would be %s: too small, because the pixels' mean is not zero.\n",
	          text_readout(square, now->input.variance),
	          number_known(product, (double)o->fan_in * now->input.variance * o->weight_variance));
}

static void explain_prediction(const struct snapshot *now, struct text *text, size_t layer)
{
	char observed[NUMBER_SIZE], theory[NUMBER_SIZE];
	text_addf(text, "Layer %zu's E[z²], the mean of z·z, is %s; theory predicts %s%s.\n", layer + 1,
	          quantity_format_square(observed, now, layer, MLP_Z),
	          number_known(theory, quantity_square_theory(now, layer, MLP_Z)),
	          now->step == 0 ? "" : " for the start");
	if (!mlp_normalizes_z(now->settings.normalization))
		explain_sum(now, text, layer);
}

static void explain_saturation(const struct scene *scene, struct text *text, size_t layer)
{
	const struct layer_observation *o = &scene->now->layer[layer];
	if (o->activation.entry == NULL) {
		text_add(text, "The output layer cannot saturate: softmax turns its z into probabilities p.\n");
		return;
	}
	const struct activation *f = activation_of(&o->activation);
	char share[NUMBER_SIZE], most[TEXT_READOUT_SIZE];
	text_addf(text, "Where the axis is drawn heavy, the slope of %s is under 10 %% of its largest, %s;",
	          f->entry.name, text_readout(most, f->max_slope(o->activation.value)));
	text_addf(text, " %s of the outputs are %s. The gradient is multiplied by this slope, so little of it passes.\n",
	          number_share(share, o->saturated), activation_saturation_word(&o->activation));
	text_addf(text, "Dead units (%s for every image): %s.\n", activation_saturation_word(&o->activation),
	          number_share(share, o->dead));
}

void view_layers_explain(const struct scene *scene, struct text *text)
{
	const struct snapshot *now = scene->now;
	if (now->layers == 0)
		return;
	size_t layer = scene->layer < now->layers ? scene->layer : now->layers - 1;
	text_add(text, "Each layer computes z = xW + b from its inputs x and passes a = f(z) to the next.\n");
	text_addf(text, "The bars are histograms of z (left) and a (right): %s counts (Z changes it), the highest column has full "
	          "height. z and b narrow and widen the range of values shown; the share of values beyond it is written at the ends.\n",
	          scene->log_counts ? "logarithmic" : "linear");
	text_add(text, "A thin full-height bar is one exact value (relu: 0), with its share beside it.\n");
	layer_marks_explain(scene, text);
	if (now->step == 0)
		text_add(text, "The line over z, where there is room: the normal distribution that theory predicts.\n");
	else
		text_add(text, "theory@0, and the line over z, describe the random weights of step 0; training changes them.\n");
	text_add(text, "\n");
	explain_prediction(now, text, layer);
	text_add(text, "\n");
	explain_saturation(scene, text, layer);
	static const enum quantity_id explained[] = { QUANTITY_DELTA_FACTOR, QUANTITY_UPDATE_RATIO };
	for (size_t i = 0; i < sizeof explained / sizeof explained[0]; i++) {
		const struct quantity *quantity = quantity_of(explained[i]);
		text_addf(text, "%s: %s.\n", quantity->label[0], quantity->entry.summary);
	}
	text_addf(text, "About 0.001 is usual for %s.\n\n", quantity_of(QUANTITY_UPDATE_RATIO)->label[0]);
	struct verdict verdict = verdict_layer(now, layer);
	text_addf(text, "Verdict on layer %zu: %s. %s.\n", layer + 1, verdict.word, verdict.sentence);
	text_addf(text, "Its rule: %s.\n", verdict.rule);
}
