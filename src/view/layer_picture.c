/* The picture of one layer.  All parts share two axes: z is horizontal in
 * the histogram and under the curve, a is vertical beside the curve and its
 * histogram.  So a column of inputs can be followed up to the curve and from
 * there across to its outputs. */
#include "view/layer_picture.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "nn/activation.h"
#include "lab/layer_function.h"
#include "draw/braille.h"
#include "draw/glyphs.h"
#include "draw/plot.h"
#include "view/layer_block.h"
#include "view/layer_marks.h"
#include "view/ruler.h"
#include "view/saturation.h"
#include "view/verdict.h"

/* ---- layout ---- */

/* Layout of the parts; a width or height of 0 means absent. */
struct parts {
	struct rect z, z_axis;
	struct rect curve;
	struct rect a_axis; /* labels, and a line at their right */
	struct rect a;
	struct rect legend;
};

static struct parts parts_of(struct rect rect)
{
	enum { LABELS = 7, LEAST_SIDE = 8 };
	int side = rect.width / 6 > LEAST_SIDE ? rect.width / 6 : LEAST_SIDE;
	bool outlet = rect.width >= LABELS + side + 10;
	int columns = plot_columns(outlet ? rect.width - LABELS - side : rect.width);
	int axis = rect.height >= 4, rows = rect.height - axis;
	int high = plot_columns(rows >= 2 ? rows * 2 / 3 : 1), low = rows - high;
	struct parts parts = {
		.curve = {rect.x, rect.y, columns, high},
		.z = {rect.x, rect.y + high, columns, low},
		.z_axis = {rect.x, rect.y + high + low, columns, axis},
	};
	if (!outlet)
		return parts;
	int x = rect.x + columns, end = rect.x + rect.width;
	parts.a_axis = (struct rect){x, rect.y, LABELS, high};
	parts.a = (struct rect){x + LABELS, rect.y, end - x - LABELS, high};
	parts.legend = (struct rect){x + 1, rect.y + high, end - x - 1, low + axis};
	return parts;
}

/* ---- drawing ---- */

struct picture {
	const struct scene *scene;
	const struct layer_observation *layer;
	const struct histogram *z, *a;
	struct layer_function function;
	bool z_saturated[HISTOGRAM_BINS], a_saturated[HISTOGRAM_BINS]; /* of the columns of z, the rows of a */
	enum role saturated_role;
	double steepest; /* largest |slope| on the axis, or of the function: the top of the scale of its curve */
	struct parts parts;
};

/* Position of an output on the a axis, 0..1 inside. */
static double height_of(const struct picture *picture, double a)
{
	return (a - picture->a->low) / (picture->a->high - picture->a->low);
}

/* The input at the centre of a column of dots. */
static double input_at(const struct picture *picture, int dot)
{
	const struct histogram *z = picture->z;
	return z->low + (dot + 0.5) * (z->high - z->low) / (BRAILLE_ACROSS * picture->parts.z.width);
}

static double steepest_of(const struct picture *picture)
{
	const struct spec *activation = &picture->layer->activation;
	double most = activation->entry ? activation_of(activation)->max_slope(activation->value) : 0.25;
	return isfinite(most) ? most : fabs(layer_function_slope(&picture->function, picture->z->high));
}

static void shade(const struct picture *picture, struct canvas *canvas)
{
	struct rect curve = picture->parts.curve;
	for (int x = 0; x < curve.width; x++)
		for (int y = 0; picture->z_saturated[x] && y < curve.height; y++)
			canvas_put(canvas, curve.x + x, curve.y + y, glyph(GLYPH_SHADE_1, canvas->ascii), picture->saturated_role);
}

/* Draws the path of one input: up from the histogram to the curve, and
 * across to its output. */
static void draw_ray(const struct picture *picture, struct canvas *canvas, double input)
{
	const struct parts *parts = &picture->parts;
	struct rect curve = parts->curve, z = parts->z;
	double at = (input - picture->z->low) / (picture->z->high - picture->z->low);
	double height = height_of(picture, layer_function_value(&picture->function, input));
	if (!(at >= 0 && at <= 1) || !(height >= 0 && height <= 1))
		return;
	int column = plot_row(at, curve.width), row = plot_row(height, curve.height);
	int x = curve.x + column, turn = curve.y + curve.height - 1 - row;
	for (int y = turn + 1; y < z.y + z.height; y++)
		if (y < z.y || canvas_cell(canvas, x, y)->glyph == ' ')
			canvas_put(canvas, x, y, glyph(GLYPH_DASH_V, canvas->ascii), ROLE_CURVE_3);
	for (int i = x; i < parts->a_axis.x + parts->a_axis.width - 1; i++)
		canvas_put(canvas, i, turn, glyph(GLYPH_DASH_H, canvas->ascii), ROLE_CURVE_3);
}

/* The percentiles whose paths are drawn: 5, 50, 95 %, in large pictures also
 * 25 and 75 %. */
static int ray_stride(const struct picture *picture)
{
	return picture->parts.curve.height >= 16 ? 1 : 2;
}

static void draw_rays(const struct picture *picture, struct canvas *canvas)
{
	for (int i = 1; i < STATS_PERCENTILES - 1; i += ray_stride(picture))
		draw_ray(picture, canvas, picture->layer->tensor[MLP_Z].percentile[i]);
}

static void draw_curves(const struct picture *picture, struct canvas *canvas)
{
	double position[BRAILLE_ACROSS * HISTOGRAM_BINS] = {0}; /* unchanged in a picture without columns */
	struct rect curve = picture->parts.curve;
	int dots = BRAILLE_ACROSS * curve.width;
	for (int i = 0; i < dots; i++)
		position[i] = fabs(layer_function_slope(&picture->function, input_at(picture, i))) / picture->steepest;
	braille_curve(canvas, curve, position, BRAILLE_DOTTED, ROLE_CURVE_2);
	for (int i = 0; i < dots; i++)
		position[i] = height_of(picture, layer_function_value(&picture->function, input_at(picture, i)));
	braille_curve(canvas, curve, position, BRAILLE_LINE, ROLE_CURVE);
}

/* The a axis, between the curve and the histogram of a. */
static void draw_a_axis(const struct picture *picture, struct canvas *canvas)
{
	struct rect axis = picture->parts.a_axis;
	const struct histogram *a = picture->a;
	int line = axis.x + axis.width - 1;
	for (int i = 0; i < axis.height; i++) {
		bool saturated = picture->a_saturated[i];
		canvas_put(canvas, line, axis.y + axis.height - 1 - i,
		           glyph(saturated ? GLYPH_BAND_V : GLYPH_LINE_V, canvas->ascii), saturated ? picture->saturated_role : ROLE_AXIS);
	}
	const struct { double value; int y; } label[] = {
		{a->high, axis.y}, {a->low, axis.y + axis.height - 1}, {a->low / 2 + a->high / 2, axis.y + axis.height / 2},
	};
	for (int i = 0; i < (axis.height >= 5 ? 3 : axis.height >= 2 ? 2 : 0); i++) {
		char number[32];
		int digits = 4;
		do
			snprintf(number, sizeof number, "%.*g", digits, label[i].value + 0.0);
		while (canvas_text_cells(canvas, number) > axis.width - 2 && --digits > 0);
		canvas_text_right(canvas, line, label[i].y, axis.width - 1, ROLE_AXIS, number);
	}
}

/* A legend entry: a sample of how something is drawn, and its name,
 * shortened if necessary. */
static void legend_line(struct canvas *canvas, struct rect *legend, enum glyph shape, enum role role, const char *text,
                        const char *short_form)
{
	int room = legend->width - 2;
	const char *fits = canvas_text_cells(canvas, text) <= room ? text : short_form;
	if (legend->height <= 0)
		return;
	canvas_put(canvas, legend->x, legend->y, glyph(shape, canvas->ascii), role);
	canvas_text(canvas, legend->x + 2, legend->y, room, ROLE_LABEL, fits);
	legend->y++;
	legend->height--;
}

/* The variance of the normal distribution that theory predicts for z. */
static double normal_variance(const struct layer_theory *theory)
{
	return theory->z_mean_square - theory->z_mean * theory->z_mean;
}

static void draw_legend(const struct picture *picture, struct canvas *canvas)
{
	struct rect legend = picture->parts.legend;
	const struct spec *activation = &picture->layer->activation;
	char words[64];
	double predicted = normal_variance(&picture->layer->theory);
	if (legend.width < 12)
		return;
	legend_line(canvas, &legend, GLYPH_CURVE, ROLE_CURVE, activation->entry ? activation->entry->name : "softmax", "f");
	snprintf(words, sizeof words, "slope, 0..%.3g", picture->steepest);
	legend_line(canvas, &legend, GLYPH_DOTTED, ROLE_CURVE_2, words, "slope");
	double mean = picture->layer->theory.z_mean;
	snprintf(words, sizeof words, "theory N(%.2g,%.2g)", mean, predicted);
	if (isfinite(predicted))
		legend_line(canvas, &legend, GLYPH_CURVE, ROLE_THEORY, words, "theory");
	legend_line(canvas, &legend, GLYPH_DASH_V, ROLE_CURVE_3,
	            ray_stride(picture) == 1 ? "5 25 50 75 95 %" : "5 50 95 % of z", "5 50 95 %");
	if (activation->entry)
		legend_line(canvas, &legend, GLYPH_SHADE_1, picture->saturated_role, activation_saturation_word(activation), activation_saturation_word(activation));
}

/* A row of outputs is saturated if most of its values are. */
static void saturated_rows(const struct picture *picture, bool *saturated, int rows)
{
	bool fine[HISTOGRAM_BINS], centre[HISTOGRAM_BINS];
	struct plot_merged bins;
	bool residual = layer_is_residual(picture->scene, (size_t)(picture->layer - picture->scene->now->layer));
	saturation_of_outputs(fine, HISTOGRAM_BINS, picture->layer, picture->a->low, picture->a->high, residual);
	saturation_of_outputs(centre, rows, picture->layer, picture->a->low, picture->a->high, residual);
	plot_merge(&bins, picture->a, HISTOGRAM_BINS);
	for (int row = 0; row < rows; row++) {
		uint64_t all = 0, within = 0;
		for (int i = row * HISTOGRAM_BINS / rows; i < (row + 1) * HISTOGRAM_BINS / rows; i++) {
			all += bins.regular[i] + bins.atom[i];
			within += fine[i] ? bins.regular[i] + bins.atom[i] : 0;
		}
		saturated[row] = all ? 2 * within > all : centre[row];
	}
}

/* A click on a bar shows its values; a click above it shows those that lead
 * to this part of the curve. */
static void fill_probe(const struct picture *picture, const struct canvas *canvas)
{
	const struct parts *parts = &picture->parts;
	struct rect inputs = {parts->z.x, parts->curve.y, parts->z.width, parts->curve.height + parts->z.height};
	struct canvas_probe *probe = canvas_probe_in(canvas, inputs);
	if (probe) {
		int used = snprintf(probe->words, sizeof probe->words, "z ");
		plot_describe(picture->z, inputs.width, probe->x - inputs.x, false, probe->words + used, sizeof probe->words - (size_t)used);
	}
	probe = canvas_probe_in(canvas, parts->a);
	if (probe) {
		int used = snprintf(probe->words, sizeof probe->words, "a "), bottom = parts->a.y + parts->a.height - 1;
		plot_describe(picture->a, parts->a.height, bottom - probe->y, layer_ends_are_rounded(picture->layer), probe->words + used,
		              sizeof probe->words - (size_t)used);
	}
}

void layer_picture_draw(const struct scene *scene, struct canvas *canvas, struct rect rect, size_t layer)
{
	if (rect.width < 1 || rect.height < 1)
		return;
	const struct layer_observation *o = &scene->now->layer[layer];
	struct ruler z_ruler = ruler_alone(scene, layer, MLP_Z), a_ruler = ruler_alone(scene, layer, MLP_A);
	struct histogram z, a;
	plot_rebin(&z, &o->tensor[MLP_Z].histogram, z_ruler.low, z_ruler.high);
	plot_rebin(&a, &o->tensor[MLP_A].histogram, a_ruler.low, a_ruler.high);
	struct picture picture = {
		.scene = scene, .layer = o,
		.z = &z, .a = &a,
		.function = layer_function_of(o),
		.parts = parts_of(rect),
		.saturated_role = verdict_flat_role(scene->now, layer),
	};
	const struct parts *parts = &picture.parts;
	picture.steepest = steepest_of(&picture);
	saturation_of_inputs(picture.z_saturated, parts->z.width, o, picture.z->low, picture.z->high);
	saturated_rows(&picture, picture.a_saturated, parts->curve.height);
	fill_probe(&picture, canvas);
	shade(&picture, canvas);
	plot_histogram(canvas, parts->z, &(struct plot_histogram){
		.histogram = picture.z, .log = scene->log_counts, .zoom = scene->zoom, .role = ROLE_HIST_Z, .saturated = picture.z_saturated,
		.saturated_role = picture.saturated_role,
		.theory_mean = o->theory.z_mean,
		.theory_variance = normal_variance(&o->theory),
	});
	plot_axis(canvas, parts->z_axis, picture.z->low, picture.z->high, picture.z_saturated, picture.saturated_role);
	layer_marks_draw(scene, canvas, parts->z_axis, layer, MLP_Z, z.low, z.high);
	draw_rays(&picture, canvas);
	draw_curves(&picture, canvas);
	if (parts->a.width < 1)
		return;
	draw_a_axis(&picture, canvas);
	layer_marks_draw_side(scene, canvas, (struct rect){ parts->a_axis.x + parts->a_axis.width - 1, parts->a_axis.y, 1, parts->a_axis.height },
	                      layer, a.low, a.high);
	plot_histogram_side(canvas, parts->a, &(struct plot_histogram){
		.histogram = picture.a, .log = scene->log_counts, .role = ROLE_HIST_A, .saturated = picture.a_saturated,
		.saturated_role = picture.saturated_role,
	});
	draw_legend(&picture, canvas);
}
