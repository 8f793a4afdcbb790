/* --cure: diagnosis, cause and cure of a net in plain text. */
#include "io/headless.h"

#include "lab/runner.h"
#include "draw/glyphs.h"
#include "app/app.h"
#include "io/save.h"

/* Describes the net at its start, or, with commands, a script or a saved run, the
 * net at their end. */
static bool describe(const struct cli *cli, const struct history *replay, struct text *text, struct err *err)
{
	struct runner *runner = replay ? runner_replay(replay, err) : runner_inline(NULL, err);
	if (runner == NULL)
		return false;
	struct text words = {0};
	struct app *app = app_create(runner, &cli->settings, NULL, false, err);
	bool done = app && headless_lines(app, cli, NULL, err);
	if (done)
		app_describe_cure(app, &words);
	if (cli->glyphs == CLI_GLYPHS_UNICODE)
		text_add(text, text_string(&words));
	else
		glyph_add_ascii(text, text_string(&words));
	text->failed |= words.failed;
	text_free(&words);
	app_destroy(app);
	runner_destroy(runner);
	return done && text_check(text, err);
}

bool headless_cure(const struct cli *cli, const struct history *replay, struct err *err)
{
	if (cli->snapshot || cli->cast || end_files_any(&cli->end) || cli->format)
		return err_set(err, ERR_USAGE, "--cure is text about one net: leave out --snapshot, --cast, --format and --record, --save-weights or --save-probe");
	if (cli->output && !save_check(cli->output, err))
		return false;
	struct text text = {0};
	bool done = describe(cli, replay, &text, err) && headless_write(cli, &text, err);
	text_free(&text);
	return done;
}
