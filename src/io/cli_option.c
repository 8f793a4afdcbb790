/* The program's own options.  A new one is one entry and one function here;
 * help, manual test and completions follow. */
#include <stdio.h>
#include <string.h>

#include "lab/report.h"
#include "nn/mat.h"
#include "io/cast.h"
#include "io/cli.h"
#include "io/cli_text.h"
#include "io/out_tensors.h"

#define SIZE_MOST 1000 /* columns or rows, as a canvas */
#define TIMEOUT_MOST 100000000 /* seconds, about three years */

static bool add_command(struct cli *cli, const char *value, struct err *err)
{
	if (cli->commands == CLI_COMMANDS_MAX)
		return err_set(err, ERR_USAGE, "command: at most %d can be given: put them into a script", CLI_COMMANDS_MAX);
	cli->command[cli->commands++] = value;
	return true;
}

static bool set_present(struct cli *cli, const char *value, struct err *err)
{
	(void)value;
	return add_command(cli, "present on", err);
}

static bool set_headless(struct cli *cli, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	if (cli->mode != CLI_LINEAR)
		cli->mode = CLI_HEADLESS;
	return true;
}

static bool set_linear(struct cli *cli, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	cli->mode = CLI_LINEAR;
	return true;
}

static bool set_script(struct cli *cli, const char *value, struct err *err)
{
	cli->script = value;
	return set_headless(cli, value, err);
}

static bool set_format(struct cli *cli, const char *value, struct err *err)
{
	const struct entry *entry = table_find(&out_formats, value, err);
	if (entry == NULL)
		return false;
	cli->format = out_format_from(entry);
	return set_headless(cli, value, err);
}

static bool set_output(struct cli *cli, const char *value, struct err *err)
{
	cli->output = value;
	return set_headless(cli, value, err);
}

static bool set_snapshot(struct cli *cli, const char *value, struct err *err)
{
	if (out_picture_for(value, err) == NULL)
		return false;
	cli->snapshot = value;
	return set_headless(cli, value, err);
}

static bool set_cast(struct cli *cli, const char *value, struct err *err)
{
	cli->cast = value;
	return cast_check(value, err);
}

static bool set_tensorboard(struct cli *cli, const char *value, struct err *err)
{
	cli->tensorboard = value;
	return set_headless(cli, value, err);
}

static bool set_lesson(struct cli *cli, const char *value, struct err *err)
{
	(void)err;
	cli->lesson = value;
	return true;
}

static bool set_lock(struct cli *cli, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	cli->lock = true;
	return true;
}

static bool set_record(struct cli *cli, const char *value, struct err *err)
{
	(void)err;
	cli->end.record = value;
	return true;
}

static bool set_save_weights(struct cli *cli, const char *value, struct err *err)
{
	cli->end.save_weights = value;
	return tensor_format_for(value, err) != NULL;
}

static bool set_save_probe(struct cli *cli, const char *value, struct err *err)
{
	cli->end.save_probe = value;
	return tensor_format_for(value, err) != NULL;
}

static bool set_replay(struct cli *cli, const char *value, struct err *err)
{
	(void)err;
	cli->replay = value;
	return true;
}

static bool set_timeout(struct cli *cli, const char *value, struct err *err)
{
	double seconds;
	char safe[64];
	if (!text_real(value, &seconds) || seconds < 0.001 || seconds > TIMEOUT_MOST)
		return err_set(err, ERR_USAGE, "timeout: '%s' is not valid: give seconds from 0.001 to %d",
		               text_escape(safe, sizeof safe, value), TIMEOUT_MOST);
	cli->timeout = seconds;
	return set_headless(cli, value, err);
}

static const struct entry core_list[] = {
	{ .name = MAT_CORE_AUTO, .summary = "the best for this CPU, unless OPENBLAS_CORETYPE is set" },
	{ .name = MAT_CORE_LIBRARY, .summary = "what OpenBLAS chooses by itself" },
};
static const struct table cores = TABLE_OF(core_list, "choice of kernels", "choices of kernels");

static bool set_core(struct cli *cli, const char *value, struct err *err)
{
	(void)err;
	cli->core = value;
	return true;
}

/* Does nothing: cli.c handles this option before it applies the others. */
static bool set_no_config(struct cli *cli, const char *value, struct err *err)
{
	(void)cli, (void)value, (void)err;
	return true;
}

/* "80x24" */
static bool set_size(struct cli *cli, const char *value, struct err *err)
{
	char width[8], safe[64];
	const char *x = strpbrk(value, "xX");
	uint64_t w, h;
	if (x && (size_t)(x - value) < sizeof width) {
		snprintf(width, sizeof width, "%.*s", (int)(x - value), value);
		if (text_unsigned(width, &w) && text_unsigned(x + 1, &h) && w >= 1 && w <= SIZE_MOST && h >= 1 &&
		    h <= SIZE_MOST) {
			cli->width = (int)w;
			cli->height = (int)h;
			cli->size_given = true;
			return true;
		}
	}
	return err_set(err, ERR_USAGE, "size: '%s' is not valid: give WIDTHxHEIGHT, each from 1 to %d, as in 80x24",
	               text_escape(safe, sizeof safe, value), SIZE_MOST);
}

static bool set_ascii(struct cli *cli, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	cli->glyphs = CLI_GLYPHS_ASCII;
	return true;
}

static bool set_unicode(struct cli *cli, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	cli->glyphs = CLI_GLYPHS_UNICODE;
	return true;
}

static const struct entry when_list[] = {
	[CLI_AUTO] = { .name = "auto", .summary = "follow the terminal and NO_COLOR" },
	[CLI_ALWAYS] = { .name = "always", .summary = "also where NO_COLOR is set" },
	[CLI_NEVER] = { .name = "never", .summary = "bold and reverse only" },
};
static const struct table whens = TABLE_OF(when_list, "use of colour", "uses of colour");

static bool set_color(struct cli *cli, const char *value, struct err *err)
{
	const struct entry *entry = table_find(&whens, value, err);
	if (entry == NULL)
		return false;
	cli->colour = (enum cli_when)table_index(&whens, entry);
	return true;
}

static bool set_palette(struct cli *cli, const char *value, struct err *err)
{
	const struct entry *entry = table_find(&palettes, value, err);
	if (entry == NULL)
		return false;
	cli->palette = palette_from(entry);
	return true;
}

static bool set_mouse(struct cli *cli, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	cli->mouse = true;
	return true;
}

static bool set_setting(struct cli *cli, const char *value, struct err *err)
{
	char name[64], safe[64];
	const char *equals = strchr(value, '=');
	if (equals == NULL || equals == value || (size_t)(equals - value) >= sizeof name)
		return err_set(err, ERR_USAGE, "set: '%s' is not valid: give NAME=VALUE, as in init.2=zeros",
		               text_escape(safe, sizeof safe, value));
	snprintf(name, sizeof name, "%.*s", (int)(equals - value), value);
	return settings_set(&cli->settings, name, equals + 1, err);
}

static bool set_fail_on_nan(struct cli *cli, const char *value, struct err *err)
{
	cli->fail_on_nan = true;
	return set_headless(cli, value, err);
}

static bool set_no_histograms(struct cli *cli, const char *value, struct err *err)
{
	cli->no_histograms = true;
	return set_headless(cli, value, err);
}

static bool set_predictions(struct cli *cli, const char *value, struct err *err)
{
	cli->predictions = true;
	return set_headless(cli, value, err);
}

static bool set_cure(struct cli *cli, const char *value, struct err *err)
{
	cli->cure = true;
	return set_headless(cli, value, err);
}

static bool set_report(struct cli *cli, const char *value, struct err *err)
{
	cli->report = table_find(&reports, value, err);
	return cli->report && set_headless(cli, value, err);
}

static bool set_sweep(struct cli *cli, const char *value, struct err *err)
{
	cli->sweep = value;
	return set_headless(cli, value, err);
}

static bool set_coordinates(struct cli *cli, const char *value, struct err *err)
{
	cli->coordinates = value;
	return set_headless(cli, value, err);
}

/* "3/8" */
static bool set_shard(struct cli *cli, const char *value, struct err *err)
{
	char piece[24], safe[64];
	const char *slash = strchr(value, '/');
	if (slash && (size_t)(slash - value) < sizeof piece) {
		snprintf(piece, sizeof piece, "%.*s", (int)(slash - value), value);
		if (text_unsigned(piece, &cli->shard) && text_unsigned(slash + 1, &cli->shards) && cli->shard >= 1 &&
		    cli->shard <= cli->shards)
			return set_headless(cli, value, err);
	}
	return err_set(err, ERR_USAGE, "shard: '%s' is not valid: give PIECE/PIECES, as in 1/8 to 8/8",
	               text_escape(safe, sizeof safe, value));
}

static bool set_fetch(struct cli *cli, const char *value, struct err *err)
{
	cli->mode = CLI_FETCH;
	cli->fetch = published_set_find(value, err);
	return cli->fetch != NULL;
}

static bool set_list(struct cli *cli, const char *value, struct err *err)
{
	cli->mode = CLI_LIST;
	cli->list = value;
	return table_find(&lists, value, err) != NULL;
}

static bool set_help(struct cli *cli, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	cli->mode = CLI_HELP;
	return true;
}

static bool set_version(struct cli *cli, const char *value, struct err *err)
{
	(void)value;
	(void)err;
	cli->mode = CLI_VERSION;
	return true;
}

const char *const cli_group_titles[CLI_GROUPS] = {
	[CLI_EXPERIMENT] = "The experiment",
	[CLI_WITHOUT_SCREEN] = "Without a screen (each of these implies --headless)",
	[CLI_SCREEN] = "The screen",
	[CLI_ABOUT] = "About",
};

static const struct cli_option option_list[] = {
	{ .entry = { .name = "set", .summary = "any setting; init.N, bias-init.N and activation.N are layer N's own" },
	  .group = CLI_EXPERIMENT, .argument = "NAME=VALUE", .value = CLI_ASSIGNMENT, .apply = set_setting },
	{ .entry = { .name = "lesson", .summary = "a guided lesson: see --list lessons; without a screen, run it to its end as a test" },
	  .group = CLI_EXPERIMENT, .argument = "NAME|FILE", .value = CLI_LESSON, .apply = set_lesson },
	{ .entry = { .name = "lock", .summary = "only the lesson's keys work, for a terminal that many people use" },
	  .group = CLI_EXPERIMENT, .apply = set_lock },
	{ .entry = { .name = "record", .summary = "save the run at the end, whole or not at all" },
	  .group = CLI_EXPERIMENT, .argument = "FILE", .value = CLI_FILE, .apply = set_record },
	{ .entry = { .name = "save-weights", .summary = "save the weights at the end, for PyTorch or NumPy; the suffix chooses the format" },
	  .group = CLI_EXPERIMENT, .argument = "FILE", .value = CLI_FILE, .apply = set_save_weights },
	{ .entry = { .name = "save-probe", .summary = "save at the end the probe's images, with their z, a, delta and gradients" },
	  .group = CLI_EXPERIMENT, .argument = "FILE", .value = CLI_FILE, .apply = set_save_probe },
	{ .entry = { .name = "replay", .summary = "show a saved run instead of training one, or the table of a sweep as a map" },
	  .group = CLI_EXPERIMENT, .argument = "FILE", .value = CLI_FILE, .apply = set_replay },
	{ .entry = { .name = "no-config", .summary = "do not read the configuration file" },
	  .group = CLI_EXPERIMENT, .apply = set_no_config },
	{ .entry = { .name = "core", .summary = "OpenBLAS's kernels: auto, the best for this CPU; library, what OpenBLAS chooses; "
	                                        "or a name, e.g. Haswell" },
	  .group = CLI_EXPERIMENT, .argument = "NAME", .choices = &cores, .apply = set_core },
	{ .entry = { .name = "command", .summary = "run a command at the start, as after `:`; may be repeated" },
	  .group = CLI_EXPERIMENT, .letter = 'c', .argument = "LINE", .value = CLI_LINE, .apply = add_command },
	{ .entry = { .name = "headless", .summary = "run without a screen and print the observations" },
	  .group = CLI_WITHOUT_SCREEN, .apply = set_headless },
	{ .entry = { .name = "script", .summary = "run a script of commands; - is standard input" },
	  .group = CLI_WITHOUT_SCREEN, .argument = "FILE", .value = CLI_FILE, .apply = set_script },
	{ .entry = { .name = "format", .summary = "format of the observations" },
	  .group = CLI_WITHOUT_SCREEN, .argument = "FORMAT", .choices = &out_formats, .shows_choices = true,
	  .apply = set_format },
	{ .entry = { .name = "no-histograms", .summary = "leave the counts of histograms out of json" },
	  .group = CLI_WITHOUT_SCREEN, .apply = set_no_histograms },
	{ .entry = { .name = "predictions", .summary = "add to json what the net says of each image of the probe, and which classes it confuses" },
	  .group = CLI_WITHOUT_SCREEN, .apply = set_predictions },
	{ .entry = { .name = "output", .summary = "write the observations to FILE, whole or not at all" },
	  .group = CLI_WITHOUT_SCREEN, .letter = 'o', .argument = "FILE", .value = CLI_FILE, .apply = set_output },
	{ .entry = { .name = "snapshot", .summary = "write the final screen; the suffix chooses the format: see --list formats" },
	  .group = CLI_WITHOUT_SCREEN, .argument = "FILE", .value = CLI_FILE, .apply = set_snapshot },
	{ .entry = { .name = "tensorboard", .summary = "write a run for TensorBoard into the new folder DIR: scalars and histograms" },
	  .group = CLI_WITHOUT_SCREEN, .argument = "DIR", .value = CLI_FILE, .apply = set_tensorboard },
	{ .entry = { .name = "fail-on-nan", .summary = "exit with 1 if the net diverged" },
	  .group = CLI_WITHOUT_SCREEN, .apply = set_fail_on_nan },
	{ .entry = { .name = "report", .summary = "the article's statements, measured with --data and --seed, beside theory" },
	  .group = CLI_WITHOUT_SCREEN, .argument = "article", .choices = &reports, .apply = set_report },
	{ .entry = { .name = "cure", .summary = "print what is wrong with the net at its start, why, and the change that theory "
	                                        "expects to cure it; with --command or --script, of the net after them" },
	  .group = CLI_WITHOUT_SCREEN, .apply = set_cure },
	{ .entry = { .name = "sweep", .summary = "train a net for each combination of settings, as in 'init=xavier,he depth=3,10 seed=1..5', "
	                                        "and print a row for each; with --output, go on after the rows that FILE has" },
	  .group = CLI_WITHOUT_SCREEN, .argument = "GRID", .apply = set_sweep },
	{ .entry = { .name = "shard", .summary = "train only this piece of the sweep; the outputs of all pieces in order are that of the whole" },
	  .group = CLI_WITHOUT_SCREEN, .argument = "PIECE/PIECES", .apply = set_shard },
	{ .entry = { .name = "coordinates", .summary = "the coordinate check: whether layers move alike at every width, with these weights and under "
	                                              "muP, as in 'width=64..1024*5 seed=1..3'; as text, csv or json" },
	  .group = CLI_WITHOUT_SCREEN, .argument = "GRID", .apply = set_coordinates },
	{ .entry = { .name = "timeout", .summary = "end with exit status 1 after this time" },
	  .group = CLI_WITHOUT_SCREEN, .argument = "SECONDS", .apply = set_timeout },
	{ .entry = { .name = "size", .summary = "size of saved screens (80x24)" },
	  .group = CLI_SCREEN, .argument = "WxH", .config = true, .apply = set_size },
	{ .entry = { .name = "ascii", .summary = "draw with ASCII characters only" },
	  .group = CLI_SCREEN, .config = true, .apply = set_ascii },
	{ .entry = { .name = "unicode", .summary = "draw with block and line characters" },
	  .group = CLI_SCREEN, .config = true, .apply = set_unicode },
	{ .entry = { .name = "color", .summary = "use colours: auto, always or never" },
	  .group = CLI_SCREEN, .argument = "WHEN", .choices = &whens, .config = true, .apply = set_color },
	{ .entry = { .name = "palette", .summary = "colours of the screen and of pictures" },
	  .group = CLI_SCREEN, .argument = "NAME", .choices = &palettes, .config = true, .apply = set_palette },
	{ .entry = { .name = "cast", .summary = "record the screen: .cast for asciinema and other players, .svg an animated picture; with a script "
	                                        "each line is one frame, shown for as long as `hold SECONDS` says" },
	  .group = CLI_SCREEN, .argument = "FILE", .value = CLI_FILE, .apply = set_cast },
	{ .entry = { .name = "mouse", .summary = "use mouse clicks as commands (they no longer select text)" },
	  .group = CLI_SCREEN, .config = true, .apply = set_mouse },
	{ .entry = { .name = "present", .summary = "few, large things, for a projector: the verdict and the histograms" },
	  .group = CLI_SCREEN, .apply = set_present },
	{ .entry = { .name = "linear", .summary = "print each change as a line of plain words, for screen readers" },
	  .group = CLI_SCREEN, .config = true, .apply = set_linear },
	{ .entry = { .name = "fetch", .summary = "download a data set over HTTPS, check it, and store it where --data and the default find it" },
	  .group = CLI_ABOUT, .argument = "NAME", .choices = &published_sets, .shows_choices = true, .ends = true, .apply = set_fetch },
	{ .entry = { .name = "list", .summary = "list names with their meaning: see --list lists" },
	  .group = CLI_ABOUT, .argument = "WHAT", .choices = &lists, .ends = true, .apply = set_list },
	{ .entry = { .name = "help", .summary = "show this and exit" },
	  .group = CLI_ABOUT, .letter = 'h', .ends = true, .apply = set_help },
	{ .entry = { .name = "version", .summary = "show versions and exit" },
	  .group = CLI_ABOUT, .letter = 'V', .ends = true, .apply = set_version },
};

const struct table cli_options = TABLE_OF(option_list, "option", "options");
