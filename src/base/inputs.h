/* The regular files that the program has read: no output may replace one of
 * them.  Whoever opens an input notes it here; whoever opens an output asks. */
#ifndef INITVIZ_BASE_INPUTS_H
#define INITVIZ_BASE_INPUTS_H

#include <stdbool.h>
#include <sys/stat.h>

/* Any thread may note and ask.  Other kinds of files are passed over: a terminal
 * is both. */
void inputs_note(const struct stat *file);
void inputs_note_path(const char *path); /* NULL, "-" and what is not there: nothing */

bool inputs_have(const struct stat *file);

#endif
