/* The nets that train in lock-step: starting them, following them, changing
 * their settings together. */
#include "app/lanes.h"

#include <stdio.h>
#include <string.h>

#include "lab/pins.h"
#include "lab/run_label.h"
#include "lab/settings_weights.h"
#include "app/app_parts.h"
#include "app/experiment.h"

void lanes_pin_finished(struct app *app, size_t lane)
{
	const struct history *history = lanes_history(app, lane);
	const struct snapshot *last = history->count ? history->snapshot[history->count - 1] : NULL;
	if (last && last->step > 0 && last->settings.steps > 0 && last->step >= last->settings.steps)
		pins_add(app->pins, history, NULL, NULL);
}

static void drop_lane(struct app_lane *lane)
{
	history_clear(&lane->history);
	snapshot_drop(lane->latest);
	snapshot_drop(lane->held);
	lane->history = (struct history){0};
	lane->latest = lane->held = NULL;
}

void lanes_remove(struct app *app)
{
	for (size_t i = 1; i <= app->lanes->beside; i++) {
		lanes_pin_finished(app, i);
		drop_lane(&app->lanes->lane[i]);
	}
	app->lanes->beside = app->lanes->chosen = 0;
}

void lanes_start(struct app *app)
{
	struct lanes *lanes = app->lanes;
	app->experiment->steps_requested = false;
	app->experiment->run_left = app->experiment->status.run;
	for (size_t i = 0; i <= lanes->beside; i++) {
		settings_take_widths(&lanes->lane[i].settings);
		lanes->started[i] = lanes->lane[i].settings;
	}
	if (lanes->beside == 0)
		runner_start(app->experiment->runner, lanes->started);
	else
		runner_start_lanes(app->experiment->runner, lanes->started, lanes->beside + 1);
}

bool lanes_refresh(struct app *app, bool new_run)
{
	bool changed = false;
	for (size_t i = 1; i <= app->lanes->beside; i++) {
		struct app_lane *lane = &app->lanes->lane[i];
		if (new_run)
			history_clear(&lane->history);
		runner_poll_lane(app->experiment->runner, i, &lane->history, &lane->latest);
		if (lane->latest == NULL || lane->latest == lane->held)
			continue;
		snapshot_drop(lane->held);
		lane->held = snapshot_keep(lane->latest);
		changed = true;
	}
	return changed;
}

void lanes_set(struct app *app, const struct setting *setting, const char *name, const char *value)
{
	if (setting->preset)
		lanes_remove(app);
	else if (!setting->per_net)
		for (size_t i = 1; i <= app->lanes->beside; i++)
			settings_set(&app->lanes->lane[i].settings, name, value, NULL);
}

void lanes_reseed(struct app *app)
{
	for (size_t i = 1; i <= app->lanes->beside; i++) {
		struct settings *settings = &app->lanes->lane[i].settings;
		settings->seed = app->lanes->lane[0].settings.seed;
		settings->weight_seed = app->lanes->lane[0].settings.weight_seed;
		settings->batch_seed = app->lanes->lane[0].settings.batch_seed;
	}
}

#define NAME_MOST 40 /* bytes of the name of a net with its scenario */

/* Whether both labels are whole in `out`. */
static bool name_both(char *out, size_t size, const char *first, const char *second)
{
	int length = snprintf(out, size, "A %s  B %s", first, second);
	return length > 0 && (size_t)length < size;
}

bool lanes_title(const struct app *app, char *out, size_t size)
{
	char first[RUN_LABEL_SIZE], second[RUN_LABEL_SIZE];
	const struct settings *a = &app->lanes->lane[0].settings, *b = &app->lanes->lane[1].settings;
	size_t lanes = app->lanes->beside + 1;
	if (lanes == 1)
		return false;
	if (lanes == 2 && name_both(out, size, run_label(first, a), run_label(second, b)))
		return true;
	if (lanes == 2 && strcmp(run_net_label(first, a), run_net_label(second, b)) != 0 && name_both(out, size, first, second))
		return true;
	if (lanes == 2) {
		snprintf(out, size, "%zu nets in lock-step", lanes);
		return true;
	}
	/* which of them the verdict, the numbers below and the views of one net are about */
	const struct settings *shown = &app->lanes->lane[app->lanes->chosen].settings;
	if (strlen(run_label(first, shown)) > NAME_MOST)
		run_net_label(first, shown);
	snprintf(out, size, "%zu nets, shown %s", lanes, first);
	return true;
}

const struct history *lanes_history(const struct app *app, size_t lane)
{
	return &app->lanes->lane[lane].history;
}
