/* Curses: colours, cells, keys.  Independent of the app and of
 * signals.  Only the cells that differ from the last frame are passed to curses,
 * which optimizes the cursor's motion. */
#include "io/tui_screen.h"

#include <curses.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "app/app.h"
#include "io/tui_capability.h"

#define ESCAPE_MILLISECONDS 25
#define ROW_MAX 1000 /* a canvas is no wider */

static struct {
	SCREEN *curses;
	WINDOW *keyboard; /* a pad: reading from it draws nothing */
	attr_t attributes[ROLES];
	short pair[ROLES];
	short halves[ROLES][ROLES]; /* the pairs of two roles that were used; 0: none yet */
	short pairs;                /* used so far */
	bool coloured[ROLES]; /* its colour differs from that of text */
	bool marks_pastes;
	bool entered; /* something was set that endwin() undoes: curses does not know before the first frame */
	int click_x, click_y;
	wchar_t run[ROW_MAX]; /* cells of one style, being drawn */
	struct canvas shown; /* the last frame passed to curses */
	bool redraw;         /* the next frame is drawn completely */
} screen;

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
	memset(screen.halves, 0, sizeof screen.halves);
	screen.pairs = ROLES + 1;
	bool colour = wanted && is_coloured(palette) && start_colours();
	if (!colour)
		palette = palette_find("monochrome", NULL);
	for (int role = 0; role < ROLES; role++) {
		const struct palette_style *style = &palette->style[role];
		screen.attributes[role] = curses_attributes(style->flags);
		screen.pair[role] = 0;
		screen.coloured[role] = colour && terminal_colour(style) != PALETTE_DEFAULT_COLOUR;
		if (!colour)
			continue;
		/* A pair for the default colour too: going back to pair 0, curses
		 * takes back all attributes after the colour. */
		screen.pair[role] = (short)(role + 1);
		init_extended_pair(screen.pair[role], terminal_colour(style), -1);
	}
}

/* ---- taking and giving the screen ---- */

/* Enables bracketed paste if the terminal is known to support it. */
static void mark_pastes(bool on)
{
	char *string = tui_capability(on ? "BE" : "BD");
	if (string == NULL || screen.marks_pastes == on)
		return;
	screen.marks_pastes = on;
	putp(string);
	fflush(stdout); /* curses bypasses stdio's buffer */
}

/* Ctrl-C is read as a key, since it also closes what is open over the view;
 * and reading never waits, should another process have taken the input. */
static void set_modes(void)
{
	struct termios modes;
	cbreak();
	if (tcgetattr(fileno(stdout), &modes) != 0)
		return;
	modes.c_cc[VINTR] = _POSIX_VDISABLE;
	modes.c_cc[VMIN] = modes.c_cc[VTIME] = 0;
	tcsetattr(fileno(stdout), TCSADRAIN, &modes);
	def_prog_mode();
}

/* What other terminals than the one that TERM names send for keys (PuTTY,
 * rxvt, the Linux console, application mode), where TERM's does not mean
 * something else by it. */
static void define_keys(void)
{
	static const struct {
		const char *sequence;
		int key;
	} sent[] = {
		{ "\033[1~", KEY_HOME }, { "\033[7~", KEY_HOME }, { "\033[H", KEY_HOME }, { "\033OH", KEY_HOME },
		{ "\033[4~", KEY_END }, { "\033[8~", KEY_END }, { "\033[F", KEY_END }, { "\033OF", KEY_END },
		{ "\033[5~", KEY_PPAGE }, { "\033[6~", KEY_NPAGE }, { "\033[3~", KEY_DC }, { "\033[Z", KEY_BTAB },
		{ "\033[A", KEY_UP }, { "\033OA", KEY_UP }, { "\033[B", KEY_DOWN }, { "\033OB", KEY_DOWN },
		{ "\033[C", KEY_RIGHT }, { "\033OC", KEY_RIGHT }, { "\033[D", KEY_LEFT }, { "\033OD", KEY_LEFT },
		{ "\033OP", KEY_F(1) }, { "\033[11~", KEY_F(1) }, { "\033[[A", KEY_F(1) },
	};
	for (size_t i = 0; i < sizeof sent / sizeof sent[0]; i++)
		if (key_defined(sent[i].sequence) == 0)
			define_key(sent[i].sequence, sent[i].key);
}

bool screen_open(const struct screen_options *options, struct err *err)
{
	screen.curses = newterm(NULL, stdout, stdin);
	screen.keyboard = screen.curses ? newpad(1, 1) : NULL;
	if (screen.keyboard == NULL) {
		screen_close();
		return err_set(err, ERR_RESOURCE, "terminal: curses does not start: memory may be short");
	}
	/* Until curses has come back from endwin() once, it sends every motion of
	 * the cursor by itself (6.4): a hundred system calls a frame, and a screen
	 * that is seen half drawn. */
	endwin();
	screen.entered = true;
	set_modes();
	noecho();
	nonl();
	set_escdelay(ESCAPE_MILLISECONDS);
	typeahead(-1);
	curs_set(0);
	leaveok(stdscr, TRUE);
	keypad(screen.keyboard, TRUE);
	define_keys();
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
	if (screen.entered)
		endwin();
	screen.entered = false;
}

void screen_redraw(void *unused)
{
	(void)unused;
	screen.redraw = true;
	clearok(curscr, TRUE);
}

void screen_return(void)
{
	screen.entered = true;
	keypad(screen.keyboard, TRUE); /* else only once a first key has been read */
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
	canvas_destroy(&screen.shown);
}

void screen_restyle(const struct palette *palette)
{
	choose_styles(palette, true);
	screen_redraw(NULL);
}

bool screen_ask_background(void)
{
	/* others may show the question as text */
	static const char *const kinds[] = {
		"xterm", "tmux", "screen", "rxvt", "alacritty", "foot", "kitty", "konsole", "wezterm", "vte", "gnome", "st-",
		"contour", "iterm", "ghostty", "mlterm",
	};
	const char *term = getenv("TERM") ? getenv("TERM") : "";
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (strncmp(term, kinds[i], strlen(kinds[i])) == 0) {
			fputs("\033]11;?\007", stdout);
			return fflush(stdout) == 0;
		}
	return false;
}

bool screen_resize(int width, int height, struct err *err)
{
	resize_term(height, width);
	erase();
	screen_redraw(NULL);
	canvas_destroy(&screen.shown);
	return canvas_create(&screen.shown, width, height, false, err);
}

/* ---- drawing ---- */

static attr_t attributes_of(const struct cell *cell)
{
	return screen.attributes[cell->role] | curses_attributes(cell->flags);
}

/* The pair of a block with two roles; 0 where the terminal has no further one. */
static short pair_of_halves(const struct cell *cell)
{
	short *pair = &screen.halves[cell->role][cell->under];
	int ink, paper;
	if (*pair || !screen.coloured[cell->role] || !screen.coloured[cell->under] || screen.pairs >= COLOR_PAIRS || screen.pairs == SHRT_MAX)
		return *pair;
	if (extended_pair_content(screen.pair[cell->role], &ink, &(int){0}) == OK &&
	    extended_pair_content(screen.pair[cell->under], &paper, &(int){0}) == OK && init_extended_pair(screen.pairs, ink, paper) == OK)
		*pair = screen.pairs++;
	return *pair;
}

static short pair_of(const struct cell *cell)
{
	short halves = cell->under ? pair_of_halves(cell) : 0;
	return halves ? halves : screen.pair[cell->role];
}

static wchar_t glyph_of(const struct cell *cell)
{
	return (wchar_t)(cell->under && pair_of_halves(cell) ? CELL_UPPER_HALF : cell->glyph);
}

static bool same_style(const struct cell *a, const struct cell *b)
{
	return a->role == b->role && a->flags == b->flags && a->under == b->under;
}

/* A cell that looks blank in any colour. */
static bool is_blank(const struct cell *cell)
{
	return cell->glyph == ' ' && !(attributes_of(cell) & A_REVERSE);
}

static bool same_look(const struct cell *a, const struct cell *b)
{
	return a->glyph == b->glyph && (same_style(a, b) || (is_blank(a) && is_blank(b)));
}

/* Whether the cell looks right when it is drawn in that style. */
static bool fits_style(const struct cell *cell, const struct cell *style)
{
	return same_style(cell, style) || (is_blank(cell) && !(attributes_of(style) & A_REVERSE));
}

/* Whether the cell has changed and belongs to the pass for coloured cells, or to
 * the other pass; a blank belongs to the pass of the cell that it replaces. */
static bool is_due(const struct cell *cell, const struct cell *before, bool coloured)
{
	if (!screen.redraw && same_look(cell, before))
		return false;
	return screen.coloured[is_blank(cell) ? before->role : cell->role] == coloured;
}

/* Copies the first of n cells that are due and fit this style into screen.run,
 * with single blanks between them, since skipping a blank takes a motion of the
 * cursor.  Returns their number. */
static int copy_run(const struct cell *cell, const struct cell *before, int n, const struct cell *style, bool coloured)
{
	int end = 0;
	for (int i = 0; i < n && i <= end + 1; i++) {
		bool due = is_due(&cell[i], &before[i], coloured);
		if (!fits_style(&cell[i], style) || !(due || is_blank(&cell[i])))
			break;
		screen.run[i] = glyph_of(&cell[i]);
		if (due)
			end = i + 1;
	}
	return end;
}

static void draw(const struct canvas *canvas, bool coloured)
{
	const struct cell *style = NULL;
	for (int y = 0; y < canvas->height; y++) {
		const struct cell *row = canvas_cell(canvas, 0, y), *before = canvas_cell(&screen.shown, 0, y);
		for (int x = 0; x < canvas->width; x++) {
			if (!is_due(&row[x], &before[x], coloured))
				continue;
			if (style == NULL || !fits_style(&row[x], style))
				style = &row[x];
			int length = copy_run(row + x, before + x, canvas->width - x, style, coloured);
			attr_set(attributes_of(style), pair_of(style), NULL);
			mvaddnwstr(y, x, screen.run, length);
			x += length - 1;
		}
	}
}

void screen_draw(const struct canvas *canvas)
{
	/* Most rows have numbers beside bars.  Two passes, one for each, take fewer
	 * bytes than two changes of colour in each row. */
	draw(canvas, false);
	if (!screen.redraw)
		refresh();
	draw(canvas, true);
	refresh();
	canvas_copy(&screen.shown, canvas);
	screen.redraw = false;
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
	return character == KEY_RESIZE ? SCREEN_KEY_UNKNOWN : APP_KEY_OTHER;
}

const char *screen_library(void)
{
	return curses_version();
}
