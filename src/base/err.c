/* Formatting of failures.  Neither prints nor exits. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool err_set(struct err *err, enum err_code code, const char *format, ...)
{
	if (err == NULL)
		return false;
	va_list arguments;
	va_start(arguments, format);
	err->code = code;
	vsnprintf(err->message, sizeof err->message, format, arguments);
	va_end(arguments);
	return false;
}

bool err_prefix(struct err *err, const char *format, ...)
{
	if (err == NULL)
		return false;
	char tail[ERR_MESSAGE_SIZE];
	memcpy(tail, err->message, sizeof tail);
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(err->message, sizeof err->message, format, arguments);
	va_end(arguments);
	int room = ERR_MESSAGE_SIZE - length - 3; /* for ": " and the end */
	if (length >= 0 && room > 0)
		snprintf(err->message + length, (size_t)room + 3, ": %.*s", room, tail);
	return false;
}
