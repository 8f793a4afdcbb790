/* The signal mask of the calling thread. */
#ifndef INITVIZ_BASE_SIGNAL_MASK_H
#define INITVIZ_BASE_SIGNAL_MASK_H

#include <signal.h>

/* Around the start of a thread, which inherits the mask: signals are for the
 * main thread.  Faults such as SIGSEGV stay open, because each thread must find
 * the handler that restores the terminal. */
void signal_mask_for_threads(sigset_t *before);

/* After it. */
void signal_mask_restore(const sigset_t *before);

#endif
