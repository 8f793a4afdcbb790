/* The Isometry view: by how much the net stretches small changes of an image, in all
 * directions. At the left the singular values over the depth, at the right histograms of
 * them; of two nets in lock-step, both side by side. */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "base/text.h"
#include "draw/glyphs.h"
#include "draw/readout_line.h"
#include "lab/run_label.h"
#include "view/isometry_plot.h"
#include "view/isometry_words.h"
#include "view/view_list.h"

/* ---- layout ---- */

/* A picture of one net: a head, the fan with its labels and its axis. */
struct panel {
	struct rect head, labels, plot, axis;
};

/* A histogram with a head and, unless its height is 0, an axis. */
struct bars {
	struct rect head, plot, axis;
};

struct layout {
	struct rect title, words;
	struct panel fan[2];
	struct bars layer, input, course; /* of one net; width 0 in a narrow view */
	struct bars below[2];             /* of two nets: below each fan; height 0: absent */
};

static struct panel panel_of(struct rect area)
{
	enum { LABELS = 6 };
	int head = area.height >= 4, axis = area.height >= 3, labels = area.width >= 20 ? LABELS : 0;
	int height = area.height - head - axis, width = area.width - labels;
	return (struct panel){
		.head = { area.x, area.y, area.width, head },
		.labels = { area.x, area.y + head, labels, height },
		.plot = { area.x + labels, area.y + head, width, height },
		.axis = { area.x + labels, area.y + head + height, width, axis },
	};
}

static struct bars bars_of(struct rect area)
{
	int head = area.height >= 3, axis = area.height >= 2, height = area.height - head - axis;
	return (struct bars){
		.head = { area.x, area.y, area.width, head },
		.plot = { area.x, area.y + head, area.width, height },
		.axis = { area.x, area.y + head + height, area.width, axis },
	};
}

static struct layout layout_of(struct rect area, size_t nets)
{
	int title = area.height >= 6, words = area.height >= 14 ? 3 : area.height >= 8 ? 1 : 0, margin = area.width >= 30;
	int height = area.height - title - words, y = area.y + title;
	struct layout layout = {
		.title = { area.x + margin, area.y, area.width - margin, title },
		.words = { area.x + margin, y + height, area.width - margin, words },
	};
	if (nets == 2) {
		int each = (area.width - 2) / 2, below = height >= 12 ? height / 3 : 0;
		for (int i = 0; i < 2; i++) {
			int x = area.x + i * (each + 2);
			layout.fan[i] = panel_of((struct rect){ x, y, each, height - below });
			if (below)
				layout.below[i] = bars_of((struct rect){ layout.fan[i].plot.x, y + height - below, layout.fan[i].plot.width, below });
		}
		return layout;
	}
	int right = area.width >= 60 ? area.width * 2 / 5 : 0, course = height >= 24 ? height / 4 : 0, half = (height - course) / 2;
	layout.fan[0] = panel_of((struct rect){ area.x, y, area.width - right - 2 * (right > 0), height });
	if (right) {
		int x = area.x + area.width - right;
		layout.input = bars_of((struct rect){ x, y, right - 1, height - course - half });
		layout.layer = bars_of((struct rect){ x, y + height - course - half, right - 1, half });
		layout.course = bars_of((struct rect){ x, y + height - course, right - 1, course });
	}
	return layout;
}

/* ---- words ---- */

/* One net: its stretch, theory, the gradient. Two nets: the stretch of each. */
static void draw_words(const struct scene *scene, struct canvas *canvas, struct rect words, bool two)
{
	enum { SIZE = 200, NAMED = SIZE + 4 };
	char full[SIZE], brief[SIZE], named[2][NAMED];
	struct rect row = { words.x, words.y, words.width, 1 };
	for (size_t i = 0; i < (two ? 2 : 1) && row.y < words.y + words.height; i++, row.y++) {
		const struct snapshot *now = two ? scene->lane[i].now : scene->now;
		if (isometry_lacking(scene, now))
			continue;
		isometry_stretch(full, sizeof full, now, false);
		isometry_stretch(brief, sizeof brief, now, true);
		snprintf(named[0], NAMED, "%s%s", two ? (i ? "B: " : "A: ") : "", full);
		snprintf(named[1], NAMED, "%s%s", two ? (i ? "B: " : "A: ") : "", brief);
		readout_fit(canvas, row, ROLE_READOUT, (const char *const[]){ named[0], named[1] }, 2);
	}
	if (two || words.height < 3 || isometry_lacking(scene, scene->now))
		return;
	isometry_theory(full, sizeof full, scene->now, false);
	isometry_theory(brief, sizeof brief, scene->now, true);
	readout_fit(canvas, row, ROLE_READOUT, (const char *const[]){ full, brief }, 2);
	row.y++;
	isometry_gradient(full, sizeof full, scene->now, false);
	isometry_gradient(brief, sizeof brief, scene->now, true);
	readout_fit(canvas, row, ROLE_READOUT, (const char *const[]){ full, brief }, 2);
}

/* ---- drawing ---- */

static void draw_title(const struct scene *scene, struct canvas *canvas, struct rect title, bool two)
{
	const struct snapshot *now = scene->now;
	const struct layer_observation *last = isometry_last(now);
	struct readout_line line = { .canvas = canvas, .rect = title };
	char number[48], mean[TEXT_READOUT_SIZE], condition[TEXT_READOUT_SIZE], share[NUMBER_SIZE];
	if (title.height < 1)
		return;
	snprintf(number, sizeof number, "da/dx of layer %zu", (size_t)(last - now->layer) + 1);
	readout_line_add(&line, "singular values s of", ROLE_TITLE, number);
	if (two || isometry_lacking(scene, now))
		return;
	readout_line_add(&line, "mean s²", ROLE_READOUT, text_readout(mean, last->input_singular.mean_square)); /* NaN, too */
	readout_line_number(&line, "theory", ROLE_THEORY, last->theory.input_singular_mean_square);
	isometry_condition(condition, last->input_singular.condition);
	readout_line_add(&line, last->input_singular.estimated ? "condition over" : "condition", ROLE_READOUT, condition);
	if (last->input_singular.zero > 0)
		readout_line_add(&line, "zero", ROLE_WARNING, number_share(share, last->input_singular.zero));
}

static void draw_key(struct canvas *canvas, struct rect head)
{
	static const struct { enum glyph shape; enum role role; const char *words; } keys[] = {
		{ GLYPH_SHADE_1, ROLE_HIST_GRADIENT, "all" }, { GLYPH_SHADE_3, ROLE_HIST_GRADIENT, "90 %" },
		{ GLYPH_BAR_8, ROLE_HIST_GRADIENT, "50 %" }, { GLYPH_DISC, ROLE_READOUT, "rms" }, { GLYPH_CIRCLE, ROLE_THEORY, "theory" },
	};
	int end = head.x + head.width, x = head.x;
	for (size_t i = 0; head.height > 0 && i < sizeof keys / sizeof keys[0] && x + 8 < end; i++) {
		canvas_put(canvas, x, head.y, glyph(keys[i].shape, canvas->ascii), keys[i].role);
		x = canvas_text(canvas, x + 2, head.y, end - x - 2, ROLE_LABEL, keys[i].words) + 2;
	}
}

static void draw_panel(const struct scene *scene, const struct snapshot *now, struct canvas *canvas, const struct panel *panel,
                       const struct isometry_axis *axis)
{
	struct rect plot = panel->plot;
	const char *why = isometry_lacking(scene, now);
	size_t hidden = now->layers - 1;
	if (plot.width < 2 || plot.height < 1)
		return;
	if (why) {
		readout_fit(canvas, (struct rect){ plot.x, plot.y + plot.height / 2, plot.width, 1 }, ROLE_HINT,
		            (const char *const[]){ why, now->measured ? "none: batch normalization couples images" : "not measured: singular 1",
		                                   "not measured" }, 3);
		return;
	}
	if (hidden < 1) {
		canvas_text(canvas, plot.x, plot.y + plot.height / 2, plot.width, ROLE_HINT, "no hidden layers");
		return;
	}
	isometry_fan(now, canvas, plot, panel->labels, axis);
	for (int i = 0; panel->axis.height > 0 && i < plot.width; i++)
		canvas_put(canvas, plot.x + i, panel->axis.y, glyph(GLYPH_LINE_H, canvas->ascii), ROLE_AXIS);
	if (panel->axis.height < 1)
		return;
	if (scene->now == now && scene->layer < hidden)
		canvas_put(canvas, plot.x + isometry_column(scene->layer, hidden, plot.width), panel->axis.y, glyph(GLYPH_UP, canvas->ascii),
		           ROLE_KEY);
	char last[32];
	snprintf(last, sizeof last, "layer %zu", hidden);
	bool at_end = scene->now == now && scene->layer + 1 == hidden;
	if (scene->now != now || scene->layer > 0)
		canvas_text(canvas, plot.x, panel->axis.y, 1, ROLE_AXIS, "1");
	canvas_text_right(canvas, plot.x + plot.width, panel->axis.y, plot.width, at_end ? ROLE_KEY : ROLE_AXIS, last);
}

static void draw_bars(struct canvas *canvas, const struct bars *bars, const struct spectrum *spectrum, double theory_mean_square,
                      const struct isometry_axis *axis, enum role role, const char *head, const char *brief)
{
	if (bars->plot.width < 2 || bars->plot.height < 1 || spectrum->count == 0)
		return;
	if (bars->head.height > 0)
		readout_fit(canvas, bars->head, ROLE_LABEL, (const char *const[]){ head, brief }, 2);
	isometry_histogram(spectrum, theory_mean_square, canvas, bars->plot, axis, role);
	isometry_decades(canvas, bars->axis, axis);
}

static void draw_course(const struct scene *scene, struct canvas *canvas, const struct bars *bars, const struct isometry_axis *axis)
{
	size_t measured = 0;
	for (size_t i = 0; scene->history && i < scene->history->count; i++)
		measured += scene->history->snapshot[i]->measured;
	if (bars->plot.width < 2 || bars->plot.height < 1)
		return;
	canvas_text(canvas, bars->head.x, bars->head.y, bars->head.width, ROLE_LABEL,
	            measured > 1 ? "the same over training" : "over training: type :singular 1");
	if (measured > 1)
		isometry_course(scene->history, (size_t)(isometry_last(scene->now) - scene->now->layer), canvas, bars->plot, axis);
	for (int i = 0; i < bars->axis.width; i++)
		canvas_put(canvas, bars->axis.x + i, bars->axis.y, glyph(GLYPH_LINE_H, canvas->ascii), ROLE_AXIS);
}

static void draw_one(const struct scene *scene, struct canvas *canvas, const struct layout *layout, const struct isometry_axis *axis)
{
	const struct snapshot *now = scene->now;
	const struct layer_observation *last = isometry_last(now), *selected = snapshot_hidden_layer(now, scene->layer);
	char head[64], brief[40];
	draw_key(canvas, layout->fan[0].head);
	draw_panel(scene, now, canvas, &layout->fan[0], axis);
	if (isometry_lacking(scene, now) || selected == NULL)
		return;
	snprintf(head, sizeof head, "input to layer %zu: %llu values", (size_t)(last - now->layer) + 1,
	         (unsigned long long)last->input_singular.count);
	snprintf(brief, sizeof brief, "input to layer %zu", (size_t)(last - now->layer) + 1);
	draw_bars(canvas, &layout->input, &last->input_singular, last->theory.input_singular_mean_square, axis, ROLE_HIST_GRADIENT, head,
	          brief);
	snprintf(head, sizeof head, "layer %zu alone", (size_t)(selected - now->layer) + 1);
	draw_bars(canvas, &layout->layer, &selected->singular, selected->theory.singular_mean_square, axis, ROLE_HIST_W, head, head);
	draw_course(scene, canvas, &layout->course, axis);
}

static void draw_two(const struct scene *scene, struct canvas *canvas, const struct layout *layout, const struct isometry_axis *axis)
{
	for (int i = 0; i < 2; i++) {
		const struct snapshot *now = scene->lane[i].now;
		const struct panel *panel = &layout->fan[i];
		struct text whole = {0}, name = {0};
		char head[160], condition[TEXT_READOUT_SIZE];
		if (now == NULL)
			continue;
		text_addf(&whole, "%c ", 'A' + i);
		run_add_whole_start(&now->settings, &whole);
		text_addf(&name, "%c ", 'A' + i);
		run_add_start(&now->settings, &name);
		isometry_condition(condition, isometry_last(now)->input_singular.condition);
		if (panel->head.height > 0)
			readout_fit(canvas, panel->head, ROLE_TITLE, (const char *const[]){ text_string(&whole), text_string(&name), i ? "B" : "A" }, 3);
		text_free(&whole);
		text_free(&name);
		draw_panel(scene, now, canvas, panel, axis);
		snprintf(head, sizeof head, "to layer %zu: condition %s", (size_t)(isometry_last(now) - now->layer) + 1, condition);
		draw_bars(canvas, &layout->below[i], &isometry_last(now)->input_singular, isometry_last(now)->theory.input_singular_mean_square, axis,
		          ROLE_HIST_GRADIENT, head, head);
	}
}

/* A click selects the layer whose column is nearest. */
static void fill_probe(const struct snapshot *now, const struct canvas *canvas, const struct panel *panel)
{
	struct canvas_probe *probe = canvas_probe_in(canvas, panel->plot);
	size_t hidden = now->layers - 1, nearest = 0;
	if (probe == NULL || hidden < 1 || panel->plot.width < 2)
		return;
	for (size_t l = 0; l < hidden; l++)
		if (isometry_column(l, hidden, panel->plot.width) <= probe->x - panel->plot.x)
			nearest = l;
	snprintf(probe->words, sizeof probe->words, "layer %zu", nearest + 1);
	snprintf(probe->command, sizeof probe->command, "layer %zu", nearest + 1);
}

void view_isometry_draw(const struct scene *scene, struct canvas *canvas, struct rect area)
{
	if (area.width < 1 || area.height < 1 || scene->now->layers == 0)
		return;
	bool two = scene->lanes == 2 && scene->lane[0].now && scene->lane[1].now && area.width >= 40;
	struct layout layout = layout_of(area, two ? 2 : 1);
	struct isometry_axis axis = isometry_axis_of(scene);
	draw_title(scene, canvas, layout.title, two);
	if (two)
		draw_two(scene, canvas, &layout, &axis);
	else {
		fill_probe(scene->now, canvas, &layout.fan[0]);
		draw_one(scene, canvas, &layout, &axis);
	}
	draw_words(scene, canvas, layout.words, two);
}
