/* The plane of sigma_w and sigma_b on a grid. */
#include "lab/phase_plane.h"

#include <math.h>
#include <string.h>

#include "base/whole.h"

#define LEVEL_MOST 20

static void begin(struct phase_plane *plane, const struct spec *activation)
{
	struct spec copy = *activation;  /* it may be a part of the plane, */
	memset(plane, 0, sizeof *plane); /* which is too large for a stack frame */
	plane->activation = copy;
	plane->grid.activation = &plane->activation;
	plane->edge = theory_edge_of_chaos(&plane->activation);
	/* 4 and 2, as in the papers, unless the edge lies further out, as sigmoid's at 10. */
	plane->most_w = plane->edge > 2.5 && plane->edge < 1e3 ? 8 * ceil(plane->edge / 4) : 4;
	plane->most_b = plane->most_w / 2;
}

static double level_at(struct phase_plane *plane, double sigma_w, double sigma_b)
{
	struct theory_phase_point point;
	theory_phase_point(&point, &plane->grid, sigma_w * sigma_w, sigma_b * sigma_b);
	return fmin(1 / point.depth_scale, LEVEL_MOST) * (point.chi < 1 ? -1 : 1);
}

bool phase_plane_extend(struct phase_plane *plane, const struct spec *activation, size_t most)
{
	if (plane->activation.entry == NULL || !spec_equal(&plane->activation, activation))
		begin(plane, activation);
	if (plane->known == PHASE_POINTS || most == 0)
		return false;
	for (; most > 0 && plane->known < PHASE_POINTS; most--, plane->known++) {
		size_t column = plane->known / PHASE_ROWS, row = plane->known % PHASE_ROWS;
		plane->level[column][row] = (float)level_at(plane, plane->most_w * (double)column / (PHASE_COLUMNS - 1),
		                                            plane->most_b * (double)row / (PHASE_ROWS - 1));
	}
	return true;
}

double phase_plane_level(const struct phase_plane *plane, double sigma_w, double sigma_b)
{
	double x = sigma_w / plane->most_w * (PHASE_COLUMNS - 1), y = sigma_b / plane->most_b * (PHASE_ROWS - 1);
	if (plane->activation.entry == NULL || !(x >= 0 && y >= 0 && x <= PHASE_COLUMNS - 1 && y <= PHASE_ROWS - 1))
		return NAN;
	int column = whole_int(x, 0, PHASE_COLUMNS - 2), row = whole_int(y, 0, PHASE_ROWS - 2);
	if ((size_t)(column + 2) * PHASE_ROWS > plane->known)
		return NAN;
	double right = x - column, up = y - row;
	const float *a = &plane->level[column][row], *b = &plane->level[column + 1][row];
	return (1 - right) * ((1 - up) * (double)a[0] + up * (double)a[1]) + right * ((1 - up) * (double)b[0] + up * (double)b[1]);
}

static bool is_chaotic(struct phase_plane *plane, double sigma_w, double sigma_b)
{
	struct theory_phase_point point;
	theory_phase_point(&point, &plane->grid, sigma_w * sigma_w, sigma_b * sigma_b);
	return point.chi >= 1;
}

double phase_plane_critical(struct phase_plane *plane, double sigma_b)
{
	enum { COLUMNS = 80, HALVINGS = 12 };
	double step = plane->most_w / COLUMNS, high = step;
	while (high <= plane->most_w && !is_chaotic(plane, high, sigma_b))
		high += step;
	if (!(high <= plane->most_w))
		return NAN;
	double low = high - step;
	for (int i = 0; i < HALVINGS; i++) {
		double middle = (low + high) / 2;
		if (is_chaotic(plane, middle, sigma_b))
			high = middle;
		else
			low = middle;
	}
	return high;
}

void phase_spot_compute(struct phase_spot *spot, struct phase_plane *plane)
{
	theory_phase_point(&spot->point, &plane->grid, spot->sigma_w * spot->sigma_w, spot->sigma_b * spot->sigma_b);
}

void phase_place_layer(double *sigma_w, double *sigma_b, const struct layer_observation *layer)
{
	*sigma_w = sqrt((double)layer->fan_in * layer->tensor[MLP_W].moments.variance);
	*sigma_b = sqrt(layer->bias_variance + layer->bias_mean * layer->bias_mean);
}
