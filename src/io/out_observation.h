/* What the writers of observations share, and offer besides the formats. */
#ifndef INITVIZ_IO_OUT_OBSERVATION_H
#define INITVIZ_IO_OUT_OBSERVATION_H

#include "base/text.h"
#include "lab/history.h"
#include "lab/scenario.h"
#include "lab/snapshot.h"
#include "io/out_list.h"

/* The first line of a saved run; in_run.h reads it and the observations after
 * it.  The history must contain at least one observation. */
#define OUT_JSON_RUN "initviz-run/1"
#define OUT_JSON_COORDINATES "initviz-coordinates/1" /* the line of --coordinates */
void out_json_run(struct text *text, const struct history *history);

/* The names of the CSV columns, one a line with what they mean; for the list
 * of formats and the manual. */
void out_csv_columns(struct text *text);

static inline const char *out_scenario_name(const struct snapshot *snapshot)
{
	return snapshot->settings.scenario ? snapshot->settings.scenario->entry.name : "";
}

#endif
