/* The map of a sweep: its nets as cells over two settings, and their numbers as
 * far as they are computed. */
#ifndef INITVIZ_LAB_SWEEP_MAP_H
#define INITVIZ_LAB_SWEEP_MAP_H

#include "lab/sweep.h"

#define SWEEP_MAP_NETS 10000
#define SWEEP_MAP_STEPS 100 /* of its nets, unless the map sets them */

struct sweep_cell {
	bool known;                 /* the rest is filled in */
	double value[SWEEP_VALUES]; /* in the order of sweep_values */
	char verdict[SWEEP_VERDICT_SIZE];
};

struct sweep_map {
	struct sweep_grid grid;
	size_t across, upwards;     /* the axes of the picture: the first two that have several values */
	struct sweep_cell *cell;    /* [grid.nets] */
	uint64_t known;             /* how many are known */
	size_t depth;               /* the axis of the picture that is the depth; and, for each value of the other one, */
	double *reach;              /* 6 xi, the depth to which theory expects nets to train, NaN without an answer; NULL: no such axis */
};

/* A map without known cells: words as for sweep_grid_parse(), of which two settings
 * must vary.  To be freed with sweep_map_free().  ERR_USAGE, ERR_RESOURCE. */
struct sweep_map *sweep_map_create(const char *words, const struct settings *base, struct err *err);

/* The same for nets that are trained already: `words` and `base` say all, steps included. */
struct sweep_map *sweep_map_of(const char *words, const struct settings *base, struct err *err);
void sweep_map_free(struct sweep_map *map); /* NULL is allowed */

void sweep_map_add(struct sweep_map *map, const struct sweep_result *result);

/* The nets that are not known, from a coarse picture to the finest, as a plan of a
 * sweep wants them: [grid.nets - known], to be freed with alloc_free().  ERR_RESOURCE. */
uint32_t *sweep_map_order(const struct sweep_map *map, struct err *err);

/* Fills in depth and reach; values of axes outside of the picture are their first ones.  Some
 * milliseconds.  ERR_RESOURCE. */
bool sweep_map_find_reach(struct sweep_map *map, struct err *err);

/* 6 xi of a net; NaN: theory has no answer.  Whether it trains by that: 1, 0, or -1 without an answer. */
double sweep_map_reach(const struct sweep_map *map, uint64_t net);
int sweep_map_trains(const struct sweep_map *map, uint64_t net);

#endif
