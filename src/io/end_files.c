/* The files that are written at the end of a run. */
#include "io/end_files.h"

#include "lab/runner.h"
#include "app/app.h"
#include "io/export.h"
#include "io/out_tensors.h"
#include "io/save.h"

bool end_files_any(const struct end_files *files)
{
	return files->record || files->save_weights || files->save_probe;
}

bool end_files_check(const struct end_files *files, struct err *err)
{
	return (files->record == NULL || save_check(files->record, err)) &&
	       (files->save_weights == NULL || save_check(files->save_weights, err)) &&
	       (files->save_probe == NULL || save_check(files->save_probe, err));
}

bool end_files_are_no_inputs(const struct end_files *files, struct err *err)
{
	return save_is_no_input(files->record, err) && save_is_no_input(files->save_weights, err) &&
	       save_is_no_input(files->save_probe, err);
}

bool end_files_save(const struct end_files *files, struct app *app, struct err *err)
{
	return (files->record == NULL || app_save_run(app, files->record, err)) &&
	       (files->save_weights == NULL || app_save_tensors(app, TENSORS_WEIGHTS, files->save_weights, err)) &&
	       (files->save_probe == NULL || app_save_tensors(app, TENSORS_PROBE, files->save_probe, err));
}

static bool save_copy(struct runner *runner, enum tensors_kind kind, const char *path, struct err *err)
{
	struct tensors *tensors = NULL;
	if (path == NULL)
		return true;
	runner_copy(runner, kind);
	if (!runner_take_copy(runner, &tensors, err))
		return err_set(err, ERR_RUN, "there is no net to save");
	bool saved = tensors && out_tensors(tensors, path, err);
	tensors_destroy(tensors);
	return saved;
}

bool end_files_save_run(const struct end_files *files, struct runner *runner, const struct history *history,
                        struct err *err)
{
	return (files->record == NULL || export_run(history, files->record, err)) &&
	       save_copy(runner, TENSORS_WEIGHTS, files->save_weights, err) &&
	       save_copy(runner, TENSORS_PROBE, files->save_probe, err);
}
