/* `expect`: fails unless a number is within limits, or a verdict or a cure is
 * the one that is expected. */
#include "app/expect.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/cure.h"
#include "lab/diagnosis.h"
#include "lab/quantity.h"
#include "app/app_parts.h"
#include "app/command.h"
#include "app/expect_view.h"
#include "app/findings.h"
#include "app/lanes.h"
#include "app/message.h"
#include "app/moment.h"

/* ---- verdicts ---- */

/* The part of a verdict that `key` names: word, severity or rule; NULL for another key. */
static const char *verdict_part(const struct diagnosis *diagnosis, const char *key)
{
	if (strcmp(key, "word") == 0)
		return diagnosis->word;
	if (strcmp(key, "severity") == 0)
		return severity_names[diagnosis->severity];
	return strcmp(key, "rule") == 0 ? diagnosis->rule->entry.name : NULL;
}

/* "verdict.word" of the net, "verdict3.word" of layer 3; NULL with ERR_USAGE. */
static const char *verdict_value(struct app *app, const struct snapshot *now, const char *name, struct err *err)
{
	char safe[64], digits[8];
	size_t letters = strlen("verdict"), figures = strspn(name + letters, "0123456789");
	uint64_t layer = 0;
	struct diagnosis diagnosis;
	snprintf(digits, sizeof digits, "%.*s", (int)figures, name + letters);
	const char *key = name + letters + figures;
	if (figures && (figures >= sizeof digits || !text_unsigned(digits, &layer) || layer < 1 || layer > now->layers)) {
		err_set(err, ERR_USAGE, "'%s': this net has the layers 1 to %zu", text_escape(safe, sizeof safe, name), now->layers);
		return NULL;
	}
	const struct snapshot *start = history_start(lanes_history(app, app->lanes->chosen));
	if (layer)
		diagnosis_of_layer(&diagnosis, now, start, (size_t)layer - 1);
	else
		diagnosis_of_net(&diagnosis, now, start);
	const char *value = *key == '.' ? verdict_part(&diagnosis, key + 1) : NULL;
	if (value == NULL)
		err_set(err, ERR_USAGE, "'%s' is no part of a verdict: choose from verdict.word, verdict.severity, verdict.rule, and of "
		        "layer 1 verdict1.word ...", text_escape(safe, sizeof safe, name));
	return value;
}

static bool is_verdict(const char *name)
{
	return strncmp(name, "verdict", strlen("verdict")) == 0;
}

/* The rest of the line is one word or several, as in "mean shift". */
static bool expect_verdict(struct app *app, const struct snapshot *now, const char *name, const char *expected,
                           struct err *err)
{
	char safe[64], word[64];
	if (*expected == '\0')
		return err_set(err, ERR_USAGE, "expect takes a verdict's name and a word: expect verdict.word saturated");
	const char *value = verdict_value(app, now, name, err);
	if (value == NULL)
		return false;
	text_escape(safe, sizeof safe, name);
	text_escape(word, sizeof word, expected);
	if (!text_same_name(value, expected))
		return err_set(err, ERR_RUN, "expect %s: it is '%s', not '%s'", safe, value, word);
	message_show(app->message, ROLE_GOOD, MESSAGE_SECONDS, "%s is %s", safe, value);
	return true;
}

/* ---- cures ---- */

/* Whether there is a cure: "found", "none", "not needed". */
static bool is_outcome(const char *words)
{
	for (size_t i = 0; i < CURE_OUTCOMES; i++)
		if (text_same_name(words, cure_outcome_names[i]))
			return true;
	return false;
}

static bool expect_outcome(struct app *app, const struct cure *cure, const char *expected, struct err *err)
{
	char word[64];
	if (!text_same_name(cure_outcome_names[cure->outcome], expected))
		return err_set(err, ERR_RUN, "expect cure: it is '%s', not '%s'", cure_outcome_names[cure->outcome],
		               text_escape(word, sizeof word, expected));
	message_show(app->message, ROLE_GOOD, MESSAGE_SECONDS, "cure is %s", cure_outcome_names[cure->outcome]);
	return true;
}

/* Both values as settings_get() writes them, so that 0.10 is 0.1. */
static bool same_value(const struct cure *cure, const char *name, const char *value, const char *expected, bool *same,
                       struct err *err)
{
	struct settings one = cure->settings, other = cure->settings;
	struct text first = {0}, second = {0};
	bool ok = settings_set(&one, name, value, err) && settings_set(&other, name, expected, err) &&
	          settings_get(&one, name, &first, err) && settings_get(&other, name, &second, err) &&
	          text_check(&first, err) && text_check(&second, err);
	*same = ok && strcmp(text_string(&first), text_string(&second)) == 0;
	text_free(&first);
	text_free(&second);
	return ok;
}

/* "init xavier": a setting that the cure changes, and its new value. */
static bool expect_change(struct app *app, const struct cure *cure, char *name, const char *expected, struct err *err)
{
	char value[CURE_CHANGES_SIZE], safe[CURE_CHANGES_SIZE];
	bool same;
	if (cure->outcome != CURE_FOUND)
		return err_set(err, ERR_RUN, "expect cure: it is '%s': %s", cure_outcome_names[cure->outcome], cure->words.form[0]);
	if (!cure_value(cure, name, value))
		return err_set(err, ERR_RUN, "expect cure %s: the cure changes %s", name, cure->changes);
	if (!same_value(cure, name, value, expected, &same, err))
		return false;
	if (!same)
		return err_set(err, ERR_RUN, "expect cure %s: it is '%s', not '%s'", name, value,
		               text_escape(safe, sizeof safe, expected));
	message_show(app->message, ROLE_GOOD, MESSAGE_SECONDS, "cure: %s is %s", name, value);
	return true;
}

static bool expect_cure(struct app *app, char *words, struct err *err)
{
	findings_update(app);
	const struct cure *cure = &app->findings->cure;
	if (is_outcome(words))
		return expect_outcome(app, cure, words, err);
	char *expected = command_cut(words);
	const struct entry *setting = *expected ? table_find(&settings_table, words, NULL) : NULL;
	if (setting == NULL)
		return err_set(err, ERR_USAGE, "expect cure takes found, none or 'not needed', or a setting that the cure changes and its "
		               "value: expect cure init xavier");
	return expect_change(app, cure, words, expected, err);
}

/* ---- numbers ---- */

static bool expect_number(struct app *app, const struct snapshot *now, char *words, char *low_word, struct err *err)
{
	char *high_word = command_cut(low_word), *rest = command_cut(high_word);
	double low, high, value;
	char name[64], readout[TEXT_READOUT_SIZE], number[32];
	if (!text_real(low_word, &low) || !text_real(high_word, &high) || *rest)
		return err_set(err, ERR_USAGE, "expect takes a name and two numbers: expect z1.variance 80 100");
	if (expect_view_named(words)) {
		if (!expect_view_value(app, words, &value, err))
			return false;
	} else if (now == NULL)
		return err_set(err, ERR_RUN, "expect %s: there is no observation yet", text_escape(name, sizeof name, words));
	else if (!quantity_value(now, words, &value, err))
		return false;
	text_escape(name, sizeof name, words);
	snprintf(number, sizeof number, "%.7g", value);
	const char *seen = isfinite(value) ? number : text_readout(readout, value);
	if (!(value >= low && value <= high))
		return err_set(err, ERR_RUN, "expect %s: %s is not within %s..%s", name, seen, low_word, high_word);
	message_show(app->message, ROLE_GOOD, MESSAGE_SECONDS, "%s: %s is within %s..%s", name, seen, low_word, high_word);
	return true;
}

bool expect_value(struct app *app, char *words, struct err *err)
{
	char *rest = command_cut(words);
	const struct snapshot *now = moment_snapshot(app);
	if (now && is_verdict(words))
		return expect_verdict(app, now, words, rest, err);
	if (now && text_same_name(words, "cure"))
		return expect_cure(app, rest, err);
	return expect_number(app, now, words, rest, err);
}
