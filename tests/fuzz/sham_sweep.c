/* Replaces sweeps, which train nets in threads of their own, while libFuzzer
 * searches (the linker's --wrap): results are made up, and arrive, fail and are
 * waited for in turn. */
#include <math.h>

#include "base/alloc.h"
#include "fuzz/fuzz.h"
#include "lab/sweep.h"

struct sham_sweep {
	struct sweep_plan plan;
	uint64_t next; /* of plan.first .. plan.end */
	unsigned calls;
};

struct sweep *__real_sweep_open(const struct sweep_plan *plan, struct err *err);
bool __real_sweep_start(struct sweep *sweep, uint64_t done, struct err *err);
enum sweep_state __real_sweep_next(struct sweep *sweep, struct sweep_result *result, double seconds, struct err *err);
void __real_sweep_stop(struct sweep *sweep);
bool __real_sweep_has_ended(struct sweep *sweep);
bool __real_sweep_end(struct sweep *sweep);
struct sweep *__wrap_sweep_open(const struct sweep_plan *plan, struct err *err);
bool __wrap_sweep_start(struct sweep *sweep, uint64_t done, struct err *err);
enum sweep_state __wrap_sweep_next(struct sweep *sweep, struct sweep_result *result, double seconds, struct err *err);
void __wrap_sweep_stop(struct sweep *sweep);
bool __wrap_sweep_has_ended(struct sweep *sweep);
bool __wrap_sweep_end(struct sweep *sweep);

static struct sham_sweep *self(struct sweep *sweep)
{
	return (struct sham_sweep *)(void *)sweep;
}

struct sweep *__wrap_sweep_open(const struct sweep_plan *plan, struct err *err)
{
	if (fuzz_trains)
		return __real_sweep_open(plan, err);
	struct sham_sweep *sweep = alloc_array(1, sizeof *sweep, err);
	REQUIRE(sweep);
	sweep->plan = *plan;
	sweep->next = plan->first;
	return (struct sweep *)(void *)sweep;
}

bool __wrap_sweep_start(struct sweep *sweep, uint64_t done, struct err *err)
{
	if (fuzz_trains)
		return __real_sweep_start(sweep, done, err);
	self(sweep)->next += done;
	return true;
}

/* Any number; the special ones and a failed net now and then. */
static void make_result(struct sweep_result *result, uint64_t net)
{
	static const double kinds[] = { 0.3, 1, 2.4, 0, 1e-30, 1e30, (double)NAN, (double)INFINITY, 0.93 };
	*result = (struct sweep_result){ .net = net };
	for (size_t i = 0; i < SWEEP_VALUES; i++)
		result->value[i] = kinds[(net * 7 + i * 5) % (sizeof kinds / sizeof kinds[0])];
	snprintf(result->verdict, sizeof result->verdict, "%s", net % 5 == 4 ? SWEEP_FAILED : net % 2 ? "healthy" : "vanishing");
	snprintf(result->data_name, sizeof result->data_name, "built-in digits");
	if (net % 5 == 4)
		snprintf(result->error, sizeof result->error, "this net needs more memory than there is");
}

enum sweep_state __wrap_sweep_next(struct sweep *sweep, struct sweep_result *result, double seconds, struct err *err)
{
	if (fuzz_trains)
		return __real_sweep_next(sweep, result, seconds, err);
	struct sham_sweep *s = self(sweep);
	if (s->next == s->plan.end)
		return SWEEP_DONE;
	if (s->calls++ % 4 == 0 && seconds == 0.0)
		return SWEEP_WAITING;
	if (s->calls % 61 == 60) {
		err_set(err, ERR_RESOURCE, "out of memory");
		return SWEEP_STOPPED;
	}
	make_result(result, s->plan.order ? s->plan.order[s->next - s->plan.first] : s->next);
	s->next++;
	return SWEEP_RESULT;
}

void __wrap_sweep_stop(struct sweep *sweep)
{
	if (fuzz_trains)
		__real_sweep_stop(sweep);
}

bool __wrap_sweep_has_ended(struct sweep *sweep)
{
	return fuzz_trains ? __real_sweep_has_ended(sweep) : self(sweep)->calls++ % 3 != 0;
}

bool __wrap_sweep_end(struct sweep *sweep)
{
	if (fuzz_trains)
		return __real_sweep_end(sweep);
	alloc_free(sweep);
	return true;
}
