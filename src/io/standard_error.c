/* Standard error while the screen is taken. */
#include "io/standard_error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define HELD_MAX 65536 /* bytes printed of what was held back */

static int real = -1; /* the terminal while output is held back, else -1 */
static FILE *held;    /* what was written meanwhile */

void standard_error_hold(void)
{
	if (!isatty(STDERR_FILENO) || (held = tmpfile()) == NULL)
		return;
	fflush(stderr);
	real = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (real >= 0)
		dup2(fileno(held), STDERR_FILENO);
}

void standard_error_write(const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t n = write(STDERR_FILENO, bytes, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		bytes += n;
		length -= (size_t)n;
	}
}

/* Reconnects standard error to the terminal and prints the output held back,
 * which may come from a library, as complete lines of plain text. */
void standard_error_release(void)
{
	if (real < 0)
		return;
	int held_fd = fileno_unlocked(held);
	off_t length = lseek(held_fd, 0, SEEK_CUR);
	dup2(real, STDERR_FILENO);
	close(real);
	real = -1;
	char last = '\n', bytes[512];
	for (off_t done = 0; done < length && done < HELD_MAX;) {
		ssize_t n = pread(held_fd, bytes, sizeof bytes, done);
		if (n <= 0)
			break;
		for (ssize_t i = 0; i < n; i++)
			if (bytes[i] != '\n' && (bytes[i] < ' ' || bytes[i] > '~'))
				bytes[i] = '?';
		standard_error_write(bytes, (size_t)n);
		last = bytes[n - 1];
		done += n;
	}
	if (last != '\n')
		standard_error_write("\n", 1);
}
