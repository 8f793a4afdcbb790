/* The Phase view: the plane of sigma_w and sigma_b of the activation, with the
 * ordered and the chaotic phase, how deep nets train there, the layers of this
 * net, three initializers, and a cursor. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/round.h"
#include "base/text.h"
#include "base/whole.h"
#include "draw/glyphs.h"
#include "draw/plot.h"
#include "draw/readout_line.h"
#include "lab/phase_plane.h"
#include "nn/activation.h"
#include "nn/initializer.h"
#include "view/view_list.h"

/* ---- layout ---- */

struct layout {
	struct rect title, labels, plane, axis, marks, legend, words;
};

static struct layout layout_of(struct rect area)
{
	enum { LABELS = 8 }; /* "sigma_b" in ASCII */
	int title = area.height >= 5, axis = area.height >= 4, marks = area.height >= 8, legend = area.height >= 12;
	int words = area.height >= 14 ? 2 : area.height >= 6 ? 1 : 0, labels = area.width >= 30 ? LABELS : 0;
	int height = area.height - title - axis - marks - legend - words, width = area.width - labels - (labels ? 2 : 0);
	int x = area.x + labels, y = area.y + title, below = y + height, margin = area.width >= 30;
	return (struct layout){
		.title = { area.x + margin, area.y, area.width - margin, title },
		.labels = { area.x, y, labels, height },
		.plane = { x, y, width, height },
		.axis = { x, below, width, axis },
		.marks = { x, below + axis, width, marks },
		.legend = { area.x + margin, below + axis + marks, area.width - margin, legend },
		.words = { area.x + margin, below + axis + marks + legend, area.width - margin, words },
	};
}

/* ---- places ---- */

static double along(int cell, int cells, double most)
{
	return cells > 1 ? most * cell / (cells - 1) : 0;
}

/* The cell nearest to a value, 0..cells - 1; cells where the value is beyond. */
static int cell_of(double value, int cells, double most)
{
	double at = value / most * (cells - 1) + 0.5;
	return at < cells ? whole_int(at, 0, cells - 1) : cells;
}

static double level_of(const struct phase_plane *plane, struct rect rect, int x, int up)
{
	return x < 0 || up < 0 || x >= rect.width || up >= rect.height
	               ? NAN
	               : phase_plane_level(plane, along(x, rect.width, plane->most_w), along(up, rect.height, plane->most_b));
}

/* ---- the regions ---- */

/* Depths to which nets train; each band between them has a pattern of its own. */
static const int depths[] = { 100, 30, 10 };
#define DEPTHS (sizeof depths / sizeof depths[0])

/* The pattern of a band, the denser the deeper nets train: dots in the ordered
 * phase, strokes in the chaotic one, so that they differ without colours. */
static void put_band(struct canvas *canvas, int x, int y, size_t band, bool chaotic, int column, int row)
{
	static const int every[] = { 1, 1, 2, 4 };
	enum role role = chaotic ? ROLE_CURVE_2 : ROLE_CURVE;
	if (band == 0)
		canvas_put(canvas, x, y, glyph(GLYPH_SHADE_2, canvas->ascii), role);
	else if ((column + (chaotic ? row : 2 * row)) % every[band] == 0)
		canvas_put(canvas, x, y, chaotic ? '/' : glyph(GLYPH_DOT, canvas->ascii), role);
}

static size_t band_of(double level)
{
	size_t band = 0;
	while (band < DEPTHS && THEORY_TRAINABLE < depths[band] * fabs(level))
		band++;
	return band;
}

/* Whether the critical line passes between two neighbours, and nearer to this one. */
static bool crosses(double level, double other, bool first)
{
	return (level < 0) != (other < 0) && !isnan(other) &&
	       (fabs(level) < fabs(other) || (first && fabs(level) == fabs(other)));
}

static bool is_critical(const struct phase_plane *plane, struct rect rect, int x, int up, double level)
{
	return crosses(level, level_of(plane, rect, x - 1, up), false) || crosses(level, level_of(plane, rect, x + 1, up), true) ||
	       crosses(level, level_of(plane, rect, x, up - 1), false) || crosses(level, level_of(plane, rect, x, up + 1), true);
}

static void draw_regions(const struct phase_plane *plane, struct canvas *canvas, struct rect rect)
{
	for (int up = 0; up < rect.height; up++)
		for (int x = 0; x < rect.width; x++) {
			double level = level_of(plane, rect, x, up);
			int at = rect.x + x, y = rect.y + rect.height - 1 - up;
			if (isnan(level))
				continue;
			if (is_critical(plane, rect, x, up, level))
				canvas_put(canvas, at, y, glyph(GLYPH_SHADE_4, canvas->ascii), ROLE_TITLE);
			else
				put_band(canvas, at, y, band_of(level), level >= 0, x, up);
		}
}

/* The name of a phase, in the first row from the top that has room for it inside the region. */
static void name_region(const struct phase_plane *plane, struct canvas *canvas, struct rect rect, const char *name, bool chaotic)
{
	int cells = canvas_text_cells(canvas, name) + 4;
	for (int up = rect.height - 2; up > 0; up--) {
		int run = 0;
		for (int i = 0; i < rect.width; i++) {
			int x = chaotic ? rect.width - 1 - i : i;
			double level = level_of(plane, rect, x, up);
			run = !isnan(level) && (level >= 0) == chaotic && band_of(level) > 0 ? run + 1 : 0;
			if (run < cells + 2)
				continue;
			int left = rect.x + (chaotic ? x + 1 : x - run + 2), y = rect.y + rect.height - 1 - up;
			canvas_textf(canvas, left, y, cells, chaotic ? ROLE_CURVE_2 : ROLE_CURVE, "  %s  ", name);
			canvas_flag(canvas, left, y, cells, CELL_BOLD);
			return;
		}
	}
}

/* ---- what is marked ---- */

/* A point; one beyond the axes is an arrow at their end. */
static void put_point(const struct phase_plane *plane, struct canvas *canvas, struct rect rect, double sigma_w,
                      double sigma_b, enum glyph shape, enum role role)
{
	if (isnan(sigma_w) || isnan(sigma_b) || rect.width < 1 || rect.height < 1)
		return;
	int x = cell_of(sigma_w, rect.width, plane->most_w), up = cell_of(sigma_b, rect.height, plane->most_b);
	bool right = x == rect.width, above = up == rect.height;
	canvas_put(canvas, rect.x + (right ? x - 1 : x), rect.y + rect.height - 1 - (above ? up - 1 : up),
	           glyph(right ? GLYPH_RIGHT : above ? GLYPH_UP : shape, canvas->ascii), role);
}

static void draw_layers(const struct scene *scene, struct canvas *canvas, struct rect rect)
{
	const struct phase *phase = scene->phase;
	double sigma_w, sigma_b;
	for (size_t i = 0; i + 1 < scene->now->layers; i++) {
		phase_place_layer(&sigma_w, &sigma_b, &scene->now->layer[i]);
		put_point(&phase->plane, canvas, rect, sigma_w, sigma_b, GLYPH_DISC, ROLE_READOUT);
	}
	if (scene->now->layers > 1)
		put_point(&phase->plane, canvas, rect, phase->layer.sigma_w, phase->layer.sigma_b, GLYPH_DISC, ROLE_SELECTED);
}

static void draw_cursor(const struct phase *phase, struct canvas *canvas, struct rect rect)
{
	const struct phase_spot *cursor = &phase->cursor;
	int x = cell_of(cursor->sigma_w, rect.width, phase->plane.most_w);
	int up = cell_of(cursor->sigma_b, rect.height, phase->plane.most_b);
	if (rect.width < 1 || rect.height < 1)
		return;
	put_point(&phase->plane, canvas, rect, cursor->sigma_w, cursor->sigma_b, GLYPH_CROSS, ROLE_KEY);
	canvas_flag(canvas, rect.x + x, rect.y + rect.height - 1 - up, 1, CELL_REVERSE | CELL_BOLD);
}

static const struct landmark {
	const char *name, *spec;
	char mark;
} landmarks[] = {
	{ "LeCun", "lecun", 'L' }, { "Xavier", "xavier", 'X' }, { "He", "he", 'H' },
};
#define LANDMARKS (sizeof landmarks / sizeof landmarks[0])

/* The hidden layer whose numbers are shown; NULL: there is none. */
static const struct layer_observation *layer_shown(const struct scene *scene)
{
	const struct snapshot *now = scene->now;
	return now->layers < 2 ? NULL : &now->layer[scene->layer < now->layers - 1 ? scene->layer : now->layers - 2];
}

/* sigma_w of an initializer in that layer; NaN if there is none. */
static double landmark_place(const struct scene *scene, const struct landmark *landmark)
{
	const struct layer_observation *layer = layer_shown(scene);
	struct spec spec;
	if (layer == NULL || !spec_parse(&spec, &initializers, landmark->spec, NULL))
		return NAN;
	return sqrt((double)layer->fan_in * initializer_variance(&spec, layer->fan_in, layer->fan_out));
}

/* Their names under the axis, where biases are zero; as letters where two are close. */
static void draw_landmarks(const struct scene *scene, struct canvas *canvas, struct rect marks)
{
	const struct phase_plane *plane = &scene->phase->plane;
	int place[LANDMARKS], taken[LANDMARKS];
	for (size_t i = 0; i < LANDMARKS; i++)
		place[i] = taken[i] = cell_of(landmark_place(scene, &landmarks[i]), marks.width, plane->most_w);
	for (size_t i = 0; i < LANDMARKS && marks.height > 0; i++) {
		for (size_t k = 0; k < i; k++)
			taken[i] += place[i] == place[k];
		if (place[i] >= marks.width || isnan(landmark_place(scene, &landmarks[i])))
			continue;
		int cells = canvas_text_cells(canvas, landmarks[i].name) + 1;
		bool alone = place[i] + cells <= marks.width;
		for (size_t k = 0; k < LANDMARKS; k++)
			alone &= k == i || abs(place[k] - place[i]) > cells + 1;
		if (alone) {
			canvas_put(canvas, marks.x + place[i], marks.y, glyph(GLYPH_UP, canvas->ascii), ROLE_NOTE);
			canvas_text(canvas, marks.x + place[i] + 1, marks.y, cells - 1, ROLE_NOTE, landmarks[i].name);
		} else {
			canvas_put(canvas, marks.x + taken[i], marks.y, (uint32_t)landmarks[i].mark, ROLE_NOTE);
		}
	}
}

/* ---- axes ---- */

static void draw_axes(const struct phase_plane *plane, struct canvas *canvas, const struct layout *layout)
{
	enum { APART_X = 10, APART_Y = 4 };
	struct rect rect = layout->plane, axis = layout->axis, labels = layout->labels;
	for (int i = 0; axis.height > 0 && i < axis.width; i++)
		canvas_put(canvas, axis.x + i, axis.y, glyph(GLYPH_LINE_H, canvas->ascii), ROLE_AXIS);
	double step = round_up_125(plane->most_w * APART_X / fmax(1, rect.width));
	for (double value = 0; axis.height > 0 && value <= plane->most_w * 0.97; value += step)
		canvas_textf(canvas, axis.x + cell_of(value, rect.width, plane->most_w), axis.y, 6, ROLE_AXIS, "%.4g", value);
	if (axis.height > 0)
		canvas_text_right(canvas, axis.x + axis.width, axis.y, 9, ROLE_LABEL, " σ_w");
	for (int i = 0; labels.width > 0 && i < labels.height; i++)
		canvas_put(canvas, labels.x + labels.width - 1, labels.y + i, glyph(GLYPH_LINE_V, canvas->ascii), ROLE_AXIS);
	step = round_up_125(plane->most_b * APART_Y / fmax(1, rect.height));
	for (double value = 0; labels.width > 0 && value <= plane->most_b * 0.95; value += step) {
		char number[16];
		int y = labels.y + labels.height - 1 - cell_of(value, rect.height, plane->most_b);
		snprintf(number, sizeof number, "%.4g", value);
		if (y > labels.y)
			canvas_text_right(canvas, labels.x + labels.width - 1, y, labels.width - 1, ROLE_AXIS, number);
	}
	if (labels.width > 0 && labels.height > 0)
		canvas_text_right(canvas, labels.x + labels.width - 1, labels.y, labels.width - 1, ROLE_LABEL, "σ_b");
}

/* ---- words ---- */

/* Three digits, so that all numbers have room in 80 columns. */
static void add_number(struct readout_line *line, const char *name, enum role role, double value)
{
	char number[TEXT_READOUT_SIZE];
	if (isfinite(value))
		snprintf(number, sizeof number, "%.3g", value);
	readout_line_add(line, name, role, isfinite(value) ? number : text_readout(number, value));
}

static void add_spot(struct readout_line *line, const struct phase_spot *spot)
{
	const struct theory_phase_point *point = &spot->point;
	add_number(line, "σ_w", ROLE_READOUT, spot->sigma_w);
	add_number(line, "σ_b", ROLE_READOUT, spot->sigma_b);
	add_number(line, "q*", ROLE_THEORY, point->q);
	add_number(line, "χ", ROLE_THEORY, point->chi);
	add_number(line, "c*", ROLE_THEORY, point->correlation);
	add_number(line, "ξ", ROLE_THEORY, point->depth_scale);
	add_number(line, "6ξ", ROLE_THEORY, THEORY_TRAINABLE * point->depth_scale);
}

static void draw_title(const struct scene *scene, struct canvas *canvas, struct rect title)
{
	const struct layer_observation *layer = layer_shown(scene);
	struct readout_line line = { .canvas = canvas, .rect = title };
	char number[48];
	if (layer == NULL) {
		canvas_text(canvas, title.x, title.y, title.width, ROLE_TITLE, "no hidden layers: no layer has a place in the plane");
		return;
	}
	snprintf(number, sizeof number, "%zu of %zu", (size_t)(layer - scene->now->layer) + 1, scene->now->layers);
	readout_line_add(&line, "layer", ROLE_TITLE, number);
	add_spot(&line, &scene->phase->layer);
}

#define CRITICAL_BAND 1e-3

/* What happens to nets at this place. */
static const char *phase_sentence(const struct theory_phase_point *point)
{
	if (isnan(point->chi))
		return "theory has no answer here";
	if (isinf(point->q))
		return point->chi > 1 + CRITICAL_BAND ? "the signal grows without end, and so do gradients"
		                                      : "the signal grows without end";
	if (fabs(point->chi - 1) < CRITICAL_BAND)
		return "critical: images and gradients reach any depth";
	return point->chi < 1 ? "ordered: images become alike, gradients vanish"
	                      : "chaotic: like images grow apart, gradients explode";
}

static void draw_words(const struct scene *scene, struct canvas *canvas, struct rect words)
{
	const struct phase_spot *cursor = &scene->phase->cursor;
	struct readout_line line = { .canvas = canvas, .rect = words };
	if (words.height < 1)
		return;
	readout_line_add(&line, "cursor", ROLE_KEY, canvas->ascii ? "+" : "┼");
	add_spot(&line, cursor);
	if (words.height < 2)
		return;
	char whole[200], brief[120], depth[NUMBER_SIZE];
	const char *what = phase_sentence(&cursor->point);
	double reach = THEORY_TRAINABLE * cursor->point.depth_scale;
	size_t hidden = scene->now->layers - 1;
	if (isfinite(reach))
		snprintf(brief, sizeof brief, "%s; trains to about %s layers", what, number_brief(depth, reach));
	else
		snprintf(brief, sizeof brief, "%s", what);
	snprintf(whole, sizeof whole, "%s (this one has %zu hidden); Enter starts such a net", brief, hidden);
	struct rect row = { words.x, words.y + 1, words.width, 1 };
	readout_fit(canvas, row, ROLE_READOUT, (const char *const[]){ whole, brief, what }, 3);
}

/* One entry of the legend: cells of a pattern, then words. */
static int legend_band(struct canvas *canvas, int x, int y, size_t band, bool chaotic)
{
	for (int i = 0; i < 4; i++)
		put_band(canvas, x + i, y, band, chaotic, i, 0);
	return x + 5;
}

static void draw_legend(struct canvas *canvas, struct rect legend)
{
	int x = legend.x, end = legend.x + legend.width;
	if (legend.height < 1 || legend.width < 60)
		return;
	canvas_put(canvas, x, legend.y, glyph(GLYPH_SHADE_4, canvas->ascii), ROLE_TITLE);
	x = canvas_text(canvas, x + 2, legend.y, end - x, ROLE_LABEL, "χ=1  6ξ≥100") + 1;
	x = legend_band(canvas, x, legend.y, 0, false);
	for (size_t band = 1; band <= DEPTHS; band++) {
		x = canvas_textf(canvas, x, legend.y, end - x, ROLE_LABEL, band < DEPTHS ? "≥%d" : "<%d",
		                 depths[band < DEPTHS ? band : DEPTHS - 1]) + 1;
		x = legend_band(canvas, x, legend.y, band, false);
		x = legend_band(canvas, x - 1, legend.y, band, true);
	}
	canvas_put(canvas, x, legend.y, glyph(GLYPH_DISC, canvas->ascii), ROLE_READOUT);
	canvas_text(canvas, x + 2, legend.y, end - x - 2, ROLE_LABEL, "layers");
}

/* ---- drawing ---- */

/* A click moves the cursor there. */
static void fill_probe(const struct phase_plane *plane, const struct canvas *canvas, struct rect rect)
{
	struct canvas_probe *probe = canvas_probe_in(canvas, rect);
	if (probe == NULL)
		return;
	double w = along(probe->x - rect.x, rect.width, plane->most_w);
	double b = along(rect.y + rect.height - 1 - probe->y, rect.height, plane->most_b);
	snprintf(probe->words, sizeof probe->words, "σ_w %.3g, σ_b %.3g", w, b);
	snprintf(probe->command, sizeof probe->command, "phase %.4g %.4g", w, b);
}

void view_phase_draw(const struct scene *scene, struct canvas *canvas, struct rect area)
{
	if (area.width < 1 || area.height < 1 || scene->now->layers == 0)
		return;
	const struct phase *phase = scene->phase;
	struct layout layout = layout_of(area);
	if (phase == NULL) {
		canvas_text(canvas, area.x + 1, area.y, area.width - 1, ROLE_LABEL, "the plane is being computed");
		return;
	}
	fill_probe(&phase->plane, canvas, layout.plane);
	if (layout.title.height)
		draw_title(scene, canvas, layout.title);
	draw_regions(&phase->plane, canvas, layout.plane);
	name_region(&phase->plane, canvas, layout.plane, "ordered", false);
	name_region(&phase->plane, canvas, layout.plane, "chaotic", true);
	draw_axes(&phase->plane, canvas, &layout);
	draw_layers(scene, canvas, layout.plane);
	draw_landmarks(scene, canvas, layout.marks);
	draw_cursor(phase, canvas, layout.plane);
	draw_legend(canvas, layout.legend);
	draw_words(scene, canvas, layout.words);
}

/* ---- the explanation ---- */

static void explain_spot(struct text *text, const struct phase_spot *spot)
{
	const struct theory_phase_point *point = &spot->point;
	char w[TEXT_READOUT_SIZE], b[TEXT_READOUT_SIZE], q[TEXT_READOUT_SIZE], chi[TEXT_READOUT_SIZE];
	char c[TEXT_READOUT_SIZE], xi[TEXT_READOUT_SIZE], reach[NUMBER_SIZE];
	text_addf(text, "σ_w %s, σ_b %s: E[z²] leads to q* = %s; χ there is %s; ", text_readout(w, spot->sigma_w),
	          text_readout(b, spot->sigma_b), text_readout(q, point->q), text_readout(chi, point->chi));
	text_addf(text, "two images lead to a correlation of c* = %s; ξ is %s layers, so nets train to about %s. %s.\n",
	          text_readout(c, point->correlation), text_readout(xi, point->depth_scale),
	          number_brief(reach, THEORY_TRAINABLE * point->depth_scale), phase_sentence(point));
}

void view_phase_explain(const struct scene *scene, struct text *text)
{
	const struct phase *phase = scene->phase;
	if (scene->now->layers == 0 || phase == NULL)
		return;
	const struct phase_plane *plane = &phase->plane;
	char edge[TEXT_READOUT_SIZE];
	text_addf(text, "Every point is a deep net of %s layers: weights of variance σ_w²/fan_in across, biases of variance σ_b² "
	          "upwards. Theory tells what becomes of signal and gradient there, before anything is trained.\n",
	          plane->activation.entry->name);
	text_add(text, "χ = σ_w² E[f'²] is the factor of the gradient² per layer where E[z²] has reached its fixed point q*. "
	               "Below 1 is the ordered phase (dots): images become alike and gradients vanish. Above 1 is the chaotic phase "
	               "(strokes): like images grow apart and gradients explode. The heavy line between them is critical, χ = 1, the "
	               "edge of chaos.\n");
	text_add(text, "ξ is the number of layers over which what makes images different, or alike, decays by e. Nets train to a "
	               "depth of about 6ξ (Schoenholz et al. 2017): the denser the pattern, the deeper; the bands end at 6ξ = 100, 30 and "
	               "10 layers. On the line nets of any depth train.\n");
	if (isfinite(plane->edge))
		text_addf(text, "Without biases the line begins at σ_w = %s.\n", text_readout(edge, plane->edge));
	text_addf(text, "%s are this net's hidden layers as they are now: σ_w² = fan_in · Var(W), σ_b² = E[b²]; an arrow at the edge is a "
	          "layer beyond it. Under the axis: LeCun (L), Xavier (X) and He (H) for the fans of the selected layer. Theory assumes "
	          "layers of equal width without residual connections or normalization.\n\n", "●");
	if (scene->now->layers > 1) {
		text_add(text, "The selected layer is at ");
		explain_spot(text, &phase->layer);
	}
	text_add(text, "The cursor is at ");
	explain_spot(text, &phase->cursor);
	text_add(text, "The arrow keys move the cursor, as a click does, and Enter starts the net at its place: normal weights and "
	               "biases, same seeds. u brings the net before back. j and k select a layer, h and l go back and forward in time.\n");
}
