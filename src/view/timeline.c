/* The timeline.  Its scale covers the whole run, so nothing moves while the
 * run continues. */
#include "view/timeline.h"

#include <stdio.h>

#include "base/text.h"
#include "base/whole.h"
#include "draw/glyphs.h"
#include "base/number.h"
#include "view/events.h"

struct bar {
	struct canvas *canvas;
	int x, y, width; /* width of the bar alone */
	uint64_t end;    /* its last step */
};

static int place(const struct bar *bar, uint64_t step)
{
	double share = bar->end ? (double)step / (double)bar->end : 0;
	return bar->x + whole_int(share * (bar->width - 1) + 0.5, 0, bar->width - 1);
}

static void mark(void *context, const struct event *event)
{
	const struct bar *bar = context;
	enum glyph sign = event->kind == EVENT_DIVERGED ? GLYPH_ALERT : GLYPH_DOWN;
	canvas_put(bar->canvas, place(bar, event->step), bar->y, glyph(sign, bar->canvas->ascii), event_role(event->kind));
}

static void draw_bar(const struct bar *bar, const struct history *history, uint64_t now, uint64_t present)
{
	bool ascii = bar->canvas->ascii;
	for (int i = 0; i < bar->width; i++) {
		bool done = bar->x + i <= place(bar, present);
		canvas_put(bar->canvas, bar->x + i, bar->y, glyph(done ? GLYPH_BAND : GLYPH_DOT, ascii), ROLE_AXIS);
	}
	events_visit(history, mark, (void *)bar);
	canvas_put(bar->canvas, place(bar, now), bar->y, glyph(GLYPH_BAR_8, ascii), ROLE_CURSOR);
}

/* A click on the bar goes to that step. */
static void make_clickable(const struct bar *bar)
{
	struct canvas_probe *probe = canvas_probe_in(bar->canvas, (struct rect){ bar->x, bar->y, bar->width, 1 });
	if (probe)
		snprintf(probe->command, sizeof probe->command, "go %.0f",
		         (double)(probe->x - bar->x) / (bar->width - 1) * (double)bar->end);
}

/* Collects the events of the step at the cursor. */
struct here {
	uint64_t step;
	struct text text;
	enum role role;
};

static void add_event(void *context, const struct event *event)
{
	struct here *here = context;
	if (event->step != here->step)
		return;
	if (here->text.length)
		text_add(&here->text, "; ");
	else
		here->role = event_role(event->kind);
	event_describe(event, &here->text);
}

static void draw_here(const struct history *history, const struct snapshot *now, struct canvas *canvas, int x, int y,
                      int room)
{
	struct here here = { .step = now->step, .role = ROLE_LABEL };
	events_visit(history, add_event, &here);
	if (here.text.length == 0) {
		char loss[TEXT_READOUT_SIZE], train[NUMBER_SIZE], test[NUMBER_SIZE];
		text_addf(&here.text, "loss %s  train %s, test %s", text_readout(loss, now->loss),
		          number_share(train, now->train_accuracy), number_share(test, now->test_accuracy));
	}
	canvas_text(canvas, x, y, room, here.role, text_string(&here.text));
	text_free(&here.text);
}

void timeline_draw(const struct history *history, const struct snapshot *now, uint64_t present, uint64_t steps,
                   struct canvas *canvas, struct rect row)
{
	char last[24];
	uint64_t end = present > steps ? present : steps;
	int digits = snprintf(last, sizeof last, "%llu", (unsigned long long)end), x = row.x + 1;
	int width = row.width * 3 / 10 - digits;
	x = canvas_text(canvas, x, row.y, 2, ROLE_AXIS, "0") + 1;
	struct bar bar = { canvas, x, row.y, width < 6 ? 6 : width, end };
	draw_bar(&bar, history, now->step, present);
	make_clickable(&bar);
	x = 1 + canvas_text(canvas, bar.x + bar.width + 1, row.y, digits, ROLE_AXIS, last);
	canvas_put(canvas, x, row.y, glyph(GLYPH_LINE_V, canvas->ascii), ROLE_AXIS);
	draw_here(history, now, canvas, x + 2, row.y, row.x + row.width - x - 3);
}
