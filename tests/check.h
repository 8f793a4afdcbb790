/* Assertions over doubles that say the numbers when they fail (cmocka 1.1's
 * own compare floats).  Include after cmocka.h. */
#ifndef INITVIZ_TESTS_CHECK_H
#define INITVIZ_TESTS_CHECK_H

#include <math.h>

/* |seen - expected| <= tolerance; NaN is never near. */
#define check_near(seen, expected, tolerance) check_near_at((seen), (expected), (tolerance), #seen, __FILE__, __LINE__)

/* |seen / expected - 1| <= tolerance. */
#define check_ratio(seen, expected, tolerance) \
	check_near_at((seen) / (expected), 1, (tolerance), #seen " / " #expected, __FILE__, __LINE__)

static inline void check_near_at(double seen, double expected, double tolerance, const char *what, const char *file,
                                 int line)
{
	if (fabs(seen - expected) <= tolerance)
		return;
	print_error("%s is %.9g, expected %.9g within %.3g\n", what, seen, expected, tolerance);
	_fail(file, line);
}

#endif
