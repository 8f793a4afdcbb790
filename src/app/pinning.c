/* The commands for pinned runs. */
#include "app/pinning.h"

#include "base/text.h"
#include "lab/pins.h"
#include "lab/run_label.h"
#include "app/app_parts.h"
#include "app/lanes.h"
#include "app/message.h"

bool pinning_pin(struct app *app, char *words, struct err *err)
{
	char label[RUN_LABEL_SIZE];
	const struct history *history = lanes_history(app, app->lanes->chosen);
	if (history->count < 2)
		return err_set(err, ERR_USAGE, "pin: this run has no curve to keep yet: run first");
	text_escape(label, sizeof label, words);
	if (!pins_add(app->pins, history, words[0] ? label : NULL, err))
		return false;
	message_show(app->message, ROLE_GOOD, MESSAGE_SECONDS, "pinned: %s", app->pins->pin[app->pins->count - 1]->label);
	return true;
}

bool pinning_unpin(struct app *app, char *words, struct err *err)
{
	char safe[64];
	bool all = text_same_name(words, "all");
	if (words[0] && !all)
		return err_set(err, ERR_USAGE, "unpin: '%s' is not a choice: give all, or no word",
		               text_escape(safe, sizeof safe, words));
	if (app->pins->count == 0)
		message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "nothing is pinned");
	else
		message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "unpinned: %s",
		        all ? "all" : app->pins->pin[app->pins->count - 1]->label);
	if (all)
		pins_clear(app->pins);
	else
		pins_drop(app->pins);
	return true;
}
