/* The regular files that the program has read: no output may replace one of
 * them.  Code that opens an input records it here; code that opens an output checks it. */
#ifndef INITVIZ_BASE_INPUTS_H
#define INITVIZ_BASE_INPUTS_H

#include <stdbool.h>
#include <sys/stat.h>

/* May be called from any thread.  Only regular files are recorded: a terminal can be
 * both input and output. */
void inputs_note(const struct stat *file);
void inputs_note_path(const char *path); /* ignores NULL, "-" and files that do not exist */

bool inputs_have(const struct stat *file);

#endif
