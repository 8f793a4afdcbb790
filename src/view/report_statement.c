/* The statements of the article, and the measured results.  Every number is
 * computed from the report; only the numbers of the article are constants. */
#include "view/report_statement.h"

#include <math.h>
#include <stdio.h>

#include "nn/activation.h"
#include "nn/theory.h"
#include "base/number.h"

/* ---- numbers ---- */

static const struct report_layer *layer_of(const struct report *report, enum report_net_name net, size_t layer)
{
	return &report->net[net].layer[layer - 1];
}

static void number(char out[24], double value)
{
	char readout[TEXT_READOUT_SIZE];
	snprintf(out, 24, "%s", isnan(value) ? "-" : text_readout(readout, value));
}

static void share(char out[24], double value)
{
	char percent[NUMBER_SIZE];
	snprintf(out, 24, "%s", isnan(value) ? "-" : number_share(percent, value));
}

/* With a decimal, because nets that learn differ by little. */
static void accuracy_share(char out[24], double value)
{
	snprintf(out, 24, isnan(value) ? "-" : "%.1f %%", 100 * value);
}

/* NaN before the first net. */
static double mean_of(const struct estimate *estimate)
{
	return estimate->count ? estimate->mean : NAN;
}

/* "87.62 ± 6.8" */
static void spread(char out[24], const struct estimate *estimate)
{
	double sd = estimate_sd(estimate);
	number(out, mean_of(estimate));
	if (!isnan(sd)) {
		char mean[24];
		snprintf(mean, sizeof mean, "%s", out);
		snprintf(out, 24, "%.9s ± %.2g", mean, sd);
	}
}

/* Share of N(0, variance) beyond +-limit. */
static double tails(double variance, double limit)
{
	return erfc(limit / sqrt(2 * variance));
}

/* A number as text, returned by value so that a sentence can use several. */
struct word {
	char text[24];
};

static struct word real(double value)
{
	struct word word;
	number(word.text, value);
	return word;
}

static struct word factor(double value)
{
	struct word word;
	number_factor(word.text, value);
	return word;
}

static struct word percent(double value)
{
	struct word word;
	share(word.text, value);
	return word;
}

/* ---- the input of layer 1 ---- */

static void pixels(struct finding *f, const struct report *r)
{
	const struct estimate *batch = &r->net[REPORT_FIRST_NORMAL].input_variance;
	number(f->measured, r->train.variance);
	number(f->theory, NAN);
	text_addf(&f->why, "Over all %llu training images; batches of %llu give %s ± %s. Their mean is %s and not 0.",
	          (unsigned long long)r->train.images, (unsigned long long)r->net[REPORT_FIRST_NORMAL].batch,
	          real(mean_of(batch)).text, real(estimate_sd(batch)).text, real(r->train.mean).text);
}

static void first_input(struct finding *f, const struct report *r)
{
	const struct report_layer *layer = layer_of(r, REPORT_FIRST_NORMAL, 1);
	double n = (double)r->pixels, complete = n * r->train.mean_square;
	spread(f->measured, &layer->z_variance);
	number(f->theory, complete);
	text_addf(&f->why, "Averaged over many nets it is exactly %s, not about %s. These %zu nets scatter, because all "
	          "images have much in common and a net has only %zu units. The sd is %s.",
	          real(complete).text, real(n * r->train.variance).text, layer->z_variance.count, layer->fan_out,
	          real(sqrt(mean_of(&layer->z_variance))).text);
}

static void standardized(struct finding *f, const struct report *r)
{
	const struct report_layer *layer = layer_of(r, REPORT_STANDARDIZED, 1);
	double n = (double)r->pixels, theory = mean_of(&layer->z_theory);
	spread(f->measured, &layer->z_variance);
	number(f->theory, theory);
	text_addf(&f->why, "The sum n · 1 · 1 needs inputs with E[X²] = 1: pixels minus their mean, divided by "
	          "their sd (--scale standard). Then it is right: E[X²] is %s in these batches, the sd of z %s.",
	          real(theory / n).text, real(sqrt(mean_of(&layer->z_variance))).text);
}

/* ---- saturation ---- */

static void beyond_2(struct finding *f, const struct report *r)
{
	const struct report_layer *layer = layer_of(r, REPORT_FIRST_NORMAL, 1);
	share(f->measured, mean_of(&layer->beyond_2));
	share(f->theory, tails((double)r->pixels * r->train.mean_square, 2));
	text_addf(&f->why, "Share of layer 1's z. The rule fits tanh, whose slope at 2 is 7 %% of its largest. Sigmoid's is "
	          "still 42 %%; it falls below 10 %% at |z| = 3.64. Beyond that: %s.",
	          percent(mean_of(&layer->saturated)).text);
}

static void at_ends(struct finding *f, const struct report *r)
{
	const struct report_layer *layer = layer_of(r, REPORT_FIRST_NORMAL, 1);
	share(f->measured, mean_of(&layer->at_ends));
	share(f->theory, tails((double)r->pixels * r->train.mean_square, log(19)));
	text_addf(&f->why, "Share of layer 1's outputs outside 0.05..0.95; of layer 2's: %s. Theory: a normal distribution of variance %s.",
	          percent(mean_of(&layer_of(r, REPORT_FIRST_NORMAL, 2)->at_ends)).text,
	          real((double)r->pixels * r->train.mean_square).text);
}

static void centred(struct finding *f, const struct report *r)
{
	const struct report_layer *layer = layer_of(r, REPORT_FIRST_XAVIER, 1);
	share(f->measured, mean_of(&layer->saturated));
	share(f->theory, tails(mean_of(&layer->z_theory), 3.637));
	text_addf(&f->why, "Saturated share with Xavier. The outputs' mean is %s; var z is %s, in theory %s.",
	          real(mean_of(&layer->a_mean)).text, real(mean_of(&layer->z_variance)).text,
	          real(mean_of(&layer->z_theory)).text);
}

static void constant_variance(struct finding *f, const struct report *r)
{
	const struct report_layer *layer = layer_of(r, REPORT_FIRST_XAVIER, 1);
	number_factor(f->measured, mean_of(&layer->gradient));
	number_factor(f->theory, layer->fan_in ? layer->gradient_theory : NAN);
	text_addf(&f->why, "Mean squared gradient at layer 1 against layer 2, with Xavier and sigmoid. Xavier assumes a "
	          "linear activation with slope 1; sigmoid's slope is at most 1/4, so the gradient shrinks at each layer. "
	          "Xavier is better here but not right; with two layers that is enough.");
}

/* ---- formulas ---- */

static void xavier(struct finding *f, const struct report *r)
{
	const struct report_layer *layer = layer_of(r, REPORT_FIRST_XAVIER, 1);
	double in = (double)layer->fan_in, out = (double)layer->fan_out, plain = 2 / (in + out);
	number(f->measured, mean_of(&layer->w_variance));
	number(f->theory, layer->fan_in ? layer->weight_variance : NAN);
	if (layer->fan_in == 0)
		return;
	text_addf(&f->why, "Layer 1's weights: 1/%zu = %s, 1/%zu = %s, 2/(%zu+%zu) = %s. TensorFlow's contrib multiplies this by 1.3 "
	          "and cuts the normal at two sd, which makes it %.5f times as large.", layer->fan_in, real(1 / in).text, layer->fan_out,
	          real(1 / out).text, layer->fan_in, layer->fan_out, real(plain).text, layer->weight_variance / plain);
}

static void he(struct finding *f, const struct report *r)
{
	const struct report_layer *layer = layer_of(r, REPORT_HE_RELU, 1);
	number(f->measured, mean_of(&layer->w_variance));
	number(f->theory, layer->fan_in ? layer->weight_variance : NAN);
	if (layer->fan_in)
		text_addf(&f->why, "Layer 1's weights: 2/%zu = %s, times contrib's factor.", layer->fan_in,
		          real(2 / (double)layer->fan_in).text);
}

static void random_normal(struct finding *f, const struct report *r)
{
	const struct report_net *net = &r->net[REPORT_FIRST_NORMAL];
	number(f->measured, mean_of(&net->layer[0].w_variance));
	number(f->theory, 1);
	text_addf(&f->why, "In the hidden layers. The article's code gives the output layer no initializer, so it gets "
	          "glorot_uniform (variance %s) in all scenarios; otherwise the first loss would be far above %s "
	          "(ln %zu = %s).", real(net->layer[2].weight_variance).text, real(mean_of(&net->start_loss)).text, r->classes,
	          real(log((double)r->classes)).text);
}

static void half(struct finding *f, const struct report *r)
{
	const struct report_layer *layer = layer_of(r, REPORT_HE_RELU, 2);
	number(f->measured, mean_of(&layer->a_mean_square) / mean_of(&layer->z_mean_square));
	number(f->theory, 0.5);
	text_addf(&f->why, "E[relu(z)²] / E[z²] in layer 2. Exactly half of the mean square remains for any z that is symmetric "
	          "about 0. Of the variance %s remains, because relu's outputs have a mean.",
	          real(mean_of(&layer->a_variance) / mean_of(&layer->z_variance)).text);
}

/* ---- Jacobians ---- */

#define STRETCHED 2 /* the last hidden layer */

/* Names the condition number, too; `before` and `because` are put around it. */
static void stretch(struct finding *f, const struct report *r, enum report_net_name net, const char *before, const char *because)
{
	const struct report_layer *layer = layer_of(r, net, STRETCHED);
	spread(f->measured, &layer->jacobian_square);
	number(f->theory, layer->jacobian_square.count ? layer->jacobian_theory : NAN);
	text_addf(&f->why, "%sIn %zu nets at the start; the condition number, largest s / smallest, is ", before, layer->jacobian_square.count);
	if (mean_of(&layer->jacobian_lost) > 0)
		text_addf(&f->why, "infinite: %s of the directions are lost. ", percent(mean_of(&layer->jacobian_lost)).text);
	else
		text_addf(&f->why, "%s. ", real(pow(10, mean_of(&layer->jacobian_spread))).text);
	text_add(&f->why, because);
}

static void stretch_normal(struct finding *f, const struct report *r)
{
	stretch(f, r, REPORT_NORMAL, "The singular values s of da/dx are the factors by which a small change of an image is stretched on "
	        "its way to layer 2. ", "A few directions are stretched much; saturated units pass on nothing.");
}

static void stretch_xavier(struct finding *f, const struct report *r)
{
	stretch(f, r, REPORT_XAVIER, "", "Each layer multiplies the mean by n · Var(W) · E[f'²], and sigmoid's f'² is at most 1/16.");
}

static void stretch_he(struct finding *f, const struct report *r)
{
	stretch(f, r, REPORT_HE_RELU, "", "n · Var(W) · E[f'²] = n · 2/n · 1/2 = 1: He keeps the mean of s², and half of the units pass on "
	        "nothing.");
}

/* ---- training ---- */

static const struct estimate *accuracy(const struct report *r, enum report_net_name net)
{
	return &r->net[net].test_accuracy;
}

static void sigmoid_nets(struct finding *f, const struct report *r)
{
	const struct report_net *net = &r->net[REPORT_NORMAL];
	accuracy_share(f->measured, mean_of(accuracy(r, REPORT_XAVIER)));
	accuracy_share(f->theory, mean_of(accuracy(r, REPORT_NORMAL)));
	text_addf(&f->why, "On all test images after %llu steps, means of %zu nets. At the start the normal net's layer 1 "
	          "receives %s of the gradient² that leaves the last layer.", (unsigned long long)net->steps,
	          net->test_accuracy.count, factor(mean_of(&net->gradient_share)).text);
}

static void relu_nets(struct finding *f, const struct report *r)
{
	accuracy_share(f->measured, fmin(mean_of(accuracy(r, REPORT_XAVIER_RELU)), mean_of(accuracy(r, REPORT_HE_RELU))));
	accuracy_share(f->theory, mean_of(accuracy(r, REPORT_NORMAL_RELU)));
	text_addf(&f->why, "The lower of the two, and normal. Normal weights make z grow to %s in layer 2, and the net "
	          "starts with a loss of %s: confident and wrong.",
	          real(mean_of(&layer_of(r, REPORT_NORMAL_RELU, 2)->z_mean_square)).text,
	          real(mean_of(&r->net[REPORT_NORMAL_RELU].start_loss)).text);
}

static void xavier_or_he(struct finding *f, const struct report *r)
{
	accuracy_share(f->measured, mean_of(accuracy(r, REPORT_XAVIER_RELU)));
	accuracy_share(f->theory, mean_of(accuracy(r, REPORT_HE_RELU)));
	text_addf(&f->why, "Right: at two hidden layers. Xavier halves the signal at each layer, too much for 20 layers "
	          "(scenarios 8 and 9, plain momentum): %s with Xavier, whose layer 1 receives %s of the gradient², and "
	          "%s with He.", percent(mean_of(accuracy(r, REPORT_DEEP_XAVIER))).text,
	          factor(mean_of(&r->net[REPORT_DEEP_XAVIER].gradient_share)).text,
	          percent(mean_of(accuracy(r, REPORT_DEEP_HE))).text);
}

/* ---- how it reads ---- */

static void small_batch(struct finding *f, const struct report *r)
{
	const struct report_net *net = &r->net[REPORT_XAVIER];
	double batch = (double)net->batch, images = (double)r->train.images;
	accuracy_share(f->measured, mean_of(&net->fitted_accuracy));
	accuracy_share(f->theory, mean_of(&net->test_accuracy));
	if (net->batch == 0)
		return;
	text_addf(&f->why, "full_train_variance: on the %g images of the last batch, after the update, in steps of %.1f %%; the "
	          "true accuracy is on all test images. \"1000 epochs\" are iterations: %.2f of one epoch. Nothing is "
	          "seeded, and there is one run each.", batch, 100 / batch, (double)net->steps * batch / images);
}

static void mat_mul(struct finding *f, const struct report *r)
{
	const struct report_net *net = &r->net[REPORT_XAVIER];
	number(f->measured, mean_of(&net->mat_mul_variance));
	number(f->theory, mean_of(&net->read_z_variance));
	text_add(&f->why, "full_train_variance, layer 1: it is x·W without the bias. The neurons receive it only while the "
	                  "biases are 0, at the start. It mixes the response to the image with the units' offsets.");
}

static void fc_out_3(struct finding *f, const struct report *r)
{
	const struct report_net *net = &r->net[REPORT_XAVIER];
	number(f->measured, mean_of(&net->fc_out_3_variance));
	number(f->theory, mean_of(&net->logits_variance));
	text_add(&f->why, "full_train_variance, the variance with that name is layer 2's output, logged a second time. The "
	                  "last layer is never logged, nor is mat_mul_var_3.");
}

/* ---- the list ---- */

#define MEASURED_AND_THEORY { "measured", "theory" }, true

const struct statement report_statements[] = {
	{ "Layer 1's input", MEASURED_AND_THEORY, "the pixels have a variance of 0.094", pixels },
	{ .says = "in layer 1, N(0,1): about 88, sd about 10", .find = first_input },
	{ .says = "784 inputs: variance 784, sd 28", .find = standardized },

	{ "Saturation", MEASURED_AND_THEORY, "most values are beyond |2|: saturated", beyond_2 },
	{ .says = "outputs close to 0 and 1", .find = at_ends },
	{ .says = "Xavier: centred on 0.5, no saturation", .find = centred },
	{ .says = "Xavier: constant from layer to layer", .find = constant_variance },

	{ "Formulas", MEASURED_AND_THEORY, "Xavier: Var(W) = 2/(in + out)", xavier },
	{ .says = "He: Var(W) = 2/in", .find = he },
	{ .says = "random_normal: mean 0, variance 1", .find = random_normal },
	{ .says = "relu: half the variance is lost", .find = half },

	{ "Isometry, of which it says nothing", MEASURED_AND_THEORY, "N(0,1), sigmoid: mean s² to layer 2", stretch_normal },
	{ .says = "Xavier, sigmoid: mean s² to layer 2", .find = stretch_xavier },
	{ .says = "He, relu: mean s² to layer 2", .find = stretch_he },

	{ "Learning: test accuracy", { "the former", "the latter" }, false, "sigmoid: Xavier better than normal", sigmoid_nets },
	{ .says = "relu: Xavier and He far above normal", .find = relu_nets },
	{ .says = "relu: Xavier or He, little difference", .find = xavier_or_he },

	{ "What its program logs", { "as logged", "in truth" }, false, "accuracy at the end", small_batch },
	{ .says = "mat_mul_1, \"the input to the neurons\"", .find = mat_mul },
	{ .says = "fc_out_3, \"the output\"", .find = fc_out_3 },
};

const size_t report_statement_count = sizeof report_statements / sizeof report_statements[0];
