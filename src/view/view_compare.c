/* The Compare view: two nets in lock-step, layer by layer, with histograms
 * on the same axes and the ratios of their numbers. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "nn/activation.h"
#include "lab/run_label.h"
#include "nn/initializer.h"
#include "base/number.h"
#include "draw/plot.h"
#include "draw/rows.h"
#include "view/compare_numbers.h"
#include "view/layer_block.h"
#include "view/quantity_show.h"
#include "view/view_list.h"

/* ---- who is compared ---- */

static struct compared compared_of(const struct scene *scene)
{
	size_t other = scene->chosen ? scene->chosen : 1;
	if (scene->lanes < 2)
		return (struct compared){ .a = scene->now };
	const struct scene_lane *first = &scene->lane[0], *second = &scene->lane[other];
	return (struct compared){
		.a = first->now ? first->now : scene->now, .b = second->now,
		.history_a = first->history, .history_b = second->history,
	};
}

/* ---- layout ---- */

/* Columns of the screen, from the left edge of the area. */
struct places {
	int columns;    /* of each histogram */
	bool outputs;   /* a beside z */
	int x[2];       /* positions of A and B */
	int width;      /* width of each of them */
	int story_x, story_width;
};

static struct places places_of(int width)
{
	enum { MARGIN = 1, GAP = 1, LEAST = 12 };
	int free = width - MARGIN - GAP;
	struct places places = { .outputs = true };
	places.columns = plot_columns((free - 3 * GAP - COMPARE_TABLE) / 4);
	if (places.columns < 20)
		places.columns = plot_columns((free - 3 * GAP - COMPARE_LIST) / 4);
	if (places.columns < LEAST) {
		places.outputs = false;
		places.columns = plot_columns((free - GAP - COMPARE_LIST) / 2);
	}
	places.width = places.outputs ? 2 * places.columns + GAP : places.columns;
	int left = width - MARGIN - 2 * places.width - 2 * GAP;
	/* Width that the list does not need is put between A and B. */
	int apart = left < COMPARE_TABLE && left > COMPARE_LIST ? 1 : 0;
	places.x[0] = MARGIN;
	places.x[1] = MARGIN + places.width + GAP + apart;
	places.story_x = places.x[1] + places.width + GAP;
	places.story_width = width - places.story_x;
	return places;
}

#define MOST_ROWS 30 /* of a layer */

/* ---- drawing ---- */

/* The first of two texts that fits; returns the x after it. */
static int draw_fitting(struct canvas *canvas, int x, int y, int room, enum role role, const char *text,
                        const char *shorter)
{
	bool fits = canvas_text_cells(canvas, text) <= room;
	return canvas_text(canvas, x, y, room, role, fits ? text : shorter);
}

/* A layer of one net: its title, z and beside it a. */
static void draw_side(const struct scene *scene, const struct snapshot *now, struct canvas *canvas, struct rect rect,
                      const struct places *places, size_t layer)
{
	struct scene alone = *scene;
	alone.now = now;
	int bars_y = rect.y, rows = rect.height, a_x = rect.x + rect.width - places->columns;
	if (rows >= 3) {
		char value[NUMBER_SIZE], square[48], short_square[48], headline[48];
		quantity_format_square(value, now, layer, MLP_Z);
		snprintf(square, sizeof square, "z: %s %s", quantity_square_label(MLP_Z), value);
		snprintf(short_square, sizeof short_square, "z² %s", value);
		int x = draw_fitting(canvas, rect.x, rect.y, places->columns, ROLE_READOUT, square, short_square);
		enum role role = layer_headline(headline, &alone, layer);
		if (places->outputs)
			canvas_text_right(canvas, rect.x + rect.width, rect.y, rect.x + rect.width - x - 1, role, headline);
		bars_y++;
		rows--;
	}
	layer_tensor_draw(&alone, canvas, (struct rect){rect.x, bars_y, places->columns, rows}, layer, MLP_Z,
	                  ruler_of(&alone, layer, MLP_Z));
	if (places->outputs)
		layer_tensor_draw(&alone, canvas, (struct rect){a_x, bars_y, places->columns, rows}, layer, MLP_A,
		                  ruler_of(&alone, layer, MLP_A));
}

/* Names of a net, longest first: scenario and options, initializer and activation,
 * initializer, the letter alone. */
enum { NAME_FORMS = 4, NAME_SIZE = RUN_LABEL_SIZE + 8 };

static void name_net(char out[NAME_SIZE], const struct snapshot *now, char letter, int form)
{
	char label[RUN_LABEL_SIZE] = "";
	struct text init = {0};
	if (form == 0)
		run_label(label, &now->settings);
	else if (form == 1)
		run_net_label(label, &now->settings);
	else if (form == 2) {
		initializer_label(&now->settings.init, &init);
		snprintf(label, sizeof label, "%s", text_string(&init));
	}
	text_free(&init);
	snprintf(out, NAME_SIZE, "%c%s%s", letter, label[0] ? " " : "", label);
}

/* Both names, in the same form: nets named by different things cannot be compared. */
static void draw_names(const struct compared *two, struct canvas *canvas, const int x[2], int y, int room)
{
	char a[NAME_SIZE], b[NAME_SIZE] = "";
	for (int form = 0; form < NAME_FORMS; form++) {
		name_net(a, two->a, 'A', form);
		if (two->b)
			name_net(b, two->b, 'B', form);
		if (canvas_text_cells(canvas, a) <= room && canvas_text_cells(canvas, b) <= room)
			break;
	}
	canvas_text(canvas, x[0], y, room, ROLE_TITLE, a);
	canvas_text(canvas, x[1], y, room, ROLE_TITLE, b);
}

/* What is drawn in the place of B if there is no second net. */
static void draw_no_partner(const struct scene *scene, struct canvas *canvas, struct rect rect)
{
	static const char *const lines[] = {
		"B: no second net yet", "", "c  starts another net here,", "   same seeds, same batches", "",
		":compare init=he", ":compare init=zeros",
	};
	static const char *const brief[] = { "no B yet:", "press c" };
	bool awaited = scene->lanes > 1, wide = rect.width >= canvas_text_cells(canvas, lines[2]);
	const char *const *words = wide ? lines : brief;
	int count = awaited ? 1 : wide ? (int)(sizeof lines / sizeof lines[0]) : 2;
	int y = rect.y + (rect.height > count ? (rect.height - count) / 2 : 0);
	for (int i = 0; i < count && y < rect.y + rect.height; i++)
		canvas_text(canvas, rect.x, y++, rect.width, i ? ROLE_HINT : ROLE_LABEL, awaited ? "B: loading" : words[i]);
}

void view_compare_draw(const struct scene *scene, struct canvas *canvas, struct rect area)
{
	struct compared two = compared_of(scene);
	if (area.width < 1 || area.height < 1 || two.a->layers == 0)
		return;
	struct places places = places_of(area.width);
	two.headlines = places.outputs;
	size_t layers = two.b && two.b->layers > two.a->layers ? two.b->layers : two.a->layers;
	int y = area.y, heads = area.height > 4;
	if (heads) {
		draw_names(&two, canvas, (const int[]){ area.x + places.x[0], area.x + places.x[1] }, y, places.width);
		y++;
	}
	struct layer_rows rows = layer_rows_fit(layers, scene->layer, scene->scroll, area.height - heads, MOST_ROWS);
	if (two.b == NULL)
		draw_no_partner(scene, canvas, (struct rect){area.x + places.x[1], y, places.width, area.height - heads});
	for (size_t i = 0; i < rows.count; i++) {
		size_t layer = rows.first + i;
		int height = layer_rows_of(&rows, i);
		if (layer < two.a->layers)
			draw_side(scene, two.a, canvas, (struct rect){area.x + places.x[0], y, places.width, height}, &places, layer);
		if (two.b && layer < two.b->layers)
			draw_side(scene, two.b, canvas, (struct rect){area.x + places.x[1], y, places.width, height}, &places, layer);
		compare_numbers_draw(&two, canvas, (struct rect){area.x + places.story_x, y, places.story_width, height}, layer,
		                   layer == scene->layer);
		y += height;
	}
}

/* ---- the explanation ---- */

static void explain_no_partner(struct text *text)
{
	text_add(text, "There is only one net. Press c to start another one beside it, with a different initializer, from step 0, "
	               "with the same seeds and the same batches. c again compares with the next scenario; :compare NAME chooses "
	               "one; :compare init=zeros, or any SETTING=VALUE, compares with this net changed in one setting; "
	               ":compare off ends the comparison.\n");
}

void view_compare_explain(const struct scene *scene, struct text *text)
{
	struct compared two = compared_of(scene);
	if (two.a->layers == 0)
		return;
	if (two.b == NULL) {
		explain_no_partner(text);
		return;
	}
	char label[RUN_LABEL_SIZE], one[NUMBER_SIZE], other[NUMBER_SIZE], factor[NUMBER_SIZE];
	size_t layer = scene->layer < two.a->layers ? scene->layer : two.a->layers - 1;
	text_addf(text, "A is %s;", run_label(label, &two.a->settings));
	text_addf(text, " B is %s.\n", run_label(label, &two.b->settings));
	text_add(text, "Both started with the same seeds and train on the same batches in the same order, so all differences "
	               "come from what was changed. All hidden layers of both nets have the same axis and the same bins; "
	               "the highest column of each histogram has full height.\n\n");
	if (layer < two.b->layers) {
		double a = quantity_square(two.a, layer, MLP_Z), b = quantity_square(two.b, layer, MLP_Z);
		text_addf(text, "Layer %zu: %s is %s in A and %s in B, %s.\n", layer + 1, quantity_square_label(MLP_Z),
		          quantity_format_square(one, two.a, layer, MLP_Z), quantity_format_square(other, two.b, layer, MLP_Z),
		          number_factor(factor, b / a));
		if (two.a->layer[layer].activation.entry && two.b->layer[layer].activation.entry)
			text_addf(text, "%s of A's outputs are %s, %s of B's are %s.\n", number_share(one, two.a->layer[layer].saturated),
			          activation_saturation_word(&two.a->layer[layer].activation),
			          number_share(other, two.b->layer[layer].saturated),
			          activation_saturation_word(&two.b->layer[layer].activation));
	}
	text_add(text, "flat: the share of outputs where the activation has a small slope, saturated or inactive. About half is normal "
	               "for a rectifier.\n");
	text_addf(text, "Loss after %llu steps: %s in A, ", (unsigned long long)two.a->step, number_known(one, two.a->loss));
	text_addf(text, "%s in B.\n", number_known(other, two.b->loss));
	text_add(text, "o chooses which of the two nets the other views show; i changes A's initializer; all other changes are "
	               "made in both nets. The number key of a scenario returns to one net.\n");
}
