/* Words ended by NUL as a command line. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "io/cli.h"

#define WORDS 64

static void check_settings(const struct settings *settings)
{
	struct text line = {0};
	REQUIRE(settings->layers >= 1 && settings->layers <= MLP_MAX_LAYERS && settings->batch >= 1);
	settings_command_line(settings, &line);
	REQUIRE(!line.failed && line.length > 0);
	text_free(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct cli cli;
	char *words = malloc(size + 1), *argv[WORDS + 2] = { "initviz" };
	REQUIRE(words);
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	memcpy(words, data, size);
	words[size] = '\0';
	int argc = 1;
	for (char *word = words; word < words + size && argc <= WORDS; word += strlen(word) + 1)
		argv[argc++] = word;
	struct err err = {0};
	if (cli_parse(&cli, argc, argv, &err)) {
		struct text text = {0};
		check_settings(&cli.settings);
		REQUIRE(cli.width >= 1 && cli.width <= 1000 && cli.height >= 1 && cli.height <= 1000);
		if (!cli_print(&cli, "a library", &text, &err))
			fuzz_check_message(&err);
		text_free(&text);
	} else {
		fuzz_check_message(&err);
	}
	free(words);
	return 0;
}
