/* Pages that are scrolled and searched.  A search draws the whole page on a
 * canvas of its own and reads the rows. */
#include "app/pager.h"

#include <ctype.h>
#include <string.h>

#include "app/app_parts.h"
#include "app/command_line.h"
#include "app/key.h"
#include "app/layout.h"
#include "app/line.h"
#include "app/message.h"

#define CONTROL(letter) ((letter) & 0x1F)
#define WHOLE_PAGE 100000 /* more lines than any page has */

void pager_open(struct pager *pager)
{
	pager->scroll = 0;
	pager->match = -1;
	pager->word[0] = '\0';
	pager->search.open = false;
}

int pager_first(const struct pager *pager, int lines, int height)
{
	int last = lines - height;
	return last < 0 ? 0 : pager->scroll < last ? pager->scroll : last;
}

static int page_height(const struct app *app)
{
	return layout_of(app->screen).view.height;
}

static void scroll_to(struct pager *pager, const struct app *app, const struct pager_page *page, int to)
{
	pager->scroll = to < 0 ? 0 : to;
	pager->scroll = pager_first(pager, page->lines(app, app->screen->width), page_height(app));
}

/* ---- searching ---- */

/* Whether the word, printable ASCII, begins at this cell; upper and lower case
 * are equal. */
static bool word_is_at(const struct canvas *canvas, int x, int y, const char *word)
{
	for (; *word; word++, x++) {
		if (x >= canvas->width)
			return false;
		uint32_t glyph = canvas_cell(canvas, x, y)->glyph;
		if (glyph > '~' || tolower((int)glyph) != tolower((unsigned char)*word))
			return false;
	}
	return true;
}

static bool is_in_row(const struct canvas *canvas, int y, const char *word)
{
	for (int x = 0; x < canvas->width; x++)
		if (word_is_at(canvas, x, y, word))
			return true;
	return false;
}

/* The result of a search in a page, lines counted from 0. */
struct found {
	int lines; /* number of lines that have the word */
	int which; /* which of them was chosen, from 1 */
	int line;
};

/* Chooses the first line from `from` on (by 1) or back (by -1) in a ring. */
static struct found find(const struct canvas *canvas, const char *word, int from, int by)
{
	struct found found = {0};
	int first = -1, last = -1, chosen = -1, chosen_which = 0;
	for (int y = 0; y < canvas->height; y++) {
		if (!is_in_row(canvas, y, word))
			continue;
		found.lines++;
		if (first < 0)
			first = y;
		last = y;
		if (by > 0 ? chosen < 0 && y >= from : y <= from) {
			chosen = y;
			chosen_which = found.lines;
		}
	}
	found.line = chosen >= 0 ? chosen : by > 0 ? first : last;
	found.which = chosen >= 0 ? chosen_which : by > 0 ? 1 : found.lines;
	return found;
}

/* The page as a canvas of all its lines. */
static bool draw_whole(const struct app *app, const struct pager_page *page, struct canvas *canvas)
{
	int lines = page->lines(app, app->screen->width);
	if (!canvas_create(canvas, app->screen->width, lines, app->screen->ascii, NULL))
		return false;
	page->draw(app, canvas, (struct rect){ 0, 0, app->screen->width, lines });
	return true;
}

static void search(struct pager *pager, struct app *app, const struct pager_page *page, int by)
{
	struct canvas canvas;
	if (pager->word[0] == '\0') {
		message_show(app->message, ROLE_NOTE, MESSAGE_ALARM_SECONDS, "no search yet: type / and a word");
		return;
	}
	if (!draw_whole(app, page, &canvas))
		return;
	int top = pager_first(pager, canvas.height, page_height(app));
	int from = pager->match >= 0 ? pager->match + by : by > 0 ? top : top - 1;
	struct found found = find(&canvas, pager->word, from, by);
	canvas_destroy(&canvas);
	if (found.lines == 0) {
		message_show(app->message, ROLE_NOTE, MESSAGE_ALARM_SECONDS, "'%s' is not in %s", pager->word, page->noun);
		return;
	}
	scroll_to(pager, app, page, found.line);
	pager->match = found.line;
	message_show(app->message, ROLE_PLAIN, MESSAGE_ALARM_SECONDS, "'%s' is in %d line%s of %s: this is number %d (n next, N previous)", pager->word,
	        found.lines, found.lines == 1 ? "" : "s", page->noun, found.which);
}

void pager_mark(const struct pager *pager, struct canvas *canvas, struct rect area)
{
	int length = (int)strlen(pager->word);
	for (int y = area.y; length > 0 && y < area.y + area.height && y < canvas->height; y++)
		for (int x = 0; x < canvas->width; x++)
			if (word_is_at(canvas, x, y, pager->word))
				canvas_flag(canvas, x, y, length, CELL_REVERSE);
}

/* ---- keys ---- */

void pager_type(struct pager *pager, struct app *app, const struct pager_page *page, int key)
{
	if (!line_key(&pager->search, key))
		return;
	if (pager->search.length > 0) {
		memcpy(pager->word, pager->search.text, sizeof pager->word);
		pager->match = -1;
	}
	search(pager, app, page, 1);
}

/* Where a key scrolls to; false when it is none of these. */
static bool scrolled(const struct app *app, int key, int from, int *to)
{
	int page = page_height(app);
	switch (key) {
	case APP_KEY_UP: case 'k':
		*to = from - 1;
		return true;
	case APP_KEY_DOWN: case 'j': case '\r':
		*to = from + 1;
		return true;
	case APP_KEY_PAGE_UP: case 'b': case CONTROL('b'):
		*to = from - page;
		return true;
	case APP_KEY_PAGE_DOWN: case ' ': case 'f': case CONTROL('f'):
		*to = from + page;
		return true;
	case APP_KEY_HOME: case 'g':
		*to = 0;
		return true;
	case APP_KEY_END: case 'G':
		*to = WHOLE_PAGE;
		return true;
	default:
		return false;
	}
}

void pager_key(struct pager *pager, struct app *app, const struct pager_page *page, int key)
{
	int to;
	char name[APP_KEY_NAME_SIZE];
	if (scrolled(app, key, pager->scroll, &to)) {
		scroll_to(pager, app, page, to);
		pager->match = -1;
	} else if (key == '/')
		line_open(&pager->search, '/');
	else if (key == 'n' || key == 'N')
		search(pager, app, page, key == 'n' ? 1 : -1);
	else if (key == CONTROL('l'))
		command_line_enter(app, "redraw");
	else
		message_show(app->message, ROLE_NOTE, MESSAGE_ALARM_SECONDS, "%s: here keys only scroll, search (/) and close (q or Esc)",
		        app_key_name(key, name));
}
