/* The `?` screen: what the current view shows, then all keys and commands.  All
 * of it is written from the tables. */
#include "app/help_screen.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/diagnosis.h"
#include "lab/quantity.h"
#include "draw/glyphs.h"
#include "draw/wrap.h"
#include "app/app_parts.h"
#include "app/command.h"
#include "app/key_label.h"
#include "app/layout.h"
#include "app/lesson_screen.h"
#include "app/navigation.h"
#include "app/pager.h"
#include "app/services.h"

#define KEYS_WIDTH 14    /* of the columns keys and command */
#define COMMAND_WIDTH 28
#define MAIN_WIDTH 8    /* of the main keys' column */
#define TWO_COLUMNS 70  /* pages from this width have the main keys in two columns */
#define LINE_BYTES 1024

/* The page is written line by line; the lines are counted, and drawn if there
 * is a canvas.  A row has up to three columns; plain text takes the whole
 * width. */
struct page {
	struct canvas *canvas; /* NULL: only counted */
	struct rect area;
	bool ascii;
	int line, first;       /* the next line; the first one on the screen */
};

/* The row that the next line is drawn on, or -1 outside. */
static int next_row(struct page *page)
{
	int line = page->line++ - page->first;
	return page->canvas == NULL || line < 0 || line >= page->area.height ? -1 : page->area.y + line;
}

static void put(struct page *page, int column, int row, enum role role, const char *text)
{
	int x = page->area.x + 1 + column;
	if (row >= 0)
		canvas_text(page->canvas, x, row, page->area.x + page->area.width - 1 - x, role, text);
}

static void paragraph(struct page *page, int indent, enum role role, const char *text)
{
	char line[LINE_BYTES];
	while (wrap_line(&text, page->area.width - 2 - indent, page->ascii, line, sizeof line))
		put(page, indent, next_row(page), role, line);
}

static void heading(struct page *page, const char *text)
{
	next_row(page);
	put(page, 0, next_row(page), ROLE_TITLE, text);
}

/* ---- keys ---- */

/* Keys in one column, the command they stand for in the next, its summary in
 * the third, or below where it is narrow. */
static void entry(struct page *page, const char *keys, const char *command, const char *summary)
{
	int row = next_row(page), third = KEYS_WIDTH + COMMAND_WIDTH;
	put(page, 1, row, ROLE_KEY, keys);
	put(page, KEYS_WIDTH, row, ROLE_PLAIN, command);
	if (wrap_cells(command, page->ascii) + 2 > COMMAND_WIDTH || page->area.width - third < 30) {
		paragraph(page, KEYS_WIDTH + 2, ROLE_HINT, summary);
		return;
	}
	char line[LINE_BYTES];
	int room = page->area.width - 2 - third;
	if (wrap_line(&summary, room, page->ascii, line, sizeof line))
		put(page, third, row, ROLE_HINT, line);
	paragraph(page, third, ROLE_HINT, summary);
}

static void command_lines(struct page *page, const struct command *command)
{
	char form[96];
	struct key_row row = {0};
	size_t i = 0;
	/* Keys that all do the same, or that each have their own argument, are listed
	 * beside the command. */
	bool beside = command->key_words == NULL || command->hint_keys > 2;
	if (beside)
		key_row_next(command, &i, true, &row);
	snprintf(form, sizeof form, "%s %s", command->entry.name, command->arguments ? command->arguments : "");
	entry(page, row.keys, form, command->entry.summary);
	while (!beside && key_row_next(command, &i, true, &row)) {
		snprintf(form, sizeof form, "%s %s", command->entry.name, row.word);
		entry(page, row.keys, form, row.help);
	}
}

/* ---- numbers ---- */

/* One entry for all tensors: "E[z²], E[δ²]". */
static void quantity_lines(struct page *page, const struct quantity *quantity)
{
	char labels[96] = "";
	size_t used = 0;
	for (enum mlp_tensor t = 0; t < MLP_TENSORS && used < sizeof labels; t++)
		if (quantity_is_on_screen(quantity, t))
			used += (size_t)snprintf(labels + used, sizeof labels - used, "%s%s", used ? ", " : "", quantity->label[t]);
	if (used)
		entry(page, "", labels, quantity->entry.summary);
}

/* ---- the page ---- */

static void explanation(struct page *page, const struct app *app)
{
	const struct view *view = view_at(app->navigation->view);
	struct scene scene;
	struct text text = {0};
	text_addf(&text, "View %s: %s", view->entry.name, view->entry.summary);
	paragraph(page, 0, ROLE_TITLE, text_string(&text));
	text_clear(&text);
	if (navigation_scene(app, &scene) && view->explain)
		view->explain(&scene, &text);
	paragraph(page, 1, ROLE_PLAIN, text_string(&text));
	text_free(&text);
	next_row(page);
	paragraph(page, 1, ROLE_PLAIN, "The rows at the top: the verdict on the net, and its cause.  The rows at the bottom: the loss on the probe, "
	          "the loss of guessing, the share of images classified correctly on the probe (train) and among the test images, and the "
	          "course of the batches' loss; then what would cure the net.  A star after the scenario's name: its settings were changed.");
}

/* The main keys come first, in two columns where there is room.  A locked lesson has only its own. */
static void main_keys(struct page *page, const struct app *app)
{
	if (app->lesson->locked) {
		paragraph(page, 1, ROLE_PLAIN, "This lesson is locked: Enter and ← turn its pages, 0 shows the page again, O is for a "
		          "projector, q quits.  Other keys do nothing.");
		next_row(page);
		return;
	}
	int columns = page->area.width >= TWO_COLUMNS ? 2 : 1, width = (page->area.width - 2) / columns, column = 0, row = 0;
	char keys[40];
	put(page, 0, next_row(page), ROLE_TITLE, "Main keys");
	for (size_t i = 0; i < commands.count; i++) {
		const struct command *command = command_at(i);
		if (command->main == NULL)
			continue;
		if (column == 0)
			row = next_row(page);
		key_label_of_command(command, keys, sizeof keys);
		put(page, column * width + 1, row, ROLE_KEY, keys);
		put(page, column * width + MAIN_WIDTH, row, ROLE_HINT, command->main);
		column = (column + 1) % columns;
	}
	next_row(page);
}

static void compose(struct page *page, const struct app *app)
{
	main_keys(page, app);
	explanation(page, app);
	for (int group = 0; group < COMMAND_GROUPS; group++) {
		heading(page, command_group_titles[group]);
		for (size_t i = 0; i < commands.count; i++)
			if ((int)command_at(i)->group == group)
				command_lines(page, command_at(i));
	}
	heading(page, "Settings: each name is a command, too");
	for (size_t i = 0; i < settings_table.count; i++) {
		const struct setting *setting = setting_at(i);
		char form[96];
		snprintf(form, sizeof form, "%s %s", setting->entry.name, setting->argument ? setting->argument : "");
		entry(page, "", form, setting->entry.summary);
	}
	heading(page, "Numbers on the screen");
	for (size_t i = 0; i < quantities.count; i++)
		quantity_lines(page, quantity_at(i));
	heading(page, "Verdicts: the first rule that holds for a layer gives its word, the gravest of all layers the net's");
	paragraph(page, 1, ROLE_PLAIN, "An arrow after the word tells what vanishes or explodes: → the signal on its way forward, ← the "
	          "gradient on its way back.  A slope is small if it is under 0.1 of the activation's largest; delta is the gradient of "
	          "the loss at z; a net has learned when its loss is at most 0.6 times that of guessing, or at least 0.7 of the probe "
	          "images are classified correctly.");
	for (size_t i = 0; i < diagnosis_rules.count; i++)
		entry(page, "", diagnosis_rule_at(i)->word, diagnosis_rule_at(i)->entry.summary);
	if (app->services->computing) {
		heading(page, "What computes here");
		paragraph(page, 1, ROLE_PLAIN, app->services->computing);
	}
}

int help_lines(const struct app *app, int width)
{
	struct page page = { .area = { 0, 0, width, 0 }, .ascii = app->screen->ascii };
	compose(&page, app);
	return page.line;
}

void help_draw(const struct app *app, struct canvas *canvas, struct rect area)
{
	int lines = help_lines(app, area.width), last = lines - area.height;
	struct page page = { .canvas = canvas, .area = area, .ascii = canvas->ascii };
	page.first = pager_first(&app->help->pager, lines, area.height);
	compose(&page, app);
	if (page.first < last)
		canvas_put(canvas, area.x + area.width - 1, area.y + area.height - 1, glyph(GLYPH_DOWN, canvas->ascii), ROLE_AXIS);
	if (page.first > 0)
		canvas_put(canvas, area.x + area.width - 1, area.y, glyph(GLYPH_UP, canvas->ascii), ROLE_AXIS);
}

bool help_toggle(struct app *app, char *words, struct err *err)
{
	(void)words, (void)err;
	app->help->open = !app->help->open;
	pager_open(&app->help->pager);
	return true;
}
