/* Denormal floats (sizes under 1.2e-38) count as 0 wherever a net computes: most
 * CPUs take a hundred times as long for them, and nets whose signal vanishes are
 * full of them.  The mode belongs to a thread. */
#ifndef INITVIZ_BASE_FLUSH_ZERO_H
#define INITVIZ_BASE_FLUSH_ZERO_H

#include <stdbool.h>

struct flush_zero {
	bool supported; /* by this CPU and compiler: else the calls below do nothing */
	unsigned long long before;
};

/* From now on denormal operands and results of the calling thread are 0.
 * Returns what flush_zero_end() needs to restore the mode before. */
struct flush_zero flush_zero_begin(void);
void flush_zero_end(struct flush_zero mode);

#endif
