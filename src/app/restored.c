/* Takes over the settings of a run that was brought back, and shows how a replaced
 * run can be brought back. */
#include "app/restored.h"

#include <stdio.h>
#include <string.h>

#include "lab/run_label.h"
#include "lab/scenario.h"
#include "app/app_parts.h"
#include "app/experiment.h"
#include "app/lanes.h"
#include "app/message.h"
#include "app/navigation.h"

/* Chooses a view of several nets if there are several; leaves such a view if
 * there is one net. */
static void fit_view(struct app *app, size_t lanes)
{
	size_t view = 0, nets = lanes > 2 ? RUNNER_MAX_LANES : lanes;
	if (lanes == 1 && view_at(app->navigation->view)->nets == 0)
		return;
	while (lanes > 1 && view_at(view)->nets != nets)
		view++;
	app->navigation->view = view;
}

static void set_lanes(struct app *app, size_t lanes)
{
	if (lanes != app->lanes->beside + 1) {
		lanes_remove(app);
		fit_view(app, lanes);
	}
	app->lanes->beside = lanes - 1;
	if (lanes == 2)
		app->lanes->partner = table_index(&scenarios, &app->lanes->lane[1].settings.scenario->entry);
}

static void copy_settings(struct app *app)
{
	struct settings start, now;
	size_t lanes = 0;
	for (; lanes < RUNNER_MAX_LANES && runner_settings(app->experiment->runner, lanes, &start, &now); lanes++) {
		app->lanes->lane[lanes].settings = now;
		app->lanes->started[lanes] = start;
	}
	if (lanes)
		set_lanes(app, lanes);
}

static void show_restored(struct app *app)
{
	const struct runner_status *status = &app->experiment->status;
	char label[RUN_LABEL_SIZE], other[64] = "";
	run_label(label, &app->lanes->lane[0].settings);
	if (status->redo)
		snprintf(other, sizeof other, "; U returns to step %llu", (unsigned long long)status->redo_step);
	message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "step %llu is back: %s%s", (unsigned long long)status->step, label, other);
}

/* Adds to the message of the command that replaced a run how to bring it back. */
static void add_way_back(struct app *app)
{
	struct message *message = app->message;
	size_t length = strlen(message->text);
	if (length == 0) {
		message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "new run");
		length = strlen(message->text);
	}
	snprintf(message->text + length, sizeof message->text - length, "; u brings back step %llu",
	         (unsigned long long)app->experiment->status.undo_step);
}

void restored_follow(struct app *app)
{
	struct restored *restored = app->restored;
	const struct runner_status *status = &app->experiment->status;
	bool back = restored->undone != status->undone, parked = restored->parked != status->parked;
	if (status->state == RUNNER_LOADING)
		return;
	restored->undone = status->undone;
	restored->parked = status->parked;
	if (back) {
		copy_settings(app);
		show_restored(app);
	} else if (parked && status->undo_trained)
		add_way_back(app);
}
