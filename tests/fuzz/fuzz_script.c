/* Bytes as a script, carried out by the app on a tiny net.  The first byte chooses
 * whether lines are carried out or only read. */

#include "fuzz/fuzz.h"
#include "fuzz/gentle.h"
#include "fuzz/memory_file.h"
#include "io/script.h"

#define LINES 24 /* carried out, then the script has had enough */

struct target {
	struct app *app; /* NULL: lines are only read */
	int lines;
};

static bool line(void *context, const char *text, struct err *err)
{
	struct target *target = context;
	target->lines++;
	return target->app == NULL || app_command(target->app, text, err);
}

static bool enough(void *context)
{
	struct target *target = context;
	return target->lines >= LINES || (target->app && app_wants_to_quit(target->app));
}

static struct app *create(struct runner *runner)
{
	struct settings settings;
	gentle_settings(&settings);
	struct app *app = app_create(runner, &settings, &gentle_services, false, NULL);
	REQUIRE(app);
	return app;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	bool reads_only = input_byte(&input) & 1;
	struct runner *runner = reads_only ? NULL : gentle_runner();
	struct target target = { .app = reads_only ? NULL : create(runner) };
	const char *path = memory_file_open(input.byte, input.left);
	struct err err = {0};
	if (!script_run(path, &(struct script_target){ .line = line, .enough = enough, .context = &target }, &err))
		fuzz_check_message(&err);
	memory_file_close();
	app_destroy(target.app);
	runner_destroy(runner);
	return 0;
}
