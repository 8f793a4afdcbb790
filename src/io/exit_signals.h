/* Early exit of a process without a screen: by a signal or by --timeout. */
#ifndef INITVIZ_IO_EXIT_SIGNALS_H
#define INITVIZ_IO_EXIT_SIGNALS_H

/* Installs handlers: a terminating signal first removes the temporary files, a
 * closed pipe is a write error instead of SIGPIPE, and after `seconds` (0: no
 * limit) the process prints a message and exits with ERR_RUN. */
void exit_signals_begin(double seconds);

#endif
