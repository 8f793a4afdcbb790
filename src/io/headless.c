/* Running without a terminal.  The settings' run goes straight to the inline
 * runner; a script or a picture of the screen goes through the app.  Either
 * way every scheduled observation comes to one sink, which writes it. */
#include "io/headless.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "io/export.h"
#include "io/out.h"
#include "io/save.h"
#include "io/script.h"
#include "lab/runner.h"
#include "view/app.h"

/* Where observations go, and what is remembered of them. */
struct output {
	const struct cli *cli;
	const struct out_format *format; /* NULL: they are not printed */
	struct save *save;               /* NULL as format */
	bool begun, warned;
	bool closed; /* the reader has closed standard output: end quietly */
	uint32_t diverged_layer;         /* 1-based; 0: not diverged */
	uint64_t diverged_step;
	struct text text;
};

/* ---- signals ---- */

/* Leaves no temporary and dies of the signal. */
static void end_by_signal(int number)
{
	save_remove_temporaries();
	signal(number, SIG_DFL);
	raise(number);
}

static void take_signals(void)
{
	static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGXCPU };
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	for (size_t i = 0; i < sizeof ending / sizeof ending[0]; i++) {
		struct sigaction before, action = { .sa_handler = end_by_signal };
		sigemptyset(&action.sa_mask);
		if (sigaction(ending[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			sigaction(ending[i], &action, NULL);
	}
}

/* ---- observations ---- */

static bool write_text(struct output *output, struct err *err)
{
	struct err problem = {0};
	if (!text_check(&output->text, err))
		return false;
	if (save_write(output->save, text_string(&output->text), output->text.length, &problem))
		return true;
	output->closed = problem.message[0] == '\0';
	if (err)
		*err = problem;
	return false;
}

static bool take(void *context, const struct snapshot *snapshot, struct err *err)
{
	struct output *output = context;
	if (snapshot->data_warning[0] && !output->warned) {
		fprintf(stderr, "initviz: warning: %s\n", snapshot->data_warning);
		output->warned = true;
	}
	output->diverged_layer = snapshot->diverged ? snapshot->diverged_layer : 0;
	output->diverged_step = snapshot->diverged_step;
	if (output->format == NULL)
		return true;
	text_clear(&output->text);
	if (!output->begun && output->format->begin)
		output->format->begin(&output->text, snapshot);
	output->begun = true;
	output->format->observation(&output->text, snapshot);
	return write_text(output, err);
}

/* A script or a picture is the result by itself: observations only on request. */
static bool prints_observations(const struct cli *cli)
{
	return cli->format || cli->output || (cli->script == NULL && cli->snapshot == NULL);
}

static bool same_file(const char *path, const char *other)
{
	struct stat a, b;
	return path && other && strcmp(path, "-") != 0 && stat(path, &a) == 0 && stat(other, &b) == 0 &&
	       S_ISREG(a.st_mode) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static bool open_output(struct output *output, struct err *err)
{
	const struct cli *cli = output->cli;
	if (same_file(cli->output, cli->script) || same_file(cli->snapshot, cli->script))
		return err_set(err, ERR_USAGE, "the output is the script itself: choose another file");
	if (!prints_observations(cli))
		return true;
	output->format = cli->format ? cli->format : out_format_for(cli->output);
	if (output->format == NULL)
		output->format = (const struct out_format *)(const void *)table_at(&out_formats, 0);
	output->save = save_open(cli->output, err);
	return output->save != NULL;
}

/* ---- a run without a screen ---- */

static bool run_settings(struct runner *runner, const struct settings *settings, struct err *err)
{
	struct history history = {0};
	const struct snapshot *latest = NULL;
	struct runner_status status = {0};
	runner_start(runner, settings);
	if (settings->steps)
		runner_run(runner, true, 0);
	runner_poll(runner, &history, &latest, &status);
	history_clear(&history);
	snapshot_drop(latest);
	if (status.state != RUNNER_FAILED)
		return true;
	if (err)
		*err = status.err;
	return false;
}

/* ---- with a screen ---- */

static const struct palette *picture_palette(const struct cli *cli)
{
	const char *name = cli->colour == CLI_NEVER ? "monochrome" : "default";
	if (cli->palette && cli->colour != CLI_NEVER)
		return cli->palette;
	return (const struct palette *)(const void *)table_find(&palettes, name, NULL);
}

static bool save_screen(void *context, const struct canvas *canvas, const char *path, struct err *err)
{
	const struct output *output = context;
	return export_screen(canvas, picture_palette(output->cli), path, err);
}

static bool save_run(void *context, const struct history *history, const char *path, struct err *err)
{
	(void)context;
	return export_run(history, path, err);
}

static bool script_line(void *context, const char *line, struct err *err)
{
	return app_command(context, line, err);
}

static bool script_enough(void *context)
{
	return app_wants_to_quit(context);
}

static bool write_snapshot(struct output *output, const struct app *app, struct err *err)
{
	const struct cli *cli = output->cli;
	struct canvas canvas;
	if (!canvas_create(&canvas, cli->width, cli->height, cli->glyphs == CLI_GLYPHS_ASCII, err))
		return false;
	app_draw(app, &canvas);
	bool written = save_screen(output, &canvas, cli->snapshot, err);
	canvas_destroy(&canvas);
	return written;
}

static bool run_app(struct output *output, struct runner *runner, struct err *err)
{
	const struct cli *cli = output->cli;
	const struct app_services services = { .save_screen = save_screen, .save_run = save_run, .context = output };
	struct app *app = app_create(runner, &cli->settings, &services, false, err);
	if (app == NULL)
		return false;
	app_resize(app, cli->width, cli->height, cli->glyphs == CLI_GLYPHS_ASCII);
	const struct script_target target = { script_line, script_enough, app };
	bool done;
	if (cli->script)
		done = script_run(cli->script, &target, err);
	else
		done = cli->settings.steps == 0 || app_command(app, "run", err);
	done = done && (cli->snapshot == NULL || write_snapshot(output, app, err));
	app_destroy(app);
	return done;
}

/* ---- all of it ---- */

static bool run(struct output *output, struct err *err)
{
	const struct cli *cli = output->cli;
	struct runner *runner = runner_inline(&(struct runner_sink){ take, output }, err);
	if (runner == NULL)
		return false;
	bool done = cli->script || cli->snapshot ? run_app(output, runner, err) : run_settings(runner, &cli->settings, err);
	runner_destroy(runner);
	return done;
}

bool headless_run(const struct cli *cli, struct err *err)
{
	struct output output = { .cli = cli };
	take_signals();
	bool done = open_output(&output, err) && run(&output, err);
	if (done && output.save)
		done = save_commit(output.save, err);
	else
		save_abandon(output.save);
	text_free(&output.text);
	if (output.closed) {
		if (err)
			*err = (struct err){0};
		return true;
	}
	if (done && cli->fail_on_nan && output.diverged_layer)
		return err_set(err, ERR_RUN, "the net diverged: the first NaN or Inf was in layer %u at step %llu: "
		               "lower --lr or choose another --init", output.diverged_layer,
		               (unsigned long long)output.diverged_step);
	return done;
}
