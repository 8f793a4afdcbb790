/* The table of commands: what each one is called, its keys, its arguments and
 * the function that carries it out.  A new command is a new entry here.
 *
 * "/" is no command's key: help and report use it for searching. */
#include "nn/activation.h"
#include "nn/initializer.h"
#include "lab/report.h"
#include "lab/scenario.h"
#include "draw/palette.h"
#include "view/events.h"
#include "view/view.h"
#include "app/change.h"
#include "app/command.h"
#include "app/compare.h"
#include "app/coordinate_check.h"
#include "app/curing.h"
#include "app/event.h"
#include "app/goal.h"
#include "app/expect.h"
#include "app/help_screen.h"
#include "app/isometry.h"
#include "app/keyboard.h"
#include "app/leave.h"
#include "app/lesson_turn.h"
#include "app/map.h"
#include "app/moment.h"
#include "app/navigation.h"
#include "app/panel_keys.h"
#include "app/phase.h"
#include "app/picking.h"
#include "app/pinning.h"
#include "app/program.h"
#include "app/recreate.h"
#include "app/report_screen.h"
#include "app/run_control.h"
#include "app/save.h"
#include "app/undo.h"

const char *const command_group_titles[COMMAND_GROUPS] = {
	[COMMAND_RUNNING] = "Running",
	[COMMAND_CHANGING] = "Changing the experiment",
	[COMMAND_LOOKING] = "Looking",
	[COMMAND_SAVING] = "Saving and checking",
	[COMMAND_PROGRAM] = "The program",
};

/* ---- tables for completion only ---- */

static const struct entry speed_words[] = {
	{ .name = "faster", .summary = "faster: the next of 1, 2, 5, 10, 20, 50 ... steps a second" },
	{ .name = "slower", .summary = "slower: the one before in that series" },
	{ .name = "max", .summary = "as many steps a second as possible" },
};
static const struct table speeds = TABLE_OF(speed_words, "speed", "speeds");

static const struct entry go_words[] = {
	{ .name = "back", .summary = "to the previous observation" },
	{ .name = "forward", .summary = "to the next observation" },
	{ .name = "first", .summary = "to step 0, the initialization" },
	{ .name = "last", .summary = "to the last observation" },
};
static const struct table moments_in_time = TABLE_OF(go_words, "place", "places");

static const struct entry reseed_words[] = {
	{ .name = "all", .summary = "new weights and new batches" },
	{ .name = "weights", .summary = "new weights, same batches" },
	{ .name = "batches", .summary = "same weights, new batches" },
};
static const struct table seeds = TABLE_OF(reseed_words, "seed", "seeds");

static const struct entry tensor_words[] = {
	{ .name = "z", .summary = "inputs of the activation" },
	{ .name = "a", .summary = "outputs of the activation" },
	{ .name = "w", .summary = "weights" },
	{ .name = "delta", .summary = "back-propagated gradient dL/dz" },
	{ .name = "dw", .summary = "gradient of the weights" },
};
static const struct table tensors = TABLE_OF(tensor_words, "tensor", "tensors");

static const struct entry axis_words[] = {
	[AXIS_LOG] = { .name = "log", .summary = "loss on a logarithmic axis" },
	[AXIS_LINEAR] = { .name = "linear", .summary = "loss on a linear axis" },
	[AXIS_FULL] = { .name = "full", .summary = "curves from the first step on" },
	[AXIS_RECENT] = { .name = "recent", .summary = "the last steps only" },
	[AXIS_SCALE] = { .name = "scale", .summary = "curves: log or linear axis" },
	[AXIS_SPAN] = { .name = "span", .summary = "curves: all steps or the last ones" },
};
static const struct table axes = TABLE_OF(axis_words, "axis", "axes");

static const struct entry counts_words[] = {
	[COUNTS_LINEAR] = { .name = "linear", .summary = "a bar twice as high has twice as many values" },
	[COUNTS_LOG] = { .name = "log", .summary = "bars on a logarithmic scale: rare values are seen" },
	[COUNTS_SCALE] = { .name = "scale", .summary = "histograms: log or linear counts" },
};
static const struct table count_scales = TABLE_OF(counts_words, "scale of counts", "scales of counts");

static const struct entry zoom_words[] = {
	[ZOOM_IN] = { .name = "in", .summary = "histograms: half the range of values" },
	[ZOOM_OUT] = { .name = "out", .summary = "histograms: twice the range of values" },
	[ZOOM_WHOLE] = { .name = "whole", .summary = "all that was observed" },
};
static const struct table zooms = TABLE_OF(zoom_words, "zoom", "zooms");

static const struct entry present_words[] = {
	[PRESENT_ON] = { .name = "on", .summary = "the verdict, the step and the view alone; fewer and larger things in Layers and Layer" },
	[PRESENT_OFF] = { .name = "off", .summary = "the whole screen" },
};
static const struct table present_choices = TABLE_OF(present_words, "choice", "choices");

static const struct entry unpin_words[] = {
	{ .name = "all", .summary = "every pinned run" },
};
static const struct table unpins = TABLE_OF(unpin_words, "choice", "choices");

static const struct entry lesson_entries[] = {
	{ .name = "again", .summary = "the page as it was, or the lesson that was left" },
	{ .name = "next", .summary = "the next page" },
	{ .name = "back", .summary = "the page before" },
	{ .name = "off", .summary = "leave the lesson" },
	{ .name = "list", .summary = "the names of the lessons" },
};
static const struct table lesson_words = TABLE_OF(lesson_entries, "choice", "choices");

/* ---- the commands ---- */

static const struct command list[] = {
	{
		.entry = { .name = "toggle", .summary = "run, or pause" },
		.group = COMMAND_RUNNING, .run = run_control_toggle, .main = "run, or pause", .keys = "Space",
		.hint = "run/pause", .hint_keys = 1, .hint_when = HINT_PAUSED | HINT_RUNNING,
	}, {
		.entry = { .name = "run", .summary = "train to the last step of the run; from there, go on without end" },
		.group = COMMAND_RUNNING, .run = run_control_run,
	}, {
		.entry = { .name = "pause", .aliases = "stop", .summary = "stop training; nothing is lost" },
		.group = COMMAND_RUNNING, .run = run_control_pause, .in_replay = true,
	}, {
		.entry = { .name = "step", .summary = "train N steps (1 if not given), then pause" },
		.group = COMMAND_RUNNING, .run = run_control_step, .main = "train one step",
		.key_help = "one step|one step|ten steps|a hundred steps", .keys = ". n > }", .key_words = "1 1 10 100",
		.arguments = "[N]", .hint = "step", .hint_keys = 1, .hint_when = HINT_PAUSED,
	}, {
		.entry = { .name = "until", .summary = "train until a number passes a limit, as in until saturated1 < 0.3, then pause" },
		.group = COMMAND_RUNNING, .run = goal_until, .arguments = "NAME <|> LIMIT",
	}, {
		.entry = { .name = "speed", .aliases = "pace", .summary = "steps a second while it runs, or max" },
		.group = COMMAND_RUNNING, .run = run_control_speed, .keys = "+ - =", .key_words = "faster slower faster",
		.arguments = "N|faster|slower|max", .choices = &speeds,
		.hint = "speed", .hint_keys = 2, .hint_when = HINT_RUNNING,
	}, {
		.entry = { .name = "reset", .aliases = "restart", .summary = "back to step 0 with the same seeds" },
		.group = COMMAND_RUNNING, .run = change_reset, .keys = "r",
		.hint = "reset", .hint_keys = 1, .hint_when = HINT_RUNNING,
	}, {
		.entry = { .name = "go", .aliases = "goto", .summary = "show an earlier step of this run; a step that was not observed is computed again" },
		.group = COMMAND_RUNNING, .run = moment_go, .in_replay = true, .main = "look back, and forward", .keys = "Left Right Home End h l",
		.key_words = "back forward first last back forward", .arguments = "STEP|back|forward|first|last",
		.choices = &moments_in_time, .hint = "look back", .hint_keys = 2, .hint_when = HINT_BACK,
	}, {
		.entry = { .name = "live", .aliases = "now", .summary = "return to the newest observation" },
		.group = COMMAND_RUNNING, .run = moment_live, .in_replay = true, .keys = "Backspace",
		.hint = "live", .hint_keys = 1, .hint_when = HINT_BACK,
	}, {
		.entry = { .name = "event", .summary = "show the moment of an event: the next, the previous, or one by name" },
		.group = COMMAND_RUNNING, .run = event_show, .in_replay = true,
		.key_help = "the previous event|the next event", .keys = "[ ]", .key_words = "previous next",
		.arguments = "NAME|next|previous", .choices = &event_kinds,
		.hint = "event", .hint_keys = 2, .hint_when = HINT_BACK,
	}, {
		.entry = { .name = "undo",
		           .summary = "return to the run that the last change, reset or scenario replaced, at the step where it was" },
		.group = COMMAND_CHANGING, .run = undo_run, .main = "undo: the previous run", .keys = "u",
		.hint = "undo", .hint_keys = 1, .hint_when = HINT_PAUSED | HINT_RUNNING | HINT_FAILED | HINT_UNDO,
	}, {
		.entry = { .name = "redo", .summary = "undo the undo: return to the run that it replaced" },
		.group = COMMAND_CHANGING, .run = undo_redo, .keys = "U",
	}, {
		.entry = { .name = "scenario", .summary = "start a scenario, by name or number" },
		.group = COMMAND_CHANGING, .run = change_scenario, .main = "start a scenario", .keys = "1 2 3 4 5 6 7 8 9",
		.key_words = "1 2 3 4 5 6 7 8 9", .arguments = "NAME|N", .choices = &scenarios,
		.hint = "scenario", .hint_keys = 9, .hint_when = HINT_PAUSED | HINT_RUNNING | HINT_FAILED,
	}, {
		.entry = { .name = "init", .aliases = "initializer",
		           .summary = "another initializer for the hidden layers, same seeds, from step 0" },
		.group = COMMAND_CHANGING, .run = change_init, .main = "the next initializer",
		.key_help = "the next initializer of a short list|the previous initializer of that list", .keys = "i I", .key_words = "next previous",
		.arguments = "SPEC|next|previous", .choices = &initializers,
		.hint = "init", .hint_keys = 1, .hint_when = HINT_PAUSED | HINT_RUNNING | HINT_SOUND,
	}, {
		.entry = { .name = "activation", .aliases = "act",
		           .summary = "another activation in the hidden layers, from this step on" },
		.group = COMMAND_CHANGING, .run = change_activation, .main = "the next activation",
		.key_help = "the next activation|the previous activation", .keys = "a A", .key_words = "next previous",
		.arguments = "SPEC|next|previous", .choices = &activations,
		.hint = "act", .hint_keys = 1, .hint_when = HINT_PAUSED | HINT_RUNNING | HINT_ROOM,
	}, {
		.entry = { .name = "lr", .summary = "change the learning rate of the running net" },
		.group = COMMAND_CHANGING, .run = change_lr,
		.key_help = "learning rate times 2 (higher)|learning rate divided by 2 (lower)", .keys = "H L", .key_words = "*2 /2", .hint_keys = 2,
		.arguments = "X|*X|/X",
	}, {
		.entry = { .name = "reseed", .summary = "other seeds, from step 0" },
		.group = COMMAND_CHANGING, .run = change_seed, .keys = "R W B", .key_words = "all weights batches",
		.arguments = "[all|weights|batches]", .choices = &seeds,
	}, {
		.entry = { .name = "scale",
		           .summary = "multiply the weights of a layer, or of the selected one, in the running net; or choose how "
		                      "pixels become inputs" },
		.group = COMMAND_CHANGING, .run = change_scale,
		.key_help = "weights of the selected layer times 2|weights of the selected layer divided by 2", .keys = ") (", .key_words = "*2 /2",
		.arguments = "LAYER FACTOR|*X|/X|SCALING", .choices = &dataset_scales,
	}, {
		.entry = { .name = "add", .aliases = "deeper", .summary = "add a hidden layer, same seeds, from step 0" },
		.group = COMMAND_CHANGING, .run = change_add, .keys = "d",
	}, {
		.entry = { .name = "remove", .aliases = "shallower", .summary = "remove a hidden layer, same seeds, from step 0" },
		.group = COMMAND_CHANGING, .run = change_remove, .keys = "D",
	}, {
		.entry = { .name = "settings", .aliases = "panel",
		           .summary = "show all settings in a panel and change them with the arrow keys; again to close" },
		.group = COMMAND_CHANGING, .run = panel_toggle, .main = "all settings", .keys = ",", .arguments = "[NAME]", .choices = &settings_table,
		.hint = "settings", .hint_keys = 1, .hint_when = HINT_PAUSED | HINT_RUNNING | HINT_FAILED | HINT_ROOM,
	}, {
		.entry = { .name = "set", .summary = "change a setting; each setting's name is a command, too" },
		.group = COMMAND_CHANGING, .run = change_any, .names_setting = true, .arguments = "NAME VALUE", .choices = &settings_table,
	}, {
		.entry = { .name = "compare",
		           .summary = "train another net beside this one in lock-step, same seeds and batches; off ends it" },
		.group = COMMAND_CHANGING, .run = compare_nets,
		.key_help = "the next scenario beside this net", .keys = "c", .key_words = "next",
		.arguments = "NAME [NAME]|SETTING=VALUE...|next|off", .choices = &scenarios,
		.hint = "compare", .hint_keys = 1, .hint_when = HINT_PAUSED | HINT_RUNNING | HINT_FINISHED | HINT_ROOM,
	}, {
		.entry = { .name = "cure", .aliases = "fix",
		           .summary = "the net with the change that theory expects to cure it: beside this one, or instead of it" },
		.group = COMMAND_CHANGING, .run = curing_cure,
		.keys = "f F", .key_words = "beside apply", .arguments = "[beside|apply]", .choices = &curing_words,
		.hint = "cure", .hint_keys = 1, .hint_when = HINT_PAUSED | HINT_RUNNING | HINT_ILL,
	}, {
		.entry = { .name = "multiples", .summary = "train the article's seven scenarios in lock-step" },
		.group = COMMAND_CHANGING, .run = compare_multiples, .keys = "m",
	}, {
		.entry = { .name = "view", .summary = "choose the view" },
		.group = COMMAND_LOOKING, .run = navigation_view, .main = "the next view",
		.key_help = "the next view|the previous view|the next view|the previous view|from all layers to the selected one, and back", .keys = "Tab S-Tab v V Enter",
		.key_words = "next previous next previous zoom", .arguments = "NAME|next|previous|zoom", .choices = &views,
		.hint = "view", .hint_keys = 1, .hint_when = HINT_PAUSED | HINT_RUNNING | HINT_BACK,
	}, {
		.entry = { .name = "layer", .summary = "select a layer, counted from 1" },
		.group = COMMAND_LOOKING, .run = navigation_layer, .main = "select a layer",
		.key_help = "the layer above|the layer below|the layer above|the layer below|five layers up|five layers down|the first layer|the last layer", .keys = "Up Down k j PgUp PgDn g G",
		.key_words = "-1 +1 -1 +1 -5 +5 first last", .arguments = "N|+N|-N|first|last",
		.hint = "layer", .hint_keys = 2, .hint_when = HINT_PAUSED | HINT_RUNNING | HINT_BACK,
	}, {
		.entry = { .name = "tensor", .summary = "choose the tensor that the views Time and Multiples show" },
		.group = COMMAND_LOOKING, .run = navigation_tensor,
		.key_help = "the next tensor: z, a, W, delta, dW|the previous tensor", .keys = "t T", .key_words = "next previous",
		.arguments = "NAME|next|previous", .choices = &tensors,
	}, {
		.entry = { .name = "palette", .aliases = "colours colors", .summary = "choose the colours of the screen and of pictures" },
		.group = COMMAND_LOOKING, .run = navigation_palette,
		.key_help = "the next palette", .keys = "C", .key_words = "next",
		.arguments = "NAME|next|previous", .choices = &palettes,
	}, {
		.entry = { .name = "lane", .summary = "choose a net of those in lock-step, for views that show one net" },
		.group = COMMAND_LOOKING, .run = compare_lane,
		.key_help = "the next net", .keys = "o", .key_words = "next", .arguments = "N|next",
	}, {
		.entry = { .name = "axis", .aliases = "axes", .summary = "how the view Training draws the curves of loss and accuracy" },
		.group = COMMAND_LOOKING, .run = navigation_axis, .keys = "x X", .key_words = "scale span",
		.arguments = "log|linear|full|recent|scale|span", .choices = &axes,
	}, {
		.entry = { .name = "counts", .summary = "how the histograms of layers count: linear or logarithmic bars" },
		.group = COMMAND_LOOKING, .run = navigation_counts, .keys = "Z", .key_words = "scale",
		.arguments = "linear|log|scale", .choices = &count_scales,
	}, {
		.entry = { .name = "zoom", .summary = "the range of values that histograms of layers show; zoom 4 shows a quarter of it" },
		.group = COMMAND_LOOKING, .run = navigation_zoom, .keys = "z b", .key_words = "in out",
		.arguments = "in|out|whole|X", .choices = &zooms,
	}, {
		.entry = { .name = "present", .aliases = "big", .summary = "few, large things, for a projector; again for the whole screen" },
		.group = COMMAND_LOOKING, .run = navigation_present, .in_replay = true, .in_lock = true, .keys = "O",
		.arguments = "[on|off]", .choices = &present_choices,
	}, {
		.entry = { .name = "phase",
		           .summary = "show the phase view, where the arrow keys move the cursor and Enter starts its net; again in that view: "
		                      "nets trained over depth and sigma_w beside it; or move the cursor to a sigma_w and sigma_b" },
		.group = COMMAND_LOOKING, .run = phase_command, .keys = "E", .key_words = "",
		.key_help = "the phase view: order, chaos and the edge between them; again: nets trained beside it",
		.arguments = "[SIGMA_W SIGMA_B|left|right|up|down|start|nets|point]", .choices = &phase_words,
	}, {
		.entry = { .name = "isometry",
		           .summary = "show the isometry view; again in that view: the same net with orthogonal weights beside this one" },
		.group = COMMAND_LOOKING, .run = isometry_command, .keys = "J", .key_words = "",
		.key_help = "the isometry view; again: the same net with orthogonal weights beside it",
		.arguments = "[open|beside]", .choices = &isometry_words,
	}, {
		.entry = { .name = "map",
		           .summary = "a map of nets around the present settings, trained for 100 steps each; without arguments the last map, the first time "
		                      "one of depth and scale of the weights" },
		.group = COMMAND_LOOKING, .run = map_command, .keys = "M",
		.arguments = "[NAME=VALUES NAME=VALUES...|again|open|cell COLUMN ROW]", .choices = &map_words,
	}, {
		.entry = { .name = "map-value", .summary = "choose the number that the colours of the map show" },
		.group = COMMAND_LOOKING, .run = map_value, .key_help = "the next number of the map", .keys = "N", .key_words = "next",
		.arguments = "NAME|next|previous", .choices = &sweep_values,
	}, {
		.entry = { .name = "coordinates",
		           .summary = "the coordinate check: nets of several widths with the present settings, and under muP, trained for 5 steps each; without "
		                      "arguments the last check, the first time one of widths 64 to 1024" },
		.group = COMMAND_LOOKING, .run = coordinate_check_command, .keys = "K",
		.key_help = "the coordinate check: nets of several widths with the present settings",
		.arguments = "[width=WIDTHS [seed=SEEDS] [NAME=VALUE...]|again|step N]", .choices = &coordinate_check_words,
	}, {
		.entry = { .name = "image", .aliases = "images",
		           .summary = "pick an image of the probe, counted from 1, in the Images view; mark: show its own z and a in Layers and Layer" },
		.group = COMMAND_LOOKING, .run = picking_image, .arguments = "N|+N|-N|first|last|mark|off", .choices = &image_words,
	}, {
		.entry = { .name = "unit", .summary = "pick a unit of layer 1, counted from 1, whose weights the Images view shows" },
		.group = COMMAND_LOOKING, .run = picking_unit, .arguments = "N|+N|-N|first|last", .choices = &unit_words,
	}, {
		.entry = { .name = "pin", .summary = "keep this run's curves in the Training view, with a label if given" },
		.group = COMMAND_LOOKING, .run = pinning_pin, .keys = "p", .arguments = "[LABEL]",
	}, {
		.entry = { .name = "unpin", .summary = "remove the run pinned last, or all" },
		.group = COMMAND_LOOKING, .run = pinning_unpin, .keys = "P", .arguments = "[all]", .choices = &unpins,
	}, {
		.entry = { .name = "help", .summary = "explain what is shown and list the commands; again to close" },
		.group = COMMAND_LOOKING, .run = help_toggle, .hint_stays = true, .in_lock = true, .keys = "? F1",
		.hint = "help", .hint_keys = 1, .hint_when = HINT_ALWAYS,
	}, {
		.entry = { .name = "report", .summary = "show the article's statements beside measurement and theory; again to close" },
		.group = COMMAND_LOOKING, .run = report_toggle, .keys = "e", .key_words = "article",
		.arguments = "[article]", .choices = &reports,
	}, {
		.entry = { .name = "snapshot", .summary = "save the screen; the suffix chooses the format: see --list formats" },
		.group = COMMAND_SAVING, .run = save_screen, .writes = true, .keys = "s", .arguments = "[FILE]",
	}, {
		.entry = { .name = "save", .aliases = "write", .summary = "save the run as JSON lines, for --replay, or in the format of the suffix" },
		.group = COMMAND_SAVING, .run = save_run, .writes = true, .keys = "w", .arguments = "[FILE]",
	}, {
		.entry = { .name = "save-weights", .summary = "save the weights, for PyTorch or NumPy; the suffix chooses the format: see --list formats" },
		.group = COMMAND_SAVING, .run = save_weights, .writes = true, .arguments = "[FILE]",
	}, {
		.entry = { .name = "save-probe", .summary = "save the probe's images, with their z, a, delta and gradients" },
		.group = COMMAND_SAVING, .run = save_probe, .writes = true, .arguments = "[FILE]",
	}, {
		.entry = { .name = "hold", .summary = "seconds for which a recording (--cast) shows the screen after each of the following commands of a script; 0: not at all" },
		.group = COMMAND_SAVING, .run = save_hold, .in_replay = true, .arguments = "SECONDS",
	}, {
		.entry = { .name = "recreate", .aliases = "yank", .summary = "show the command line that recreates this run" },
		.group = COMMAND_SAVING, .run = recreate_screen, .keys = "y",
	}, {
		.entry = { .name = "expect", .summary = "fail unless a number, such as z1.variance, is within LOW..HIGH, or a verdict or the cure is as expected" },
		.group = COMMAND_SAVING, .run = expect_value, .arguments = "NAME LOW HIGH|verdict.PART WORD|cure SETTING VALUE",
	}, {
		.entry = { .name = "lesson", .aliases = "lessons",
		           .summary = "open a lesson, by name or file, at a page if one is given; list names them; without a name "
		                      "the first one, or the page that is shown again" },
		.group = COMMAND_PROGRAM, .run = lesson_command, .in_lock = true,
		.hint = "lessons", .hint_keys = 1, .hint_when = HINT_PAUSED | HINT_RUNNING | HINT_FAILED | HINT_FIRST,
		.key_help = "open the first lesson; in a lesson: the page again, as it was", .keys = "0", .key_words = "again",
		.arguments = "[NAME|FILE [PAGE]|next|back|again|off|list]", .choices = &lesson_words,
	}, {
		.entry = { .name = "prompt", .summary = "type a command here, with completion (Tab) and history (Up)" },
		.group = COMMAND_PROGRAM, .run = program_prompt, .main = "type a command", .keys = ":",
		.hint = "command", .hint_keys = 1, .hint_when = HINT_ALWAYS,
	}, {
		.entry = { .name = "key", .aliases = "keys",
		           .summary = "press keys by their names, for scripts: key : r u n Enter" },
		.group = COMMAND_PROGRAM, .run = keyboard_keys, .arguments = "NAME...",
	}, {
		.entry = { .name = "redraw", .summary = "redraw the screen" },
		.group = COMMAND_PROGRAM, .run = program_redraw, .in_lock = true, .keys = "C-l",
	}, {
		.entry = { .name = "suspend", .summary = "suspend the program and return to the shell; `fg` continues it" },
		.group = COMMAND_PROGRAM, .run = program_suspend, .in_lock = true, .keys = "C-z",
	}, {
		.entry = { .name = "quit", .aliases = "exit", .summary = "quit the program; a file that waits for the net is saved first, unless this is repeated" },
		.group = COMMAND_PROGRAM, .run = leave_program, .hint_stays = true, .in_lock = true, .main = "quit", .keys = "q C-c",
		.hint = "quit", .hint_keys = 1, .hint_when = HINT_ALWAYS,
	},
};

const struct table commands = TABLE_OF(list, "command", "commands");
