/* Names and values of a map's axes. */
#include "view/map_axis.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* The bytes at the start and the end that all values have in common, cut back to
 * whole words. */
struct common {
	size_t start, end;
};

static struct common common_of(const struct sweep_axis *axis)
{
	const char *first = sweep_axis_value(axis, 0);
	size_t length = strlen(first);
	struct common common = { length, length };
	for (size_t i = 1; i < axis->values; i++) {
		const char *value = sweep_axis_value(axis, i);
		size_t start = 0, end = 0, own = strlen(value);
		while (start < common.start && value[start] == first[start])
			start++;
		while (end < common.end && end < own && value[own - 1 - end] == first[length - 1 - end])
			end++;
		common = (struct common){ start, end };
	}
	while (common.start > 0 && strchr("(=,", first[common.start - 1]) == NULL)
		common.start--;
	while (common.end > 0 && strchr("),/*", first[length - common.end]) == NULL)
		common.end--;
	/* a single value, or a part without a parenthesis, is shown whole */
	if (axis->values == 1 || common.start == 0)
		return (struct common){ 0, 0 };
	return common;
}

const char *map_axis_name(char out[MAP_AXIS_SIZE], const struct sweep_axis *axis)
{
	struct common common = common_of(axis);
	const char *first = sweep_axis_value(axis, 0);
	if (common.start == 0)
		snprintf(out, MAP_AXIS_SIZE, "%s", axis->name);
	else
		snprintf(out, MAP_AXIS_SIZE, "%s=%.*s..%s", axis->name, (int)common.start, first, first + strlen(first) - common.end);
	return out;
}

const char *map_axis_label(char out[MAP_AXIS_SIZE], const struct sweep_axis *axis, size_t index)
{
	struct common common = common_of(axis);
	const char *value = sweep_axis_value(axis, index);
	char own[MAP_AXIS_SIZE];
	double real;
	snprintf(own, sizeof own, "%.*s", (int)(strlen(value) - common.start - common.end), value + common.start);
	if (text_real(own, &real))
		snprintf(out, MAP_AXIS_SIZE, "%.4g", real);
	else
		text_escape(out, MAP_AXIS_SIZE, own);
	return out;
}
