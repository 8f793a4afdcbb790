/* The Phase view's command and keys: moving the cursor, starting the net at its
 * place. */
#include "app/phase.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "app/app_parts.h"
#include "app/branch.h"
#include "app/change.h"
#include "app/command.h"
#include "app/command_line.h"
#include "app/experiment.h"
#include "app/key.h"
#include "app/lanes.h"
#include "app/map.h"
#include "app/map_work.h"
#include "app/message.h"
#include "app/moment.h"
#include "app/navigation.h"
#include "app/plane.h"
#include "app/replay.h"

#define POINTS_AT_ONCE 500 /* some 50 ms */
#define STEPS_ACROSS 80.0  /* of the cursor, along sigma_w */

static const struct entry words[] = {
	[PHASE_LEFT] = { .name = "left", .summary = "the cursor to a smaller sigma_w" },
	[PHASE_RIGHT] = { .name = "right", .summary = "the cursor to a larger sigma_w" },
	[PHASE_UP] = { .name = "up", .summary = "the cursor to a larger sigma_b" },
	[PHASE_DOWN] = { .name = "down", .summary = "the cursor to a smaller sigma_b" },
	[PHASE_START] = { .name = "start", .summary = "the net of the cursor, from step 0: normal weights and biases" },
	[PHASE_NETS] = { .name = "nets", .summary = "train nets of 5 to 80 layers with the cursor's sigma_b and several sigma_w: a map beside the plane" },
	[PHASE_POINT] = { .name = "point", .summary = "the keys move the cursor in the plane again" },
};
const struct table phase_words = TABLE_OF(words, "choice", "choices");

/* ---- following ---- */

bool phase_follow(struct app *app)
{
	const struct view *view = view_at(app->navigation->view);
	if (!view->plane && !view->map)
		return false;
	size_t most = app->experiment->interactive ? POINTS_AT_ONCE : PHASE_POINTS;
	bool changed = plane_follow(app, app->navigation->layer, view->plane ? most : 0);
	if (view->plane && app->map->in_phase && !map_fits_phase(app)) {
		app->map->in_phase = app->map->chosen = false;
		changed = true;
	}
	return changed;
}

/* ---- the command ---- */

/* Both settings at once, so that one undo brings the net before back. */
static bool start_net(struct app *app, struct err *err)
{
	const struct phase_spot *cursor = &app->plane->phase.cursor;
	struct settings settings;
	char init[64] = "zeros", bias[64] = "zeros";
	if (replay_refuses(app, NULL, err))
		return false;
	if (cursor->sigma_w > 0)
		snprintf(init, sizeof init, "normal(0,%.4g/sqrt(fan_in))", cursor->sigma_w);
	if (cursor->sigma_b > 0)
		snprintf(bias, sizeof bias, "normal(0,%.4g)", cursor->sigma_b);
	branch_settings(app, &settings);
	if (!settings_set(&settings, "init", init, err) || !settings_set(&settings, "bias-init", bias, err))
		return false;
	lanes_remove(app);
	app->lanes->lane[0].settings = settings;
	change_restart(app);
	message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "new run: init %s, bias-init %s; u brings the previous run back",
	             init, bias);
	return true;
}

/* Two digits, so that the values of an axis are short. */
static double two_digits(double number)
{
	double unit = pow(10, floor(log10(number)) - 1);
	return round(number / unit) * unit;
}

/* Figure 5 of Schoenholz et al. 2017, for the activation and the biases of the cursor: sigma_w^2 from half
 * of the critical one, the third value, to 9/4 of it. */
static bool train_row(struct app *app, struct err *err)
{
	struct phase *phase = &app->plane->phase;
	double sigma_w = phase_plane_critical(&phase->plane, phase->cursor.sigma_b);
	double critical = two_digits(sigma_w > 0 ? sigma_w * sigma_w : 1);
	char line[200];
	snprintf(line, sizeof line, "init=normal(0,sqrt(%.4g..%.4g/8/fan_in)) depth=5,10,15,20,30,40,60,80 bias-init=normal(0,%.4g)",
	         critical / 2, critical * 9 / 4, fmax(phase->cursor.sigma_b, 1e-6));
	return map_show_in_phase(app, line, err);
}

/* What the key does in the view: the keys go from the plane to the trained nets, and back. */
static bool turn(struct app *app, struct err *err)
{
	if (map_takes_keys_in_phase(app)) {
		map_leave_in_phase(app);
		return true;
	}
	return map_fits_phase(app) ? map_show_in_phase(app, NULL, err) : train_row(app, err);
}

static bool move(struct app *app, size_t word)
{
	struct phase *phase = &app->plane->phase;
	double step = phase->plane.most_w / STEPS_ACROSS;
	/* Whole steps, so that there and back is the same place. */
	double w = round(phase->cursor.sigma_w / step) * step, b = round(phase->cursor.sigma_b / step) * step;
	plane_place_cursor(app->plane, w + step * ((word == PHASE_RIGHT) - (word == PHASE_LEFT)),
	                   b + step * ((word == PHASE_UP) - (word == PHASE_DOWN)));
	app->plane->placed = true;
	return true;
}

/* "SIGMA_W SIGMA_B" */
static bool go_to(struct app *app, char *line, struct err *err)
{
	struct phase *phase = &app->plane->phase;
	char *second = command_cut(line), safe[64];
	double w, b = 0;
	if (!text_real(line, &w) || (second[0] && !text_real(second, &b)))
		return err_set(err, ERR_USAGE, "phase: '%s' is no place: give sigma_w and sigma_b, left, right, up, down, start, nets or point",
		               text_escape(safe, sizeof safe, text_real(line, &w) ? second : line));
	if (!(w >= 0 && w <= phase->plane.most_w && b >= 0 && b <= phase->plane.most_b))
		return err_set(err, ERR_USAGE, "phase: (%g, %g) is outside of the plane: sigma_w is 0 to %g, sigma_b 0 to %g", w, b,
		               phase->plane.most_w, phase->plane.most_b);
	plane_place_cursor(app->plane, w, b);
	app->plane->placed = true;
	map_leave_in_phase(app);
	return true;
}

bool phase_command(struct app *app, char *line, struct err *err)
{
	if (moment_snapshot(app) == NULL)
		return err_set(err, ERR_RUN, "phase: there is no observation yet: wait until the images are loaded");
	bool open = phase_has_keys(app);
	for (size_t i = 0; !phase_has_keys(app) && i < views.count; i++)
		if (view_at(i)->plane)
			app->navigation->view = i;
	plane_follow(app, app->navigation->layer, 0);
	if (line[0] == '\0')
		return !open || turn(app, err);
	const struct entry *word = table_find(&phase_words, line, NULL);
	if (word == NULL)
		return go_to(app, line, err);
	size_t chosen = table_index(&phase_words, word);
	if (chosen == PHASE_NETS)
		return train_row(app, err);
	map_leave_in_phase(app);
	if (chosen == PHASE_POINT)
		return true;
	return chosen == PHASE_START ? start_net(app, err) : move(app, chosen);
}

/* ---- keys ---- */

bool phase_has_keys(const struct app *app)
{
	return view_at(app->navigation->view)->plane;
}

bool phase_key(struct app *app, int key)
{
	static const struct {
		int key;
		size_t word;
	} keys[] = {
		{ APP_KEY_LEFT, PHASE_LEFT }, { APP_KEY_RIGHT, PHASE_RIGHT }, { APP_KEY_UP, PHASE_UP }, { APP_KEY_DOWN, PHASE_DOWN },
		{ '\r', PHASE_START },
	};
	if (!phase_has_keys(app))
		return false;
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (keys[i].key == key) {
			char line[32];
			snprintf(line, sizeof line, "phase %s", words[keys[i].word].name);
			command_line_enter(app, line);
			return true;
		}
	return false;
}
