/* Help, version, lists of names and shell completions, all generated from the
 * tables. */
#ifndef INITVIZ_IO_CLI_TEXT_H
#define INITVIZ_IO_CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/entry.h"
#include "base/text.h"
#include "io/cli.h"

/* An option: a setting's or the program's own. */
struct cli_named {
	const struct entry *entry;
	char letter;          /* 0: none */
	const char *argument; /* NULL: takes none */
	enum cli_group group;
	const struct table *choices;
	const char *word;     /* a word accepted instead of a number, or NULL */
	enum cli_value value;
	bool shows_choices;   /* in place of `argument` */
};
size_t cli_named_options(void);
struct cli_named cli_named(size_t i);

/* Appends what the help shows for the value of an option that takes one:
 * "FILE", "text|json|csv". */
void cli_add_argument(struct text *text, const struct cli_named *option);

/* Report an unknown word or an unknown option letter, with a suggestion:
 * ERR_USAGE; always return false. */
bool cli_stray_word(const char *word, struct err *err);
bool cli_stray_letter(char letter, struct err *err);

void help_text(struct text *text);
void help_version(struct text *text, const char *screen_library);

/* The width for wrap_text(): lines of at most 79 cells. */
#define CLI_COLUMNS 79

/* --list WHAT; ERR_USAGE. */
bool list_text(struct text *text, const char *what, struct err *err);
extern const struct table lists;

void completion_bash(struct text *text);
void completion_zsh(struct text *text);
void completion_fish(struct text *text);

/* The manual's tables. */
void manual_parts(struct text *text);

#endif
