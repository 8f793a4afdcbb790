/* Clicks: the screen is drawn once more, with a question about the cell. */
#include "app/app_state.h"
#include "app/overlay.h"

void app_click(struct app *app, int x, int y)
{
	struct canvas canvas;
	struct canvas_probe probe = { .x = x, .y = y };
	if (overlay_line(app) || !canvas_create(&canvas, app->width, app->height, app->ascii, NULL))
		return;
	canvas.probe = &probe;
	app_draw(app, &canvas);
	canvas_destroy(&canvas);
	app->message.text[0] = '\0';
	if (probe.command[0])
		app_run_line(app, probe.command);
	if (probe.words[0])
		app_say(app, ROLE_PLAIN, 0, "%s", probe.words);
}
