/* The hint bar: which commands it offers in which situation. */
#include "app/hint_bar.h"

#include <stdio.h>
#include <string.h>

#include "draw/wrap.h"
#include "app/app_parts.h"
#include "app/command.h"
#include "app/curing.h"
#include "app/experiment.h"
#include "app/findings.h"
#include "app/key.h"
#include "app/key_label.h"
#include "app/keyboard.h"
#include "app/moment.h"
#include "app/overlay.h"
#include "app/phase.h"
#include "app/picking.h"
#include "app/replay.h"

static int hint_cells(const struct command *command, bool ascii)
{
	char label[40];
	key_label_of_command(command, label, sizeof label);
	return wrap_cells(label, ascii) + 1 + (int)strlen(command->hint);
}

/* A click on a hint does what its key does.  Of two keys, as in "+/-", the one
 * clicked on counts; a range of keys does nothing. */
static void make_hint_clickable(const struct command *command, const struct canvas *canvas, struct rect rect, const char *label)
{
	struct canvas_probe *probe = canvas_probe_in(canvas, rect);
	char word[16], first[40];
	if (probe == NULL || command->hint_keys > 2)
		return;
	snprintf(first, sizeof first, "%.*s", (int)strcspn(label, "/"), label);
	size_t key = command->hint_keys == 2 && probe->x - rect.x > wrap_cells(first, canvas->ascii);
	snprintf(probe->command, sizeof probe->command, "%s %s", command->entry.name,
	         command_key_word(command, key, word, sizeof word));
}

static void draw_hint(const struct command *command, struct canvas *canvas, int x, int y)
{
	char label[40];
	key_label_of_command(command, label, sizeof label);
	int end = canvas_text(canvas, x, y, canvas->width, ROLE_KEY, label);
	end = canvas_text(canvas, end + 1, y, canvas->width, ROLE_HINT, command->hint);
	make_hint_clickable(command, canvas, (struct rect){ x, y, end - x, 1 }, label);
}

/* The set of enum command_hint_when that holds now. */
static unsigned hint_situation(const struct app *app)
{
	const struct snapshot *now = moment_snapshot(app);
	const struct runner_status *status = &app->experiment->status;
	unsigned first = app->experiment->interactive && !app->keyboard->pressed ? HINT_FIRST : 0;
	if (now == NULL)
		return HINT_FAILED | first | (status->any_trained ? HINT_UNDO : 0);
	unsigned also = first | (status->any_trained ? HINT_UNDO : 0) |
	                (app->findings->of == now && app->findings->cure.outcome == CURE_FOUND && !curing_is_comparing(app) ? HINT_ILL : 0) |
	                (now->settings.steps > 0 && now->step >= now->settings.steps ? HINT_FINISHED : 0);
	if (moment_is_past(app) || status->replay)
		return HINT_BACK | also;
	return (status->state == RUNNER_RUNNING ? HINT_RUNNING : HINT_PAUSED) | also;
}

/* The commands that always have a place, at the right end.  If q closes an overlay,
 * the hint is "close".  Returns the x before them. */
static int draw_constant_hints(const struct overlay *overlay, struct canvas *canvas, struct rect rect)
{
	int end = rect.x + rect.width - 1;
	size_t key;
	const struct command *quit = command_of_key('q', &key);
	for (size_t i = commands.count; i-- > 0;) {
		struct command command = *command_at(i);
		if (!command.hint_stays)
			continue;
		if (command_at(i) == quit && overlay && overlay->q_closes) {
			command.entry.name = overlay->q_closes;
			command.hint = "close";
		}
		end -= hint_cells(&command, canvas->ascii);
		draw_hint(&command, canvas, end, rect.y);
		end -= 2;
	}
	return end;
}

/* The keys that the view has for itself; returns the x after them. */
static int draw_view_hints(const struct app *app, struct canvas *canvas, int x, int y, int end)
{
	static const char *const of_phase[][2] = { { "arrows", "point" }, { "Enter", "start" }, { "E", "trained nets" }, { NULL } };
	static const char *const of_images[][2] = { { "←/→", "image" }, { "↑/↓", "unit" }, { "Enter", "mark" }, { NULL } };
	const char *const(*hints)[2] = phase_has_keys(app) ? of_phase : picking_has_keys(app) ? of_images : NULL;
	for (size_t i = 0; hints && hints[i][0]; i++) {
		int key = canvas_text_cells(canvas, hints[i][0]), cells = key + 1 + canvas_text_cells(canvas, hints[i][1]);
		if (x + cells > end)
			break;
		canvas_text(canvas, x, y, canvas->width, ROLE_KEY, hints[i][0]);
		canvas_text(canvas, x + key + 1, y, canvas->width, ROLE_HINT, hints[i][1]);
		x += cells + 2;
	}
	return x;
}

/* Whether the keys of the command move something else in the view that is shown. */
static bool is_replaced(const struct app *app, const struct command *command)
{
	size_t key;
	return (phase_has_keys(app) || picking_has_keys(app)) && (command == command_of_key(APP_KEY_UP, &key) || command == command_of_key(APP_KEY_LEFT, &key));
}

/* Whether the bar may show a command in this situation. */
static bool is_offered(const struct command *command, unsigned situation)
{
	bool here = command->hint_when & situation & HINT_ALWAYS;
	bool bound = command->hint_when & (HINT_UNDO | HINT_ILL | HINT_FIRST); /* shown only in these situations */
	bool replaced = command->hint_when & HINT_SOUND && situation & HINT_ILL;
	return here && !replaced && (!bound || (command->hint_when & situation & HINT_NOW));
}

void hint_bar_draw(const struct app *app, struct canvas *canvas, struct rect rect)
{
	const struct overlay *overlay = overlay_top(app);
	int x = rect.x + 1, end = draw_constant_hints(overlay, canvas, rect);
	char hint[OVERLAY_HINT_SIZE] = "";
	if (overlay)
		overlay_hint(app, overlay, false, hint);
	if (hint[0]) {
		if (wrap_cells(hint, canvas->ascii) > end - x)
			overlay_hint(app, overlay, true, hint);
		canvas_text(canvas, x, rect.y, end - x, ROLE_HINT, hint);
		return;
	}
	/* First the commands for this situation, then the usual ones, then those for
	 * spare room. */
	unsigned situation = hint_situation(app);
	for (int pass = 0; pass < 3; pass++) {
		if (pass == 1)
			x = draw_view_hints(app, canvas, x, rect.y, end);
		for (size_t i = 0; i < commands.count; i++) {
			const struct command *command = command_at(i);
			bool urgent = i == 0 || (command->hint_when & situation & HINT_NOW);
			int turn = urgent ? 0 : command->hint_when & HINT_ROOM ? 2 : 1;
			if (command->hint == NULL || command->hint_stays || turn != pass || !is_offered(command, situation) ||
			    is_replaced(app, command) || replay_refuses(app, command, NULL))
				continue;
			int cells = hint_cells(command, canvas->ascii);
			if (x + cells > end + urgent) /* for an urgent one, one blank before the constant ones is enough */
				continue;
			draw_hint(command, canvas, x, rect.y);
			x += cells + 2;
		}
	}
}
