/* The insides of the app, shared by app.c (state), app_key.c (keys),
 * app_command.c, app_change.c and app_look.c (commands), app_draw.c and
 * app_bars.c (the screen) and help_screen.c (`?`); nobody else but tests includes this. */
#ifndef INITVIZ_APP_APP_STATE_H
#define INITVIZ_APP_APP_STATE_H

#include "lab/pins.h"
#include "lab/report_run.h"
#include "view/view.h"
#include "app/app.h"
#include "app/app_lanes.h"
#include "app/app_line.h"
#include "app/command.h"
#include "app/pager.h"
#include "app/undo.h"

/* What is said above the hint bar until the next key, or until it fades. */
struct message {
	char text[2048]; /* empty: nothing */
	enum role role;
	double seconds;  /* how long it stays; 0: until the next key */
	double until;    /* 0: not yet seen by app_poll() */
	unsigned number; /* counts them */
};

/* What app_words() has told. */
struct told {
	uint64_t run;          /* of runner_status; the rest is about it */
	uint64_t steps;        /* observations before this step */
	uint64_t shown;        /* the step told last */
	bool back;             /* whether that was looking back */
	enum runner_state state;
	size_t view, layer;
	unsigned said;         /* message.number */
	char verdict[48];      /* its word and layer */
};

struct app {
	struct runner *runner;
	struct settings settings; /* of the run, and of the next one that is started */
	struct app_services services;
	bool interactive;
	int width, height; /* of saved screens */
	bool ascii;

	/* what the runner told last */
	const struct snapshot *latest; /* NULL before the run's first */
	const struct snapshot *held;   /* the last there was, shown until a new run has one; NULL before the first */
	struct history history;
	struct runner_status status;
	struct app_lanes lanes; /* nets beside it; settings, latest, held and history above are lane 0's */
	struct pins pins;

	/* what was asked of the runner */
	bool wants_run;
	double pace;  /* steps a second, 0: as fast as it goes */
	struct undo undo;

	/* what is looked at */
	size_t view;  /* index into views */
	size_t layer; /* from 0; may exceed the net's after a change: see app_scene() */
	enum mlp_tensor tensor;
	size_t palette; /* index into palettes */
	bool linear;  /* axes of loss, else logarithmic */
	bool recent;  /* the last steps only */
	bool live;    /* else the observation at step `moment` is shown */
	uint64_t moment;
	bool help;
	bool panel;     /* the settings panel is open */
	size_t setting; /* chosen there: index into settings_table */
	struct pager help_pager;
	struct app_report {
		bool open;
		struct pager pager;
		struct report_run *run; /* NULL before it is first opened */
		char data[SETTINGS_DATA_SIZE]; /* what it measures */
		uint64_t seed;
	} report;
	struct line line;
	struct message message;

	const struct warnings *warned; /* those that were shown */
	struct told told;
	const char *const *queued; /* lines still to be carried out: app_queue() */
	size_t queue_length;
	bool pressing; /* within the command `key`, which must not contain itself */
	bool quit;
};

/* ---- app.c ---- */

/* The observation shown; NULL before the first and when the run failed. */
const struct snapshot *app_shown(const struct app *app);

/* Whether an earlier observation than the latest is shown. */
bool app_looks_back(const struct app *app);

/* What the view sees; false when there is nothing to show yet. */
bool app_scene(const struct app *app, struct scene *scene);

/* Brings latest, history and status up to date; true when anything changed. */
bool app_refresh(struct app *app);

/* Number of layers of what is shown, at least 1. */
size_t app_layers(const struct app *app);

#define APP_SAY_SECONDS 4    /* for what is read at a glance */
#define APP_ALARM_SECONDS 12 /* for what must not be missed */

/* Says something until the next key or for some seconds (0: next key only).
 * Foreign text among the arguments must have gone through text_escape(). */
void app_say(struct app *app, enum role role, double seconds, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Whether training goes on as soon as it can. */
bool app_is_on(const struct app *app);

/* Carries out a line and says what was wrong with it. */
void app_run_line(struct app *app, const char *line);

/* ---- experiment.c: commands that run and pause ---- */

bool experiment_run(struct app *app, char *words, struct err *err);
bool experiment_pause(struct app *app, char *words, struct err *err);
bool experiment_toggle(struct app *app, char *words, struct err *err);
bool experiment_step(struct app *app, char *words, struct err *err);
bool experiment_speed(struct app *app, char *words, struct err *err);
bool experiment_reset(struct app *app, char *words, struct err *err);

/* ---- save.c ---- */

bool save_screen(struct app *app, char *words, struct err *err);
bool save_run(struct app *app, char *words, struct err *err);

/* ---- program.c ---- */

/* Always false: sets err to "WHAT: this cannot be done here". */
bool program_cannot(const char *what, struct err *err);
bool program_redraw(struct app *app, char *words, struct err *err);
bool program_suspend(struct app *app, char *words, struct err *err);
bool program_quit(struct app *app, char *words, struct err *err);

bool prompt_open(struct app *app, char *words, struct err *err);
bool key_press(struct app *app, char *words, struct err *err);

/* ---- app_change.c: commands that change the experiment ---- */

/* Starts the run anew, and lets it run if it did. */
void app_restart(struct app *app);

/* One setting by name: live where it can be, else from step 0. */
bool app_set(struct app *app, const char *name, const char *value, struct err *err);

/* Each carries out one command on what stands after its name. */
bool change_init(struct app *app, char *words, struct err *err);
bool change_activation(struct app *app, char *words, struct err *err);
bool change_lr(struct app *app, char *words, struct err *err);
bool change_seed(struct app *app, char *which, struct err *err);
bool change_scale(struct app *app, char *words, struct err *err);
bool change_add(struct app *app, char *words, struct err *err);
bool change_remove(struct app *app, char *words, struct err *err);
bool change_scenario(struct app *app, char *words, struct err *err);
bool change_any(struct app *app, char *words, struct err *err);

/* The short list that `init next` walks through: the i-th spec, NULL at its end. */
const char *change_famous_init(size_t i);

/* ---- app_past.c: the run's past ---- */

bool past_event(struct app *app, char *words, struct err *err);

/* The settings as they were at the step that is looked at. */
void past_settings(const struct app *app, struct settings *settings);

/* The nets beside take back what was changed after that step, too. */
void past_take_lanes(struct app *app);

/* Whether the run was changed on the way. */
bool past_is_changed(const struct app *app);

/* What takes the run back to the step that is looked at, if that is not the
 * present; the changes that follow are made there.  past_go_on() ends it: the
 * run goes on if it did. */
struct branch {
	bool made, on;
	uint64_t step;
};
struct branch past_branch(struct app *app);
void past_go_on(struct app *app, const struct branch *branch);

/* ---- app_panel.c: the settings panel ---- */

struct panel;

bool panel_toggle(struct app *app, char *words, struct err *err);

/* What panel_draw() needs, with *settings for its values. */
void panel_fill(const struct app *app, struct panel *panel, struct settings *settings);

/* A key while the panel is open; false when it is not the panel's. */
bool panel_key(struct app *app, int key);

/* ---- app_recreate.c ---- */

/* Shows the command line that recreates the screen. */
bool recreate_screen(struct app *app, char *words, struct err *err);

/* ---- app_look.c: commands that choose what is looked at ---- */

/* Each carries out one command on what stands after its name, and may cut
 * that up. */
bool look_go(struct app *app, char *words, struct err *err);
bool look_live(struct app *app, char *words, struct err *err);
bool look_view(struct app *app, char *words, struct err *err);
bool look_tensor(struct app *app, char *words, struct err *err);
bool look_layer(struct app *app, char *words, struct err *err);
bool look_palette(struct app *app, char *words, struct err *err);
bool look_axis(struct app *app, char *words, struct err *err);
bool look_help(struct app *app, char *words, struct err *err);
bool look_expect(struct app *app, char *words, struct err *err);

/* ---- replay.c ---- */

/* Whether a saved run is shown, in which the command (NULL: a setting) can do
 * nothing: then err says so. */
bool replay_refuses(const struct app *app, const struct command *command, struct err *err);

/* ---- app_lanes.c: nets in lock-step ---- */

/* Starts the app's run, and what goes beside it. */
void lanes_start(struct app *app);

/* Ends with the nets beside lane 0; they go at the next start. */
void lanes_forget(struct app *app);

/* Takes what is new of them; true when anything is. */
bool lanes_refresh(struct app *app, bool new_run);

/* What was changed in the app's settings is changed in the nets beside, too:
 * but another scenario ends with them, and their initializers are their own. */
void lanes_set(struct app *app, const struct setting *setting, const char *name, const char *value);
void lanes_reseed(struct app *app);

const struct history *lanes_history(const struct app *app, size_t lane);

/* The observation of a lane that is looked at; NULL before the first. */
const struct snapshot *lanes_shown(const struct app *app, size_t lane);
void lanes_fill_scene(const struct app *app, struct scene *scene);

/* What the header calls them; false when there is only lane 0. */
bool lanes_title(const struct app *app, char *out, size_t size);

bool lanes_compare(struct app *app, char *words, struct err *err);
bool lanes_multiples(struct app *app, char *words, struct err *err);
bool lanes_choose(struct app *app, char *words, struct err *err);

/* ---- app_pins.c: runs that are no more ---- */

/* Pins a lane's run if it has done all its steps. */
void pins_keep_finished(struct app *app, size_t lane);

bool pins_pin(struct app *app, char *words, struct err *err);
bool pins_unpin(struct app *app, char *words, struct err *err);

/* ---- app_draw.c, app_bars.c ---- */

/* Where things are on a screen that is not too small. */
struct app_layout {
	struct rect header; /* one row */
	struct rect view;
	struct rect status; /* one row, two on tall screens */
	struct rect hints;  /* one row */
};
struct app_layout app_layout(int width, int height);

void bars_header(const struct app *app, struct canvas *canvas, struct rect rect);
void bars_status(const struct app *app, struct canvas *canvas, struct rect rect);
void bars_hints(const struct app *app, struct canvas *canvas, struct rect rect);

/* The keys of a command as the hint bar names them: "Space", "+/-", "1-9". */
void bars_hint_keys(const struct command *command, char *label, size_t size);

/* ---- help_screen.c ---- */

/* A key's name as the screen shows it: arrows for "Left", else the name. */
const char *help_key_label(const char *name);

/* ---- app_report.c: the report on the article ---- */

bool report_toggle(struct app *app, char *words, struct err *err);

/* While it is open and not all is measured; then report_measure() does some
 * more of it, or closes it. */
bool report_is_at_work(const struct app *app);
bool report_measure(struct app *app, struct err *err);

int report_screen_lines(const struct app *app, int width);
void report_screen_draw(const struct app *app, struct canvas *canvas, struct rect area);

/* ---- help_screen.c, continued ---- */

/* Lines of the help screen at this width. */
int help_lines(const struct app *app, int width);
void help_draw(const struct app *app, struct canvas *canvas, struct rect area);

#endif
