/* Signals, terminal modes and their restoration.  Uses file descriptors and
 * termios; independent of curses and of the screen's content.
 *
 * Handlers do one of three things.  An event sets a flag and wakes the loop.  The
 * first terminating signal does that too, and sets an alarm in case the loop is
 * stuck.  A fault, a second terminating signal or the alarm restores the terminal
 * immediately, with async-signal-safe calls only, and terminates the process by
 * the signal. */
#include "io/terminal.h"

#include "io/standard_error.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define SECONDS_TO_END 2   /* from the first terminating signal until the alarm */
#define OUTPUT_MILLISECONDS 300 /* limit for the terminal to accept the reset bytes */
#define KILL_MILLISECONDS 500 /* within which a kill that continued us is taken, by any thread */
#define TIMES_EMPTY 1000 /* consecutive empty reads of reported input that count as its end */

static struct {
	struct termios modes; /* as found */
	struct sigaction previous[NSIG];
	char reset[TERMINAL_RESET_SIZE];
	size_t reset_length;
	void (*cleanup)(void); /* or NULL */
	int tty;              /* a copy of standard output, valid after that is redirected */
	int dev_null;
	int wake[2];          /* the self-pipe: read, write */
	bool closed;         /* the terminal */
} guard = { .tty = -1, .dev_null = -1, .wake = { -1, -1 } };

static atomic_bool begun;     /* there is something to restore */
static atomic_bool owned;     /* the program has taken the screen */
static atomic_bool woken;     /* a byte is in the pipe */
static atomic_bool dying;
static atomic_uint events_seen;     /* enum terminal_event */
static atomic_int end_signal;     /* the terminating signal, or 0 */

/* A handler's stack for faults: the ordinary one may be what overflowed. */
static char fault_stack[64 * 1024];

/* ---- async-signal-safe functions ---- */

void terminal_wake(void *unused)
{
	(void)unused;
	int saved = errno;
	if (!atomic_exchange(&woken, true))
		while (write(guard.wake[1], "", 1) < 0 && errno == EINTR)
			;
	errno = saved;
}

/* True if the process was killed while it was stopped: the terminal's modes now
 * belong to the shell. */
static bool is_in_background(void)
{
	pid_t group = tcgetpgrp(guard.tty);
	return group > 0 && group != getpgrp();
}

/* TCOON alone undoes only a TCOOFF, not the user's Ctrl-S (Linux).  In the
 * background either call would stop the process. */
void terminal_resume_output(void)
{
	if (is_in_background())
		return;
	tcflow(guard.tty, TCOOFF);
	tcflow(guard.tty, TCOON);
}

/* Writes the reset bytes; gives up if the terminal accepts no output. */
static void reset_screen(void)
{
	struct pollfd file = { .fd = guard.tty, .events = POLLOUT };
	int flags = fcntl(guard.tty, F_GETFL);
	terminal_resume_output();
	fcntl(guard.tty, F_SETFL, flags | O_NONBLOCK);
	for (size_t done = 0; done < guard.reset_length && poll(&file, 1, OUTPUT_MILLISECONDS) > 0;) {
		ssize_t n = write(guard.tty, guard.reset + done, guard.reset_length - done);
		if (n < 0 && errno != EINTR)
			break;
		done += n > 0 ? (size_t)n : 0;
	}
	fcntl(guard.tty, F_SETFL, flags);
}

void terminal_restore(void)
{
	if (!atomic_exchange(&begun, false))
		return;
	if (atomic_exchange(&owned, false))
		reset_screen();
	if (!is_in_background()) {
		tcflush(guard.tty, TCIFLUSH); /* the shell must not receive the rest of a paste */
		tcsetattr(guard.tty, TCSANOW, &guard.modes);
	}
	standard_error_release();
}

static _Noreturn void die_of(int number)
{
	signal(number, SIG_DFL);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, number);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
	_exit(128 + number);
}

/* ---- handlers ---- */

enum kind { UNHANDLED, EVENT, TERMINATE, FAULT, FATAL };

static enum kind kind_of(int number)
{
	switch (number) {
	case SIGKILL: case SIGSTOP: case SIGTTIN: case SIGTTOU: case SIGCHLD: case SIGURG: case SIGPIPE:
		return UNHANDLED;
	case SIGWINCH: case SIGTSTP: case SIGCONT:
		return EVENT;
	case SIGINT: case SIGTERM: case SIGHUP: case SIGQUIT:
		return TERMINATE;
	case SIGSEGV: case SIGBUS: case SIGFPE: case SIGILL: case SIGABRT: case SIGSYS:
		return FAULT;
	default:
		return FATAL;
	}
}

static const char *fault_name(int number)
{
	switch (number) {
	case SIGSEGV: return "invalid memory access (SIGSEGV)";
	case SIGBUS: return "bus error (SIGBUS)";
	case SIGFPE: return "arithmetic fault (SIGFPE)";
	case SIGILL: return "illegal instruction (SIGILL)";
	case SIGABRT: return "abort (SIGABRT)";
	default: return "bad system call (SIGSYS)";
	}
}

static _Noreturn void on_fatal(int number)
{
	if (atomic_exchange(&dying, true))
		for (;;)
			pause(); /* another thread is terminating the process */
	dup2(guard.dev_null, STDOUT_FILENO); /* where a frame goes that another thread is writing */
	terminal_restore();
	if (kind_of(number) == FAULT) {
		const char *name = fault_name(number);
		static const char before[] = "initviz: internal error: ", after[] = ": please report what led to it\n";
		standard_error_write(before, sizeof before - 1);
		standard_error_write(name, strlen(name));
		standard_error_write(after, sizeof after - 1);
	}
	if (guard.cleanup)
		guard.cleanup();
	int asked = atomic_load(&end_signal);
	die_of(number == SIGALRM && asked ? asked : number);
}

static void on_terminate(int number)
{
	int none = 0;
	if (!atomic_compare_exchange_strong(&end_signal, &none, number))
		on_fatal(number);
	alarm(SECONDS_TO_END);
	terminal_wake(NULL);
}

static void on_event(int number)
{
	unsigned event = number == SIGWINCH ? TERMINAL_RESIZED
	              : number == SIGTSTP ? TERMINAL_SUSPEND : TERMINAL_CONTINUED;
	if (event == TERMINAL_CONTINUED) /* before the process has stopped: it must not stop now */
		atomic_fetch_and(&events_seen, ~(unsigned)TERMINAL_SUSPEND);
	atomic_fetch_or(&events_seen, event);
	terminal_wake(NULL);
}

static void install_handlers(void)
{
	stack_t stack = { .ss_sp = fault_stack, .ss_size = sizeof fault_stack };
	sigaltstack(&stack, NULL);
	for (int number = 1; number < NSIG; number++) {
		struct sigaction action = { .sa_flags = SA_RESTART };
		enum kind kind = kind_of(number);
		sigfillset(&action.sa_mask);
		sigaction(number, NULL, &guard.previous[number]);
		if (kind == UNHANDLED || guard.previous[number].sa_handler == SIG_IGN)
			continue; /* the parent process ignores this signal on purpose (nohup) */
		action.sa_handler = kind == EVENT ? on_event : kind == TERMINATE ? on_terminate : on_fatal;
		if (kind == FAULT)
			action.sa_flags |= SA_ONSTACK;
		sigaction(number, &action, NULL);
	}
	signal(SIGPIPE, SIG_IGN);
}

static void remove_handlers(void)
{
	for (int number = 1; number < NSIG; number++)
		if (kind_of(number) != UNHANDLED || number == SIGPIPE)
			sigaction(number, &guard.previous[number], NULL);
}

/* ---- beginning and end ---- */

static bool open_files(struct err *err)
{
	if (pipe(guard.wake) == 0) {
		guard.dev_null = open("/dev/null", O_WRONLY | O_CLOEXEC);
		guard.tty = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	}
	if (guard.tty >= 0 && guard.dev_null >= 0) {
		for (int i = 0; i < 2; i++) {
			fcntl(guard.wake[i], F_SETFD, FD_CLOEXEC);
			fcntl(guard.wake[i], F_SETFL, O_NONBLOCK);
		}
		return true;
	}
	return err_set(err, ERR_RESOURCE, "terminal: %s: allow more open files (ulimit -n)", strerror(errno));
}

bool terminal_begin(const char *reset, size_t length, void (*cleanup)(void), struct err *err)
{
	if (tcgetattr(STDOUT_FILENO, &guard.modes) != 0)
		return err_set(err, ERR_USAGE, "standard output is not a terminal: use --headless");
	if (!open_files(err))
		return false;
	guard.reset_length = length < sizeof guard.reset ? length : sizeof guard.reset;
	memcpy(guard.reset, reset, guard.reset_length);
	guard.cleanup = cleanup;
	atexit(terminal_restore); /* curses may call exit() when memory is short */
	standard_error_hold();
	atomic_store(&begun, true);
	install_handlers();
	return true;
}

void terminal_end(void)
{
	terminal_restore();
	remove_handlers();
	alarm(0);
	if (atomic_load(&end_signal))
		die_of(atomic_load(&end_signal));
}

void terminal_own(bool screen)
{
	atomic_store(&owned, screen);
}

/* ---- events ---- */

/* True when the terminal was closed.  Some systems report that as endless empty
 * input, so it is detected by repeated reads: one does not suffice, since
 * another process may have flushed the pending input. */
static bool input_has_ended(short events)
{
	struct pollfd file = { .fd = STDIN_FILENO, .events = POLLIN, .revents = events };
	for (int asked = 0; asked < TIMES_EMPTY; asked++) {
		int waiting = 0;
		if (file.revents & (POLLHUP | POLLERR | POLLNVAL))
			return true;
		if (!(file.revents & POLLIN) || (ioctl(STDIN_FILENO, FIONREAD, &waiting) == 0 && waiting > 0))
			return false;
		if (poll(&file, 1, 0) < 0)
			return false;
	}
	return true;
}

unsigned terminal_wait(int milliseconds)
{
	struct pollfd files[] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = guard.wake[0], .events = POLLIN },
	};
	unsigned events = 0;
	if (poll(files, 2, milliseconds) > 0) {
		guard.closed = guard.closed || input_has_ended(files[0].revents);
		if (files[0].revents & POLLIN)
			events |= TERMINAL_INPUT;
		char bytes[16];
		if (files[1].revents & POLLIN && read(guard.wake[0], bytes, sizeof bytes) > 0)
			atomic_store(&woken, false);
	}
	events |= atomic_exchange(&events_seen, 0);
	if (atomic_load(&end_signal) || guard.closed)
		events |= TERMINAL_END;
	return events;
}

bool terminal_is_open(void)
{
	return !guard.closed;
}

bool terminal_takes_output(void)
{
	struct pollfd file = { .fd = guard.tty, .events = POLLOUT };
	return poll(&file, 1, 0) > 0;
}

void terminal_size(int *width, int *height)
{
	struct winsize size = {0};
	if (ioctl(guard.tty, TIOCGWINSZ, &size) != 0)
		size = (struct winsize){0};
	*width = size.ws_col ? size.ws_col : 80;
	*height = size.ws_row ? size.ws_row : 24;
}

void terminal_interrupt(void)
{
	kill(0, SIGINT);
}

/* ---- stopping ---- */

void terminal_claim(void)
{
	/* From the background this stops the process (SIGTTOU) until fg. */
	tcsetattr(guard.tty, TCSANOW, &guard.modes);
	atomic_fetch_and(&events_seen, ~(unsigned)(TERMINAL_SUSPEND | TERMINAL_CONTINUED));
}

bool terminal_stop(void)
{
	struct sigaction ours, standard = { .sa_handler = SIG_DFL };
	sigaction(SIGTSTP, &standard, &ours);
	if (!(atomic_load(&events_seen) & TERMINAL_CONTINUED))
		raise(SIGTSTP); /* all threads stop here; in an orphaned process group none does */
	sigaction(SIGTSTP, &ours, NULL);
	/* Killed in the shell, it is continued too; another thread may be about
	 * to take that signal, and claiming the terminal would stop us again. */
	for (int waited = 0; waited < KILL_MILLISECONDS && is_in_background() && !atomic_load(&end_signal); waited += 10)
		poll(NULL, 0, 10);
	if (!atomic_load(&end_signal))
		terminal_claim();
	return !atomic_load(&end_signal);
}

void terminal_suspend(void *unused)
{
	(void)unused;
	kill(0, SIGTSTP);
}
