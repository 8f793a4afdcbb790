/* The user's character set, without the user's decimal comma. */
#ifndef INITVIZ_IO_LOCALE_H
#define INITVIZ_IO_LOCALE_H

#include <stdbool.h>

/* Sets the locale from the environment, except LC_NUMERIC, so that numbers have
 * the same form everywhere.  Returns whether the character set is UTF-8. */
bool locale_begin(void);

/* Selects a UTF-8 locale, ignoring the environment; false if the system has none. */
bool locale_force_utf8(void);

#endif
