/* The nets of a map and the sweep that trains them. */
#include "app/map_work.h"

#include "base/alloc.h"
#include "view/view.h"
#include "app/app_parts.h"

#define LONG_WAIT 60.0 /* seconds of one wait in a script */

bool map_work_start(struct map_work *work, bool background)
{
	struct sweep_plan plan = { .grid = &work->map->grid, .end = work->map->grid.nets - work->map->known,
	                           .background = background };
	work->stopped = false;
	plan.order = work->order = sweep_map_order(work->map, &work->err);
	work->sweep = plan.order ? sweep_open(&plan, &work->err) : NULL;
	return work->sweep && sweep_start(work->sweep, 0, &work->err);
}

bool map_work_end(struct map_work *work)
{
	if (!sweep_end(work->sweep))
		return false;
	work->sweep = NULL;
	alloc_free(work->order);
	work->order = NULL;
	return true;
}

bool map_work_free(struct map_work *work)
{
	if (work == NULL)
		return true;
	if (!map_work_end(work))
		return false;
	if (!work->finished)
		sweep_map_free(work->map);
	text_free(&work->words);
	alloc_free(work);
	return true;
}

bool map_work_take(struct map_work *work, double seconds)
{
	struct sweep_result result;
	bool any = false;
	while (work->sweep && !work->stopped)
		switch (sweep_next(work->sweep, &result, seconds, &work->err)) {
		case SWEEP_RESULT:
			sweep_map_add(work->map, &result);
			any = true;
			break;
		case SWEEP_WAITING:
			return any;
		case SWEEP_DONE:
		case SWEEP_STOPPED:
			sweep_stop(work->sweep);
			work->stopped = any = true;
		}
	return any;
}

void map_free_replaced(struct map *map)
{
	struct map_work **at = &map->replaced;
	while (*at) {
		struct map_work *work = *at;
		if (work->sweep && !sweep_has_ended(work->sweep)) {
			at = &work->next;
			continue;
		}
		*at = work->next;
		map_work_free(work);
	}
}

bool map_work_compute(struct map_work *work, struct err *err)
{
	if (work->map->known < work->map->grid.nets && map_work_start(work, false))
		while (!work->stopped)
			map_work_take(work, LONG_WAIT);
	map_work_end(work);
	if (work->err.code == ERR_NONE)
		return true;
	if (err)
		*err = work->err;
	return false;
}

void map_fill_scene(const struct app *app, struct map_scene *scene)
{
	const struct map *map = app->map;
	*scene = (struct map_scene){ .map = map->work ? map->work->map : NULL, .index = map->index,
	                             .value = map->value, .problem = map->work ? map->work->err.message : "" };
}
