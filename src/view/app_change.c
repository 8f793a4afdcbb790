/* Commands that change the experiment: a setting at a time, live where the
 * runner can, else by starting again from step 0. */
#include <stdio.h>
#include <string.h>

#include "nn/activation.h"
#include "nn/initializer.h"
#include "view/app_state.h"

#define SAY_SECONDS 4

void app_restart(struct app *app)
{
	bool on = app->status.state == RUNNER_RUNNING || (app->status.state == RUNNER_LOADING && app->wants_run);
	for (size_t i = 0; i <= app->lanes.beside; i++)
		pins_keep_finished(app, i);
	lanes_start(app);
	app->wants_run = on && app->settings.steps > 0;
	if (app->wants_run)
		runner_run(app->runner, true, app->pace);
	app->live = true;
	app->edited = false;
}

/* The setting called `name`; "init.2" belongs to "init". */
static const struct setting *setting_named(const char *name, struct err *err)
{
	char word[64];
	snprintf(word, sizeof word, "%s", name);
	if (strncmp(word, "init.", 5) == 0)
		word[4] = '\0';
	return (const struct setting *)(const void *)table_find(&settings_table, word, err);
}

static bool no_value(const struct app *app, const struct setting *setting, const char *name, struct err *err)
{
	struct text value = {0};
	char safe[SETTINGS_DATA_SIZE * 4];
	settings_get(&app->settings, setting->entry.name, &value, NULL);
	text_escape(safe, sizeof safe, text_string(&value));
	text_free(&value);
	return err_set(err, ERR_USAGE, "%s needs a value, it is '%s' now: %s %s", name, safe, name,
	               setting->argument ? setting->argument : "VALUE");
}

bool app_set(struct app *app, const char *name, const char *value, struct err *err)
{
	const struct setting *setting = setting_named(name, err);
	if (setting == NULL)
		return false;
	if (value[0] == '\0')
		return no_value(app, setting, setting->entry.name, err);
	if (!settings_set(&app->settings, name, value, err))
		return false;
	lanes_set(app, setting, name, value);
	if (!setting->live || app->status.state == RUNNER_FAILED) {
		app_restart(app);
		return true;
	}
	runner_edit(app->runner, setting->entry.name, value);
	app->edited = true;
	char safe[64];
	app_say(app, ROLE_PLAIN, SAY_SECONDS, "%s is %s from the next step on", setting->entry.name,
	        text_escape(safe, sizeof safe, value));
	return true;
}

/* ---- lists to walk through ---- */

/* Where `next` or `previous` leads in a ring of `count`; at: count for a
 * place that is not in the ring. */
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

static const char *const famous_inits[] = {
	"normal", "normal(sd=0.01)", "xavier", "he", "lecun", "orthogonal", "zeros",
};
#define FAMOUS (sizeof famous_inits / sizeof famous_inits[0])

const char *change_famous_init(size_t i)
{
	return i < FAMOUS ? famous_inits[i] : NULL;
}

bool change_init(struct app *app, const char *value, struct err *err)
{
	size_t at = 0, to;
	struct spec spec;
	while (at < FAMOUS && !(spec_parse(&spec, &initializers, famous_inits[at], NULL) &&
	                        spec_equal(&spec, &app->settings.init)))
		at++;
	return app_set(app, "init", walk(value, at, FAMOUS, &to) ? famous_inits[to] : value, err);
}

bool change_activation(struct app *app, const char *value, struct err *err)
{
	size_t to;
	if (walk(value, table_index(&activations, app->settings.activation.entry), activations.count, &to))
		value = table_at(&activations, to)->name;
	return app_set(app, "activation", value, err);
}

/* ---- numbers ---- */

bool change_lr(struct app *app, const char *value, struct err *err)
{
	char number[TEXT_EXACT_SIZE];
	double factor;
	if (value[0] == '*' || value[0] == '/') {
		char safe[64];
		if (!text_real(value + 1, &factor) || factor <= 0)
			return err_set(err, ERR_USAGE, "lr: '%s' is no positive factor: give one such as *2 or /2",
			               text_escape(safe, sizeof safe, value));
		double rate = spec_value(&app->settings.optimizer, "lr");
		value = text_exact(number, value[0] == '*' ? rate * factor : rate / factor);
	}
	return app_set(app, "lr", value, err);
}

static bool next_seed(struct settings *settings, const char *name, uint64_t seed, struct err *err)
{
	char number[32];
	snprintf(number, sizeof number, "%llu", (unsigned long long)seed + 1);
	return settings_set(settings, name, number, err);
}

bool change_seed(struct app *app, const char *which, struct err *err)
{
	struct settings changed = app->settings, *s = &changed;
	bool all = which[0] == '\0' || text_same_name(which, "all"), done;
	char safe[64];
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
	app->settings = changed;
	lanes_reseed(app);
	app_restart(app);
	app_say(app, ROLE_PLAIN, SAY_SECONDS, "seeds: weights %llu, batches %llu", (unsigned long long)settings_weight_seed(s),
	        (unsigned long long)settings_batch_seed(s));
	return true;
}

bool change_scale(struct app *app, const char *words, struct err *err)
{
	char layer_word[32], factor_word[32], rest[2];
	uint64_t layer;
	double factor;
	if (!command_word(words, 1, rest, sizeof rest)) /* one word: the setting of that name */
		return app_set(app, "scale", words, err);
	command_word(words, 0, layer_word, sizeof layer_word);
	command_word(words, 1, factor_word, sizeof factor_word);
	if (command_word(words, 2, rest, sizeof rest))
		return err_set(err, ERR_USAGE, "scale takes two numbers: scale LAYER FACTOR");
	if (!text_unsigned(layer_word, &layer) || layer < 1 || layer > app->settings.layers)
		return err_set(err, ERR_USAGE, "scale: there are layers 1 to %u: scale LAYER FACTOR", app->settings.layers);
	if (!text_real(factor_word, &factor))
		return err_set(err, ERR_USAGE, "scale: the factor must be a number: scale LAYER FACTOR");
	runner_scale(app->runner, (uint32_t)layer, factor);
	app->edited = true;
	app_say(app, ROLE_PLAIN, SAY_SECONDS, "weights of layer %llu times %s", (unsigned long long)layer, factor_word);
	return true;
}
