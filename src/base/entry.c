/* Lookup in tables and the messages about names that are not there.  Independent of
 * any particular table. */
#include "base/entry.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

const struct entry *table_at(const struct table *table, size_t i)
{
	assert(i < table->count);
	return (const struct entry *)(const void *)((const char *)table->items + i * table->size);
}

size_t table_index(const struct table *table, const struct entry *entry)
{
	return (size_t)((const char *)(const void *)entry - (const char *)table->items) / table->size;
}

/* Copies the next blank-separated word of *list into word; false at the end. */
static bool next_word(const char **list, char *word, size_t size)
{
	if (*list == NULL)
		return false;
	*list += strspn(*list, " ");
	size_t length = strcspn(*list, " ");
	if (length == 0)
		return false;
	snprintf(word, size, "%.*s", (int)length, *list);
	*list += length;
	return true;
}

static bool is_called(const struct entry *entry, const char *name)
{
	if (text_same_name(entry->name, name))
		return true;
	char word[64];
	for (const char *rest = entry->aliases; next_word(&rest, word, sizeof word);)
		if (text_same_name(word, name))
			return true;
	return false;
}

#define MOST_EDITS 2 /* of a name that is suggested */
#define UNLIKE (2 * (MOST_EDITS + 1))

/* How unlike two words are: twice their edit distance, and 1 where the first letters
 * differ (case-blind), which are rarely mistyped; UNLIKE or more for words too different to suggest. */
static int unlikeness(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b), differ = na < nb ? nb - na : na - nb;
	return differ > MOST_EDITS ? UNLIKE : 2 * text_distance(a, b) + ((a[0] | 0x20) != (b[0] | 0x20));
}

const char *table_suggest(const struct table *table, const char *name)
{
	const char *best = NULL;
	int least = UNLIKE;
	if (strlen(name) < 3)
		return NULL; /* a very short word is similar to too many names */
	for (size_t i = 0; i < table->count; i++) {
		const struct entry *entry = table_at(table, i);
		int unlike = unlikeness(entry->name, name);
		char word[64];
		for (const char *rest = entry->aliases; next_word(&rest, word, sizeof word);) {
			int other = unlikeness(word, name);
			unlike = other < unlike ? other : unlike;
		}
		if (unlike < least) {
			least = unlike;
			best = entry->name;
		}
	}
	return best;
}

#define MOST_LISTED (ERR_MESSAGE_SIZE / 2) /* bytes of the names in a message */

static bool no_such(const struct table *table, const char *name, struct err *err)
{
	char safe[64];
	if (err == NULL)
		return false; /* without err nobody reads the message, and the suggestion takes time */
	text_escape(safe, sizeof safe, name);
	const char *near = table_suggest(table, name);
	if (near)
		return err_set(err, ERR_USAGE, "no %s is called '%s': did you mean '%s'?", table->noun, safe, near);
	struct text list = {0};
	for (size_t i = 0; i < table->count; i++) {
		if (strlen(text_string(&list)) + strlen(table_at(table, i)->name) > MOST_LISTED) { /* a message has an end */
			text_addf(&list, " and %zu more", table->count - i);
			break;
		}
		text_addf(&list, "%s%s", i ? ", " : "", table_at(table, i)->name);
	}
	err_set(err, ERR_USAGE, "no %s is called '%s': choose from %s", table->noun, safe, text_string(&list));
	text_free(&list);
	return false;
}

const struct entry *table_find(const struct table *table, const char *name, struct err *err)
{
	for (size_t i = 0; i < table->count; i++)
		if (is_called(table_at(table, i), name))
			return table_at(table, i);
	no_such(table, name, err);
	return NULL;
}

bool entry_needs_formula(const struct entry *entry)
{
	return entry->parameters[0].variables != NULL;
}

size_t entry_parameter_count(const struct entry *entry)
{
	size_t n = 0;
	while (n < ENTRY_MAX_PARAMETERS && entry->parameters[n].name)
		n++;
	return n;
}
