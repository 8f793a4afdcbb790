/* Series over depth.  All values are converted to powers of ten first. */
#include "view/depth_plot.h"

#include <math.h>

#include "base/whole.h"
#include "draw/braille.h"
#include "draw/glyphs.h"
#include "draw/plot.h"

#define MOST_COLUMNS 512
#define MANY_LAYERS 6   /* from here on a line between layers is not invented */
#define LEAST_DECADES 4 /* so that values that hardly change look level */

/* ---- the series ---- */

const struct depth_series depth_z = {MLP_Z, ROLE_HIST_Z, GLYPH_DISC, GLYPH_CIRCLE, true};
const struct depth_series depth_a = {MLP_A, ROLE_HIST_A, GLYPH_DIAMOND, GLYPH_LOZENGE, false};
const struct depth_series depth_delta = {MLP_DELTA, ROLE_HIST_GRADIENT, GLYPH_DISC, GLYPH_CIRCLE, true};

static double observed_of(const struct snapshot *snapshot, const struct depth_series *series, size_t layer)
{
	return quantity_square(snapshot, layer, series->tensor);
}

static double theory_of(const struct snapshot *snapshot, const struct depth_series *series, size_t layer)
{
	return quantity_square_theory(snapshot, layer, series->tensor);
}

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
		widen(low, high, observed_of(snapshot, series, l));
		widen(low, high, theory_of(snapshot, series, l));
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

bool depth_has_points(size_t layers, int width, size_t count)
{
	/* An observed and a predicted point of each series, and a gap. */
	size_t group = 2 * count + 1;
	return layers == 1 || (size_t)(width - 1) >= group * (layers - 1);
}

/* The line of theory over many layers; between two of them it is straight on
 * the log axis. */
static void draw_line(const struct snapshot *now, struct canvas *canvas, struct rect rect, const struct depth_axis *axis,
                      const struct depth_series *series)
{
	double position[BRAILLE_ACROSS * MOST_COLUMNS];
	size_t layers = layers_of(now, series);
	int dots = BRAILLE_ACROSS * rect.width;
	for (int x = 0; x < dots; x++) {
		double at = (double)x / (dots - 1) * (double)(now->layers - 1);
		size_t before = (size_t)whole_count(at), after = before + 1 < layers ? before + 1 : before;
		double weight = at - (double)before;
		position[x] = NAN;
		if (before + (weight > 0) >= layers)
			continue;
		double left = position_of(axis, theory_of(now, series, before));
		double right = position_of(axis, theory_of(now, series, after));
		position[x] = weight > 0 ? left + (right - left) * weight : left;
	}
	braille_curve(canvas, rect, position, BRAILLE_LINE, ROLE_THEORY);
}

static void put_point(struct canvas *canvas, struct rect rect, int column, double position, enum glyph shape, enum role role)
{
	int row = isnan(position) ? -1 : plot_row(position, rect.height);
	if (row >= 0 && row < rect.height)
		canvas_put(canvas, rect.x + column, rect.y + rect.height - 1 - row, glyph(shape, canvas->ascii), role);
}

/* A value that is not on the axis is marked at its edge. */
static bool draw_edge(struct canvas *canvas, struct rect rect, int column, double value)
{
	if (!isfinite(value))
		canvas_put(canvas, rect.x + column, rect.y, glyph(GLYPH_ALERT, canvas->ascii), ROLE_ALARM);
	else if (value <= 0)
		canvas_put(canvas, rect.x + column, rect.y + rect.height - 1, glyph(GLYPH_DOWN, canvas->ascii), ROLE_WARNING);
	return !isfinite(value) || value <= 0;
}

/* Both points of each layer, those of several series side by side. */
static void draw_points(const struct snapshot *now, struct canvas *canvas, struct rect rect, const struct depth_axis *axis,
                        const struct depth_series *series, size_t which)
{
	for (size_t l = 0; l < layers_of(now, series); l++) {
		double value = observed_of(now, series, l);
		int column = depth_column(l, now->layers, rect.width) + 2 * (int)which;
		int beside = column + 1 < rect.width ? column + 1 : column - 1;
		if (beside >= 0)
			put_point(canvas, rect, beside, position_of(axis, theory_of(now, series, l)), series->predicted, ROLE_THEORY);
		if (!draw_edge(canvas, rect, column, value))
			put_point(canvas, rect, column, position_of(axis, value), series->observed, series->role);
	}
}

/* The column beside if another series has a point here. */
static int free_column(const struct canvas *canvas, struct rect rect, int column, double position,
                       const struct depth_series *series)
{
	const struct cell *cell = canvas_cell(canvas, rect.x + column, rect.y + rect.height - 1 - plot_row(position, rect.height));
	bool taken = cell && cell->role != series->role && cell->glyph != ' ' && cell->role != ROLE_THEORY &&
	             cell->role != ROLE_AXIS;
	return column + (taken && column + 1 < rect.width);
}

static void draw_observed(const struct snapshot *now, struct canvas *canvas, struct rect rect,
                          const struct depth_axis *axis, const struct depth_series *series, size_t which, size_t count)
{
	/* If every column has a layer, the series and the line use columns in
	 * turn. */
	bool crowded = 2 * now->layers > (size_t)rect.width;
	int stride = crowded ? (int)count + (count == 1) : 1;
	for (size_t l = 0; l < layers_of(now, series); l++) {
		int column = depth_column(l, now->layers, rect.width);
		double value = observed_of(now, series, l), position = position_of(axis, value);
		if (!draw_edge(canvas, rect, column, value) && column % stride == (int)which % stride)
			put_point(canvas, rect, free_column(canvas, rect, column, position, series), position, series->observed,
			          series->role);
	}
}

void depth_plot(const struct snapshot *now, struct canvas *canvas, struct rect rect, const struct depth_axis *axis,
                const struct depth_series *const *series, size_t count)
{
	if (rect.width < 1 || rect.height < 1)
		return;
	rect.width = rect.width < MOST_COLUMNS ? rect.width : MOST_COLUMNS;
	if (depth_has_points(now->layers, rect.width, count)) {
		for (size_t s = 0; s < count; s++)
			draw_points(now, canvas, rect, axis, series[s], s);
		return;
	}
	for (size_t s = 0; s < count && now->layers >= MANY_LAYERS; s++)
		draw_line(now, canvas, rect, axis, series[s]);
	for (size_t s = 0; s < count; s++)
		draw_observed(now, canvas, rect, axis, series[s], s, count);
}

/* ---- the factor, and a turn ---- */

/* The first and the last hidden layer with a positive value. The net has 3 layers
 * or more. */
static void ends_of(const struct snapshot *now, const struct depth_series *series, bool theory, size_t *first, size_t *last)
{
	double (*value)(const struct snapshot *, const struct depth_series *, size_t) = theory ? theory_of : observed_of;
	*first = 0;
	*last = now->layers - 2;
	while (*first < *last && !(value(now, series, *first) > 0))
		(*first)++;
	while (*first < *last && !(value(now, series, *last) > 0))
		(*last)--;
}

bool depth_is_uniform(const struct snapshot *now)
{
	enum { LEAST = 4 };
	bool even = now->layers > LEAST;
	for (size_t l = 1; even && l + 1 < now->layers; l++)
		even = now->layer[l].fan_out == now->layer[0].fan_out;
	return even;
}

double depth_factor(const struct snapshot *now, const struct depth_series *series, bool theory)
{
	double (*value)(const struct snapshot *, const struct depth_series *, size_t) = theory ? theory_of : observed_of;
	if (now->layers < 3)
		return NAN;
	size_t first, last;
	ends_of(now, series, theory, &first, &last);
	double from = value(now, series, first), to = value(now, series, last);
	double factor = exp((log(to) - log(from)) / (double)(last - first));
	return first == last || !isfinite(factor) ? NAN : series == &depth_delta ? 1 / factor : factor;
}

struct depth_turn depth_turn(const struct snapshot *now, const struct depth_series *series)
{
	struct depth_turn none = { 0 };
	if (now->layers < 4)
		return none;
	size_t first, last, least, most;
	ends_of(now, series, false, &first, &last);
	least = most = first;
	for (size_t l = first; l <= last; l++) {
		double value = observed_of(now, series, l);
		if (!(value > 0) || !isfinite(value))
			continue;
		least = value < observed_of(now, series, least) ? l : least;
		most = value > observed_of(now, series, most) ? l : most;
	}
	double low = observed_of(now, series, least), high = observed_of(now, series, most);
	double one = observed_of(now, series, first), other = observed_of(now, series, last);
	bool falls = 10 * low < fmin(one, other);
	if (!falls && !(high > 10 * fmax(one, other)))
		return none;
	bool back = series == &depth_delta;
	struct depth_turn turn = { .from = back ? last : first, .at = falls ? least : most, .to = back ? first : last,
	                           .falls = falls };
	turn.value[0] = observed_of(now, series, turn.from);
	turn.value[1] = observed_of(now, series, turn.at);
	turn.value[2] = observed_of(now, series, turn.to);
	return turn;
}
