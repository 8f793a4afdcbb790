/* The list of commands: what keys, script lines, `:` and the options of the
 * same name do.  One entry each; keys, help, manual and completion read it. */
#ifndef INITVIZ_VIEW_COMMAND_H
#define INITVIZ_VIEW_COMMAND_H

#include "base/entry.h"

enum command_group { COMMAND_RUNNING, COMMAND_CHANGING, COMMAND_LOOKING, COMMAND_SAVING, COMMAND_PROGRAM, COMMAND_GROUPS };
extern const char *const command_group_titles[COMMAND_GROUPS];

struct command {
	struct entry entry;
	enum command_group group;
	const char *keys;      /* key names separated by blanks: ". n", "Space", "C-c"; NULL: no key */
	const char *key_words; /* what a key adds after the command's name: "1" for `step 1`; NULL */
	const char *arguments; /* usage: "[N]", "NAME VALUE"; NULL: none */
	const char *hint;      /* the hint bar's word, NULL: not in the bar */
	int action;            /* enum of view/app.c */
	const struct table *choices; /* completes the first argument; NULL */
};

extern const struct table commands;

#endif
