/* Progress of a sweep: bar, nets done, time left, the best net so far. */
#include "io/sweep_progress.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/number.h"
#include "base/whole.h"

#define BAR 20
#define PAUSE 0.2 /* seconds between two drawings */

void sweep_progress_begin(struct sweep_progress *progress, const struct sweep_grid *grid, uint64_t nets)
{
	*progress = (struct sweep_progress){ .shown = isatty(STDERR_FILENO), .grid = grid, .nets = nets };
}

void sweep_progress_started(struct sweep_progress *progress)
{
	progress->before = progress->done;
	progress->began = clock_seconds();
}

void sweep_progress_add(struct sweep_progress *progress, const struct sweep_result *result)
{
	size_t accuracy = SWEEP_TEST_ACCURACY;
	progress->done++;
	if (!isnan(result->value[accuracy]) && (!progress->has_best || result->value[accuracy] > progress->best.value[accuracy])) {
		progress->best = *result;
		progress->has_best = true;
	}
}

/* "1:05", "2:03:04" */
static void add_time(struct text *text, double seconds)
{
	unsigned long long whole = whole_count(seconds);
	if (whole >= 3600)
		text_addf(text, "%llu:%02llu:%02llu", whole / 3600, whole / 60 % 60, whole % 60);
	else
		text_addf(text, "%llu:%02llu", whole / 60, whole % 60);
}

static void add_best(struct text *text, const struct sweep_progress *progress)
{
	char share[NUMBER_SIZE];
	if (!progress->has_best)
		return;
	text_addf(text, "  best %s", number_share(share, progress->best.value[SWEEP_TEST_ACCURACY]));
	for (size_t i = 0; i < progress->grid->axes; i++) {
		const struct sweep_axis *axis = &progress->grid->axis[i];
		text_addf(text, " %s=%s", axis->name, sweep_axis_value(axis, sweep_grid_index(progress->grid, i, progress->best.net)));
	}
}

static size_t columns(void)
{
	struct winsize size;
	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1u : 79;
}

void sweep_progress_draw(struct sweep_progress *progress)
{
	double now = clock_seconds();
	if (!progress->shown || now - progress->drawn < PAUSE)
		return;
	progress->drawn = now;
	struct text text = {0};
	uint64_t here = progress->done - progress->before;
	int full = progress->nets ? whole_int(BAR * (double)progress->done / (double)progress->nets, 0, BAR) : BAR;
	text_addf(&text, "[%.*s%*s] %llu/%llu nets", full, "####################", BAR - full, "",
	          (unsigned long long)progress->done, (unsigned long long)progress->nets);
	if (here) {
		text_add(&text, "  ");
		add_time(&text, (now - progress->began) / (double)here * (double)(progress->nets - progress->done));
		text_add(&text, " left");
	}
	add_best(&text, progress);
	fprintf(stderr, "\r%.*s\033[K", whole_int((double)columns(), 0, 1000), text_string(&text));
	fflush(stderr);
	text_free(&text);
}

void sweep_progress_end(const struct sweep_progress *progress)
{
	if (progress->shown && progress->drawn > 0)
		fputs("\r\033[K", stderr);
}
