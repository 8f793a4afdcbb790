/* --sweep: trains the nets of a grid and writes a row for each. */
#include "io/headless.h"

#include <stdio.h>
#include <string.h>

#include "lab/sweep.h"
#include "io/exit_signals.h"
#include "io/sweep_file.h"
#include "io/sweep_progress.h"

#define WAIT 0.1 /* seconds after which a signal is noticed */

struct sweeping {
	const struct cli *cli;
	struct sweep_grid grid;
	struct sweep_table table;
	struct sweep_file *file;
	struct sweep *sweep;
	struct sweep_progress progress;
	uint64_t first, next, end;
};

static bool agree(const struct cli *cli, struct err *err)
{
	if (cli->lesson || cli->script || cli->commands || cli->snapshot || cli->cast || end_files_any(&cli->end) || cli->replay || cli->report || cli->coordinates)
		return err_set(err, ERR_USAGE, "--sweep trains nets of its own and writes a table: leave out --lesson, --script, --command, "
		               "--snapshot, --cast, --record, --replay, --report and --coordinates");
	return true;
}

static const struct sweep_format *chosen_format(const struct cli *cli, struct err *err)
{
	const struct out_format *format = cli->format ? cli->format : out_format_for(cli->output);
	if (format == NULL)
		return sweep_format_at(0);
	const struct sweep_format *own = sweep_format_find(format->entry.name, NULL);
	if (own == NULL)
		err_set(err, ERR_USAGE, "format: a sweep is a table: give --format csv or json, not %s", format->entry.name);
	return own;
}

static bool write_row(struct sweeping *s, const struct sweep_result *result, struct err *err)
{
	struct text row = {0};
	sweep_row_add(&row, &s->table, result);
	bool written = sweep_file_write(s->file, &row, err);
	text_free(&row);
	return written;
}

static const char *data_name(void *context, uint64_t net)
{
	const struct sweeping *s = context;
	return sweep_data_name(s->sweep, net);
}

static void seen(void *context, const struct sweep_result *result)
{
	struct sweeping *s = context;
	sweep_progress_add(&s->progress, result);
}

/* ---- the run ---- */

static bool all_rows(struct sweeping *s, struct err *err)
{
	struct sweep_result result;
	for (;;) {
		if (exit_signals_caught())
			return true;
		switch (sweep_next(s->sweep, &result, WAIT, err)) {
		case SWEEP_RESULT:
			if (!write_row(s, &result, err))
				return false;
			s->next++;
			sweep_progress_add(&s->progress, &result);
			break;
		case SWEEP_WAITING:
			break;
		case SWEEP_DONE:
			return true;
		case SWEEP_STOPPED:
			return false;
		}
		sweep_progress_draw(&s->progress);
	}
}

static bool resume(struct sweeping *s, struct err *err)
{
	const struct sweep_file_check check = {
		.table = &s->table, .header = s->cli->shard <= 1, .first = s->first, .end = s->end,
		.data_name = data_name, .seen = seen, .context = s,
	};
	return sweep_file_resume(s->file, &check, &s->next, err);
}

static bool train(struct sweeping *s, struct err *err)
{
	const struct cli *cli = s->cli;
	struct sweep_plan plan = { .grid = &s->grid, .first = s->first, .end = s->end,
	                           .threads = (int)cli->settings.threads, .cure = cli->cure };
	s->sweep = sweep_open(&plan, err);
	if (s->sweep == NULL || !resume(s, err))
		return false;
	sweep_progress_started(&s->progress);
	return sweep_start(s->sweep, s->next - s->first, err) && all_rows(s, err);
}

static void say_interrupted(const struct sweeping *s)
{
	if (s->end == 0) {
		fprintf(stderr, "initviz: interrupted before the sweep began\n");
		return;
	}
	fprintf(stderr, "initviz: interrupted: %llu of %llu nets are done%s\n", (unsigned long long)(s->next - s->first),
	        (unsigned long long)(s->end - s->first),
	        s->cli->output ? ": the same command trains the rest" : "");
}

static bool run(struct sweeping *s, struct err *err)
{
	const struct cli *cli = s->cli;
	const struct sweep_format *format = chosen_format(cli, err);
	if (format == NULL || !sweep_grid_parse(&s->grid, cli->sweep, &cli->settings, err))
		return false;
	sweep_grid_piece(&s->grid, cli->shard ? cli->shard : 1, cli->shards ? cli->shards : 1, &s->first, &s->end);
	s->next = s->first;
	sweep_table_begin(&s->table, format, &s->grid, cli->cure);
	sweep_progress_begin(&s->progress, &s->grid, s->end - s->first);
	s->file = sweep_file_open(cli->output, err);
	return s->file && train(s, err);
}

bool headless_sweep(const struct cli *cli, bool *abandoned, struct err *err)
{
	static struct sweeping s;
	s = (struct sweeping){ .cli = cli };
	if (!agree(cli, err))
		return false;
	exit_signals_begin(cli->timeout);
	exit_signals_catch();
	bool done = run(&s, err);
	sweep_progress_end(&s.progress);
	*abandoned = !sweep_end(s.sweep);
	done = sweep_file_close(s.file, done ? err : NULL) && done;
	if (exit_signals_caught()) {
		say_interrupted(&s);
		exit_signals_leave();
	}
	if (!*abandoned)
		sweep_grid_free(&s.grid);
	return done;
}
