/* The terminal guard restores the terminal's state however the program ends.
 * Signals become events of a loop; for urgent signals the handler restores the
 * terminal with bytes prepared beforehand.
 *
 * A process has one guard, because signals and the terminal are global. */
#ifndef INITVIZ_IO_TERMINAL_H
#define INITVIZ_IO_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Remembers the modes of standard input, takes over the signals and holds back
 * standard error while that is the terminal.  `reset` (copied) undoes all that
 * the screen library does to the terminal.  Call it before that library starts
 * and before threads do.  `cleanup` (may be NULL) is called in a handler before
 * the process dies there: it must be async-signal-safe.  ERR_RESOURCE. */
#define TERMINAL_RESET_SIZE 256
bool terminal_begin(const char *reset, size_t length, void (*cleanup)(void), struct err *err);

/* Restores modes, screen and standard error, and prints the output held back;
 * further calls do nothing. */
void terminal_restore(void);

/* Restores the same and the signal handlers.  After a terminating signal it ends
 * the process by that signal and does not return. */
void terminal_end(void);

/* Sets whether the program has taken the screen: only then is `reset` written
 * when the program ends. */
void terminal_own(bool screen);

/* Events that terminal_wait() reports, combined by bitwise or. */
enum terminal_event {
	TERMINAL_INPUT = 1,    /* something was typed */
	TERMINAL_RESIZED = 2,  /* perhaps to the same size */
	TERMINAL_SUSPEND = 4,  /* Ctrl-Z: leave the screen, terminal_stop(), come back */
	TERMINAL_CONTINUED = 8, /* another process stopped and continued this one: the screen must be redrawn */
	TERMINAL_END = 16,     /* a terminating signal, or the terminal was closed */
};

/* Waits for an event, at most for the given time (-1: no limit). */
unsigned terminal_wait(int milliseconds);

/* Ends a terminal_wait(), now or the next; from any thread. */
void terminal_wake(void *unused);

/* False when the terminal was closed and output is impossible. */
bool terminal_is_open(void);

/* Whether a frame can be written without waiting for a slow or stopped
 * terminal. */
bool terminal_takes_output(void);

/* Resumes output that the user has stopped (Ctrl-S): otherwise restoring the
 * screen would wait for Ctrl-Q. */
void terminal_resume_output(void);

/* Sends SIGINT to the process group, as the terminal does for Ctrl-C when the
 * program does not read it as a key. */
void terminal_interrupt(void);

/* The terminal's size reported by the kernel; 80 x 24 if it reports none. */
void terminal_size(int *width, int *height);

/* Waits until the process is in the terminal's foreground. */
void terminal_claim(void);

/* Stops the process as Ctrl-Z does (the screen must have been left) and
 * returns true when it is in the foreground again, at once where stopping is
 * impossible; false after a terminating signal. */
bool terminal_stop(void);

/* Asks for a TERMINAL_SUSPEND of the whole process group. */
void terminal_suspend(void *unused);

#endif
