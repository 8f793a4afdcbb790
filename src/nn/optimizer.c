/* The optimizers, each a rule for the step that is subtracted from a weight.
 * Knows no layers: weights, slots and gradient are plain arrays here. */
#include "nn/optimizer.h"

#include "nn/vector_math.h"

#define BLOCK 64 /* weights whose steps are kept at a time, in the first cache */

static const char *const no_yes[] = { "no", "yes", NULL };

/* ---- one block of weights, by rule ----
 *
 * step[n] is what w[n] loses.  g: gradient; the slots are updated; c: see the
 * rule's prepare function. */

enum { SGD_RATE, SGD_MOMENTUM, SGD_DECAY, SGD_AHEAD, SGD_NOW };

/* v = mu v + g;  w -= lr v, or with Nesterov's look ahead lr (g + mu v). */
VECTOR_INLINE void sgd_rule(float *restrict step, const float *restrict w, float *restrict v, float *restrict unused,
                            const float *restrict g, size_t n, const float *c)
{
	(void)unused;
	VECTOR_EACH (i, n) {
		float slope = g[i] + c[SGD_DECAY] * w[i];
		v[i] = c[SGD_MOMENTUM] * v[i] + slope;
		step[i] = c[SGD_RATE] * (c[SGD_AHEAD] * v[i] + c[SGD_NOW] * slope);
	}
}

enum { RMSPROP_RATE, RMSPROP_NEW, RMSPROP_EPS };

/* s = rho s + (1 - rho) g^2;  w -= lr g / (sqrt(s) + eps) */
VECTOR_INLINE void rmsprop_rule(float *restrict step, const float *restrict w, float *restrict s,
                                float *restrict unused, const float *restrict g, size_t n, const float *c)
{
	(void)w, (void)unused;
	VECTOR_EACH (i, n) {
		s[i] += c[RMSPROP_NEW] * (g[i] * g[i] - s[i]);
		step[i] = c[RMSPROP_RATE] * g[i] / (sqrtf(s[i]) + c[RMSPROP_EPS]);
	}
}

enum { ADAGRAD_RATE, ADAGRAD_EPS };

/* s = s + g^2;  w -= lr g / (sqrt(s) + eps) */
VECTOR_INLINE void adagrad_rule(float *restrict step, const float *restrict w, float *restrict s,
                                float *restrict unused, const float *restrict g, size_t n, const float *c)
{
	(void)w, (void)unused;
	VECTOR_EACH (i, n) {
		s[i] += g[i] * g[i];
		step[i] = c[ADAGRAD_RATE] * g[i] / (sqrtf(s[i]) + c[ADAGRAD_EPS]);
	}
}

enum { ADAM_RATE, ADAM_NEW1, ADAM_NEW2, ADAM_EPS, ADAM_DECAY };

/* m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2;
 * w -= rate m / (sqrt(v) + eps) + decay w */
VECTOR_INLINE void adam_rule(float *restrict step, const float *restrict w, float *restrict m, float *restrict v,
                             const float *restrict g, size_t n, const float *c)
{
	VECTOR_EACH (i, n) {
		m[i] += c[ADAM_NEW1] * (g[i] - m[i]);
		v[i] += c[ADAM_NEW2] * (g[i] * g[i] - v[i]);
		step[i] = c[ADAM_RATE] * m[i] / (sqrtf(v[i]) + c[ADAM_EPS]) + c[ADAM_DECAY] * w[i];
	}
}

/* ---- all weights ---- */

typedef void rule_of_step(float *restrict step, const float *restrict w, float *restrict slot0, float *restrict slot1,
                  const float *restrict g, size_t n, const float *c);

/* Partial sums side by side, whatever the width of the machine's vectors; two
 * of each kind, so that one addition need not wait for the last. */
#define LANES 16
#define PARTS (OPTIMIZER_LANES / LANES)

typedef float lanes __attribute__((vector_size(LANES * sizeof(float))));

struct partial {
	lanes change_square[PARTS], gradient[PARTS], gradient_square[PARTS];
};

_Static_assert(sizeof(struct partial) == sizeof(struct optimizer_sums), "the same sums");

/* Takes as many steps from w. */
VECTOR_INLINE void add_lanes(struct partial *partial, float *w, const float *step, const float *g)
{
#pragma GCC unroll 2
	for (size_t part = 0; part < PARTS; part++) {
		lanes weight, change, slope;
		memcpy(&weight, w + part * LANES, sizeof weight);
		memcpy(&change, step + part * LANES, sizeof change);
		memcpy(&slope, g + part * LANES, sizeof slope);
		weight -= change;
		memcpy(w + part * LANES, &weight, sizeof weight);
		partial->change_square[part] += change * change;
		partial->gradient[part] += slope;
		partial->gradient_square[part] += slope * slope;
	}
}

/* Takes n steps from w. */
VECTOR_INLINE void take_steps(struct partial *partial, float *w, const float *step, const float *g, size_t n)
{
	struct partial sums = *partial; /* in registers */
	size_t i = 0;
	for (; i + OPTIMIZER_LANES <= n; i += OPTIMIZER_LANES)
		add_lanes(&sums, w + i, step + i, g + i);
	if (i < n) {
		float last_w[OPTIMIZER_LANES] = {0}, last_step[OPTIMIZER_LANES] = {0}, last_g[OPTIMIZER_LANES] = {0};
		memcpy(last_w, w + i, (n - i) * sizeof *w);
		memcpy(last_step, step + i, (n - i) * sizeof *step);
		memcpy(last_g, g + i, (n - i) * sizeof *g);
		add_lanes(&sums, last_w, last_step, last_g);
		memcpy(w + i, last_w, (n - i) * sizeof *w);
	}
	*partial = sums;
}

/* Inlined with a constant rule, so that every optimizer is compiled apart.
 * All of them have a first slot. */
VECTOR_INLINE void update_by(rule_of_step *rule, struct optimizer_sums *sums, float *w, float *slot0, float *slot1,
                             const float *g, size_t n, const float *c)
{
	float step[BLOCK] VECTOR_UNFILLED;
	struct partial partial;
	memcpy(&partial, sums, sizeof partial);
	for (size_t i = 0; i < n; i += BLOCK) {
		size_t count = n - i < BLOCK ? n - i : BLOCK;
		rule(step, w + i, slot0 + i, slot1 ? slot1 + i : NULL, g + i, count, c);
		take_steps(&partial, w + i, step, g + i, count);
	}
	memcpy(sums, &partial, sizeof partial);
}

VECTOR_CLONES
static void sgd_update(struct optimizer_sums *sums, float *w, float *slot0, float *slot1, const float *g, size_t n,
                       const struct optimizer_step *step)
{
	update_by(sgd_rule, sums, w, slot0, slot1, g, n, step->c);
}

VECTOR_CLONES
static void rmsprop_update(struct optimizer_sums *sums, float *w, float *slot0, float *slot1, const float *g, size_t n,
                           const struct optimizer_step *step)
{
	update_by(rmsprop_rule, sums, w, slot0, slot1, g, n, step->c);
}

VECTOR_CLONES
static void adagrad_update(struct optimizer_sums *sums, float *w, float *slot0, float *slot1, const float *g, size_t n,
                           const struct optimizer_step *step)
{
	update_by(adagrad_rule, sums, w, slot0, slot1, g, n, step->c);
}

VECTOR_CLONES
static void adam_update(struct optimizer_sums *sums, float *w, float *slot0, float *slot1, const float *g, size_t n,
                        const struct optimizer_step *step)
{
	update_by(adam_rule, sums, w, slot0, slot1, g, n, step->c);
}

/* The lanes in order. */
static double total(const float lane[OPTIMIZER_LANES])
{
	double sum = 0;
	for (int i = 0; i < OPTIMIZER_LANES; i++)
		sum += (double)lane[i];
	return sum;
}

void optimizer_total(struct optimizer_totals *totals, struct optimizer_sums *sums)
{
	totals->change_square += total(sums->change_square);
	totals->gradient += total(sums->gradient);
	totals->gradient_square += total(sums->gradient_square);
	*sums = (struct optimizer_sums){0};
}

/* ---- the scalars of a step ---- */

/* p: lr, momentum, weight_decay, nesterov (0 where the entry lacks it) */
static void sgd_prepare(struct optimizer_step *step, uint64_t t, double lr_scale, const double *p)
{
	(void)t;
	bool nesterov = p[3] != 0;
	step->c[SGD_RATE] = (float)(p[0] * lr_scale);
	step->c[SGD_MOMENTUM] = (float)p[1];
	step->c[SGD_DECAY] = (float)p[2];
	step->c[SGD_AHEAD] = nesterov ? (float)p[1] : 1;
	step->c[SGD_NOW] = nesterov ? 1 : 0;
}

/* p: lr, momentum, weight_decay */
static void nesterov_prepare(struct optimizer_step *step, uint64_t t, double lr_scale, const double *p)
{
	const double as_sgd[] = { p[0], p[1], p[2], 1 };
	sgd_prepare(step, t, lr_scale, as_sgd);
}

/* p: lr, rho, eps */
static void rmsprop_prepare(struct optimizer_step *step, uint64_t t, double lr_scale, const double *p)
{
	(void)t;
	step->c[RMSPROP_RATE] = (float)(p[0] * lr_scale);
	step->c[RMSPROP_NEW] = (float)(1 - p[1]);
	step->c[RMSPROP_EPS] = (float)p[2];
}

/* p: lr, eps */
static void adagrad_prepare(struct optimizer_step *step, uint64_t t, double lr_scale, const double *p)
{
	(void)t;
	step->c[ADAGRAD_RATE] = (float)(p[0] * lr_scale);
	step->c[ADAGRAD_EPS] = (float)p[1];
}

/* TF1's form: eps is not bias-corrected ("epsilon hat" in Kingma and Ba,
 * section 2).  p: lr, beta1, beta2, eps */
static void tf1_adam_prepare(struct optimizer_step *step, uint64_t t, double lr_scale, const double *p)
{
	double unbias1 = 1 - pow(p[1], (double)t), unbias2 = 1 - pow(p[2], (double)t);
	step->c[ADAM_RATE] = (float)(p[0] * lr_scale * sqrt(unbias2) / unbias1);
	step->c[ADAM_NEW1] = (float)(1 - p[1]);
	step->c[ADAM_NEW2] = (float)(1 - p[2]);
	step->c[ADAM_EPS] = (float)p[3];
	step->c[ADAM_DECAY] = 0;
}

/* eps joins the corrected root, sqrt(v / (1 - beta2^t)) + eps: with the
 * correction taken out of the root, eps shrinks by it. */
static void adam_prepare(struct optimizer_step *step, uint64_t t, double lr_scale, const double *p)
{
	tf1_adam_prepare(step, t, lr_scale, p);
	step->c[ADAM_EPS] = (float)(p[3] * sqrt(1 - pow(p[2], (double)t)));
}

/* p: lr, beta1, beta2, eps, weight_decay */
static void adamw_prepare(struct optimizer_step *step, uint64_t t, double lr_scale, const double *p)
{
	adam_prepare(step, t, lr_scale, p);
	step->c[ADAM_DECAY] = (float)(p[0] * lr_scale * p[4]);
}

/* ---- the table ---- */

#define LR(initial_) \
	{ .name = "lr", .initial = (initial_), .low = 0, .high = 1e6, .summary = "learning rate" }
#define MOMENTUM(initial_) \
	{ .name = "momentum", .initial = (initial_), .low = 0, .high = 1, .summary = "share of the last step kept" }
#define BETA(name_, initial_, summary_) \
	{ .name = (name_), .initial = (initial_), .low = 0, .high = 0.9999999, .summary = (summary_) }
#define EPS(initial_) \
	{ .name = "eps", .initial = (initial_), .low = 1e-30, .high = 1, .summary = "keeps the divisor from 0" }
#define WEIGHT_DECAY(initial_, summary_) \
	{ .name = "weight_decay", .initial = (initial_), .low = 0, .high = 1, .summary = (summary_) }
#define BETA1 BETA("beta1", 0.9, "memory of the mean gradient")
#define BETA2 BETA("beta2", 0.999, "memory of the mean squared gradient")
#define L2 WEIGHT_DECAY(0, "times w, added to the gradient")

static const struct optimizer entries[] = {
	{
		.entry = {
			.name = "sgd",
			.summary = "stochastic gradient descent, optionally with momentum",
			.formula = "v = momentum v + g + weight_decay w; w -= lr v",
			.reference = "Robbins and Monro 1951",
			.parameters = {
				LR(0.1), MOMENTUM(0), L2,
				{ .name = "nesterov", .low = 0, .high = 1, .words = no_yes, .summary = "look ahead along it" },
			},
		},
		.slots = 1, .prepare = sgd_prepare, .update = sgd_update,
	},
	{
		.entry = {
			.name = "momentum",
			.summary = "gradient descent with heavy-ball momentum",
			.formula = "v = momentum v + g; w -= lr v",
			.reference = "Polyak 1964; Sutskever et al. 2013",
			.parameters = { LR(0.01), MOMENTUM(0.9), L2 },
		},
		.slots = 1, .prepare = sgd_prepare, .update = sgd_update,
	},
	{
		.entry = {
			.name = "nesterov",
			.summary = "gradient descent with Nesterov momentum",
			.formula = "v = momentum v + g; w -= lr (g + momentum v)",
			.reference = "Nesterov 1983; Sutskever et al. 2013",
			.parameters = { LR(0.01), MOMENTUM(0.9), L2 },
		},
		.slots = 1, .prepare = nesterov_prepare, .update = sgd_update,
	},
	{
		.entry = {
			.name = "rmsprop",
			.summary = "gradient over a running root mean square of itself",
			.formula = "s = rho s + (1 - rho) g^2; w -= lr g / (sqrt(s) + eps)",
			.reference = "Tieleman and Hinton 2012, lecture 6.5",
			.parameters = { LR(0.001), BETA("rho", 0.9, "memory of the mean squared gradient"), EPS(1e-8) },
		},
		.slots = 1, .adaptive = true, .prepare = rmsprop_prepare, .update = rmsprop_update,
	},
	{
		.entry = {
			.name = "adagrad",
			.summary = "gradient over the root of the sum of its squares so far",
			.formula = "s = s + g^2; w -= lr g / (sqrt(s) + eps)",
			.reference = "Duchi, Hazan and Singer 2011",
			.parameters = { LR(0.01), EPS(1e-10) },
		},
		.slots = 1, .adaptive = true, .prepare = adagrad_prepare, .update = adagrad_update,
	},
	{
		.entry = {
			.name = "adam",
			.summary = "adaptive moment estimation, textbook form",
			.formula = "w -= lr m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps)",
			.reference = "Kingma and Ba 2015, algorithm 1",
			.parameters = { LR(0.001), BETA1, BETA2, EPS(1e-8) },
		},
		.slots = 2, .adaptive = true, .prepare = adam_prepare, .update = adam_update,
	},
	{
		.entry = {
			.name = "tf1:adam",
			.summary = "Adam as TensorFlow 1 computes it: eps outside the bias correction",
			.formula = "w -= lr sqrt(1 - beta2^t) / (1 - beta1^t) m / (sqrt(v) + eps)",
			.reference = "tf.train.AdamOptimizer; Kingma and Ba 2015, end of section 2",
			.parameters = { LR(0.001), BETA1, BETA2, EPS(1e-8) },
		},
		.slots = 2, .adaptive = true, .prepare = tf1_adam_prepare, .update = adam_update,
	},
	{
		.entry = {
			.name = "adamw",
			.summary = "Adam with decoupled weight decay",
			.formula = "w -= lr m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps) + lr weight_decay w",
			.reference = "Loshchilov and Hutter 2019",
			.parameters = { LR(0.001), BETA1, BETA2, EPS(1e-8),
			                WEIGHT_DECAY(0.01, "times lr w, taken from the weight") },
		},
		.slots = 2, .adaptive = true, .prepare = adamw_prepare, .update = adam_update,
	},
};

const struct table optimizers = TABLE_OF(entries, "optimizer", "optimizers");
