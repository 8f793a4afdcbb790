/* Each request for memory of several headless runs is refused, once alone and
 * once with all later ones: the run ends with ERR_RESOURCE or manages without,
 * frees everything and leaves no file behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "faulty_alloc.h"
#include "io/cli.h"
#include "io/headless.h"
#include "io/in_run.h"

#define WORDS 40
#define FIRST 8  /* requests that are all tried, */
#define SAMPLE 8 /* and so many of the rest, unless INITVIZ_TEST_THOROUGH is set */

static char folder[] = "/tmp/initviz-memory-XXXXXX";

/* Does what main() does, without the messages. */
static bool run(int argc, char *argv[], struct err *err)
{
	static struct cli cli;
	struct history replay = {0};
	if (!cli_parse(&cli, argc, argv, err))
		return false;
	if (cli.mode != CLI_HEADLESS) {
		struct text text = {0};
		bool done = cli_print(&cli, "", &text, err);
		text_free(&text);
		return done;
	}
	if (cli.replay && !in_run_read(cli.replay, &replay, &cli.settings, err))
		return false;
	bool done = headless_run(&cli, cli.replay ? &replay : NULL, err);
	history_clear(&replay);
	return done;
}

static bool run_line(const char *line, struct err *err)
{
	char copy[512], *argv[WORDS] = { "initviz" };
	int argc = 1;
	snprintf(copy, sizeof copy, "%s", line);
	for (char *word = strtok(copy, " "); word && argc < WORDS - 1; word = strtok(NULL, " "))
		argv[argc++] = word;
	*err = (struct err){0};
	return run(argc, argv, err);
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0 && fclose(file) == 0);
}

/* Runs that end well when all memory is there; `file` is what they write. */
#define TINY "--headless -d digits --layers *-3-* -n 2 --every 1 --probe 4 -b 2 "
static const struct {
	const char *line, *file;
} runs[] = {
	{ "--help", NULL },
	{ "--list settings", NULL },
	{ TINY "-o out.json", "out.json" },
	{ TINY "-o out.csv --optimizer adam(lr=0.1) --normalization batch --init orthogonal --bias-init normal", "out.csv" },
	{ TINY "-o out.txt --threads 2 --residual yes --depth 3 --width 3 --init lsuv --set init.2=sparse", "out.txt" },
	{ TINY "--record out.jsonl --snapshot - --script views", "out.jsonl" },
	{ "--replay saved.jsonl --snapshot out.svg", "out.svg" },
	{ TINY "--snapshot out.svg --script lanes", "out.svg" },
};
#define RUNS (sizeof runs / sizeof runs[0])

static void prepare(const char *file)
{
	if (file)
		write_file(file, "old\n");
}

/* Either the old file or a whole new one. */
static void check_file(const char *file, bool done)
{
	char line[8] = "";
	FILE *stream = file ? fopen(file, "r") : NULL;
	if (file == NULL)
		return;
	assert_non_null(stream);
	assert_non_null(fgets(line, sizeof line, stream));
	fclose(stream);
	assert_int_equal(done, strcmp(line, "old\n") != 0);
}

static void check_refused(size_t which, unsigned long n, bool lasting)
{
	struct err err;
	long before = faulty_alloc_live();
	prepare(runs[which].file);
	faulty_alloc_arm(n, lasting);
	bool done = run_line(runs[which].line, &err);
	faulty_alloc_arm(0, false);
	if (!done && (err.code != ERR_RESOURCE || err.message[0] == '\0'))
		fail_msg("%s: request %lu%s refused: code %d: %s", runs[which].line, n, lasting ? " and later ones" : "",
		         err.code, err.message);
	if (faulty_alloc_live() != before)
		fail_msg("%s: request %lu%s refused: %ld blocks leak", runs[which].line, n, lasting ? " and later ones" : "",
		         faulty_alloc_live() - before);
	check_file(runs[which].file, done);
}

static void test_refused(void **state)
{
	size_t which = (size_t)(uintptr_t)*state;
	struct err err;
	faulty_alloc_arm(0, false);
	prepare(runs[which].file);
	if (!run_line(runs[which].line, &err))
		fail_msg("%s: %s", runs[which].line, err.message);
	unsigned long requests = faulty_alloc_requests(), step = getenv("INITVIZ_TEST_THOROUGH") ? 1 : requests / SAMPLE + 1;
	for (unsigned long n = 1; n <= requests; n += n < FIRST ? 1 : step) {
		check_refused(which, n, false);
		check_refused(which, n, true);
	}
	print_message("%lu requests: %s\n", requests, runs[which].line);
}

static int enter_folder(void **state)
{
	struct err err;
	(void)state;
	if (mkdtemp(folder) == NULL || chdir(folder) != 0)
		return -1;
	setenv("XDG_CONFIG_HOME", folder, 1);
	write_file("views", "step 1\nview layer\nview time\nsnapshot -\ninit he\nlr *2\nstep 1\nhelp\n");
	write_file("lanes", "compare init=he\nstep 1\npin\nunpin\ngo 0\nlr 0.1\nundo\nundo\nredo\n");
	return run_line(TINY "--record saved.jsonl -o out.txt", &err) ? 0 : -1;
}

static int leave_folder(void **state)
{
	static const char *const files[] = { "views", "lanes", "saved.jsonl", "out.json", "out.jsonl", "out.csv", "out.txt", "out.svg" };
	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
		unlink(files[i]);
	/* not empty: a temporary is left */
	return chdir("/") != 0 || rmdir(folder) != 0;
}

int main(void)
{
	struct CMUnitTest tests[RUNS];
	for (size_t i = 0; i < RUNS; i++)
		tests[i] = (struct CMUnitTest){ .name = runs[i].line, .test_func = test_refused, .initial_state = (void *)(uintptr_t)i };
	return _cmocka_run_group_tests("memory", tests, RUNS, enter_folder, leave_folder);
}
