/* Reads the lines of a lesson. */
#include "app/lesson.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "app/command.h"

struct lesson *lesson_create(const char *name, struct err *err)
{
	struct lesson *lesson = alloc_array(1, sizeof *lesson, err);
	char *copy = alloc_array(strlen(name) + 1, 1, err);
	if (lesson == NULL || copy == NULL) {
		alloc_free(lesson);
		alloc_free(copy);
		return NULL;
	}
	lesson->name = strcpy(copy, name);
	lesson->title = lesson->next = lesson->last_place = "";
	return lesson;
}

static void destroy_one(struct lesson *lesson)
{
	for (size_t i = 0; i < lesson->pages; i++) {
		text_free(&lesson->page[i].caption);
		text_free(&lesson->page[i].question);
		alloc_free(lesson->page[i].line);
	}
	for (size_t i = 0; i < lesson->strings; i++)
		alloc_free(lesson->string[i]);
	alloc_free(lesson->string);
	alloc_free(lesson->page);
	alloc_free(lesson->common);
	alloc_free(lesson->name);
	alloc_free(lesson);
}

void lesson_destroy(struct lesson *lesson)
{
	while (lesson) {
		struct lesson *previous = lesson->previous;
		destroy_one(lesson);
		lesson = previous;
	}
}

/* Makes room for one more element; the element is zeroed.  NULL: ERR_RESOURCE. */
static void *one_more(void **array, size_t *count, size_t size, struct err *err)
{
	void *longer = alloc_resize(*array, *count + 1, size, err);
	if (longer == NULL)
		return NULL;
	*array = longer;
	return memset((char *)longer + size * (*count)++, 0, size);
}

/* A copy that lives as long as the lesson; NULL: ERR_RESOURCE. */
static const char *keep(struct lesson *lesson, const char *string, struct err *err)
{
	void *array = lesson->string;
	char **place = one_more(&array, &lesson->strings, sizeof *place, err);
	lesson->string = array;
	if (place == NULL)
		return NULL;
	*place = alloc_array(strlen(string) + 1, 1, err);
	return *place ? strcpy(*place, string) : NULL;
}

/* ---- commands ---- */

/* Whether a lesson may use the command: none that writes files, and none that
 * steers the program instead of the experiment. */
static bool allowed(const char *name, struct err *err)
{
	const struct command *command = command_find(name, NULL);
	if (command == NULL)
		return true;
	if (command->writes)
		return err_set(err, ERR_USAGE, "%s: lessons write no files", command->entry.name);
	return command->group != COMMAND_PROGRAM ||
	       err_set(err, ERR_USAGE, "%s: lessons use commands that change or show the experiment, not this one",
	               command->entry.name);
}

static bool add_to(struct lesson_line **lines, size_t *count, struct lesson_line line, struct err *err)
{
	void *array = *lines;
	struct lesson_line *place = one_more(&array, count, sizeof *place, err);
	*lines = array;
	if (place)
		*place = line;
	return place != NULL;
}

static bool add_command(struct lesson *lesson, const char *line, const char *place, struct err *err)
{
	char word[64];
	snprintf(word, sizeof word, "%.*s", (int)strcspn(line, " \t"), line);
	const char *name = command_name(word, err);
	if (name == NULL || !allowed(name, err))
		return false;
	const struct lesson_line added = { keep(lesson, line, err), place, strcmp(name, "expect") == 0 };
	if (added.text == NULL)
		return false;
	if (lesson->pages == 0)
		return add_to(&lesson->common, &lesson->commons, added, err);
	struct lesson_page *page = &lesson->page[lesson->pages - 1];
	return add_to(&page->line, &page->lines, added, err);
}

/* ---- the words of a lesson ---- */

enum word { WORD_TITLE, WORD_NEXT, WORD_PAGE, WORD_CAPTION, WORD_QUESTION, WORD_POINT, WORD_HIDE, WORD_SHOW, WORDS };

static const struct entry words_of_lessons[WORDS] = {
	[WORD_TITLE] = { .name = "title", .summary = "the lesson's title, before the first page" },
	[WORD_NEXT] = { .name = "next", .summary = "the name of the lesson that follows, before the first page" },
	[WORD_PAGE] = { .name = "page", .summary = "begins a page; the heading may be left out" },
	[WORD_CAPTION] = { .name = ">", .summary = "the caption; lines are joined, and an empty one begins a paragraph" },
	[WORD_QUESTION] = { .name = "?", .summary = "the question that the reader answers before going on" },
	[WORD_POINT] = { .name = "point", .summary = "marks this text where the view shows it first" },
	[WORD_HIDE] = { .name = "hide", .summary = "parts of the screen that this page does not show, because they would give an answer away; "
	                                           "before the first page: all pages" },
	[WORD_SHOW] = { .name = "show", .summary = "parts that this page shows, though the other pages hide them" },
};
const struct table lesson_keywords = TABLE_OF(words_of_lessons, "word", "words");

static const struct entry parts[] = {
	[LESSON_VERDICT] = { .name = "verdict", .summary = "the badge and the sentence on the net" },
	[LESSON_CAUSE] = { .name = "cause", .summary = "the row that begins with `why`" },
	[LESSON_CURE] = { .name = "cure", .summary = "the row that begins with `try`" },
};
const struct table lesson_parts = TABLE_OF(parts, "part", "parts");

/* `hide` and `show`: adds parts to a set, or removes them. */
static bool set_parts(unsigned *hidden, const char *words, bool hide, struct err *err)
{
	char word[32];
	if (words[0] == '\0')
		return err_set(err, ERR_USAGE, "choose from verdict, cause, cure");
	for (size_t i = 0; command_word(words, i, word, sizeof word); i++) {
		const struct entry *part = table_find(&lesson_parts, word, err);
		if (part == NULL)
			return false;
		unsigned bit = 1u << table_index(&lesson_parts, part);
		*hidden = hide ? *hidden | bit : *hidden & ~bit;
	}
	return true;
}

static bool add_page(struct lesson *lesson, const char *heading, struct err *err)
{
	if (lesson->pages == LESSON_PAGES)
		return err_set(err, ERR_USAGE, "page: a lesson has at most %d pages", LESSON_PAGES);
	if (lesson->title[0] == '\0')
		return err_set(err, ERR_USAGE, "page: the lesson's title comes before its first page: title WORDS");
	void *array = lesson->page;
	struct lesson_page *page = one_more(&array, &lesson->pages, sizeof *page, err);
	lesson->page = array;
	if (page == NULL)
		return false;
	page->heading = heading;
	page->hidden = lesson->hidden;
	for (size_t i = 0; i < lesson->commons; i++)
		if (!add_to(&page->line, &page->lines, lesson->common[i], err))
			return false;
	return true;
}

/* One line of text: lines are joined by blanks, an empty one begins a paragraph. */
static bool add_words(struct text *text, const char *words, struct err *err)
{
	size_t end = text->length;
	if (words[0] == '\0')
		text_add(text, "\n");
	else if (end && text->bytes[end - 1] != '\n')
		text_add(text, " ");
	text_add(text, words);
	return text_check(text, err);
}

static bool add_point(struct lesson_page *page, const char *words, struct err *err)
{
	if (words[0] == '\0')
		return err_set(err, ERR_USAGE, "point needs a text of the screen: point E[z^2]");
	if (page->points == LESSON_POINTS)
		return err_set(err, ERR_USAGE, "point: a page has at most %d", LESSON_POINTS);
	page->point[page->points++] = words;
	return true;
}

/* "next words": the words, or NULL if the line begins otherwise. */
static const char *after_word(const char *line, const char *word)
{
	size_t length = strlen(word);
	if (strncmp(line, word, length) != 0 || (line[length] && line[length] != ' ' && line[length] != '\t'))
		return NULL;
	return line + length + strspn(line + length, " \t");
}

/* `title` and `next`, each once, before the first page. */
static bool set_head(struct lesson *lesson, const char **head, const char *word, const char *words, struct err *err)
{
	if (lesson->pages)
		return err_set(err, ERR_USAGE, "%s: this comes before the first page", word);
	if ((*head)[0])
		return err_set(err, ERR_USAGE, "%s: it is given already", word);
	if (words[0] == '\0')
		return err_set(err, ERR_USAGE, "%s: the words are missing", word);
	*head = words;
	return true;
}

/* The word that begins a line; WORDS for none.  *rest: what follows it. */
static enum word word_of(const char *line, const char **rest)
{
	for (enum word i = 0; i < WORDS; i++) {
		bool sign = i == WORD_CAPTION || i == WORD_QUESTION; /* needs no blank after it */
		*rest = sign && line[0] == words_of_lessons[i].name[0] ? line + 1 + strspn(line + 1, " \t")
		                                                       : after_word(line, words_of_lessons[i].name);
		if (*rest)
			return i;
	}
	return WORDS;
}

static bool add_to_page(struct lesson_page *page, enum word word, const char *rest, struct err *err)
{
	if (page == NULL)
		return err_set(err, ERR_USAGE, "a caption, question or point belongs to a page: begin one with `page`");
	if (word == WORD_POINT)
		return add_point(page, rest, err);
	return add_words(word == WORD_CAPTION ? &page->caption : &page->question, rest, err);
}

bool lesson_add(struct lesson *lesson, const char *line, const char *place, struct err *err)
{
	const char *rest, *kept = keep(lesson, line, err), *where = kept ? keep(lesson, place, err) : NULL;
	if (where == NULL)
		return false;
	lesson->last_place = where;
	struct lesson_page *page = lesson->pages ? &lesson->page[lesson->pages - 1] : NULL;
	enum word word = word_of(kept, &rest);
	switch (word) {
	case WORD_TITLE:
		return set_head(lesson, &lesson->title, "title", rest, err);
	case WORD_NEXT:
		return set_head(lesson, &lesson->next, "next", rest, err);
	case WORD_PAGE:
		return add_page(lesson, rest, err);
	case WORD_HIDE:
	case WORD_SHOW:
		return set_parts(page ? &page->hidden : &lesson->hidden, rest, word == WORD_HIDE, err) ||
		       err_prefix(err, "%s", words_of_lessons[word].name);
	case WORD_CAPTION:
	case WORD_QUESTION:
	case WORD_POINT:
		return add_to_page(page, word, rest, err);
	case WORDS:
		break;
	}
	return add_command(lesson, kept, where, err);
}

bool lesson_check(const struct lesson *lesson, struct err *err)
{
	if (lesson->pages == 0)
		return err_set(err, ERR_USAGE, "%s: the lesson has no page: begin one with `page`",
		               lesson->last_place[0] ? lesson->last_place : lesson->name);
	for (size_t i = 0; i < lesson->pages; i++)
		if (lesson->page[i].caption.length == 0)
			return err_set(err, ERR_USAGE, "%s: page %zu of the lesson has no caption: write it after >",
			               lesson->last_place, i + 1);
	return true;
}
