/* The command line that recreates what is on the screen: the settings that the
 * run began with as options, then what was done since as commands. */
#include "app/recreate.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/scenario.h"
#include "app/app_parts.h"
#include "app/experiment.h"
#include "app/lanes.h"
#include "app/layout.h"
#include "app/line.h"
#include "app/map.h"
#include "app/coordinate_check.h"
#include "app/coordinate_work.h"
#include "app/map_work.h"
#include "app/message.h"
#include "app/moment.h"
#include "app/phase.h"
#include "app/navigation.h"
#include "app/panel.h"

/* A command line under construction, broken into rows with backslashes. */
struct recreation {
	struct text text;
	size_t row;   /* where its last row begins */
	size_t width; /* of a row */
};

/* One option with its value. */
static void add_option(struct recreation *r, const char *words)
{
	size_t used = r->text.length - r->row;
	if (used > 0 && used + strlen(words) + 3 > r->width) {
		text_add(&r->text, " \\\n");
		r->row = r->text.length;
	}
	text_addf(&r->text, "%s%s", r->text.length > r->row ? " " : "", words);
}

static void add_command(struct recreation *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add_command(struct recreation *r, const char *format, ...)
{
	char line[LINE_SIZE];
	struct text option = {0};
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	text_add(&option, "-c ");
	text_add_quoted(&option, line);
	add_option(r, text_string(&option));
	text_free(&option);
}

static void receive_option(void *context, const char *option)
{
	add_option(context, option);
}

/* Adds the compared net, by the settings that differ. */
static void add_partner(struct recreation *r, const struct settings *own, const struct settings *other)
{
	struct text line = {0}, mine = {0}, its = {0};
	text_add(&line, "compare");
	for (size_t i = 0; i < settings_table.count; i++) {
		const struct setting *setting = setting_at(i);
		text_clear(&mine);
		text_clear(&its);
		settings_get_value(own, setting, &mine);
		settings_get_value(other, setting, &its);
		if (!setting->derived && setting->choices != &scenarios && strcmp(text_string(&mine), text_string(&its)) != 0)
			text_addf(&line, " %s=%s", setting->entry.name, text_string(&its));
	}
	add_command(r, "%s", text_string(&line));
	text_free(&line);
	text_free(&mine);
	text_free(&its);
}

static void add_lanes(struct recreation *r, const struct lanes *lanes)
{
	if (lanes->beside == 1)
		add_partner(r, &lanes->started[0], &lanes->lane[1].settings);
	else if (lanes->beside > 1)
		add_command(r, "multiples");
	if (lanes->chosen)
		add_command(r, "lane %zu", lanes->chosen + 1);
}

static void add_steps(struct recreation *r, uint64_t *at, uint64_t to)
{
	if (to > *at)
		add_command(r, "step %llu", (unsigned long long)(to - *at));
	*at = to;
}

/* Adds the run up to the present, with its changes. */
static void add_run(struct recreation *r, const struct app *app)
{
	struct runner_edit edit;
	char factor[TEXT_EXACT_SIZE];
	uint64_t at = 0;
	for (size_t i = 0; runner_past_edit(app->experiment->runner, i, &edit); i++) {
		add_steps(r, &at, edit.step);
		if (edit.layer)
			add_command(r, "scale %u %s", edit.layer, text_exact(factor, edit.factor));
		else
			add_command(r, "%s %s", edit.name, edit.value);
	}
	if (app->lanes->lane[0].held)
		add_steps(r, &at, app->lanes->lane[0].held->step);
	if (moment_is_past(app))
		add_command(r, "go %llu", (unsigned long long)moment_snapshot(app)->step);
}

/* The plane with trained nets: first their map, then the view, then the map beside it. */
static void add_phase_nets(struct recreation *r, const struct app *app)
{
	add_command(r, "map %s", text_string(&app->map->work->words));
	add_command(r, "phase");
	add_command(r, "phase");
	if (!app->map->chosen)
		add_command(r, "phase point");
}

static void add_display(struct recreation *r, const struct app *app)
{
	if (map_is_open(app) && app->map->work)
		add_command(r, "map %s", text_string(&app->map->work->words));
	else if (coordinate_check_takes_keys(app))
		add_command(r, "coordinates %s", text_string(&app->coordinates->work->words));
	else if (phase_has_keys(app) && app->map->in_phase)
		add_phase_nets(r, app);
	else if (app->navigation->view)
		add_command(r, "view %s", table_at(&views, app->navigation->view)->name);
	if (app->navigation->layer)
		add_command(r, "layer %zu", app->navigation->layer < moment_layers(app) ? app->navigation->layer + 1 : moment_layers(app));
	if (app->navigation->tensor)
		add_command(r, "tensor %s", snapshot_tensor_names[app->navigation->tensor]);
	if (app->navigation->linear)
		add_command(r, "axis scale");
	if (app->navigation->recent)
		add_command(r, "axis span");
	if (app->navigation->log_counts)
		add_command(r, "counts log");
	if (app->navigation->zoom > 0 && app->navigation->zoom != 1)
		add_command(r, "zoom %g", app->navigation->zoom);
	if (app->screen->present)
		add_command(r, "present on");
	if (app->panel->open)
		add_command(r, "settings %s", table_at(&settings_table, app->panel->chosen)->name);
}

bool recreate_screen(struct app *app, char *words, struct err *err)
{
	(void)words;
	struct recreation recreation = { .width = (size_t)(app->screen->width > SCREEN_MIN_WIDTH ? app->screen->width : SCREEN_MIN_WIDTH) - 2 };
	text_add(&recreation.text, "initviz");
	recreation.text.failed |= !settings_options(&app->lanes->started[0], receive_option, &recreation);
	add_lanes(&recreation, app->lanes);
	add_run(&recreation, app);
	add_display(&recreation, app);
	bool done = text_check(&recreation.text, err);
	if (done)
		message_show(app->message, ROLE_READOUT, 0, "%s", text_string(&recreation.text));
	text_free(&recreation.text);
	return done;
}
