/* Trains a net of the coordinate check and measures its z at each step. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "lab/coordinates_parts.h"
#include "lab/session_parts.h"

/* z of all layers on the probe, at step 0. */
struct start {
	size_t layers;
	float **z; /* [layers] */
};

static size_t count_of(const struct session *session, size_t layer)
{
	return session->probe->rows * session->mlp->layer[layer].fan_out;
}

static void free_start(struct start *start)
{
	for (size_t l = 0; start->z && l < start->layers; l++)
		alloc_free(start->z[l]);
	alloc_free(start->z);
}

static bool keep_start(struct start *start, const struct session *session, struct err *err)
{
	start->layers = session->mlp->layers;
	start->z = alloc_array(start->layers, sizeof start->z[0], err);
	for (size_t l = 0; start->z && l < start->layers; l++) {
		size_t count = count_of(session, l);
		start->z[l] = alloc_array(count, sizeof *start->z[l], err);
		if (start->z[l] == NULL)
			return false;
		memcpy(start->z[l], session->probe->tensor[l].z, count * sizeof *start->z[l]);
	}
	return start->z != NULL;
}

static void measure(double *size, double *change, const struct session *session, const struct start *start)
{
	for (size_t l = 0; l < start->layers; l++) {
		const float *z = session->probe->tensor[l].z, *before = start->z[l];
		size_t count = count_of(session, l);
		double sum = 0, moved = 0;
		for (size_t i = 0; i < count; i++) {
			sum += fabs((double)z[i]);
			moved += fabs((double)z[i] - (double)before[i]);
		}
		size[l] = sum / (double)count;
		change[l] = moved / (double)count;
	}
}

static bool run(const struct coordinates *c, uint64_t net, enum coordinates_kind kind, struct session *session,
                struct start *start, const bool *stop, struct err *err)
{
	for (size_t step = 0; step <= c->steps; step++) {
		if (step > 0 && (__atomic_load_n(stop, __ATOMIC_RELAXED) || !session_step(session, err)))
			return false;
		mlp_forward(session->mlp, session->probe, session->pool, NULL);
		if (step == 0 && !keep_start(start, session, err))
			return false;
		measure(coordinates_at(c, net, kind, COORDINATES_SIZE, step), coordinates_at(c, net, kind, COORDINATES_CHANGE, step),
		        session, start);
	}
	return true;
}

/* The grid's base has the settings of the first kind. */
static bool settings_of(struct settings *settings, const struct coordinates *c, uint64_t net, enum coordinates_kind kind,
                        struct err *err)
{
	struct sweep_grid grid = c->grid;
	grid.base = c->settings[kind];
	return sweep_grid_settings(settings, &grid, net, err);
}

static bool train(const struct coordinates *c, uint64_t net, enum coordinates_kind kind, struct dataset *dataset,
                  const bool *stop, struct err *err)
{
	struct settings settings;
	struct start start = {0};
	if (!settings_of(&settings, c, net, kind, err))
		return false;
	struct session *session = session_create(&settings, dataset, NULL, err);
	bool done = session && run(c, net, kind, session, &start, stop, err);
	free_start(&start);
	session_destroy(session);
	return done;
}

bool coordinates_train(void *context, struct sweep_result *result, uint64_t net, struct dataset *dataset,
                       const bool *stop, struct err *err)
{
	struct err problem = {0};
	*result = (struct sweep_result){ .net = net };
	for (enum coordinates_kind kind = 0; kind < COORDINATES_KINDS; kind++)
		if (!train(context, net, kind, dataset, stop, &problem))
			return sweep_end_untrained(result, &problem, stop, err);
	return true;
}
