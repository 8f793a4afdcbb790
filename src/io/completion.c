/* Completions of options and their values for three shells, written from the
 * tables.  The files in data/ are made by `initviz --list completion-SHELL`. */
#include "io/cli_text.h"

/* Names of a table, blank-separated; `escape` (0: none) goes before each colon. */
static void add_names(struct text *text, const struct table *table, char escape)
{
	for (size_t i = 0; i < table->count; i++) {
		if (i)
			text_add(text, " ");
		for (const char *p = table_at(table, i)->name; *p; p++) {
			if (*p == ':' && escape)
				text_add_bytes(text, &escape, 1);
			text_add_bytes(text, p, 1);
		}
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
	if (option.choices) {
		text_add(text, "words='");
		add_names(text, option.choices, 0);
		text_add(text, "'");
	}
	if (option.choices && option.file)
		text_add(text, " ");
	if (option.file)
		text_add(text, "files=1");
	if (option.choices == NULL && !option.file)
		text_add(text, "return");
	text_add(text, " ;;\n");
}

void completion_bash(struct text *text)
{
	text_add(text,
	         "# bash completion for initviz, made by: initviz --list completion-bash\n"
	         "_initviz()\n"
	         "{\n"
	         "\t# the line itself, because bash splits words at : and =\n"
	         "\tlocal line=${COMP_LINE:0:COMP_POINT} words='' files='' cur before option\n"
	         "\tcur=${line##*[[:space:]]}\n"
	         "\tbefore=${line%\"$cur\"}\n"
	         "\tbefore=${before%\"${before##*[![:space:]]}\"}\n"
	         "\toption=${before##*[[:space:]]}\n"
	         "\tcase $cur in\n"
	         "\t--*=*) option=${cur%%=*} cur=${cur#*=} ;;\n"
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
	text_add(text,
	         "' ;;\n"
	         "\tesac\n"
	         "\tlocal word cut=${cur%\"${cur##*[:=]}\"}\n"
	         "\twhile IFS= read -r word; do\n"
	         "\t\tCOMPREPLY+=(\"${word#\"$cut\"}\")\n"
	         "\tdone < <(compgen -W \"$words\" -- \"$cur\" || :; [[ -z $files ]] || compgen -f -- \"$cur\")\n"
	         "}\n"
	         "complete -o filenames -F _initviz initviz\n");
}

/* ---- zsh ---- */

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
		text_add(text, ":");
		add_summary(text, option.argument, ":\\");
		text_add(text, ":");
	}
	if (option.file)
		text_add(text, "_files");
	else if (option.choices) {
		text_add(text, "(");
		add_names(text, option.choices, '\\');
		text_add(text, ")");
	}
	text_add(text, "' \\\n");
}

void completion_zsh(struct text *text)
{
	text_add(text,
	         "#compdef initviz\n"
	         "# zsh completion for initviz, made by: initviz --list completion-zsh\n"
	         "_arguments -s -S \\\n");
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
		text_add(text, option.file ? " -r -F" : " -x");
	if (option.choices) {
		text_add(text, " -a '");
		add_names(text, option.choices, 0);
		text_add(text, "'");
	}
	text_add(text, " -d '");
	add_summary(text, option.entry->summary, "\\");
	text_add(text, "'\n");
}

void completion_fish(struct text *text)
{
	text_add(text,
	         "# fish completion for initviz, made by: initviz --list completion-fish\n"
	         "complete -c initviz -f\n");
	for (size_t i = 0; i < cli_named_options(); i++)
		add_fish_option(text, cli_named(i));
}
