/* The panel of a lesson: a rule with its title and the page, the caption, the
 * question.  Where the text is longer than the panel, it is shown in parts. */
#include "app/lesson_panel.h"

#include <stdio.h>

#include "draw/glyphs.h"
#include "draw/wrap.h"
#include "app/app_parts.h"
#include "app/layout.h"
#include "app/lesson_screen.h"

#define LINE_BYTES 1024
#define LEAST_TEXT 3 /* rows */

/* The rows that a text takes; if there is a canvas, those from `first` on are
 * drawn in the area, whose upper edge moves down. */
static int draw_text(const char *text, enum role role, struct canvas *canvas, struct rect *area, int *first, int width,
                     bool ascii)
{
	char line[LINE_BYTES];
	int rows = 0;
	while (wrap_line(&text, width, ascii, line, sizeof line)) {
		rows++;
		if (canvas == NULL || (*first)-- > 0 || area->height <= 0)
			continue;
		canvas_text(canvas, area->x + 1, area->y++, width, role, line);
		area->height--;
	}
	return rows;
}

static int draw_page(const struct lesson_page *page, struct canvas *canvas, struct rect area, int first, bool ascii)
{
	int width = area.width - 2;
	return draw_text(text_string(&page->caption), ROLE_PLAIN, canvas, &area, &first, width, ascii) +
	       draw_text(text_string(&page->question), ROLE_TITLE, canvas, &area, &first, width, ascii);
}

/* Rows of the longest page. */
static int longest(const struct lesson *lesson, struct rect area, bool ascii)
{
	int most = 0;
	for (size_t i = 0; i < lesson->pages; i++) {
		int rows = draw_page(&lesson->page[i], NULL, area, 0, ascii);
		most = rows > most ? rows : most;
	}
	return most;
}

/* At most two fifths of the area, so that the view remains readable. */
struct rect lesson_panel_place(const struct app *app, struct rect area, struct rect *view)
{
	int most = area.height * 2 / 5 - 1, rows = longest(app->lesson->lesson, area, app->screen->ascii);
	if (most < LEAST_TEXT)
		most = LEAST_TEXT;
	int height = 1 + (rows < most ? rows : most);
	*view = (struct rect){ area.x, area.y, area.width, area.height - height };
	return (struct rect){ area.x, area.y + area.height - height, area.width, height };
}

static struct rect screen_area(const struct app *app)
{
	return layout_of(app->screen).view;
}

int lesson_panel_rows(const struct app *app)
{
	return draw_page(lesson_page(app), NULL, screen_area(app), 0, app->screen->ascii);
}

int lesson_panel_room(const struct app *app)
{
	struct rect view;
	return lesson_panel_place(app, screen_area(app), &view).height - 1;
}

/* ---- drawing ---- */

static void draw_rule(const struct app *app, struct canvas *canvas, struct rect panel, bool more)
{
	const struct lesson_screen *screen = app->lesson;
	const struct lesson *lesson = screen->lesson;
	const char *heading = lesson->page[screen->page].heading;
	char progress[24];
	snprintf(progress, sizeof progress, " %zu/%zu ", screen->page + 1, lesson->pages);
	for (int x = 0; x < panel.width; x++)
		canvas_put(canvas, panel.x + x, panel.y, glyph(GLYPH_LINE_H, canvas->ascii), ROLE_AXIS);
	int end = panel.x + panel.width - 1, x = panel.x + 1;
	x = canvas_textf(canvas, x, panel.y, end - x, ROLE_KEY, "%s", progress) + 1;
	/* the title is left out if there is no room for it and the page's heading */
	bool both = wrap_cells(lesson->title, canvas->ascii) + wrap_cells(heading, canvas->ascii) + 6 <= end - x;
	if (heading[0] == '\0' || both)
		x = canvas_textf(canvas, x, panel.y, end - x, ROLE_LABEL, " %s ", lesson->title) + 1;
	if (heading[0])
		canvas_textf(canvas, x, panel.y, end - x, ROLE_TITLE, " %s ", heading);
	if (more)
		canvas_put(canvas, end, panel.y, glyph(GLYPH_DOWN, canvas->ascii), ROLE_KEY);
}

void lesson_panel_draw(const struct app *app, struct canvas *canvas, struct rect panel)
{
	const struct lesson_page *page = lesson_page(app);
	struct rect text = { panel.x, panel.y + 1, panel.width, panel.height - 1 };
	int rows = draw_page(page, canvas, text, app->lesson->scroll, canvas->ascii);
	draw_rule(app, canvas, panel, app->lesson->scroll + text.height < rows);
}

/* ---- pointing ---- */

static bool reads(const struct canvas *canvas, int x, int y, const char *text)
{
	uint32_t expected;
	while ((expected = text_decode(&text)))
		if (x >= canvas->width || canvas_cell(canvas, x++, y)->glyph != expected)
			return false;
	return true;
}

static void mark(struct canvas *canvas, struct rect view, const char *text)
{
	for (int y = view.y; y < view.y + view.height; y++)
		for (int x = view.x; x < view.x + view.width; x++)
			if (reads(canvas, x, y, text)) {
				canvas_flag(canvas, x, y, wrap_cells(text, canvas->ascii), CELL_REVERSE);
				return;
			}
}

void lesson_panel_point(const struct app *app, struct canvas *canvas, struct rect view)
{
	const struct lesson_page *page = lesson_page(app);
	for (size_t i = 0; i < page->points; i++) {
		struct text text = {0};
		if (canvas->ascii)
			glyph_add_ascii(&text, page->point[i]);
		else
			text_add(&text, page->point[i]);
		mark(canvas, view, text_string(&text));
		text_free(&text);
	}
}
