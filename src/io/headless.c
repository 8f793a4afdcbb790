/* Running without a terminal.  The settings' run goes straight to the inline
 * runner; a script or a picture of the screen goes through the app.  Either
 * way every scheduled observation comes to one sink, which writes it. */
#include "io/headless.h"

#include <stdio.h>
#include <string.h>

#include "lab/runner.h"
#include "app/app.h"
#include "base/inputs.h"
#include "io/exit_signals.h"
#include "io/export.h"
#include "io/film.h"
#include "io/out.h"
#include "io/save.h"
#include "io/script.h"
#include "io/tensorboard.h"

/* The destination of the observations, and the state kept between them. */
struct output {
	const struct cli *cli;
	const struct history *replay;    /* the saved run, or NULL */
	const struct out_format *format; /* NULL: they are not printed */
	struct save *save;               /* NULL if format is NULL */
	struct tensorboard *tensorboard; /* NULL: not asked for */
	bool begun, asked;
	const struct warnings *warned; /* those that were printed */
	bool closed; /* the reader has closed standard output: end quietly */
	const struct snapshot *latest;   /* the last one written, or NULL */
	const struct snapshot *start;    /* that of step 0, or NULL */
	uint32_t diverged_layer;         /* 1-based; 0: not diverged */
	uint64_t diverged_step;
	struct text text;
};

/* ---- observations ---- */

/* Checks that no output replaces an input: before the run and again after the
 * images have been opened, because an error at the end would lose the run. */
static bool outputs_are_no_inputs(const struct cli *cli, struct err *err)
{
	return save_is_no_input(cli->output, err) && save_is_no_input(cli->snapshot, err) && save_is_no_input(cli->cast, err) &&
	       end_files_are_no_inputs(&cli->end, err);
}

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

/* Whether two observations are of the same net at the same step.  A comparison restarts
 * the current run: its axes may be wider, its numbers are the same. */
static bool same_observation(const struct snapshot *a, const struct snapshot *b)
{
	if (a->step != b->step || a->layers != b->layers || !settings_equal(&a->settings, &b->settings))
		return false;
	for (size_t l = 0; l < a->layers; l++)
		for (size_t t = 0; t < MLP_TENSORS; t++)
			if (memcmp(&a->layer[l].tensor[t].moments, &b->layer[l].tensor[t].moments, sizeof(struct moments)) != 0)
				return false;
	return true;
}

/* Prints each warning once, even if several runs have it. */
static bool print_warnings(struct output *output, const struct warnings *warnings, struct err *err)
{
	for (size_t i = 0; i < warnings_count(warnings); i++)
		if (!warnings_have(output->warned, warnings_at(warnings, i)))
			fprintf(stderr, "initviz: warning: %s\n", warnings_at(warnings, i));
	return warnings_add_all(&output->warned, warnings, err);
}

static bool write_observation(void *context, const struct snapshot *snapshot, struct err *err)
{
	struct output *output = context;
	if (!print_warnings(output, snapshot->warnings, err))
		return false;
	if (!output->asked && !outputs_are_no_inputs(output->cli, err))
		return false;
	output->asked = true;
	output->diverged_layer = snapshot->diverged ? snapshot->diverged_layer : 0;
	output->diverged_step = snapshot->diverged_step;
	if (output->latest && same_observation(output->latest, snapshot))
		return true;
	if (output->tensorboard && !tensorboard_add(output->tensorboard, snapshot, err))
		return false;
	snapshot_drop(output->latest);
	output->latest = snapshot_keep(snapshot);
	if (output->format == NULL)
		return true;
	if (snapshot->step == 0) {
		snapshot_drop(output->start);
		output->start = snapshot_keep(snapshot);
	}
	text_clear(&output->text);
	if (!output->begun && output->format->begin)
		output->format->begin(&output->text, snapshot);
	output->begun = true;
	if (output->cli->no_histograms)
		output->format->without_histograms(&output->text, snapshot, output->start);
	else
		output->format->observation(&output->text, snapshot, output->start);
	return write_text(output, err);
}

/* A script, a picture or TensorBoard's run is the result by itself: observations only on request. */
static bool prints_observations(const struct cli *cli)
{
	return cli->format || cli->output || (cli->lesson == NULL && cli->script == NULL && cli->snapshot == NULL && cli->cast == NULL && cli->tensorboard == NULL);
}

static bool open_output(struct output *output, struct err *err)
{
	const struct cli *cli = output->cli;
	inputs_note_path(cli->script);
	if (!outputs_are_no_inputs(cli, err))
		return false;
	if (!end_files_check(&cli->end, err))
		return false;
	if (cli->tensorboard && (output->tensorboard = tensorboard_open(cli->tensorboard, err)) == NULL)
		return false;
	if (!prints_observations(cli))
		return true;
	output->format = cli->format ? cli->format : out_format_for(cli->output);
	if (output->format == NULL)
		output->format = out_format_at(0);
	if (cli->predictions && output->format->without_histograms == NULL)
		return err_set(err, ERR_USAGE, "predictions: %s has no place for them: leave it out, or add --format json", output->format->entry.name);
	if (cli->no_histograms && output->format->without_histograms == NULL)
		return err_set(err, ERR_USAGE, "no-histograms: %s has none: leave it out, or add --format json",
		               output->format->entry.name);
	output->save = save_open(cli->output, err);
	return output->save != NULL;
}

/* ---- a run without a screen ---- */

static bool run_settings(struct runner *runner, const struct cli *cli, struct err *err)
{
	struct history history = {0};
	struct runner_status status = {0};
	runner_start(runner, &cli->settings);
	if (cli->settings.steps && !cli->replay)
		runner_run(runner, true, 0);
	runner_poll(runner, &history, NULL, &status);
	bool done = status.state != RUNNER_FAILED;
	if (!done && err)
		*err = status.err;
	done = done && end_files_save_run(&cli->end, runner, &history, err);
	history_clear(&history);
	return done;
}

/* ---- with a screen ---- */

static const struct palette *picture_palette(const struct cli *cli)
{
	const char *name = cli->colour == CLI_NEVER ? "monochrome" : "default";
	if (cli->palette && cli->colour != CLI_NEVER)
		return cli->palette;
	return palette_find(name, NULL);
}

/* The app that carries out the lines, and what records it. */
struct stage {
	struct app *app;
	struct film *film;
};

static bool script_line(void *context, const char *line, struct err *err)
{
	const struct stage *stage = context;
	return app_command(stage->app, line, err) && film_show(stage->film, stage->app, err);
}

static bool script_enough(void *context)
{
	const struct stage *stage = context;
	return app_wants_to_quit(stage->app);
}

static bool write_snapshot(const struct cli *cli, const struct palette *palette, const struct app *app, struct err *err)
{
	struct canvas canvas;
	if (!canvas_create(&canvas, cli->width, cli->height, cli->glyphs == CLI_GLYPHS_ASCII, err))
		return false;
	app_draw(app, &canvas);
	bool written = export_screen(&canvas, palette, cli->snapshot, err);
	canvas_destroy(&canvas);
	return written;
}

bool headless_lines(struct app *app, const struct cli *cli, struct film *film, struct err *err)
{
	struct stage stage = { app, film };
	const struct script_target target = { .line = script_line, .enough = script_enough, .context = &stage };
	char safe[64];
	if (cli->lesson && !app_lesson(app, cli->lesson, true, err))
		return false;
	for (size_t i = 0; i < cli->commands && !app_wants_to_quit(app); i++)
		if (!script_line(&stage, cli->command[i], err))
			return err_prefix(err, "-c '%s'", text_escape(safe, sizeof safe, cli->command[i]));
	return cli->script == NULL || script_run(cli->script, &target, err);
}

/* The whole run, in pieces between which the film shows it. */
static bool film_run(struct app *app, const struct settings *settings, struct film *film, struct err *err)
{
	uint64_t piece = settings->every == SETTINGS_EVERY_LOG ? 50 : settings->every;
	for (uint64_t left = settings->steps; left > 0;) {
		char line[32];
		uint64_t steps = left < piece ? left : piece;
		snprintf(line, sizeof line, "step %llu", (unsigned long long)steps);
		if (!app_command(app, line, err) || !film_show(film, app, err))
			return false;
		left -= steps;
	}
	return true;
}

/* Carries out the lines of script and options; without any, the whole run. */
static bool carry_out(struct app *app, const struct cli *cli, struct film *film, struct err *err)
{
	if (!film_show(film, app, err))
		return false;
	if (cli->lesson || cli->commands || cli->script)
		return headless_lines(app, cli, film, err);
	if (film->cast && !cli->replay)
		return film_run(app, &cli->settings, film, err);
	return cli->settings.steps == 0 || cli->replay || app_command(app, "run", err);
}

static bool run_app(struct runner *runner, const struct cli *cli, struct err *err)
{
	struct export export = { .palette = picture_palette(cli), .colour = cli->colour != CLI_NEVER };
	const struct app_services services = export_services(&export);
	struct app *app = app_create(runner, &cli->settings, &services, false, err);
	if (app == NULL)
		return false;
	app_resize(app, cli->width, cli->height, cli->glyphs == CLI_GLYPHS_ASCII);
	struct film film;
	bool done = film_open(&film, cli, &export.palette, err) && (cli->map == NULL || app_show_sweep(app, cli->map, err)) && carry_out(app, cli, &film, err) &&
	            (cli->snapshot == NULL || write_snapshot(cli, export.palette, app, err)) && end_files_save(&cli->end, app, err);
	done = film_close(&film, done, err) && done;
	app_destroy(app);
	return done;
}

/* ---- entry points ---- */

/* Writes the observations of a saved run as if they were computed now. */
static bool write_replay(struct output *output, struct err *err)
{
	const struct history *replay = output->replay;
	for (size_t i = 0; replay && i < replay->count; i++)
		if (!write_observation(output, replay->snapshot[i], err))
			return false;
	return true;
}

static bool run(struct output *output, struct err *err)
{
	const struct cli *cli = output->cli;
	bool with_app = cli->lesson || cli->script || cli->snapshot || cli->cast || cli->commands;
	const struct runner_sink sink = { .receive = write_observation, .context = output, .no_return = !with_app };
	struct runner *runner = output->replay ? runner_replay(output->replay, err) : runner_inline(&sink, err);
	if (runner == NULL)
		return false;
	if (cli->predictions && output->replay == NULL)
		runner_want_images(runner, &(struct images_wanted){ .any = true });
	bool done = write_replay(output, err) && (with_app ? run_app(runner, cli, err) : run_settings(runner, cli, err));
	runner_destroy(runner);
	return done;
}

bool headless_run(const struct cli *cli, const struct history *replay, struct err *err)
{
	struct output output = { .cli = cli, .replay = replay };
	exit_signals_begin(cli->timeout);
	if (cli->map && (cli->cure || !(cli->snapshot || cli->script || cli->commands)))
		return err_set(err, ERR_USAGE, "--replay of a sweep shows its map: add --snapshot FILE, or leave out --headless%s",
		               cli->cure ? " and --cure" : "");
	if (cli->report)
		return headless_report(cli, err);
	if (cli->cure)
		return headless_cure(cli, replay, err);
	bool done = open_output(&output, err) && run(&output, err);
	if (done && output.save)
		done = save_commit(output.save, err);
	else
		save_abandon(output.save);
	if (!tensorboard_close(output.tensorboard, done ? err : NULL))
		done = false;
	text_free(&output.text);
	snapshot_drop(output.latest);
	snapshot_drop(output.start);
	warnings_drop(output.warned);
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
