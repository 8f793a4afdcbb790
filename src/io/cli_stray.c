/* Errors for unknown words and letters on the command line, with a suggestion. */
#include <string.h>
#include <sys/stat.h>

#include "app/command.h"
#include "io/cli_text.h"
#include "lab/scenario.h"

static bool ends_with(const char *word, const char *suffix)
{
	size_t length = strlen(word), tail = strlen(suffix);
	return length > tail && strcmp(word + length - tail, suffix) == 0;
}

/* The option that reads a file of this kind; NULL if there is no such file. */
static const char *file_option(const char *word)
{
	struct stat file;
	bool there = stat(word, &file) == 0;
	if (ends_with(word, ".jsonl"))
		return "--replay";
	if (there && S_ISDIR(file.st_mode))
		return "--data";
	return there ? "--script" : NULL;
}

/* The option of that name; NULL for none. */
static const char *option_named(const char *word)
{
	for (size_t i = 0; i < cli_named_options(); i++)
		if (text_same_name(cli_named(i).entry->name, word))
			return cli_named(i).entry->name;
	return NULL;
}

bool cli_stray_word(const char *word, struct err *err)
{
	char safe[64];
	text_escape(safe, sizeof safe, word);
	const struct entry *scenario = table_find(&scenarios, word, NULL), *command = table_find(&commands, word, NULL);
	if (scenario)
		return err_set(err, ERR_USAGE, "'%s' is not an option: did you mean '--scenario %s'?", safe, scenario->name);
	const char *option = option_named(word), *file = file_option(word);
	if (option)
		return err_set(err, ERR_USAGE, "'%s' is not an option: did you mean '--%s'?", safe, option);
	if (file)
		return err_set(err, ERR_USAGE, "'%s' is not an option: did you mean '%s %s'?", safe, file, safe);
	if (command)
		return err_set(err, ERR_USAGE, "'%s' is not an option: did you mean '--command %s'?", safe, command->name);
	return err_set(err, ERR_USAGE, "'%s' is not an option: initviz takes options only, no other arguments", safe);
}

/* `letter` in the other case if that is a short option, else 0. */
static char other_case(char letter, const char **name)
{
	for (size_t i = 0; i < cli_named_options(); i++)
		if (cli_named(i).letter && (cli_named(i).letter ^ letter) == ('a' ^ 'A')) {
			*name = cli_named(i).entry->name;
			return cli_named(i).letter;
		}
	return 0;
}

bool cli_stray_letter(char letter, struct err *err)
{
	const char *name = NULL;
	char safe[8], word[2] = { letter, '\0' }, other = other_case(letter, &name);
	text_escape(safe, sizeof safe, word);
	if (letter == '?')
		return err_set(err, ERR_USAGE, "unknown option '-?': did you mean '-h' (--help)?");
	if (other)
		return err_set(err, ERR_USAGE, "unknown option '-%s': did you mean '-%c' (--%s)?", safe, other, name);
	return err_set(err, ERR_USAGE, "unknown option '-%s'", safe);
}
