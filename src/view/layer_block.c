/* The block and the line of one layer. */
#include "view/layer_block.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "nn/activation.h"
#include "nn/branch_scale.h"
#include "nn/initializer.h"
#include "draw/glyphs.h"
#include "base/number.h"
#include "draw/plot.h"
#include "view/layer_marks.h"
#include "view/layer_readout.h"
#include "view/saturation.h"
#include "view/quantity_show.h"
#include "view/verdict.h"

/* ---- what a layer is, in words ---- */

static const struct layer_observation *observation(const struct scene *scene, size_t layer)
{
	return &scene->now->layer[layer];
}

bool layer_is_residual(const struct scene *scene, size_t layer)
{
	return settings_layer_branch(&scene->now->settings, layer + 1) > 0;
}

/* "z = xW+b", with the name of the input and the normalization. */
void layer_add_z_formula(struct text *text, const struct scene *scene, size_t layer)
{
	const char *sum = layer == 0 ? "xW+b" : "aW+b";
	enum mlp_normalization normalization = scene->now->settings.normalization;
	if (observation(scene, layer)->activation.entry == NULL || !mlp_normalizes_z(normalization))
		text_addf(text, "z = %s", sum);
	else
		text_addf(text, "z = %s(%s)", normalization == MLP_BATCH_NORM ? "batchnorm" : "layernorm", sum);
}

/* "0.5 "; nothing for a factor of 1. */
static void add_scale(struct text *text, struct spec scale, const struct settings *settings, size_t layer)
{
	struct initializer_place place;
	char number[TEXT_READOUT_SIZE];
	settings_layer_place(settings, layer + 1, &place);
	if (initializer_evaluate(&scale, &place, NULL) && scale.value[0] != 1)
		text_addf(text, "%s ", text_readout(number, scale.value[0]));
}

void layer_add_a_formula(struct text *text, const struct scene *scene, size_t layer)
{
	const struct entry *activation = observation(scene, layer)->activation.entry;
	const struct settings *settings = &scene->now->settings;
	if (activation == NULL) {
		text_add(text, "p = softmax(z)");
		return;
	}
	unsigned branch = settings_layer_branch(settings, layer + 1);
	bool of_sum = branch && settings->normalization == MLP_SUM_NORM;
	text_add(text, of_sum ? "a = layernorm(" : "a = ");
	if (branch && branch_scale_from(settings->branch_scale.entry)->learned)
		text_add(text, "α ");
	else if (branch)
		add_scale(text, settings->branch_scale, settings, layer);
	if (activation == activation_none.entry && branch == 2)
		text_add(text, "z");
	else
		text_addf(text, "%s(z)", activation->name);
	if (branch == 0)
		return;
	text_add(text, " + ");
	add_scale(text, settings->skip_scale, settings, layer);
	if (branch == layer + 1)
		text_add(text, "x");
	else if (branch == 1)
		text_add(text, "a before");
	else
		text_addf(text, "a of layer %zu", layer + 1 - branch);
	if (of_sum)
		text_add(text, ")");
}

/* The headline: "68 % saturated", "9 % correct". */
enum role layer_headline(char out[48], const struct scene *scene, size_t layer)
{
	const struct layer_observation *o = observation(scene, layer);
	char share[NUMBER_SIZE];
	if (o->activation.entry == NULL) {
		snprintf(out, 48, "%s correct", number_share(share, scene->now->train_accuracy));
		return ROLE_READOUT;
	}
	struct quantity_place place = { .snapshot = scene->now, .layer = layer };
	const struct quantity *saturated = quantity_of(QUANTITY_SATURATED);
	if (isnan(saturation_share(o)))
		snprintf(out, 48, "all NaN");
	else
		snprintf(out, 48, "%s %s", number_share(share, o->saturated), quantity_label(saturated, &place));
	/* The role comes from the rules, not from the number: half of a
	 * rectifier's outputs may be inactive. */
	enum role role = verdict_saturation_role(scene->now, layer);
	return role == ROLE_GOOD ? ROLE_READOUT : role;
}

/* ---- the block ---- */

/* Layout of a block; a width of 0 means absent. */
struct block {
	int panel_x, panel_width; /* readouts */
	int z_x, a_x, columns;    /* histograms, equally wide; a_x < 0: no room for a */
	int delta_x, w_x;         /* 0: no room */
};

static struct block block_layout(int width)
{
	enum { MARGIN = 1, GAP = 2, LEAST = 20, WIDE = 160 };
	if (width >= WIDE) {
		int four = plot_columns((width - MARGIN - LAYER_TABLE_WIDTH - 1 - 3 * GAP) / 4), step = four + GAP;
		return (struct block){
			.panel_x = MARGIN,
			.panel_width = width - MARGIN - 1 - 3 * GAP - 4 * four,
			.z_x = width - four - 3 * step,
			.a_x = width - four - 2 * step,
			.delta_x = width - four - step,
			.w_x = width - four,
			.columns = four,
		};
	}
	int both = (width - MARGIN - LAYER_PANEL_WIDTH - 1 - GAP) / 2;
	int columns = plot_columns(both);
	if (both >= LEAST)
		return (struct block){
			.panel_x = MARGIN,
			.panel_width = width - MARGIN - 1 - GAP - 2 * columns,
			.z_x = width - GAP - 2 * columns,
			.a_x = width - columns,
			.columns = columns,
		};
	columns = plot_columns((width - GAP) / 2);
	if (columns < 8) {
		columns = plot_columns(width);
		return (struct block){.z_x = width - columns, .a_x = -1, .columns = columns};
	}
	int left = (width - GAP - 2 * columns) / 2;
	return (struct block){.z_x = left, .a_x = left + columns + GAP, .columns = columns};
}

static enum role title_role(const struct scene *scene, size_t layer)
{
	return layer == scene->layer ? ROLE_SELECTED : ROLE_TITLE;
}

/* "layer 1 · 784→100", or shorter forms; returns the x after it. */
static int draw_name(const struct scene *scene, struct canvas *canvas, int x, int y, int room, size_t layer)
{
	const struct layer_observation *o = observation(scene, layer);
	char name[96];
	snprintf(name, sizeof name, "layer %zu %zu→%zu", layer + 1, o->fan_in, o->fan_out);
	if (canvas_text_cells(canvas, name) > room)
		snprintf(name, sizeof name, "%zu: %zu→%zu", layer + 1, o->fan_in, o->fan_out);
	if (canvas_text_cells(canvas, name) > room)
		snprintf(name, sizeof name, "layer %zu", layer + 1);
	return canvas_text(canvas, x, y, room, title_role(scene, layer), name);
}

static void draw_marker(const struct scene *scene, struct canvas *canvas, int x, int y, size_t layer)
{
	if (layer == scene->layer)
		canvas_put(canvas, x, y, glyph(GLYPH_RIGHT, canvas->ascii), ROLE_KEY);
}

/* Draws a label only if it fits whole; returns the x after it. */
static int draw_if_room(struct canvas *canvas, int x, int y, int room, const char *label)
{
	return canvas_text_cells(canvas, label) <= room ? canvas_text(canvas, x, y, room, ROLE_LABEL, label) : x;
}

/* "  W he_normal: no theory": whole, then with a short label, then without the reason. */
static void draw_initializer(struct canvas *canvas, int x, int y, int room, const struct layer_observation *o)
{
	struct text text = {0};
	int before = x;
	for (int form = 0; form < 4 && x == before; form++) {
		bool reason = form < 2 && o->theory.broken != THEORY_HOLDS;
		text_clear(&text);
		text_add(&text, "  W ");
		if (form % 2 == 0)
			initializer_whole_label(&o->init, &text);
		else
			initializer_label(&o->init, &text);
		text_add(&text, reason ? ": no theory" : "");
		x = draw_if_room(canvas, x, y, room, text_string(&text));
	}
	text_free(&text);
}

/* Beside the formula of z, as far as there is room: a change of the axis, what the
 * outline means, and the initializer. */
static void draw_notes(const struct scene *scene, struct canvas *canvas, int x, int y, int end, size_t layer)
{
	char note[RULER_NOTE_SIZE], words[RULER_NOTE_SIZE + 4];
	struct ruler grown;
	const struct layer_observation *o = observation(scene, layer);
	static const char own[] = "  own axis";
	bool output = o->activation.entry == NULL;
	if (!output && ruler_has_grown(scene, MLP_Z, &grown)) {
		snprintf(words, sizeof words, "  %s", ruler_note(note, &grown));
		int before = x;
		x = draw_if_room(canvas, x, y, end - x, words);
		for (int i = before; i < x; i++)
			canvas_put(canvas, i, y, canvas_cell(canvas, i, y)->glyph, ROLE_NOTE);
	}
	if (o->theory.z_mean_square > o->theory.z_mean * o->theory.z_mean) {
		const char *name = quantity_theory_name(scene->now, false);
		if (x + 4 + canvas_text_cells(canvas, name) + (output ? canvas_text_cells(canvas, own) : 0) > end)
			name = quantity_theory_name(scene->now, true);
		if (x + 4 + canvas_text_cells(canvas, name) <= end) {
			canvas_put(canvas, x + 2, y, glyph(GLYPH_CURVE, canvas->ascii), ROLE_THEORY);
			x = canvas_text(canvas, x + 4, y, end - x - 4, ROLE_LABEL, name);
		}
	}
	if (output)
		x = draw_if_room(canvas, x, y, end - x, own);
	draw_initializer(canvas, x, y, end - x, o);
}

/* The formulas over the histograms, and the headline at the right. */
static void draw_formulas(const struct scene *scene, struct canvas *canvas, struct rect rect,
                          const struct block *block, size_t layer)
{
	char headline[48];
	enum role role = layer_headline(headline, scene, layer);
	int end = rect.x + block->a_x + block->columns;
	int headline_x = canvas_text_right(canvas, end, rect.y, block->columns, role, headline);
	struct text text = {0};
	layer_add_a_formula(&text, scene, layer);
	int x = rect.x + block->a_x;
	draw_if_room(canvas, x, rect.y, headline_x - x - 1, text_string(&text));
	text_clear(&text);
	layer_add_z_formula(&text, scene, layer);
	x = draw_if_room(canvas, rect.x + block->z_x, rect.y, block->columns, text_string(&text));
	text_free(&text);
	draw_notes(scene, canvas, x, rect.y, rect.x + block->z_x + block->columns, layer);
}

/* Without a panel the title line shows the most important readouts. */
static void draw_short_title(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer)
{
	char headline[48], value[NUMBER_SIZE], number[32];
	enum role role = layer_headline(headline, scene, layer);
	snprintf(number, sizeof number, "layer %zu", layer + 1);
	int x = canvas_text(canvas, rect.x + 1, rect.y, rect.width - 1, title_role(scene, layer), number) + 1;
	int end = rect.x + rect.width;
	if (end - x < canvas_text_cells(canvas, headline))
		return;
	end = canvas_text_right(canvas, end, rect.y, end - x, role, headline) - 1;
	quantity_format_square(value, scene->now, layer, MLP_Z);
	if (end - x < 6 + canvas_text_cells(canvas, value))
		return;
	x = canvas_text(canvas, x, rect.y, end - x, ROLE_LABEL, quantity_square_label(MLP_Z)) + 1;
	canvas_text(canvas, x, rect.y, end - x, ROLE_READOUT, value);
}

/* A click on a layer selects it. */
static void fill_layer_probe(const struct canvas *canvas, struct rect rect, size_t layer)
{
	struct canvas_probe *probe = canvas_probe_in(canvas, rect);
	if (probe)
		snprintf(probe->command, sizeof probe->command, "layer %zu", layer + 1);
}

bool layer_ends_are_rounded(const struct layer_observation *layer)
{
	return layer->activation.entry == NULL || activation_of(&layer->activation)->rounded;
}

/* A click on a bar shows its values. */
static void fill_bar_probe(const struct canvas *canvas, struct rect rect, const struct snapshot *snapshot, size_t layer,
                       enum mlp_tensor tensor, const struct histogram *h)
{
	struct canvas_probe *probe = canvas_probe_in(canvas, rect);
	if (probe == NULL)
		return;
	int used = snprintf(probe->words, sizeof probe->words, "layer %zu, %s ", layer + 1, snapshot_tensor_names[tensor]);
	plot_describe(h, plot_columns(rect.width), probe->x - rect.x,
	              tensor == MLP_A && layer_ends_are_rounded(&snapshot->layer[layer]), probe->words + used,
	              sizeof probe->words - (size_t)used);
}

void layer_tensor_draw(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer,
                       enum mlp_tensor tensor, struct ruler ruler)
{
	static const enum role roles[MLP_TENSORS] = {
		[MLP_Z] = ROLE_HIST_Z, [MLP_A] = ROLE_HIST_A, [MLP_W] = ROLE_HIST_W,
		[MLP_DELTA] = ROLE_HIST_GRADIENT, [MLP_DW] = ROLE_HIST_GRADIENT,
	};
	bool saturated[HISTOGRAM_BINS];
	const struct layer_observation *o = observation(scene, layer);
	struct histogram on_ruler;
	const struct histogram *h = &on_ruler;
	int columns = plot_columns(rect.width);
	plot_rebin(&on_ruler, &o->tensor[tensor].histogram, ruler.low, ruler.high);
	fill_bar_probe(canvas, rect, scene->now, layer, tensor, h);
	memset(saturated, 0, sizeof saturated);
	if (tensor == MLP_Z)
		saturation_of_inputs(saturated, columns, o, h->low, h->high);
	else if (tensor == MLP_A)
		saturation_of_outputs(saturated, columns, o, h->low, h->high, layer_is_residual(scene, layer));
	enum role saturated_role = verdict_flat_role(scene->now, layer);
	struct rect bars = rect;
	if (rect.height >= 2) {
		bars.height--;
		plot_axis(canvas, (struct rect){rect.x, rect.y + bars.height, rect.width, 1}, h->low, h->high, saturated,
		          saturated_role);
	}
	if (rect.height >= 2)
		layer_marks_draw(scene, canvas, (struct rect){rect.x, rect.y + bars.height, columns, 1}, layer, tensor, h->low, h->high);
	/* Theory predicts the first step; afterwards its outline shows how far
	 * training has moved the layer. */
	bool predicted = tensor == MLP_Z && bars.height >= 2;
	plot_histogram(canvas, bars, &(struct plot_histogram){
		.histogram = h, .log = scene->log_counts, .zoom = scene->zoom,
		.role = roles[tensor],
		.saturated = saturated,
		.saturated_role = saturated_role,
		.theory_mean = o->theory.z_mean,
		.theory_variance = predicted ? o->theory.z_mean_square - o->theory.z_mean * o->theory.z_mean : NAN,
	});
}

void layer_block_draw(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer)
{
	if (rect.height < 1 || rect.width < 1)
		return;
	fill_layer_probe(canvas, rect, layer);
	struct block block = block_layout(rect.width);
	draw_marker(scene, canvas, rect.x, rect.y, layer);
	if (block.panel_width > 0) {
		int x = draw_name(scene, canvas, rect.x + 1, rect.y, block.z_x - 2, layer);
		struct verdict verdict = verdict_layer(scene->now, layer);
		if (x + 12 < rect.x + block.z_x)
			canvas_text_right(canvas, rect.x + block.z_x - 1, rect.y, 11, verdict.role, verdict.badge);
		draw_formulas(scene, canvas, rect, &block, layer);
	} else
		draw_short_title(scene, canvas, rect, layer);
	/* Tall blocks have a blank row below. */
	int rows = rect.height - (rect.height >= 9 ? 2 : 1);
	layer_readouts_draw(scene->now, canvas, (struct rect){rect.x + block.panel_x, rect.y + 1, block.panel_width, rows},
	                    layer);
	layer_tensor_draw(scene, canvas, (struct rect){rect.x + block.z_x, rect.y + 1, block.columns, rows}, layer, MLP_Z,
	                  ruler_of(scene, layer, MLP_Z));
	static const struct { enum mlp_tensor tensor; const char *title; } more[] = {
		{ MLP_DELTA, "δ, the gradient of z" }, { MLP_W, "W, the weights" },
	};
	for (int i = 0; i < 2 && block.w_x; i++) {
		int x = rect.x + (i == 0 ? block.delta_x : block.w_x);
		draw_if_room(canvas, x, rect.y, block.columns, more[i].title);
		layer_tensor_draw(scene, canvas, (struct rect){x, rect.y + 1, block.columns, rows}, layer, more[i].tensor,
		                  ruler_of(scene, layer, more[i].tensor));
	}
	if (block.a_x >= 0)
		layer_tensor_draw(scene, canvas, (struct rect){rect.x + block.a_x, rect.y + 1, block.columns, rows}, layer, MLP_A,
		                  ruler_of(scene, layer, MLP_A));
}
