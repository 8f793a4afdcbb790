/* The run's past: its events, and going back in it to change something from
 * there. */
#include <stdio.h>
#include <string.h>

#include "view/events.h"
#include "app/app_state.h"

/* ---- events ---- */

/* Collects the first event of a kind, the selected layer's before all others. */
struct wanted {
	enum event_kind kind;
	size_t layer;
	struct event event;
	bool found;
};

static void choose(void *context, const struct event *event)
{
	struct wanted *wanted = context;
	if (event->kind != wanted->kind || (wanted->found && event->layer != wanted->layer))
		return;
	wanted->event = *event;
	wanted->found = true;
}

static void list_names(struct text *text)
{
	for (size_t i = 0; i < event_kinds.count; i++)
		text_addf(text, "%s%s", i ? ", " : "", table_at(&event_kinds, i)->name);
}

static bool find_by_name(const struct app *app, const struct history *history, const char *name, uint64_t *step,
                         struct err *err)
{
	const struct entry *entry = table_find(&event_kinds, name, NULL);
	if (entry == NULL) {
		struct text names = {0};
		char safe[64];
		list_names(&names);
		err_set(err, ERR_USAGE, "event: '%s' is none: give next, previous, or one of %s",
		        text_escape(safe, sizeof safe, name), text_string(&names));
		text_free(&names);
		return false;
	}
	struct wanted wanted = { .kind = (enum event_kind)table_index(&event_kinds, entry), .layer = app->layer };
	events_visit(history, choose, &wanted);
	*step = wanted.event.step;
	return wanted.found || err_set(err, ERR_USAGE, "event: in this run so far there was none of the kind: %s",
	                               entry->summary);
}

bool past_event(struct app *app, char *words, struct err *err)
{
	const struct snapshot *now = app_shown(app);
	uint64_t step;
	if (now == NULL)
		return true;
	const struct history *history = lanes_history(app, app->lanes.chosen);
	bool next = text_same_name(words, "next");
	if (next || text_same_name(words, "previous")) {
		if (!events_next(history, now->step, next ? 1 : -1, &step)) {
			app_say(app, ROLE_PLAIN, APP_SAY_SECONDS, "no event %s step %llu", next ? "after" : "before", (unsigned long long)now->step);
			return true;
		}
	} else if (!find_by_name(app, history, words, &step, err))
		return false;
	app->live = false;
	app->moment = step;
	return true;
}

/* ---- going back ---- */

void past_settings(const struct app *app, struct settings *settings)
{
	struct runner_edit edit;
	*settings = app->settings;
	if (!app_looks_back(app))
		return;
	*settings = app->lanes.settings[0];
	for (size_t i = 0; runner_past_edit(app->runner, i, &edit) && edit.step < app_shown(app)->step; i++)
		if (edit.layer == 0)
			settings_set(settings, edit.name, edit.value, NULL);
}

void past_take_lanes(struct app *app)
{
	for (size_t lane = 1; app_looks_back(app) && lane <= app->lanes.beside; lane++) {
		const struct snapshot *then = lanes_shown(app, lane);
		for (size_t i = 0; then && i < settings_table.count; i++) {
			const struct setting *setting = setting_at(i);
			struct text value = {0};
			if (!setting->live || setting->derived)
				continue;
			settings_get(&then->settings, setting->entry.name, &value, NULL);
			settings_set(&app->lanes.settings[lane], setting->entry.name, text_string(&value), NULL);
			text_free(&value);
		}
	}
}

bool past_is_changed(const struct app *app)
{
	struct runner_edit edit;
	return runner_past_edit(app->runner, 0, &edit);
}

struct branch past_branch(struct app *app)
{
	struct branch branch = { .made = app_looks_back(app), .on = app_is_on(app) };
	if (!branch.made)
		return branch;
	branch.step = app_shown(app)->step;
	runner_rewind(app->runner, branch.step);
	app->live = true;
	return branch;
}

void past_go_on(struct app *app, const struct branch *branch)
{
	app->wants_run = branch->on;
	if (branch->made && branch->on)
		runner_run(app->runner, true, app->pace);
}
