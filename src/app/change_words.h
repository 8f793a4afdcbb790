/* Describes a change of a setting in words. */
#ifndef INITVIZ_APP_CHANGE_WORDS_H
#define INITVIZ_APP_CHANGE_WORDS_H

#include <stddef.h>

#include "lab/settings.h"

/* Writes "learning rate 0.001 -> 0.0005", or "learning rate stays 0.001", of
 * the setting called `name` ("init.2" is layer 2's own initializer) into
 * out[size], as printable ASCII.  Longer values are cut. */
#define CHANGE_WORDS_SIZE 640
void change_words(char *out, size_t size, const struct settings *before, const struct settings *after, const char *name);

/* Writes the value as it is written in a command, or "weights FILE" of an initializer that a file of weights
 * replaces, as printable ASCII into out[size]. */
void change_spell(char *out, size_t size, const struct settings *settings, const char *name);

#endif
