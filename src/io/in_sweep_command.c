/* The settings of a net, from the command line in its row. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "io/in_sweep_parts.h"

/* Appends one character of $'...' and returns what follows it. */
static const char *unescape(struct text *word, const char *p)
{
	unsigned code;
	char byte = *p;
	if (*p == 'x' && isxdigit((unsigned char)p[1]) && isxdigit((unsigned char)p[2]) && sscanf(p + 1, "%2x", &code) == 1) {
		byte = (char)code;
		p += 2;
	}
	text_add_bytes(word, &byte, byte != '\0');
	return *p ? p + 1 : p;
}

/* Reads one word as text_add_quoted() writes it; returns what follows. */
static const char *next_word(struct text *word, const char *p)
{
	text_clear(word);
	p += strspn(p, " ");
	while (*p && *p != ' ') {
		bool escapes = strncmp(p, "$'", 2) == 0;
		if (*p != '\'' && !escapes) {
			p += *p == '\\' && p[1];
			text_add_bytes(word, p++, 1);
			continue;
		}
		for (p += 1 + escapes; *p && *p != '\'';) {
			if (escapes && *p == '\\')
				p = unescape(word, p + 1);
			else
				text_add_bytes(word, p++, 1);
		}
		p += *p == '\'';
	}
	return p;
}

/* Applies the options of one rank. */
static bool apply(struct settings *settings, const char *command, enum settings_rank rank, struct err *err)
{
	struct text option = {0}, value = {0};
	bool done = true;
	const char *p = next_word(&option, command); /* the program's name */
	while (done && *(p += strspn(p, " "))) {
		p = next_word(&option, p);
		p = next_word(&value, p);
		const char *name = text_string(&option), *word = text_string(&value);
		char set[SWEEP_NAME_SIZE];
		if (strcmp(name, "--set") == 0) {
			size_t length = strcspn(word, "=");
			snprintf(set, sizeof set, "%.*s", length < sizeof set ? (int)length : 0, word);
			name = set;
			word += length + (word[length] == '=');
		} else if (strcmp(name, "-s") == 0) {
			name = "scenario";
		} else {
			name += strncmp(name, "--", 2) == 0 ? 2 : 0;
		}
		if (settings_rank(name) == rank)
			done = text_check(&option, err) && text_check(&value, err) && settings_set(settings, name, word, err);
	}
	text_free(&option);
	text_free(&value);
	return done;
}

bool in_sweep_command(struct settings *settings, const char *command, struct err *err)
{
	settings_default(settings);
	for (int rank = 0; rank < SETTINGS_RANKS; rank++)
		if (!apply(settings, command, (enum settings_rank)rank, err))
			return false;
	return true;
}
