/* Lists of warnings: one block of memory each, the lines stored one after another. */
#include "base/warnings.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

struct warnings {
	unsigned references;
	size_t count, bytes; /* of lines[]; each line ends with a NUL */
	char lines[];
};

size_t warnings_count(const struct warnings *list)
{
	return list ? list->count : 0;
}

const char *warnings_at(const struct warnings *list, size_t i)
{
	const char *line = list->lines;
	while (i-- > 0)
		line += strlen(line) + 1;
	return line;
}

bool warnings_have(const struct warnings *list, const char *line)
{
	for (size_t i = 0; i < warnings_count(list); i++)
		if (strcmp(warnings_at(list, i), line) == 0)
			return true;
	return false;
}

const struct warnings *warnings_keep(const struct warnings *list)
{
	if (list)
		__atomic_add_fetch(&((struct warnings *)list)->references, 1, __ATOMIC_RELAXED);
	return list;
}

void warnings_drop(const struct warnings *list)
{
	if (list && __atomic_sub_fetch(&((struct warnings *)list)->references, 1, __ATOMIC_ACQ_REL) == 0)
		alloc_free((struct warnings *)list);
}

bool warnings_add(const struct warnings **list, struct err *err, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	const struct warnings *old = *list;
	size_t before = old ? old->bytes : 0, room = length < 0 ? 1 : (size_t)length + 1;
	struct warnings *longer = alloc_array(1, sizeof *longer + before + room, err);
	if (longer == NULL)
		return false;
	char *line = longer->lines + before;
	va_start(arguments, format);
	vsnprintf(line, room, format, arguments);
	va_end(arguments);
	if (warnings_have(old, line)) {
		alloc_free(longer);
		return true;
	}
	if (old)
		memcpy(longer->lines, old->lines, before);
	longer->references = 1;
	longer->count = warnings_count(old) + 1;
	longer->bytes = before + room;
	warnings_drop(old);
	*list = longer;
	return true;
}

bool warnings_add_all(const struct warnings **list, const struct warnings *more, struct err *err)
{
	for (size_t i = 0; i < warnings_count(more); i++)
		if (!warnings_add(list, err, "%s", warnings_at(more, i)))
			return false;
	return true;
}
