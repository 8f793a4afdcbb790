/* The table of initializers.  An entry names its parameters and the law of its
 * weights.  Laws that a single entry uses are here, the general ones are in
 * initializer_law.c, matrices whose weights depend on each other in
 * initializer_special.c, and the functions for callers in initializer_use.c. */
#include "nn/initializer.h"

#include <math.h>

#include "base/whole.h"
#include "nn/initializer_law.h"
#include "nn/initializer_special.h"

/* ---- laws: the distribution of one weight ---- */

/* p: sd */
static struct law jax_normal(const struct fans *f)
{
	return law_normal(0, f->p[0]);
}

static struct law jax_truncated(const struct fans *f)
{
	return law_truncated(0, f->p[0], -2 * f->p[0], 2 * f->p[0]);
}

/* p: upper end */
static struct law jax_uniform(const struct fans *f)
{
	return law_uniform(0, f->p[0]);
}

/* p: factor, enum law_fan, uniform or not */
static struct law tf1_scaled(const struct fans *f)
{
	return law_scaled(f->p[2] != 0 ? LAW_FORM_UNIFORM : LAW_FORM_TF1, f->p[0], law_fan_of(f), f);
}

/* p: scale, enum law_fan, uniform or not */
static struct law tf1_early_scaled(const struct fans *f)
{
	return law_scaled(f->p[2] != 0 ? LAW_FORM_UNIFORM : LAW_FORM_UNCORRECTED, f->p[0], law_fan_of(f), f);
}

/* p: gain */
static struct law torch_xavier_normal(const struct fans *f)
{
	return law_scaled(LAW_FORM_NORMAL, f->p[0] * f->p[0], LAW_FAN_AVG, f);
}

static struct law torch_xavier_uniform(const struct fans *f)
{
	return law_scaled(LAW_FORM_UNIFORM, f->p[0] * f->p[0], LAW_FAN_AVG, f);
}

enum nonlinearity { LEAKY_RELU, RELU, TANH, SIGMOID, SELU, LINEAR };

/* The square of torch.nn.init.calculate_gain(). */
static double gain_square(const struct fans *f)
{
	double slope = f->p[0];
	switch ((enum nonlinearity)whole_int(f->p[2], 0, LINEAR)) {
	case LEAKY_RELU:
		return 2 / (1 + slope * slope);
	case RELU:
		return 2;
	case TANH:
		return 25.0 / 9;
	case SELU:
		return 9.0 / 16;
	case SIGMOID:
	case LINEAR:
		break;
	}
	return 1;
}

/* p: slope, enum law_fan, enum nonlinearity */
static struct law torch_kaiming_normal(const struct fans *f)
{
	return law_scaled(LAW_FORM_NORMAL, gain_square(f), law_fan_of(f), f);
}

static struct law torch_kaiming_uniform(const struct fans *f)
{
	return law_scaled(LAW_FORM_UNIFORM, gain_square(f), law_fan_of(f), f);
}

/* p: sd at the base width, base width */
static struct law mup(const struct fans *f)
{
	return law_scaled(LAW_FORM_NORMAL, f->p[0] * f->p[0] * f->p[1], LAW_FAN_IN, f);
}

static struct law mup_readout(const struct fans *f)
{
	return law_normal(0, f->p[0] * f->p[1] / f->in);
}

/* p: w0 */
static struct law siren(const struct fans *f)
{
	double end = sqrt(6 / f->in) / f->p[0];
	return law_uniform(-end, end);
}

static struct law siren_first(const struct fans *f)
{
	return law_uniform(-1 / f->in, 1 / f->in);
}

/* ---- the table ---- */

static const char *const fan_words[] = {
	[LAW_FAN_IN] = "fan_in", [LAW_FAN_OUT] = "fan_out", [LAW_FAN_AVG] = "fan_avg", NULL,
};

/* torch has no average of the fans */
static const char *const torch_fan_words[] = { [LAW_FAN_IN] = "fan_in", [LAW_FAN_OUT] = "fan_out", NULL };

static const char *const form_words[] = {
	[LAW_FORM_TRUNCATED] = "truncated_normal", [LAW_FORM_NORMAL] = "normal", [LAW_FORM_UNIFORM] = "uniform", NULL,
};

static const char *const nonlinearity_words[] = {
	[LEAKY_RELU] = "leaky_relu", [RELU] = "relu", [TANH] = "tanh",
	[SIGMOID] = "sigmoid", [SELU] = "selu", [LINEAR] = "linear", NULL,
};

static const char *const no_yes_words[] = { "no", "yes", NULL };

#define LIMIT 1e6 /* of every free number: far below the largest float */

#define FREE(name_, initial_, summary_) { .name = name_, .initial = initial_, .low = -LIMIT, .high = LIMIT, .summary = summary_ }
#define POSITIVE(name_, initial_, summary_) { .name = name_, .initial = initial_, .high = LIMIT, .summary = summary_ }
#define CHOICE(name_, words_, summary_) { .name = name_, .high = sizeof words_ / sizeof words_[0] - 2, .words = words_, .summary = summary_ }

#define MEAN FREE("mean", 0, "centre")
#define SD(initial_) POSITIVE("sd", initial_, "standard deviation")
#define SD_BEFORE(initial_) POSITIVE("sd", initial_, "standard deviation before the cut")
#define LOW(initial_) FREE("low", initial_, "lower end")
#define HIGH(initial_) FREE("high", initial_, "upper end")
#define GAIN POSITIVE("gain", 1, "factor on the weights")
#define BASE { .name = "base", .initial = 100, .low = 1, .high = LIMIT, .summary = "width at which sd holds" }
#define FAN(words_) CHOICE("mode", words_, "which fan divides")
#define UNIFORM CHOICE("uniform", no_yes_words, "uniform instead of normal, not cut")

#define GLOROT_2010 "Glorot and Bengio 2010, Understanding the difficulty of training deep feedforward neural networks"
#define HE_2015 "He et al. 2015, Delving deep into rectifiers"
#define LECUN_1998 "LeCun et al. 1998, Efficient BackProp"
#define TF1_CONTRIB "TensorFlow 1, contrib/layers/python/layers/initializers.py"
#define KERAS "Keras, keras.initializers"
#define JAX "JAX, jax.nn.initializers"
#define TORCH "PyTorch, torch.nn.init"
#define SITZMANN_2020 "Sitzmann et al. 2020, Implicit neural representations with periodic activation functions"
#define MUP_2022 "Yang et al. 2022, Tensor Programs V; package mup"
#define IDINIT_2025 "Pan et al. 2025, IDInit: a universal and stable initialization method for neural network training"

static const struct initializer table[] = {
	{ .entry = { .name = "zeros",
	             .summary = "every entry 0: all units of a layer stay alike",
	             .formula = "0" },
	  .law = law_of_constant, .fixed = { 0 } },
	{ .entry = { .name = "ones", .aliases = "jax:ones",
	             .summary = "every entry 1: all units of a layer stay alike",
	             .formula = "1" },
	  .law = law_of_constant, .fixed = { 1 } },
	{ .entry = { .name = "constant", .aliases = "torch:constant",
	             .summary = "every entry the same value",
	             .formula = "value",
	             .parameters = { FREE("value", 0, "of every entry") } },
	  .law = law_of_constant, .plain = true },
	{ .entry = { .name = "identity", .aliases = "eye torch:eye keras:identity",
	             .summary = "gain on the diagonal, 0 elsewhere",
	             .formula = "gain^2/m (1 - 1/m), m = max(in,out)",
	             .reference = "Le et al. 2015, A simple way to initialize recurrent networks of "
	                          "rectified linear units",
	             .parameters = { GAIN } },
	  .mean = identity_mean, .variance = identity_variance, .fill = identity_fill, .pattern = true },
	{ .entry = { .name = "normal", .aliases = "random_normal gaussian tf1:normal tf1:random_normal torch:normal",
	             .summary = "normal with fixed standard deviation, whatever the fans",
	             .formula = "N(mean, sd^2)",
	             .reference = "TensorFlow 1, random_normal_initializer; PyTorch, torch.nn.init.normal_",
	             .parameters = { MEAN, SD(1) } },
	  .law = law_of_normal, .plain = true },
	{ .entry = { .name = "uniform", .aliases = "random_uniform",
	             .summary = "uniform between two values, whatever the fans",
	             .formula = "U(low, high)",
	             .parameters = { LOW(-1), HIGH(1) } },
	  .law = law_of_uniform, .plain = true },
	{ .entry = { .name = "truncated_normal", .aliases = "tf1:truncated_normal",
	             .summary = "normal cut at two standard deviations",
	             .formula = "N(mean, sd^2) within mean +- 2 sd: variance 0.77374 sd^2",
	             .reference = "TensorFlow 1, truncated_normal_initializer",
	             .parameters = { MEAN, SD_BEFORE(1) } },
	  .law = law_of_truncated },
	{ .entry = { .name = "lecun_normal", .aliases = "lecun",
	             .summary = "normal that keeps the variance of a linear layer",
	             .formula = "N(0, 1/in)", .reference = LECUN_1998 },
	  .law = law_of_scaled, .fixed = { 1, LAW_FAN_IN, LAW_FORM_NORMAL } },
	{ .entry = { .name = "lecun_uniform", .aliases = "keras:lecun_uniform jax:lecun_uniform",
	             .summary = "uniform that keeps the variance of a linear layer",
	             .formula = "U(-r, r), r = sqrt(3/in)", .reference = LECUN_1998 },
	  .law = law_of_scaled, .fixed = { 1, LAW_FAN_IN, LAW_FORM_UNIFORM } },
	{ .entry = { .name = "glorot_normal", .aliases = "xavier_normal xavier glorot",
	             .summary = "normal, a compromise between forward and backward",
	             .formula = "N(0, 2/(in+out))", .reference = GLOROT_2010 },
	  .law = law_of_scaled, .fixed = { 1, LAW_FAN_AVG, LAW_FORM_NORMAL } },
	{ .entry = { .name = "glorot_uniform",
	             .aliases = "xavier_uniform tf1:glorot_uniform keras:glorot_uniform jax:glorot_uniform",
	             .summary = "uniform, a compromise between forward and backward",
	             .formula = "U(-r, r), r = sqrt(6/(in+out))", .reference = GLOROT_2010 },
	  .law = law_of_scaled, .fixed = { 1, LAW_FAN_AVG, LAW_FORM_UNIFORM } },
	{ .entry = { .name = "he_normal", .aliases = "he kaiming kaiming_normal",
	             .summary = "normal that keeps the second moment under relu",
	             .formula = "N(0, 2/in)", .reference = HE_2015 },
	  .law = law_of_scaled, .fixed = { 2, LAW_FAN_IN, LAW_FORM_NORMAL } },
	{ .entry = { .name = "he_uniform", .aliases = "kaiming_uniform keras:he_uniform jax:he_uniform",
	             .summary = "uniform that keeps the second moment under relu",
	             .formula = "U(-r, r), r = sqrt(6/in)", .reference = HE_2015 },
	  .law = law_of_scaled, .fixed = { 2, LAW_FAN_IN, LAW_FORM_UNIFORM } },
	{ .entry = { .name = "variance_scaling", .aliases = "keras:variance_scaling jax:variance_scaling",
	             .summary = "any scale, fan and distribution, the variance exact",
	             .formula = "scale/n, n = in, out or (in+out)/2", .reference = KERAS,
	             .parameters = { POSITIVE("scale", 1, "variance times fan"), FAN(fan_words),
	                             CHOICE("distribution", form_words, "what is drawn from") } },
	  .law = law_of_scaled },
	{ .entry = { .name = "orthogonal", .aliases = "keras:orthogonal jax:orthogonal torch:orthogonal",
	             .summary = "orthonormal rows or columns: keeps lengths",
	             .formula = "gain^2/max(in,out)",
	             .reference = "Saxe et al. 2014, Exact solutions to the nonlinear dynamics of learning in "
	                          "deep linear networks",
	             .parameters = { GAIN } },
	  .variance = orthogonal_variance, .fill = orthogonal_fill },
	{ .entry = { .name = "lsuv",
	             .summary = "orthogonal, then scaled layer by layer on data until var z = 1",
	             .formula = "1/max(in,out), then divided by var z",
	             .reference = "Mishkin and Matas 2016, All you need is a good init" },
	  .variance = lsuv_variance, .fill = orthogonal_fill, .data_driven = true, .fixed = { 1 } },
	{ .entry = { .name = "sparse",
	             .summary = "normal with a share of zeros among the weights of each unit",
	             .formula = "(1 - ceil(sparsity in)/in) sd^2",
	             .reference = "Martens 2010, Deep learning via Hessian-free optimization",
	             .parameters = { { .name = "sparsity", .initial = 0.9, .low = 0, .high = 1, .summary = "share of zeros in a column" }, SD(0.01) } },
	  .variance = sparse_variance, .fill = sparse_fill },
	{ .entry = { .name = "nguyen_widrow", .aliases = "nguyen",
	             .summary = "uniform, the weights of each unit scaled to one length",
	             .formula = "(0.7 out^(1/in))^2/in",
	             .reference = "Nguyen and Widrow 1990, Improving the learning speed of 2-layer neural networks" },
	  .variance = nguyen_widrow_variance, .fill = nguyen_widrow_fill },
	{ .entry = { .name = "siren",
	             .summary = "layers of sin(w0) after the first: w0 z keeps its size at any depth",
	             .formula = "U(-r, r), r = sqrt(6/in)/w0", .reference = SITZMANN_2020,
	             .parameters = { { .name = "w0", .initial = 30, .low = 0.001, .high = 1000, .summary = "frequency of the sine" } } },
	  .law = siren },
	{ .entry = { .name = "siren_first",
	             .summary = "the first layer of sin(w0)",
	             .formula = "U(-1/in, 1/in)", .reference = SITZMANN_2020 },
	  .law = siren_first },
	{ .entry = { .name = "zero_one", .aliases = "hadamard",
	             .summary = "ZerO: ones on the diagonal, or part of a Hadamard matrix where the layer widens; nothing random",
	             .formula = "W_ij = (-1)^bits(i and j) 2^((1-m)/2), m = ceil(log2(out)), if out > in",
	             .reference = "Zhao, Schaefer and Anandkumar 2022, ZerO initialization: initializing neural networks with "
	                          "only zeros and ones" },
	  .mean = hadamard_mean, .variance = hadamard_variance, .fill = hadamard_fill, .pattern = true },
	{ .entry = { .name = "padded_identity", .aliases = "idinit",
	             .summary = "IDInit's identity-preserving matrix: a layer that widens repeats the diagonal; nothing random",
	             .formula = "W_ij = tau if j = i modulo in, else 0",
	             .reference = IDINIT_2025,
	             .parameters = { { .name = "tau", .initial = 1, .low = -1e6, .high = 1e6, .summary = "the weights that are not 0" } } },
	  .mean = padded_identity_mean, .variance = padded_identity_variance, .fill = padded_identity_fill, .pattern = true },
	{ .entry = { .name = "zero_preserving", .aliases = "idiz",
	             .summary = "IDInit's matrix for the last layer of a residual branch (branch-init): each output is the "
	                        "difference of two inputs times eps, so the branch is nearly 0; nothing random",
	             .formula = "W_ij = eps if i = j modulo in, -eps if i = j + 1 modulo in; where the layer narrows -eps "
	                        "if i = out + j modulo (in - out)",
	             .reference = IDINIT_2025,
	             .parameters = { { .name = "eps", .initial = 1e-6, .low = -1e6, .high = 1e6, .summary = "size of the weights that are not 0" } } },
	  .variance = zero_preserving_variance, .fill = zero_preserving_fill, .pattern = true },
	{ .entry = { .name = "mup",
	             .summary = "all hidden layers under muP, with mup_readout for the output; the learning rate of layer 1 "
	                        "is multiplied by out/base under sgd and unchanged under adam, that of the other hidden "
	                        "layers by out/in under sgd and by base/in under adam",
	             .formula = "N(0, sd^2 base/in)", .reference = MUP_2022,
	             .parameters = { SD(0.1), BASE } },
	  .law = mup, .maximal_update = true },
	{ .entry = { .name = "mup_readout",
	             .summary = "the output layer under muP; its learning rate is multiplied by base/in, under sgd and adam alike",
	             .formula = "N(0, (sd base/in)^2)", .reference = MUP_2022,
	             .parameters = { SD(0.1), BASE } },
	  .law = mup_readout, .maximal_update = true },
	{ .entry = { .name = "tf1:variance_scaling",
	             .summary = "contrib: cut at two sd after a factor 1.3, so variance 1.00586 factor/n",
	             .formula = "sd^2 = 1.3 factor/n before the cut, n = in, out or (in+out)/2",
	             .reference = TF1_CONTRIB,
	             .parameters = { POSITIVE("factor", 2, "variance times fan, nearly"), FAN(fan_words), UNIFORM } },
	  .law = tf1_scaled },
	{ .entry = { .name = "tf1:xavier_normal",
	             .summary = "contrib: variance 2.01173/(in+out)",
	             .formula = "sd^2 = 2.6/(in+out), cut at 2 sd", .reference = TF1_CONTRIB },
	  .label = "xavier (tf1)", .law = law_of_scaled, .fixed = { 1, LAW_FAN_AVG, LAW_FORM_TF1 } },
	{ .entry = { .name = "tf1:xavier_uniform", .aliases = "tf1:xavier",
	             .summary = "contrib's default: the textbook form",
	             .formula = "U(-r, r), r = sqrt(6/(in+out))", .reference = TF1_CONTRIB },
	  .law = law_of_scaled, .fixed = { 1, LAW_FAN_AVG, LAW_FORM_UNIFORM } },
	{ .entry = { .name = "tf1:early_variance_scaling",
	             .summary = "early core: cut at two sd and not corrected for it",
	             .formula = "sd^2 = scale/n before the cut: variance 0.77374 scale/n",
	             .reference = "TensorFlow issues 16344 and 18706",
	             .parameters = { POSITIVE("scale", 1, "variance times fan, before the cut"), FAN(fan_words),
	                             UNIFORM } },
	  .label = "early scaling (tf1)", .law = tf1_early_scaled },
	{ .entry = { .name = "keras:normal", .aliases = "keras:random_normal",
	             .summary = "normal with a small fixed standard deviation",
	             .formula = "N(mean, sd^2)", .reference = KERAS,
	             .parameters = { MEAN, SD(0.05) } },
	  .law = law_of_normal },
	{ .entry = { .name = "keras:uniform", .aliases = "keras:random_uniform",
	             .summary = "uniform between two small values",
	             .formula = "U(low, high)", .reference = KERAS,
	             .parameters = { LOW(-0.05), HIGH(0.05) } },
	  .law = law_of_uniform },
	{ .entry = { .name = "keras:truncated_normal",
	             .summary = "small normal cut at two standard deviations",
	             .formula = "N(mean, sd^2) within mean +- 2 sd: variance 0.77374 sd^2", .reference = KERAS,
	             .parameters = { MEAN, SD_BEFORE(0.05) } },
	  .label = "truncated (keras)", .law = law_of_truncated },
	{ .entry = { .name = "keras:lecun_normal", .aliases = "jax:lecun_normal",
	             .summary = "as lecun_normal, cut at two sd, the variance exact",
	             .formula = "variance 1/in after the cut", .reference = KERAS },
	  .law = law_of_scaled, .fixed = { 1, LAW_FAN_IN, LAW_FORM_TRUNCATED } },
	{ .entry = { .name = "keras:glorot_normal",
	             .aliases = "keras:xavier_normal jax:glorot_normal jax:xavier_normal",
	             .summary = "as glorot_normal, cut at two sd, the variance exact",
	             .formula = "variance 2/(in+out) after the cut", .reference = KERAS },
	  .law = law_of_scaled, .fixed = { 1, LAW_FAN_AVG, LAW_FORM_TRUNCATED } },
	{ .entry = { .name = "keras:he_normal", .aliases = "keras:kaiming_normal jax:he_normal jax:kaiming_normal",
	             .summary = "as he_normal, cut at two sd, the variance exact",
	             .formula = "variance 2/in after the cut", .reference = KERAS },
	  .law = law_of_scaled, .fixed = { 2, LAW_FAN_IN, LAW_FORM_TRUNCATED } },
	{ .entry = { .name = "jax:normal",
	             .summary = "normal with a small fixed standard deviation",
	             .formula = "N(0, sd^2)", .reference = JAX,
	             .parameters = { SD(0.01) } },
	  .law = jax_normal },
	{ .entry = { .name = "jax:uniform",
	             .summary = "uniform from 0 to a small value",
	             .formula = "U(0, scale)", .reference = JAX,
	             .parameters = { FREE("scale", 0.01, "upper end") } },
	  .law = jax_uniform },
	{ .entry = { .name = "jax:truncated_normal",
	             .summary = "small normal cut at two standard deviations",
	             .formula = "N(0, sd^2) within +- 2 sd: variance 0.77374 sd^2", .reference = JAX,
	             .parameters = { SD_BEFORE(0.01) } },
	  .law = jax_truncated },
	{ .entry = { .name = "torch:linear", .aliases = "torch:default standard",
	             .summary = "the default of nn.Linear, and the heuristic that Glorot and Bengio start from",
	             .formula = "U(-r, r), r = 1/sqrt(in)",
	             .reference = "PyTorch, torch.nn.Linear: kaiming_uniform_ with a = sqrt(5)" },
	  .law = law_of_scaled, .fixed = { 1.0 / 3, LAW_FAN_IN, LAW_FORM_UNIFORM } },
	{ .entry = { .name = "torch:uniform",
	             .summary = "uniform between two values",
	             .formula = "U(low, high)", .reference = TORCH,
	             .parameters = { LOW(0), HIGH(1) } },
	  .law = law_of_uniform },
	{ .entry = { .name = "torch:trunc_normal", .aliases = "torch:truncated_normal",
	             .summary = "normal cut at two absolute values",
	             .formula = "N(mean, sd^2) within low..high", .reference = TORCH,
	             .parameters = { MEAN, SD_BEFORE(1), LOW(-2), HIGH(2) } },
	  .law = law_of_truncated_at },
	{ .entry = { .name = "torch:xavier_normal", .aliases = "torch:glorot_normal",
	             .summary = "as glorot_normal, with a gain",
	             .formula = "N(0, 2 gain^2/(in+out))", .reference = TORCH,
	             .parameters = { GAIN } },
	  .law = torch_xavier_normal },
	{ .entry = { .name = "torch:xavier_uniform", .aliases = "torch:glorot_uniform",
	             .summary = "as glorot_uniform, with a gain",
	             .formula = "U(-r, r), r = gain sqrt(6/(in+out))", .reference = TORCH,
	             .parameters = { GAIN } },
	  .law = torch_xavier_uniform },
	{ .entry = { .name = "torch:kaiming_normal", .aliases = "torch:he_normal",
	             .summary = "as he_normal, with the gain of a nonlinearity",
	             .formula = "N(0, gain^2/n), n = in or out", .reference = TORCH,
	             .parameters = { FREE("a", 0, "slope of leaky_relu below 0"), FAN(torch_fan_words),
	                             CHOICE("nonlinearity", nonlinearity_words, "whose gain is used") } },
	  .law = torch_kaiming_normal },
	{ .entry = { .name = "torch:kaiming_uniform", .aliases = "torch:he_uniform",
	             .summary = "as he_uniform, with the gain of a nonlinearity",
	             .formula = "U(-r, r), r = gain sqrt(3/n), n = in or out", .reference = TORCH,
	             .parameters = { FREE("a", 0, "slope of leaky_relu below 0"), FAN(torch_fan_words),
	                             CHOICE("nonlinearity", nonlinearity_words, "whose gain is used") } },
	  .law = torch_kaiming_uniform },
	{ .entry = { .name = "torch:sparse",
	             .summary = "normal with a share of zeros among the weights from each input",
	             .formula = "(1 - ceil(sparsity out)/out) sd^2",
	             .reference = TORCH,
	             .parameters = { { .name = "sparsity", .initial = 0.9, .low = 0, .high = 1, .summary = "share of zeros among an input's weights" }, SD(0.01) } },
	  .variance = torch_sparse_variance, .fill = torch_sparse_fill },
};

const char *const initializer_variables[] = { "fan_in", "fan_out", "layer", "depth", "branch", "branches", NULL };

const struct table initializers = TABLE_WITH_FORMULAS(table, "initializer", "initializers", initializer_variables);
