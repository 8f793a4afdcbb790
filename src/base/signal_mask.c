/* Masks of the calling thread. */
#include "base/signal_mask.h"

#include <stddef.h>

void signal_mask_for_threads(sigset_t *before)
{
	static const int faults[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS };
	sigset_t others;
	sigfillset(&others);
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
		sigdelset(&others, faults[i]);
	pthread_sigmask(SIG_SETMASK, &others, before);
}

void signal_mask_restore(const sigset_t *before)
{
	pthread_sigmask(SIG_SETMASK, before, NULL);
}
