/* The header: what trains, and how far it is.  Values that change during training
 * have a fixed width, so that nothing moves. */
#include "app/header.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/run_label.h"
#include "lab/scenario.h"
#include "draw/glyphs.h"
#include "draw/wrap.h"
#include "app/app_parts.h"
#include "app/experiment.h"
#include "app/lanes.h"
#include "app/lesson_screen.h"
#include "app/moment.h"

/* The parts that can be left out of the header; the first is left out first. */
enum { PART_STATE_WORD, PART_PROGRAM, PART_DATA, PART_SCENARIO, PART_ACTIVATION, PART_NET, PART_OPTIMIZER, PARTS };

/* The steps by which a header is made shorter until it fits: the number of
 * parts that are left out, the blanks between the others, and whether the data
 * have their short name. */
static const struct { int dropped, gap; bool short_data; } shorter[] = {
	{ 0, 2, false }, { 1, 2, false }, { 2, 2, false }, { 2, 1, false }, { 2, 2, true }, { 2, 1, true },
	{ 3, 2, false }, { 4, 2, false }, { 4, 1, false }, { 5, 2, false }, { 5, 1, false }, { 6, 2, false },
};
#define SHORTEST (sizeof shorter / sizeof shorter[0] - 1)

struct header {
	char text[PARTS][80];
	char step[40];
	enum glyph glyph;
	enum role role;
};

/* A name without its framework, because the header is short. */
static const char *bare_name(const struct entry *entry)
{
	const char *colon = strchr(entry->name, ':');
	return colon ? colon + 1 : entry->name;
}

static const struct {
	enum glyph glyph;
	enum role role;
	const char *word;
} states[] = {
	[RUNNER_LOADING] = { GLYPH_ELLIPSIS, ROLE_NOTE, "loading" },
	[RUNNER_PAUSED] = { GLYPH_PAUSE, ROLE_LABEL, "paused" },
	[RUNNER_RUNNING] = { GLYPH_RUN, ROLE_GOOD, "running" },
	[RUNNER_FAILED] = { GLYPH_ALERT, ROLE_ALARM, "failed" },
};

/* The user has stopped the run, and its last step is not finished: that of a wide net takes long. */
static bool is_pausing(const struct experiment *experiment)
{
	return experiment->status.state == RUNNER_RUNNING && experiment->run_request_pending && !experiment->wants_run;
}

static int digits(uint64_t number)
{
	return snprintf(NULL, 0, "%llu", (unsigned long long)number);
}

/* Writes " batch 64" if the batch size is not the scenario's, else nothing. */
static const char *changed_batch(char out[32], const struct settings *settings)
{
	struct settings own = *settings;
	settings_apply_scenario(&own, settings->scenario);
	out[0] = '\0';
	if (settings->batch != own.batch)
		snprintf(out, 32, " batch %llu", (unsigned long long)settings->batch);
	return out;
}

/* The net, by its initializer, activation, optimizer and scenario.  whole: with all values of the initializer. */
static void fill_net(const struct app *app, const struct settings *settings, bool whole, struct header *header)
{
	struct text label = {0};
	char number[TEXT_EXACT_SIZE], batch[32];
	if (whole)
		run_add_whole_start(settings, &label);
	else
		run_add_start(settings, &label);
	bool hidden = settings->layers > 1; /* the initializer and the activation are those of hidden layers */
	snprintf(header->text[PART_NET], sizeof header->text[0], "%s", hidden || settings->weights[0] ? text_string(&label) : "no hidden layer");
	text_free(&label);
	if (!lanes_title(app, header->text[PART_NET], sizeof header->text[0])) {
		if (hidden)
			snprintf(header->text[PART_ACTIVATION], sizeof header->text[0], "× %s", settings->activation.entry->name);
		snprintf(header->text[PART_SCENARIO], sizeof header->text[0], "%s%s", settings->scenario->entry.name,
		         run_is_changed(settings) ? "*" : "");
	}
	snprintf(header->text[PART_OPTIMIZER], sizeof header->text[0], "%s %s%s", bare_name(settings->optimizer.entry),
	         text_exact(number, spec_value(&settings->optimizer, "lr")), changed_batch(batch, settings));
}

static void fill_header(const struct app *app, bool whole, struct header *header)
{
	*header = (struct header){0};
	const struct snapshot *now = moment_snapshot(app);
	const struct settings *settings = now ? &now->settings : &app->lanes->lane[0].settings;
	if (app->moment->hidden) /* the settings are not yet those of the net that will be shown */
		snprintf(header->text[PART_NET], sizeof header->text[0], "setting up page %zu", app->lesson->page + 1);
	else
		fill_net(app, settings, whole, header);
	snprintf(header->text[PART_DATA], sizeof header->text[0], "%s", now ? now->data_name : "");
	snprintf(header->text[PART_PROGRAM], sizeof header->text[0], "initviz");
	bool back = moment_is_past(app);
	bool pausing = is_pausing(app->experiment);
	enum runner_state state = pausing ? RUNNER_PAUSED : app->moment->hidden ? RUNNER_LOADING : app->experiment->status.state;
	snprintf(header->text[PART_STATE_WORD], sizeof header->text[0], "%-7s",
	         back ? "history" : pausing ? "pausing" : states[state].word);
	header->glyph = back ? GLYPH_LEFT : states[state].glyph;
	header->role = back ? ROLE_NOTE : states[state].role;
	int width = digits(settings->steps) > 4 ? digits(settings->steps) : 4;
	snprintf(header->step, sizeof header->step, "step %*llu", width, now ? (unsigned long long)now->step : 0);
}

/* Left to right. */
static const struct { int part; enum role role; } header_order[] = {
	{ PART_PROGRAM, ROLE_TITLE }, { PART_SCENARIO, ROLE_LABEL }, { PART_NET, ROLE_READOUT },
	{ PART_ACTIVATION, ROLE_READOUT }, { PART_OPTIMIZER, ROLE_LABEL }, { PART_DATA, ROLE_LABEL },
};
#define HEADER_PARTS (sizeof header_order / sizeof header_order[0])

static bool has(const struct header *header, int part, size_t level)
{
	return part >= shorter[level].dropped && header->text[part][0];
}

/* The data's short name is the one without "built-in". */
static const char *part_text(const struct header *header, int part, size_t level)
{
	static const char built_in[] = "built-in ";
	const char *text = header->text[part];
	bool cut = part == PART_DATA && shorter[level].short_data && strncmp(text, built_in, sizeof built_in - 1) == 0;
	return cut ? text + sizeof built_in - 1 : text;
}

/* Cells from the state's glyph to the end of the step. */
static int right_cells(const struct header *header, size_t level)
{
	int word = has(header, PART_STATE_WORD, level) ? (int)strlen(header->text[PART_STATE_WORD]) + 1 : 0;
	return 2 + word + (int)strlen(header->step);
}

/* Blanks after a part: the activation belongs to the initializer. */
static int gap_after(const struct header *header, int part, size_t level)
{
	return part == PART_NET && has(header, PART_ACTIVATION, level) ? 1 : shorter[level].gap;
}

static int header_cells(const struct header *header, size_t level, bool ascii)
{
	int cells = 2 + right_cells(header, level);
	for (size_t i = 0; i < HEADER_PARTS; i++)
		if (has(header, header_order[i].part, level))
			cells += wrap_cells(part_text(header, header_order[i].part, level), ascii) + gap_after(header, header_order[i].part, level);
	return cells;
}

static size_t level_that_fits(const struct header *header, int width, bool ascii)
{
	size_t level = 0;
	while (level < SHORTEST && header_cells(header, level, ascii) > width)
		level++;
	return level;
}

/* All values of the initializer are shown, unless a part of the header that is not the program's name
 * or the word for its state would be left out for them.  Returns the level. */
static size_t fill_as_fits(const struct app *app, int width, bool ascii, struct header *header)
{
	struct header whole;
	fill_header(app, false, header);
	fill_header(app, true, &whole);
	size_t level = level_that_fits(header, width, ascii), level_whole = level_that_fits(&whole, width, ascii);
	if (shorter[level_whole].dropped > shorter[level].dropped && shorter[level_whole].dropped > PART_DATA)
		return level;
	*header = whole;
	return level_whole;
}

void header_draw_step(const struct app *app, struct canvas *canvas, struct rect rect)
{
	struct header header;
	fill_header(app, false, &header);
	int x = canvas_text_right(canvas, rect.x + rect.width - 1, rect.y, rect.width, ROLE_READOUT, header.step);
	canvas_put(canvas, x - 2, rect.y, glyph(header.glyph, canvas->ascii), header.role);
}

void header_draw(const struct app *app, struct canvas *canvas, struct rect rect)
{
	struct header header;
	size_t level = fill_as_fits(app, rect.width, canvas->ascii, &header);
	static const char *const forms[] = { " in lock-step", "" };
	for (size_t i = 0; i < 2 && level == SHORTEST && app->lanes->beside > 0; i++) { /* at least the number of nets is shown */
		snprintf(header.text[PART_NET], sizeof header.text[0], "%zu nets%s", app->lanes->beside + 1, forms[i]);
		level = level_that_fits(&header, rect.width, canvas->ascii);
	}
	int right = rect.x + rect.width - 1 - right_cells(&header, level), x = rect.x + 1;
	for (size_t i = 0; i < HEADER_PARTS; i++)
		if (has(&header, header_order[i].part, level))
			x = gap_after(&header, header_order[i].part, level) + canvas_text(canvas, x, rect.y, right - 1 - x, header_order[i].role,
			                                     part_text(&header, header_order[i].part, level));
	canvas_put(canvas, right, rect.y, glyph(header.glyph, canvas->ascii), header.role);
	if (has(&header, PART_STATE_WORD, level))
		canvas_text(canvas, right + 2, rect.y, 8, header.role, header.text[PART_STATE_WORD]);
	canvas_text_right(canvas, rect.x + rect.width - 1, rect.y, rect.width, ROLE_READOUT, header.step);
}
