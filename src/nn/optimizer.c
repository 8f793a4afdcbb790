/* The optimizers: their table, the scalars of a step, and each rule as it was
 * published, for one weight in double precision.  The loops over all weights are in
 * kernel/update.c. */
#include "nn/optimizer.h"

#include <math.h>
#include <string.h>

static const char *const no_yes[] = { "no", "yes", NULL };

/* ---- the scalars of a step ---- */

/* lr_scale multiplies lr and divides weight_decay, as in the package mup: the
 * share lr weight_decay of a weight that a step takes is the same at every width. */

/* p: lr, momentum, weight_decay, nesterov (0 if the entry has no such parameter) */
static void sgd_prepare(struct update_step *step, uint64_t t, double lr_scale, const double *p)
{
	(void)t;
	bool nesterov = p[3] != 0;
	step->c[SGD_RATE] = (float)(p[0] * lr_scale);
	step->c[SGD_MOMENTUM] = (float)p[1];
	step->c[SGD_DECAY] = (float)(p[2] / lr_scale);
	step->c[SGD_AHEAD] = nesterov ? (float)p[1] : 1;
	step->c[SGD_NOW] = nesterov ? 1 : 0;
}

/* p: lr, momentum, weight_decay */
static void nesterov_prepare(struct update_step *step, uint64_t t, double lr_scale, const double *p)
{
	const double as_sgd[] = { p[0], p[1], p[2], 1 };
	sgd_prepare(step, t, lr_scale, as_sgd);
}

/* p: lr, rho, eps */
static void rmsprop_prepare(struct update_step *step, uint64_t t, double lr_scale, const double *p)
{
	(void)t;
	step->c[RMSPROP_RATE] = (float)(p[0] * lr_scale);
	step->c[RMSPROP_NEW] = (float)(1 - p[1]);
	step->c[RMSPROP_EPS] = (float)p[2];
}

/* p: lr, eps */
static void adagrad_prepare(struct update_step *step, uint64_t t, double lr_scale, const double *p)
{
	(void)t;
	step->c[ADAGRAD_RATE] = (float)(p[0] * lr_scale);
	step->c[ADAGRAD_EPS] = (float)p[1];
}

/* TF1's form: eps is not bias-corrected ("epsilon hat" in Kingma and Ba,
 * section 2).  p: lr, beta1, beta2, eps */
static void tf1_adam_prepare(struct update_step *step, uint64_t t, double lr_scale, const double *p)
{
	double unbias1 = 1 - pow(p[1], (double)t), unbias2 = 1 - pow(p[2], (double)t);
	step->c[ADAM_RATE] = (float)(p[0] * lr_scale * sqrt(unbias2) / unbias1);
	step->c[ADAM_NEW1] = (float)(1 - p[1]);
	step->c[ADAM_NEW2] = (float)(1 - p[2]);
	step->c[ADAM_EPS] = (float)p[3];
	step->c[ADAM_DECAY] = 0;
}

/* eps is added to the corrected root, sqrt(v / (1 - beta2^t)) + eps; as the rule
 * adds eps to sqrt(v), eps is multiplied by sqrt(1 - beta2^t). */
static void adam_prepare(struct update_step *step, uint64_t t, double lr_scale, const double *p)
{
	tf1_adam_prepare(step, t, lr_scale, p);
	step->c[ADAM_EPS] = (float)(p[3] * sqrt(1 - pow(p[2], (double)t)));
}

/* p: lr, beta1, beta2, eps, weight_decay */
static void adamw_prepare(struct update_step *step, uint64_t t, double lr_scale, const double *p)
{
	adam_prepare(step, t, lr_scale, p);
	step->c[ADAM_DECAY] = (float)(p[0] * p[4]);
}

/* ---- the rules as published ---- */

/* Sutskever et al. 2013 in the form of TensorFlow and PyTorch: the learning rate
 * is not part of the velocity.  p: lr, momentum, weight_decay, nesterov */
static void sgd_published(double *w, double s[], double g, uint64_t t, const double *p)
{
	(void)t;
	double lr = p[0], mu = p[1], slope = g + p[2] * *w;
	s[0] = mu * s[0] + slope;
	*w -= lr * (p[3] != 0 ? slope + mu * s[0] : s[0]);
}

/* p: lr, momentum, weight_decay */
static void nesterov_published(double *w, double s[], double g, uint64_t t, const double *p)
{
	sgd_published(w, s, g, t, (const double[]){ p[0], p[1], p[2], 1 });
}

/* Tieleman and Hinton 2012.  p: lr, rho, eps */
static void rmsprop_published(double *w, double s[], double g, uint64_t t, const double *p)
{
	(void)t;
	s[0] = p[1] * s[0] + (1 - p[1]) * g * g;
	*w -= p[0] * g / (sqrt(s[0]) + p[2]);
}

/* Duchi, Hazan and Singer 2011.  p: lr, eps */
static void adagrad_published(double *w, double s[], double g, uint64_t t, const double *p)
{
	(void)t;
	s[0] += g * g;
	*w -= p[0] * g / (sqrt(s[0]) + p[1]);
}

static void adam_moments(double s[], double g, double beta1, double beta2)
{
	s[0] = beta1 * s[0] + (1 - beta1) * g;
	s[1] = beta2 * s[1] + (1 - beta2) * g * g;
}

/* Kingma and Ba 2015, algorithm 1.  p: lr, beta1, beta2, eps */
static void adam_published(double *w, double s[], double g, uint64_t t, const double *p)
{
	adam_moments(s, g, p[1], p[2]);
	double m_hat = s[0] / (1 - pow(p[1], (double)t)), v_hat = s[1] / (1 - pow(p[2], (double)t));
	*w -= p[0] * m_hat / (sqrt(v_hat) + p[3]);
}

/* The documentation of tf.train.AdamOptimizer.  p: lr, beta1, beta2, eps */
static void tf1_adam_published(double *w, double s[], double g, uint64_t t, const double *p)
{
	adam_moments(s, g, p[1], p[2]);
	double lr_t = p[0] * sqrt(1 - pow(p[2], (double)t)) / (1 - pow(p[1], (double)t));
	*w -= lr_t * s[0] / (sqrt(s[1]) + p[3]);
}

/* Loshchilov and Hutter 2019, algorithm 2, with lr for their alpha and, as in
 * PyTorch, lr weight_decay for their lambda.  p: lr, beta1, beta2, eps, weight_decay */
static void adamw_published(double *w, double s[], double g, uint64_t t, const double *p)
{
	double decay = p[0] * p[4] * *w;
	adam_published(w, s, g, t, p);
	*w -= decay;
}

/* ---- the table ---- */

#define LR(initial_) \
	{ .name = "lr", .initial = (initial_), .low = 0, .high = 1e6, .summary = "learning rate" }
#define MOMENTUM(initial_) \
	{ .name = "momentum", .initial = (initial_), .low = 0, .high = 1, .summary = "share of the last v that is kept" }
#define BETA(name_, initial_, summary_) \
	{ .name = (name_), .initial = (initial_), .low = 0, .high = 0.9999999, .summary = (summary_) }
#define EPS(initial_) \
	{ .name = "eps", .initial = (initial_), .low = 1e-30, .high = 1, .summary = "keeps the divisor from 0" }
#define WEIGHT_DECAY(initial_, summary_) \
	{ .name = "weight_decay", .initial = (initial_), .low = 0, .high = 1, .summary = (summary_) }
#define BETA1 BETA("beta1", 0.9, "decay rate of the mean gradient m")
#define BETA2 BETA("beta2", 0.999, "decay rate of the mean squared gradient v")
#define L2 WEIGHT_DECAY(0, "this times w is added to the gradient g; muP divides it by its factor of lr")

static const struct optimizer entries[] = {
	{
		.entry = {
			.name = "sgd",
			.summary = "stochastic gradient descent, optionally with momentum",
			.formula = "v = momentum v + g + weight_decay w; w -= lr v",
			.reference = "Robbins and Monro 1951",
			.parameters = {
				LR(0.1), MOMENTUM(0), L2,
				{ .name = "nesterov", .low = 0, .high = 1, .words = no_yes, .summary = "with yes, w -= lr (g + momentum v)" },
			},
		},
		.slots = 1, .prepare = sgd_prepare, .update = update_sgd, .published = sgd_published,
	},
	{
		.entry = {
			.name = "momentum",
			.summary = "gradient descent with heavy-ball momentum",
			.formula = "v = momentum v + g; w -= lr v",
			.reference = "Polyak 1964; Sutskever et al. 2013",
			.parameters = { LR(0.01), MOMENTUM(0.9), L2 },
		},
		.slots = 1, .prepare = sgd_prepare, .update = update_sgd, .published = sgd_published,
	},
	{
		.entry = {
			.name = "nesterov",
			.summary = "gradient descent with Nesterov momentum",
			.formula = "v = momentum v + g; w -= lr (g + momentum v)",
			.reference = "Nesterov 1983; Sutskever et al. 2013",
			.parameters = { LR(0.01), MOMENTUM(0.9), L2 },
		},
		.slots = 1, .prepare = nesterov_prepare, .update = update_sgd, .published = nesterov_published,
	},
	{
		.entry = {
			.name = "rmsprop",
			.summary = "gradient divided by the root of the running mean of its square",
			.formula = "s = rho s + (1 - rho) g^2; w -= lr g / (sqrt(s) + eps)",
			.reference = "Tieleman and Hinton 2012, lecture 6.5",
			.parameters = { LR(0.001), BETA("rho", 0.9, "decay rate of the mean squared gradient s"), EPS(1e-8) },
		},
		.slots = 1, .adaptive = true, .prepare = rmsprop_prepare, .update = update_rmsprop, .published = rmsprop_published,
	},
	{
		.entry = {
			.name = "adagrad",
			.summary = "gradient divided by the root of the sum of its squares so far",
			.formula = "s = s + g^2; w -= lr g / (sqrt(s) + eps)",
			.reference = "Duchi, Hazan and Singer 2011",
			.parameters = { LR(0.01), EPS(1e-10) },
		},
		.slots = 1, .adaptive = true, .prepare = adagrad_prepare, .update = update_adagrad, .published = adagrad_published,
	},
	{
		.entry = {
			.name = "adam",
			.summary = "adaptive moment estimation, textbook form",
			.formula = "w -= lr m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps)",
			.reference = "Kingma and Ba 2015, algorithm 1",
			.parameters = { LR(0.001), BETA1, BETA2, EPS(1e-8) },
		},
		.slots = 2, .adaptive = true, .prepare = adam_prepare, .update = update_adam, .published = adam_published,
	},
	{
		.entry = {
			.name = "tf1:adam",
			.summary = "Adam as TensorFlow 1 computes it: eps outside the bias correction",
			.formula = "w -= lr sqrt(1 - beta2^t) / (1 - beta1^t) m / (sqrt(v) + eps)",
			.reference = "tf.train.AdamOptimizer; Kingma and Ba 2015, end of section 2",
			.parameters = { LR(0.001), BETA1, BETA2, EPS(1e-8) },
		},
		.slots = 2, .adaptive = true, .prepare = tf1_adam_prepare, .update = update_adam, .published = tf1_adam_published,
	},
	{
		.entry = {
			.name = "adamw",
			.summary = "Adam with decoupled weight decay",
			.formula = "w -= lr m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps) + lr weight_decay w",
			.reference = "Loshchilov and Hutter 2019",
			.parameters = { LR(0.001), BETA1, BETA2, EPS(1e-8),
			                WEIGHT_DECAY(0.01, "this times lr w is subtracted from w; muP does not multiply this lr") },
		},
		.slots = 2, .adaptive = true, .prepare = adamw_prepare, .update = update_adam, .published = adamw_published,
	},
};

const struct table optimizers = TABLE_OF(entries, "optimizer", "optimizers");

double optimizer_momentum(const struct spec *spec)
{
	for (size_t i = 0; spec->entry && i < entry_parameter_count(spec->entry); i++)
		if (strcmp(spec->entry->parameters[i].name, "momentum") == 0)
			return spec->value[i];
	return 0;
}
