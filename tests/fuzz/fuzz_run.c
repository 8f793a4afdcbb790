/* Bytes as a saved run: it is read whole and every observation can be shown,
 * or there is a message. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"
#include "fuzz/numbers.h"
#include "io/in_run.h"
#include "app/app.h"

static void look(const struct history *history, const struct settings *settings)
{
	static const char *const keys = "\t\t\t\t?v";
	struct err err = {0};
	struct canvas canvas;
	struct runner *runner = runner_replay(history, &err);
	struct app *app = runner ? app_create(runner, settings, NULL, false, &err) : NULL;
	REQUIRE(app && canvas_create(&canvas, 80, 24, false, NULL));
	for (const char *key = keys; *key; key++) {
		app_draw(app, &canvas);
		app_key(app, *key);
		app_poll(app, 1);
	}
	app_command(app, "go 0", NULL);
	app_draw(app, &canvas);
	canvas_destroy(&canvas);
	app_destroy(app);
	runner_destroy(runner);
}

/* libFuzzer's own changes; missing where replay.c replaces it. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);

/* Mostly numbers alone: bytes changed at random hardly ever make a run. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
	return LLVMFuzzerMutate && seed % 4 == 0 ? LLVMFuzzerMutate(data, size, most) : numbers_change(data, size, most, seed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct settings settings;
	struct history history = {0};
	struct err err = {0};
	const char *path = memory_file_open(data, size);
	if (in_run_read(path, &history, &settings, &err))
		look(&history, &settings);
	else {
		REQUIRE(history.count == 0);
		fuzz_check_message(&err);
	}
	history_clear(&history);
	memory_file_close();
	return 0;
}
