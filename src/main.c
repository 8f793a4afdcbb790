/* The program: reads the command line, runs with a screen or without, and
 * reports errors.  Only this file determines the exit status. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/inputs.h"
#include "base/platform.h"
#include "nn/mat.h"
#include "io/cli.h"
#include "io/config.h"
#include "io/exit_signals.h"
#include "io/export.h"
#include "io/fetch.h"
#include "io/headless.h"
#include "io/in_run.h"
#include "io/in_sweep.h"
#include "io/lesson_file.h"
#include "io/linear.h"
#include "io/locale.h"
#include "io/save.h"
#include "io/terminal.h"
#include "io/tui.h"

/* If the caller closed a standard stream, a file opened later must not get its
 * descriptor: the descriptor is opened so that reads or writes still fail. */
static void fill_standard_files(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) < 0)
			_exit(ERR_RESOURCE);
}

/* Before main() OpenBLAS starts a thread for every other CPU, and each of them
 * allocates 128 MiB of address space, sooner or later.  Under a limit of address
 * space the program starts again without those threads. */
static void start_again_if_limited(char *argv[])
{
	static const char variable[] = "OPENBLAS_NUM_THREADS";
	struct rlimit space;
	if (getrlimit(RLIMIT_AS, &space) != 0 || space.rlim_cur == RLIM_INFINITY || getenv(variable))
		return;
	mat_core_into_environment();
	if (setenv(variable, "1", 1) == 0)
		platform_run_again(argv);
}

static const struct palette *chosen_palette(const struct cli *cli)
{
	return cli->palette ? cli->palette : palette_for_background(getenv("COLORFGBG"));
}

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);
	return value && *value;
}

static bool wants_colour(const struct cli *cli)
{
	const char *no_color = getenv("NO_COLOR"); /* https://no-color.org */
	if (cli->colour == CLI_AUTO)
		return no_color == NULL || *no_color == '\0';
	return cli->colour == CLI_ALWAYS;
}

/* What computes matrix products: by default what is fastest. */
static enum mat_engine wanted_engine(void)
{
	const char *matrix = getenv("INITVIZ_MATRIX");
	if (matrix && strcmp(matrix, "naive") == 0)
		return MAT_NAIVE;
	return matrix && strcmp(matrix, "openblas") == 0 ? MAT_OPENBLAS : MAT_FASTEST;
}

/* Which of OpenBLAS's kernels: the option, else the environment, else the best. */
static const char *wanted_core(const struct cli *cli)
{
	const char *variable = getenv("INITVIZ_CORE");
	if (cli->core)
		return cli->core;
	return variable && variable[0] ? variable : MAT_CORE_AUTO;
}

/* *abandoned: OpenBLAS is without memory and would not end in an exit handler. */
static bool prepare_products(bool *abandoned, const struct cli *cli, char *argv[], struct err *err)
{
	if (!mat_prepare(err)) {
		*abandoned = true;
		return false;
	}
	enum mat_engine engine = wanted_engine();
	bool ready = engine == MAT_NAIVE || mat_choose_core(argv, wanted_core(cli), err);
	mat_use(engine);
	return ready;
}

static bool wants_ascii(const struct cli *cli, bool utf8)
{
	if (cli->glyphs == CLI_GLYPHS_UNICODE)
		return !utf8 && !locale_force_utf8();
	return cli->glyphs == CLI_GLYPHS_ASCII || !utf8;
}

/* The message at the start; NULL: none. */
static const char *notice(const struct cli *cli)
{
	if (cli->config.code)
		return cli->config.message;
	if (cli->settings.data[0] || cli->replay || cli->lesson || cli->map || dataset_finds_mnist())
		return NULL;
	return "no MNIST found, these are built-in digits; to get it: initviz --fetch mnist";
}

static bool interactive(bool *abandoned, const struct cli *cli, const struct history *replay, bool utf8, struct err *err)
{
	struct export export = {
		.palette = chosen_palette(cli), .colour = wants_colour(cli), .restyle = screen_restyle,
		.writer = writer_create(terminal_wake, err),
	};
	if (export.writer == NULL)
		return false;
	const struct palette *monochrome = palette_find("monochrome", NULL);
	const struct app_services services = export_services(&export);
	const struct tui_options options = {
		.screen = { .palette = export.palette, .colour = export.colour, .mouse = cli->mouse },
		.ask_background = cli->palette == NULL && export.colour && !is_set("COLORFGBG"),
		.ascii = wants_ascii(cli, utf8),
		.replay = replay,
		.map = cli->map,
		.notice = notice(cli),
		.command = cli->command,
		.commands = cli->commands,
		.lesson = cli->lesson,
		.lock = cli->lock,
		.cast = cli->cast,
		.palette = export.colour ? &export.palette : &monochrome,
		.end = &cli->end,
		.cleanup = save_remove_temporaries,
		.services = &services,
	};
	bool done = end_files_check(&cli->end, err);
	save_limit_waiting(true);
	done = done && tui_run(abandoned, &cli->settings, &options, err);
	exit_signals_begin(0); /* the terminal is given back: Ctrl-C ends a save that hangs */
	return writer_end(export.writer, done ? err : NULL) && done;
}

static bool print(const struct cli *cli, struct err *err)
{
	struct text text = {0};
	bool done = cli_print(cli, screen_library(), &text, err) && text_check(&text, err) &&
	            save_whole(NULL, text_string(&text), text.length, err);
	text_free(&text);
	return done;
}

static bool show(bool *abandoned, const struct cli *cli, const struct history *replay, bool utf8, struct err *err)
{
	switch (cli->mode) {
	case CLI_INTERACTIVE:
		return interactive(abandoned, cli, replay, utf8, err);
	case CLI_LINEAR:
		return linear_run(abandoned, cli, replay, wants_ascii(cli, utf8), err);
	default:
		if (cli->sweep)
			return headless_sweep(cli, abandoned, err);
		if (cli->coordinates)
			return headless_coordinates(cli, abandoned, err);
		return headless_run(cli, replay, err);
	}
}

/* Reads a saved run, or a finished sweep: then the net to begin with is its first. */
static bool read_replay(struct cli *cli, struct history *history, struct err *err)
{
	if (!in_sweep_is(cli->replay))
		return in_run_read(cli->replay, history, &cli->settings, err);
	cli->map = in_sweep_read(cli->replay, err);
	if (cli->map && sweep_grid_settings(&cli->settings, &cli->map->grid, 0, err))
		return true;
	sweep_map_free(cli->map);
	return false;
}

/* *abandoned: other threads still run, or would never end: no exit handlers. */
static bool run(bool *abandoned, struct cli *cli, bool utf8, char *argv[], struct err *err)
{
	*abandoned = false;
	if (cli->mode == CLI_FETCH)
		return fetch_run(cli->fetch, err);
	if (cli->mode != CLI_INTERACTIVE && cli->mode != CLI_LINEAR && cli->mode != CLI_HEADLESS)
		return print(cli, err);
	if (cli->lesson && !lesson_file_check(cli->lesson, err))
		return false;
	if (!prepare_products(abandoned, cli, argv, err))
		return false;
	if (cli->config.code)
		fprintf(stderr, "initviz: warning: %s\n", cli->config.message);
	config_note();
	inputs_note_path(cli->replay);
	struct history replay = {0};
	if (cli->replay && !read_replay(cli, &replay, err))
		return false;
	bool done = show(abandoned, cli, cli->replay && cli->map == NULL ? &replay : NULL, utf8, err);
	if (!*abandoned)
		sweep_map_free(cli->map);
	history_clear(&replay);
	return done;
}

static void print_error(const struct err *err)
{
	if (err->message[0])
		fprintf(stderr, "initviz: %s\n", err->message);
}

int main(int argc, char *argv[])
{
	start_again_if_limited(argv);
	fill_standard_files();
	bool utf8 = locale_begin();
	struct err err = {0};
	static struct cli cli;
	if (!cli_parse(&cli, argc, argv, &err)) {
		print_error(&err);
		fputs(CLI_TRY_HELP, stderr);
		return (int)err.code;
	}
	bool abandoned, done = run(&abandoned, &cli, utf8, argv, &err);
	if (!done)
		print_error(&err);
	/* No message: the reader of the output closed the pipe. */
	int status = done || err.message[0] == '\0' ? 0 : (int)err.code;
	if (abandoned)
		_exit(status);
	return status;
}
