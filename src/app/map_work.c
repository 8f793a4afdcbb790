/* The nets of a map and the sweep that trains them. */
#include "app/map_work.h"

#include <string.h>

#include "base/alloc.h"
#include "view/view.h"
#include "app/app_parts.h"

static void add(void *map, const struct sweep_result *result)
{
	sweep_map_add(map, result);
}

bool map_work_is_missing(const struct map_work *work)
{
	return work->map->known < work->map->grid.nets && work->job.err.code == ERR_NONE;
}

bool map_work_is_same(const struct map_work *work, const char *words, const struct settings *base)
{
	return !work->finished && work->job.err.code == ERR_NONE && strcmp(text_string(&work->words), words) == 0 &&
	       settings_equal(&work->base, base);
}

bool map_work_start(struct map_work *work, bool background)
{
	struct sweep_plan plan = { .grid = &work->map->grid, .end = work->map->grid.nets - work->map->known,
	                           .background = background };
	plan.order = work->job.order = sweep_map_order(work->map, &work->job.err);
	work->job.add = add;
	work->job.context = work->map;
	return plan.order && sweep_job_start(&work->job, &plan);
}

bool map_work_free(struct map_work *work)
{
	if (work == NULL)
		return true;
	if (!sweep_job_end(&work->job))
		return false;
	if (!work->finished)
		sweep_map_free(work->map);
	text_free(&work->words);
	alloc_free(work);
	return true;
}

void map_free_replaced(struct map *map)
{
	struct map_work **at = &map->replaced;
	while (*at) {
		struct map_work *work = *at;
		if (!sweep_job_has_ended(&work->job)) {
			at = &work->next;
			continue;
		}
		*at = work->next;
		map_work_free(work);
	}
}

bool map_work_compute(struct map_work *work, struct err *err)
{
	return sweep_job_finish(&work->job, map_work_is_missing(work) && map_work_start(work, false), err);
}

void map_fill_scene(const struct app *app, struct map_scene *scene)
{
	const struct map *map = app->map;
	*scene = (struct map_scene){ .map = map->work ? map->work->map : NULL, .index = map->index,
	                             .value = map->value, .problem = map->work ? map->work->job.err.message : "",
	                             .in_phase = map->in_phase, .has_keys = map->chosen };
}
