/* The plane that the Phase view shows. */
#include "app/plane.h"

#include <math.h>

#include "app/app_parts.h"
#include "app/moment.h"

void plane_place_cursor(struct plane *plane, double sigma_w, double sigma_b)
{
	struct phase *phase = &plane->phase;
	phase->cursor.sigma_w = fmax(0, fmin(phase->plane.most_w, sigma_w));
	phase->cursor.sigma_b = fmax(0, fmin(phase->plane.most_b, sigma_b));
	phase_spot_compute(&phase->cursor, &phase->plane);
}

static void place_at_edge(struct plane *plane)
{
	double edge = plane->phase.plane.edge;
	plane_place_cursor(plane, isfinite(edge) ? edge : 1, 0);
}

void plane_forget_cursor(struct plane *plane)
{
	plane->placed = false;
	if (plane->phase.plane.activation.entry)
		place_at_edge(plane);
}

/* For a new activation the cursor is at its critical point without biases. */
static void begin_plane(struct plane *plane)
{
	const struct phase *phase = &plane->phase;
	if (plane->placed)
		plane_place_cursor(plane, phase->cursor.sigma_w, phase->cursor.sigma_b);
	else
		place_at_edge(plane);
	snapshot_drop(plane->of);
	plane->of = NULL;
}

bool plane_follow(struct app *app, size_t index, size_t most)
{
	const struct snapshot *now = moment_snapshot(app);
	struct plane *plane = app->plane;
	struct phase *phase = &plane->phase;
	if (now == NULL)
		return false;
	const struct layer_observation *layer = snapshot_hidden_layer(now, index);
	const struct spec *activation = layer ? &layer->activation : &now->settings.activation;
	bool other = phase->plane.activation.entry == NULL || !spec_equal(&phase->plane.activation, activation);
	bool changed = phase_plane_extend(&phase->plane, activation, most);
	if (other)
		begin_plane(plane);
	if (layer && (plane->of != now || plane->layer != layer)) {
		phase_place_layer(&phase->layer.sigma_w, &phase->layer.sigma_b, layer);
		phase_spot_compute(&phase->layer, &phase->plane);
		theory_correlation_map(&phase->map, activation, layer->tensor[MLP_Z].moments.mean_square,
		                       phase->layer.sigma_w * phase->layer.sigma_w, phase->layer.sigma_b * phase->layer.sigma_b);
		snapshot_drop(plane->of);
		plane->of = snapshot_keep(now);
		plane->layer = layer;
		changed = true;
	}
	return changed;
}

void plane_end(struct app *app)
{
	snapshot_drop(app->plane->of);
	app->plane->of = NULL;
}
