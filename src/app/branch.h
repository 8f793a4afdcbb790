/* Changing a run at an earlier step: it continues from there with the change. */
#ifndef INITVIZ_APP_BRANCH_H
#define INITVIZ_APP_BRANCH_H

#include <stdbool.h>
#include <stdint.h>
#include "lab/settings.h"

struct app;

/* The settings at the step that is shown. */
void branch_settings(const struct app *app, struct settings *settings);

/* Removes the changes that were made after that step from the other lanes. */
void branch_copy_lanes(struct app *app);

/* Whether a setting or weights were changed during the run. */
bool branch_is_edited(const struct app *app);

/* branch_begin() takes the run back to the step that is shown, if that is in
 * the past.  Changes follow; then branch_end() runs it on if it ran before. */
struct branch {
	bool made, on;
	uint64_t step;
};
struct branch branch_begin(struct app *app);
void branch_end(struct app *app, const struct branch *branch);

#endif
