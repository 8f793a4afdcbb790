/* Commands that choose what is looked at: which observation, view, layer and
 * tensor; and `expect`, which looks for the user. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lab/quantity.h"
#include "app/app_state.h"

/* ---- when ---- */

/* Shows the observation at `step`, which is one of the history's. */
static void look_at(struct app *app, const struct snapshot *snapshot)
{
	app->live = false;
	app->moment = snapshot->step;
}

static void look_back(struct app *app)
{
	const struct history *history = &app->history;
	size_t before = 0; /* observations before what is shown */
	while (before < history->count && history->snapshot[before]->step < app_shown(app)->step)
		before++;
	if (before > 0)
		look_at(app, history->snapshot[before - 1]);
}

static void look_forward(struct app *app)
{
	const struct history *history = &app->history;
	size_t next = history_index(history, app->moment) + 1;
	if (next < history->count)
		look_at(app, history->snapshot[next]);
	else
		app->live = true;
}

bool look_go(struct app *app, char *words, struct err *err)
{
	static const char *const places[] = { "back", "forward", "first", "last" };
	enum { BACK, FORWARD, FIRST, LAST, PLACES } to = BACK;
	uint64_t moment;
	char safe[64];
	while (to < PLACES && !text_same_name(places[to], words))
		to++;
	bool number = text_unsigned(words, &moment);
	if (to == PLACES && !number)
		return err_set(err, ERR_USAGE, "go: '%s' is no place: give a step, back, forward, first or last",
		               text_escape(safe, sizeof safe, words));
	const struct history *history = &app->history;
	if (history->count == 0 || app_shown(app) == NULL)
		return true;
	const struct snapshot *past = number ? history_at(history, moment) : NULL;
	switch (to) {
	case BACK:
		look_back(app);
		break;
	case FORWARD:
		if (!app->live)
			look_forward(app);
		break;
	case FIRST:
		look_at(app, history->snapshot[0]);
		break;
	case LAST:
		look_at(app, history->snapshot[history->count - 1]);
		break;
	case PLACES:
		look_at(app, past ? past : history->snapshot[0]);
	}
	return true;
}

bool look_live(struct app *app, char *words, struct err *err)
{
	(void)words, (void)err;
	app->live = true;
	return true;
}

/* ---- what ---- */

/* A name of a table, or next or previous in it. */
static bool choose(const struct table *table, const char *word, size_t *at, struct err *err)
{
	if (text_same_name(word, "next")) {
		*at = (*at + 1) % table->count;
		return true;
	}
	if (text_same_name(word, "previous")) {
		*at = (*at + table->count - 1) % table->count;
		return true;
	}
	const struct entry *entry = table_find(table, word, err);
	if (entry)
		*at = table_index(table, entry);
	return entry != NULL;
}

/* "zoom": from any view to the selected layer, from there to all layers. */
bool look_view(struct app *app, char *words, struct err *err)
{
	size_t layer = table_index(&views, table_find(&views, "layer", NULL));
	if (text_same_name(words, "zoom"))
		return choose(&views, app->view == layer ? "layers" : "layer", &app->view, err);
	return choose(&views, words, &app->view, err);
}

bool look_tensor(struct app *app, char *words, struct err *err)
{
	const struct command *command = command_find("tensor", NULL);
	size_t at = app->tensor;
	if (!choose(command->choices, words, &at, err))
		return false;
	app->tensor = (enum mlp_tensor)at;
	app_say(app, ROLE_PLAIN, APP_SAY_SECONDS, "%s: %s", table_at(command->choices, at)->name,
	        table_at(command->choices, at)->summary);
	return true;
}

bool look_layer(struct app *app, char *words, struct err *err)
{
	size_t count = app_layers(app), at = app->layer < count ? app->layer : count - 1;
	uint64_t number;
	char safe[64];
	if (text_same_name(words, "first"))
		at = 0;
	else if (text_same_name(words, "last"))
		at = count - 1;
	else if (words[0] == '+' && text_unsigned(words + 1, &number))
		at = number < count - at ? at + number : count - 1;
	else if (words[0] == '-' && text_unsigned(words + 1, &number))
		at = number < at ? at - number : 0;
	else if (text_unsigned(words, &number) && number >= 1 && number <= count)
		at = number - 1;
	else
		return err_set(err, ERR_USAGE, "layer: '%s' is none of this net's: give 1 to %zu, +N, -N, first or last",
		               text_escape(safe, sizeof safe, words), count);
	app->layer = at;
	app->told.layer = SIZE_MAX; /* whoever names a layer wants to hear of it */
	return true;
}

bool look_palette(struct app *app, char *words, struct err *err)
{
	size_t at = app->palette;
	if (!choose(&palettes, words, &at, err))
		return false;
	if (app->services.choose_palette == NULL)
		return err_set(err, ERR_USAGE, "palette: this cannot be done here");
	const struct entry *entry = table_at(&palettes, at);
	if (!app->services.choose_palette(app->services.context, palette_from(entry), err))
		return false;
	app->palette = at;
	app_say(app, ROLE_PLAIN, APP_SAY_SECONDS, "palette %s: %s", entry->name, entry->summary);
	return true;
}

bool look_axis(struct app *app, char *words, struct err *err)
{
	const struct command *command = command_find("axis", NULL);
	const struct entry *entry = table_find(command->choices, words, err);
	if (entry == NULL)
		return false;
	switch (table_index(command->choices, entry)) {
	case AXIS_LOG:
	case AXIS_LINEAR:
		app->linear = table_index(command->choices, entry) == AXIS_LINEAR;
		break;
	case AXIS_FULL:
	case AXIS_RECENT:
		app->recent = table_index(command->choices, entry) == AXIS_RECENT;
		break;
	case AXIS_SCALE:
		app->linear = !app->linear;
		break;
	case AXIS_SPAN:
		app->recent = !app->recent;
	}
	app_say(app, ROLE_PLAIN, APP_SAY_SECONDS, "loss on a %s axis, %s", app->linear ? "linear" : "logarithmic",
	        app->recent ? "the last steps" : "all steps");
	return true;
}

bool look_help(struct app *app, char *words, struct err *err)
{
	(void)words, (void)err;
	app->help = !app->help;
	pager_open(&app->help_pager);
	return true;
}

/* ---- whether it is so ---- */

bool look_expect(struct app *app, char *words, struct err *err)
{
	char *low_word = command_cut(words), *high_word = command_cut(low_word), *rest = command_cut(high_word);
	double low, high, value;
	char name[64], readout[TEXT_READOUT_SIZE], number[32];
	if (!text_real(low_word, &low) || !text_real(high_word, &high) || *rest)
		return err_set(err, ERR_USAGE, "expect takes a name and two numbers: expect z1.variance 80 100");
	const struct snapshot *now = app_shown(app);
	if (now == NULL)
		return err_set(err, ERR_RUN, "expect %s: there is no observation yet", text_escape(name, sizeof name, words));
	if (!quantity_value(now, words, &value, err))
		return false;
	text_escape(name, sizeof name, words);
	snprintf(number, sizeof number, "%.7g", value);
	const char *seen = isfinite(value) ? number : text_readout(readout, value);
	if (!(value >= low && value <= high))
		return err_set(err, ERR_RUN, "expect %s: %s is not within %s..%s", name, seen, low_word, high_word);
	app_say(app, ROLE_GOOD, APP_SAY_SECONDS, "%s: %s is within %s..%s", name, seen, low_word, high_word);
	return true;
}
