/* Clicks: the screen is drawn again with a probe that notes what is drawn at
 * the cell. */
#include "app/click.h"

#include "app/app_parts.h"
#include "app/command_line.h"
#include "app/frame.h"
#include "app/layout.h"
#include "app/message.h"
#include "app/overlay.h"

void click_at(struct app *app, int x, int y)
{
	struct canvas canvas;
	struct canvas_probe probe = { .x = x, .y = y };
	if (overlay_line(app) || !canvas_create(&canvas, app->screen->width, app->screen->height, app->screen->ascii, NULL))
		return;
	canvas.probe = &probe;
	frame_draw(app, &canvas);
	canvas_destroy(&canvas);
	app->message->text[0] = '\0';
	if (probe.command[0])
		command_line_enter(app, probe.command);
	if (probe.words[0])
		message_show(app->message, ROLE_PLAIN, 0, "%s", probe.words);
}
