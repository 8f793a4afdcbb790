/* A line that is typed, for commands (`:`) and for searches (`/`): editing,
 * history, completion. */
#ifndef INITVIZ_APP_LINE_H
#define INITVIZ_APP_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/entry.h"
#include "draw/canvas.h"

#define LINE_SIZE 512   /* bytes of a typed line, its NUL included; further characters are ignored */
#define LINE_HISTORY 32 /* lines remembered */

/* Starts as {0}. */
struct line {
	bool open;
	char mark;             /* before it: ':' for commands, '/' for a word to search */
	char text[LINE_SIZE]; /* printable ASCII */
	size_t length, cursor; /* cursor: 0..length */
	char draft[LINE_SIZE]; /* what was typed before going up in the history */
	char past[LINE_HISTORY][LINE_SIZE]; /* a ring */
	size_t lines;          /* number of lines ever entered */
	size_t back;           /* how far up in the history: 0 for the draft */
};

/* mark: ':' or '/'; commands are completed. */
void line_open(struct line *line, char mark);

/* Puts text into an open line, the cursor after it. */
void line_fill(struct line *line, const char *text);

/* Handles a key (app/key.h) of an open line; Esc and Ctrl-C are handled by
 * overlay.c.  Returns true for Enter: then the line is closed and kept in the
 * history, and the caller carries out its text. */
bool line_key(struct line *line, int key);

/* What can be typed at the cursor. */
struct line_choices {
	size_t start;                  /* of the word at the cursor */
	const struct table *table[2];  /* where its names come from, NULL for none */
	const struct entry *command;   /* the command or setting before it, NULL in the first word */
};
struct line_choices line_choices(const struct line *line);

/* The i-th name that begins like the word at the cursor; NULL when there are
 * fewer. */
const struct entry *line_candidate(const struct line *line, const struct line_choices *choices, size_t i);

/* Draws the line on row y, and above it what can be typed next. */
void line_draw(const struct line *line, struct canvas *canvas, int y);

#endif
