/* Sets the locale at program start. */
#include "io/locale.h"

#include <langinfo.h>
#include <locale.h>
#include <stddef.h>
#include <string.h>

static bool is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

bool locale_begin(void)
{
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C");
	return is_utf8();
}

bool locale_force_utf8(void)
{
	static const char *const names[] = { "C.UTF-8", "en_US.UTF-8", "UTF-8" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (setlocale(LC_CTYPE, names[i]) && is_utf8())
			return true;
	return false;
}
