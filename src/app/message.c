/* The message above the hint bar. */
#include "app/message.h"

#include <stdarg.h>
#include <stdio.h>

void message_show(struct message *message, enum role role, double seconds, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(message->text, sizeof message->text, format, arguments);
	va_end(arguments);
	message->role = role;
	message->seconds = seconds;
	message->until = 0;
	message->number++;
}

void message_clear(struct message *message)
{
	message->text[0] = '\0';
}

/* The time of a message begins with the first call that sees it. */
bool message_fade(struct message *message, double now)
{
	if (message->text[0] == '\0' || message->seconds <= 0)
		return false;
	if (message->until <= 0)
		message->until = now + message->seconds;
	if (now < message->until)
		return false;
	message->text[0] = '\0';
	return true;
}
