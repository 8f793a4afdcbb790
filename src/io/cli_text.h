/* What the command line prints about itself: help, version, lists of all that
 * has a name, completions for shells.  All of it is read from the tables. */
#ifndef INITVIZ_IO_CLI_TEXT_H
#define INITVIZ_IO_CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/entry.h"
#include "base/text.h"
#include "io/cli.h"

/* Any option, a setting's or the program's own. */
struct cli_named {
	const struct entry *entry;
	char letter;          /* 0: none */
	const char *argument; /* NULL: takes none */
	enum cli_group group;
	const struct table *choices;
	const char *word;     /* what may be given in place of a number, or NULL */
	enum cli_value value;
};
size_t cli_named_options(void);
struct cli_named cli_named(size_t i);

/* Refuse a word that is no option, and a letter that is none, with what was
 * probably meant: ERR_USAGE, always false. */
bool cli_stray_word(const char *word, struct err *err);
bool cli_stray_letter(char letter, struct err *err);

void help_text(struct text *text);
void help_version(struct text *text, const char *screen_library);

/* Appends words, broken so that no line passes column 80, with `indent`
 * blanks before each line but the first; `column` is where the first begins. */
void help_wrap(struct text *text, const char *words, size_t column, size_t indent);

/* --list WHAT; ERR_USAGE. */
bool list_text(struct text *text, const char *what, struct err *err);
extern const struct table lists;

void completion_bash(struct text *text);
void completion_zsh(struct text *text);
void completion_fish(struct text *text);

/* The manual's tables. */
void manual_parts(struct text *text);

#endif
