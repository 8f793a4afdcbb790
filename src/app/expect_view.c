/* The numbers of views by their names. */
#include "app/expect_view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "app/app_parts.h"
#include "app/coordinate_work.h"
#include "app/map_work.h"
#include "app/plane.h"

/* Reads the number whose name, without the view's, is `key`. */
typedef bool read_view(struct app *app, const char *key, double *value, struct err *err);

/* ---- the map ---- */

static bool read_map(struct app *app, const char *key, double *value, struct err *err)
{
	const struct map_work *work = app->map->work;
	if (work == NULL)
		return err_set(err, ERR_RUN, "there is no map yet: make one with map depth=2,5 init=xavier,he");
	uint64_t net = sweep_grid_net(&work->map->grid, app->map->index);
	const struct sweep_cell *cell = &work->map->cell[net];
	if (text_same_name(key, "reach")) {
		*value = sweep_map_reach(work->map, net);
		return true;
	}
	const struct entry *number = table_find(&sweep_values, key, err);
	if (number == NULL)
		return false;
	*value = cell->known ? cell->value[table_index(&sweep_values, number)] : NAN;
	return true;
}

/* ---- the phase plane ---- */

static bool read_phase(struct app *app, const char *key, double *value, struct err *err)
{
	const struct phase_spot *cursor = &app->plane->phase.cursor;
	const struct {
		const char *name;
		double value;
	} numbers[] = {
		{ "sigma_w", cursor->sigma_w }, { "sigma_b", cursor->sigma_b }, { "q", cursor->point.q },
		{ "chi", cursor->point.chi }, { "correlation", cursor->point.correlation },
		{ "depth_scale", cursor->point.depth_scale },
	};
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (text_same_name(key, numbers[i].name)) {
			*value = numbers[i].value;
			return true;
		}
	return err_set(err, ERR_USAGE, "choose from sigma_w, sigma_b, q, chi, correlation, depth_scale");
}

/* ---- the coordinate check ---- */

/* "mup.change3" */
static bool read_coordinates(struct app *app, const char *key, double *value, struct err *err)
{
	static const char *const kinds[COORDINATES_KINDS] = { [COORDINATES_OWN] = "own.", [COORDINATES_MUP] = "mup." };
	const struct coordinate_work *work = app->coordinates->work;
	if (work == NULL)
		return err_set(err, ERR_RUN, "there is no check yet: make one with coordinates width=64,128");
	for (size_t kind = 0; kind < COORDINATES_KINDS; kind++)
		for (size_t i = 0; i < COORDINATES_QUANTITIES; i++) {
			const char *quantity = table_at(&coordinates_quantities, i)->name, *rest = key + strlen(kinds[kind]);
			uint64_t layer;
			if (strncmp(key, kinds[kind], strlen(kinds[kind])) != 0 || strncmp(rest, quantity, strlen(quantity)) != 0)
				continue;
			if (!text_unsigned(rest + strlen(quantity), &layer) || layer < 1 || layer > work->check->layers)
				return err_set(err, ERR_USAGE, "its nets have the layers 1 to %zu", work->check->layers);
			size_t step = i == COORDINATES_SIZE ? 0 : app->coordinates->step;
			*value = coordinates_line(work->check, (enum coordinates_kind)kind, (enum coordinates_quantity)i, step,
			                          (size_t)layer - 1).slope;
			return true;
		}
	return err_set(err, ERR_USAGE, "give own or mup, %s or %s and a layer: coordinates.mup.%s3",
	               table_at(&coordinates_quantities, COORDINATES_SIZE)->name,
	               table_at(&coordinates_quantities, COORDINATES_CHANGE)->name,
	               table_at(&coordinates_quantities, COORDINATES_CHANGE)->name);
}

/* ---- all of them ---- */

static const struct {
	const char *prefix;
	read_view *read;
} views_read[] = {
	{ "map.", read_map },
	{ "phase.", read_phase },
	{ "coordinates.", read_coordinates },
};
#define VIEWS (sizeof views_read / sizeof views_read[0])

/* The view whose name begins `name`; VIEWS: none. */
static size_t view_of(const char *name)
{
	size_t i = 0;
	while (i < VIEWS && strncmp(name, views_read[i].prefix, strlen(views_read[i].prefix)) != 0)
		i++;
	return i;
}

bool expect_view_named(const char *name)
{
	return view_of(name) < VIEWS;
}

bool expect_view_value(struct app *app, const char *name, double *value, struct err *err)
{
	size_t view = view_of(name);
	char safe[64];
	if (view == VIEWS)
		return err_set(err, ERR_USAGE, "'%s' names no number of a view", text_escape(safe, sizeof safe, name));
	return views_read[view].read(app, name + strlen(views_read[view].prefix), value, err) ||
	       err_prefix(err, "expect %s", text_escape(safe, sizeof safe, name));
}
