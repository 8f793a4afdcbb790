/* The terminal guard: whatever ends the program, the terminal is given back
 * as it was.  Signals become events of a loop; those that cannot wait restore
 * the terminal from their handler with bytes prepared beforehand.
 *
 * One guard a process: signals and the terminal are global by nature. */
#ifndef INITVIZ_IO_TERMINAL_H
#define INITVIZ_IO_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Remembers the modes of standard input, takes over the signals and holds back
 * standard error while that is the terminal.  `reset` (copied) undoes all that
 * the screen library does to the terminal.  Call it before that library starts
 * and before threads do.  `last_wish` (may be NULL) is called in a handler before
 * the process dies there: it must be async-signal-safe.  ERR_RESOURCE. */
#define TERMINAL_RESET_SIZE 256
bool terminal_begin(const char *reset, size_t length, void (*last_wish)(void), struct err *err);

/* Gives back modes, screen and standard error, which prints what was held
 * back; does nothing the second time. */
void terminal_restore(void);

/* The same, and the signals.  When one has asked for the end, dies of it: then
 * it does not return. */
void terminal_end(void);

/* Tells whether the screen is ours: only then is `reset` written when the
 * program dies. */
void terminal_own(bool screen);

/* What terminal_wait() may report, or-ed. */
enum terminal_event {
	TERMINAL_INPUT = 1,    /* something was typed */
	TERMINAL_RESIZED = 2,  /* perhaps to the same size */
	TERMINAL_SUSPEND = 4,  /* Ctrl-Z: leave the screen, terminal_stop(), come back */
	TERMINAL_CONTINUED = 8, /* stopped and continued by others: the screen is lost */
	TERMINAL_END = 16,     /* a signal asks for the end, or the terminal has gone */
};

/* Waits until there is something to do, at most so long (-1: for ever). */
unsigned terminal_wait(int milliseconds);

/* Ends a terminal_wait(), now or the next; from any thread. */
void terminal_wake(void *unused);

/* False when the terminal has vanished and nothing can be shown any more. */
bool terminal_is_there(void);

/* Whether a frame can be written without waiting for a slow or stopped
 * terminal. */
bool terminal_takes_output(void);

/* Lets output go on that the user has stopped (Ctrl-S): else restoring the
 * screen would wait for Ctrl-Q. */
void terminal_resume_output(void);

/* Asks the process group to end, as the terminal does for Ctrl-C where that is
 * not a key of ours. */
void terminal_interrupt(void);

/* The terminal's size as the kernel knows it; 80 x 24 where it does not. */
void terminal_size(int *width, int *height);

/* Waits until the process is in the terminal's foreground. */
void terminal_claim(void);

/* Stops the process as Ctrl-Z does (the screen must have been left) and
 * returns true when it is in the foreground again, at once where stopping is
 * impossible; false when a signal has asked for the end meanwhile. */
bool terminal_stop(void);

/* Asks for a TERMINAL_SUSPEND of the whole process group. */
void terminal_suspend(void *unused);

#endif
