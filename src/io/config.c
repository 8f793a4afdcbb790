/* Reads the configuration.  Its lines have the syntax of a script's lines; the
 * tables of settings and options define the valid names. */
#include "io/config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/inputs.h"
#include "data/input.h"
#include "io/script.h"

#define CONFIG_BYTES ((off_t)1 << 16) /* limit of the file's size; ample for a file written by hand */

/* The file's path; false if neither variable is an absolute path or the result is too long. */
static bool config_path(char path[PATH_MAX])
{
	const char *folder = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	int length;
	if (folder && folder[0] == '/')
		length = snprintf(path, PATH_MAX, "%s/initviz/config", folder);
	else if (home && home[0] == '/')
		length = snprintf(path, PATH_MAX, "%s/.config/initviz/config", home);
	else
		return false;
	return length < PATH_MAX;
}

/* Whether the file can be read; false with err->code ERR_NONE if it does not
 * exist. */
static bool file_exists(const char *path, const char *name, struct err *err)
{
	struct stat info;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return false;
	if (fd < 0)
		return err_set(err, ERR_USAGE, "%s: cannot be read: %s", name, strerror(errno));
	bool known = fstat(fd, &info) == 0;
	close(fd);
	if (!known || !S_ISREG(info.st_mode))
		return err_set(err, ERR_USAGE, "%s: %s", name, known ? input_kind(info.st_mode) : "cannot be read");
	return info.st_size <= CONFIG_BYTES ||
	       err_set(err, ERR_USAGE, "%s: is larger than %lld bytes", name, (long long)CONFIG_BYTES);
}

/* Applies one of the program's options; a flag has no value, or yes or no. */
static bool apply_option(struct cli *cli, const struct cli_option *option, const char *value, struct err *err)
{
	char safe[64];
	if (option->argument)
		return option->apply(cli, value, err);
	if (*value == '\0' || text_same_name(value, "yes"))
		return option->apply(cli, NULL, err);
	return text_same_name(value, "no") ||
	       err_set(err, ERR_USAGE, "%s: '%s' is not valid: give yes or no", option->entry.name,
	               text_escape(safe, sizeof safe, value));
}

/* The file is read once for each rank of settings. */
struct reading {
	struct cli *cli;
	enum settings_rank rank; /* of the settings that are applied */
};

/* "NAME VALUE" or "NAME=VALUE". */
static bool apply_line(void *context, const char *line, struct err *err)
{
	const struct reading *reading = context;
	struct cli *cli = reading->cli;
	char name[64], value[SCRIPT_LINE_MAX + 1];
	size_t length = strcspn(line, " \t=");
	snprintf(name, sizeof name, "%.*s", (int)length, line);
	if (settings_rank(name) != reading->rank)
		return true;
	line += length;
	line += strspn(line, " \t");
	line += *line == '=';
	snprintf(value, sizeof value, "%s", line + strspn(line, " \t"));
	for (size_t end = strlen(value); end && strchr(" \t", value[end - 1]); end--)
		value[end - 1] = '\0';
	const struct cli_option *option = cli_option_find(name, NULL);
	return option && option->config ? apply_option(cli, option, value, err)
	                                : settings_set(&cli->settings, name, value, err);
}

void config_note(void)
{
	char path[PATH_MAX];
	if (config_path(path))
		inputs_note_path(path);
}

/* given: the settings if the command line has a scenario,
 * which overrides the file's; else NULL. */
static bool read_ranks(const char *path, struct cli *cli, const struct settings *given, struct err *err)
{
	struct reading reading = { .cli = cli, .rank = SETTINGS_SCENARIO };
	const struct script_target target = { .line = apply_line, .context = &reading };
	if (!script_run(path, &target, err))
		return false;
	if (given)
		cli->settings = *given;
	for (int rank = SETTINGS_SCENARIO + 1; rank < SETTINGS_RANKS; rank++) {
		reading.rank = (enum settings_rank)rank;
		if (!script_run(path, &target, err))
			return false;
	}
	return true;
}

bool config_apply(struct cli *cli, bool scenario_given, struct err *err)
{
	char path[PATH_MAX], name[80];
	if (!config_path(path))
		return true;
	struct err problem = {0};
	struct cli changed = *cli;
	if (file_exists(path, text_escape(name, sizeof name, path), &problem) &&
	    read_ranks(path, &changed, scenario_given ? &cli->settings : NULL, &problem))
		*cli = changed;
	return problem.code == ERR_NONE || err_set(err, problem.code, "%s: the configuration is ignored", problem.message);
}
