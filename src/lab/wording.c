/* Choosing among the lengths of a statement. */
#include "lab/wording.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

size_t wording_columns(const char *text)
{
	size_t columns = 0;
	while (text_decode(&text))
		columns++;
	return columns;
}

static size_t forms(const struct wording *wording)
{
	size_t count = 0;
	while (count < WORDING_FORMS && wording->form[count][0])
		count++;
	return count;
}

void wording_add(struct wording *wording, const char *format, ...)
{
	char form[WORDING_SIZE];
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(form, sizeof form, format, arguments);
	va_end(arguments);
	assert(length >= 0 && (size_t)length < sizeof form);
	size_t count = forms(wording), columns = wording_columns(form);
	while (count > 0 && wording_columns(wording->form[count - 1]) <= columns)
		wording->form[--count][0] = '\0';
	assert(count < WORDING_FORMS);
	snprintf(wording->form[count], WORDING_SIZE, "%s", form);
}

const char *wording_fit(const struct wording *wording, size_t columns)
{
	size_t count = forms(wording);
	for (size_t i = 0; i < count; i++)
		if (wording_columns(wording->form[i]) <= columns)
			return wording->form[i];
	return count ? wording->form[count - 1] : "";
}
