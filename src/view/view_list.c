/* The table of views. */
#include "view/view_list.h"

#define VIEW_ENTRY(name_, summary_) \
	{ \
		.entry = {.name = #name_, .summary = (summary_)}, \
		.draw = view_##name_##_draw, \
		.explain = view_##name_##_explain, \
	},

static const struct view list[] = {VIEW_LIST(VIEW_ENTRY)};

const struct table views = TABLE_OF(list, "view", "views");
