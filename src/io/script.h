/* Scripts: reads command lines from a file, checks their encoding and passes
 * them to a callback one by one.  Only `source` is interpreted here. */
#ifndef INITVIZ_IO_SCRIPT_H
#define INITVIZ_IO_SCRIPT_H

#include <stdbool.h>

#include "base/err.h"

#define SCRIPT_LINE_MAX 4096 /* bytes of one line, its end not counted */
#define SCRIPT_DEPTH_MAX 16  /* files that `source` one another */

/* Carries out one line; false with err ends the script. */
struct script_target {
	bool (*line)(void *context, const char *line, struct err *err);
	/* Called before every line with its "file:line".  May be NULL. */
	void (*place)(void *context, const char *place);
	/* Called after every line; true ends the script successfully.  May be NULL. */
	bool (*enough)(void *context);
	void *context;
	const char *noun; /* what messages call the file; NULL: "script" */
};

/* Runs the script ("-": standard input) line by line.  Blank lines and lines
 * that begin with # are skipped; CRLF, a byte order mark, tabs and a missing
 * last newline are accepted; a NUL, invalid UTF-8 or too long a line is an
 * error.  `source FILE` runs another file, relative to the folder of the
 * script that contains the command.  Errors have the form "file:line: message":
 * ERR_USAGE for the script itself, else the target's code. */
bool script_run(const char *path, const struct script_target *target, struct err *err);

#endif
