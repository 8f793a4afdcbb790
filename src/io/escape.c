/* Parses unknown escape sequences (ECMA-48 5.4 and 5.6, xterm's mouse and
 * paste).  Independent of the terminal and of key bindings. */
#include "io/escape.h"

#include <stddef.h>

#define ESC 27
#define BEL 7
#define INTERRUPT 3 /* Ctrl-C */
#define PATIENCE 0.2 /* seconds after which an incomplete sequence is dropped */
#define REPORT_PATIENCE 3.0 /* the same for a report that was asked for: it may come in pieces over a slow line */
#define PASTE_PATIENCE 1.0 /* seconds of silence after which a key may end a paste */
#define PASTE_BEGINS 200 /* ESC [ 200 ~ */
#define PASTE_ENDS 201

static enum escape_state after_escape(struct escape *escape, int character)
{
	escape->parameter = -1;
	switch (character) {
	case '[': return ESCAPE_CONTROL;
	case 'O': return ESCAPE_ONE_MORE;
	case ']':
		escape->length = 0;
		return ESCAPE_STRING;
	case 'P': case 'X': case '^': case '_': return ESCAPE_STRING;
	case ESC: return ESCAPE_BEGUN;
	default: return ESCAPE_NONE; /* Alt and a key: none is bound */
	}
}

static enum escape_state in_control(struct escape *escape, int character)
{
	if (character >= '0' && character <= '9') {
		if (escape->parameter < 1000)
			escape->parameter = (escape->parameter > 0 ? escape->parameter : 0) * 10 + character - '0';
		return ESCAPE_CONTROL;
	}
	if (character >= ' ' && character <= '?') {
		escape->parameter = 0;
		return ESCAPE_CONTROL;
	}
	if (character == ESC)
		return ESCAPE_BEGUN;
	if (character == '~' && (escape->parameter == PASTE_BEGINS || escape->parameter == PASTE_ENDS))
		escape->pasting = escape->parameter == PASTE_BEGINS;
	escape->left = 3;
	return character == 'M' && escape->parameter < 0 ? ESCAPE_MOUSE : ESCAPE_NONE;
}

/* In ESC ] and its kind. */
static enum escape_state in_string(struct escape *escape, int character)
{
	bool ended = character == BEL || character == ESC;
	if (escape->awaited && !ended && escape->length < ESCAPE_REPORT_SIZE - 1)
		escape->report[escape->length++] = (char)character;
	escape->complete |= escape->awaited && ended && escape->length > 0;
	/* ESC begins the end ESC \, and the state after it consumes the backslash */
	return character == BEL ? ESCAPE_NONE : character == ESC ? ESCAPE_BEGUN : ESCAPE_STRING;
}

/* Handles a character outside any sequence. */
static int outside(struct escape *escape, int character)
{
	escape->state = character == ESC ? ESCAPE_BEGUN : ESCAPE_NONE;
	return character == ESC || (escape->pasting && character < ' ') ? -1 : character;
}

bool escape_stalled(const struct escape *escape, double now)
{
	return escape->pasting && now - escape->since >= PASTE_PATIENCE;
}

int escape_feed(struct escape *escape, int character, double now)
{
	bool report = escape->awaited && (escape->state == ESCAPE_STRING || escape->state == ESCAPE_REPORTED);
	if (now - escape->since > (report ? REPORT_PATIENCE : PATIENCE))
		escape->state = ESCAPE_NONE;
	escape->breaking = escape_stalled(escape, now) && (character == ESC || character == INTERRUPT);
	escape->since = now;
	switch (escape->state) {
	case ESCAPE_NONE:
		return outside(escape, character);
	case ESCAPE_REPORTED:
		if (character != '[' && character != 'O' && !(escape->awaited && character == ']'))
			return outside(escape, character);
		escape->state = after_escape(escape, character);
		return -1;
	case ESCAPE_BEGUN:
		escape->state = after_escape(escape, character);
		return -1;
	case ESCAPE_CONTROL:
		escape->state = in_control(escape, character);
		return -1;
	case ESCAPE_ONE_MORE:
		escape->state = ESCAPE_NONE;
		return -1;
	case ESCAPE_MOUSE:
		if (--escape->left == 0)
			escape->state = ESCAPE_NONE;
		return -1;
	case ESCAPE_STRING:
		escape->state = in_string(escape, character);
		return -1;
	}
	return -1;
}

const char *escape_report(struct escape *escape)
{
	if (!escape->complete)
		return NULL;
	escape->complete = escape->awaited = false;
	escape->report[escape->length] = '\0';
	return escape->report;
}

int escape_pause(struct escape *escape)
{
	bool alone = escape->state == ESCAPE_BEGUN, key = alone && !escape->pasting;
	if (escape->breaking)
		escape->pasting = escape->breaking = false;
	if (alone && !escape->pasting)
		escape->state = ESCAPE_REPORTED;
	return key ? ESC : -1;
}
