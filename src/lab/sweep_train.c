/* Trains one net of a sweep and reads its numbers. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "lab/diagnosis.h"
#include "lab/factors.h"
#include "lab/session.h"
#include "lab/sweep.h"

/* ---- the numbers ---- */

#define VALUE(name, expression) \
	static double name(const struct sweep_observed *o) \
	{ \
		return (expression); \
	}

static double gradient_factor(const struct snapshot *snapshot)
{
	struct net_factors factors;
	factors_observed(&factors, snapshot);
	return factors.gradient;
}

static double signal_factor(const struct snapshot *snapshot)
{
	struct net_factors factors;
	factors_observed(&factors, snapshot);
	return factors.signal;
}

VALUE(loss, o->last->loss)
VALUE(train_accuracy, o->last->train_accuracy)
VALUE(test_accuracy, o->last->test_accuracy)
VALUE(saturated, o->last->layer[0].saturated)
VALUE(gradient, gradient_factor(o->last))
VALUE(signal, signal_factor(o->last))
VALUE(start_saturated, o->start->layer[0].saturated)
VALUE(start_gradient, gradient_factor(o->start))
VALUE(start_signal, signal_factor(o->start))
VALUE(diverged_step, o->last->diverged ? (double)o->last->diverged_step : NAN)

static const struct sweep_value value_list[SWEEP_VALUES] = {
	[SWEEP_LOSS] = { .entry = { .name = "loss", .summary = "cross-entropy on the probe at the last step, in nats" },
	  .logarithmic = true, .read = loss },
	[SWEEP_TRAIN_ACCURACY] = { .entry = { .name = "train_accuracy", .summary = "share of probe images classified correctly at the end" },
	  .share = true, .read = train_accuracy },
	[SWEEP_TEST_ACCURACY] = { .entry = { .name = "test_accuracy", .summary = "share of test images classified correctly at the end" },
	  .share = true, .read = test_accuracy },
	[SWEEP_SATURATED] = { .entry = { .name = "saturated1", .summary = "share of layer 1's outputs with a slope below 10 % of the largest, at the last step" },
	  .share = true, .read = saturated },
	[SWEEP_GRADIENT] = { .entry = { .name = "gradient_factor", .summary = "mean square of the gradient in the first hidden layer divided by that in the last, at the last step" },
	  .logarithmic = true, .read = gradient },
	[SWEEP_SIGNAL] = { .entry = { .name = "signal_factor", .summary = "mean square of z in the last hidden layer divided by that in the first, at the last step" },
	  .logarithmic = true, .read = signal },
	[SWEEP_START_SATURATED] = { .entry = { .name = "start_saturated1", .summary = "saturated1 at step 0" },
	  .share = true, .read = start_saturated },
	[SWEEP_START_GRADIENT] = { .entry = { .name = "start_gradient_factor", .summary = "gradient_factor at step 0" },
	  .logarithmic = true, .read = start_gradient },
	[SWEEP_START_SIGNAL] = { .entry = { .name = "start_signal_factor", .summary = "signal_factor at step 0" },
	  .logarithmic = true, .read = start_signal },
	[SWEEP_DIVERGED_STEP] = { .entry = { .name = "diverged_step", .summary = "step of the first NaN or infinity; empty if there was none" },
	  .whole = true, .read = diverged_step },
};
const struct table sweep_values = TABLE_OF(value_list, "number of a net", "numbers of a net");

/* ---- training ---- */

static void fill(struct sweep_result *result, const struct sweep_observed *observed, bool cure)
{
	struct diagnosis diagnosis;
	for (size_t i = 0; i < SWEEP_VALUES; i++)
		result->value[i] = value_list[i].read(observed);
	diagnosis_of_net(&diagnosis, observed->last, observed->start);
	snprintf(result->verdict, sizeof result->verdict, "%s", diagnosis.word);
	if (!cure)
		return;
	/* the search is about the start of a net: that is what a cure changes */
	struct cure found;
	diagnosis_of_net(&diagnosis, observed->start, observed->start);
	cure_find(&found, observed->start, &diagnosis);
	if (found.outcome == CURE_FOUND)
		snprintf(result->cure, sizeof result->cure, "%s", found.changes);
}

static void fail(struct sweep_result *result, const struct err *problem)
{
	for (size_t i = 0; i < SWEEP_VALUES; i++)
		result->value[i] = NAN;
	snprintf(result->verdict, sizeof result->verdict, "%s", SWEEP_FAILED);
	snprintf(result->error, sizeof result->error, "%s", problem->message);
}

static bool run(struct sweep_result *result, struct session *session, bool cure, const bool *stop, struct err *err)
{
	struct session_ranges *ranges = alloc_array(1, sizeof *ranges, err);
	if (ranges == NULL)
		return false;
	uint64_t steps = session_settings(session)->steps;
	struct sweep_observed observed = {0};
	bool done = (observed.start = session_observe(session, ranges, steps ? SESSION_SCHEDULED : SESSION_LAST, err)) != NULL;
	while (done && session_steps(session) < steps)
		done = !__atomic_load_n(stop, __ATOMIC_RELAXED) && session_step(session, err);
	if (done && steps)
		done = (observed.last = session_observe(session, ranges, SESSION_LAST, err)) != NULL;
	else if (done)
		observed.last = snapshot_keep(observed.start);
	if (done)
		fill(result, &observed, cure);
	snapshot_drop(observed.start);
	snapshot_drop(observed.last);
	alloc_free(ranges);
	return done;
}

bool sweep_end_untrained(struct sweep_result *result, const struct err *problem, const bool *stop, struct err *err)
{
	if (__atomic_load_n(stop, __ATOMIC_RELAXED))
		return false;
	if (problem->code != ERR_INPUT) {
		fail(result, problem);
		return true;
	}
	if (err)
		*err = *problem;
	return false;
}

bool sweep_train(struct sweep_result *result, const struct sweep_grid *grid, uint64_t net, struct dataset *dataset,
                 bool cure, const bool *stop, struct err *err)
{
	struct settings settings;
	struct err problem = {0};
	*result = (struct sweep_result){ .net = net };
	snprintf(result->data_name, sizeof result->data_name, "%s", dataset_name(dataset));
	struct session *session = NULL;
	if (sweep_grid_settings(&settings, grid, net, &problem))
		session = session_create(&settings, dataset, NULL, &problem);
	bool done = session && run(result, session, cure, stop, &problem);
	session_destroy(session);
	return done || sweep_end_untrained(result, &problem, stop, err);
}
