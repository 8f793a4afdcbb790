/* Series over depth.  Everything is turned into powers of ten first. */
#include "view/depth_plot.h"

#include <math.h>

#include "base/whole.h"
#include "draw/glyphs.h"
#include "draw/plot.h"

#define MOST_COLUMNS 512
#define LEAST_DECADES 4 /* so that what hardly changes looks flat */

/* ---- the series ---- */

#define SERIES_VALUES(name_, tensor_, theory_) \
	static double name_##_observed(const struct layer_observation *layer) \
	{ \
		return layer->tensor[tensor_].moments.mean_square; \
	} \
	static double name_##_theory(const struct layer_observation *layer) \
	{ \
		return layer->theory.theory_; \
	}

SERIES_VALUES(z, MLP_Z, z_mean_square)
SERIES_VALUES(a, MLP_A, a_mean_square)
SERIES_VALUES(delta, MLP_DELTA, delta_mean_square)

const struct depth_series depth_z = {"z", "E[z²]", z_observed, z_theory, ROLE_HIST_Z, true};
const struct depth_series depth_a = {"a", "E[a²]", a_observed, a_theory, ROLE_HIST_A, false};
const struct depth_series depth_delta = {"δ", "E[δ²]", delta_observed, delta_theory, ROLE_HIST_GRADIENT, true};

static size_t layers_of(const struct snapshot *now, const struct depth_series *series)
{
	return series->output ? now->layers : now->layers - 1;
}

/* ---- the axis ---- */

static void widen(double *low, double *high, double value)
{
	if (value > 0 && isfinite(value)) {
		*low = fmin(*low, log10(value));
		*high = fmax(*high, log10(value));
	}
}

static void widen_all(double *low, double *high, const struct snapshot *snapshot, const struct depth_series *series)
{
	for (size_t l = 0; l < layers_of(snapshot, series); l++) {
		widen(low, high, series->observed(&snapshot->layer[l]));
		widen(low, high, series->theory(&snapshot->layer[l]));
	}
}

struct depth_axis depth_axis_of(const struct scene *scene, const struct depth_series *const *series, size_t count)
{
	double low = INFINITY, high = -INFINITY;
	for (size_t s = 0; s < count; s++) {
		widen_all(&low, &high, scene->now, series[s]);
		for (size_t i = 0; scene->history && i < scene->history->count; i++)
			widen_all(&low, &high, scene->history->snapshot[i], series[s]);
	}
	if (!(low <= high))
		low = high = 0;
	struct depth_axis axis = {whole_int(floor(low), -400, 400), whole_int(ceil(high), -400, 400)};
	while (axis.high - axis.low < LEAST_DECADES)
		if (axis.high - high <= low - axis.low)
			axis.high++;
		else
			axis.low--;
	return axis;
}

/* ---- drawing ---- */

int depth_column(size_t layer, size_t layers, int width)
{
	return layers > 1 ? (int)((layer * (size_t)(width - 1) + (layers - 1) / 2) / (layers - 1)) : width / 2;
}

static double position_of(const struct depth_axis *axis, double value)
{
	return value > 0 && isfinite(value) ? (log10(value) - axis->low) / (axis->high - axis->low) : NAN;
}

/* Between layers the line goes straight, on the log axis. */
static void draw_theory(const struct snapshot *now, struct canvas *canvas, struct rect rect,
                        const struct depth_axis *axis, const struct depth_series *series)
{
	double position[MOST_COLUMNS];
	size_t layers = layers_of(now, series);
	for (int x = 0; x < rect.width; x++) {
		double at = rect.width > 1 ? (double)x / (rect.width - 1) * (double)(now->layers - 1) : 0;
		size_t before = (size_t)whole_count(at), after = before + 1 < layers ? before + 1 : before;
		double weight = at - (double)before;
		position[x] = NAN;
		if (before + (weight > 0) >= layers)
			continue;
		double left = position_of(axis, series->theory(&now->layer[before]));
		double right = position_of(axis, series->theory(&now->layer[after]));
		position[x] = weight > 0 ? left + (right - left) * weight : left;
	}
	plot_curve(canvas, rect, position, false, ROLE_THEORY);
}

/* A letter; beside another series' one if there is one already. */
static void put_letter(struct canvas *canvas, struct rect rect, int column, int row, const struct depth_series *series)
{
	int x = rect.x + column, y = rect.y + rect.height - 1 - row;
	const struct cell *cell = canvas_cell(canvas, x, y);
	bool taken = cell && cell->role != series->role && (cell->role == depth_z.role || cell->role == depth_a.role);
	canvas_text(canvas, x + (taken && column + 1 < rect.width), y, 1, series->role, series->letter);
}

static void draw_observed(const struct snapshot *now, struct canvas *canvas, struct rect rect,
                          const struct depth_axis *axis, const struct depth_series *series, size_t which, size_t count)
{
	size_t layers = layers_of(now, series);
	/* Where every column has a layer, the series and the line take turns. */
	bool crowded = 2 * now->layers > (size_t)rect.width;
	int stride = crowded ? (int)count + (count == 1) : 1;
	for (size_t l = 0; l < layers; l++) {
		int column = depth_column(l, now->layers, rect.width), x = rect.x + column;
		double value = series->observed(&now->layer[l]);
		if (!isfinite(value))
			canvas_put(canvas, x, rect.y, glyph(GLYPH_ALERT, canvas->ascii), ROLE_ALARM);
		else if (value <= 0)
			canvas_put(canvas, x, rect.y + rect.height - 1, glyph(GLYPH_DOWN, canvas->ascii), ROLE_WARNING);
		else if (column % stride == (int)which % stride)
			put_letter(canvas, rect, column, plot_row(position_of(axis, value), rect.height), series);
	}
}

void depth_plot(const struct snapshot *now, struct canvas *canvas, struct rect rect, const struct depth_axis *axis,
                const struct depth_series *const *series, size_t count)
{
	if (rect.width < 1 || rect.height < 1)
		return;
	rect.width = rect.width < MOST_COLUMNS ? rect.width : MOST_COLUMNS;
	for (size_t s = 0; s < count; s++)
		draw_theory(now, canvas, rect, axis, series[s]);
	for (size_t s = 0; s < count; s++)
		draw_observed(now, canvas, rect, axis, series[s], s, count);
}

/* ---- the factor ---- */

double depth_factor(const struct snapshot *now, const struct depth_series *series, bool theory)
{
	double (*value)(const struct layer_observation *) = theory ? series->theory : series->observed;
	if (now->layers < 3)
		return NAN;
	/* Only as far as there is anything left. */
	size_t first = 0, last = now->layers - 2;
	while (first < last && !(value(&now->layer[first]) > 0))
		first++;
	while (first < last && !(value(&now->layer[last]) > 0))
		last--;
	double from = value(&now->layer[first]), to = value(&now->layer[last]);
	double factor = exp((log(to) - log(from)) / (double)(last - first));
	return first == last || !isfinite(factor) ? NAN : series == &depth_delta ? 1 / factor : factor;
}
