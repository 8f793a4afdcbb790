/* The factor alpha of a residual branch: a = alpha f(z) + x. */
#ifndef INITVIZ_NN_BRANCH_SCALE_H
#define INITVIZ_NN_BRANCH_SCALE_H

#include <stdbool.h>

#include "base/entry.h"

struct branch_scale {
	struct entry entry; /* its first parameter is alpha at the start */
	bool learned;       /* a parameter of the net, as ReZero has it */
};

TABLE_DECLARE(branch_scales, struct branch_scale, branch_scale)

#endif
