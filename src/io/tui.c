/* The event loop: decides when to read keys, poll the runner and draw.  The
 * app composes the frame, tui_screen.h draws it, and terminal.h handles signals. */
#include "io/tui.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/whole.h"
#include "io/cast.h"
#include "io/end_files.h"
#include "io/escape.h"
#include "io/terminal.h"
#include "io/tui_capability.h"
#include "lab/runner.h"

#define FRAME (1.0 / 30)  /* seconds between frames, at least */
#define IDLE 0.25         /* seconds between checks for an expired message */
#define INTERRUPT 3       /* Ctrl-C */
#define TYPING 0.01       /* seconds spent on keys before the next frame, at most */

struct tui {
	struct app *app;
	struct canvas canvas;
	bool ascii;
	bool changed;         /* since the last frame */
	double next_frame;    /* not before */
	struct escape escape;
	double asked;         /* when the terminal was asked for its background */
	bool keys_left;       /* pending keys, to be read without waiting */
	struct cast *cast;    /* the recording; NULL: none, or it failed */
	const struct palette *const *palette;
	double begun;         /* when it began */
	struct err cast_err;  /* why it failed */
};

/* ---- screen ---- */

static bool fit(struct tui *tui, struct err *err)
{
	int width, height;
	terminal_size(&width, &height);
	canvas_destroy(&tui->canvas);
	tui->changed = true;
	app_resize(tui->app, width, height, tui->ascii);
	return screen_resize(width, height, err) && canvas_create(&tui->canvas, width, height, tui->ascii, err);
}

/* The recording gets what the screen gets.  A failure ends it, not the program. */
static void record(struct tui *tui, double now)
{
	if (tui->cast == NULL || cast_frame(tui->cast, &tui->canvas, *tui->palette, now - tui->begun, &tui->cast_err))
		return;
	cast_abandon(tui->cast);
	tui->cast = NULL;
	app_notify(tui->app, tui->cast_err.message);
}

static bool end_recording(struct tui *tui, struct err *err)
{
	bool done = tui->cast == NULL || cast_close(tui->cast, clock_seconds() - tui->begun, err);
	tui->cast = NULL;
	return done && (tui->cast_err.code == ERR_NONE || err_set(err, tui->cast_err.code, "%s", tui->cast_err.message));
}

/* Draws at most one frame per FRAME seconds, and none while the terminal does
 * not keep up. */
static void draw(struct tui *tui, double now)
{
	if (now < tui->next_frame)
		return;
	if (app_poll(tui->app, now))
		tui->changed = true;
	if (!tui->changed)
		return;
	tui->next_frame = now + FRAME;
	if (!terminal_takes_output())
		return;
	app_draw(tui->app, &tui->canvas);
	screen_draw(&tui->canvas);
	tui->changed = false;
	record(tui, now);
}

/* Leaves the screen and opens it again; in between, when `stop`, the process
 * is stopped.  Otherwise another process has stopped and continued it.
 * False after a terminating signal: the screen is then not taken again. */
static bool step_aside(bool stop)
{
	if (!stop)
		terminal_claim();
	screen_leave();
	terminal_own(false);
	if (stop && !terminal_stop())
		return false;
	terminal_own(true);
	screen_return();
	return true;
}

/* ---- keys ---- */

static void click(struct tui *tui)
{
	int x, y;
	screen_clicked(&x, &y);
	app_click(tui->app, x, y);
	tui->changed = true;
}

static void press(struct tui *tui, int key)
{
	if (key < 0 || (tui->escape.pasting && !app_is_typing(tui->app)))
		return;
	app_key(tui->app, key);
	tui->changed = true;
	if (key == INTERRUPT && app_wants_to_quit(tui->app))
		terminal_interrupt();
}

/* A character as typed: part of a sequence, of a paste, or a key. */
static int filter(struct tui *tui, int character, double now)
{
	bool stalled = escape_stalled(&tui->escape, now);
	int key = escape_feed(&tui->escape, character, now);
	if (stalled && tui->escape.pasting) {
		app_notify(tui->app, "a paste has not ended yet, and its text is not taken for keys: Esc or Ctrl-C ends it");
		tui->changed = true;
	}
	return key;
}

/* ---- the background ---- */

#define ANSWER 3.0      /* seconds for the terminal's answer; a later one is not listened to */
#define LAST_ANSWER 0.2 /* the same at the end of the program, when nothing else is waited for */

static void ask_background(struct tui *tui)
{
	tui->escape.awaited = screen_ask_background();
	tui->asked = clock_seconds();
}

static void follow_background(struct tui *tui)
{
	const char *report = escape_report(&tui->escape);
	const struct palette *palette = report ? palette_for_report(report) : NULL;
	if (palette) {
		app_suggest_palette(tui->app, palette);
		tui->changed = true;
	}
	if (clock_seconds() - tui->asked > ANSWER && tui->escape.state == ESCAPE_NONE)
		tui->escape.awaited = false;
}

/* What is left after TYPING is taken in the next turn of the loop: curses holds
 * back what may be a sequence, and then there is nothing to wait for. */
static void read_keys(struct tui *tui)
{
	double begun = clock_seconds(), now = begun;
	tui->keys_left = true;
	while (now - begun < TYPING && !app_wants_to_quit(tui->app)) {
		int key = screen_key();
		if (key == SCREEN_KEY_NONE) {
			press(tui, escape_pause(&tui->escape));
			tui->keys_left = false;
			return;
		}
		now = clock_seconds();
		if (key == SCREEN_KEY_CLICK)
			click(tui);
		if (key >= 0 && key < APP_KEY_UP)
			key = filter(tui, key, now);
		press(tui, key);
		follow_background(tui);
	}
}

/* ---- the loop ---- */

static int poll_timeout(const struct tui *tui)
{
	double now = clock_seconds(), wait = app_is_running(tui->app) ? FRAME : IDLE;
	if (tui->keys_left)
		return 0;
	if (now < tui->next_frame)
		wait = tui->next_frame - now;
	return whole_int(wait * 1000, 0, 1000) + 1;
}

static bool loop(struct tui *tui, struct err *err)
{
	unsigned events = TERMINAL_RESIZED;
	for (;;) {
		if (events & TERMINAL_END)
			return terminal_is_open() || err_set(err, ERR_OUTPUT, "terminal: it was closed");
		if (events & (TERMINAL_SUSPEND | TERMINAL_CONTINUED) && !step_aside(events & TERMINAL_SUSPEND))
			return true;
		if (events & (TERMINAL_RESIZED | TERMINAL_SUSPEND | TERMINAL_CONTINUED) && !fit(tui, err))
			return false;
		if (events & TERMINAL_INPUT || tui->keys_left)
			read_keys(tui);
		if (app_wants_to_quit(tui->app))
			return true;
		draw(tui, clock_seconds());
		events = terminal_wait(poll_timeout(tui));
	}
}

/* An answer that is still on its way would be typed into the shell. */
static void await_answer(struct tui *tui)
{
	double now = clock_seconds(), end = tui->asked + LAST_ANSWER;
	while (tui->escape.awaited && now < end) {
		if (terminal_wait(whole_int((end - now) * 1000, 0, 1000) + 1) & TERMINAL_END)
			return;
		for (int key; (key = screen_key()) != SCREEN_KEY_NONE;)
			if (key >= 0 && key < APP_KEY_UP)
				escape_feed(&tui->escape, key, clock_seconds());
		escape_report(&tui->escape);
		now = clock_seconds();
	}
}

static bool with_screen(struct tui *tui, const struct tui_options *options, struct err *err)
{
	terminal_own(true);
	bool opened = screen_open(&options->screen, err);
	if (opened && options->ask_background)
		ask_background(tui);
	bool done = opened && loop(tui, err);
	if (done)
		await_answer(tui);
	terminal_resume_output();
	screen_close();
	terminal_own(false);
	terminal_restore(); /* immediately, so that the shell receives what is typed from now on */
	return done;
}

static bool with_guard(bool *abandoned, const struct settings *settings, const struct tui_options *options,
                       struct err *err)
{
	struct tui tui = { .ascii = options->ascii, .palette = options->palette, .begun = clock_seconds() };
	struct app_services services = *options->services;
	services.suspend = terminal_suspend;
	services.redraw = screen_redraw;
	struct runner *runner = options->replay ? runner_replay(options->replay, err)
	                                        : runner_worker(terminal_wake, NULL, err);
	if (runner)
		tui.app = app_create(runner, settings, &services, true, err);
	if (tui.app) {
		app_notify(tui.app, options->notice);
		app_queue(tui.app, options->command, options->commands);
	}
	bool opened = tui.app && (options->map == NULL || app_show_sweep(tui.app, options->map, err)) && (options->lesson == NULL || app_lesson(tui.app, options->lesson, false, err));
	if (opened && options->lock)
		app_lock_lesson(tui.app);
	if (opened && options->cast)
		opened = (tui.cast = cast_open(options->cast, err)) != NULL;
	bool done = opened && with_screen(&tui, options, err);
	done = end_recording(&tui, done ? err : NULL) && done;
	done = done && end_files_save(options->end, tui.app, err) && app_has_saved_all(tui.app, err);
	*abandoned = !app_destroy(tui.app);
	*abandoned |= runner && !runner_destroy(runner);
	canvas_destroy(&tui.canvas);
	return done;
}

bool tui_run(bool *abandoned, const struct settings *settings, const struct tui_options *options, struct err *err)
{
	*abandoned = false;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(err, ERR_USAGE, "standard %s is not a terminal: use --headless",
		               isatty(STDIN_FILENO) ? "output" : "input");
	char reset[TERMINAL_RESET_SIZE];
	size_t length = tui_capability_reset(reset, sizeof reset, options->screen.colour, options->screen.mouse, err);
	if (length == 0 || !terminal_begin(reset, length, options->cleanup, err))
		return false;
	bool done = with_guard(abandoned, settings, options, err);
	terminal_end();
	return done;
}
