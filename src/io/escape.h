/* Filters keyboard input: discards the escape sequences that the screen library
 * does not recognize, so that their letters do not act as keys, and separates
 * pasted text from typed keys. */
#ifndef INITVIZ_IO_ESCAPE_H
#define INITVIZ_IO_ESCAPE_H

#include <stdbool.h>

enum escape_state {
	ESCAPE_NONE,
	ESCAPE_BEGUN,    /* after ESC */
	ESCAPE_REPORTED, /* after an ESC that was reported as the key Esc: the rest of a sequence may be late */
	ESCAPE_CONTROL,  /* in ESC [ ... final */
	ESCAPE_ONE_MORE, /* in ESC O final */
	ESCAPE_MOUSE,    /* in ESC [ M and three bytes */
	ESCAPE_STRING,   /* in ESC ] ... BEL or ESC \, and its kind */
};

#define ESCAPE_REPORT_SIZE 48

/* Starts as {0}. */
struct escape {
	enum escape_state state;
	int parameter;  /* the last number of a control sequence, -1 for none */
	int left;       /* bytes of a mouse report still to come */
	double since;   /* when its last byte came */
	bool pasting;   /* between the marks of a bracketed paste */
	bool awaited;   /* a report was asked for: its bytes may come late, and are kept in `report` */
	char report[ESCAPE_REPORT_SIZE]; /* between ESC ] and its end */
	int length;     /* of it so far */
	bool complete;  /* it has ended */
	bool breaking;  /* the last byte came after a long silence: it may be the key that ends a paste without an end mark */
};

/* Takes one character at a time (seconds on a monotonic clock); returns it, or
 * -1 when it belongs to a sequence or is a control character in a paste. */
int escape_feed(struct escape *escape, int character, double now);

/* Call it when no input is pending: returns 27 if the last character was a
 * single ESC, else -1.  A paste lasts until its end mark, however long that takes;
 * should the mark be lost, Esc or Ctrl-C, after a second of silence and with
 * nothing after it, ends the paste and does nothing else. */
int escape_pause(struct escape *escape);

/* The awaited report, once it is complete: "11;rgb:ffff/ffff/ffff"; then nothing is
 * awaited any more.  Else NULL. */
const char *escape_report(struct escape *escape);

/* Whether a paste has been silent for so long that its end mark may be lost. */
bool escape_stalled(const struct escape *escape, double now);

#endif
