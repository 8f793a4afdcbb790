/* The scenario table.  A scenario is a list of settings as the command line
 * would give them; what it does not name has the value of settings_default(). */
#include "lab/scenario.h"

/* The TF1 flavours of the article's two scaled initializers. */
#define XAVIER "init=tf1:variance_scaling(factor=1,mode=fan_avg)"
#define HE "init=tf1:variance_scaling(factor=2,mode=fan_in)"

static const struct scenario scenario_list[] = {
	{ .entry = { .name = "first_pass_normal", .aliases = "1",
	             .summary = "N(0,1) weights, sigmoid: one batch of 100 forward, nothing learned" },
	  .settings = "init=normal activation=sigmoid batch=100 probe=batch steps=0" },
	{ .entry = { .name = "first_pass_variance", .aliases = "2",
	             .summary = "Xavier weights, sigmoid: one batch of 100 forward" },
	  .settings = XAVIER " activation=sigmoid batch=100 probe=batch steps=0" },
	{ .entry = { .name = "full_train_normal", .aliases = "3",
	             .summary = "N(0,1) weights, sigmoid: saturated, and slow to learn" },
	  .settings = "init=normal activation=sigmoid" },
	{ .entry = { .name = "full_train_variance", .aliases = "4",
	             .summary = "Xavier weights, sigmoid: centred, learns well" },
	  .settings = XAVIER " activation=sigmoid" },
	{ .entry = { .name = "full_train_normal_relu", .aliases = "5",
	             .summary = "N(0,1) weights, relu: signal and gradient explode" },
	  .settings = "init=normal activation=relu" },
	{ .entry = { .name = "full_train_variance_relu", .aliases = "6",
	             .summary = "Xavier weights, relu: half the signal lost at each layer" },
	  .settings = XAVIER " activation=relu" },
	{ .entry = { .name = "full_train_he_relu", .aliases = "7",
	             .summary = "He weights, relu: the signal keeps its size" },
	  .settings = HE " activation=relu" },
};

const struct table scenarios = TABLE_OF(scenario_list, "scenario", "scenarios");
