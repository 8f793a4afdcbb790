/* Comparing nets that train in lock-step: which nets, and which of them the
 * views of one net show. */
#include "app/compare.h"

#include <string.h>

#include "base/text.h"
#include "lab/run_label.h"
#include "lab/scenario.h"
#include "app/app_parts.h"
#include "app/change.h"
#include "app/command.h"
#include "app/lanes.h"
#include "app/line.h"
#include "app/message.h"
#include "app/navigation.h"

/* ---- which nets are compared ---- */

/* Sets *other to the net that is compared with `own`: the scenario, trained on
 * the same batches.  If the user has changed `own`, it is `own` with the
 * scenario's initializer. */
static void make_partner(struct settings *other, const struct settings *own, const struct scenario *scenario)
{
	bool plain = !run_is_changed(own);
	*other = *own;
	settings_apply_scenario(other, scenario);
	if (plain) {
		other->batch = own->batch;
		other->probe = own->probe;
		other->steps = own->steps;
		other->every = own->every;
	} else {
		struct spec init = other->init;
		*other = *own;
		other->init = init;
		settings_drop_weights(other);
	}
}

/* Whether a scenario can be compared with `own`: it is another net, and both
 * train or neither does. */
static bool is_partner(const struct scenario *scenario, const struct settings *own)
{
	struct settings plain = *own, other;
	settings_apply_scenario(&plain, scenario);
	make_partner(&other, own, scenario);
	return (plain.steps == 0) == (own->steps == 0) &&
	       !(own->weights[0] == '\0' && spec_equal(&other.init, &own->init) && spec_equal(&other.activation, &own->activation));
}

static bool has_activation(const struct scenario *scenario, const struct settings *own)
{
	struct settings plain = *own;
	settings_apply_scenario(&plain, scenario);
	return spec_equal(&plain.activation, &own->activation);
}

/* The scenario that `compare` starts with: the first one with the same
 * activation; if there is none, the first one that can be compared. */
static size_t default_partner(const struct settings *own)
{
	size_t first = scenarios.count;
	for (size_t i = scenarios.count; i-- > 0;)
		if (is_partner(scenario_at(i), own) &&
		    (first == scenarios.count || has_activation(scenario_at(i), own) || !has_activation(scenario_at(first), own)))
			first = i;
	return first;
}

/* The next scenario after index `at` that can be compared with `own`, round the
 * end of the list; scenarios.count if there is none. */
static size_t next_partner(const struct settings *own, size_t at)
{
	for (size_t i = 1; i <= scenarios.count; i++) {
		size_t next = (at + i) % scenarios.count;
		if (is_partner(scenario_at(next), own))
			return next;
	}
	return scenarios.count;
}

/* ---- commands ---- */

/* Applies those of the NAME=VALUE words whose settings have this rank. */
static bool change_some(struct settings *other, const char *words, enum settings_rank rank, struct err *err)
{
	char word[LINE_SIZE], safe[64];
	for (size_t i = 0; command_word(words, i, word, sizeof word); i++) {
		char *value = strchr(word, '=');
		if (value == NULL)
			return err_set(err, ERR_USAGE, "compare: '%s' changes nothing: give NAME=VALUE, as in init=he",
			               text_escape(safe, sizeof safe, word));
		*value++ = '\0';
		if (settings_rank(word) == rank && !settings_set(other, word, value, err))
			return false;
	}
	return true;
}

/* Sets *other to `own` with these settings changed. */
static bool change_partner(struct settings *other, const struct settings *own, const char *words, struct err *err)
{
	*other = *own;
	for (int rank = 0; rank < SETTINGS_RANKS; rank++)
		if (!change_some(other, words, (enum settings_rank)rank, err))
			return false;
	return true;
}

bool compare_pair(struct app *app, const struct settings *own, const struct settings *other)
{
	char label[RUN_LABEL_SIZE], view[] = "compare";
	struct settings first = *own; /* a copy, because `own` may point into a lane */
	lanes_remove(app);
	app->lanes->lane[0].settings = first;
	app->lanes->lane[1].settings = *other;
	app->lanes->beside = 1;
	change_restart(app);
	message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "B is %s: same seeds, same batches", run_label(label, other));
	return navigation_view(app, view, NULL);
}

static bool start_partner(struct app *app, const struct settings *own, size_t partner)
{
	struct settings other;
	make_partner(&other, own, scenario_at(partner));
	app->lanes->partner = partner;
	return compare_pair(app, own, &other);
}

static bool compare_next(struct app *app, struct err *err)
{
	const struct settings *own = &app->lanes->lane[0].settings;
	size_t partner = app->lanes->beside == 1 ? next_partner(own, app->lanes->partner) : default_partner(own);
	if (partner == scenarios.count)
		return err_set(err, ERR_USAGE, "compare: no scenario differs from this net: name a change, as in compare init=zeros");
	return start_partner(app, own, partner);
}

static bool compare_off(struct app *app)
{
	if (app->lanes->beside == 0)
		return true;
	lanes_remove(app);
	change_restart(app);
	message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "one net again");
	return true;
}

static bool compare_settings(struct app *app, char *words, struct err *err)
{
	struct settings other;
	if (!change_partner(&other, &app->lanes->lane[0].settings, words, err))
		return false;
	app->lanes->partner = table_index(&scenarios, &other.scenario->entry);
	return compare_pair(app, &app->lanes->lane[0].settings, &other);
}

/* One name chooses lane 1, two choose both lanes. */
static bool compare_scenarios(struct app *app, char *words, struct err *err)
{
	char *second = command_cut(words), *rest = command_cut(second);
	if (*rest)
		return err_set(err, ERR_USAGE, "compare takes one scenario or two: compare NAME [NAME]");
	const struct entry *one = table_find(&scenarios, words, err), *two = one;
	if (*second)
		two = table_find(&scenarios, second, err);
	if (one == NULL || two == NULL)
		return false;
	struct settings own = app->lanes->lane[0].settings;
	if (*second)
		settings_apply_scenario(&own, scenario_from(one));
	return start_partner(app, &own, table_index(&scenarios, two));
}

bool compare_nets(struct app *app, char *words, struct err *err)
{
	if (text_same_name(words, "next"))
		return compare_next(app, err);
	if (text_same_name(words, "off"))
		return compare_off(app);
	return strchr(words, '=') ? compare_settings(app, words, err) : compare_scenarios(app, words, err);
}

/* Starts the article's scenarios.  Lane 0 must be one that trains, because its
 * settings give the number of steps: the present scenario if it trains, else
 * the default one. */
bool compare_multiples(struct app *app, char *words, struct err *err)
{
	enum { SEVEN = 7 };
	_Static_assert(SEVEN <= RUNNER_MAX_LANES, "a lane for each");
	char view[] = "multiples";
	(void)words, (void)err;
	lanes_remove(app);
	size_t own = table_index(&scenarios, &app->lanes->lane[0].settings.scenario->entry);
	settings_apply_scenario(&app->lanes->lane[0].settings, scenario_at(own));
	if (own >= SEVEN || app->lanes->lane[0].settings.steps == 0) {
		own = table_index(&scenarios, table_find(&scenarios, SCENARIO_DEFAULT, NULL));
		settings_apply_scenario(&app->lanes->lane[0].settings, scenario_at(own));
	}
	for (size_t i = 0; i < SEVEN; i++) {
		if (i == own)
			continue;
		struct settings *other = &app->lanes->lane[++app->lanes->beside].settings;
		*other = app->lanes->lane[0].settings;
		settings_apply_scenario(other, scenario_at(i));
	}
	change_restart(app);
	return navigation_view(app, view, NULL);
}

bool compare_lane(struct app *app, char *words, struct err *err)
{
	size_t lanes = app->lanes->beside + 1;
	uint64_t number;
	char safe[64], label[RUN_LABEL_SIZE];
	if (lanes == 1)
		return err_set(err, ERR_USAGE, "lane: there is one net only: `compare` starts another beside it");
	if (text_same_name(words, "next"))
		app->lanes->chosen = (app->lanes->chosen + 1) % lanes;
	else if (text_unsigned(words, &number) && number >= 1 && number <= lanes)
		app->lanes->chosen = (size_t)number - 1;
	else
		return err_set(err, ERR_USAGE, "lane: '%s' is not a net: give 1 to %zu, or next",
		               text_escape(safe, sizeof safe, words), lanes);
	size_t chosen = app->lanes->chosen;
	message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "views of one net show %s",
	        run_label(label, &app->lanes->lane[chosen].settings));
	return true;
}
