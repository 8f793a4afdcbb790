/* The search for the best start: variants of the net in the order of their costs,
 * each with every initializer.  A quick estimate is a lower bound of the penalty,
 * and only candidates that can still be the best are predicted in full. */
#include "lab/cure_search.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "lab/cure_variant.h"
#include "nn/activation.h"
#include "nn/initializer.h"
#include "nn/optimizer.h"

#define MOST_INITS 128
#define FULL_PREDICTIONS 3  /* at most for a variant: the best by the estimate */
#define FULL_NORMALIZED 2   /* the same with batch normalization, where the scale of the weights has little effect */

/* An initializer of the hidden layers; the first is the net's own. */
struct choice {
	struct spec init;
	bool kept;          /* the net's own, or the weights that it has loaded */
	double cost, bound; /* bound: the cost plus the estimated penalty */
};

struct search {
	const struct snapshot *now;
	struct theory_input input;
	struct theory_layer *layer; /* [now->layers] scratch */
	struct theory_grid *grid;
	struct spec gridded; /* the activation of the grid */
	struct cure_candidate *best, *initializer; /* of all, of those with another initializer alone */
	double best_total;
	struct choice choice[MOST_INITS];
	size_t choices;
};

/* ---- predictions ---- */

static void use_grid(struct search *search, const struct spec *activation)
{
	if (search->grid->activation && spec_equal(&search->gridded, activation))
		return;
	search->gridded = *activation;
	search->grid->activation = &search->gridded;
	memset(search->grid->at, 0, sizeof search->grid->at);
}

/* The layers of the settings for theory: variances and means of weights that are loaded are the measured ones.
 * False where there are none. */
static bool fill_layers(struct search *search, const struct settings *settings)
{
	if (!factors_layers(search->layer, settings))
		return false;
	for (size_t l = 0; l < settings->layers; l++) {
		const struct layer_observation *seen = &search->now->layer[l];
		struct theory_layer *layer = &search->layer[l];
		if (!initializer_of(settings_layer_init(settings, l + 1))->from_file)
			continue;
		layer->weight_variance = seen->weight_variance;
		layer->weight_mean = seen->weight_mean;
		layer->bias_variance = seen->bias_variance;
		layer->bias_mean = seen->bias_mean;
		if (!isfinite(layer->weight_variance) || !isfinite(layer->bias_variance))
			return false;
	}
	return true;
}

/* A lower bound of the score: it leaves out what the estimate does not cover. */
static double estimate(struct search *search, const struct settings *settings)
{
	struct net_factors factors;
	use_grid(search, &settings->activation);
	if (!fill_layers(search, settings))
		return INFINITY;
	for (size_t l = 0; l < settings->layers; l++)
		if (search->layer[l].weight_mean != 0)
			return INFINITY;
	if (!theory_estimate(search->layer, settings->layers, &search->input, search->grid))
		return 0;
	factors_predicted(&factors, search->layer, settings->layers, &search->input, false);
	return cure_score(&factors, &settings->activation);
}

/* theory_predict() needs a number for the variance of every layer. */
static bool fill_variances(struct search *search, const struct settings *settings)
{
	bool known = true;
	for (size_t l = 0; l < settings->layers; l++)
		known &= !isnan(search->layer[l].weight_variance);
	return known || theory_estimate(search->layer, settings->layers, &search->input, search->grid);
}

static double predict(struct search *search, struct net_factors *factors, const struct settings *settings)
{
	size_t layers = settings->layers;
	/* with a batch of one image the variance is 0, and so is z */
	if (settings->normalization == MLP_BATCH_NORM && settings->batch < 2)
		return INFINITY;
	use_grid(search, &settings->activation);
	if (!fill_layers(search, settings) || !fill_variances(search, settings))
		return INFINITY;
	theory_predict(search->layer, layers, &search->input, settings->width[layers]);
	if (search->layer[layers - 1].broken != THEORY_HOLDS)
		return INFINITY;
	factors_predicted(factors, search->layer, layers, &search->input, true);
	return cure_score(factors, &settings->activation);
}

/* ---- initializers ---- */

static void add_choice(struct search *search, struct settings *settings, const struct spec *init, bool kept, double cost)
{
	if (search->choices == MOST_INITS)
		return;
	settings->init = *init;
	search->choice[search->choices++] = (struct choice){ *init, kept, cost, cost + estimate(search, settings) };
}

/* variance_scaling(scale=...), whose scale theory chooses. */
#define SCALED "variance_scaling"
#define LEAST_SCALE 0.005
#define COARSE 1.5
#define COARSE_STEPS 30
#define FINE_STEPS 10

static double score_of_scale(struct search *search, struct settings *settings, double scale)
{
	return spec_set(&settings->init, "scale", scale, NULL) ? estimate(search, settings) : INFINITY;
}

static double rounded(double value, int digits)
{
	char number[32];
	double result = value;
	snprintf(number, sizeof number, "%.*g", digits, value);
	text_real(number, &result);
	return result;
}

static void add_scaled(struct search *search, struct settings *settings, double cost)
{
	struct spec spec = spec_of(table_find(&initializers, SCALED, NULL));
	double best = NAN, least = INFINITY, scale = LEAST_SCALE;
	settings->init = spec;
	for (int i = 0; i < COARSE_STEPS; i++, scale *= COARSE) {
		double score = score_of_scale(search, settings, scale);
		if (score < least) {
			least = score;
			best = scale;
		}
	}
	double reach = sqrt(COARSE);
	for (int i = 0; i < FINE_STEPS && isfinite(least); i++, reach = sqrt(reach)) {
		const double beside[] = { best / reach, best * reach };
		for (int side = 0; side < 2; side++) {
			double score = score_of_scale(search, settings, beside[side]);
			if (score < least) {
				least = score;
				best = beside[side];
			}
		}
	}
	/* as few digits as are sufficient */
	for (int digits = 1; digits <= 3 && isfinite(least); digits++) {
		double simple = rounded(best, digits);
		if (digits < 3 && score_of_scale(search, settings, simple) > least + 0.1)
			continue;
		if (spec_set(&spec, "scale", simple, NULL))
			add_choice(search, settings, &spec, false, cost + CURE_NUMBER_COST);
		return;
	}
}

/* The small normal weights that textbooks start with. */
static void add_small(struct search *search, struct settings *settings, double cost)
{
	struct spec spec = spec_of(table_find(&initializers, "normal", NULL));
	if (spec_set(&spec, "sd", 0.01, NULL))
		add_choice(search, settings, &spec, false, cost + CURE_SMALL_COST);
}

static int by_bound(const void *a, const void *b)
{
	double difference = ((const struct choice *)a)->bound - ((const struct choice *)b)->bound;
	return difference < 0 ? -1 : difference > 0;
}

static void list_choices(struct search *search, struct settings *settings, double cost)
{
	const struct spec own = settings->init;
	const bool loaded = settings->weights[0];
	search->choices = 0;
	add_choice(search, settings, &own, true, cost);
	settings_drop_weights(settings); /* the others replace them */
	cost += cure_change_costs[CURE_CHANGE_INIT];
	for (size_t i = 0; i < initializers.count && settings->layers > 1; i++) {
		struct spec spec = spec_of(table_at(&initializers, i));
		double total = cost + cure_initializer_cost(spec.entry, &settings->activation);
		if (strchr(spec.entry->name, ':')) /* a library's initializer: one under a name of the field does the same */
			continue;
		if ((loaded || !spec_equal(&spec, &own)) && !entry_needs_formula(spec.entry) && total < search->best_total)
			add_choice(search, settings, &spec, false, total);
	}
	/* with normalization the scale has no effect */
	if (settings->layers > 1 && !mlp_normalizes_z(settings->normalization)) {
		if (cost + CURE_NUMBER_COST < search->best_total)
			add_scaled(search, settings, cost);
		if (cost + CURE_SMALL_COST < search->best_total)
			add_small(search, settings, cost);
	}
	qsort(search->choice, search->choices, sizeof search->choice[0], by_bound);
}

static void name_init(char changes[CURE_CHANGES_SIZE], const struct spec *init)
{
	struct text text = {0};
	const struct spec plain = spec_of(init->entry);
	size_t length = strlen(changes);
	if (spec_equal(init, &plain))
		text_add(&text, cure_known_name(init->entry));
	else
		spec_format(init, &text);
	snprintf(changes + length, CURE_CHANGES_SIZE - length, "%sinit=%s", length ? " " : "", text_string(&text));
	text_free(&text);
}

static void replace_initializer(struct settings *settings, const struct spec *init)
{
	settings_drop_weights(settings);
	settings->init = *init;
}

static void try_variant(struct search *search, const struct cure_variant *variant)
{
	struct settings settings = search->now->settings;
	if (!cure_change(&settings, variant->changes, NULL))
		return;
	const struct settings changed = settings;
	list_choices(search, &settings, variant->cost);
	int predicted = 0, most = settings.normalization == MLP_BATCH_NORM ? FULL_NORMALIZED : FULL_PREDICTIONS;
	for (size_t i = 0; i < search->choices && predicted < most; i++) {
		const struct choice *choice = &search->choice[i];
		bool kept = choice->kept || (changed.weights[0] == '\0' && spec_equal(&choice->init, &changed.init));
		struct net_factors factors;
		if (!(choice->bound < search->best_total))
			return;
		if (kept && variant->changes[0] == '\0')
			continue;
		settings = changed;
		if (!kept)
			replace_initializer(&settings, &choice->init);
		double score = predict(search, &factors, &settings);
		predicted++;
		if (!(choice->cost + score < search->best_total))
			continue;
		struct cure_candidate *best = search->best;
		*best = (struct cure_candidate){ .settings = settings, .factors = factors, .cost = choice->cost, .score = score };
		snprintf(best->changes, sizeof best->changes, "%s", variant->changes);
		if (!kept)
			name_init(best->changes, &choice->init);
		if (variant->changes[0] == '\0')
			*search->initializer = *best;
		search->best_total = choice->cost + score;
	}
}

/* ---- the whole ---- */

/* One block of memory for the search. */
struct work {
	struct search search;
	struct theory_grid grid;
	struct cure_variant variant[CURE_MOST_VARIANTS];
	struct theory_layer layer[MLP_MAX_LAYERS];
};

static struct work *begin(const struct snapshot *now)
{
	struct work *work = alloc_array(1, sizeof *work, NULL);
	if (work == NULL)
		return NULL;
	struct search *search = &work->search; /* filled in place: too large for a stack frame */
	search->now = now;
	search->input = factors_input(&now->input);
	search->layer = work->layer;
	search->grid = &work->grid;
	search->best_total = INFINITY;
	return work;
}

bool cure_search_start(struct cure_candidate *best, struct cure_candidate *initializer, const struct snapshot *now)
{
	struct work *work = begin(now);
	if (work == NULL)
		return false;
	struct search *search = &work->search;
	search->best = best;
	search->initializer = initializer;
	initializer->changes[0] = '\0';
	size_t variants = cure_list_variants(now, work->variant);
	/* unusual activations only where nothing else is a cure: there are many */
	const double unusual = cure_change_costs[CURE_CHANGE_ACTIVATION] + CURE_UNUSUAL_COST;
	for (size_t i = 0; i < variants && work->variant[i].cost < search->best_total &&
	                   !(work->variant[i].cost >= unusual && isfinite(search->best_total)); i++)
		try_variant(search, &work->variant[i]);
	bool found = isfinite(search->best_total);
	alloc_free(work);
	return found;
}

double cure_search_present(struct net_factors *factors, const struct snapshot *now)
{
	struct work *work = begin(now);
	if (work == NULL)
		return INFINITY;
	double score = predict(&work->search, factors, &now->settings);
	alloc_free(work);
	return score;
}

/* ---- the learning rate ---- */

/* An adaptive step changes every weight by about lr, so that it moves z by up to
 * lr times the sum of |x|; z should not change by more than 1.  A plain step is
 * stable while lr times the largest eigenvalue of the Hessian is below 2; at the
 * start that is about sum over layers of |x|^2 E|dlogits/dz|^2 p(1-p), and the
 * gradients of all images add up as far as the images are alike (Karakida et al.
 * 2019).  Momentum beta adds up to 1/(1-beta) steps. */
double cure_rate_limit(const struct snapshot *now)
{
	struct work *work = begin(now);
	if (work == NULL)
		return NAN;
	struct net_factors factors;
	const struct settings *settings = &now->settings;
	bool known = isfinite(predict(&work->search, &factors, settings));
	const struct theory_layer *layer = work->layer, *last = &layer[settings->layers - 1];
	const struct optimizer *optimizer = optimizer_of(&settings->optimizer);
	double classes = (double)last->fan_out, curvature = 0, largest = 0;
	for (size_t l = 0; known && l < settings->layers; l++) {
		double entering = l ? layer[l - 1].a_mean_square : now->input.mean_square;
		double back = (double)layer[l].fan_out * layer[l].delta_mean_square / (classes * last->delta_mean_square);
		curvature += ((double)layer[l].fan_in * entering + 1) * back / classes;
		largest = fmax(largest, (double)layer[l].fan_in * sqrt(entering));
	}
	alloc_free(work);
	double limit = optimizer->adaptive ? 1 / largest : 2 / curvature;
	return known ? limit * (1 - optimizer_momentum(&settings->optimizer)) : NAN;
}
