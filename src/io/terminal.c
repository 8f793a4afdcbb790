/* Signals, terminal modes and their restoration.  Uses file descriptors and
 * termios; independent of curses and of the screen's content.
 *
 * Handlers do one of three things.  A note sets a flag and wakes the loop.  The
 * first terminating signal does that too, and sets an alarm in case the loop is
 * stuck.  A fault, a second terminating signal or the alarm restores the terminal
 * immediately, with async-signal-safe calls only, and terminates the process by
 * the signal. */
#include "io/terminal.h"

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
#define HELD_BACK_MAX 65536 /* bytes of standard error */
#define TIMES_EMPTY 1000 /* consecutive empty reads of reported input that count as its end */

static struct {
	struct termios modes; /* as found */
	struct sigaction found[NSIG];
	char reset[TERMINAL_RESET_SIZE];
	size_t reset_length;
	void (*last_wish)(void); /* or NULL */
	int tty;              /* a copy of standard output, valid after that is redirected */
	int nowhere;          /* /dev/null */
	int wake[2];          /* the self-pipe: read, write */
	int standard_error;   /* the real one while it is held back, else -1 */
	FILE *held;           /* what was written to it */
	bool gone;
} guard = { .tty = -1, .nowhere = -1, .wake = { -1, -1 }, .standard_error = -1 };

static atomic_bool begun;     /* there is something to restore */
static atomic_bool owned;     /* the program has taken the screen */
static atomic_bool woken;     /* a byte is in the pipe */
static atomic_bool dying;
static atomic_uint notes;     /* enum terminal_event */
static atomic_int ending;     /* the terminating signal, or 0 */

/* A handler's stack for faults: the ordinary one may be what overflowed. */
static char fault_stack[64 * 1024];

/* ---- async-signal-safe functions ---- */

static void write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, bytes, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		bytes += n;
		length -= (size_t)n;
	}
}

void terminal_wake(void *unused)
{
	(void)unused;
	int saved = errno;
	if (!atomic_exchange(&woken, true))
		write_all(guard.wake[1], "", 1);
	errno = saved;
}

/* Reconnects standard error to the terminal and prints the output held back,
 * which may come from a library, as complete lines of plain text. */
static void release_standard_error(void)
{
	if (guard.standard_error < 0)
		return;
	int held = fileno_unlocked(guard.held);
	off_t length = lseek(held, 0, SEEK_CUR);
	dup2(guard.standard_error, STDERR_FILENO);
	close(guard.standard_error);
	guard.standard_error = -1;
	char last = '\n', bytes[512];
	for (off_t done = 0; done < length && done < HELD_BACK_MAX;) {
		ssize_t n = pread(held, bytes, sizeof bytes, done);
		if (n <= 0)
			break;
		for (ssize_t i = 0; i < n; i++)
			if (bytes[i] != '\n' && (bytes[i] < ' ' || bytes[i] > '~'))
				bytes[i] = '?';
		write_all(STDERR_FILENO, bytes, (size_t)n);
		last = bytes[n - 1];
		done += n;
	}
	if (last != '\n')
		write_all(STDERR_FILENO, "\n", 1);
}

/* Killed while stopped: the modes are the shell's now. */
static bool is_in_background(void)
{
	pid_t group = tcgetpgrp(guard.tty);
	return group > 0 && group != getpgrp();
}

/* TCOON alone undoes a TCOOFF only, not the user's Ctrl-S (Linux).  From the
 * background either would stop the process. */
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
	release_standard_error();
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

enum kind { LEAVE, NOTE, END, FAULT, DIE };

static enum kind kind_of(int number)
{
	switch (number) {
	case SIGKILL: case SIGSTOP: case SIGTTIN: case SIGTTOU: case SIGCHLD: case SIGURG: case SIGPIPE:
		return LEAVE;
	case SIGWINCH: case SIGTSTP: case SIGCONT:
		return NOTE;
	case SIGINT: case SIGTERM: case SIGHUP: case SIGQUIT:
		return END;
	case SIGSEGV: case SIGBUS: case SIGFPE: case SIGILL: case SIGABRT: case SIGSYS:
		return FAULT;
	default:
		return DIE;
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
	dup2(guard.nowhere, STDOUT_FILENO); /* where a frame goes that another thread is writing */
	terminal_restore();
	if (kind_of(number) == FAULT) {
		const char *name = fault_name(number);
		static const char before[] = "initviz: internal error: ", after[] = ": please report how it came about\n";
		write_all(STDERR_FILENO, before, sizeof before - 1);
		write_all(STDERR_FILENO, name, strlen(name));
		write_all(STDERR_FILENO, after, sizeof after - 1);
	}
	if (guard.last_wish)
		guard.last_wish();
	int asked = atomic_load(&ending);
	die_of(number == SIGALRM && asked ? asked : number);
}

static void on_end(int number)
{
	int none = 0;
	if (!atomic_compare_exchange_strong(&ending, &none, number))
		on_fatal(number);
	alarm(SECONDS_TO_END);
	terminal_wake(NULL);
}

static void on_note(int number)
{
	unsigned note = number == SIGWINCH ? TERMINAL_RESIZED
	              : number == SIGTSTP ? TERMINAL_SUSPEND : TERMINAL_CONTINUED;
	atomic_fetch_or(&notes, note);
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
		sigaction(number, NULL, &guard.found[number]);
		if (kind == LEAVE || guard.found[number].sa_handler == SIG_IGN)
			continue; /* the parent process ignored it on purpose (nohup) */
		action.sa_handler = kind == NOTE ? on_note : kind == END ? on_end : on_fatal;
		if (kind == FAULT)
			action.sa_flags |= SA_ONSTACK;
		sigaction(number, &action, NULL);
	}
	signal(SIGPIPE, SIG_IGN);
}

static void remove_handlers(void)
{
	for (int number = 1; number < NSIG; number++)
		if (kind_of(number) != LEAVE || number == SIGPIPE)
			sigaction(number, &guard.found[number], NULL);
}

/* ---- beginning and end ---- */

static void hold_standard_error(void)
{
	if (!isatty(STDERR_FILENO) || (guard.held = tmpfile()) == NULL)
		return;
	fflush(stderr);
	guard.standard_error = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (guard.standard_error >= 0)
		dup2(fileno(guard.held), STDERR_FILENO);
}

static bool open_files(struct err *err)
{
	if (pipe(guard.wake) == 0) {
		guard.nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
		guard.tty = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	}
	if (guard.tty >= 0 && guard.nowhere >= 0) {
		for (int i = 0; i < 2; i++) {
			fcntl(guard.wake[i], F_SETFD, FD_CLOEXEC);
			fcntl(guard.wake[i], F_SETFL, O_NONBLOCK);
		}
		return true;
	}
	return err_set(err, ERR_RESOURCE, "terminal: %s: allow more open files (ulimit -n)", strerror(errno));
}

bool terminal_begin(const char *reset, size_t length, void (*last_wish)(void), struct err *err)
{
	if (tcgetattr(STDOUT_FILENO, &guard.modes) != 0)
		return err_set(err, ERR_USAGE, "standard output is not a terminal: use --headless");
	if (!open_files(err))
		return false;
	guard.reset_length = length < sizeof guard.reset ? length : sizeof guard.reset;
	memcpy(guard.reset, reset, guard.reset_length);
	guard.last_wish = last_wish;
	atexit(terminal_restore); /* curses may call exit() when memory is short */
	hold_standard_error();
	atomic_store(&begun, true);
	install_handlers();
	return true;
}

void terminal_end(void)
{
	terminal_restore();
	remove_handlers();
	alarm(0);
	if (atomic_load(&ending))
		die_of(atomic_load(&ending));
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
		guard.gone = guard.gone || input_has_ended(files[0].revents);
		if (files[0].revents & POLLIN)
			events |= TERMINAL_INPUT;
		char bytes[16];
		if (files[1].revents & POLLIN && read(guard.wake[0], bytes, sizeof bytes) > 0)
			atomic_store(&woken, false);
	}
	events |= atomic_exchange(&notes, 0);
	if (atomic_load(&ending) || guard.gone)
		events |= TERMINAL_END;
	return events;
}

bool terminal_is_there(void)
{
	return !guard.gone;
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
	atomic_fetch_and(&notes, ~(unsigned)(TERMINAL_SUSPEND | TERMINAL_CONTINUED));
}

bool terminal_stop(void)
{
	struct sigaction ours, standard = { .sa_handler = SIG_DFL };
	sigaction(SIGTSTP, &standard, &ours);
	raise(SIGTSTP); /* all threads stop here; in an orphaned process group none does */
	sigaction(SIGTSTP, &ours, NULL);
	/* Killed in the shell, it is continued too; another thread may be about
	 * to take that signal, and claiming the terminal would stop us again. */
	for (int waited = 0; waited < KILL_MILLISECONDS && is_in_background() && !atomic_load(&ending); waited += 10)
		poll(NULL, 0, 10);
	if (!atomic_load(&ending))
		terminal_claim();
	return !atomic_load(&ending);
}

void terminal_suspend(void *unused)
{
	(void)unused;
	kill(0, SIGTSTP);
}
