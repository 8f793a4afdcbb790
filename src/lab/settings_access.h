/* Reading a setting's value; for settings_access.c and settings_table.c. */
#ifndef INITVIZ_LAB_SETTINGS_ACCESS_H
#define INITVIZ_LAB_SETTINGS_ACCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* A whole number from low to high.  ERR_USAGE, with a message that also offers
 * `word`, another value that the setting takes (NULL: none). */
bool settings_read_number(uint64_t *number, const char *value, uint64_t low, uint64_t high, const char *word,
                          struct err *err);

#endif
