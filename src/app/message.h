/* The message above the hint bar: shown until the next key, or for a time. */
#ifndef INITVIZ_APP_MESSAGE_H
#define INITVIZ_APP_MESSAGE_H

#include <stdbool.h>
#include "draw/canvas.h"

struct message {
	char text[2048]; /* empty: no message */
	enum role role;
	double seconds;  /* how long it stays; 0: until the next key */
	double until;    /* time at which it goes; 0: message_fade() has not seen it yet */
	unsigned number; /* counts the messages */
};

#define MESSAGE_SECONDS 4        /* of short confirmations */
#define MESSAGE_ALARM_SECONDS 12 /* of errors and warnings */

/* Shows a message for some seconds (0: until the next key).  Foreign text among
 * the arguments must have gone through text_escape(). */
void message_show(struct message *message, enum role role, double seconds, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

void message_clear(struct message *message);

/* Counts the time from the first call that sees the message; true when it is
 * cleared.  now: seconds on a monotonic clock. */
bool message_fade(struct message *message, double now);

#endif
