/* Progress of a sweep: bar, nets done, time left, the best net so far. */
#include "io/sweep_progress.h"

#include <math.h>

#include "base/clock.h"
#include "base/number.h"

void sweep_progress_begin(struct sweep_progress *progress, const struct sweep_grid *grid, uint64_t nets)
{
	*progress = (struct sweep_progress){ .line = progress_line_begin(), .grid = grid, .nets = nets };
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

void sweep_progress_draw(struct sweep_progress *progress)
{
	if (!progress_line_is_due(&progress->line))
		return;
	struct text text = {0};
	uint64_t here = progress->done - progress->before;
	progress_line_add_bar(&text, progress->nets ? (double)progress->done / (double)progress->nets : 1);
	text_addf(&text, " %llu/%llu nets", (unsigned long long)progress->done, (unsigned long long)progress->nets);
	if (here) {
		text_add(&text, "  ");
		progress_line_add_time(&text, (clock_seconds() - progress->began) / (double)here * (double)(progress->nets - progress->done));
		text_add(&text, " left");
	}
	add_best(&text, progress);
	progress_line_draw(&progress->line, &text);
	text_free(&text);
}

void sweep_progress_end(struct sweep_progress *progress)
{
	progress_line_end(&progress->line);
}
