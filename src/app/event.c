/* The command `event`: shows the moment at which something happened. */
#include "app/event.h"

#include "base/text.h"
#include "view/events.h"
#include "app/app_parts.h"
#include "app/lanes.h"
#include "app/message.h"
#include "app/moment.h"
#include "app/navigation.h"

/* The first event of a kind; an event of the selected layer is preferred. */
struct wanted {
	enum event_kind kind;
	size_t layer;
	struct event event;
	bool found;
};

static void choose(void *context, const struct event *event)
{
	struct wanted *wanted = context;
	if (event->kind != wanted->kind || (wanted->found && event->layer != wanted->layer))
		return;
	wanted->event = *event;
	wanted->found = true;
}

static void list_names(struct text *text)
{
	for (size_t i = 0; i < event_kinds.count; i++)
		text_addf(text, "%s%s", i ? ", " : "", table_at(&event_kinds, i)->name);
}

static bool find_by_name(const struct app *app, const struct history *history, const char *name, uint64_t *step,
                         struct err *err)
{
	const struct entry *entry = table_find(&event_kinds, name, NULL);
	if (entry == NULL) {
		struct text names = {0};
		char safe[64];
		list_names(&names);
		err_set(err, ERR_USAGE, "event: '%s' is not an event: give next, previous, or one of %s",
		        text_escape(safe, sizeof safe, name), text_string(&names));
		text_free(&names);
		return false;
	}
	struct wanted wanted = { .kind = (enum event_kind)table_index(&event_kinds, entry), .layer = app->navigation->layer };
	events_visit(history, choose, &wanted);
	*step = wanted.event.step;
	return wanted.found || err_set(err, ERR_USAGE, "event: this run has had no such event so far: %s",
	                               entry->summary);
}

bool event_show(struct app *app, char *words, struct err *err)
{
	const struct snapshot *now = moment_snapshot(app);
	uint64_t step;
	if (now == NULL)
		return true;
	const struct history *history = lanes_history(app, app->lanes->chosen);
	bool next = text_same_name(words, "next");
	if (next || text_same_name(words, "previous")) {
		if (!events_next(history, now->step, next ? 1 : -1, &step)) {
			message_show(app->message, ROLE_PLAIN, MESSAGE_SECONDS, "no event %s step %llu", next ? "after" : "before", (unsigned long long)now->step);
			return true;
		}
	} else if (!find_by_name(app, history, words, &step, err))
		return false;
	app->moment->live = false;
	app->moment->step = step;
	return true;
}
