/* The user's character set, without the user's decimal comma. */
#ifndef INITVIZ_IO_LOCALE_H
#define INITVIZ_IO_LOCALE_H

#include <stdbool.h>

/* Takes over the locale of the environment, numbers excepted, which are
 * written alike everywhere.  Returns whether its character set is UTF-8. */
bool locale_begin(void);

/* For those who know better than their environment: a UTF-8 character set in
 * any case; false when the system has none. */
bool locale_force_utf8(void);

#endif
