/* The grid of a sweep: every combination of the values of a few settings.  Read
 * from text such as "init=xavier,he depth=3,10,30 seed=1..5". */
#ifndef INITVIZ_LAB_SWEEP_GRID_H
#define INITVIZ_LAB_SWEEP_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/text.h"
#include "lab/settings.h"

#define SWEEP_MAX_AXES 16
#define SWEEP_MAX_VALUES 1000000           /* of one axis */
#define SWEEP_MAX_NETS 1000000000          /* of the grid */
#define SWEEP_NAME_SIZE 40

/* A setting that varies, and its values in their order. */
struct sweep_axis {
	char name[SWEEP_NAME_SIZE];        /* "depth", "init.2" */
	const struct setting *setting;
	size_t values;
	size_t *start;                     /* [values] where each begins in `text` */
	size_t room;                       /* of start */
	struct text text;                  /* the values as the user wrote them, each ended by a NUL */
};

/* How an axis is written; for messages and the manual. */
TABLE_DECLARE(sweep_forms, struct entry, sweep_form)

struct sweep_grid {
	struct settings base;              /* what all nets have in common */
	size_t axes;
	struct sweep_axis axis[SWEEP_MAX_AXES];
	uint64_t nets;                     /* product of the numbers of values */
};

/* Reads NAME=VALUES words separated by blanks; VALUES are separated by commas
 * outside parentheses, and each may contain a range a..b (steps of 1), a..b/n
 * (n points, equal distances) or a..b*n (n points, equal ratios).  Every value is
 * tried on the base.  ERR_USAGE, ERR_RESOURCE; *grid is then empty. */
bool sweep_grid_parse(struct sweep_grid *grid, const char *words, const struct settings *base, struct err *err);
void sweep_grid_free(struct sweep_grid *grid);

/* The index of the value of an axis in net 0..nets-1: the last axis varies fastest. */
size_t sweep_grid_index(const struct sweep_grid *grid, size_t axis, uint64_t net);

/* The net with these indexes, one of each axis. */
uint64_t sweep_grid_net(const struct sweep_grid *grid, const size_t index[SWEEP_MAX_AXES]);

const char *sweep_axis_value(const struct sweep_axis *axis, size_t index);

/* The settings of a net: its scenario first, then the others, those that set a part
 * of another setting (depth, lr) last.  ERR_USAGE where the values do not fit
 * together. */
bool sweep_grid_settings(struct settings *settings, const struct sweep_grid *grid, uint64_t net, struct err *err);

/* Appends the command line that trains this net alone. */
void sweep_grid_command(const struct sweep_grid *grid, uint64_t net, struct text *text);

/* The nets of piece 1..pieces: *first .. *end - 1. */
void sweep_grid_piece(const struct sweep_grid *grid, uint64_t piece, uint64_t pieces, uint64_t *first, uint64_t *end);

/* The number of values that `list` stands for at most, at once for any range; 1 for what
 * sweep_axis_read() refuses: sweep_axis.c. */
uint64_t sweep_axis_count(const struct sweep_axis *axis, const char *list);

/* Appends these values.  ERR_USAGE, ERR_RESOURCE. */
bool sweep_axis_read(struct sweep_axis *axis, const char *list, struct err *err);

#endif
