/* The rows around the view that describe the state of the net.  A statement is
 * shown in its longest form that fits, never cut.  Numbers have a fixed place, so
 * nothing moves during training. */
#include "app/status.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/run_label.h"
#include "draw/glyphs.h"
#include "draw/plot.h"
#include "view/timeline.h"
#include "view/verdict.h"
#include "app/app_parts.h"
#include "app/command.h"
#include "app/curing.h"
#include "app/experiment.h"
#include "app/findings.h"
#include "app/key_label.h"
#include "app/lanes.h"
#include "app/layout.h"
#include "app/lesson_screen.h"
#include "app/moment.h"

/* The findings on what is shown; NULL before the first observation. */
static const struct findings *findings_of(const struct app *app)
{
	const struct snapshot *now = moment_snapshot(app);
	return now && app->findings->of == now ? app->findings : NULL;
}

/* ---- statements ---- */

/* The longest form that fits into so many cells of this canvas, whose ASCII
 * forms of characters may be wider; NULL if none does. */
static const char *longest_fitting(const struct canvas *canvas, const struct wording *wording, int cells)
{
	for (int i = 0; i < WORDING_FORMS && wording->form[i][0]; i++)
		if (canvas_text_cells(canvas, wording->form[i]) <= cells)
			return wording->form[i];
	return NULL;
}

/* Draws a statement after `used` cells of something that can be left out; `used`
 * becomes 0 when it is left out. */
static void draw_statement(struct canvas *canvas, struct rect row, enum role role, const struct wording *wording, int *used)
{
	int room = row.width - 2;
	const char *form = longest_fitting(canvas, wording, room - *used);
	if (form == NULL) {
		*used = 0;
		form = longest_fitting(canvas, wording, room);
	}
	if (form == NULL)
		form = wording_fit(wording, 0);
	canvas_text(canvas, row.x + 1 + *used, row.y, room - *used, role, form);
}

/* A row with a word before the statement: "why", "try". */
static void draw_labelled(struct canvas *canvas, struct rect row, const char *label, enum role role,
                          const struct wording *wording)
{
	int used = canvas_text_cells(canvas, label) + 2;
	draw_statement(canvas, row, role, wording, &used);
	if (used)
		canvas_text(canvas, row.x + 1, row.y, used, ROLE_TITLE, label);
}

/* "A " or "B ": which of two nets a statement is about; "" if there is one. */
static const char *net_letter(const struct app *app)
{
	return app->lanes->beside != 1 ? "" : app->lanes->chosen ? "B " : "A ";
}

static void draw_what(const struct app *app, struct canvas *canvas, struct rect row)
{
	const struct findings *findings = findings_of(app);
	if (findings == NULL || row.height < 1 || lesson_hides(app, LESSON_VERDICT))
		return;
	const struct diagnosis *diagnosis = &findings->diagnosis;
	enum role role = verdict_role(diagnosis->severity);
	char badge[24];
	snprintf(badge, sizeof badge, "%s%s", net_letter(app), diagnosis->badge);
	for (char *c = badge; *c; c++)
		*c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
	int length = canvas_text_cells(canvas, badge), used = length + 3;
	/* The alarm's reversed style is for the badge alone: a whole row of it is hard to read. */
	draw_statement(canvas, row, role == ROLE_ALARM ? ROLE_WARNING : role, &diagnosis->what, &used);
	if (used == 0)
		return;
	/* A blank at both sides, so that the reversed word is readable. */
	canvas_put(canvas, row.x + 1, row.y, ' ', role);
	canvas_text(canvas, row.x + 2, row.y, length, role, badge);
	canvas_put(canvas, row.x + 2 + length, row.y, ' ', role);
	canvas_flag(canvas, row.x + 1, row.y, length + 2, CELL_BOLD | (diagnosis->severity == SEVERITY_ILL ? CELL_REVERSE : 0));
}

static void draw_why(const struct app *app, struct canvas *canvas, struct rect row)
{
	const struct findings *findings = findings_of(app);
	if (findings && row.height > 0 && !lesson_hides(app, LESSON_CAUSE) && findings->diagnosis.why.form[0][0])
		draw_labelled(canvas, row, "why", ROLE_PLAIN, &findings->diagnosis.why);
}

/* ---- advice ---- */

/* A row that offers a command: its key before the statement, and a click runs it.
 * key_number: of the keys that the command has. */
static void draw_offer(struct canvas *canvas, struct rect row, const char *label, const char *name, size_t key_number,
                       enum role role, const struct wording *wording)
{
	const struct command *command = command_find(name, NULL);
	char words[40] = "", key[16] = "", word[16] = "";
	if (command && command->keys && command_word(command->keys, key_number, key, sizeof key))
		snprintf(words, sizeof words, "%s  %s", label, key_label(key));
	else
		snprintf(words, sizeof words, "%s", label);
	draw_labelled(canvas, row, words, role, wording);
	struct canvas_probe *probe = canvas_probe_in(canvas, row);
	if (probe && command)
		snprintf(probe->command, sizeof probe->command, "%s %s", name, command_key_word(command, key_number, word, sizeof word));
}

static void draw_next(const struct app *app, struct canvas *canvas, struct rect row)
{
	struct wording wording = {0};
	if (app->lanes->beside == 0) {
		wording_add(&wording, "compare: another net beside this one, same seeds and same batches");
		wording_add(&wording, "compare with another net");
		draw_offer(canvas, row, "next", "compare", 0, ROLE_LABEL, &wording);
	}
}

static void draw_advice(const struct app *app, struct canvas *canvas, struct rect row)
{
	const struct findings *findings = findings_of(app);
	if (findings == NULL || row.height < 1 || lesson_hides(app, LESSON_CURE))
		return;
	const struct cure *cure = &findings->cure;
	if (curing_is_comparing(app)) { /* the cure is there: what it does */
		struct wording wording = {0};
		curing_describe(app, &wording);
		draw_offer(canvas, row, "keep B", "cure", 1, ROLE_READOUT, &wording);
	} else if (cure->outcome == CURE_FOUND)
		draw_offer(canvas, row, "try", "cure", 0, ROLE_READOUT, &cure->words);
	else if (findings->diagnosis.severity == SEVERITY_HEALTHY)
		draw_next(app, canvas, row);
	else
		draw_labelled(canvas, row, "cure", ROLE_READOUT, &cure->words);
}

/* ---- numbers ---- */

#define LOG_RATIO 20 /* a loss whose largest and smallest values differ by a larger factor is drawn on a logarithmic axis */

static void draw_trace(const struct trace *trace, bool logarithm, struct canvas *canvas, struct rect rect)
{
	float values[TRACE_POINTS], low = INFINITY, high = 0;
	for (uint32_t i = 0; i < trace->points; i++) {
		values[i] = trace->value[i];
		if (isfinite(values[i]) && values[i] > 0) {
			low = fminf(low, values[i]);
			high = fmaxf(high, values[i]);
		}
	}
	if (logarithm && high > LOG_RATIO * low)
		for (uint32_t i = 0; i < trace->points; i++)
			values[i] = values[i] > 0 || isnan(values[i]) ? logf(values[i]) : logf(low);
	plot_sparkline(canvas, rect, values, trace->points, ROLE_CURVE);
}

/* One readout of the row: a label and a value in a field of fixed width. */
struct field {
	char label[12], value[32];
	int cells; /* of the value */
	bool old;  /* not of the step shown */
};

/* "9 % (step 0)" */
static void fill_share(struct field *field, const char *label, double share, uint64_t step, uint64_t now)
{
	snprintf(field->label, sizeof field->label, "%s", label);
	field->old = !isnan(share) && step != now;
	if (isnan(share))
		snprintf(field->value, sizeof field->value, "-");
	else if (field->old)
		snprintf(field->value, sizeof field->value, "%.0f %% (step %llu)", 100 * share, (unsigned long long)step);
	else
		snprintf(field->value, sizeof field->value, "%.0f %%", 100 * share);
}

/* The last measured test accuracy, with the step at which it was measured. */
static void fill_test(struct field *field, const struct snapshot *now, const struct history *history)
{
	const struct snapshot *last = isnan(now->test_accuracy) ? history_at(history, now->step) : NULL;
	fill_share(field, "test", run_test_accuracy(now, history), last ? last->step : now->step, now->step);
}

static void draw_field(struct canvas *canvas, int *x, int y, int end, const struct field *field)
{
	int label = canvas_text_cells(canvas, field->label) + 1, value = canvas_text_cells(canvas, field->value);
	char bare[sizeof field->value];
	snprintf(bare, sizeof bare, "%s", field->value);
	if (*x + label + value > end && strstr(bare, " (")) { /* an old value without its step is dimmed */
		*strstr(bare, " (") = '\0';
		value = canvas_text_cells(canvas, bare);
	}
	if (*x + label + value > end)
		return;
	canvas_text(canvas, *x, y, label, ROLE_LABEL, field->label);
	canvas_text(canvas, *x + label, y, value, field->old ? ROLE_LABEL : ROLE_READOUT, bare);
	*x += label + (value > field->cells ? value : field->cells) + 2;
}

/* The loss if all classes are given equal probabilities. */
static double guessing_loss(const struct snapshot *now)
{
	size_t classes = now->layers ? now->layer[now->layers - 1].fan_out : 0;
	return classes > 1 ? log((double)classes) : NAN;
}

/* Loss, accuracies, and if there is room their curves and the speed. */
static void draw_numbers(const struct app *app, const struct snapshot *now, struct canvas *canvas, struct rect row)
{
	enum { WIDE = 60, GUESS = 17, TEST_OLD = 18, TAIL = 28 };
	struct field loss = { .label = "loss", .cells = 8 }, train = { .cells = 5 }, test = { .cells = 5 };
	int x = row.x + 1, end = row.x + row.width - 1;
	char guess[TEXT_READOUT_SIZE];
	text_readout(loss.value, now->loss);
	draw_field(canvas, &x, row.y, end, &loss);
	if (row.width >= WIDE) {
		x--;
		canvas_textf(canvas, x, row.y, GUESS, ROLE_LABEL, "(guessing %s)", text_readout(guess, guessing_loss(now)));
		x += GUESS + 1;
	}
	fill_share(&train, "train", now->train_accuracy, now->step, now->step);
	fill_test(&test, now, lanes_history(app, app->lanes->chosen));
	draw_field(canvas, &x, row.y, end, &train);
	int test_x = x;
	draw_field(canvas, &x, row.y, end, &test);
	if (row.width < WIDE)
		return;
	/* The curve does not move when the test accuracy is an old one. */
	x = test_x + TEST_OLD + 2;
	int spark = end - x - (row.width >= 100 ? TAIL : 0);
	draw_trace(&now->batch_loss, true, canvas, (struct rect){ x, row.y, spark > 64 ? 64 : spark, 1 });
	if (row.width < 100)
		return;
	x = end - TAIL + 2;
	canvas_textf(canvas, x, row.y, 15, ROLE_LABEL, "epoch %s", text_readout(guess, now->epoch));
	if (app->experiment->status.state == RUNNER_RUNNING && app->experiment->status.steps_per_second > 0)
		canvas_textf(canvas, x + 16, row.y, end - x - 16, ROLE_LABEL, "%.0f/s", app->experiment->status.steps_per_second);
}

/* While an earlier observation is shown, a timeline takes the place of the advice. */
static void draw_timeline(const struct app *app, struct canvas *canvas, struct rect row)
{
	const struct snapshot *now = moment_snapshot(app);
	timeline_draw(lanes_history(app, app->lanes->chosen), now, app->lanes->lane[0].held->step, now->settings.steps, canvas,
	              row);
}

void status_draw(const struct app *app, struct canvas *canvas, const struct layout *layout)
{
	const struct snapshot *now = moment_snapshot(app);
	if (now == NULL)
		return;
	draw_what(app, canvas, layout->what);
	draw_why(app, canvas, layout->why);
	bool loading = app->experiment->status.state == RUNNER_LOADING, past = !app->moment->live && !loading;
	if (layout->numbers.height < 1)
		return;
	if (loading)
		canvas_textf(canvas, layout->numbers.x + 1, layout->numbers.y, layout->numbers.width - 2, ROLE_NOTE, "loading ... %.0f %%",
		             100 * app->experiment->status.loaded);
	else
		draw_numbers(app, now, canvas, layout->numbers);
	if (past)
		draw_timeline(app, canvas, layout->advice);
	else
		draw_advice(app, canvas, layout->advice);
}
