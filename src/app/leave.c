/* Leaving the program. */
#include "app/leave.h"

#include "app/app_parts.h"
#include "app/message.h"
#include "app/program.h"
#include "app/save.h"

bool leave_program(struct app *app, char *words, struct err *err)
{
	(void)words, (void)err;
	struct program *program = app->program;
	char safe[256];
	const char *unsaved = save_waits(app, safe);
	bool again = program->leaving && program->leaving + 1 == program->commands;
	program->quit = unsaved == NULL || again;
	program->leaving = program->commands;
	if (!program->quit)
		message_show(app->message, ROLE_NOTE, 0, "quits when %s is saved, which waits for the net; again: quit without it", unsaved);
	return true;
}

void leave_follow(struct app *app)
{
	struct program *program = app->program;
	char safe[256];
	if (program->leaving == 0 || save_waits(app, safe))
		return;
	program->quit |= program->leaving == program->commands && !app->saving->failed;
	program->leaving = 0;
}
