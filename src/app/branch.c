/* Changing a run at an earlier step: the run goes back to that step and
 * continues with the change. */
#include "app/branch.h"

#include "base/text.h"
#include "app/app_parts.h"
#include "app/experiment.h"
#include "app/lanes.h"
#include "app/moment.h"

void branch_settings(const struct app *app, struct settings *settings)
{
	struct runner_edit edit;
	*settings = app->lanes->lane[0].settings;
	if (!moment_is_past(app))
		return;
	*settings = app->lanes->started[0];
	for (size_t i = 0; runner_past_edit(app->experiment->runner, i, &edit) && edit.step < moment_snapshot(app)->step; i++)
		if (edit.layer == 0)
			settings_set(settings, edit.name, edit.value, NULL);
}

void branch_copy_lanes(struct app *app)
{
	for (size_t lane = 1; moment_is_past(app) && lane <= app->lanes->beside; lane++) {
		const struct snapshot *then = moment_of_lane(app, lane);
		for (size_t i = 0; then && i < settings_table.count; i++) {
			const struct setting *setting = setting_at(i);
			struct text value = {0};
			if (!setting->live || setting->derived)
				continue;
			settings_get_value(&then->settings, setting, &value);
			settings_set_value(&app->lanes->lane[lane].settings, setting, text_string(&value), NULL);
			text_free(&value);
		}
	}
}

bool branch_is_edited(const struct app *app)
{
	struct runner_edit edit;
	return runner_past_edit(app->experiment->runner, 0, &edit);
}

struct branch branch_begin(struct app *app)
{
	struct branch branch = { .made = moment_is_past(app), .on = experiment_is_on(app) };
	if (!branch.made)
		return branch;
	branch.step = moment_snapshot(app)->step;
	runner_rewind(app->experiment->runner, branch.step);
	app->moment->live = true;
	return branch;
}

void branch_end(struct app *app, const struct branch *branch)
{
	experiment_request(app, branch->on);
	if (branch->made && branch->on)
		runner_run(app->experiment->runner, true, app->experiment->speed);
}
