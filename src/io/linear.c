/* The loop of line mode: reads command lines and prints lines, whose text comes
 * from the app (app/announcements.c). */
#include "io/linear.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "lab/runner.h"
#include "app/app.h"
#include "io/exit_signals.h"
#include "io/export.h"
#include "io/save.h"
#include "io/script.h"

#define PATIENCE 50 /* milliseconds between polls of the training thread */

struct linear {
	struct app *app;
	struct save *output;
	struct text words;
	bool at_terminal;
	bool closed; /* the reader has closed standard output */
	bool ended;  /* end of the input */
	bool overlong; /* the line being read is too long: its rest is skipped */
	char line[SCRIPT_LINE_MAX + 1];
	size_t length;
	char buffer[512];
	size_t used, filled;
};

/* ---- input ---- */

/* Waits for input, or for the net to have something new; fills the buffer. */
static bool wait(struct linear *linear, struct err *err)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	if (poll(&input, 1, linear->at_terminal ? PATIENCE : -1) <= 0 || input.revents == 0)
		return true;
	ssize_t got = read(STDIN_FILENO, linear->buffer, sizeof linear->buffer);
	if (got < 0 && errno != EINTR && errno != EAGAIN)
		return err_set(err, ERR_USAGE, "standard input: cannot be read: %s", strerror(errno));
	linear->ended = got == 0;
	linear->used = 0;
	linear->filled = got > 0 ? (size_t)got : 0;
	return true;
}

/* Whether linear->line is complete; the last line may lack its newline. */
static bool next_line(struct linear *linear)
{
	while (linear->used < linear->filled) {
		char c = linear->buffer[linear->used++];
		if (c == '\n')
			return true;
		if (linear->length == SCRIPT_LINE_MAX)
			linear->overlong = true;
		else
			linear->line[linear->length++] = c ? c : '?';
	}
	return linear->ended && linear->length;
}

static void carry_out(struct linear *linear)
{
	struct err err = {0};
	linear->line[linear->length] = '\0';
	bool done = linear->overlong ? err_set(&err, ERR_USAGE, "the line is longer than %d bytes", SCRIPT_LINE_MAX)
	                             : app_command(linear->app, linear->line, &err);
	linear->length = 0;
	linear->overlong = false;
	if (!done)
		text_addf(&linear->words, "error: %s\n", err.message);
}

/* ---- output ---- */

static bool announce(struct linear *linear, struct err *err)
{
	struct err problem = {0};
	app_poll(linear->app, clock_seconds());
	app_announce(linear->app, &linear->words);
	if (!text_check(&linear->words, err))
		return false;
	bool written = save_write(linear->output, text_string(&linear->words), linear->words.length, &problem);
	linear->closed = !written && problem.message[0] == '\0';
	text_clear(&linear->words);
	if (!written)
		*err = problem;
	return written;
}

/* ---- the loop ---- */

static bool loop(struct linear *linear, struct err *err)
{
	for (;;) {
		if (!announce(linear, err))
			return false;
		if (app_wants_to_quit(linear->app))
			return true;
		if (next_line(linear))
			carry_out(linear);
		else if (!linear->ended && !wait(linear, err))
			return false;
		else if (linear->ended && linear->length == 0 && !app_is_running(linear->app))
			return true;
		else if (linear->ended)
			poll(NULL, 0, PATIENCE);
	}
}

static struct runner *make_runner(const struct linear *linear, const struct history *replay, struct err *err)
{
	if (replay)
		return runner_replay(replay, err);
	return linear->at_terminal ? runner_worker(NULL, NULL, err) : runner_inline(NULL, err);
}

static bool with_runner(bool *abandoned, struct linear *linear, struct runner *runner, const struct cli *cli, bool ascii,
                        struct err *err)
{
	struct export export = { .palette = cli->palette, .colour = cli->colour != CLI_NEVER };
	const struct app_services services = export_services(&export);
	linear->app = app_create(runner, &cli->settings, &services, linear->at_terminal, err);
	if (linear->app == NULL)
		return false;
	app_resize(linear->app, cli->width, cli->height, ascii);
	if (cli->map && !app_show_sweep(linear->app, cli->map, err)) {
		*abandoned = !app_destroy(linear->app);
		return false;
	}
	app_queue(linear->app, cli->command, cli->commands);
	bool opened = cli->lesson == NULL || app_lesson(linear->app, cli->lesson, false, err);
	bool done = opened && loop(linear, err) && end_files_save(&cli->end, linear->app, err) && app_has_saved_all(linear->app, err);
	*abandoned = !app_destroy(linear->app);
	return done;
}

bool linear_run(bool *abandoned, const struct cli *cli, const struct history *replay, bool ascii, struct err *err)
{
	struct linear linear = { .at_terminal = isatty(STDIN_FILENO) };
	exit_signals_begin(cli->timeout);
	if (!end_files_check(&cli->end, err))
		return false;
	linear.output = save_open(NULL, err);
	struct runner *runner = linear.output ? make_runner(&linear, replay, err) : NULL;
	bool done = runner && with_runner(abandoned, &linear, runner, cli, ascii, err);
	*abandoned |= runner && !runner_destroy(runner);
	save_abandon(linear.output);
	text_free(&linear.words);
	if (linear.closed && err)
		*err = (struct err){0};
	return done || linear.closed;
}
