/* The table of commands.  Keys, script lines, `:`, help, manual and completion
 * read it.  The name of every setting is a command, too (settings_table); if a
 * command has the same name, the command is meant. */
#ifndef INITVIZ_APP_COMMAND_H
#define INITVIZ_APP_COMMAND_H

#include "base/entry.h"

struct app;

enum command_group {
	COMMAND_RUNNING, COMMAND_CHANGING, COMMAND_LOOKING, COMMAND_SAVING, COMMAND_PROGRAM,
	COMMAND_GROUPS
};
extern const char *const command_group_titles[COMMAND_GROUPS];

/* When the hint bar shows a command: a set of these. */
enum command_hint_when {
	HINT_PAUSED = 1,
	HINT_RUNNING = 2,
	HINT_BACK = 4,    /* an earlier observation is shown */
	HINT_FAILED = 8,  /* there is no run */
	HINT_ALWAYS = 15,
	/* In addition; these come first in the bar. */
	HINT_UNDO = 16,     /* only while there is a trained run to bring back */
	HINT_ILL = 32,      /* only while there is a cure for the net that is shown */
	HINT_FINISHED = 64, /* first in the bar when the run has come to its end */
	HINT_ROOM = 128,    /* only if there is room after all others */
	HINT_SOUND = 256,   /* only while there is no cure to offer instead */
	HINT_FIRST = 512,   /* only until the first key is pressed */
	HINT_NOW = HINT_UNDO | HINT_ILL | HINT_FINISHED | HINT_FIRST,
};

struct command {
	struct entry entry;
	enum command_group group;
	const char *keys;      /* key names separated by blanks: ". n", "Space", "C-c"; NULL: no key */
	const char *key_words; /* each key's argument, separated by blanks: "1 1" for `step 1`; further keys have the last one; NULL: none */
	const char *key_help;  /* what each key does, separated by '|'; NULL: the summary of its argument or of the command */
	const char *main;      /* what its first key does, in few words, if that is one of the main keys; else NULL */
	const char *arguments; /* usage: "[N]", "NAME VALUE"; NULL: none */
	const char *hint;      /* the hint bar's word, NULL: not in the bar */
	int hint_keys;         /* how many of the keys the bar shows before it; more than two: a range, as in 1-9 */
	unsigned hint_when;    /* enum command_hint_when */
	const struct table *choices; /* completes the first argument; NULL */
	bool names_setting;    /* the first argument is a setting, and the second one of its values */
	bool in_replay;        /* can also be used while a saved run is replayed, though its group cannot */
	bool writes;        /* it writes a file: no lesson may use it */
	bool in_lock;       /* its keys also work while a lesson is locked to its own */
	bool hint_stays;       /* the hint bar always shows it, at its right end */
	/* Carries it out. words: the text after the command's name, which the function
	 * may change. */
	bool (*run)(struct app *app, char *words, struct err *err);
};

TABLE_DECLARE(commands, struct command, command)

/* The i-th of blank-separated words copied into word[size]; false when there
 * are fewer. */
bool command_word(const char *words, size_t i, char *word, size_t size);

/* Ends the first word of a line with a NUL; returns the rest of the line. */
char *command_cut(char *line);

/* The full name of the command or setting that `word` names or abbreviates;
 * "init.2" is such a name.  May be `word` itself.  NULL with ERR_USAGE, which
 * suggests a similar name or lists the names that it may abbreviate. */
const char *command_name(const char *word, struct err *err);

/* The argument that the i-th key gives to the command; "" for none. */
const char *command_key_word(const struct command *command, size_t i, char *word, size_t size);

/* Describes what the i-th key of a command does. */
#define COMMAND_HELP_SIZE 160
const char *command_key_help(const struct command *command, size_t i, char out[COMMAND_HELP_SIZE]);

/* The command that a key runs, and which of its keys it is; NULL for none.
 * Keys as in app/key.h. */
const struct command *command_of_key(int key, size_t *which);

#endif
