/* Carrying out command lines: from keys, from `:`, from scripts, all alike. */
#include <stdio.h>
#include <string.h>

#include "lab/scenario.h"
#include "app/app_state.h"

#define COMMAND_SIZE 4200 /* a line of a script with room to spare */
/* ---- running ---- */

static bool run(struct app *app, char *words, struct err *err)
{
	(void)words, (void)err;
	app->live = true;
	app->wants_run = true;
	runner_run(app->runner, true, app->pace);
	return true;
}

static bool pause_run(struct app *app, char *words, struct err *err)
{
	(void)words, (void)err;
	app->wants_run = false;
	runner_run(app->runner, false, app->pace);
	return true;
}

static bool toggle(struct app *app, char *words, struct err *err)
{
	return app_is_on(app) ? pause_run(app, words, err) : run(app, words, err);
}

static bool step(struct app *app, char *words, struct err *err)
{
	uint64_t steps = 1;
	char safe[64];
	if (words[0] && (!text_unsigned(words, &steps) || steps == 0))
		return err_set(err, ERR_USAGE, "step: '%s' is no number of steps: give 1 or more",
		               text_escape(safe, sizeof safe, words));
	app->live = true;
	app->wants_run = false;
	runner_step(app->runner, steps);
	return true;
}

static const double paces[] = { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000 };
#define PACES (sizeof paces / sizeof paces[0])

/* The next pace up; beyond the last one, as fast as it goes (0). */
static double faster(double pace)
{
	for (size_t i = 0; i < PACES && pace > 0; i++)
		if (paces[i] > pace)
			return paces[i];
	return 0;
}

static double slower(double pace)
{
	for (size_t i = PACES; i-- > 0;)
		if (pace <= 0 || paces[i] < pace)
			return paces[i];
	return paces[0];
}

static void spell_pace(char out[TEXT_EXACT_SIZE], double pace)
{
	if (pace > 0)
		text_exact(out, pace);
	else
		snprintf(out, TEXT_EXACT_SIZE, "max");
}

static void say_pace(struct app *app, double before)
{
	char was[TEXT_EXACT_SIZE], is[TEXT_EXACT_SIZE];
	spell_pace(was, before);
	spell_pace(is, app->pace);
	app_say(app, ROLE_PLAIN, APP_SAY_SECONDS, "speed %s -> %s steps a second", was, is);
}

static bool speed(struct app *app, char *words, struct err *err)
{
	double pace, before = app->pace;
	char safe[64];
	if (text_same_name(words, "max"))
		pace = 0;
	else if (text_same_name(words, "faster"))
		pace = faster(app->pace);
	else if (text_same_name(words, "slower"))
		pace = slower(app->pace);
	else if (!text_real(words, &pace) || pace <= 0)
		return err_set(err, ERR_USAGE, "speed: '%s' will not do: give steps a second, faster, slower or max",
		               text_escape(safe, sizeof safe, words));
	app->pace = pace;
	if (app_is_running(app) && app->wants_run)
		runner_run(app->runner, true, pace);
	say_pace(app, before);
	return true;
}

static bool reset(struct app *app, char *words, struct err *err)
{
	(void)words, (void)err;
	app_say(app, ROLE_PLAIN, APP_SAY_SECONDS, "new run, same settings and seeds");
	app_restart(app);
	return true;
}

/* ---- changing ---- */

static bool scenario(struct app *app, char *words, struct err *err)
{
	return app_set(app, "scenario", words, err);
}

static bool init(struct app *app, char *words, struct err *err)
{
	return change_init(app, words, err);
}

static bool activation(struct app *app, char *words, struct err *err)
{
	return change_activation(app, words, err);
}

static bool lr(struct app *app, char *words, struct err *err)
{
	return change_lr(app, words, err);
}

static bool reseed(struct app *app, char *words, struct err *err)
{
	return change_seed(app, words, err);
}

static bool scale(struct app *app, char *words, struct err *err)
{
	return change_scale(app, words, err);
}

static bool add(struct app *app, char *words, struct err *err)
{
	(void)words;
	return change_depth(app, 1, err);
}

static bool remove_layer(struct app *app, char *words, struct err *err)
{
	(void)words;
	return change_depth(app, -1, err);
}

/* "NAME VALUE" or "NAME=VALUE". */
static bool set(struct app *app, char *words, struct err *err)
{
	size_t length = strcspn(words, " =");
	if (words[length] == '=')
		words[length] = ' ';
	char *value = command_cut(words);
	return app_set(app, words, value, err);
}

/* ---- saving and checking ---- */

/* The file named, or initviz-SCENARIO-STEP with `suffix`: with a number, from
 * 2 on, where such a file is there already, which nobody asked to replace. */
static const char *file_name(const struct app *app, const char *words, const char *suffix, char *name, size_t size)
{
	const struct snapshot *now = app_shown(app);
	if (words[0])
		return words;
	int length = snprintf(name, size, "initviz-%s-%llu", app->settings.scenario->entry.name,
	                      now ? (unsigned long long)now->step : 0);
	snprintf(name + length, size - (size_t)length, "%s", suffix);
	for (int number = 2; app->services.is_there && app->services.is_there(app->services.context, name); number++)
		snprintf(name + length, size - (size_t)length, "-%d%s", number, suffix);
	return name;
}

static bool saved(struct app *app, const char *path)
{
	char safe[256];
	app_say(app, ROLE_GOOD, APP_SAY_SECONDS, "saved %s", text_escape(safe, sizeof safe, path));
	return true;
}

static bool not_here(const char *what, struct err *err)
{
	return err_set(err, ERR_USAGE, "%s: this cannot be done here", what);
}

static bool save_screen(struct app *app, char *words, struct err *err)
{
	char name[128];
	const char *path = file_name(app, words, ".svg", name, sizeof name);
	struct canvas canvas;
	if (app->services.save_screen == NULL)
		return not_here("snapshot", err);
	if (!canvas_create(&canvas, app->width, app->height, app->ascii, err))
		return false;
	app_draw(app, &canvas);
	bool done = app->services.save_screen(app->services.context, &canvas, path, err);
	canvas_destroy(&canvas);
	return done && saved(app, path);
}

static bool save_run(struct app *app, char *words, struct err *err)
{
	char name[128];
	const char *path = file_name(app, words, ".jsonl", name, sizeof name);
	if (app->services.save_run == NULL)
		return not_here("save", err);
	return app_save_run(app, path, err) && saved(app, path);
}

static bool recreate(struct app *app, char *words, struct err *err)
{
	(void)words;
	return recreate_screen(app, err);
}

/* ---- the program ---- */

static bool prompt(struct app *app, char *words, struct err *err)
{
	(void)words, (void)err;
	line_open(&app->line, ':');
	return true;
}

/* Presses keys one after the other.  Not within itself: `key : Up Enter` would
 * call itself from the history for ever. */
static bool press(struct app *app, char *words, struct err *err)
{
	char name[16], safe[64];
	if (app->pressing)
		return err_set(err, ERR_USAGE, "key: cannot be used by a key that `key` presses");
	for (size_t i = 0; command_word(words, i, name, sizeof name); i++)
		if (app_key_by_name(name) < 0)
			return err_set(err, ERR_USAGE, "key: no key is called '%s': Space, Enter, Left, C-l, x ...",
			               text_escape(safe, sizeof safe, name));
	app->pressing = true;
	for (size_t i = 0; command_word(words, i, name, sizeof name); i++)
		app_key(app, app_key_by_name(name));
	app->pressing = false;
	return true;
}

static bool redraw(struct app *app, char *words, struct err *err)
{
	(void)words, (void)err;
	if (app->services.redraw)
		app->services.redraw(app->services.context);
	return true;
}

static bool suspend(struct app *app, char *words, struct err *err)
{
	(void)words;
	if (app->services.suspend == NULL)
		return not_here("suspend", err);
	app->services.suspend(app->services.context);
	return true;
}

static bool quit(struct app *app, char *words, struct err *err)
{
	(void)words, (void)err;
	app->quit = true;
	return true;
}

/* ---- from a line to an action ---- */

/* What an action does with the words after the command's name, which it may
 * cut up. */
static bool (*const actions[ACTIONS])(struct app *app, char *words, struct err *err) = {
	[ACTION_TOGGLE] = toggle, [ACTION_RUN] = run, [ACTION_PAUSE] = pause_run, [ACTION_STEP] = step,
	[ACTION_SPEED] = speed, [ACTION_RESET] = reset, [ACTION_GO] = look_go, [ACTION_LIVE] = look_live,
	[ACTION_SCENARIO] = scenario, [ACTION_INIT] = init, [ACTION_ACTIVATION] = activation, [ACTION_LR] = lr,
	[ACTION_RESEED] = reseed, [ACTION_SCALE] = scale, [ACTION_SET] = set,
	[ACTION_ADD] = add, [ACTION_REMOVE] = remove_layer, [ACTION_SETTINGS] = panel_toggle, [ACTION_EVENT] = past_event,
	[ACTION_UNDO] = undo_command, [ACTION_REDO] = redo_command,
	[ACTION_COMPARE] = lanes_compare, [ACTION_MULTIPLES] = lanes_multiples,
	[ACTION_VIEW] = look_view, [ACTION_LAYER] = look_layer, [ACTION_TENSOR] = look_tensor, [ACTION_HELP] = look_help,
	[ACTION_REPORT] = report_toggle,
	[ACTION_PALETTE] = look_palette, [ACTION_LANE] = lanes_choose, [ACTION_AXIS] = look_axis,
	[ACTION_PIN] = pins_pin, [ACTION_UNPIN] = pins_unpin,
	[ACTION_SNAPSHOT] = save_screen, [ACTION_SAVE] = save_run, [ACTION_RECREATE] = recreate, [ACTION_EXPECT] = look_expect,
	[ACTION_PROMPT] = prompt, [ACTION_KEY] = press, [ACTION_REDRAW] = redraw, [ACTION_SUSPEND] = suspend,
	[ACTION_QUIT] = quit,
};

static bool execute(struct app *app, char *line, struct err *err)
{
	char *words = command_cut(line), safe[64];
	const char *name = command_name(line, err);
	if (name == NULL)
		return false;
	const struct command *command = command_find(name, NULL);
	if (command == NULL)
		return !share_refuses(app, NULL, err) && app_set(app, name, words, err);
	if (command->arguments == NULL && words[0])
		return err_set(err, ERR_USAGE, "%s: '%s' is too much, it stands alone", command->entry.name,
		               text_escape(safe, sizeof safe, words));
	if (command->arguments && command->arguments[0] != '[' && words[0] == '\0')
		return err_set(err, ERR_USAGE, "%s needs more: %s %s", command->entry.name, command->entry.name,
		               command->arguments);
	return !share_refuses(app, command, err) && actions[command->action](app, words, err);
}

/* Scripts see the result of a line before the next one. */
static bool settle(struct app *app, struct err *err)
{
	struct err before = app->status.err;
	runner_settle(app->runner, 0);
	app_refresh(app);
	const struct err *now = &app->status.err;
	if (now->code == ERR_NONE || (app->status.state != RUNNER_FAILED && strcmp(before.message, now->message) == 0))
		return true;
	if (err)
		*err = *now;
	return false;
}

bool app_command(struct app *app, const char *line, struct err *err)
{
	static const char blanks[] = " \t\r\n";
	char copy[COMMAND_SIZE];
	line += strspn(line, blanks);
	size_t length = strlen(line);
	app->message.text[0] = '\0';
	if (length == 0 || line[0] == '#')
		return true;
	if (length >= sizeof copy)
		return err_set(err, ERR_USAGE, "the command line is too long: at most %zu bytes", sizeof copy - 1);
	while (strchr(blanks, line[length - 1]))
		length--;
	for (size_t i = 0; i < length; i++)
		copy[i] = line[i] == '\t' ? ' ' : line[i];
	copy[length] = '\0';
	bool done = execute(app, copy, err);
	if (!app->interactive)
		done = settle(app, done ? err : NULL) && done;
	return done;
}
