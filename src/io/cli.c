/* Parses the command line.  The options come from two tables; this file
 * applies them in the documented order and does not depend on what they do. */
#include "io/cli.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "lab/scenario.h"
#include "io/cli_text.h"
#include "io/config.h"
#include "io/save.h"

/* The value that getopt_long() returns for option i: settings first, then the
 * program's own options. */
#define FIRST_OPTION 256

static const struct entry yes_no_list[] = {
	{ .name = "yes", .summary = "with it" },
	{ .name = "no", .summary = "without it" },
};
static const struct table yes_no = TABLE_OF(yes_no_list, "answer", "answers");

size_t cli_named_options(void)
{
	return settings_table.count + cli_options.count;
}

struct cli_named cli_named(size_t i)
{
	if (i < settings_table.count) {
		const struct setting *setting = setting_at(i);
		return (struct cli_named){ &setting->entry, setting->letter, setting->argument, CLI_EXPERIMENT,
		                           setting->kind == SETTING_FLAG ? &yes_no : setting->choices, setting->word,
		                           setting->choices == &dataset_sources ? CLI_FILE : CLI_WORD, false };
	}
	const struct cli_option *option = cli_option_at(i - settings_table.count);
	return (struct cli_named){ &option->entry, option->letter, option->argument, option->group, option->choices, NULL,
	                           option->value, option->shows_choices };
}

void cli_add_argument(struct text *text, const struct cli_named *option)
{
	if (!option->shows_choices) {
		text_add(text, option->argument);
		return;
	}
	for (size_t i = 0; i < option->choices->count; i++)
		text_addf(text, "%s%s", i ? "|" : "", table_at(option->choices, i)->name);
}

/* ---- the options given ---- */

struct given {
	size_t option;     /* index for cli_named() */
	const char *value; /* NULL: the option takes no value */
};

struct command_line {
	struct option *longs;    /* [options + 1] */
	char letters[128];       /* getopt's short options */
	struct given *given;     /* [count] */
	size_t count;
};

static void describe_options(struct command_line *line)
{
	size_t used = 0;
	line->letters[used++] = ':';
	for (size_t i = 0; i < cli_named_options(); i++) {
		struct cli_named named = cli_named(i);
		line->longs[i] = (struct option){ .name = named.entry->name,
			.has_arg = named.argument ? required_argument : no_argument, .val = FIRST_OPTION + (int)i };
		if (named.letter && used + 3 < sizeof line->letters) {
			line->letters[used++] = named.letter;
			if (named.argument)
				line->letters[used++] = ':';
		}
	}
}

static size_t option_of(int code)
{
	if (code >= FIRST_OPTION)
		return (size_t)(code - FIRST_OPTION);
	for (size_t i = 0; i < cli_named_options(); i++)
		if (cli_named(i).letter == code)
			return i;
	return cli_named_options();
}

/* ---- invalid options ---- */

/* The most similar long option's name; NULL if none is similar. */
static const char *nearest_option(const char *name)
{
	const char *setting = table_suggest(&settings_table, name), *own = table_suggest(&cli_options, name);
	if (setting && own)
		return text_distance(own, name) < text_distance(setting, name) ? own : setting;
	return setting ? setting : own;
}

/* A --word that getopt rejected: unknown, or an ambiguous abbreviation. */
static bool bad_long_option(const char *word, struct err *err)
{
	char name[64], safe[64];
	size_t length = strcspn(word, "=");
	snprintf(name, sizeof name, "%.*s", length < INT_MAX ? (int)length : INT_MAX, word);
	text_escape(safe, sizeof safe, name);
	struct text list = {0};
	size_t matches = 0;
	for (size_t i = 0; i < cli_named_options(); i++)
		if (strncmp(cli_named(i).entry->name, name, strlen(name)) == 0)
			text_addf(&list, "%s--%s", matches++ ? ", " : "", cli_named(i).entry->name);
	const char *near = nearest_option(name);
	if (matches)
		err_set(err, ERR_USAGE, "option '--%s' is ambiguous: it could be %s", safe, text_string(&list));
	else if (near)
		err_set(err, ERR_USAGE, "unknown option '--%s': did you mean '--%s'?", safe, near);
	else
		err_set(err, ERR_USAGE, "unknown option '--%s'", safe);
	text_free(&list);
	return false;
}

static bool bad_option(const char *word, struct err *err)
{
	if (optopt >= FIRST_OPTION)
		return err_set(err, ERR_USAGE, "option '--%s' takes no value",
		               cli_named(option_of(optopt)).entry->name);
	if (optopt)
		return cli_stray_letter((char)optopt, err);
	return bad_long_option(word + strspn(word, "-"), err);
}

static bool value_missing(struct err *err)
{
	struct cli_named named = cli_named(option_of(optopt));
	struct text argument = {0};
	cli_add_argument(&argument, &named);
	err_set(err, ERR_USAGE, "option '--%s' needs a value: --%s %s", named.entry->name, named.entry->name,
	        text_string(&argument));
	text_free(&argument);
	return false;
}

/* ---- parsing ---- */

/* Collects the given options; stops early at --help, --version, --list and --fetch. */
static bool read_options(struct command_line *line, struct cli *cli, int argc, char *const argv[], struct err *err)
{
	opterr = 0;
	optind = 0;
	for (;;) {
		int code = getopt_long(argc, argv, line->letters, line->longs, NULL);
		if (code == -1)
			break;
		if (code == ':')
			return value_missing(err);
		if (code == '?')
			return bad_option(argv[optind - 1], err);
		size_t option = option_of(code);
		line->given[line->count++] = (struct given){ option, optarg };
		if (option < settings_table.count)
			continue;
		const struct cli_option *own = cli_option_at(option - settings_table.count);
		if (own->ends) {
			line->count = 0;
			return own->apply(cli, optarg, err);
		}
	}
	return optind >= argc || cli_stray_word(argv[optind], err);
}

/* The setting that --NAME VALUE or --set NAME=VALUE sets; *value becomes its value.  The option's name for others. */
static const char *name_of(const struct given *given, char set[64], const char **value)
{
	const char *name = cli_named(given->option).entry->name;
	*value = given->value;
	if (given->option < settings_table.count || strcmp(name, "set") != 0)
		return name;
	size_t length = strcspn(given->value, "=");
	snprintf(set, 64, "%.*s", length < 64 ? (int)length : 63, given->value);
	*value = given->value + length + (given->value[length] == '=');
	return set;
}

static enum settings_rank rank_of(const struct given *given)
{
	const char *value;
	char set[64];
	return settings_rank(name_of(given, set, &value));
}

static bool apply(struct cli *cli, const struct given *given, struct err *err)
{
	if (given->option < settings_table.count)
		return settings_set(&cli->settings, setting_at(given->option)->entry.name, given->value, err);
	const struct cli_option *own = cli_option_at(given->option - settings_table.count);
	if (own->value == CLI_FILE && given->value[0] == '\0')
		return err_set(err, ERR_USAGE, "%s: '' names no file: give the path of one", own->entry.name);
	return own->apply(cli, given->value, err);
}

static bool is_given(const struct command_line *line, const char *name)
{
	for (size_t i = 0; i < line->count; i++)
		if (strcmp(cli_named(line->given[i].option).entry->name, name) == 0)
			return true;
	return false;
}

/* Rejects initializers of weights beside a file of weights. */
static bool agree_on_weights(const struct command_line *line, struct err *err)
{
	bool loaded = false;
	char set[64];
	const char *value;
	for (size_t i = 0; i < line->count; i++)
		if (rank_of(&line->given[i]) == SETTINGS_WEIGHTS) {
			name_of(&line->given[i], set, &value);
			loaded = !text_same_name(value, "none");
		}
	for (size_t i = 0; i < line->count && loaded; i++)
		if (rank_of(&line->given[i]) == SETTINGS_INITIALIZERS)
			return err_set(err, ERR_USAGE, "option '--%s' contradicts --weights, which loads all weights: leave one of the two out",
			               name_of(&line->given[i], set, &value));
	return true;
}

/* Rejects options that contradict each other. */
static bool agree(const struct cli *cli, const struct command_line *line, struct err *err)
{
	static const char *const headless[] = { "script", "format", "output", "snapshot", "tensorboard" };
	const char *const outputs[] = { cli->output, cli->snapshot, cli->cast, cli->end.record, cli->end.save_weights, cli->end.save_probe };
	if (cli->lock && cli->lesson == NULL)
		return err_set(err, ERR_USAGE, "option '--lock' needs a lesson: --lesson NAME --lock");
	if (cli->lesson && cli->replay)
		return err_set(err, ERR_USAGE, "option '--lesson' cannot be combined with --replay: a lesson trains its own nets");
	if (cli->tensorboard && (cli->sweep || cli->report || cli->cure))
		return err_set(err, ERR_USAGE, "option '--tensorboard' cannot be combined with --sweep, --report or --cure: it writes one run");
	if (cli->shards && cli->sweep == NULL)
		return err_set(err, ERR_USAGE, "option '--shard' needs a sweep: --sweep GRID --shard 1/8");
	for (size_t i = 0; i < line->count && cli->replay; i++) {
		const char *name = cli_named(line->given[i].option).entry->name;
		if (line->given[i].option < settings_table.count || strcmp(name, "set") == 0)
			return err_set(err, ERR_USAGE, "option '--%s' cannot be combined with --replay: a saved run keeps its settings", name);
	}
	for (size_t i = 0; i < sizeof headless / sizeof headless[0] && cli->mode == CLI_LINEAR; i++)
		if (is_given(line, headless[i]))
			return err_set(err, ERR_USAGE, "option '--%s' cannot be combined with --linear: type commands such as `snapshot FILE`, "
			               "or leave one of the two out", headless[i]);
	if (cli->cast && cli->mode == CLI_LINEAR)
		return err_set(err, ERR_USAGE, "option '--cast' cannot be combined with --linear, which has no screen to record");
	return save_are_apart(outputs, sizeof outputs / sizeof outputs[0], err) && agree_on_weights(line, err);
}

/* Applies the options of a rank. */
static bool apply_some(struct cli *cli, const struct command_line *line, enum settings_rank rank, struct err *err)
{
	for (size_t i = 0; i < line->count; i++)
		if (rank_of(&line->given[i]) == rank && !apply(cli, &line->given[i], err))
			return false;
	return true;
}

static bool has_scenario(const struct command_line *line)
{
	for (size_t i = 0; i < line->count; i++)
		if (rank_of(&line->given[i]) == SETTINGS_SCENARIO)
			return true;
	return false;
}

/* A scenario sets all settings, so it is applied before the individual
 * settings of the configuration and of the command line. */
static bool apply_all(struct cli *cli, const struct command_line *line, struct err *err)
{
	bool configured = cli->mode == CLI_INTERACTIVE && !is_given(line, "no-config");
	if (!apply_some(cli, line, SETTINGS_SCENARIO, err))
		return false;
	if (configured)
		config_apply(cli, has_scenario(line), &cli->config);
	for (int rank = SETTINGS_SCENARIO + 1; rank < SETTINGS_RANKS; rank++)
		if (!apply_some(cli, line, (enum settings_rank)rank, err))
			return false;
	return true;
}

bool cli_parse(struct cli *cli, int argc, char *const argv[], struct err *err)
{
	*cli = (struct cli){ .width = 80, .height = 24 };
	settings_default(&cli->settings);
	if (argc < 1)
		return true;
	/* a word contains at most as many options as letters */
	size_t most = 0;
	for (int i = 1; i < argc; i++)
		most += strlen(argv[i]) + 1;
	struct command_line line = {0};
	line.longs = alloc_array(cli_named_options() + 1, sizeof line.longs[0], err);
	line.given = alloc_array(most, sizeof line.given[0], err);
	bool read = line.longs && line.given;
	if (read) {
		describe_options(&line);
		read = read_options(&line, cli, argc, argv, err);
		read = read && apply_all(cli, &line, err) && agree(cli, &line, err);
	}
	alloc_free(line.longs);
	alloc_free(line.given);
	return read;
}

bool cli_print(const struct cli *cli, const char *screen_library, struct text *text, struct err *err)
{
	switch (cli->mode) {
	case CLI_HELP:
		help_text(text);
		break;
	case CLI_VERSION:
		help_version(text, screen_library);
		break;
	case CLI_LIST:
		if (!list_text(text, cli->list, err))
			return false;
		break;
	case CLI_INTERACTIVE:
	case CLI_HEADLESS:
	case CLI_LINEAR:
	case CLI_FETCH:
		break;
	}
	return text_check(text, err);
}
