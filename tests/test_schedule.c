/* When the worker observes and steps: observations for the screen take a small share of the time,
 * however long one takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"
#include "lab/schedule.h"

/* Singular values of a wide net take a second, a histogram a millisecond. */
static void a_long_observation_delays_the_next(void **state)
{
	(void)state;
	static const double took[] = { 0.001, 0.01, 1, 60 };
	for (size_t i = 0; i < sizeof took / sizeof took[0]; i++) {
		struct schedule schedule = {0};
		schedule_begin(&schedule, 0);
		double before = clock_seconds();
		schedule_observed(&schedule, before - took[i]);
		double pause = schedule.next_observation - before;
		assert_true(pause >= 0.03); /* no more than some 30 a second */
		assert_true(took[i] / (took[i] + pause) <= 0.04);
		assert_true(pause <= 0.03 + 26 * (took[i] + clock_seconds() - before)); /* and no less often than that asks for */
	}
}

/* A machine that was suspended for a minute does not make up for 60 steps. */
static void lost_steps_are_not_made_up_for(void **state)
{
	(void)state;
	struct schedule schedule = {0};
	schedule_begin(&schedule, 0.001);
	assert_true(schedule_step_due(&schedule));
	schedule_stepped(&schedule);
	assert_false(schedule_step_due(&schedule));
	schedule.next_step -= 60000;
	assert_true(schedule_step_due(&schedule));
	schedule_stepped(&schedule); /* due again at once, and 1000 s after that */
	schedule_stepped(&schedule);
	assert_false(schedule_step_due(&schedule));
	schedule_begin(&schedule, 0);
	for (int i = 0; i < 5; i++) {
		assert_true(schedule_step_due(&schedule));
		schedule_stepped(&schedule);
	}
}

static void speed_is_that_of_the_window(void **state)
{
	(void)state;
	struct schedule schedule = {0};
	double speed = -1;
	schedule_begin(&schedule, 0);
	for (int i = 0; i < 200; i++)
		schedule_stepped(&schedule);
	assert_false(schedule_speed(&schedule, &speed));
	double begun = schedule.window_start -= 2, before = clock_seconds();
	assert_true(schedule_speed(&schedule, &speed));
	assert_true(speed <= 200 / (before - begun) && speed >= 200 / (clock_seconds() - begun));
	assert_false(schedule_speed(&schedule, &speed));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_observation_delays_the_next),
		cmocka_unit_test(lost_steps_are_not_made_up_for),
		cmocka_unit_test(speed_is_that_of_the_window),
	};
	return cmocka_run_group_tests_name("schedule", tests, NULL, NULL);
}
