/* Names of runs, from their settings alone, and their test accuracy. */
#include "lab/run_label.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "nn/initializer.h"
#include "lab/quantity.h"
#include "lab/scenario.h"

/* Copies the settings that do not make another experiment: the number of steps, and
 * how often and on which images the net is observed. */
static void copy_schedule(struct settings *to, const struct settings *from)
{
	to->steps = from->steps;
	to->every = from->every;
	to->probe = from->probe;
}

bool run_is_changed(const struct settings *settings)
{
	struct settings plain = *settings;
	settings_apply_scenario(&plain, settings->scenario);
	if (settings->width[0])
		settings_fit(&plain, settings->width[0], settings->width[settings->layers], NULL);
	copy_schedule(&plain, settings);
	return !settings_equal(&plain, settings);
}

/* "he_normal × relu, layer normalization, residual": what is left out of a command line that is too
 * long must not make two nets look alike that differ in their structure.  whole: with all values of the
 * initializer.  False if it does not fit. */
static bool label_parts(char out[RUN_LABEL_SIZE], const struct settings *settings, bool whole)
{
	const struct table *names = setting_find("normalization", NULL)->choices; /* in the order of enum mlp_normalization */
	struct text label = {0};
	if (whole)
		run_add_whole_start(settings, &label);
	else
		run_add_start(settings, &label);
	text_addf(&label, " × %s", settings->activation.entry->name);
	if (settings->normalization != MLP_PLAIN)
		text_addf(&label, ", %s normalization", table_at(names, (size_t)settings->normalization)->name);
	text_add(&label, settings->residual ? ", residual" : "");
	bool fits = snprintf(out, RUN_LABEL_SIZE, "%s", text_string(&label)) < RUN_LABEL_SIZE;
	text_free(&label);
	return fits;
}

char *run_label(char out[RUN_LABEL_SIZE], const struct settings *settings)
{
	static const char program[] = "initviz -s ";
	/* The data, and the sizes of the net that depend on them, are left out. */
	struct settings own = *settings, plain;
	settings_default(&plain);
	settings_apply_scenario(&plain, settings->scenario);
	copy_schedule(&own, &plain);
	own.data[0] = '\0';
	own.threads = 0;
	own.width[0] = own.width[own.layers] = 0;
	if (own.weights[0]) { /* the widths are the file's */
		own.layers = 1;
		own.width[1] = 0;
	}
	struct text line = {0};
	settings_command_line(&own, &line);
	const char *words = line.failed ? "" : text_string(&line) + strlen(program);
	if (strlen(words) < RUN_LABEL_SIZE)
		snprintf(out, RUN_LABEL_SIZE, "%s", words);
	else if (!label_parts(out, settings, true))
		label_parts(out, settings, false);
	text_free(&line);
	return out;
}

#define FILE_COLUMNS 23 /* of a file's name and prefix; of longer ones the end is shown */

/* Where the last `columns` characters of UTF-8 text begin. */
static const char *tail(const char *text, size_t columns)
{
	const char *at = text + strlen(text);
	while (at > text && columns > 0)
		if ((*--at & 0xc0) != 0x80)
			columns--;
	return at;
}

void run_add_start(const struct settings *settings, struct text *text)
{
	char safe[4 * SETTINGS_DATA_SIZE];
	if (settings->weights[0] == '\0') {
		initializer_label(&settings->init, text);
		return;
	}
	const char *slash = strrchr(settings->weights, '/');
	text_escape(safe, sizeof safe, slash && slash[1] ? slash + 1 : settings->weights);
	const char *end = tail(safe, FILE_COLUMNS);
	text_addf(text, "weights %s%s", end > safe ? "..." : "", end > safe ? tail(safe, FILE_COLUMNS - 3) : safe);
}

void run_add_whole_start(const struct settings *settings, struct text *text)
{
	if (settings->weights[0])
		run_add_start(settings, text);
	else
		initializer_whole_label(&settings->init, text);
}

char *run_net_label(char out[RUN_LABEL_SIZE], const struct settings *settings)
{
	struct text label = {0};
	run_add_start(settings, &label);
	snprintf(out, RUN_LABEL_SIZE, "%s × %s", text_string(&label), settings->activation.entry->name);
	text_free(&label);
	return out;
}

double run_test_accuracy(const struct snapshot *now, const struct history *history)
{
	return quantity_read_last(quantity_of(QUANTITY_TEST_ACCURACY), &(struct quantity_place){ .snapshot = now }, history);
}

uint64_t run_test_step(const struct snapshot *now, const struct history *history)
{
	const struct snapshot *last = isnan(now->test_accuracy) && history ? history_at(history, now->step) : NULL;
	return last && !isnan(last->test_accuracy) ? last->step : now->step;
}
