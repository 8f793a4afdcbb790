/* Carrying out command lines, the same way from keys, from `:` and from scripts. */
#include "app/command_line.h"

#include <string.h>

#include "base/text.h"
#include "app/app_parts.h"
#include "app/change.h"
#include "app/command.h"
#include "app/experiment.h"
#include "app/isometry.h"
#include "app/message.h"
#include "app/program.h"
#include "app/refresh.h"
#include "app/replay.h"

#define COMMAND_SIZE 4200 /* bytes of a line, longer than a line of a script may be */

static bool execute(struct app *app, char *line, struct err *err)
{
	char *words = command_cut(line), safe[64];
	const char *name = command_name(line, err);
	if (name == NULL)
		return false;
	const struct command *command = command_find(name, NULL);
	app->program->commands++;
	if (command == NULL)
		return !replay_refuses(app, NULL, err) && change_set(app, name, words, err);
	if (command->arguments == NULL && words[0])
		return err_set(err, ERR_USAGE, "%s: unexpected '%s': this command has no arguments", command->entry.name,
		               text_escape(safe, sizeof safe, words));
	if (command->arguments && command->arguments[0] != '[' && words[0] == '\0')
		return err_set(err, ERR_USAGE, "%s needs an argument: %s %s", command->entry.name, command->entry.name,
		               command->arguments);
	return !replay_refuses(app, command, err) && command->run(app, words, err);
}

/* Scripts see the result of a line before the next one. */
static bool settle(struct app *app, struct err *err)
{
	uint64_t refused = app->experiment->status.refused;
	isometry_follow(app);
	runner_settle(app->experiment->runner, 0);
	refresh_app(app);
	const struct err *now = &app->experiment->status.err;
	if (now->code == ERR_NONE || (app->experiment->status.state != RUNNER_FAILED && app->experiment->status.refused == refused))
		return true;
	if (err)
		*err = *now;
	return false;
}

bool command_line_run(struct app *app, const char *line, struct err *err)
{
	static const char blanks[] = " \t\r\n";
	char copy[COMMAND_SIZE];
	line += strspn(line, blanks);
	size_t length = strlen(line);
	app->message->text[0] = '\0';
	if (length == 0 || line[0] == '#')
		return true;
	if (length >= sizeof copy)
		return err_set(err, ERR_USAGE, "the command line is too long: at most %zu bytes", sizeof copy - 1);
	while (strchr(blanks, line[length - 1]))
		length--;
	for (size_t i = 0; i < length; i++)
		copy[i] = line[i] == '\t' ? ' ' : line[i];
	copy[length] = '\0';
	bool done = execute(app, copy, err);
	if (!app->experiment->interactive)
		done = settle(app, done ? err : NULL) && done;
	return done;
}

void command_line_enter(struct app *app, const char *line)
{
	struct err err = {0};
	if (!command_line_run(app, line, &err))
		message_show(app->message, ROLE_ALARM, MESSAGE_ALARM_SECONDS, "%s", err.message);
}
