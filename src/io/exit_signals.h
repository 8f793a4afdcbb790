/* Early exit of a process without a screen: by a signal or by --timeout. */
#ifndef INITVIZ_IO_EXIT_SIGNALS_H
#define INITVIZ_IO_EXIT_SIGNALS_H

#include <stdbool.h>

/* Installs handlers: a terminating signal first removes the temporary files, a
 * closed pipe is a write error instead of SIGPIPE, and after `seconds` (0: no
 * limit) the process prints a message and exits with ERR_RUN. */
void exit_signals_begin(double seconds);

/* From now on a terminating signal is only noted, for a caller that asks often. */
void exit_signals_catch(void);
bool exit_signals_caught(void);

/* Ends the process by the signal that was caught. */
void exit_signals_leave(void);

#endif
