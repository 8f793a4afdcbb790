/* The nets of a coordinate check and the sweep that trains them. */
#include "app/coordinate_work.h"

#include <string.h>

#include "base/alloc.h"
#include "view/view.h"
#include "app/app_parts.h"

bool coordinate_work_is_missing(const struct coordinate_work *work)
{
	return !coordinates_is_complete(work->check) && work->job.err.code == ERR_NONE;
}

bool coordinate_work_is_same(const struct coordinate_work *work, const char *words, const struct settings *base)
{
	return work->job.err.code == ERR_NONE && strcmp(text_string(&work->words), words) == 0 && settings_equal(&work->base, base);
}

static void add(void *check, const struct sweep_result *result)
{
	coordinates_add(check, result);
}

bool coordinate_work_start(struct coordinate_work *work, bool background)
{
	struct sweep_plan plan = coordinates_plan(work->check);
	plan.background = background;
	work->job.add = add;
	work->job.context = work->check;
	return sweep_job_start(&work->job, &plan);
}

bool coordinate_work_free(struct coordinate_work *work)
{
	if (work == NULL)
		return true;
	if (!sweep_job_end(&work->job))
		return false;
	coordinates_free(work->check);
	text_free(&work->words);
	alloc_free(work);
	return true;
}

void coordinate_work_free_replaced(struct coordinate_check *checks)
{
	for (struct coordinate_work **at = &checks->replaced, *work; (work = *at) != NULL;) {
		if (!sweep_job_has_ended(&work->job)) {
			at = &work->next;
			continue;
		}
		*at = work->next;
		coordinate_work_free(work);
	}
}

bool coordinate_work_compute(struct coordinate_work *work, struct err *err)
{
	return sweep_job_finish(&work->job, coordinate_work_is_missing(work) && coordinate_work_start(work, false), err);
}

void coordinate_work_fill_scene(const struct app *app, struct coordinates_scene *scene)
{
	const struct coordinate_work *work = app->coordinates->work;
	*scene = (struct coordinates_scene){ .check = work ? work->check : NULL, .step = app->coordinates->step,
	                                     .problem = work ? work->job.err.message : "" };
	if (work && scene->problem[0] == '\0')
		scene->problem = work->check->problem;
}
