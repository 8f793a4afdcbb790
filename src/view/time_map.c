/* The density map over time.  It depends on histograms and steps only, not on the
 * position on the screen. */
#include "view/time_map.h"

#include <math.h>
#include <string.h>

#include "base/round.h"
#include "base/whole.h"
#include "draw/plot.h"

#define SHADES 5

/* ---- gathering ---- */

static const struct tensor_observation *tensor_of(const struct time_map *map, const struct snapshot *snapshot)
{
	return map->layer < snapshot->layers ? &snapshot->layer[map->layer].tensor[map->tensor] : NULL;
}

int time_map_column(const struct time_map *map, uint64_t step)
{
	return whole_int((double)step / (double)map->end * (map->width - 1) + 0.5, 0, map->width - 1);
}

/* Widens the axis for one observation, and shows the observation from its
 * column on. */
static void add_snapshot(struct time_map *map, const struct snapshot *snapshot)
{
	const struct tensor_observation *tensor = tensor_of(map, snapshot);
	if (tensor == NULL)
		return;
	const struct histogram *h = &tensor->histogram;
	const struct moments *m = &tensor->moments;
	/* As narrow as the values allow, in round steps. */
	if (h->low < h->high && m->min <= m->max) {
		map->low = fmin(map->low, fmax(h->low, m->min < 0 ? -round_up_125(-m->min) : 0));
		map->high = fmax(map->high, fmin(h->high, m->max > 0 ? round_up_125(m->max) : 0));
	}
	map->shown[time_map_column(map, snapshot->step)] = tensor;
	map->observations++;
}

/* The axis ends at a 1-2-5 step or at the end of the run, so that it rarely
 * changes. */
static uint64_t end_of(const struct scene *scene, uint64_t last)
{
	uint64_t end = whole_count(round_up_125(last ? (double)last : 1)), planned = scene->now->settings.steps;
	return planned >= last && planned < end && planned > 0 ? planned : end;
}

void time_map_gather(struct time_map *map, const struct scene *scene, size_t layer, int width, int height)
{
	memset(map, 0, sizeof *map);
	map->layer = layer;
	map->tensor = scene->tensor;
	map->width = width < 1 ? 1 : width > TIME_MAP_COLUMNS ? TIME_MAP_COLUMNS : width;
	map->height = height < 1 ? 1 : height > TIME_MAP_ROWS ? TIME_MAP_ROWS : height;
	map->low = INFINITY;
	map->high = -INFINITY;
	const struct history *history = scene->history;
	size_t count = history ? history->count : 0;
	uint64_t last = count ? history->snapshot[count - 1]->step : 0;
	bool newer = count == 0 || scene->now->step > last;
	map->end = end_of(scene, newer ? scene->now->step : last);
	for (size_t i = 0; i < count; i++)
		add_snapshot(map, history->snapshot[i]);
	if (newer)
		add_snapshot(map, scene->now);
	if (!(map->low < map->high)) {
		map->low = -1;
		map->high = 1;
	}
	int filled = time_map_column(map, newer ? scene->now->step : last);
	for (int i = 1; i <= filled; i++)
		if (map->shown[i] == NULL)
			map->shown[i] = map->shown[i - 1];
}

/* ---- rows ---- */

int time_map_row(const struct time_map *map, double value)
{
	/* Halved, so that the span of the widest range is still finite. */
	double at = (value / 2 - map->low / 2) / (map->high / 2 - map->low / 2);
	return isnan(at) ? -1 : plot_row(at, map->height);
}

static void count_atoms(double *count, const struct time_map *map, const struct histogram *h)
{
	for (int i = 0; i < h->spikes && i < HISTOGRAM_SPIKES; i++) {
		int row = time_map_row(map, h->spike[i].value);
		if (row >= 0 && row < map->height)
			count[row] += (double)h->spike[i].count;
	}
}

void time_map_count(double *count, const struct time_map *map, const struct tensor_observation *tensor, bool atoms)
{
	const struct histogram *h = &tensor->histogram;
	/* In rows; a bin is at most one row high, because the axis of the map is
	 * the widest one. */
	double scale = map->height / (map->high - map->low), step = (h->high - h->low) / HISTOGRAM_BINS * scale;
	double first = (h->low - map->low) * scale;
	for (int row = 0; row < map->height; row++)
		count[row] = 0;
	for (int i = 0; i < HISTOGRAM_BINS; i++) {
		double from = first + i * step, to = from + step;
		int row = whole_int(from, 0, map->height);
		if (h->counts[i] == 0 || !(row < map->height))
			continue;
		bool split = to > row + 1 && row + 1 < map->height;
		double share = split ? (row + 1 - from) / step : 1;
		count[row] += share * h->counts[i];
		if (split)
			count[row + 1] += (1 - share) * h->counts[i];
	}
	if (atoms)
		count_atoms(count, map, h);
}

/* ---- drawing ---- */

double time_map_shade(uint64_t values)
{
	return exp(log1p((double)values) / SHADES);
}

double time_map_quantile(const struct tensor_observation *tensor, double share)
{
	const struct histogram *h = &tensor->histogram;
	double all = (double)h->below + (double)h->above, step = (h->high - h->low) / HISTOGRAM_BINS;
	for (int i = 0; i < HISTOGRAM_BINS; i++)
		all += h->counts[i];
	for (int i = 0; i < h->spikes && i < HISTOGRAM_SPIKES; i++)
		all += (double)h->spike[i].count;
	double rank = share * all, sum = (double)h->below;
	if (!(all > 0))
		return NAN;
	if (rank < sum)
		return h->low;
	for (int i = 0; i < HISTOGRAM_BINS; i++) {
		double low = h->low + i * step;
		/* An atom lies somewhere in its bin; its value is exact. */
		for (int k = 0; k < h->spikes && k < HISTOGRAM_SPIKES; k++) {
			double at = h->spike[k].value;
			if (at < low || (at >= low + step && i + 1 < HISTOGRAM_BINS))
				continue;
			sum += (double)h->spike[k].count;
			if (h->spike[k].count && rank <= sum)
				return at;
		}
		if (h->counts[i] && rank <= sum + h->counts[i])
			return low + (rank - sum) / h->counts[i] * step;
		sum += h->counts[i];
	}
	return h->high;
}

enum { EXTREME, OUTER, INNER, DEVIATION, MEAN };

const struct time_mark time_marks[TIME_MARKS] = {
	[EXTREME] = {"2, 98 %", GLYPH_LOZENGE, ROLE_READOUT},
	[OUTER] = {"5, 95 %", GLYPH_DASH_H, ROLE_READOUT},
	[INNER] = {"25, 75 %", GLYPH_BAND, ROLE_READOUT},
	[DEVIATION] = {"mean±sd", GLYPH_TIMES, ROLE_TITLE},
	[MEAN] = {"mean", GLYPH_POINT, ROLE_TITLE},
};

/* Draws a mark; on a dense cell the mark is drawn in reverse. */
static void mark(const struct time_map *map, struct canvas *canvas, int x, int y, int which, double value)
{
	int row = time_map_row(map, value), at = y + map->height - 1 - row;
	const struct cell *cell = row >= 0 && row < map->height ? canvas_cell(canvas, x, at) : NULL;
	if (cell == NULL)
		return;
	bool dense = cell->role >= ROLE_HEAT_0 + HEAT_STEPS / 2 && cell->role <= ROLE_HEAT_LAST;
	canvas_put(canvas, x, at, glyph(time_marks[which].shape, canvas->ascii),
	           dense ? (enum role)cell->role : time_marks[which].role);
	if (dense)
		canvas_flag(canvas, x, at, 1, CELL_REVERSE);
}

static void draw_marks(const struct time_map *map, struct canvas *canvas, int x, int y, int column)
{
	/* Mean ± sd and the extremes are drawn in every fourth column only, in turn,
	 * to distinguish them from the other percentiles. */
	enum { APART = 4 };
	const struct tensor_observation *tensor = map->shown[column];
	const struct moments *m = &tensor->moments;
	mark(map, canvas, x, y, OUTER, tensor->percentile[1]);
	mark(map, canvas, x, y, OUTER, tensor->percentile[5]);
	mark(map, canvas, x, y, INNER, tensor->percentile[2]);
	mark(map, canvas, x, y, INNER, tensor->percentile[4]);
	if (column % APART == APART - 1) {
		mark(map, canvas, x, y, EXTREME, time_map_quantile(tensor, 0.02));
		mark(map, canvas, x, y, EXTREME, time_map_quantile(tensor, 0.98));
	}
	if (column % APART == APART / 2 - 1) {
		mark(map, canvas, x, y, DEVIATION, m->mean - sqrt(m->variance));
		mark(map, canvas, x, y, DEVIATION, m->mean + sqrt(m->variance));
	}
	if (column % 2 == 0)
		mark(map, canvas, x, y, MEAN, m->mean);
}

void time_map_draw(const struct time_map *map, struct canvas *canvas, int x, int y)
{
	double count[TIME_MAP_ROWS];
	for (int column = 0; column < map->width; column++) {
		const struct tensor_observation *tensor = map->shown[column];
		if (tensor == NULL)
			continue;
		time_map_count(count, map, tensor, true);
		for (int row = 0; row < map->height; row++)
			count[row] = log1p(count[row]);
		plot_heat_column(canvas, x + column, y, map->height, count, (size_t)map->height,
		                 log1p((double)tensor->moments.n));
		draw_marks(map, canvas, x + column, y, column);
		if (tensor->moments.nan + tensor->moments.inf > 0)
			canvas_put(canvas, x + column, y, glyph(GLYPH_ALERT, canvas->ascii), ROLE_ALARM);
	}
}
