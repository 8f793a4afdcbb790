/* The scenario table.  A scenario is a list of settings as the command line
 * would give them; what it does not name has the value of settings_default(). */
#include "lab/scenario.h"

/* The TF1 flavours of the article's two scaled initializers. */
#define XAVIER "init=tf1:variance_scaling(factor=1,mode=fan_avg)"
#define HE "init=tf1:variance_scaling(factor=2,mode=fan_in)"

/* Deep nets learn by plain momentum here: Adam's steps hide a gradient that
 * has nearly vanished. */
#define DEEP(layers) "depth=" #layers " width=100 optimizer=momentum(lr=0.003) steps=500 every=10"

/* One layer, ten residual branches of two layers, the output. */
#define BRANCHES DEEP(21) " residual=yes branch-layers=2"

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
	             .summary = "Xavier weights, relu: each layer halves the signal" },
	  .settings = XAVIER " activation=relu" },
	{ .entry = { .name = "full_train_he_relu", .aliases = "7",
	             .summary = "He weights, relu: the signal keeps its size" },
	  .settings = HE " activation=relu" },

	{ .entry = { .name = "deep_relu_xavier", .aliases = "8",
	             .summary = "20 layers of relu, Xavier: each layer halves signal and gradient, nothing is learned" },
	  .settings = DEEP(20) " init=xavier activation=relu" },
	{ .entry = { .name = "deep_relu_he", .aliases = "9",
	             .summary = "the same with He: signal and gradient keep their size, and it learns" },
	  .settings = DEEP(20) " init=he activation=relu" },
	{ .entry = { .name = "deep_tanh_small_normal",
	             .summary = "20 layers of tanh, weights N(0, 0.03): the signal fades to nothing" },
	  .settings = DEEP(20) " init=normal(sd=0.03) activation=tanh" },
	{ .entry = { .name = "deep_tanh_xavier",
	             .summary = "the same with Xavier: on the edge of chaos, where signals keep their size" },
	  .settings = DEEP(20) " init=xavier activation=tanh" },
	{ .entry = { .name = "deep_selu_lecun",
	             .summary = "20 layers of selu, LeCun: var z goes to 1 for inputs of any size" },
	  .settings = DEEP(20) " init=lecun activation=selu" },
	{ .entry = { .name = "deep_sigmoid_xavier",
	             .summary = "6 layers of sigmoid, Xavier: unsaturated, but each layer keeps only 0.057 of E[gradient²]" },
	  .settings = DEEP(6) " init=xavier activation=sigmoid" },
	{ .entry = { .name = "zeros_symmetry",
	             .summary = "all weights zero: all units of a layer stay equal, as if it had only one" },
	  .settings = "init=zeros output-init=zeros activation=sigmoid steps=500 every=10" },
	{ .entry = { .name = "batch_norm_normal",
	             .summary = "N(0,1) weights as in full_train_normal, with batch normalization: no saturation" },
	  .settings = "init=normal activation=sigmoid normalization=batch" },
	{ .entry = { .name = "standardized_784",
	             .summary = "N(0,1) weights on standardized pixels: variance 784, sd 28, as the article computes" },
	  .settings = "init=normal activation=sigmoid batch=100 probe=batch steps=0 scale=standard" },
	{ .entry = { .name = "lsuv_tanh",
	             .summary = "10 layers of tanh, the weights of each scaled on data until var z is 1" },
	  .settings = DEEP(10) " init=lsuv activation=tanh" },
	{ .entry = { .name = "branches_relu_he",
	             .summary = "10 residual branches of two layers, He: each triples the mean square of the signal; it diverges" },
	  .settings = BRANCHES " init=he activation=relu" },
	{ .entry = { .name = "fixup",
	             .summary = "the same with Fixup: last layers of branches and readout zero, the others divided by sqrt(branches)",
	             .reference = "Zhang, Dauphin and Ma 2019, Fixup initialization: residual learning without normalization" },
	  .settings = BRANCHES " init=normal(0,sqrt(2/fan_in/branches)) init.1=he branch-init=zeros output-init=zeros "
	              "branch-scale=learned(1) activation=relu" },
	{ .entry = { .name = "rezero",
	             .summary = "the same with ReZero: each branch is multiplied by a learned factor that begins at 0",
	             .reference = "Bachlechner et al. 2020, ReZero is all you need: fast convergence at large depth" },
	  .settings = BRANCHES " init=he branch-scale=learned(0) activation=relu" },
	{ .entry = { .name = "gpt2_rule",
	             .summary = "10 branches of gelu, their last layers divided by sqrt(branches) as in GPT-2: the signal grows as by one branch",
	             .reference = "Radford et al. 2019, Language models are unsupervised multitask learners, 2.3" },
	  .settings = BRANCHES " init=lecun branch-init=normal(0,1/sqrt(fan_in*branches)) activation=gelu_tanh" },
	{ .entry = { .name = "deepnorm",
	             .summary = "10 branches of relu with DeepNorm: inputs count more than branches, and each sum is normalized",
	             .reference = "Wang et al. 2022, DeepNet: scaling transformers to 1,000 layers; 2N branches" },
	  .settings = BRANCHES " normalization=post skip-scale=fixed(branches^0.25) "
	              "init=variance_scaling(1/sqrt(4*branches),fan_avg) init.1=he activation=relu" },
	{ .entry = { .name = "siren",
	             .summary = "5 layers of sin(30 z) with SIREN's weights: signal and gradient keep their order of magnitude",
	             .reference = "Sitzmann et al. 2020, Implicit neural representations with periodic activation functions" },
	  .settings = DEEP(5) " init=siren init.1=siren_first output-init=siren activation=sin(30) optimizer=adam(lr=0.0001)" },
};

const struct table scenarios = TABLE_OF(scenario_list, "scenario", "scenarios");
