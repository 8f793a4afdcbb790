/* Picking an image of the probe and a unit of the first layer. */
#include "app/picking.h"

#include <stdio.h>

#include "base/text.h"
#include "lab/runner.h"
#include "view/view.h"
#include "app/app_parts.h"
#include "app/command_line.h"
#include "app/experiment.h"
#include "app/key.h"
#include "app/message.h"
#include "app/moment.h"
#include "app/navigation.h"
#include "app/refresh.h"

enum { FIRST, LAST, MARK, OFF };

static const struct entry image_list[] = {
	[FIRST] = { .name = "first", .summary = "the first image of the probe" },
	[LAST] = { .name = "last", .summary = "the last image of the probe" },
	[MARK] = { .name = "mark", .summary = "mark its own z and a on the histograms of Layers and Layer" },
	[OFF] = { .name = "off", .summary = "no marks" },
};
const struct table image_words = TABLE_OF(image_list, "choice", "choices");

static const struct entry unit_list[] = {
	[FIRST] = { .name = "first", .summary = "the first unit of layer 1" },
	[LAST] = { .name = "last", .summary = "the last unit of layer 1" },
};
const struct table unit_words = TABLE_OF(unit_list, "choice", "choices");

static const struct view *view_shown(const struct app *app)
{
	return view_at(app->navigation->view);
}

bool picking_has_keys(const struct app *app)
{
	return view_shown(app)->images;
}

/* ---- asking the runner ---- */

/* The observation shown is one of the past, made when no one asked for these images. */
static bool past_lacks_images(const struct app *app, const struct images_wanted *wanted)
{
	const struct snapshot *now = moment_snapshot(app);
	if (!wanted->any || now == NULL || !moment_is_past(app))
		return false;
	const struct images *images = now->images;
	uint32_t image = images && wanted->image >= images->count ? (uint32_t)images->count - 1 : wanted->image;
	uint32_t units = (uint32_t)now->layer[0].fan_out, unit = wanted->unit < units ? wanted->unit : units - 1;
	return images == NULL || images->image != image || images->unit != unit;
}

bool picking_follow(struct app *app)
{
	struct picking *picking = app->picking;
	const struct view *view = view_shown(app);
	struct images_wanted wanted = { view->images || (view->marks && app->navigation->marked), app->navigation->image, app->navigation->unit };
	if (app->experiment->status.replay)
		return false;
	bool news = !images_same(&wanted, &picking->sent);
	if (news) {
		picking->sent = wanted;
		picking->past_asked = false;
		runner_want_images(app->experiment->runner, &wanted);
	}
	if (past_lacks_images(app, &wanted)) {
		uint64_t step = moment_snapshot(app)->step;
		if (!picking->past_asked || picking->past != step) {
			picking->past_asked = news = true;
			picking->past = step;
			runner_observe(app->experiment->runner, step);
		}
	}
	if (!news || app->experiment->interactive)
		return false;
	runner_settle(app->experiment->runner, 0);
	refresh_app(app);
	return true;
}

/* ---- commands ---- */

/* N, +N, -N, first, last: sets *at, from 0, of `count`. */
static bool choose(uint32_t *at, size_t count, const char *name, const char *word, struct err *err)
{
	char safe[64];
	uint64_t number;
	const size_t now = *at < count ? *at : count - 1;
	if (text_same_name(word, image_list[FIRST].name))
		*at = 0;
	else if (text_same_name(word, image_list[LAST].name))
		*at = (uint32_t)(count - 1);
	else if (word[0] == '+' && text_unsigned(word + 1, &number))
		*at = (uint32_t)(number < count - now ? now + number : count - 1);
	else if (word[0] == '-' && text_unsigned(word + 1, &number))
		*at = (uint32_t)(number < now ? now - number : 0);
	else if (text_unsigned(word, &number) && number >= 1 && number <= count)
		*at = (uint32_t)(number - 1);
	else
		return err_set(err, ERR_USAGE, "%s: '%s' is none of the %zu: give 1 to %zu, +N, -N, first or last", name,
		               text_escape(safe, sizeof safe, word), count, count);
	return true;
}

/* The images that can be picked; 0 before the first observation. */
static size_t image_count(const struct app *app)
{
	const struct snapshot *now = moment_snapshot(app);
	if (now == NULL)
		return 0;
	return now->images ? now->images->count : now->input.images < IMAGES_MOST ? (size_t)now->input.images : IMAGES_MOST;
}

static bool refuse(const char *name, struct err *err)
{
	return err_set(err, ERR_RUN, "%s: there is no observation yet: wait until the images are loaded", name);
}

static bool mark_image(struct app *app)
{
	app->navigation->marked = true;
	message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "image %u is marked: its own z and a on the axes of Layers and Layer; "
	             "`image off` ends it", app->navigation->image + 1);
	return true;
}

bool picking_image(struct app *app, char *words, struct err *err)
{
	if (app->experiment->status.replay)
		return err_set(err, ERR_USAGE, "image: a saved run has no images: start initviz without --replay");
	if (text_same_name(words, image_list[OFF].name)) {
		app->navigation->marked = false;
		return true;
	}
	const size_t count = image_count(app);
	if (count == 0)
		return refuse("image", err);
	if (app->navigation->image >= count)
		app->navigation->image = (uint32_t)count - 1;
	if (text_same_name(words, image_list[MARK].name))
		return mark_image(app);
	return choose(&app->navigation->image, count, "image", words, err);
}

bool picking_unit(struct app *app, char *words, struct err *err)
{
	const struct snapshot *now = moment_snapshot(app);
	return now ? choose(&app->navigation->unit, now->layer[0].fan_out, "unit", words, err) : refuse("unit", err);
}

/* ---- keys ---- */

bool picking_key(struct app *app, int key)
{
	static const struct {
		int key;
		const char *line;
	} keys[] = {
		{ APP_KEY_LEFT, "image -1" }, { APP_KEY_RIGHT, "image +1" }, { APP_KEY_PAGE_UP, "image -10" }, { APP_KEY_PAGE_DOWN, "image +10" },
		{ APP_KEY_HOME, "image first" }, { APP_KEY_END, "image last" }, { APP_KEY_UP, "unit -1" }, { APP_KEY_DOWN, "unit +1" },
		{ '\r', "image mark" },
	};
	if (!picking_has_keys(app))
		return false;
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (keys[i].key == key) {
			command_line_enter(app, keys[i].line);
			if (key == '\r' && app->navigation->marked)
				command_line_enter(app, "view layers");
			return true;
		}
	return false;
}
