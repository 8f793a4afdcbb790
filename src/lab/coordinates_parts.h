/* What the files of the coordinate check share. */
#ifndef INITVIZ_LAB_COORDINATES_PARTS_H
#define INITVIZ_LAB_COORDINATES_PARTS_H

#include "lab/coordinates.h"

/* Numbers of a net. */
size_t coordinates_numbers(const struct coordinates *coordinates);

/* [layers] of a net at a step. */
double *coordinates_at(const struct coordinates *coordinates, uint64_t net, enum coordinates_kind kind,
                       enum coordinates_quantity quantity, size_t step);

/* Trains a net of the grid under both kinds and fills in its numbers; see sweep_plan. */
bool coordinates_train(void *context, struct sweep_result *result, uint64_t net, struct dataset *dataset,
                       const bool *stop, struct err *err);

#endif
