/* The tables of branch scales and skip scales. */
#include "nn/branch_scale.h"

#include "nn/initializer.h"

#define BRANCH "a = alpha f(z) + lambda x"

static const struct branch_scale table[] = {
	{ .entry = { .name = "fixed",
	             .summary = "the same factor throughout the run",
	             .formula = BRANCH,
	             .parameters = { { .name = "alpha", .initial = 1, .low = -1e6, .high = 1e6, .summary = "the factor" } } } },
	{ .entry = { .name = "learned",
	             .summary = "a factor that is trained, one for each branch; learned(0) is ReZero",
	             .formula = BRANCH,
	             .reference = "Bachlechner et al. 2020, ReZero is all you need; Zhang et al. 2019, Fixup initialization",
	             .parameters = { { .name = "alpha", .initial = 1, .low = -1e6, .high = 1e6, .summary = "its initial value" } } },
	  .learned = true },
};

static const struct entry skips[] = {
	{ .name = "fixed",
	  .summary = "the same factor throughout the run; fixed(branches^0.25) is DeepNorm's",
	  .formula = BRANCH,
	  .reference = "Wang et al. 2022, DeepNet: scaling transformers to 1,000 layers",
	  .parameters = { { .name = "lambda", .initial = 1, .low = -1e6, .high = 1e6, .summary = "the factor" } } },
};

const struct table branch_scales = TABLE_WITH_FORMULAS(table, "branch scale", "branch scales", initializer_variables);
const struct table skip_scales = TABLE_WITH_FORMULAS(skips, "skip scale", "skip scales", initializer_variables);
