/* The map: its commands and keys. */
#include "app/map.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "lab/run_label.h"
#include "lab/sweep_map.h"
#include "view/view.h"
#include "app/app_parts.h"
#include "app/change.h"
#include "app/command.h"
#include "app/experiment.h"
#include "app/key.h"
#include "app/lanes.h"
#include "app/map_work.h"
#include "app/message.h"
#include "app/navigation.h"
#include "app/plane.h"

/* Depth against the variance of the weights times their number of inputs: the axes of
 * Schoenholz et al. 2017, figure 5. */
#define DEFAULT_WORDS "depth=2,3,4,5,7,10,15,20,30,50 init=variance_scaling(scale=0.25..8*11)"

enum { AGAIN, OPEN, CELL, WORDS };

static const struct entry word_list[WORDS] = {
	[AGAIN] = { .name = "again", .summary = "the same values around the present settings" },
	[OPEN] = { .name = "open", .summary = "start the net of the chosen cell" },
	[CELL] = { .name = "cell", .summary = "choose a cell: its column from the left and row from below, from 1" },
};
const struct table map_words = TABLE_OF(word_list, "choice", "choices");

static size_t view_index(void)
{
	return table_index(&views, table_find(&views, "map", NULL));
}

bool map_is_open(const struct app *app)
{
	return app->navigation->view == view_index();
}

bool map_takes_keys(const struct app *app)
{
	return map_is_open(app) && app->map->work;
}

static bool is_beside_plane(const struct app *app)
{
	return app->map->in_phase && view_at(app->navigation->view)->plane;
}

bool map_takes_keys_in_phase(const struct app *app)
{
	return is_beside_plane(app) && app->map->chosen;
}

static bool is_shown(const struct app *app)
{
	return map_is_open(app) || is_beside_plane(app);
}

bool map_is_computing(const struct app *app)
{
	const struct map_work *work = app->map->work;
	return work && !work->finished && is_shown(app) && map_work_is_missing(work);
}

/* ---- the sweep ---- */

bool map_follow(struct app *app)
{
	struct map_work *work = app->map->work;
	if (!map_is_open(app))
		app->map->view_before = app->navigation->view;
	map_free_replaced(app->map);
	if (work == NULL)
		return false;
	bool had_failed = work->job.err.code != ERR_NONE;
	bool changed = sweep_job_follow(&work->job, is_shown(app));
	if (work->job.sweep == NULL && map_is_computing(app))
		changed |= map_work_start(work, app->experiment->interactive);
	if (work->job.err.code && !had_failed) {
		message_show(app->message, ROLE_ALARM, MESSAGE_ALARM_SECONDS, "%s", work->job.err.message);
		changed = true;
	}
	return changed;
}

bool map_end(struct app *app)
{
	bool ended = true;
	for (struct map_work *work = app->map->replaced, *next; work; work = next) {
		next = work->next;
		ended &= map_work_free(work);
	}
	ended &= map_work_free(app->map->work);
	*app->map = (struct map){0};
	return ended;
}

/* ---- the cursor ---- */

/* Moves along an axis, to its end at most. */
static void move(struct map *map, size_t axis, int by)
{
	size_t last = map->work->map->grid.axis[axis].values - 1, *at = &map->index[axis];
	if (by < 0)
		*at -= *at > 0;
	else
		*at += *at < last;
}

/* Through the other axes, the last one fastest, round the end. */
static void move_rest(struct map *map, int by)
{
	const struct sweep_map *shown = map->work->map;
	for (size_t i = shown->grid.axes; i-- > 0;) {
		size_t values = shown->grid.axis[i].values;
		if (i == shown->across || i == shown->upwards)
			continue;
		map->index[i] = (map->index[i] + (by < 0 ? values - 1 : 1)) % values;
		if (map->index[i] != (by < 0 ? values - 1 : 0))
			return;
	}
}

static bool has_rest(const struct sweep_map *map)
{
	return map->grid.nets > (uint64_t)map->grid.axis[map->across].values * map->grid.axis[map->upwards].values;
}

/* Begins in the middle. */
static void place_cursor(struct map *map)
{
	const struct sweep_map *shown = map->work->map;
	memset(map->index, 0, sizeof map->index);
	map->index[shown->across] = shown->grid.axis[shown->across].values / 2;
	map->index[shown->upwards] = shown->grid.axis[shown->upwards].values / 2;
}

static bool choose_cell(struct app *app, char *words, struct err *err)
{
	const struct sweep_map *shown = app->map->work->map;
	const size_t columns = shown->grid.axis[shown->across].values, rows = shown->grid.axis[shown->upwards].values;
	uint64_t column, row;
	char *second = command_cut(words);
	if (!text_unsigned(words, &column) || !text_unsigned(second, &row) || column < 1 || row < 1 || column > columns || row > rows)
		return err_set(err, ERR_USAGE, "map: no such cell: give its column, 1 to %zu, and its row, 1 to %zu", columns, rows);
	app->map->index[shown->across] = (size_t)column - 1;
	app->map->index[shown->upwards] = (size_t)row - 1;
	return true;
}

static bool open_net(struct app *app, struct err *err)
{
	const struct sweep_grid *grid = &app->map->work->map->grid;
	struct settings settings, *own = &app->lanes->lane[0].settings;
	char label[RUN_LABEL_SIZE], view[] = "layers";
	if (app->experiment->status.replay)
		return err_set(err, ERR_USAGE, "%s", RUNNER_REPLAY_REFUSAL);
	if (!sweep_grid_settings(&settings, grid, sweep_grid_net(grid, app->map->index), err))
		return false;
	settings.threads = own->threads;
	lanes_remove(app);
	*own = settings;
	change_restart(app);
	message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "new run, the net of the map's cell: %s", run_label(label, own));
	/* in the Phase view its layers are seen in the plane */
	return is_beside_plane(app) || navigation_view(app, view, err);
}

void map_close(struct app *app)
{
	app->navigation->view = app->map->view_before;
}

void map_leave_in_phase(struct app *app)
{
	app->map->chosen = false;
}

bool map_key(struct app *app, int key)
{
	struct map *map = app->map;
	const struct sweep_map *shown = map->work->map;
	struct err err = {0};
	switch (key) {
	case APP_KEY_LEFT:
	case APP_KEY_RIGHT:
		move(map, shown->across, key == APP_KEY_LEFT ? -1 : 1);
		return true;
	case APP_KEY_UP:
	case APP_KEY_DOWN:
		move(map, shown->upwards, key == APP_KEY_DOWN ? -1 : 1);
		return true;
	case APP_KEY_PAGE_UP:
	case APP_KEY_PAGE_DOWN:
		move_rest(map, key == APP_KEY_PAGE_DOWN ? -1 : 1);
		return has_rest(shown);
	case '\r':
		if (!open_net(app, &err))
			message_show(app->message, ROLE_ALARM, MESSAGE_ALARM_SECONDS, "%s", err.message);
		return true;
	default:
		return false;
	}
}

/* The keys that go through further settings are named only where there are any. */
void map_hint(const struct app *app, bool brief, char *out, size_t size)
{
	bool plane = is_beside_plane(app), rest = has_rest(app->map->work->map);
	if (brief)
		snprintf(out, size, "↑↓←→ %sEnter N %s", rest ? "PgUp " : "", plane ? "E" : "Esc");
	else
		snprintf(out, size, "arrows net%s  Enter start  N number  %s", rest ? "  PgUp/PgDn others" : "", plane ? "E plane" : "Esc back");
}

/* ---- commands ---- */

/* Replaces the map that is shown. */
static void replace(struct map *map, struct map_work *work)
{
	if (map->work) {
		sweep_job_stop(&map->work->job);
		map->work->next = map->replaced;
		map->replaced = map->work;
	}
	map->work = work;
	place_cursor(map);
}

static bool begin(struct app *app, const char *words, struct err *err)
{
	struct map_work *work = alloc_array(1, sizeof *work, err);
	if (work == NULL)
		return false;
	text_add(&work->words, words);
	work->base = app->lanes->lane[app->lanes->chosen].settings;
	work->map = sweep_map_create(words, &work->base, err);
	if (work->map == NULL || !text_check(&work->words, err)) {
		map_work_free(work);
		return false;
	}
	replace(app->map, work);
	return true;
}

/* Nets that are known already, with the same words and settings, are not trained again. */
static bool begin_or_keep(struct app *app, const char *words, struct err *err)
{
	const struct map_work *work = app->map->work;
	if (work == NULL || !map_work_is_same(work, words, &app->lanes->lane[app->lanes->chosen].settings))
		return begin(app, words, err);
	place_cursor(app->map);
	return true;
}

/* A script sees the whole map. */
static bool complete(struct app *app, struct err *err)
{
	return app->experiment->interactive || app->map->work->finished || map_work_compute(app->map->work, err);
}

/* Opens the view. */
static bool show(struct app *app, struct err *err)
{
	if (!map_is_open(app))
		app->map->view_before = app->navigation->view;
	app->navigation->view = view_index();
	return complete(app, err);
}

bool map_fits_phase(const struct app *app)
{
	struct settings settings;
	const struct sweep_map *map = app->map->work ? app->map->work->map : NULL;
	const struct spec *activation = &app->plane->phase.plane.activation;
	return map && map->reach && activation->entry && sweep_grid_settings(&settings, &map->grid, 0, NULL) &&
	       spec_equal(&settings.activation, activation);
}

bool map_show_in_phase(struct app *app, const char *words, struct err *err)
{
	if (words && !begin_or_keep(app, words, err))
		return false;
	app->map->in_phase = app->map->chosen = true;
	return complete(app, err);
}

bool map_show_finished(struct app *app, struct sweep_map *map, struct err *err)
{
	struct map_work *work = alloc_array(1, sizeof *work, err);
	if (work == NULL)
		return false;
	work->map = map;
	work->finished = true;
	for (size_t i = 0; i < map->grid.axes; i++) {
		const struct sweep_axis *axis = &map->grid.axis[i];
		text_addf(&work->words, "%s%s=", i ? " " : "", axis->name);
		for (size_t k = 0; k < axis->values; k++)
			text_addf(&work->words, "%s%s", k ? "," : "", sweep_axis_value(axis, k));
	}
	replace(app->map, work);
	return text_check(&work->words, err) && show(app, err);
}

/* A cell that is chosen beside the plane gives the map the keys. */
static bool choose_in_phase(struct app *app)
{
	app->map->chosen |= is_beside_plane(app);
	return is_beside_plane(app);
}

bool map_command(struct app *app, char *words, struct err *err)
{
	struct map *map = app->map;
	if (strchr(words, '='))
		return begin_or_keep(app, words, err) && show(app, err);
	if (map->work == NULL && !begin(app, DEFAULT_WORDS, err))
		return false;
	char *rest = command_cut(words);
	if (words[0] == '\0')
		return show(app, err);
	const struct entry *word = table_find(&map_words, words, err);
	if (word == NULL)
		return err_prefix(err, "map");
	switch (table_index(&map_words, word)) {
	case CELL:
		return choose_cell(app, rest, err) && (choose_in_phase(app) || show(app, err));
	case OPEN:
		return open_net(app, err);
	default: {
		struct text same = {0};
		text_add(&same, text_string(&map->work->words));
		bool begun = text_check(&same, err) && begin(app, text_string(&same), err);
		text_free(&same);
		return begun && show(app, err);
	}
	}
}

bool map_value(struct app *app, char *words, struct err *err)
{
	if (!navigation_choose(&sweep_values, words, &app->map->value, err))
		return false;
	const struct entry *chosen = table_at(&sweep_values, app->map->value);
	message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "%s: %s", chosen->name, chosen->summary);
	return true;
}
