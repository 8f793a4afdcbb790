/* Finds and reads lessons.  A lesson NAME is the file NAME.lesson in the folder
 * initviz/lessons of the user's or the system's data (XDG), in the package's own
 * data, or in the source tree of a program that is not installed. */
#ifndef INITVIZ_IO_LESSON_FILE_H
#define INITVIZ_IO_LESSON_FILE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/text.h"
#include "app/lesson.h"

/* By name, or by path if there is a slash or a file of exactly this name; to be
 * destroyed with lesson_destroy().  NULL with ERR_USAGE: "file:line: message"
 * for a fault in the file, else what was not found and which lessons there are. */
struct lesson *lesson_file_read(const char *name, struct err *err);

/* Whether lesson_file_read() can read it, before data are loaded; a pipe is not looked at, as it
 * can be read only once. */
bool lesson_file_check(const char *name, struct err *err);

/* Appends the lessons that are found, each name once, in the order in which they
 * follow one another: with titles, a line each, or the names separated by
 * blanks. */
void lesson_file_list(struct text *text, bool titles);

#endif
