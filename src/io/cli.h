/* The command line: settings' options from settings_table and the program's
 * own options from cli_options, read by getopt_long(). */
#ifndef INITVIZ_IO_CLI_H
#define INITVIZ_IO_CLI_H

#include <stdbool.h>

#include "base/entry.h"
#include "base/err.h"
#include "base/text.h"
#include "data/published.h"
#include "lab/settings.h"
#include "draw/palette.h"
#include "io/end_files.h"
#include "io/out.h"

enum cli_mode {
	CLI_INTERACTIVE,
	CLI_HEADLESS, /* --headless and the options of its group, which imply it */
	CLI_LINEAR,   /* --linear, whatever else is given */
	CLI_HELP,     /* cli_print() writes the output of these three */
	CLI_VERSION,
	CLI_LIST,
	CLI_FETCH,    /* --fetch: nothing is trained */
};

enum cli_when { CLI_AUTO, CLI_ALWAYS, CLI_NEVER };

enum cli_glyphs { CLI_GLYPHS_AUTO, CLI_GLYPHS_ASCII, CLI_GLYPHS_UNICODE };

#define CLI_COMMANDS_MAX 512

/* All strings belong to argv. */
struct cli {
	enum cli_mode mode;
	struct settings settings;
	const char *command[CLI_COMMANDS_MAX]; /* [commands] lines to run first */
	size_t commands;
	const char *lesson;              /* a name or a file; NULL: none */
	bool lock;                       /* only the lesson's keys work */
	const char *script;              /* a file, "-" for standard input; NULL: none */
	const struct out_format *format; /* NULL: not given */
	const char *output;              /* NULL: standard output */
	const char *snapshot;            /* file for the final screen; NULL: none */
	const char *cast;                /* file of the recording of the screen; NULL: none */
	const char *tensorboard;         /* folder of TensorBoard's runs; NULL: none */
	struct end_files end;            /* files that are written at the end */
	const char *replay;              /* file of the saved run to show; NULL: train */
	struct sweep_map *map;           /* the sweep that `replay` names; NULL: it names no sweep.  main.c fills and frees it */
	double timeout;                  /* seconds; 0: none */
	int width, height;               /* of saved screens; 80 x 24 unless given */
	bool size_given;
	enum cli_glyphs glyphs;
	enum cli_when colour;            /* as given; under CLI_AUTO the terminal adapter honours NO_COLOR */
	const struct palette *palette;   /* NULL: not given */
	bool mouse;
	const char *core;                /* name of OpenBLAS's kernels for mat_choose_core(); NULL: not given */
	bool fail_on_nan;
	bool cure;                       /* print diagnosis, cause and cure */
	bool predictions;                /* observations have what the net says of the images */
	bool no_histograms;              /* observations are written without them */
	const struct entry *report;      /* entry of the table of reports; NULL: none */
	const char *sweep;               /* the grid; NULL: none */
	const char *coordinates;         /* widths and seeds of the coordinate check; NULL: none */
	uint64_t shard, shards;          /* piece of the sweep, from 1, and number of pieces; 0: the whole */
	const struct published *fetch;   /* CLI_FETCH: the data set */
	const char *list;                /* CLI_LIST: the name of the list */
	struct err config;               /* the error in the configuration, which is then ignored as a whole */
};

/* The section of --help and of the manual that shows an option; the settings
 * come before all sections. */
enum cli_group { CLI_EXPERIMENT, CLI_WITHOUT_SCREEN, CLI_SCREEN, CLI_ABOUT, CLI_GROUPS };
extern const char *const cli_group_titles[CLI_GROUPS];

/* What an option's value is, for completion: a word of `choices`, a file, a setting's
 * NAME=VALUE, a line of commands, a lesson's name or file. */
enum cli_value { CLI_WORD, CLI_FILE, CLI_ASSIGNMENT, CLI_LINE, CLI_LESSON };

/* One option of the program itself; those of settings are struct setting. */
struct cli_option {
	struct entry entry;   /* the name is the long option's */
	enum cli_group group; /* the table is in the order of groups */
	char letter;          /* short option, or 0 */
	const char *argument; /* what --help shows for its value; NULL: it takes none */
	const struct table *choices; /* for completion of the value; may be NULL */
	bool shows_choices;   /* --help shows the names of the choices in place of `argument` */
	enum cli_value value;
	bool ends;            /* later options are ignored (--help) */
	bool config;          /* allowed in the configuration */
	bool (*apply)(struct cli *cli, const char *value, struct err *err);
};

TABLE_DECLARE(cli_options, struct cli_option, cli_option)

/* Reads the configuration (config.h) and the command line: the scenario first
 * whatever its position, then the configuration's settings, then all options in
 * order; the last of repeated options wins.  --help, --version, --list and --fetch stop
 * parsing, and the configuration is then not read.
 * argc may be 0.  ERR_USAGE; the caller prints "initviz: message" and then
 * CLI_TRY_HELP. */
bool cli_parse(struct cli *cli, int argc, char *const argv[], struct err *err);

#define CLI_TRY_HELP "Try 'initviz --help' for the options.\n"

/* Appends the output of --help, --version or --list.  screen_library: the
 * name and version of the curses library.  ERR_USAGE: no such list. */
bool cli_print(const struct cli *cli, const char *screen_library, struct text *text, struct err *err);

#endif
