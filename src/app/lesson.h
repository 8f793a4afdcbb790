/* A lesson: pages, each with a caption and the command lines that set up its
 * experiment.  This file reads the lines of a lesson; it opens no files.
 *
 *     title The edge of chaos
 *     next  symmetry
 *     data digits               commands before the first page belong to every page
 *     page What one layer does
 *     > Text of the caption; a line with > alone begins a paragraph.
 *     ? The question that the reader answers before going on.
 *     depth 20                  commands, as in a script
 *     expect z1.variance 0 2    checked when the lesson is run as a test
 *     point E[z^2]              a text on the screen that is marked
 *     hide cure                 parts of the screen that would give an answer away */
#ifndef INITVIZ_APP_LESSON_H
#define INITVIZ_APP_LESSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/entry.h"
#include "base/err.h"
#include "base/text.h"

#define LESSON_POINTS 4 /* texts that one page marks, at most */
#define LESSON_PAGES 99
#define LESSON_FIRST "article" /* the lesson for those who have had none */

/* What a page can hide; lesson_parts has their names in this order. */
enum lesson_part { LESSON_VERDICT, LESSON_CAUSE, LESSON_CURE };
extern const struct table lesson_parts;

/* The words that begin the lines of a lesson that are no commands. */
extern const struct table lesson_keywords;

struct lesson_line {
	const char *text;  /* a command line */
	const char *place; /* its "file:line", for messages */
	bool expects;      /* it is `expect`: for tests, not for the reader */
};

struct lesson_page {
	const char *heading;      /* "" for none */
	struct text caption;      /* paragraphs separated by newlines */
	struct text question;     /* empty: none */
	struct lesson_line *line; /* [lines]: those of every page first */
	size_t lines;
	const char *point[LESSON_POINTS]; /* [points] */
	size_t points;
	unsigned hidden;                  /* bit 1 << enum lesson_part for each part that is not shown */
};

struct lesson {
	char *name;                 /* by which it was opened */
	const char *title;
	const char *next;           /* name of the lesson that follows, "" for none */
	const char *last_place;     /* of the last line that was read */
	struct lesson_line *common; /* [commons]: the lines of every page */
	size_t commons;
	unsigned hidden;            /* parts that every page hides unless it shows them */
	struct lesson_page *page;   /* [pages] */
	size_t pages;
	char **string;              /* [strings]: memory of all the above */
	size_t strings;
	struct lesson *previous;    /* the lesson whose last page led here; NULL: opened otherwise; owned */
};

/* An empty lesson; ERR_RESOURCE. */
struct lesson *lesson_create(const char *name, struct err *err);
void lesson_destroy(struct lesson *lesson); /* with the previous ones; NULL is allowed */

/* Adds a line without the blanks at its ends; not empty, no comment.  `place`
 * is its "file:line".  ERR_USAGE, without the place, for a line that is none of
 * the above or a command that no lesson may use. */
bool lesson_add(struct lesson *lesson, const char *line, const char *place, struct err *err);

/* After the last line: ERR_USAGE, with the place, if something is missing. */
bool lesson_check(const struct lesson *lesson, struct err *err);

#endif
