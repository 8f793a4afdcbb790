/* The `:` line, and a search's: editing, history, completion.  Knows keys and
 * the tables of names, not what a command does. */
#ifndef INITVIZ_APP_LINE_H
#define INITVIZ_APP_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/entry.h"
#include "draw/canvas.h"

#define LINE_SIZE 512   /* of a typed line with its end; more is not taken */
#define LINE_HISTORY 32 /* lines remembered */

/* Starts as {0}. */
struct line {
	bool open;
	char mark;             /* before it: ':' for commands, '/' for a word to search */
	char text[LINE_SIZE]; /* printable ASCII */
	size_t length, cursor; /* cursor: 0..length */
	char draft[LINE_SIZE]; /* what was typed before going up in the history */
	char past[LINE_HISTORY][LINE_SIZE]; /* a ring */
	size_t lines;          /* ever entered */
	size_t back;           /* how far up in the history: 0 for the draft */
};

/* mark: ':' or '/'; commands are completed. */
void line_open(struct line *line, char mark);

/* Puts text into an open line, the cursor after it. */
void line_fill(struct line *line, const char *text);

/* One key (app/key.h) of an open line, but those that close whatever is open
 * (overlay.h).  Returns true when it was entered: the line is then closed, remembered, and its text to be carried out. */
bool line_key(struct line *line, int key);

/* What may stand at the cursor. */
struct line_choices {
	size_t start;                  /* of the word at the cursor */
	const struct table *table[2];  /* where its names come from, NULL for none */
	const struct entry *command;   /* the command or setting before it, NULL in the first word */
};
struct line_choices line_choices(const struct line *line);

/* The i-th name that begins like the word at the cursor; NULL when there are
 * fewer. */
const struct entry *line_candidate(const struct line *line, const struct line_choices *choices, size_t i);

/* Draws the line on row y, and above it what may follow. */
void line_draw(const struct line *line, struct canvas *canvas, int y);

#endif
