/* Curses: capabilities, colours, cells, keys.  Knows neither the app nor
 * signals.  Curses itself finds out what differs from the last frame. */
#include "io/tui_screen.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <wchar.h>

#undef columns /* <term.h> makes macros of such words */
#undef lines

#include "base/entry.h"
#include "base/text.h"
#include "view/app.h"

#define ESCAPE_MILLISECONDS 25
#define ROW_MAX 1000 /* a canvas is no wider */

static struct {
	SCREEN *curses;
	WINDOW *keyboard; /* a pad: reading from it draws nothing */
	attr_t attributes[ROLES];
	short pair[ROLES];
	bool marks_pastes;
	int click_x, click_y;
	wchar_t run[ROW_MAX + 1]; /* cells of equal style, being drawn */
} screen;

/* ---- what the terminal can do ---- */

/* A terminfo string, NULL when the terminal has none. */
static char *capability(const char *name)
{
	char *string = tigetstr(name);
	return string == NULL || string == (char *)-1 || *string == '\0' ? NULL : string;
}

/* Appends a capability without the delays, $<5>, of slow terminals. */
static void add_capability(struct text *text, const char *string)
{
	while (string && *string) {
		const char *end = string[0] == '$' && string[1] == '<' ? strchr(string, '>') : NULL;
		if (end == NULL)
			text_add_bytes(text, string, 1);
		string = end ? end + 1 : string + 1;
	}
}

/* Attributes, insert mode, paste marks, mouse, cursor, keypad, screen. */
static void add_reset(struct text *text, const struct screen_options *options)
{
	add_capability(text, capability("sgr0"));
	if (options->colour)
		add_capability(text, capability("op"));
	add_capability(text, capability("rmir"));
	add_capability(text, capability("BD"));
	if (options->mouse)
		add_capability(text, capability("XM") ? tiparm(capability("XM"), 0) : "\033[?1000l");
	add_capability(text, tiparm(capability("cup"), ROW_MAX - 1, 0));
	add_capability(text, capability("cnorm"));
	add_capability(text, capability("rmkx"));
	add_capability(text, capability("rmcup") ? capability("rmcup") : capability("el"));
	text_add(text, "\r");
}

static bool cannot(struct err *err, const char *what)
{
	char name[64];
	const char *term = getenv("TERM");
	if (term == NULL || *term == '\0')
		return err_set(err, ERR_USAGE, "TERM is not set: set it to the kind of terminal, or use --headless");
	return err_set(err, ERR_USAGE, "TERM=%s: %s: set it to another kind, or use --headless",
	               text_escape(name, sizeof name, term), what);
}

size_t screen_prepare(char *reset, size_t size, const struct screen_options *options, struct err *err)
{
	int status;
	if (setupterm(NULL, fileno(stdout), &status) != OK) {
		cannot(err, "this kind of terminal is unknown here");
		return 0;
	}
	size_t length = 0;
	if (capability("cup") == NULL || capability("clear") == NULL) {
		cannot(err, "this kind of terminal cannot place its cursor");
	} else {
		struct text text = {0};
		add_reset(&text, options);
		if (text_check(&text, err))
			length = text.length < size ? text.length : size;
		memcpy(reset, text_string(&text), length);
		text_free(&text);
	}
	del_curterm(cur_term);
	return length;
}

/* ---- colours ---- */

/* A palette's colour in the numbers of this terminal. */
static int terminal_colour(const struct palette_style *style)
{
	if (COLORS < 256)
		return style->colour_8;
	if (COLORS == 256 || style->colour_256 < 8)
		return style->colour_256;
	return (int)palette_rgb(style->colour_256); /* TERM=xterm-direct and its kind */
}

static attr_t curses_attributes(unsigned flags)
{
	return (flags & CELL_REVERSE ? A_REVERSE : 0) | (flags & CELL_BOLD ? A_BOLD : 0) |
	       (flags & CELL_DIM ? A_DIM : 0);
}

/* Colours on the terminal's own background, or none. */
static bool start_colours(void)
{
	return has_colors() && start_color() == OK && use_default_colors() == OK && COLORS >= 8 && COLOR_PAIRS > ROLES;
}

static bool is_coloured(const struct palette *palette)
{
	for (int role = 0; role < ROLES; role++)
		if (palette->style[role].colour_256 != PALETTE_DEFAULT_COLOUR)
			return true;
	return false;
}

static void choose_styles(const struct palette *palette, bool wanted)
{
	bool colour = wanted && is_coloured(palette) && start_colours();
	if (!colour)
		palette = (const void *)table_find(&palettes, "monochrome", NULL);
	for (int role = 0; role < ROLES; role++) {
		const struct palette_style *style = &palette->style[role];
		screen.attributes[role] = curses_attributes(style->flags);
		screen.pair[role] = 0;
		if (!colour || terminal_colour(style) == PALETTE_DEFAULT_COLOUR)
			continue;
		screen.pair[role] = (short)(role + 1);
		init_extended_pair(screen.pair[role], terminal_colour(style), -1);
	}
}

/* ---- taking and giving the screen ---- */

/* Asks the terminal to mark pastes, where it is known to understand. */
static void mark_pastes(bool on)
{
	char *string = capability(on ? "BE" : "BD");
	if (string == NULL || screen.marks_pastes == on)
		return;
	screen.marks_pastes = on;
	putp(string);
	fflush(stdout); /* curses writes past it */
}

bool screen_open(const struct screen_options *options, struct err *err)
{
	screen.curses = newterm(NULL, stdout, stdin);
	screen.keyboard = screen.curses ? newpad(1, 1) : NULL;
	if (screen.keyboard == NULL) {
		screen_close();
		return err_set(err, ERR_RESOURCE, "terminal: curses does not start: memory may be short");
	}
	cbreak();
	noecho();
	nonl();
	set_escdelay(ESCAPE_MILLISECONDS);
	typeahead(-1);
	curs_set(0);
	leaveok(stdscr, TRUE);
	keypad(screen.keyboard, TRUE);
	nodelay(screen.keyboard, TRUE);
	if (options->mouse) {
		mouseinterval(0);
		mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	} else {
		keyok(KEY_MOUSE, FALSE); /* else the rest of a stray report would count as keys */
	}
	choose_styles(options->palette, options->colour);
	mark_pastes(true);
	return true;
}

void screen_leave(void)
{
	if (screen.curses == NULL)
		return;
	mark_pastes(false);
	if (!isendwin())
		endwin();
}

void screen_redraw(void *unused)
{
	(void)unused;
	clearok(curscr, TRUE);
}

void screen_return(void)
{
	mark_pastes(true);
	screen_redraw(NULL);
}

void screen_close(void)
{
	screen_leave();
	if (screen.keyboard)
		delwin(screen.keyboard);
	screen.keyboard = NULL;
	if (screen.curses)
		delscreen(screen.curses);
	screen.curses = NULL;
}

void screen_restyle(const struct palette *palette)
{
	choose_styles(palette, true);
	screen_redraw(NULL);
}

void screen_resize(int width, int height)
{
	resize_term(height, width);
	screen_redraw(NULL);
}

/* ---- drawing ---- */

void screen_draw(const struct canvas *canvas)
{
	for (int y = 0; y < canvas->height; y++) {
		for (int x = 0, end; x < canvas->width; x = end) {
			const struct cell *first = canvas_cell(canvas, x, y);
			for (end = x; end < canvas->width; end++) {
				const struct cell *cell = canvas_cell(canvas, end, y);
				if (cell->role != first->role || cell->flags != first->flags)
					break;
				screen.run[end - x] = (wchar_t)cell->glyph;
			}
			attr_set(screen.attributes[first->role] | curses_attributes(first->flags),
			         screen.pair[first->role], NULL);
			mvaddnwstr(y, x, screen.run, end - x);
		}
	}
	refresh();
}

/* ---- keys ---- */

static const struct {
	int curses, ours;
} keys[] = {
	{ KEY_UP, APP_KEY_UP }, { KEY_DOWN, APP_KEY_DOWN }, { KEY_LEFT, APP_KEY_LEFT }, { KEY_RIGHT, APP_KEY_RIGHT },
	{ KEY_HOME, APP_KEY_HOME }, { KEY_FIND, APP_KEY_HOME }, { KEY_END, APP_KEY_END }, { KEY_SELECT, APP_KEY_END },
	{ KEY_PPAGE, APP_KEY_PAGE_UP }, { KEY_NPAGE, APP_KEY_PAGE_DOWN }, { KEY_BACKSPACE, APP_KEY_BACKSPACE },
	{ KEY_DC, APP_KEY_DELETE }, { KEY_BTAB, APP_KEY_BACK_TAB }, { KEY_F(1), APP_KEY_F1 }, { KEY_ENTER, '\r' },
};

void screen_clicked(int *x, int *y)
{
	*x = screen.click_x;
	*y = screen.click_y;
}

static int mouse_key(void)
{
	MEVENT event;
	if (getmouse(&event) != OK)
		return SCREEN_KEY_UNKNOWN;
	screen.click_x = event.x;
	screen.click_y = event.y;
	return event.bstate & BUTTON1_PRESSED ? SCREEN_KEY_CLICK
	     : event.bstate & BUTTON4_PRESSED ? APP_KEY_UP
	     : event.bstate & BUTTON5_PRESSED ? APP_KEY_DOWN : SCREEN_KEY_UNKNOWN;
}

int screen_key(void)
{
	wint_t character;
	int kind = wget_wch(screen.keyboard, &character);
	if (kind == OK)
		return character <= 0x10FFFF ? (int)character : SCREEN_KEY_UNKNOWN;
	if (kind != KEY_CODE_YES)
		return SCREEN_KEY_NONE;
	if (character == KEY_MOUSE)
		return mouse_key();
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if ((wint_t)keys[i].curses == character)
			return keys[i].ours;
	return SCREEN_KEY_UNKNOWN;
}

const char *screen_library(void)
{
	return curses_version();
}
