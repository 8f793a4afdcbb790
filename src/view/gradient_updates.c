/* The updates of the weights over the steps: one line for each layer, or for
 * three of them where there are many. */
#include "view/gradient_updates.h"

#include <math.h>

#include "draw/chart.h"

#define USUAL_RATIO 1e-3 /* rms of an update / rms of the weights */
#define MOST_LINES 9

struct updates {
	const struct history *history; /* may be NULL */
	const struct snapshot *now;    /* newer than the history, or NULL */
	size_t layer;
};

static struct updates updates_of(const struct scene *scene)
{
	struct updates updates = { .history = scene->history };
	size_t count = scene->history ? scene->history->count : 0;
	if (count == 0 || scene->history->snapshot[count - 1]->step < scene->now->step)
		updates.now = scene->now;
	return updates;
}

static size_t updates_count(const struct updates *updates)
{
	return (updates->history ? updates->history->count : 0) + (updates->now != NULL);
}

static const struct snapshot *updates_snapshot(const struct updates *updates, size_t i)
{
	return updates->history && i < updates->history->count ? updates->history->snapshot[i] : updates->now;
}

static struct chart_point updates_point(const void *context, size_t i)
{
	const struct updates *updates = context;
	const struct snapshot *s = updates_snapshot(updates, i);
	double ratio = updates->layer < s->layers ? s->layer[updates->layer].update_ratio : NAN;
	return (struct chart_point){ (double)s->step, ratio };
}

/* The axes: round steps up to the end of the run; sizes of all layers and
 * the guide. */
static void updates_scales(const struct scene *scene, const struct updates *updates, struct chart *chart)
{
	double low = USUAL_RATIO / 2, high = USUAL_RATIO * 2, last = (double)scene->now->settings.steps;
	for (size_t i = 0; i < updates_count(updates); i++) {
		const struct snapshot *s = updates_snapshot(updates, i);
		last = fmax(last, (double)s->step);
		for (size_t l = 0; l < s->layers; l++) {
			double ratio = s->layer[l].update_ratio;
			if (!isfinite(ratio) || ratio <= 0)
				continue;
			low = fmin(low, ratio);
			high = fmax(high, ratio);
		}
	}
	chart->x = (struct plot_scale){ 0, last > 0 ? last : 1, false };
	chart->y = chart_scale(low, high, true);
}

/* With many layers: the first, the selected and the last. */
static bool is_drawn(const struct scene *scene, size_t layer)
{
	size_t layers = scene->now->layers;
	return layers <= MOST_LINES || layer == 0 || layer == scene->layer || layer + 1 == layers;
}

static char mark_of(const struct scene *scene, size_t layer)
{
	size_t layers = scene->now->layers;
	if (layers <= MOST_LINES || layer == 0)
		return (char)('1' + layer);
	return layer + 1 == layers ? '$' : '+';
}

static const char *updates_title(const struct scene *scene, const struct canvas *canvas, int width)
{
	static const char *const titles[][2] = {
		{ "ΔW/W: size of a step ÷ size of W, by layer", "ΔW/W: size of a step ÷ size of W: layer 1, selected +, last $" },
		{ "ΔW/W by layer", "ΔW/W: 1, selected +, last $" },
	};
	bool many = scene->now->layers > MOST_LINES;
	return titles[canvas_text_cells(canvas, titles[0][many]) >= width][many];
}

void gradient_updates_draw(const struct scene *scene, struct canvas *canvas, struct rect area)
{
	static const enum role roles[] = { ROLE_CURVE, ROLE_CURVE_2, ROLE_CURVE_3, ROLE_CURVE_4 };
	struct updates updates = updates_of(scene);
	struct chart chart = {
		.area = area, .title = updates_title(scene, canvas, area.width),
		.guide = USUAL_RATIO, .guide_label = "usual 0.001",
	};
	updates_scales(scene, &updates, &chart);
	chart_frame(&chart, canvas);
	struct rect inside = chart_inside(&chart);
	if (updates_snapshot(&updates, updates_count(&updates) - 1)->step == 0) {
		canvas_text(canvas, inside.x + 1, inside.y, inside.width - 1, ROLE_HINT, "no step taken yet");
		chart_guide(&chart, canvas);
		return;
	}
	if (!scene->live)
		chart_cursor(&chart, canvas, (double)scene->now->step);
	for (size_t layer = scene->now->layers; layer-- > 0;) {
		if (!is_drawn(scene, layer))
			continue;
		updates.layer = layer;
		chart_line(&chart, canvas, &(struct chart_series){
			.count = updates_count(&updates), .point = updates_point, .context = &updates,
			.role = roles[layer % (sizeof roles / sizeof roles[0])], .mark = mark_of(scene, layer),
			.number = (int)(layer % MOST_LINES),
		});
	}
	chart_guide(&chart, canvas);
}
