/* The settings panel: a list of settings, and below it what the chosen one
 * means.  All of it is read from the table of settings. */
#include "app/panel.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "nn/initializer.h"
#include "lab/scenario.h"
#include "app/change_words.h"
#include "draw/glyphs.h"
#include "draw/wrap.h"

#define BESIDE_WIDTH 80 /* screens from this width have room for panel and view */
#define NARROWEST 39
#define WIDEST 60
#define TALL 9         /* panels from this height have a title and a rule */
#define NAME_WIDTH 14
#define MEANING_ROWS 12 /* below the list, where there is room */
#define NAMES_MAX 6    /* this many choices are listed, further ones are counted */
#define LINE_BYTES 1024

struct rect panel_place(struct rect area, struct rect *view)
{
	if (area.width < BESIDE_WIDTH) {
		*view = (struct rect){ area.x, area.y, 0, 0 };
		return area;
	}
	int width = area.width * 2 / 5;
	width = width < NARROWEST ? NARROWEST : width > WIDEST ? WIDEST : width;
	*view = (struct rect){ area.x, area.y, area.width - width, area.height };
	return (struct rect){ area.x + area.width - width, area.y, width, area.height };
}

int panel_rows(struct rect panel)
{
	int room = panel.height - 2 * (panel.height >= TALL), all = (int)settings_table.count;
	int rows = room - MEANING_ROWS > room / 2 ? room - MEANING_ROWS : room - room / 2;
	return rows > all ? all : rows < 1 ? 1 : rows;
}

/* The value as the screen shows it, foreign bytes escaped. */
static const char *value_of(const struct settings *settings, const struct setting *setting, char *out, size_t size)
{
	change_spell(out, size, settings, setting->entry.name);
	return out;
}

/* The scenario's own value; NULL if the setting still has it. */
static const char *scenario_value(const struct settings *settings, const struct setting *setting, char *out,
                                  size_t size)
{
	char value[LINE_BYTES];
	struct settings plain;
	settings_default(&plain);
	settings_apply_scenario(&plain, settings->scenario);
	value_of(&plain, setting, out, size);
	return strcmp(out, value_of(settings, setting, value, sizeof value)) == 0 ? NULL : out;
}

/* ---- the list ---- */

/* A click on a setting chooses it. */
static void make_clickable(struct canvas *canvas, struct rect row, const struct setting *setting)
{
	struct canvas_probe *probe = canvas_probe_in(canvas, row);
	if (probe)
		snprintf(probe->command, sizeof probe->command, "settings %s", setting->entry.name);
}

/* Draws the arrow to the next value, if there is one; a click on it chooses
 * that value. */
static void draw_arrow(const struct panel *panel, struct canvas *canvas, int x, int y, int by)
{
	const struct setting *setting = setting_at(panel->chosen);
	struct canvas_probe *probe = canvas_probe_in(canvas, (struct rect){ x, y, 1, 1 });
	struct text value = {0};
	if (settings_step(panel->settings, setting, by, &value)) {
		canvas_put(canvas, x, y, glyph(by < 0 ? GLYPH_LEFT : GLYPH_RIGHT, canvas->ascii), ROLE_KEY);
		if (probe)
			snprintf(probe->command, sizeof probe->command, "set %s %s", setting->entry.name, text_string(&value));
	}
	text_free(&value);
}

static void draw_row(const struct panel *panel, struct canvas *canvas, struct rect row, size_t i)
{
	const struct setting *setting = setting_at(i);
	char value[LINE_BYTES], plain[LINE_BYTES];
	bool chosen = i == panel->chosen, ascii = canvas->ascii;
	bool changed = scenario_value(panel->settings, setting, plain, sizeof plain) != NULL && i > 0;
	int x = row.x, end = row.x + row.width;
	make_clickable(canvas, row, setting);
	value_of(panel->settings, setting, value, sizeof value);
	if (value[0] == '\0') /* no data set is named: the one that was found */
		snprintf(value, sizeof value, "%s", panel->now ? panel->now->data_name : "-");
	if (chosen)
		canvas_put(canvas, x, row.y, glyph(GLYPH_RUN, ascii), ROLE_KEY);
	if (changed)
		canvas_put(canvas, x + 1, row.y, '*', ROLE_NOTE);
	canvas_text(canvas, x + 3, row.y, NAME_WIDTH - 1, chosen ? ROLE_SELECTED : ROLE_LABEL, setting->entry.name);
	x += 3 + NAME_WIDTH;
	if (!chosen) {
		canvas_text(canvas, x + 2, row.y, end - x - 2, ROLE_READOUT, value);
		return;
	}
	draw_arrow(panel, canvas, x, row.y, -1);
	x = canvas_text(canvas, x + 2, row.y, end - x - 4, ROLE_SELECTED, value);
	draw_arrow(panel, canvas, x + 1, row.y, 1);
}

static void draw_list(const struct panel *panel, struct canvas *canvas, struct rect area)
{
	size_t all = settings_table.count, rows = (size_t)area.height;
	size_t first = panel->chosen > rows / 2 ? panel->chosen - rows / 2 : 0;
	if (first + rows > all)
		first = all > rows ? all - rows : 0;
	for (size_t i = first; i < all && i < first + rows; i++) {
		struct rect row = { area.x, area.y + (int)(i - first), area.width - 2, 1 };
		draw_row(panel, canvas, row, i);
	}
	int x = area.x + area.width - 1;
	if (first > 0)
		canvas_put(canvas, x, area.y, glyph(GLYPH_UP, canvas->ascii), ROLE_AXIS);
	if (first + rows < all)
		canvas_put(canvas, x, area.y + area.height - 1, glyph(GLYPH_DOWN, canvas->ascii), ROLE_AXIS);
}

/* ---- what the chosen one means ---- */

static void add_choices(const struct setting *setting, struct text *text)
{
	if (setting->kind == SETTING_COUNT && setting->ordinal)
		text_addf(text, "A whole number, %llu or more.\n", (unsigned long long)setting->low);
	else if (setting->kind == SETTING_COUNT)
		text_addf(text, "%llu to %llu.\n", (unsigned long long)setting->low, (unsigned long long)setting->high);
	else if (setting->choices && setting->choices->count > NAMES_MAX)
		text_addf(text, "One of %zu %s; Enter and Tab list them.\n", setting->choices->count, setting->choices->plural);
	else if (setting->choices)
		for (size_t i = 0, count = setting->choices->count; i < count; i++)
			text_addf(text, "%s%s", table_at(setting->choices, i)->name, i + 1 < count ? ", " : ".\n");
	else if (setting->argument)
		text_addf(text, "Written %s.\n", setting->argument);
}

/* Adds the variance of the weights with the present fans. */
static void add_variance(const struct panel *panel, const struct spec *init, bool bias, size_t layer, struct text *text)
{
	const struct layer_observation *o = &panel->now->layer[layer];
	text_addf(text, "Layer %zu, %zu→%zu: Var(%s) = ", layer + 1, o->fan_in, o->fan_out, bias ? "b" : "W");
	struct spec numbers = *init;
	struct initializer_place place;
	settings_layer_place(&panel->now->settings, layer + 1, &place);
	if (initializer_evaluate(&numbers, &place, NULL))
		initializer_explain(&numbers, o->fan_in, o->fan_out, text);
	else
		text_add(text, "out of range here");
	text_add(text, "\n");
}

/* The layer whose fans explain a setting that is an initializer. */
static size_t layer_of(const struct panel *panel, const struct setting *setting)
{
	size_t last = panel->now->layers - 1, layer = panel->layer < last ? panel->layer : last;
	if (setting->offset == offsetof(struct settings, output_init))
		return last;
	if (setting->offset == offsetof(struct settings, init) && layer == last && last > 0)
		return last - 1;
	return layer;
}

static void add_parameters(const struct spec *spec, struct text *text)
{
	size_t count = entry_parameter_count(spec->entry);
	for (size_t i = 0; i < count; i++) {
		const struct parameter *parameter = &spec->entry->parameters[i];
		char number[SPEC_VALUE_SIZE];
		text_addf(text, "%s %s%s", parameter->name, spec_written(number, spec, i), i + 1 < count ? ", " : ".\n");
	}
}

static void add_spec(const struct panel *panel, const struct setting *setting, struct text *text)
{
	const struct spec *spec = (const void *)((const char *)panel->settings + setting->offset);
	bool bias = setting->offset == offsetof(struct settings, bias_init);
	if (setting->choices == &initializers && panel->now && panel->now->layers)
		add_variance(panel, spec, bias, layer_of(panel, setting), text);
	else if (spec->entry->formula)
		text_addf(text, "%s\n", spec->entry->formula);
	if (spec->entry->reference)
		text_addf(text, "%s.\n", spec->entry->reference);
	add_parameters(spec, text);
	text_addf(text, "%s.\n", spec->entry->summary);
}

static void compose(const struct panel *panel, const struct setting *setting, struct text *text)
{
	char plain[LINE_BYTES];
	text_addf(text, "%s%s.\n", setting->entry.summary,
	          setting->live ? "; the run goes on with it" : "; restarts the run");
	if (settings_are_loaded(panel->settings, setting->entry.name))
		text_add(text, "All weights are loaded from a file: a value here replaces them.\n");
	else if (setting->kind == SETTING_SPEC)
		add_spec(panel, setting, text);
	if (setting != setting_at(0) && scenario_value(panel->settings, setting, plain, sizeof plain))
		text_addf(text, "* the scenario has %s\n", plain[0] ? plain : "none");
	add_choices(setting, text);
}

/* Explains the chosen setting as far as there is room: summary, formula (in the
 * colour of predictions), choices. */
static void draw_meaning(const struct panel *panel, struct canvas *canvas, struct rect area)
{
	const struct setting *setting = setting_at(panel->chosen);
	const enum role roles[] = { ROLE_PLAIN, setting->kind == SETTING_SPEC ? ROLE_THEORY : ROLE_HINT, ROLE_HINT };
	struct text text = {0};
	char line[LINE_BYTES];
	size_t paragraph = 0;
	compose(panel, setting, &text);
	const char *rest = text_string(&text);
	int y = area.y, end = area.y + area.height;
	for (; y < end && wrap_line(&rest, area.width - 2, canvas->ascii, line, sizeof line); y++) {
		canvas_text(canvas, area.x + 1, y, area.width - 2, roles[paragraph], line);
		if (rest[-1] == '\n' && paragraph < 2)
			paragraph++;
	}
	text_free(&text);
}

void panel_draw(const struct panel *panel, struct canvas *canvas, struct rect area)
{
	if (area.width < 1 || area.height < 1)
		return;
	bool framed = area.x > 0, titled = area.height >= TALL;
	for (int y = area.y; framed && y < area.y + area.height; y++)
		canvas_put(canvas, area.x, y, glyph(GLYPH_LINE_V, canvas->ascii), ROLE_AXIS);
	struct rect inside = { area.x + framed, area.y, area.width - framed, area.height };
	int rows = panel_rows(inside), y = inside.y;
	if (titled) {
		canvas_text(canvas, inside.x + 1, y, inside.width - 2, ROLE_TITLE, "Settings");
		canvas_text_right(canvas, inside.x + inside.width - 1, y, inside.width - 12, ROLE_HINT, "* changed");
		y++;
	}
	draw_list(panel, canvas, (struct rect){ inside.x, y, inside.width, rows });
	y += rows;
	if (titled)
		for (int x = inside.x; x < inside.x + inside.width; x++)
			canvas_put(canvas, x, y, glyph(GLYPH_LINE_H, canvas->ascii), ROLE_AXIS);
	y += titled;
	draw_meaning(panel, canvas, (struct rect){ inside.x, y, inside.width, inside.y + inside.height - y });
}
