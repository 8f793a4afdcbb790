/* The table of branch scales. */
#include "nn/branch_scale.h"

#include "nn/initializer.h"

static const struct branch_scale table[] = {
	{ .entry = { .name = "fixed",
	             .summary = "the same factor throughout the run",
	             .formula = "a = alpha f(z) + x",
	             .parameters = { { "alpha", 1, -1e6, 1e6, NULL, "the factor" } } } },
	{ .entry = { .name = "learned",
	             .summary = "a factor that is trained, one for each branch; learned(0) is ReZero",
	             .formula = "a = alpha f(z) + x",
	             .reference = "Bachlechner et al. 2020, ReZero is all you need; Zhang et al. 2019, Fixup initialization",
	             .parameters = { { "alpha", 1, -1e6, 1e6, NULL, "its initial value" } } },
	  .learned = true },
};

const struct table branch_scales = TABLE_WITH_FORMULAS(table, "branch scale", "branch scales", initializer_variables);
