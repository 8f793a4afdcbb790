/* Commands that change the experiment, one setting at a time: during the run
 * where the setting allows it, else by starting again from step 0. */
#include "app/change.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "nn/activation.h"
#include "nn/initializer.h"
#include "app/app_parts.h"
#include "app/branch.h"
#include "app/change_words.h"
#include "app/command.h"
#include "app/experiment.h"
#include "app/lanes.h"
#include "app/message.h"
#include "app/moment.h"
#include "app/navigation.h"

#define HIDDEN_WIDTH 100 /* of a hidden layer that is added to a net without hidden layers */

void change_restart(struct app *app)
{
	bool on = experiment_is_on(app);
	for (size_t i = 0; i <= app->lanes->beside; i++)
		lanes_pin_finished(app, i);
	lanes_start(app);
	experiment_request(app, on && app->lanes->lane[0].settings.steps > 0);
	if (app->experiment->wants_run)
		runner_run(app->experiment->runner, true, app->experiment->speed);
	app->moment->live = true;
}

static bool no_value(const struct settings *settings, const struct setting *setting, struct err *err)
{
	const char *name = setting->entry.name;
	char safe[SETTINGS_DATA_SIZE * 4];
	change_spell(safe, sizeof safe, settings, name);
	const char *quote = safe[0] ? "'" : "";
	return err_set(err, ERR_USAGE, "%s needs a value, it is %s%s%s now: %s %s", name, quote, safe[0] ? safe : "not set", quote, name,
	               setting->argument ? setting->argument : "VALUE");
}

/* Whether steps or changes were made since the run began, or were requested: keys
 * that are typed fast are carried out before the runner's status shows their
 * effect. */
static bool has_steps(const struct app *app)
{
	const struct runner_status *status = &app->experiment->status;
	if (app->experiment->interactive && app->experiment->steps_requested)
		return true;
	if (app->experiment->interactive && status->run == app->experiment->run_left)
		return false;
	return status->step > 0 || status->state == RUNNER_RUNNING || branch_is_edited(app);
}

/* Whether the setting can be changed during the run.  At step 0 of an unchanged
 * run the answer is no: then a new run is started, which a command line can
 * recreate. */
static bool is_live_change(const struct app *app, const struct setting *setting)
{
	bool begun = moment_is_past(app) ? moment_snapshot(app)->step > 0 : has_steps(app);
	return setting->live && begun && app->experiment->status.state != RUNNER_FAILED;
}

/* Changes the run at the step that is shown; `words` describe the change. */
static void edit(struct app *app, const char *name, const char *value, const char *words)
{
	struct branch branch = branch_begin(app);
	runner_edit(app->experiment->runner, name, value);
	branch_end(app, &branch);
	if (branch.made)
		message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "new run from step %llu: %s", (unsigned long long)branch.step, words);
	else
		message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "%s from the next step on", words);
}

/* Whether the change leaves a net with weights of a file but with other layers. */
static bool contradicts_weights(const struct settings *before, const struct settings *changed)
{
	if (before->weights[0] == '\0' || strcmp(before->weights, changed->weights) != 0)
		return false;
	bool same = before->layers == changed->layers;
	for (uint32_t l = 1; same && l < before->layers; l++)
		same = before->width[l] == changed->width[l];
	return !same;
}

/* Sets `name`, and shows the old and new value of the setting `shown`, which
 * may describe the same change in another way ("depth" for "layers"). */
static bool set_and_report(struct app *app, const char *name, const char *value, const char *shown, struct err *err)
{
	const struct setting *setting = settings_named(name, NULL, err);
	struct settings before, changed;
	char words[CHANGE_WORDS_SIZE];
	if (setting == NULL)
		return false;
	branch_settings(app, &before);
	if (value[0] == '\0')
		return no_value(&before, setting, err);
	changed = before;
	if (!settings_set(&changed, name, value, err))
		return false;
	if (contradicts_weights(&before, &changed))
		return err_set(err, ERR_USAGE, "%s: the weights that are loaded fix the layers: give `weights none` or `init SPEC` first", shown);
	change_words(words, sizeof words, &before, &changed, shown);
	bool back = moment_is_past(app), trained = has_steps(app);
	branch_copy_lanes(app);
	app->lanes->lane[0].settings = changed;
	lanes_set(app, setting, name, value);
	if (is_live_change(app, setting)) {
		edit(app, setting->entry.name, value, words);
		return true;
	}
	change_restart(app);
	if (back)
		message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "new run from step 0: %s, same seeds", words);
	else
		message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "%s%s", trained ? "new run: " : "", words);
	return true;
}

bool change_set(struct app *app, const char *name, const char *value, struct err *err)
{
	uint32_t layer = 0;
	const struct setting *setting = settings_named(name, &layer, NULL);
	if (layer)
		setting = NULL; /* "init.2" is shown as it is written */
	return set_and_report(app, name, value, setting ? setting->entry.name : name, err);
}

bool change_scenario(struct app *app, char *words, struct err *err)
{
	return change_set(app, "scenario", words, err);
}

/* "NAME VALUE" or "NAME=VALUE". */
bool change_any(struct app *app, char *words, struct err *err)
{
	size_t length = strcspn(words, " =");
	if (words[length] == '=')
		words[length] = ' ';
	char *value = command_cut(words);
	return change_set(app, words, value, err);
}

/* ---- lists to walk through ---- */

/* The index that follows `at` (word "next") or comes before it ("previous") in
 * a ring of `count`.  at == count: the present value is not in the ring.  False
 * for any other word. */
static bool walk(const char *word, size_t at, size_t count, size_t *to)
{
	if (text_same_name(word, "next"))
		*to = at >= count ? 0 : (at + 1) % count;
	else if (text_same_name(word, "previous"))
		*to = (at >= count ? count : at + count) - 1;
	else
		return false;
	*to %= count;
	return true;
}

static const char *const short_list[] = {
	"normal", "normal(sd=0.01)", "xavier", "he", "lecun", "orthogonal", "zeros",
};
#define SHORT_LIST (sizeof short_list / sizeof short_list[0])

bool change_init(struct app *app, char *words, struct err *err)
{
	size_t at = 0, to;
	struct spec spec;
	struct settings settings;
	branch_settings(app, &settings);
	while (at < SHORT_LIST && !(settings.weights[0] == '\0' && spec_parse(&spec, &initializers, short_list[at], NULL) &&
	                            spec_equal(&spec, &settings.init)))
		at++;
	return change_set(app, "init", walk(words, at, SHORT_LIST, &to) ? short_list[to] : words, err);
}

bool change_activation(struct app *app, char *words, struct err *err)
{
	struct settings settings;
	branch_settings(app, &settings);
	size_t at = table_index(&activations, settings.activation.entry);
	const char *name = words;
	while (walk(words, at, activations.count, &at)) {
		name = table_at(&activations, at)->name;
		if (!entry_needs_formula(table_at(&activations, at)))
			break;
	}
	return change_set(app, "activation", name, err);
}

/* ---- numbers ---- */

bool change_lr(struct app *app, char *words, struct err *err)
{
	const char *value = words;
	char number[TEXT_EXACT_SIZE];
	double factor;
	if (value[0] == '*' || value[0] == '/') {
		char safe[64];
		if (!text_real(value + 1, &factor) || factor <= 0)
			return err_set(err, ERR_USAGE, "lr: '%s' is not a positive factor: give one such as *2 or /2",
			               text_escape(safe, sizeof safe, value));
		struct settings settings;
		branch_settings(app, &settings);
		double rate = spec_value(&settings.optimizer, "lr");
		value = text_exact(number, value[0] == '*' ? rate * factor : rate / factor);
	}
	return change_set(app, "lr", value, err);
}

static bool next_seed(struct settings *settings, const char *name, uint64_t seed, struct err *err)
{
	char number[32];
	snprintf(number, sizeof number, "%llu", (unsigned long long)seed + 1);
	return settings_set(settings, name, number, err);
}

/* Shows which seeds have changed, as numbers. */
static void report_seeds(struct app *app, const struct settings *before)
{
	const unsigned long long was[] = { settings_weight_seed(before), settings_batch_seed(before) };
	const struct settings *now = &app->lanes->lane[0].settings;
	const unsigned long long is[] = { settings_weight_seed(now), settings_batch_seed(now) };
	static const char *const names[] = { "weights", "batches" };
	char words[128] = "";
	size_t length = 0;
	for (size_t i = 0; i < 2; i++)
		if (was[i] != is[i])
			length += (size_t)snprintf(words + length, sizeof words - length, "%sseed of the %s %llu -> %llu", length ? ", " : "",
			                           names[i], was[i], is[i]);
	message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "new run: %s", words);
}

bool change_seed(struct app *app, char *which, struct err *err)
{
	struct settings before, changed, *s = &changed;
	bool all = which[0] == '\0' || text_same_name(which, "all"), done;
	char safe[64];
	branch_settings(app, &before);
	changed = before;
	if (text_same_name(which, "weights"))
		done = next_seed(s, "weight-seed", settings_weight_seed(s), err);
	else if (text_same_name(which, "batches"))
		done = next_seed(s, "batch-seed", settings_batch_seed(s), err);
	else if (all)
		done = next_seed(s, "seed", s->seed, err) &&
		       (s->weight_seed == SETTINGS_SAME_SEED || next_seed(s, "weight-seed", s->weight_seed, err)) &&
		       (s->batch_seed == SETTINGS_SAME_SEED || next_seed(s, "batch-seed", s->batch_seed, err));
	else
		return err_set(err, ERR_USAGE, "reseed: '%s' has no seed of its own: choose from all, weights, batches",
		               text_escape(safe, sizeof safe, which));
	if (!done)
		return false;
	branch_copy_lanes(app);
	app->lanes->lane[0].settings = changed;
	lanes_reseed(app);
	change_restart(app);
	report_seeds(app, &before);
	return true;
}

/* Reads "*X" or "/X", a factor for the selected layer. */
static bool read_selected(const struct app *app, const char *word, uint64_t *layer, double *factor, struct err *err)
{
	char safe[64];
	size_t count = moment_layers(app);
	*layer = (app->navigation->layer < count ? app->navigation->layer : count - 1) + 1;
	if (!text_real(word + 1, factor) || *factor == 0)
		return err_set(err, ERR_USAGE, "scale: '%s' is not a factor: give one such as *2 or /2",
		               text_escape(safe, sizeof safe, word));
	if (word[0] == '/')
		*factor = 1 / *factor;
	return true;
}

static bool read_layer_factor(const struct app *app, const char *words, uint64_t *layer, double *factor, struct err *err)
{
	char layer_word[32], factor_word[32], rest[2];
	command_word(words, 0, layer_word, sizeof layer_word);
	command_word(words, 1, factor_word, sizeof factor_word);
	if (command_word(words, 2, rest, sizeof rest))
		return err_set(err, ERR_USAGE, "scale takes two numbers: scale LAYER FACTOR");
	if (!text_unsigned(layer_word, layer) || *layer < 1 || *layer > moment_layers(app))
		return err_set(err, ERR_USAGE, "scale: there are layers 1 to %zu: scale LAYER FACTOR", moment_layers(app));
	if (!text_real(factor_word, factor))
		return err_set(err, ERR_USAGE, "scale: the factor must be a number: scale LAYER FACTOR");
	return true;
}

bool change_scale(struct app *app, char *words, struct err *err)
{
	char rest[2], number[TEXT_EXACT_SIZE];
	struct settings changed;
	uint64_t layer;
	double factor;
	bool selected = words[0] == '*' || words[0] == '/';
	if (!selected && !command_word(words, 1, rest, sizeof rest)) /* one word sets the setting `scale` */
		return change_set(app, "scale", words, err);
	if (!(selected ? read_selected : read_layer_factor)(app, words, &layer, &factor, err))
		return false;
	branch_settings(app, &changed);
	branch_copy_lanes(app);
	app->lanes->lane[0].settings = changed;
	struct branch branch = branch_begin(app);
	runner_scale(app->experiment->runner, (uint32_t)layer, factor);
	branch_end(app, &branch);
	text_exact(number, factor);
	if (branch.made)
		message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "new run from step %llu: weights of layer %llu times %s",
		        (unsigned long long)branch.step, (unsigned long long)layer, number);
	else
		message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "weights of layer %llu times %s", (unsigned long long)layer, number);
	return true;
}

/* ---- depth ---- */

/* Writes the widths with one hidden layer more (by = 1; as wide as the last
 * one) or less (by = -1). */
static void spell_widths(const struct settings *settings, int by, struct text *text)
{
	uint32_t hidden = settings->layers - 1, last = hidden ? settings->width[hidden] : HIDDEN_WIDTH;
	text_add(text, "*");
	for (uint32_t i = 1; i < settings->layers + (uint32_t)by; i++)
		text_addf(text, "-%u", i <= hidden ? settings->width[i] : last);
	text_add(text, "-*");
}

static bool change_depth(struct app *app, int by, struct err *err)
{
	struct settings settings;
	branch_settings(app, &settings);
	if (by < 0 && settings.layers == 1)
		return err_set(err, ERR_USAGE, "remove: the net has no hidden layer");
	if (by > 0 && settings.layers == MLP_MAX_LAYERS)
		return err_set(err, ERR_USAGE, "add: the net has %d layers already, which is the maximum", MLP_MAX_LAYERS);
	struct text widths = {0};
	spell_widths(&settings, by, &widths);
	bool done = text_check(&widths, err) && set_and_report(app, "layers", text_string(&widths), "depth", err);
	text_free(&widths);
	return done;
}

bool change_add(struct app *app, char *words, struct err *err)
{
	(void)words;
	return change_depth(app, 1, err);
}

bool change_remove(struct app *app, char *words, struct err *err)
{
	(void)words;
	return change_depth(app, -1, err);
}

/* ---- the same again ---- */

bool change_reset(struct app *app, char *words, struct err *err)
{
	(void)words, (void)err;
	message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "new run, same settings and seeds");
	change_restart(app);
	return true;
}
