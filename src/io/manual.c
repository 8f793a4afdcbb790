/* Generates the parts of the manual pages that come from tables, as mdoc between
 * marks: `make update-docs` copies each part from the output of `initviz --list manual`
 * into the page in man/ that has its marks. */
#include <string.h>

#include "nn/activation.h"
#include "nn/initializer.h"
#include "nn/optimizer.h"
#include "lab/diagnosis.h"
#include "lab/quantity.h"
#include "lab/scenario.h"
#include "draw/glyphs.h"
#include "draw/palette.h"
#include "view/view.h"
#include "app/command.h"
#include "app/key_label.h"
#include "io/cast.h"
#include "io/cli_text.h"
#include "io/manual_json.h"
#include "io/mdoc.h"
#include "io/out.h"
#include "io/out_tensors.h"
#include "io/out_observation.h"
#include "io/sweep_row.h"
#include "io/tensorboard.h"

/* ---- options ---- */

static void add_option(struct text *text, struct cli_named option)
{
	text_add(text, ".It");
	if (option.letter)
		text_addf(text, " Fl %c ,", option.letter);
	text_addf(text, " Fl -%s", option.entry->name);
	if (option.argument) {
		struct text argument = {0};
		cli_add_argument(&argument, &option);
		mdoc_argument(text, "Ar", text_string(&argument));
		text->failed |= argument.failed;
		text_free(&argument);
	}
	text_add(text, "\n");
	mdoc_sentence(text, option.entry->summary);
}

static void add_options(struct text *text)
{
	for (size_t i = 0; i < cli_named_options(); i++) {
		struct cli_named option = cli_named(i);
		if (i == 0 || option.group != cli_named(i - 1).group)
			text_addf(text, "%s.Ss %s\n.Bl -tag -width Ds\n", i ? ".El\n" : "", cli_group_titles[option.group]);
		add_option(text, option);
	}
	text_add(text, ".El\n");
}

/* ---- commands and keys ---- */

static void add_commands(struct text *text)
{
	for (enum command_group group = 0; group < COMMAND_GROUPS; group++) {
		text_addf(text, ".Ss %s\n.Bl -tag -width Ds\n", command_group_titles[group]);
		for (size_t i = 0; i < commands.count; i++) {
			const struct command *command = command_at(i);
			if (command->group != group)
				continue;
			text_addf(text, ".It Ic %s", command->entry.name);
			if (command->arguments)
				mdoc_argument(text, "Ar", command->arguments);
			text_add(text, "\n");
			mdoc_sentence(text, command->entry.summary);
		}
		text_add(text, ".El\n");
	}
}

static void add_keys(struct text *text)
{
	struct key_row row;
	text_add(text, ".Bl -column \"Left h\" \"activation previous\"\n.It Sy Keys Ta Sy Command Ta Sy Action\n");
	for (size_t c = 0; c < commands.count; c++)
		for (size_t i = 0; key_row_next(command_at(c), &i, false, &row);) {
			text_add(text, ".It");
			mdoc_argument(text, "Ic", row.keys);
			text_addf(text, " Ta %s", command_at(c)->entry.name);
			if (*row.word)
				mdoc_argument(text, "No", row.word);
			text_addf(text, " Ta %s\n", row.help);
		}
	text_add(text, ".El\n");
}

/* ---- tables of names ---- */

static void add_parameters(struct text *text, const struct entry *entry)
{
	for (size_t i = 0; i < entry_parameter_count(entry); i++) {
		const struct parameter *p = &entry->parameters[i];
		char number[TEXT_EXACT_SIZE];
		struct text words = {0};
		text_addf(&words, "%s=%s", p->name, parameter_text(p, p->initial, number));
		if (p->summary)
			text_addf(&words, ": %s", p->summary);
		text_add(text, ".br\n");
		mdoc_words(text, text_string(&words), "");
		text->failed |= words.failed;
		text_free(&words);
	}
}

static void add_table(struct text *text, const struct table *table)
{
	text_add(text, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < table->count; i++) {
		const struct entry *entry = table_at(table, i);
		text_add(text, ".It");
		mdoc_argument(text, "Cm", entry->name);
		text_add(text, "\n");
		mdoc_sentence(text, entry->summary);
		add_parameters(text, entry);
		if (entry->formula) {
			text_add(text, ".br\n");
			mdoc_words(text, entry->formula, "");
		}
		if (entry->reference) {
			text_add(text, ".br\n");
			mdoc_words(text, entry->reference, ".");
		}
	}
	text_add(text, ".El\n");
}

static void add_csv_columns(struct text *text)
{
	text_add(text, ".Bd -literal\n");
	out_csv_columns(text);
	text_add(text, ".Ed\n");
}

static void add_tensorboard_tags(struct text *text)
{
	text_add(text, ".Bd -literal\n");
	tensorboard_tags(text);
	text_add(text, ".Ed\n");
}

static void add_sweep_columns(struct text *text)
{
	text_add(text, ".Bd -literal\n");
	sweep_row_columns(text);
	text_add(text, ".Ed\n");
}

static void add_quantities(struct text *text)
{
	text_add(text, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < quantities.count; i++) {
		struct text facts = {0}, ascii = {0};
		quantity_facts(&facts, quantity_at(i));
		glyph_add_ascii(&ascii, text_string(&facts));
		text_add(text, ".It");
		mdoc_argument(text, "Cm", quantity_at(i)->entry.name);
		text_add(text, "\n");
		mdoc_sentence(text, quantity_at(i)->entry.summary);
		text_add(text, ".br\n");
		mdoc_words(text, text_string(&ascii), ".");
		text->failed |= facts.failed | ascii.failed;
		text_free(&facts);
		text_free(&ascii);
	}
	text_add(text, ".El\n");
}

static void add_rules(struct text *text)
{
	text_add(text, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < diagnosis_rules.count; i++) {
		const struct diagnosis_rule *rule = diagnosis_rule_at(i);
		struct text facts = {0};
		diagnosis_rule_facts(&facts, rule);
		text_add(text, ".It");
		mdoc_argument(text, "Cm", rule->entry.name);
		text_add(text, "\n");
		mdoc_sentence(text, rule->entry.summary);
		text_add(text, ".br\n");
		mdoc_words(text, text_string(&facts), ".");
		if (rule->entry.reference) {
			text_add(text, ".br\n");
			mdoc_words(text, rule->entry.reference, ".");
		}
		text->failed |= facts.failed;
		text_free(&facts);
	}
	text_add(text, ".El\n");
}

struct part {
	const char *name;
	void (*write)(struct text *text);
	const struct table *table; /* used if write is NULL */
};

static const struct part parts[] = {
	{ .name = "options", .write = add_options },
	{ .name = "keys", .write = add_keys },
	{ .name = "commands", .write = add_commands },
	{ .name = "quantities", .write = add_quantities },
	{ .name = "rules", .write = add_rules },
	{ .name = "views", .table = &views },
	{ .name = "scenarios", .table = &scenarios },
	{ .name = "initializers", .table = &initializers },
	{ .name = "activations", .table = &activations },
	{ .name = "optimizers", .table = &optimizers },
	{ .name = "data sets", .table = &dataset_sources },
	{ .name = "palettes", .table = &palettes },
	{ .name = "formats", .table = &out_formats },
	{ .name = "json", .write = manual_json },
	{ .name = "csv", .write = add_csv_columns },
	{ .name = "tensorboard", .write = add_tensorboard_tags },
	{ .name = "sweep forms", .table = &sweep_forms },
	{ .name = "sweep columns", .write = add_sweep_columns },
	{ .name = "pictures", .table = &out_pictures },
	{ .name = "recordings", .table = &cast_formats },
	{ .name = "weights", .table = &tensor_formats },
};

void manual_parts(struct text *text)
{
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		text_addf(text, ".\\\" begin %s\n", parts[i].name);
		if (parts[i].write)
			parts[i].write(text);
		else
			add_table(text, parts[i].table);
		text_addf(text, ".\\\" end %s\n", parts[i].name);
	}
}
