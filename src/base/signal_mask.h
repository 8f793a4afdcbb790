/* The signal mask of the calling thread. */
#ifndef INITVIZ_BASE_SIGNAL_MASK_H
#define INITVIZ_BASE_SIGNAL_MASK_H

#include <signal.h>

/* Call it before a thread is started: the thread inherits a mask that blocks
 * signals, which only the main thread handles. Faults such as SIGSEGV are not
 * blocked, because the handler that restores the terminal must run in the thread
 * that fails. */
void signal_mask_for_threads(sigset_t *before);

/* Call it after the thread is started. */
void signal_mask_restore(const sigset_t *before);

#endif
