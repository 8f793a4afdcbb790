/* Signals and --timeout without a screen.  Handlers call only
 * async-signal-safe functions. */
#include "io/exit_signals.h"

#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/whole.h"
#include "io/save.h"

/* Removes the temporary files, then terminates the process by the signal. */
static void end_by_signal(int number)
{
	save_remove_temporaries();
	signal(number, SIG_DFL);
	raise(number);
}

static void end_by_timeout(int number)
{
	static const char message[] = "initviz: timeout: the seconds given by --timeout are over\n";
	(void)number;
	save_remove_temporaries();
	ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
	_exit(written < 0 ? ERR_OUTPUT : ERR_RUN);
}

static void handle(int number, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };
	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

static void begin_timeout(double seconds)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL); /* the caller may have left it blocked */
	handle(SIGALRM, end_by_timeout);
	struct itimerval timer = { .it_value.tv_sec = whole_int(seconds, 0, INT_MAX) };
	timer.it_value.tv_usec = whole_int((seconds - (double)timer.it_value.tv_sec) * 1e6, 0, 999999);
	setitimer(ITIMER_REAL, &timer, NULL);
}

static void handle_ending(void (*handler)(int))
{
	static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGXCPU };
	for (size_t i = 0; i < sizeof ending / sizeof ending[0]; i++) {
		struct sigaction before;
		if (sigaction(ending[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			handle(ending[i], handler);
	}
}

void exit_signals_begin(double seconds)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	handle_ending(end_by_signal);
	if (seconds > 0)
		begin_timeout(seconds);
}

static volatile sig_atomic_t caught; /* the signal's number; 0: none */

static void note(int number)
{
	caught = number;
}

void exit_signals_catch(void)
{
	handle_ending(note);
}

bool exit_signals_caught(void)
{
	return caught != 0;
}

void exit_signals_leave(void)
{
	end_by_signal(caught);
}
