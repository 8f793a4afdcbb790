/* The Phase view: the plane of sigma_w and sigma_b of the activation, with the
 * ordered and the chaotic phase, how deep nets train there, the layers of this
 * net, three initializers, and a cursor. */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "base/text.h"
#include "draw/glyphs.h"
#include "draw/readout_line.h"
#include "lab/phase_plane.h"
#include "nn/activation.h"
#include "view/map_picture.h"
#include "view/phase_plot.h"
#include "view/view_list.h"

/* ---- layout ---- */

#define WIDE 120 /* columns from which the trained nets are beside the plane */

struct layout {
	struct rect title, labels, plane, axis, marks, legend, words;
	struct rect nets; /* beside plane, axis and marks, or empty */
};

static struct layout layout_of(struct rect area, bool nets)
{
	bool beside = nets && area.width >= WIDE;
	enum { LABELS = 8 }; /* "sigma_b" in ASCII */
	int title = area.height >= 5, axis = area.height >= 4, marks = area.height >= 8, legend = area.height >= 12;
	int words = area.height >= 14 ? 2 : area.height >= 6 ? 1 : 0, labels = area.width >= 30 ? LABELS : 0;
	int height = area.height - title - axis - marks - legend - words, own = beside ? area.width / 2 : area.width;
	int width = own - labels - (labels ? 2 : 0);
	int x = area.x + labels, y = area.y + title, below = y + height, margin = area.width >= 30;
	return (struct layout){
		.title = { area.x + margin, area.y, area.width - margin, title },
		.labels = { area.x, y, labels, height },
		.plane = { x, y, width, height },
		.axis = { x, below, width, axis },
		.marks = { x, below + axis, width, marks },
		.legend = { area.x + margin, below + axis + marks, area.width - margin, legend },
		.words = { area.x + margin, below + axis + marks + legend, area.width - margin, words },
		.nets = { area.x + own, y, area.width - own, beside ? height + axis + marks : 0 },
	};
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
	const struct layer_observation *layer = snapshot_hidden_layer(scene->now, scene->layer);
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
		return "critical: gradients keep their size, and images become alike only slowly";
	return point->chi < 1 ? "ordered: images become alike, gradients vanish"
	                      : "chaotic: images grow apart, gradients explode";
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
		snprintf(brief, sizeof brief, "%s; nets train to about %s layers", what, number_brief(depth, reach));
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
		phase_put_band(canvas, x + i, y, band, chaotic, i, 0);
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
	for (size_t band = 1; band <= PHASE_DEPTHS; band++) {
		x = canvas_textf(canvas, x, legend.y, end - x, ROLE_LABEL, band < PHASE_DEPTHS ? "≥%d" : "<%d",
		                 phase_depths[band < PHASE_DEPTHS ? band : PHASE_DEPTHS - 1]) + 1;
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
	double w = phase_value_at(probe->x - rect.x, rect.width, plane->most_w);
	double b = phase_value_at(rect.y + rect.height - 1 - probe->y, rect.height, plane->most_b);
	snprintf(probe->words, sizeof probe->words, "σ_w %.3g, σ_b %.3g", w, b);
	snprintf(probe->command, sizeof probe->command, "phase %.4g %.4g", w, b);
}

void view_phase_draw(const struct scene *scene, struct canvas *canvas, struct rect area)
{
	if (area.width < 1 || area.height < 1 || scene->now->layers == 0)
		return;
	const struct phase *phase = scene->phase;
	const struct map_scene *map = &scene->map;
	bool nets = map->map && map->in_phase;
	struct layout layout = layout_of(area, nets);
	if (phase == NULL) {
		canvas_text(canvas, area.x + 1, area.y, area.width - 1, ROLE_LABEL, "the plane is being computed");
		return;
	}
	if (nets && map->has_keys && layout.nets.height == 0) {
		map_picture_draw(map, canvas, area);
		return;
	}
	fill_probe(&phase->plane, canvas, layout.plane);
	if (layout.title.height)
		draw_title(scene, canvas, layout.title);
	phase_draw_plane(scene, canvas, layout.plane);
	phase_draw_axes(&phase->plane, canvas, layout.plane, layout.axis, layout.labels);
	phase_draw_landmarks(scene, canvas, layout.marks);
	draw_legend(canvas, layout.legend);
	draw_words(scene, canvas, layout.words);
	if (layout.nets.height)
		map_picture_draw(map, canvas, layout.nets);
}

/* ---- the explanation ---- */

static void explain_spot(struct text *text, const struct phase_spot *spot)
{
	const struct theory_phase_point *point = &spot->point;
	char w[TEXT_READOUT_SIZE], b[TEXT_READOUT_SIZE], q[TEXT_READOUT_SIZE], chi[TEXT_READOUT_SIZE];
	char c[TEXT_READOUT_SIZE], xi[TEXT_READOUT_SIZE], reach[NUMBER_SIZE];
	text_addf(text, "σ_w %s, σ_b %s: E[z²] ends at q* = %s, where χ is %s; ", text_readout(w, spot->sigma_w),
	          text_readout(b, spot->sigma_b), text_readout(q, point->q), text_readout(chi, point->chi));
	text_addf(text, "the correlation of two images ends at c* = %s; ", text_readout(c, point->correlation));
	if (isinf(point->depth_scale))
		text_add(text, "ξ is infinite, so nets of any depth train");
	else
		text_addf(text, "ξ is %s layers, so nets train to a depth of about %s", text_readout(xi, point->depth_scale),
		          number_brief(reach, THEORY_TRAINABLE * point->depth_scale));
	text_addf(text, " (%s).\n", phase_sentence(point));
}

void view_phase_explain(const struct scene *scene, struct text *text)
{
	const struct phase *phase = scene->phase;
	if (scene->now->layers == 0 || phase == NULL)
		return;
	const struct phase_plane *plane = &phase->plane;
	char edge[TEXT_READOUT_SIZE];
	text_addf(text, "Every point is a deep net of %s layers: weights of variance σ_w²/fan_in across, biases of variance σ_b² "
	          "upwards. Theory says what becomes of signal and gradient there, before anything is trained.\n",
	          plane->activation.entry->name);
	text_add(text, "χ = σ_w² E[f'²] is the factor of the gradient² per layer where E[z²] has reached its fixed point q*. "
	               "Below 1 is the ordered phase (dots): images become alike and gradients vanish. Above 1 is the chaotic phase "
	               "(strokes): similar images grow apart and gradients explode. The heavy line between them is critical, χ = 1, the "
	               "edge of chaos.\n");
	text_add(text, "ξ is the number of layers over which the difference of two images, or what they have in common, shrinks by a factor of e. Nets train to a "
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
	               "biases, same seeds. u brings the previous net back. j and k select a layer, h and l go back and forward in time. "
	               "E trains nets of 5 to 80 layers with the cursor's σ_b, their σ_w² from half of the critical one to 9/4 of it, while this "
	               "view is open: a map beside the plane, or in its place on screens below 120 columns. It shows the share of correct "
	               "answers on test images (N: another number) over σ_w² across and depth upwards, as figure 5 of Schoenholz et al. "
	               "(2017) does; the line in it is 6ξ, theory's depth for that σ_w. E gives the keys to the map, where the arrows choose "
	               "a net and Enter starts it, and back to the plane; `phase nets` trains a new row. A map of depth that is there "
	               "already, as one of --replay, is shown instead.\n");
}
