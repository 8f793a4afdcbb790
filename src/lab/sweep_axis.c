/* The values of one axis: a list, in which a range stands for several values. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/whole.h"
#include "lab/sweep_grid.h"

#define VALUE_SIZE 256
#define DIGITS 12 /* of a point of a range: rounding errors of the steps are not shown */

static const struct entry form_list[] = {
	{ .name = "NAME=V,V,...", .summary = "these values; commas within parentheses belong to a value" },
	{ .name = "NAME=A..B", .summary = "A, A+1, ... B (downwards if B is less)" },
	{ .name = "NAME=A..B/N", .summary = "N points from A to B at equal distances" },
	{ .name = "NAME=A..B*N", .summary = "N points from A to B, each the same multiple of the one before" },
};
const struct table sweep_forms = TABLE_OF(form_list, "form of an axis", "forms of an axis");

static bool refuse(const struct sweep_axis *axis, const char *value, const char *reason, struct err *err)
{
	char safe[64];
	return err_set(err, ERR_USAGE, "sweep: %s: '%s' %s", axis->name, text_escape(safe, sizeof safe, value), reason);
}

static bool add(struct sweep_axis *axis, const char *value, struct err *err)
{
	if (axis->values == SWEEP_MAX_VALUES)
		return err_set(err, ERR_USAGE, "sweep: %s: more than %d values: give fewer", axis->name, SWEEP_MAX_VALUES);
	if (axis->values == axis->room) {
		size_t room = axis->room ? 2 * axis->room : 16;
		size_t *start = alloc_resize(axis->start, room, sizeof *start, err);
		if (start == NULL)
			return false;
		axis->start = start;
		axis->room = room;
	}
	axis->start[axis->values++] = axis->text.length;
	text_add_bytes(&axis->text, value, strlen(value) + 1);
	return text_check(&axis->text, err);
}

/* ---- ranges ---- */

struct range {
	double from, to;
	uint64_t points;
	bool geometric;
};

/* The characters that numbers consist of, from p on. */
static size_t number_length(const char *p)
{
	size_t length = strspn(p, "+-.0123456789eE");
	const char *dots = strstr(p, "..");
	return dots && (size_t)(dots - p) < length ? (size_t)(dots - p) : length;
}

/* Where the number before `end` begins. */
static const char *number_start(const char *text, const char *end)
{
	const char *p = end;
	while (p > text && strchr("+-.0123456789eE", p[-1]))
		p--;
	return p;
}

static bool read_number(const char *p, size_t length, double *value)
{
	char number[64];
	if (length >= sizeof number)
		return false;
	snprintf(number, sizeof number, "%.*s", (int)length, p);
	return text_real(number, value);
}

/* Reads "a..b/n" around `dots`; *begin and *end are where it begins and ends. */
static bool read_range(const struct sweep_axis *axis, const char *item, const char *dots, struct range *range,
                       const char **begin, const char **end, struct err *err)
{
	*begin = number_start(item, dots);
	const char *second = dots + 2;
	size_t length = number_length(second);
	*range = (struct range){0};
	if (!read_number(*begin, (size_t)(dots - *begin), &range->from) || !read_number(second, length, &range->to))
		return refuse(axis, item, "is no range: give two numbers, as in 1..5", err);
	*end = second + length;
	if (**end != '/' && **end != '*') {
		double distance = fabs(range->to - range->from);
		if (distance != floor(distance))
			return refuse(axis, item, "has no whole number of steps: add the number of points, as in 0.5..3/11", err);
		if (distance >= SWEEP_MAX_VALUES)
			return refuse(axis, item, "has too many points: add their number, as in 1..1000/10", err);
		range->points = whole_count(distance) + 1;
		return true;
	}
	range->geometric = **end == '*';
	const char *count = *end + 1;
	char digits[16];
	size_t figures = strspn(count, "0123456789");
	snprintf(digits, sizeof digits, "%.*s", (int)(figures < sizeof digits ? figures : 0), count);
	bool whole = strchr("+-.0123456789eE", count[figures]) == NULL || count[figures] == '\0';
	if (!whole || !text_unsigned(digits, &range->points) || range->points < 2 || range->points > SWEEP_MAX_VALUES)
		return refuse(axis, item, "needs a number of points from 2 to 1000000 after / or *", err);
	if (range->geometric && !(range->from > 0 && range->to > 0))
		return refuse(axis, item, "multiplies from point to point: both ends must be above 0", err);
	*end = count + figures;
	return true;
}

/* Ends whose quotient or difference is no double have points between them all the same. */
static double point_of(const struct range *range, uint64_t i)
{
	double last = (double)(range->points - 1), at = last > 0 ? (double)i / last : 0;
	if (i + 1 == range->points)
		return range->to;
	double quotient = range->to / range->from, difference = range->to - range->from;
	if (range->geometric)
		return isfinite(quotient) && quotient > 0 ? range->from * pow(quotient, at)
		                                          : exp((1 - at) * log(range->from) + at * log(range->to));
	return isfinite(difference) ? range->from + difference * at : (1 - at) * range->from + at * range->to;
}

/* Settings that are whole numbers say so in --help: "N"; a learning rate is "X". */
static bool is_whole(const struct sweep_axis *axis)
{
	return axis->setting->argument[0] == 'N';
}

static bool add_range(struct sweep_axis *axis, const char *item, const char *dots, struct err *err)
{
	struct range range;
	const char *begin, *end = item;
	if (!read_range(axis, item, dots, &range, &begin, &end, err))
		return false;
	if (strstr(end, ".."))
		return refuse(axis, item, "has two ranges: give one, and lists for the rest", err);
	for (uint64_t i = 0; i < range.points; i++) {
		char value[VALUE_SIZE], digits[32], exact[TEXT_EXACT_SIZE] = "";
		double point = point_of(&range, i);
		if (is_whole(axis)) { /* 100000, which is no whole number as 1e+05 */
			snprintf(exact, sizeof exact, "%.0f", fmin(fmax(point, -1e18), 1e18));
		} else {
			snprintf(digits, sizeof digits, "%.*g", DIGITS, point);
			if (text_real(digits, &point))
				text_exact(exact, point);
		}
		int length = snprintf(value, sizeof value, "%.*s%s%s", (int)(begin - item), item, exact, end);
		if (length < 0 || (size_t)length >= sizeof value)
			return refuse(axis, item, "is too long", err);
		/* neighbours that are one whole number are one value */
		if (axis->values && i && strcmp(sweep_axis_value(axis, axis->values - 1), value) == 0)
			continue;
		if (!add(axis, value, err))
			return false;
	}
	return true;
}

/* ---- lists ---- */

/* "..." and paths such as ../data are no ranges. */
static const char *find_range(const char *item)
{
	for (const char *dots = strstr(item, ".."); dots; dots = strstr(dots + 1, ".."))
		if (dots > item && strchr("0123456789.", dots[-1]) && dots[2] && strchr("+-.0123456789", dots[2]))
			return dots;
	return NULL;
}

static size_t item_length(const char *list)
{
	int depth = 0;
	size_t length = 0;
	for (; list[length] && !(list[length] == ',' && depth <= 0); length++)
		depth += list[length] == '(' ? 1 : list[length] == ')' ? -1 : 0;
	return length;
}

/* Points that are the same whole number are one value. */
static uint64_t count_item(const struct sweep_axis *axis, const char *item, const char *dots)
{
	struct range range;
	const char *begin, *end;
	if (dots == NULL || !read_range(axis, item, dots, &range, &begin, &end, NULL))
		return 1;
	double different = is_whole(axis) ? fabs(range.to - range.from) + 1 : INFINITY;
	return different < (double)range.points ? whole_count(ceil(different)) : range.points;
}

/* Where the setting takes text, dots are no range. */
static const char *range_of(const struct sweep_axis *axis, const char *item)
{
	return axis->setting->kind == SETTING_TEXT ? NULL : find_range(item);
}

uint64_t sweep_axis_count(const struct sweep_axis *axis, const char *list)
{
	uint64_t count = 0;
	for (;; list++) {
		char item[VALUE_SIZE];
		size_t length = item_length(list);
		snprintf(item, sizeof item, "%.*s", (int)(length < sizeof item ? length : sizeof item - 1), list);
		count += count_item(axis, item, range_of(axis, item));
		list += length;
		if (*list == '\0')
			return count;
	}
}

bool sweep_axis_read(struct sweep_axis *axis, const char *list, struct err *err)
{
	for (;; list++) {
		char item[VALUE_SIZE];
		size_t length = item_length(list);
		if (length == 0)
			return err_set(err, ERR_USAGE, "sweep: %s: a value is missing: separate values by single commas", axis->name);
		if (length >= sizeof item)
			return refuse(axis, list, "is too long", err);
		snprintf(item, sizeof item, "%.*s", (int)length, list);
		const char *dots = range_of(axis, item);
		if (!(dots ? add_range(axis, item, dots, err) : add(axis, item, err)))
			return false;
		list += length;
		if (*list == '\0')
			return true;
	}
}

const char *sweep_axis_value(const struct sweep_axis *axis, size_t index)
{
	return axis->text.bytes + axis->start[index];
}
