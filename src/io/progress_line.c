/* The line of a bar, numbers and time left.  What they are of is the caller's. */
#include "io/progress_line.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/whole.h"

#define BAR 20
#define PAUSE 0.2 /* seconds between two drawings */

struct progress_line progress_line_begin(void)
{
	return (struct progress_line){ .shown = isatty(STDERR_FILENO) };
}

bool progress_line_is_due(const struct progress_line *line)
{
	return line->shown && clock_seconds() - line->drawn >= PAUSE;
}

static int columns(void)
{
	struct winsize size;
	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1 : 79;
}

void progress_line_draw(struct progress_line *line, const struct text *text)
{
	line->drawn = clock_seconds();
	fprintf(stderr, "\r%.*s\033[K", columns(), text_string(text));
	fflush(stderr);
}

void progress_line_end(struct progress_line *line)
{
	if (line->shown && line->drawn > 0)
		fputs("\r\033[K", stderr);
	line->drawn = 0;
}

void progress_line_add_bar(struct text *text, double share)
{
	int full = whole_int(BAR * share, 0, BAR);
	text_addf(text, "[%.*s%*s]", full, "####################", BAR - full, "");
}

void progress_line_add_time(struct text *text, double seconds)
{
	unsigned long long whole = whole_count(seconds);
	if (whole >= 3600)
		text_addf(text, "%llu:%02llu:%02llu", whole / 3600, whole / 60 % 60, whole % 60);
	else
		text_addf(text, "%llu:%02llu", whole / 60, whole % 60);
}
