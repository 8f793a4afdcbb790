/* A line that is typed: editing, history, completion.  Completion reads the
 * tables of commands and settings. */
#include "app/line.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lab/settings.h"
#include "app/command.h"
#include "app/key.h"

#define CONTROL(letter) ((letter) & 0x1F)

/* ---- text ---- */

static void erase(struct line *line, size_t from, size_t to)
{
	memmove(line->text + from, line->text + to, line->length - to + 1);
	line->length -= to - from;
	line->cursor = from;
}

static void insert(struct line *line, const char *bytes, size_t count)
{
	if (line->length + count >= LINE_SIZE)
		return;
	memmove(line->text + line->cursor + count, line->text + line->cursor, line->length - line->cursor + 1);
	memcpy(line->text + line->cursor, bytes, count);
	line->length += count;
	line->cursor += count;
}

static void replace(struct line *line, const char *text)
{
	line->length = line->cursor = strlen(text);
	memmove(line->text, text, line->length + 1);
}

/* The start of the word before the cursor, blanks after it included. */
static size_t word_before(const struct line *line)
{
	size_t at = line->cursor;
	while (at > 0 && line->text[at - 1] == ' ')
		at--;
	while (at > 0 && line->text[at - 1] != ' ')
		at--;
	return at;
}

/* ---- history ---- */

static const char *past_line(const struct line *line, size_t back)
{
	return line->past[(line->lines - back) % LINE_HISTORY];
}

static void remember(struct line *line)
{
	if (line->lines > 0 && strcmp(past_line(line, 1), line->text) == 0)
		return;
	memcpy(line->past[line->lines % LINE_HISTORY], line->text, line->length + 1);
	line->lines++;
}

static void walk_history(struct line *line, size_t back)
{
	size_t most = line->lines < LINE_HISTORY ? line->lines : LINE_HISTORY;
	if (back > most)
		return;
	if (line->back == 0)
		memcpy(line->draft, line->text, line->length + 1);
	line->back = back;
	replace(line, back ? past_line(line, back) : line->draft);
}

/* ---- completion ---- */

static size_t word_end(const char *text, size_t at)
{
	return at + strcspn(text + at, " ");
}

static size_t next_word(const char *text, size_t at)
{
	at = word_end(text, at);
	return at + strspn(text + at, " ");
}

/* The table's entry that the word at text[start] names or is the beginning of;
 * NULL if there is none. */
static const struct entry *named(const struct table *table, const char *text, size_t start)
{
	char word[LINE_SIZE];
	snprintf(word, sizeof word, "%.*s", (int)(word_end(text, start) - start), text + start);
	const char *name = word[0] ? command_name(word, NULL) : NULL;
	return name ? table_find(table, name, NULL) : NULL;
}

struct line_choices line_choices(const struct line *line)
{
	const char *text = line->text;
	size_t first = strspn(text, " ");
	if (line->cursor <= word_end(text, first))
		return (struct line_choices){ .start = first < line->cursor ? first : line->cursor,
		                              .table = { &commands, &settings_table } };
	struct line_choices choices = { .start = next_word(text, first) };
	choices.command = named(&commands, text, first);
	if (choices.command) {
		const struct command *command = command_from(choices.command);
		choices.table[0] = command->choices;
		if (!command->names_setting || line->cursor <= word_end(text, choices.start))
			return choices;
		first = choices.start;
		choices.start = next_word(text, first);
		choices.table[0] = NULL;
	}
	choices.command = named(&settings_table, text, first);
	if (choices.command)
		choices.table[0] = setting_from(choices.command)->choices;
	return choices;
}

static bool begins_like(const char *name, const char *word, size_t length)
{
	char head[LINE_SIZE];
	snprintf(head, sizeof head, "%.*s", (int)(strnlen(name, length)), name);
	char typed[LINE_SIZE];
	snprintf(typed, sizeof typed, "%.*s", (int)length, word);
	return text_same_name(head, typed);
}

const struct entry *line_candidate(const struct line *line, const struct line_choices *choices, size_t i)
{
	if (choices->start > line->cursor)
		return NULL;
	const char *word = line->text + choices->start;
	size_t length = line->cursor - choices->start;
	for (size_t t = 0; t < 2 && choices->table[t]; t++)
		for (size_t n = 0; n < choices->table[t]->count; n++) {
			const struct entry *entry = table_at(choices->table[t], n);
			if (!begins_like(entry->name, word, length))
				continue;
			/* `lr` is a command and a setting: it is listed once */
			if (t == 1 && table_find(choices->table[0], entry->name, NULL))
				continue;
			if (i-- == 0)
				return entry;
		}
	return NULL;
}

/* Completes the word at the cursor as far as all candidates agree. */
static void complete(struct line *line)
{
	struct line_choices choices = line_choices(line);
	const struct entry *first = line_candidate(line, &choices, 0), *other;
	if (first == NULL)
		return;
	size_t agreed = strlen(first->name);
	for (size_t i = 1; (other = line_candidate(line, &choices, i)); i++)
		while (!begins_like(other->name, first->name, agreed))
			agreed--;
	bool only = line_candidate(line, &choices, 1) == NULL;
	size_t typed = line->cursor - choices.start;
	bool at_end = line->cursor == line->length;
	if (line->length - typed + agreed + 1 >= LINE_SIZE)
		return;
	erase(line, choices.start, line->cursor);
	insert(line, first->name, agreed);
	if (only && at_end)
		insert(line, " ", 1);
}

/* ---- keys ---- */

void line_open(struct line *line, char mark)
{
	line->open = true;
	line->mark = mark;
	line->length = line->cursor = line->back = 0;
	line->text[0] = '\0';
}

void line_fill(struct line *line, const char *text)
{
	size_t length = strlen(text);
	insert(line, text, length < LINE_SIZE - 1 ? length : LINE_SIZE - 1);
}

bool line_key(struct line *line, int key)
{
	switch (key) {
	case '\r':
		line->open = false;
		if (line->length > 0)
			remember(line);
		return true;
	case CONTROL('g'):
		line->open = false;
		break;
	case APP_KEY_BACKSPACE:
		if (line->length == 0)
			line->open = false;
		else if (line->cursor > 0)
			erase(line, line->cursor - 1, line->cursor);
		break;
	case APP_KEY_DELETE:
	case CONTROL('d'):
		if (line->cursor < line->length)
			erase(line, line->cursor, line->cursor + 1);
		break;
	case CONTROL('w'):
		erase(line, word_before(line), line->cursor);
		break;
	case CONTROL('u'):
		erase(line, 0, line->cursor);
		break;
	case CONTROL('k'):
		erase(line, line->cursor, line->length);
		break;
	case APP_KEY_HOME:
	case CONTROL('a'):
		line->cursor = 0;
		break;
	case APP_KEY_END:
	case CONTROL('e'):
		line->cursor = line->length;
		break;
	case APP_KEY_LEFT:
	case CONTROL('b'):
		line->cursor -= line->cursor > 0;
		break;
	case APP_KEY_RIGHT:
	case CONTROL('f'):
		line->cursor += line->cursor < line->length;
		break;
	case APP_KEY_UP:
	case CONTROL('p'):
		walk_history(line, line->back + 1);
		break;
	case APP_KEY_DOWN:
	case CONTROL('n'):
		if (line->back > 0)
			walk_history(line, line->back - 1);
		break;
	case '\t':
		if (line->mark == ':')
			complete(line);
		break;
	default:
		if (key >= ' ' && key < 0x7F)
			insert(line, &(char){ (char)key }, 1);
	}
	return false;
}

/* ---- drawing ---- */

static void blank_row(struct canvas *canvas, int y, enum role role)
{
	for (int x = 0; x < canvas->width; x++)
		canvas_put(canvas, x, y, ' ', role);
}

/* Shows the arguments of the command before the cursor. */
static void draw_usage(const struct entry *entry, struct canvas *canvas, int y)
{
	const char *arguments = NULL;
	if (table_find(&commands, entry->name, NULL) == entry)
		arguments = command_from(entry)->arguments;
	else
		arguments = setting_from(entry)->argument;
	int x = canvas_textf(canvas, 1, y, canvas->width - 2, ROLE_INPUT, "%s %s", entry->name, arguments ? arguments : "");
	canvas_text(canvas, x + 2, y, canvas->width - x - 3, ROLE_HINT, entry->summary);
}

/* Draws the row above the line: the names that match, or the command's
 * arguments when no name does. */
static void draw_choices(const struct line *line, struct canvas *canvas, int y)
{
	struct line_choices choices = line_choices(line);
	const struct entry *entry = line_candidate(line, &choices, 0);
	if (entry == NULL && choices.command == NULL)
		return;
	blank_row(canvas, y, ROLE_HINT);
	if (entry == NULL) {
		draw_usage(choices.command, canvas, y);
		return;
	}
	if (line_candidate(line, &choices, 1) == NULL) {
		int x = canvas_text(canvas, 1, y, canvas->width - 2, ROLE_SELECTED, entry->name);
		canvas_text(canvas, x + 2, y, canvas->width - x - 3, ROLE_HINT, entry->summary);
		return;
	}
	int x = 1;
	for (size_t i = 0; entry && x < canvas->width; i++, entry = line_candidate(line, &choices, i))
		x = 2 + canvas_text(canvas, x, y, canvas->width - x - 1, ROLE_HINT, entry->name);
}

void line_draw(const struct line *line, struct canvas *canvas, int y)
{
	int room = canvas->width - 2; /* after the mark, the cursor's cell at the end included */
	blank_row(canvas, y, ROLE_INPUT);
	canvas_put(canvas, 0, y, (unsigned char)line->mark, ROLE_KEY);
	size_t skipped = room > 0 && line->cursor >= (size_t)room ? line->cursor - (size_t)room + 1 : 0;
	for (int i = 0; i < room && skipped + (size_t)i < line->length; i++)
		canvas_put(canvas, 1 + i, y, (unsigned char)line->text[skipped + (size_t)i], ROLE_INPUT);
	int x = 1 + (int)(line->cursor - skipped);
	uint32_t under = line->cursor < line->length ? (unsigned char)line->text[line->cursor] : ' ';
	canvas_put(canvas, x, y, under, ROLE_CURSOR);
	canvas_flag(canvas, x, y, 1, CELL_REVERSE);
	if (line->mark == ':')
		draw_choices(line, canvas, y - 1);
}
