/* Conversion of real numbers to integers.  Casting a double that is NaN or out of
 * range is undefined in C, so only these functions cast one;
 * tests/test_layers.bats compiles every file to check this. */
#ifndef INITVIZ_BASE_WHOLE_H
#define INITVIZ_BASE_WHOLE_H

#include <stdint.h>

/* x without its fraction (towards 0), within low..high; NaN gives low. */
static inline int whole_int(double x, int low, int high)
{
	double from_low = x > low ? x : low; /* false for NaN */
	return (int)(from_low < high ? from_low : high);
}

/* x without its fraction, for an x between -2^31 and 2^31 - 1: the caller must
 * ensure that.  For loops that the compiler vectorizes. */
static inline int whole_of_small(double x)
{
	return (int)x;
}

/* x without its fraction, within 0..2^64 - 1; NaN gives 0. */
static inline uint64_t whole_count(double x)
{
	return !(x > 0) ? 0 : x < 0x1p64 ? (uint64_t)x : UINT64_MAX;
}

#endif
