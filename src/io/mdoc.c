/* Plain words as mdoc, the language of manual pages. */
#include "io/mdoc.h"

#include <string.h>

#define LINE_MOST 78

/* One word of running text, escaped for roff. */
static void add_word(struct text *text, const char *word, size_t length, bool first)
{
	if (first && (word[0] == '.' || word[0] == '\''))
		text_add(text, "\\&");
	for (size_t i = 0; i < length; i++) {
		if (word[i] == '\\')
			text_add(text, "\\e");
		else if (word[i] == '-')
			text_add(text, "\\-");
		else
			text_add_bytes(text, &word[i], 1);
	}
}

void mdoc_words(struct text *text, const char *words, const char *end)
{
	for (size_t column = 0; *words;) {
		size_t length = strcspn(words, " ");
		if (column && column + 1 + length > LINE_MOST) {
			text_add(text, "\n");
			column = 0;
		} else if (column) {
			text_add(text, " ");
			column++;
		}
		add_word(text, words, length, column == 0);
		column += length;
		words += length;
		words += strspn(words, " ");
	}
	text_addf(text, "%s\n", end);
}

void mdoc_sentence(struct text *text, const char *summary)
{
	struct text sentence = {0};
	text_add(&sentence, summary);
	const char *first = text_string(&sentence);
	bool letter = first[0] && first[0] != 'a' && first[1] == ' '; /* "z times ..." */
	if (first[0] >= 'a' && first[0] <= 'z' && !letter)
		sentence.bytes[0] = (char)(sentence.bytes[0] - 'a' + 'A');
	mdoc_words(text, text_string(&sentence), ".");
	text->failed |= sentence.failed;
	text_free(&sentence);
}

void mdoc_argument(struct text *text, const char *macro, const char *words)
{
	text_addf(text, " %s", macro);
	while (*words) {
		size_t length = strcspn(words, " ");
		text_add(text, " \\&");
		add_word(text, words, length, false);
		words += length;
		words += strspn(words, " ");
	}
}
