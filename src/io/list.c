/* --list WHAT: prints every table as aligned text, some with additional lines
 * for each entry.  No entry is treated by name. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "nn/activation.h"
#include "nn/initializer.h"
#include "nn/optimizer.h"
#include "nn/theory.h"
#include "lab/diagnosis.h"
#include "lab/quantity.h"
#include "lab/scenario.h"
#include "draw/glyphs.h"
#include "draw/palette.h"
#include "draw/wrap.h"
#include "view/events.h"
#include "view/view.h"
#include "app/command.h"
#include "app/key_label.h"
#include "io/cast.h"
#include "io/cli_text.h"
#include "io/json_schema.h"
#include "io/lesson_file.h"
#include "io/out.h"
#include "io/out_observation.h"
#include "io/out_tensors.h"
#include "io/sweep_row.h"

#define NAME_COLUMN_MOST 24

struct list {
	struct entry entry;
	const struct table *table;                                /* NULL: written by `write` */
	void (*more)(struct text *text, const struct entry *entry, size_t indent); /* or NULL */
	void (*write)(struct text *text);                         /* after the table, or NULL */
};

/* "label: words", wrapped, below the summary. */
static void add_line(struct text *text, size_t indent, const char *label, const char *words)
{
	text_addf(text, "%*s%s", (int)indent, "", label);
	wrap_text(text, words, (int)(indent + strlen(label)), (int)indent + 2, CLI_COLUMNS);
}

static void add_parameters(struct text *text, const struct entry *entry, size_t indent)
{
	for (size_t i = 0; i < entry_parameter_count(entry); i++) {
		const struct parameter *p = &entry->parameters[i];
		char number[TEXT_EXACT_SIZE];
		struct text words = {0};
		text_addf(&words, "%s=%s", p->name, parameter_text(p, p->initial, number));
		if (p->summary)
			text_addf(&words, " %s", p->summary);
		if (p->words) {
			text_add(&words, ":");
			for (size_t w = 0; p->words[w]; w++)
				text_addf(&words, "%s%s", w ? ", " : " ", p->words[w]);
		}
		add_line(text, indent, "", text_string(&words));
		text->failed |= words.failed;
		text_free(&words);
	}
}

static void add_setting(struct text *text, const struct entry *entry, size_t indent)
{
	struct settings defaults;
	struct text value = {0};
	settings_default(&defaults);
	settings_get(&defaults, entry->name, &value, NULL);
	if (value.length)
		add_line(text, indent, "at first: ", text_string(&value));
	text_free(&value);
}

static void add_command(struct text *text, const struct entry *entry, size_t indent)
{
	const struct command *command = command_from(entry);
	if (command->arguments)
		add_line(text, indent, "usage: ", command->arguments);
	if (command->keys)
		add_line(text, indent, "keys: ", command->keys);
}

/* A line for one key, or for keys with a common action: "Space", "1-9". */
static void add_main_key(struct text *text, const struct command *command)
{
	char first[32], last[32] = "", keys[80];
	command_word(command->keys, 0, first, sizeof first);
	command_word(command->keys, (size_t)command->hint_keys - 1, last, sizeof last);
	if (command->hint_keys == 1)
		snprintf(keys, sizeof keys, "%s", first);
	else
		snprintf(keys, sizeof keys, "%s%c%s", first, command->hint_keys == 2 ? '/' : '-', last);
	text_addf(text, "  %-11s%s\n", keys, command->main);
}

/* The main keys, then every key with its action. */
static void add_keys(struct text *text)
{
	struct key_row row;
	text_add(text, "Main keys:\n");
	for (size_t c = 0; c < commands.count; c++)
		if (command_at(c)->main)
			add_main_key(text, command_at(c));
	text_add(text, "\nEvery key:\n");
	for (size_t c = 0; c < commands.count; c++)
		for (size_t i = 0; key_row_next(command_at(c), &i, false, &row);) {
			text_addf(text, "  %-11s", row.keys);
			wrap_text(text, row.help, 13, 13, CLI_COLUMNS);
		}
}

/* The value of the initializer's formula for the article's first layer. */
static void add_variance(struct text *text, const struct entry *entry, size_t indent)
{
	struct spec spec = spec_of(entry);
	struct text words = {0};
	initializer_explain(&spec, 784, 100, &words);
	add_line(text, indent, "variance, 784 to 100: ", text_string(&words));
	text->failed |= words.failed;
	text_free(&words);
}

/* The gain for its initializers, what E[z^2] becomes with it after many layers,
 * and the weights that are critical where E[z^2] is 1. */
static void add_theory(struct text *text, const struct entry *entry, size_t indent)
{
	struct spec spec = spec_of(entry);
	if (entry_needs_formula(entry))
		return;
	double gain = activation_gain(&spec), q, chi, weights, biases;
	char number[3][TEXT_READOUT_SIZE], line[160];
	if (theory_fixed_point(&q, &chi, &spec, gain * gain, 0))
		snprintf(line, sizeof line, "%s; then E[z^2] settles at %s, with chi = %s", text_readout(number[0], gain),
		         text_readout(number[1], q), text_readout(number[2], chi));
	else
		snprintf(line, sizeof line, "%s; then E[z^2] grows without end", text_readout(number[0], gain));
	add_line(text, indent, "gain: ", line);
	theory_critical(&weights, &biases, &spec, 1);
	if (isnan(biases))
		snprintf(line, sizeof line, "for no variance of the biases");
	else
		snprintf(line, sizeof line, "Var(W) fan_in = %s, Var(b) = %s", text_readout(number[0], weights),
		         text_readout(number[1], biases));
	add_line(text, indent, "critical where E[z^2] = 1: ", line);
}

static void add_scenario(struct text *text, const struct entry *entry, size_t indent)
{
	add_line(text, indent, "", scenario_from(entry)->settings);
}

static void add_quantity(struct text *text, const struct entry *entry, size_t indent)
{
	struct text facts = {0}, ascii = {0};
	quantity_facts(&facts, quantity_from(entry));
	glyph_add_ascii(&ascii, text_string(&facts));
	add_line(text, indent, "", text_string(&ascii));
	text->failed |= facts.failed | ascii.failed;
	text_free(&facts);
	text_free(&ascii);
}

static void add_rule(struct text *text, const struct entry *entry, size_t indent)
{
	struct text facts = {0};
	diagnosis_rule_facts(&facts, diagnosis_rule_from(entry));
	add_line(text, indent, "", text_string(&facts));
	text->failed |= facts.failed;
	text_free(&facts);
}

static void add_picture_formats(struct text *text);
static void add_sweep_columns(struct text *text)
{
	text_add(text, "\nColumns of the table:\n");
	sweep_row_columns(text);
}

static void add_lessons(struct text *text);
static void add_lists(struct text *text);

static const struct list list_list[] = {
	{ .entry = { .name = "scenarios", .summary = "named experiments, for --scenario" },
	  .table = &scenarios, .more = add_scenario },
	{ .entry = { .name = "initializers", .summary = "for --init, --output-init and --bias-init" },
	  .table = &initializers, .more = add_variance },
	{ .entry = { .name = "activations", .summary = "for --activation" },
	  .table = &activations, .more = add_theory },
	{ .entry = { .name = "optimizers", .summary = "for --optimizer" }, .table = &optimizers },
	{ .entry = { .name = "settings", .summary = "for options, --set and scripts" },
	  .table = &settings_table, .more = add_setting },
	{ .entry = { .name = "lessons", .summary = "guided lessons, for --lesson and the command lesson" }, .write = add_lessons },
	{ .entry = { .name = "views", .summary = "what the screen can show" }, .table = &views },
	{ .entry = { .name = "commands", .summary = "for scripts and the : line, with their keys" },
	  .table = &commands, .more = add_command },
	{ .entry = { .name = "keys", .summary = "the main keys, and what every key does" }, .write = add_keys },
	{ .entry = { .name = "quantities", .summary = "the numbers of a net, for the command expect, csv and json" },
	  .table = &quantities, .more = add_quantity },
	{ .entry = { .name = "rules", .aliases = "verdicts", .summary = "the rules of verdicts, in the order in which they are tried" },
	  .table = &diagnosis_rules, .more = add_rule },
	{ .entry = { .name = "events", .summary = "moments of a run, for the command event" }, .table = &event_kinds },
	{ .entry = { .name = "palettes", .summary = "for --palette" }, .table = &palettes },
	{ .entry = { .name = "formats", .summary = "for --format, --snapshot and --save-weights, with the CSV columns" },
	  .table = &out_formats, .write = add_picture_formats },
	{ .entry = { .name = "sweep", .summary = "how --sweep names settings and values, with the columns of its table" },
	  .table = &sweep_forms, .write = add_sweep_columns },
	{ .entry = { .name = "data-sets", .aliases = "data datasets", .summary = "for --data" },
	  .table = &dataset_sources },
	{ .entry = { .name = "lists", .summary = "these lists" }, .write = add_lists },
	{ .entry = { .name = "completion-bash", .summary = "completions for bash" }, .write = completion_bash },
	{ .entry = { .name = "completion-zsh", .summary = "completions for zsh" }, .write = completion_zsh },
	{ .entry = { .name = "completion-fish", .summary = "completions for fish" }, .write = completion_fish },
	{ .entry = { .name = "schema", .summary = "the JSON Schema of --format json" }, .write = json_schema },
	{ .entry = { .name = "manual", .summary = "the manual's tables, as mdoc" }, .write = manual_parts },
};
const struct table lists = TABLE_OF(list_list, "list", "lists");

/* The column in which summaries begin: after the longest name that fits. */
static size_t summary_column(const struct table *table)
{
	size_t longest = 0;
	for (size_t i = 0; i < table->count; i++) {
		size_t length = strlen(table_at(table, i)->name);
		if (length > longest && length <= NAME_COLUMN_MOST)
			longest = length;
	}
	return longest + 2;
}

static void add_table(struct text *text, const struct table *table,
                      void (*more)(struct text *text, const struct entry *entry, size_t indent))
{
	size_t column = summary_column(table);
	for (size_t i = 0; i < table->count; i++) {
		const struct entry *entry = table_at(table, i);
		text_add(text, entry->name);
		if (strlen(entry->name) + 2 > column)
			text_addf(text, "\n%*s", (int)column, "");
		else
			text_addf(text, "%*s", (int)(column - strlen(entry->name)), "");
		wrap_text(text, entry->summary, (int)column, (int)column, CLI_COLUMNS);
		if (entry->aliases)
			add_line(text, column, "also: ", entry->aliases);
		add_parameters(text, entry, column);
		if (entry->formula)
			add_line(text, column, "formula: ", entry->formula);
		if (more)
			more(text, entry, column);
		if (entry->reference)
			add_line(text, column, "see: ", entry->reference);
	}
}

static void add_picture_formats(struct text *text)
{
	text_add(text, "\nPictures of the screen, by suffix:\n");
	add_table(text, &out_pictures, NULL);
	text_add(text, "\nRecordings of the screen, by suffix:\n");
	add_table(text, &cast_formats, NULL);
	text_add(text, "\nWeights, by suffix:\n");
	add_table(text, &tensor_formats, NULL);
	text_add(text, "\nColumns of csv:\n");
	out_csv_columns(text);
}

static void add_lessons(struct text *text)
{
	lesson_file_list(text, true);
}

static void add_lists(struct text *text)
{
	add_table(text, &lists, NULL);
}

bool list_text(struct text *text, const char *what, struct err *err)
{
	const struct entry *entry = table_find(&lists, what, err);
	if (entry == NULL)
		return false;
	const struct list *list = (const struct list *)(const void *)entry;
	if (list->table)
		add_table(text, list->table, list->more);
	if (list->write)
		list->write(text);
	return true;
}
