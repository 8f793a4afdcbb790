/* Commands about the program itself: redraw, suspend, prompt. */
#include "app/program.h"

#include "app/app_parts.h"
#include "app/line.h"
#include "app/services.h"

bool program_cannot(const char *what, struct err *err)
{
	return err_set(err, ERR_USAGE, "%s: this cannot be done here", what);
}

bool program_redraw(struct app *app, char *words, struct err *err)
{
	(void)words, (void)err;
	if (app->services->redraw)
		app->services->redraw(app->services->context);
	return true;
}

bool program_suspend(struct app *app, char *words, struct err *err)
{
	(void)words;
	if (app->services->suspend == NULL)
		return program_cannot("suspend", err);
	app->services->suspend(app->services->context);
	return true;
}

bool program_prompt(struct app *app, char *words, struct err *err)
{
	(void)words, (void)err;
	line_open(app->prompt, ':');
	return true;
}
