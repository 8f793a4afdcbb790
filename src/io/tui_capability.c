/* Terminal capabilities from terminfo, before curses starts. */
#include "io/tui_capability.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

#undef columns /* <term.h> makes macros of such words */
#undef lines

#include "base/text.h"

#define LAST_ROW 999 /* terminals clip it to theirs */

char *tui_capability(const char *name)
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
static void add_reset(struct text *text, bool colour, bool mouse)
{
	add_capability(text, tui_capability("sgr0"));
	if (colour)
		add_capability(text, tui_capability("op"));
	add_capability(text, tui_capability("rmir"));
	add_capability(text, tui_capability("BD"));
	if (mouse)
		add_capability(text, tui_capability("XM") ? tiparm(tui_capability("XM"), 0) : "\033[?1000l");
	add_capability(text, tiparm(tui_capability("cup"), LAST_ROW, 0));
	add_capability(text, tui_capability("cnorm"));
	add_capability(text, tui_capability("rmkx"));
	add_capability(text, tui_capability("rmcup") ? tui_capability("rmcup") : tui_capability("el"));
	text_add(text, "\r");
}

/* Whether this machine has a terminfo entry for a terminal type with the
 * capabilities that drawing needs. */
static bool is_usable(const char *term)
{
	int status;
	if (setupterm(term, fileno(stdout), &status) != OK)
		return false;
	bool usable = tui_capability("cup") && tui_capability("clear");
	del_curterm(cur_term);
	return usable;
}

/* A common terminal type that has a terminfo entry on this machine; NULL if
 * there is none. */
static const char *substitute(const char *term)
{
	static const char *const kinds[] = { "xterm-256color", "xterm", "screen-256color", "screen", "linux", "vt100" };
	bool multiplexer = strncmp(term, "tmux", 4) == 0 || strncmp(term, "screen", 6) == 0;
	for (size_t i = multiplexer ? 2 : 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (is_usable(kinds[i]))
			return kinds[i];
	return NULL;
}

static bool cannot(struct err *err, const char *term, const char *what)
{
	char name[64], start[128];
	if (*term)
		snprintf(start, sizeof start, "TERM=%s: %s", text_escape(name, sizeof name, term), what);
	else
		snprintf(start, sizeof start, "TERM is not set");
	const char *kind = substitute(term);
	if (kind)
		return err_set(err, ERR_USAGE, "%s: try TERM=%s, or use --headless", start, kind);
	return err_set(err, ERR_USAGE, "%s: install the descriptions of terminals (ncurses-base, ncurses-term), or use --headless",
	               start);
}

size_t tui_capability_reset(char *reset, size_t size, bool colour, bool mouse, struct err *err)
{
	int status;
	const char *term = getenv("TERM") ? getenv("TERM") : "";
	unsetenv("LINES"); /* terminal_size() determines the size */
	unsetenv("COLUMNS");
	if (setupterm(NULL, fileno(stdout), &status) != OK) {
		cannot(err, term, "this kind of terminal is unknown here");
		return 0;
	}
	size_t length = 0;
	if (tui_capability("cup") == NULL || tui_capability("clear") == NULL) {
		del_curterm(cur_term);
		cannot(err, term, "this kind of terminal cannot place its cursor");
		return 0;
	}
	struct text text = {0};
	add_reset(&text, colour, mouse);
	if (text_check(&text, err))
		length = text.length < size ? text.length : size;
	memcpy(reset, text_string(&text), length);
	text_free(&text);
	del_curterm(cur_term);
	return length;
}
