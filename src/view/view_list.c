/* The table of views. */
#include "view/view_list.h"

#define VIEW_ENTRY(name_, summary_, ...) \
	{ \
		.entry = {.name = #name_, .summary = (summary_)}, \
		.draw = view_##name_##_draw, \
		.explain = view_##name_##_explain, \
		__VA_ARGS__ \
	},

static const struct view list[] = {VIEW_LIST(VIEW_ENTRY)};

const struct table views = TABLE_OF(list, "view", "views");

const struct snapshot *scene_start(const struct scene *scene)
{
	const struct snapshot *first = scene->history && scene->history->count ? scene->history->snapshot[0] : NULL;
	bool earlier = first && first->step == 0 && scene->now->step > 0 && first->layers == scene->now->layers;
	return earlier ? first : NULL;
}
