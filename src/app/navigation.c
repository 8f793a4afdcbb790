/* Commands that choose what is shown of the net: view, layer, tensor, axes,
 * palette. */
#include "app/navigation.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "draw/palette.h"
#include "app/app_parts.h"
#include "app/command.h"
#include "app/experiment.h"
#include "app/findings.h"
#include "app/lanes.h"
#include "app/layout.h"
#include "app/coordinate_work.h"
#include "app/map_work.h"
#include "app/message.h"
#include "app/moment.h"
#include "app/plane.h"
#include "app/services.h"

bool navigation_choose(const struct table *table, const char *word, size_t *at, struct err *err)
{
	if (text_same_name(word, "next")) {
		*at = (*at + 1) % table->count;
		return true;
	}
	if (text_same_name(word, "previous")) {
		*at = (*at + table->count - 1) % table->count;
		return true;
	}
	const struct entry *entry = table_find(table, word, err);
	if (entry)
		*at = table_index(table, entry);
	return entry != NULL;
}

/* "zoom": from any view to the selected layer, from there to all layers. */
bool navigation_view(struct app *app, char *words, struct err *err)
{
	size_t layer = table_index(&views, table_find(&views, "layer", NULL));
	if (text_same_name(words, "zoom"))
		return navigation_choose(&views, app->navigation->view == layer ? "layers" : "layer", &app->navigation->view, err);
	return navigation_choose(&views, words, &app->navigation->view, err);
}

/* Says what was chosen, and where it is seen if the present view does not show it:
 * "...; the views time and multiples show it". */
static void show_choice(struct app *app, enum view_choice choice, const char *words)
{
	struct text text = {0};
	size_t found = 0, all = 0;
	text_add(&text, words);
	for (size_t i = 0; i < views.count; i++)
		all += (view_at(i)->choices & choice) != 0;
	for (size_t i = 0; i < views.count && !(view_at(app->navigation->view)->choices & choice); i++)
		if (view_at(i)->choices & choice) {
			found++;
			text_addf(&text, "%s%s", found > 1 ? found == all ? " and " : ", " : all > 1 ? "; the views " : "; the view ",
			          view_at(i)->entry.name);
		}
	if (found)
		text_add(&text, all > 1 ? " show it" : " shows it");
	message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "%s", text_string(&text));
	text_free(&text);
}

bool navigation_tensor(struct app *app, char *words, struct err *err)
{
	const struct command *command = command_find("tensor", NULL);
	size_t at = app->navigation->tensor;
	if (!navigation_choose(command->choices, words, &at, err))
		return false;
	app->navigation->tensor = (enum mlp_tensor)at;
	char chosen[80];
	snprintf(chosen, sizeof chosen, "%s: %s", table_at(command->choices, at)->name, table_at(command->choices, at)->summary);
	show_choice(app, VIEW_TENSOR, chosen);
	return true;
}

bool navigation_layer(struct app *app, char *words, struct err *err)
{
	size_t count = moment_layers(app), at = app->navigation->layer < count ? app->navigation->layer : count - 1;
	uint64_t number;
	char safe[64];
	if (text_same_name(words, "first"))
		at = 0;
	else if (text_same_name(words, "last"))
		at = count - 1;
	else if (words[0] == '+' && text_unsigned(words + 1, &number))
		at = number < count - at ? at + (size_t)number : count - 1;
	else if (words[0] == '-' && text_unsigned(words + 1, &number))
		at = number < at ? at - (size_t)number : 0;
	else if (text_unsigned(words, &number) && number >= 1 && number <= count)
		at = (size_t)number - 1;
	else
		return err_set(err, ERR_USAGE, "layer: '%s' is not a layer of this net: give 1 to %zu, +N, -N, first or last",
		               text_escape(safe, sizeof safe, words), count);
	app->navigation->layer = at;
	app->navigation->layer_commands++;
	return true;
}

bool navigation_palette(struct app *app, char *words, struct err *err)
{
	size_t at = app->navigation->palette;
	if (!navigation_choose(&palettes, words, &at, err))
		return false;
	if (app->services->choose_palette == NULL)
		return err_set(err, ERR_USAGE, "palette: this cannot be done here");
	const struct entry *entry = table_at(&palettes, at);
	if (!app->services->choose_palette(app->services->context, palette_from(entry), err))
		return false;
	app->navigation->palette = at;
	app->navigation->palette_chosen = true;
	message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "palette %s: %s", entry->name, entry->summary);
	return true;
}

bool navigation_axis(struct app *app, char *words, struct err *err)
{
	const struct command *command = command_find("axis", NULL);
	const struct entry *entry = table_find(command->choices, words, err);
	if (entry == NULL)
		return false;
	switch (table_index(command->choices, entry)) {
	case AXIS_LOG:
	case AXIS_LINEAR:
		app->navigation->linear = table_index(command->choices, entry) == AXIS_LINEAR;
		break;
	case AXIS_FULL:
	case AXIS_RECENT:
		app->navigation->recent = table_index(command->choices, entry) == AXIS_RECENT;
		break;
	case AXIS_SCALE:
		app->navigation->linear = !app->navigation->linear;
		break;
	case AXIS_SPAN:
		app->navigation->recent = !app->navigation->recent;
	}
	char chosen[80];
	snprintf(chosen, sizeof chosen, "loss on a %s axis, %s", app->navigation->linear ? "linear" : "logarithmic",
	         app->navigation->recent ? "the last steps" : "all steps");
	show_choice(app, VIEW_CURVES, chosen);
	return true;
}

bool navigation_counts(struct app *app, char *words, struct err *err)
{
	const struct command *command = command_find("counts", NULL);
	const struct entry *entry = table_find(command->choices, words, err);
	if (entry == NULL)
		return false;
	size_t chosen = table_index(command->choices, entry);
	app->navigation->log_counts = chosen == COUNTS_SCALE ? !app->navigation->log_counts : chosen == COUNTS_LOG;
	show_choice(app, VIEW_COUNTS, app->navigation->log_counts ? "histograms with logarithmic counts" : "histograms with linear counts");
	return true;
}

#define ZOOM_LEAST 0.125
#define ZOOM_MOST 64

bool navigation_zoom(struct app *app, char *words, struct err *err)
{
	double zoom = app->navigation->zoom > 0 ? app->navigation->zoom : 1;
	if (!text_real(words, &zoom)) {
		const struct command *command = command_find("zoom", NULL);
		const struct entry *entry = table_find(command->choices, words, err);
		if (entry == NULL)
			return false;
		size_t chosen = table_index(command->choices, entry);
		zoom = chosen == ZOOM_IN ? zoom * 2 : chosen == ZOOM_OUT ? zoom / 2 : 1;
		zoom = fmax(ZOOM_LEAST, fmin(ZOOM_MOST, zoom));
	}
	if (!(zoom >= ZOOM_LEAST && zoom <= ZOOM_MOST))
		return err_set(err, ERR_USAGE, "zoom: %g is out of range: give a number from %g to %g", zoom, ZOOM_LEAST,
		               (double)ZOOM_MOST);
	app->navigation->zoom = zoom;
	char chosen[80];
	snprintf(chosen, sizeof chosen, "value axes of histograms: zoom ×%.4g", zoom);
	show_choice(app, VIEW_ZOOM, zoom == 1 ? "histograms show the whole range of values" : chosen);
	return true;
}

bool navigation_present(struct app *app, char *words, struct err *err)
{
	const struct command *command = command_find("present", NULL);
	const struct entry *entry = words[0] ? table_find(command->choices, words, err) : NULL;
	if (words[0] && entry == NULL)
		return err_prefix(err, "present");
	app->screen->present = entry ? table_index(command->choices, entry) == PRESENT_ON : !app->screen->present;
	return true;
}

/* ---- for the views ---- */

bool navigation_scene(const struct app *app, struct scene *scene)
{
	const struct snapshot *now = moment_snapshot(app);
	if (now == NULL)
		return false;
	size_t layer = app->navigation->layer < now->layers ? app->navigation->layer : now->layers - 1;
	*scene = (struct scene){
		.now = now, .history = lanes_history(app, app->lanes->chosen), .status = &app->experiment->status, .layer = layer, .scroll = layer,
		.tensor = app->navigation->tensor, .live = !moment_is_past(app),
		.pins = app->pins, .linear = app->navigation->linear, .recent = app->navigation->recent, .log_counts = app->navigation->log_counts,
		.zoom = app->navigation->zoom,
		.marked = app->navigation->marked, .present = app->screen->present,
	};
	if (app->findings->of == now) {
		scene->diagnosis = &app->findings->diagnosis;
		scene->cure = &app->findings->cure;
	}
	scene->phase = app->plane->phase.plane.activation.entry ? &app->plane->phase : NULL;
	map_fill_scene(app, &scene->map);
	scene->map.has_keys |= !view_at(app->navigation->view)->plane;
	coordinate_work_fill_scene(app, &scene->coordinates);
	scene->lanes = app->lanes->beside + 1;
	scene->chosen = app->lanes->chosen;
	for (size_t i = 0; i < scene->lanes; i++)
		scene->lane[i] = (struct scene_lane){ moment_of_lane(app, i), lanes_history(app, i) };
	return true;
}
