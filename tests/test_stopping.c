/* The order of SIGTSTP and SIGCONT: a process that is continued before it has
 * stopped goes on.  The order is given by calls, not by time: the process sends
 * itself each signal, which is delivered before kill() returns. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/terminal.h"

enum { STOPPED = -1, NO_TERMINAL = 100 };

static int open_terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
		return -1;
	return open(ptsname(master), O_RDWR | O_NOCTTY);
}

/* In a process of its own that the parent could continue: only such a process
 * stops by SIGTSTP.  Returns what `body` returns, STOPPED, or NO_TERMINAL. */
static int outcome_of(int (*body)(void))
{
	int status;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		int terminal = open_terminal();
		struct err err = {0};
		if (setpgid(0, 0) != 0 || terminal < 0 || dup2(terminal, STDIN_FILENO) < 0 || dup2(terminal, STDOUT_FILENO) < 0 ||
		    !terminal_begin("", 0, NULL, &err))
			_exit(NO_TERMINAL);
		_exit(body());
	}
	assert_int_equal(waitpid(child, &status, WUNTRACED), child);
	if (WIFSTOPPED(status)) {
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
		return STOPPED;
	}
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_TERMINAL)
		skip();
	return WEXITSTATUS(status);
}

static int stop(void)
{
	kill(getpid(), SIGTSTP);
	return terminal_wait(0) & TERMINAL_SUSPEND && terminal_stop();
}

static int continued_before_it_stops(void)
{
	kill(getpid(), SIGTSTP);
	if (!(terminal_wait(0) & TERMINAL_SUSPEND))
		return 2;
	kill(getpid(), SIGCONT);
	return terminal_stop();
}

static int continued_before_the_loop_looks(void)
{
	kill(getpid(), SIGTSTP);
	kill(getpid(), SIGCONT);
	unsigned events = terminal_wait(0);
	return events & TERMINAL_CONTINUED && !(events & TERMINAL_SUSPEND);
}

static int stopped_after_it_was_continued(void)
{
	kill(getpid(), SIGCONT);
	kill(getpid(), SIGTSTP);
	return terminal_wait(0) & TERMINAL_SUSPEND && terminal_stop();
}

static int stopped_a_second_time(void)
{
	return continued_before_it_stops() == 1 ? stop() : 2;
}

/* Shows that the other tests can fail: such a process does stop. */
static void test_sigtstp_stops(void **state)
{
	(void)state;
	assert_int_equal(outcome_of(stop), STOPPED);
}

static void test_continued_before_it_stops_goes_on(void **state)
{
	(void)state;
	assert_int_equal(outcome_of(continued_before_it_stops), 1);
	assert_int_equal(outcome_of(continued_before_the_loop_looks), 1);
}

/* An earlier SIGCONT must not make a later Ctrl-Z useless. */
static void test_a_later_sigtstp_stops(void **state)
{
	(void)state;
	assert_int_equal(outcome_of(stopped_after_it_was_continued), STOPPED);
	assert_int_equal(outcome_of(stopped_a_second_time), STOPPED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sigtstp_stops),
		cmocka_unit_test(test_continued_before_it_stops_goes_on),
		cmocka_unit_test(test_a_later_sigtstp_stops),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
