/* The app: its parts put together, and what the outside world calls. */
#include "app/app.h"

#include "base/alloc.h"
#include "lab/pins.h"
#include "draw/palette.h"
#include "app/announcements.h"
#include "app/app_parts.h"
#include "app/click.h"
#include "app/command_line.h"
#include "app/curing.h"
#include "app/experiment.h"
#include "app/findings.h"
#include "app/frame.h"
#include "app/goal.h"
#include "app/help_screen.h"
#include "app/isometry.h"
#include "app/keyboard.h"
#include "app/lanes.h"
#include "app/layout.h"
#include "app/leave.h"
#include "app/lesson_screen.h"
#include "app/line.h"
#include "app/coordinate_check.h"
#include "app/coordinate_work.h"
#include "app/map.h"
#include "app/map_work.h"
#include "app/message.h"
#include "app/moment.h"
#include "app/navigation.h"
#include "app/overlay.h"
#include "app/panel.h"
#include "app/phase.h"
#include "app/picking.h"
#include "app/plane.h"
#include "app/program.h"
#include "app/refresh.h"
#include "app/report_screen.h"
#include "app/restored.h"
#include "app/save.h"
#include "app/services.h"

#define DEFAULT_WIDTH 80
#define DEFAULT_HEIGHT 24
#define QUEUE_PATIENCE 0.001 /* seconds that app_poll() waits for the runner before the next queued line */

/* Command lines that wait for each other, and warnings. */
struct queue {
	const char *const *line;       /* [count] still to be carried out: app_queue() */
	size_t count;
	const struct warnings *warned; /* those that were shown; owned */
};

/* One block of memory for the app and its parts. */
struct parts {
	struct app app; /* first: a pointer to it is one to the whole block */
	struct app_services services;
	struct experiment experiment;
	struct lanes lanes;
	struct pins pins;
	struct restored restored;
	struct moment moment;
	struct goal goal;
	struct findings findings;
	struct curing curing;
	struct navigation navigation;
	struct plane plane;
	struct picking picking;
	struct map map;
	struct coordinate_check coordinates;
	struct screen screen;
	struct message message;
	struct saving saving;
	struct line prompt;
	struct settings_panel panel;
	struct help_screen help;
	struct report_screen report;
	struct lesson_screen lesson;
	struct announced announced;
	struct keyboard keyboard;
	struct program program;
	struct queue queue;
};

static struct app *create_parts(struct err *err)
{
	struct parts *parts = alloc_array(1, sizeof *parts, err);
	if (parts == NULL)
		return NULL;
	parts->app = (struct app){
		.announced = &parts->announced,
		.curing = &parts->curing,
		.experiment = &parts->experiment,
		.findings = &parts->findings,
		.goal = &parts->goal,
		.help = &parts->help,
		.keyboard = &parts->keyboard,
		.lanes = &parts->lanes,
		.lesson = &parts->lesson,
		.map = &parts->map,
		.coordinates = &parts->coordinates,
		.message = &parts->message,
		.moment = &parts->moment,
		.navigation = &parts->navigation,
		.panel = &parts->panel,
		.picking = &parts->picking,
		.pins = &parts->pins,
		.plane = &parts->plane,
		.program = &parts->program,
		.prompt = &parts->prompt,
		.queue = &parts->queue,
		.report = &parts->report,
		.restored = &parts->restored,
		.saving = &parts->saving,
		.screen = &parts->screen,
		.services = &parts->services,
	};
	return &parts->app;
}

/* Updates what depends on what is shown; called after everything that may have
 * changed it.  True if there is something new to show. */
static bool follow(struct app *app)
{
	bool changed = picking_follow(app);
	findings_update(app);
	curing_follow(app);
	isometry_follow(app);
	return phase_follow(app) || changed;
}

struct app *app_create(struct runner *runner, const struct settings *settings, const struct app_services *services,
                       bool interactive, struct err *err)
{
	struct app *app = create_parts(err);
	if (app == NULL)
		return NULL;
	app->experiment->runner = runner;
	app->lanes->lane[0].settings = *settings;
	if (services)
		*app->services = *services;
	app->experiment->interactive = interactive;
	app->navigation->palette = app->services->palette ? table_index(&palettes, &app->services->palette->entry) : 0;
	app->experiment->speed = experiment_first_speed(app);
	app->moment->live = true;
	app->map->value = SWEEP_TEST_ACCURACY;
	app->saving->hold = 1;
	app_resize(app, DEFAULT_WIDTH, DEFAULT_HEIGHT, false);
	lanes_start(app);
	if (interactive)
		return app;
	runner_settle(runner, 0);
	refresh_app(app);
	follow(app);
	if (app->experiment->status.state != RUNNER_FAILED)
		return app;
	if (err)
		*err = app->experiment->status.err;
	app_destroy(app);
	return NULL;
}

bool app_destroy(struct app *app)
{
	if (app == NULL)
		return true;
	bool ended = map_end(app);
	ended &= coordinate_check_end(app);
	lanes_remove(app);
	findings_end(app);
	plane_end(app);
	pins_clear(app->pins);
	history_clear(&app->lanes->lane[0].history);
	snapshot_drop(app->lanes->lane[0].latest);
	snapshot_drop(app->lanes->lane[0].held);
	lesson_destroy(app->lesson->lesson);
	warnings_drop(app->queue->warned);
	alloc_free(app);
	return ended;
}

void app_resize(struct app *app, int width, int height, bool ascii)
{
	app->screen->width = width;
	app->screen->height = height;
	app->screen->ascii = ascii;
}

void app_notify(struct app *app, const char *notice)
{
	if (notice)
		message_show(app->message, ROLE_NOTE, MESSAGE_ALARM_SECONDS, "%s", notice);
}

void app_suggest_palette(struct app *app, const struct palette *palette)
{
	bool chosen = app->navigation->palette_chosen || app->services->choose_palette == NULL;
	if (!chosen && app->services->choose_palette(app->services->context, palette, NULL))
		app->navigation->palette = table_index(&palettes, &palette->entry);
}

/* Each warning is shown once, not with every run, and stays until a key.  The
 * next one waits until there is no message. */
static bool show_warning(struct app *app)
{
	const struct warnings *known = app->lanes->lane[0].held ? app->lanes->lane[0].held->warnings : NULL;
	if (app->message->text[0] || app->queue->count)
		return false;
	for (size_t i = 0; i < warnings_count(known); i++) {
		const char *line = warnings_at(known, i);
		if (warnings_have(app->queue->warned, line) || !warnings_add(&app->queue->warned, NULL, "%s", line))
			continue;
		message_show(app->message, ROLE_NOTE, 0, "%s", line);
		return true;
	}
	return false;
}

void app_queue(struct app *app, const char *const *line, size_t count)
{
	app->queue->line = line;
	app->queue->count = count;
}

/* A queued line waits until the runner has carried out the line before. */
static void run_queued(struct app *app)
{
	const struct experiment *experiment = app->experiment;
	while (app->queue->count && experiment->status.state != RUNNER_FAILED &&
	       runner_settle(experiment->runner, QUEUE_PATIENCE)) {
		struct err err = {0};
		const char *line = *app->queue->line++;
		app->queue->count--;
		refresh_app(app);
		if (command_line_run(app, line, &err))
			continue;
		message_show(app->message, ROLE_ALARM, 0, "%s", err.message);
		app->queue->count = 0;
	}
}

bool app_poll(struct app *app, double now)
{
	uint64_t refused = app->experiment->status.refused;
	bool changed = refresh_app(app);
	struct err lesson_err = {0};
	size_t waiting = app->queue->count, line = app->lesson->line;
	run_queued(app);
	if (!lesson_continue(app, &lesson_err))
		message_show(app->message, ROLE_ALARM, 0, "%s", lesson_err.message);
	/* those lines have taken what was new from the runner, and may have changed the view */
	changed |= app->queue->count != waiting || app->lesson->line != line;
	changed |= follow(app);
	const struct err *err = &app->experiment->status.err;
	if (err->code && app->experiment->status.state != RUNNER_FAILED && app->experiment->status.refused != refused)
		message_show(app->message, ROLE_ALARM, MESSAGE_ALARM_SECONDS, "%s", err->message);
	struct err report_err = {0};
	changed |= report_refresh(app, &report_err);
	if (report_err.code)
		message_show(app->message, ROLE_ALARM, MESSAGE_ALARM_SECONDS, "%s", report_err.message);
	changed |= save_follow(app);
	leave_follow(app);
	changed |= map_follow(app);
	changed |= coordinate_check_follow(app);
	changed |= message_fade(app->message, now);
	return show_warning(app) || changed;
}

double app_hold(const struct app *app)
{
	return app->saving->hold;
}

bool app_wants_to_quit(const struct app *app)
{
	return app->program->quit;
}

bool app_is_typing(const struct app *app)
{
	return overlay_line(app) != NULL;
}

bool app_is_running(const struct app *app)
{
	return experiment_is_running(app) || report_is_at_work(app) || map_is_computing(app) ||
	       coordinate_check_is_computing(app);
}

/* ---- the parts' work, by the names that the outside world uses ---- */

bool app_command(struct app *app, const char *line, struct err *err)
{
	bool done = command_line_run(app, line, err);
	follow(app);
	return done;
}

void app_key(struct app *app, int key)
{
	keyboard_press(app, key);
	follow(app);
}

void app_click(struct app *app, int x, int y)
{
	click_at(app, x, y);
	follow(app);
}

void app_draw(const struct app *app, struct canvas *canvas)
{
	frame_draw(app, canvas);
}

void app_announce(struct app *app, struct text *text)
{
	announcements_add(app, text);
}

bool app_lesson(struct app *app, const char *name, bool to_its_end, struct err *err)
{
	bool more = to_its_end;
	if (!lesson_open(app, name, 1, err))
		return false;
	while (more)
		if (!lesson_next_page(app, &more, err))
			return false;
	follow(app);
	return true;
}

bool app_show_sweep(struct app *app, struct sweep_map *map, struct err *err)
{
	return map_show_finished(app, map, err);
}

void app_lock_lesson(struct app *app)
{
	app->lesson->locked = true;
}

void app_describe_cure(const struct app *app, struct text *text)
{
	findings_add(app, text);
}

bool app_has_saved_all(const struct app *app, struct err *err)
{
	char safe[256];
	const char *unsaved = save_waits(app, safe);
	return unsaved == NULL ||
	       err_set(err, ERR_OUTPUT, "%s: not saved: the program was ended before the net was there", unsaved);
}

bool app_save_run(const struct app *app, const char *path, struct err *err)
{
	return save_history(app, path, err);
}

bool app_save_tensors(struct app *app, enum tensors_kind kind, const char *path, struct err *err)
{
	return save_tensors(app, kind, path, err);
}
