/* Assertions with messages that name the compared values: doubles with their
 * numbers (cmocka 1.1's own compare floats), entries of a table with their name.
 * Include after cmocka.h. */
#ifndef INITVIZ_TESTS_CHECK_H
#define INITVIZ_TESTS_CHECK_H

#include <math.h>

/* |seen - expected| <= tolerance; NaN is never near. */
#define check_near(seen, expected, tolerance) check_near_at((seen), (expected), (tolerance), #seen, __FILE__, __LINE__)

/* |seen / expected - 1| <= tolerance. */
#define check_ratio(seen, expected, tolerance) \
	check_near_at((seen) / (expected), 1, (tolerance), #seen " / " #expected, __FILE__, __LINE__)

/* The condition holds for the entry of this name. */
#define check_entry(name, condition) check_entry_at((condition), (name), #condition, __FILE__, __LINE__)

static inline void check_entry_at(_Bool holds, const char *name, const char *condition, const char *file, int line)
{
	if (holds)
		return;
	print_error("entry '%s': %s does not hold\n", name, condition);
	_fail(file, line);
}

static inline void check_near_at(double seen, double expected, double tolerance, const char *what, const char *file,
                                 int line)
{
	if (fabs(seen - expected) <= tolerance)
		return;
	print_error("%s is %.9g, expected %.9g within %.3g\n", what, seen, expected, tolerance);
	_fail(file, line);
}

#endif
