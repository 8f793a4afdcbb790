/* The points of runs, and their styles in the order in which they are shown. */
#include "view/courses.h"

#include <math.h>
#include <stdio.h>

#include "nn/initializer.h"

static struct pin_point point_of(const struct snapshot *s)
{
	return (struct pin_point){ s->step, s->loss, s->train_accuracy, s->test_accuracy };
}

size_t course_points(const struct course *course)
{
	if (course->pin)
		return course->pin->points;
	return (course->history ? course->history->count : 0) + (course->now != NULL);
}

struct pin_point course_point(const struct course *course, size_t i)
{
	if (course->pin)
		return course->pin->point[i];
	bool past = course->history && i < course->history->count;
	return point_of(past ? course->history->snapshot[i] : course->now);
}

uint64_t course_last_step(const struct course *course)
{
	size_t points = course_points(course);
	return points ? course_point(course, points - 1).step : 0;
}

struct reading course_at(const struct course *course, uint64_t step)
{
	struct pin_point at = course_point(course, 0);
	uint64_t test_step = at.step;
	for (size_t i = 1; i < course_points(course); i++) {
		struct pin_point next = course_point(course, i);
		if (next.step > step)
			break;
		/* A quick observation has no test accuracy; the previous one is
		 * kept. */
		bool old = isnan(next.test_accuracy);
		double test = old ? at.test_accuracy : next.test_accuracy;
		test_step = old ? test_step : next.step;
		at = next;
		at.test_accuracy = test;
	}
	return (struct reading){ at, test_step };
}

static void name_course(struct course *course, const struct settings *settings)
{
	struct text init = {0};
	run_net_label(course->net, settings);
	initializer_label(&settings->init, &init);
	snprintf(course->init, sizeof course->init, "%s", text_string(&init));
	text_free(&init);
}

static void add_course(struct courses *courses, struct course course)
{
	static const enum role roles[] = {
		ROLE_CURVE, ROLE_CURVE_2, ROLE_CURVE_3, ROLE_CURVE_4, ROLE_CURVE_5, ROLE_CURVE_6, ROLE_CURVE_7,
	};
	if (courses->count == MOST_COURSES)
		return;
	course.role = roles[courses->count % (sizeof roles / sizeof roles[0])];
	course.sparse = courses->count >= SOLID_COURSES;
	course.mark = (char)('A' + courses->count);
	courses->course[courses->count++] = course;
}

/* now: NULL for a lane without observations yet. */
static void add_live(struct courses *courses, const struct snapshot *now, const struct history *history)
{
	if (now == NULL)
		return;
	struct course course = { .history = history };
	size_t count = history ? history->count : 0;
	if (count == 0 || history->snapshot[count - 1]->step < now->step)
		course.now = now;
	run_label(course.label, &now->settings);
	name_course(&course, &now->settings);
	add_course(courses, course);
}

void courses_collect(const struct scene *scene, struct courses *courses)
{
	*courses = (struct courses){0};
	for (size_t i = 0; i < scene->lanes; i++)
		add_live(courses, scene->lane[i].now, scene->lane[i].history);
	if (courses->count == 0)
		add_live(courses, scene->now, scene->history);
	courses->live = courses->count;
	for (size_t i = 0; scene->pins && i < scene->pins->count; i++) {
		struct course course = { .pin = scene->pins->pin[i] };
		snprintf(course.label, sizeof course.label, "%s", course.pin->label);
		name_course(&course, &course.pin->settings);
		add_course(courses, course);
	}
}
