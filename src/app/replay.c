/* A saved run that is replayed can be shown, but not trained or changed. */
#include "app/replay.h"

#include "app/app_parts.h"
#include "app/command.h"
#include "app/experiment.h"

static bool works(const struct command *command)
{
	return command->in_replay || (command->group != COMMAND_RUNNING && command->group != COMMAND_CHANGING);
}

bool replay_refuses(const struct app *app, const struct command *command, struct err *err)
{
	if (!app->experiment->status.replay || (command && works(command)))
		return false;
	err_set(err, ERR_USAGE, "%s", RUNNER_REPLAY_REFUSAL);
	return true;
}
