/* The plane of sigma_w and sigma_b: its regions, what is marked in it, and its axes. */
#include "view/phase_plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/round.h"
#include "base/whole.h"
#include "draw/glyphs.h"
#include "lab/phase_plane.h"
#include "nn/initializer.h"

/* ---- places ---- */

double phase_value_at(int cell, int cells, double most)
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
	               : phase_plane_level(plane, phase_value_at(x, rect.width, plane->most_w), phase_value_at(up, rect.height, plane->most_b));
}

/* ---- the regions ---- */

const int phase_depths[PHASE_DEPTHS] = { 100, 30, 10 };

void phase_put_band(struct canvas *canvas, int x, int y, size_t band, bool chaotic, int column, int row)
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
	while (band < PHASE_DEPTHS && THEORY_TRAINABLE < phase_depths[band] * fabs(level))
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
				phase_put_band(canvas, at, y, band_of(level), level >= 0, x, up);
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

static void draw_cursor(const struct phase *phase, struct canvas *canvas, struct rect rect, bool has_keys)
{
	const struct phase_spot *cursor = &phase->cursor;
	int x = cell_of(cursor->sigma_w, rect.width, phase->plane.most_w);
	int up = cell_of(cursor->sigma_b, rect.height, phase->plane.most_b);
	if (rect.width < 1 || rect.height < 1)
		return;
	put_point(&phase->plane, canvas, rect, cursor->sigma_w, cursor->sigma_b, GLYPH_CROSS, ROLE_KEY);
	if (has_keys)
		canvas_flag(canvas, rect.x + x, rect.y + rect.height - 1 - up, 1, CELL_REVERSE | CELL_BOLD);
}

static const struct landmark {
	const char *name, *spec;
	char mark;
} landmarks[] = {
	{ "LeCun", "lecun", 'L' }, { "Xavier", "xavier", 'X' }, { "He", "he", 'H' },
};
#define LANDMARKS (sizeof landmarks / sizeof landmarks[0])

/* sigma_w of an initializer in that layer; NaN if there is none. */
static double landmark_place(const struct scene *scene, const struct landmark *landmark)
{
	const struct layer_observation *layer = snapshot_hidden_layer(scene->now, scene->layer);
	struct spec spec;
	if (layer == NULL || !spec_parse(&spec, &initializers, landmark->spec, NULL))
		return NAN;
	return sqrt((double)layer->fan_in * initializer_variance(&spec, layer->fan_in, layer->fan_out));
}

void phase_draw_landmarks(const struct scene *scene, struct canvas *canvas, struct rect marks)
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

void phase_draw_axes(const struct phase_plane *plane, struct canvas *canvas, struct rect rect, struct rect axis,
                     struct rect labels)
{
	enum { APART_X = 10, APART_Y = 4 };
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

/* ---- the whole ---- */

void phase_draw_plane(const struct scene *scene, struct canvas *canvas, struct rect rect)
{
	const struct phase *phase = scene->phase;
	draw_regions(&phase->plane, canvas, rect);
	name_region(&phase->plane, canvas, rect, "ordered", false);
	name_region(&phase->plane, canvas, rect, "chaotic", true);
	draw_layers(scene, canvas, rect);
	draw_cursor(phase, canvas, rect, !scene->map.has_keys);
}
