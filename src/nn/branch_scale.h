/* The factors where a residual branch ends: a = alpha f(z) + lambda x. */
#ifndef INITVIZ_NN_BRANCH_SCALE_H
#define INITVIZ_NN_BRANCH_SCALE_H

#include <stdbool.h>

#include "base/entry.h"

struct branch_scale {
	struct entry entry; /* its first parameter is alpha at the start */
	bool learned;       /* a parameter of the net, as ReZero has it */
};

TABLE_DECLARE(branch_scales, struct branch_scale, branch_scale)

extern const struct table skip_scales; /* entries whose first parameter is lambda */

#endif
