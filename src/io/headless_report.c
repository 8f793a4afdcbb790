/* --report without a terminal: measures, then writes the text. */
#include "io/headless.h"

#include "lab/runner.h"
#include "view/report_text.h"
#include "io/save.h"

static bool measure(const struct cli *cli, struct text *text, struct err *err)
{
	struct report report = {0};
	struct runner_report_status status;
	struct runner *runner = runner_inline(NULL, err);
	if (runner == NULL)
		return false;
	runner_report(runner, cli->settings.data, cli->settings.seed);
	runner_poll_report(runner, &report, &status);
	runner_destroy(runner);
	if (status.err.code == ERR_NONE)
		report_text(text, &report, cli->width, cli->glyphs != CLI_GLYPHS_UNICODE);
	else if (err)
		*err = status.err;
	return status.err.code == ERR_NONE;
}

bool headless_write(const struct cli *cli, const struct text *text, struct err *err)
{
	struct err problem = {0};
	struct save *save = save_open(cli->output, err);
	if (save == NULL)
		return false;
	if (save_write(save, text_string(text), text->length, &problem))
		return save_commit(save, err);
	save_abandon(save);
	if (err)
		*err = problem;
	return problem.message[0] == '\0'; /* the reader closed the pipe */
}

bool headless_report(const struct cli *cli, struct err *err)
{
	if (cli->script || cli->snapshot || cli->replay || end_files_any(&cli->end) || cli->format)
		return err_set(err, ERR_USAGE, "--report trains nets of its own and writes text: leave out --script, --snapshot, --format, "
		               "--record, --save-weights, --save-probe and --replay");
	if (cli->output && !save_check(cli->output, err))
		return false;
	struct text text = {0};
	bool done = measure(cli, &text, err) && headless_write(cli, &text, err);
	text_free(&text);
	return done;
}
