/* Completions of options and their values for three shells, written from the
 * tables.  The files in data/ are made by `initviz --list completion-SHELL`. */
#include <stdio.h>

#include "io/cli_text.h"
#include "app/command.h"

/* The lessons are files: the shell asks for their names, within quotes or not. */
#define LESSON_NAMES "initviz --list lessons 2> /dev/null | cut -d ' ' -f 1"
#define LESSON_NAMES_QUOTED "initviz --list lessons 2> /dev/null | cut -d \" \" -f 1"

/* Appends one name; `escape` (0: none) goes before each colon. */
static void add_name(struct text *text, const char *name, char escape)
{
	for (; *name; name++) {
		if (*name == ':' && escape)
			text_add_bytes(text, &escape, 1);
		text_add_bytes(text, name, 1);
	}
}

/* The names of a table, blank-separated, each between `before` and `after`. */
static void add_names(struct text *text, const struct table *table, const char *before, const char *after, char escape)
{
	for (size_t i = 0; i < table->count; i++) {
		text_addf(text, "%s%s", i ? " " : "", before);
		add_name(text, table_at(table, i)->name, escape);
		text_add(text, after);
	}
}

/* The words accepted as the value of an option or a setting; nothing if the
 * value is a number or free text. */
static void add_values(struct text *text, struct cli_named option, const char *before, char escape)
{
	if (option.choices)
		add_names(text, option.choices, before, "", escape);
	else if (option.word)
		text_addf(text, "%s%s", before, option.word);
	else if (option.value == CLI_LINE) {
		add_names(text, &commands, before, "", escape);
		text_add(text, " ");
		add_names(text, &settings_table, before, "", escape);
	}
}

static bool has_values(struct cli_named option)
{
	return option.choices || option.word || option.value == CLI_LINE;
}

/* The settings come first among the options. */
static struct cli_named setting(size_t i)
{
	return cli_named(i);
}

/* Every NAME=VALUE of the settings whose values are words. */
static void add_assignments(struct text *text)
{
	char before[64];
	for (size_t i = 0; i < settings_table.count; i++) {
		struct cli_named named = setting(i);
		if (!has_values(named))
			continue;
		snprintf(before, sizeof before, "%s=", named.entry->name);
		text_add(text, " ");
		add_values(text, named, before, 0);
	}
}

/* A summary within single quotes; `special` characters get a backslash. */
static void add_summary(struct text *text, const char *summary, const char *special)
{
	for (const char *p = summary; *p; p++) {
		for (const char *s = special; *s; s++)
			if (*s == *p)
				text_add(text, "\\");
		if (*p == '\'')
			text_add(text, "'\\''");
		else
			text_add_bytes(text, p, 1);
	}
}

/* ---- bash ---- */

static void add_bash_case(struct text *text, struct cli_named option)
{
	if (option.argument == NULL)
		return;
	text_add(text, "\t");
	if (option.letter)
		text_addf(text, "-%c|", option.letter);
	text_addf(text, "--%s) ", option.entry->name);
	if (has_values(option)) {
		text_add(text, "words='");
		add_values(text, option, "", 0);
		text_add(text, "'");
	}
	if (has_values(option) && option.value == CLI_FILE)
		text_add(text, " ");
	if (option.value == CLI_LESSON)
		text_add(text, "words=$(" LESSON_NAMES ") files=1");
	else if (option.value == CLI_FILE)
		text_add(text, "files=1");
	else if (option.value == CLI_ASSIGNMENT)
		text_add(text, "set=1");
	else if (!has_values(option))
		text_add(text, "return");
	text_add(text, " ;;\n");
}

/* After --set: names until there is an equals sign, then values. */
static void add_bash_assignments(struct text *text)
{
	text_add(text, "\tif [[ -n $set ]]; then\n\t\twords='");
	add_names(text, &settings_table, "", "=", 0);
	text_add(text, "'\n\t\tif [[ $cur == *=* ]]; then\n\t\t\twords='");
	add_assignments(text);
	text_add(text, "'\n\t\telse\n\t\t\tcompopt -o nospace 2> /dev/null\n\t\tfi\n\tfi\n");
}

void completion_bash(struct text *text)
{
	text_add(text,
	         "# bash completion for initviz, made by: initviz --list completion-bash\n"
	         "_initviz()\n"
	         "{\n"
	         "\t# the line itself, because bash splits words at : and =\n"
	         "\tlocal line=${COMP_LINE:0:COMP_POINT} words='' files='' set='' cur before option\n"
	         "\tcur=${line##*[[:space:]]}\n"
	         "\tbefore=${line%\"$cur\"}\n"
	         "\tbefore=${before%\"${before##*[![:space:]]}\"}\n"
	         "\toption=${before##*[[:space:]]}\n"
	         "\tcase $cur in\n"
	         "\t--*=*) option=${cur%%=*} cur=${cur#*=} ;;\n"
	         "\tesac\n"
	         "\tcase $option,$cur in\n"
	         "\t-c,[\\'\\\"]*|--command,[\\'\\\"]*) cur=${cur:1} ;;\n"
	         "\tesac\n"
	         "\tCOMPREPLY=()\n"
	         "\tcase $option in\n");
	for (size_t i = 0; i < cli_named_options(); i++)
		add_bash_case(text, cli_named(i));
	text_add(text, "\t*) words='");
	for (size_t i = 0; i < cli_named_options(); i++) {
		struct cli_named option = cli_named(i);
		text_addf(text, "%s--%s", i ? " " : "", option.entry->name);
		if (option.letter)
			text_addf(text, " -%c", option.letter);
	}
	text_add(text, "' ;;\n\tesac\n");
	add_bash_assignments(text);
	text_add(text,
	         "\tlocal word cut=${cur%\"${cur##*[:=]}\"}\n"
	         "\twhile IFS= read -r word; do\n"
	         "\t\tCOMPREPLY+=(\"${word#\"$cut\"}\")\n"
	         "\tdone < <(compgen -W \"$words\" -- \"$cur\" || :; [[ -z $files ]] || compgen -f -- \"$cur\")\n"
	         "}\n"
	         "complete -o filenames -F _initviz initviz\n");
}

/* ---- zsh ---- */

static void add_zsh_value(struct text *text, struct cli_named option)
{
	if (option.value == CLI_ASSIGNMENT)
		text_add(text, "_initviz_set");
	else if (option.value == CLI_LESSON)
		text_add(text, "{compadd - $(" LESSON_NAMES_QUOTED "); _files}");
	else if (option.value == CLI_FILE && has_values(option)) {
		text_add(text, "{compadd - ");
		add_values(text, option, "", 0);
		text_add(text, "; _files}");
	} else if (option.value == CLI_FILE)
		text_add(text, "_files");
	else if (has_values(option)) {
		text_add(text, "(");
		add_values(text, option, "", '\\');
		text_add(text, ")");
	}
}

static void add_zsh_option(struct text *text, struct cli_named option)
{
	const char *sign = option.argument ? "=" : "";
	if (option.letter)
		text_addf(text, "\t'(-%c --%s)'{-%c%s,--%s%s}'[", option.letter, option.entry->name, option.letter,
		          option.argument ? "+" : "", option.entry->name, sign);
	else
		text_addf(text, "\t'--%s%s[", option.entry->name, sign);
	add_summary(text, option.entry->summary, "[]:\\");
	text_add(text, "]");
	if (option.argument) {
		struct text argument = {0};
		cli_add_argument(&argument, &option);
		text_add(text, ":");
		add_summary(text, text_string(&argument), ":\\");
		text_add(text, ":");
		text->failed |= argument.failed;
		text_free(&argument);
		add_zsh_value(text, option);
	}
	text_add(text, "' \\\n");
}

/* After --set: names until there is an equals sign, then values. */
static void add_zsh_assignments(struct text *text)
{
	text_add(text, "_initviz_set()\n{\n\tif ! compset -P '*='; then\n\t\tcompadd -S = -q - ");
	add_names(text, &settings_table, "", "", 0);
	text_add(text, "\n\t\treturn\n\tfi\n\tcase ${${IPREFIX%=}##*=} in\n");
	for (size_t i = 0; i < settings_table.count; i++) {
		struct cli_named named = setting(i);
		if (!has_values(named) && named.value != CLI_FILE)
			continue;
		text_addf(text, "\t%s) compadd - ", named.entry->name);
		add_values(text, named, "", 0);
		text_addf(text, "%s ;;\n", named.value == CLI_FILE ? "; _files" : "");
	}
	text_add(text, "\tesac\n}\n\n");
}

void completion_zsh(struct text *text)
{
	text_add(text,
	         "#compdef initviz\n"
	         "# zsh completion for initviz, made by: initviz --list completion-zsh\n");
	add_zsh_assignments(text);
	text_add(text, "_arguments -s -S \\\n");
	for (size_t i = 0; i < cli_named_options(); i++)
		add_zsh_option(text, cli_named(i));
	text_add(text, "\t&& return\n");
}

/* ---- fish ---- */

static void add_fish_option(struct text *text, struct cli_named option)
{
	text_add(text, "complete -c initviz");
	if (option.letter)
		text_addf(text, " -s %c", option.letter);
	text_addf(text, " -l %s", option.entry->name);
	if (option.argument)
		text_add(text, option.value == CLI_FILE || option.value == CLI_LESSON ? " -r -F" : " -x");
	if (option.value == CLI_LESSON)
		text_add(text, " -a '(" LESSON_NAMES_QUOTED ")'");
	if (option.value == CLI_ASSIGNMENT)
		text_add(text, " -a '(__initviz_set)'");
	else if (has_values(option)) {
		text_add(text, " -a '");
		add_values(text, option, "", 0);
		text_add(text, "'");
	}
	text_add(text, " -d '");
	add_summary(text, option.entry->summary, "\\");
	text_add(text, "'\n");
}

/* After --set: names until there is an equals sign, then values. */
static void add_fish_assignments(struct text *text)
{
	text_add(text, "function __initviz_set\n\tif string match -q '*=*' -- (string replace -- --set= '' (commandline -ct))\n"
	               "\t\tprintf '%s\\n'");
	add_assignments(text);
	text_add(text, "\n\telse\n\t\tprintf '%s\\n' ");
	add_names(text, &settings_table, "", "=", 0);
	text_add(text, "\n\tend\nend\n");
}

void completion_fish(struct text *text)
{
	text_add(text,
	         "# fish completion for initviz, made by: initviz --list completion-fish\n"
	         "complete -c initviz -f\n");
	add_fish_assignments(text);
	for (size_t i = 0; i < cli_named_options(); i++)
		add_fish_option(text, cli_named(i));
}
