/* The threads of a sweep.  Each takes the next net, trains it and leaves the result
 * in a ring, from which sweep_next() hands them out in order; a thread that is far
 * ahead of the slowest waits, so that memory does not grow with the grid. */
#include "lab/sweep.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/platform.h"
#include "data/dataset.h"
#include "lab/worker_thread.h"
#include "nn/mat.h"
#include "nn/pool.h"

#define RING 256         /* results that wait for a slower one before them */
#define LONGEST_STEP 1.0 /* seconds that sweep_end() waits for the threads */

struct sweep {
	struct sweep_plan plan;
	bool data_axis[SWEEP_MAX_AXES]; /* which axes choose the data set */
	struct dataset **dataset;   /* [datasets] one for each combination of their values; once loaded, threads only read them */
	size_t datasets, opened;
	bool loading, loaded;       /* in the background: a thread loads them; it has done so */
	pthread_mutex_t mutex;      /* of all that follows */
	pthread_cond_t to_front, to_threads, ended;
	uint64_t taken, given;      /* positions: of the next net to train, of the next result to hand out */
	bool ready[RING];
	struct sweep_result ring[RING];
	struct err err;             /* of the first thread that failed */
	bool stop;
	int running;                /* threads that have not ended */
	pthread_t thread[POOL_MAX_THREADS];
	int threads;                /* that were started */
};

/* ---- data sets ---- */

static bool same_data(const struct settings *a, const struct settings *b)
{
	return strcmp(a->data, b->data) == 0 && a->division.seed == b->division.seed &&
	       a->division.test_percent == b->division.test_percent;
}

/* Whether nets that differ in this setting may need other data sets. */
static bool chooses_data(const struct sweep_grid *grid, const struct sweep_axis *axis)
{
	for (size_t i = 0; i < axis->values; i++) {
		struct settings settings = grid->base;
		if (settings_set(&settings, axis->name, sweep_axis_value(axis, i), NULL) && !same_data(&settings, &grid->base))
			return true;
	}
	return false;
}

/* The settings of data set `which`, and of nothing else. */
static bool data_settings(struct settings *settings, const struct sweep *sweep, size_t which, struct err *err)
{
	const struct sweep_grid *grid = sweep->plan.grid;
	*settings = grid->base;
	for (size_t i = grid->axes; i-- > 0;) {
		const struct sweep_axis *axis = &grid->axis[i];
		if (!sweep->data_axis[i])
			continue;
		if (!settings_set(settings, axis->name, sweep_axis_value(axis, which % axis->values), err))
			return false;
		which /= axis->values;
	}
	return true;
}

static bool open_data(struct sweep *sweep, size_t which, struct err *err)
{
	struct settings settings;
	if (!data_settings(&settings, sweep, which, err))
		return false;
	sweep->dataset[which] = dataset_open_divided(settings.data[0] ? settings.data : NULL, &settings.division, err);
	if (sweep->dataset[which] == NULL)
		return false;
	sweep->opened++;
	return dataset_load(sweep->dataset[which], err);
}

static bool open_all_data(struct sweep *sweep, struct err *err)
{
	const struct sweep_grid *grid = sweep->plan.grid;
	sweep->datasets = 1;
	for (size_t i = 0; i < grid->axes; i++)
		if ((sweep->data_axis[i] = chooses_data(grid, &grid->axis[i])))
			sweep->datasets *= grid->axis[i].values;
	sweep->dataset = alloc_array(sweep->datasets, sizeof sweep->dataset[0], err);
	for (size_t i = 0; sweep->dataset && i < sweep->datasets; i++)
		if (!open_data(sweep, i, err))
			return false;
	return sweep->dataset != NULL;
}

/* ---- the threads ---- */

static bool is_stopped(const struct sweep *sweep)
{
	return __atomic_load_n(&sweep->stop, __ATOMIC_RELAXED);
}

static uint64_t net_at(const struct sweep *sweep, uint64_t position)
{
	return sweep->plan.order ? sweep->plan.order[position] : sweep->plan.first + position;
}

static struct dataset *dataset_of(const struct sweep *sweep, uint64_t net)
{
	const struct sweep_grid *grid = sweep->plan.grid;
	size_t which = 0;
	for (size_t i = 0; i < grid->axes; i++)
		if (sweep->data_axis[i])
			which = which * grid->axis[i].values + sweep_grid_index(grid, i, net);
	return sweep->dataset[which];
}

const char *sweep_data_name(const struct sweep *sweep, uint64_t net)
{
	return dataset_name(dataset_of(sweep, net));
}

/* With the mutex held: the position of the next net; false: no more. */
static bool take(struct sweep *sweep, uint64_t *position)
{
	uint64_t nets = sweep->plan.end - sweep->plan.first;
	while (!is_stopped(sweep) && sweep->taken < nets && sweep->taken - sweep->given >= RING)
		pthread_cond_wait(&sweep->to_threads, &sweep->mutex);
	if (is_stopped(sweep) || sweep->taken >= nets)
		return false;
	*position = sweep->taken++;
	return true;
}

static void stop_all(struct sweep *sweep)
{
	__atomic_store_n(&sweep->stop, true, __ATOMIC_RELAXED);
	pthread_cond_broadcast(&sweep->to_threads);
}

/* With the mutex held: the first thread loads the data, the others wait for it. */
static void load_in_background(struct sweep *sweep)
{
	struct err err = {0};
	while (sweep->loading && !is_stopped(sweep))
		pthread_cond_wait(&sweep->to_threads, &sweep->mutex);
	if (sweep->loaded || is_stopped(sweep))
		return;
	sweep->loading = true;
	pthread_mutex_unlock(&sweep->mutex);
	bool loaded = open_all_data(sweep, &err);
	pthread_mutex_lock(&sweep->mutex);
	sweep->loading = false;
	sweep->loaded = true;
	if (!loaded) {
		sweep->err = err;
		__atomic_store_n(&sweep->stop, true, __ATOMIC_RELAXED);
	}
	pthread_cond_broadcast(&sweep->to_threads);
}

static bool train(const struct sweep *sweep, struct sweep_result *result, uint64_t net, struct err *err)
{
	const struct sweep_plan *plan = &sweep->plan;
	struct dataset *dataset = dataset_of(sweep, net);
	return plan->train ? plan->train(plan->context, result, net, dataset, &sweep->stop, err)
	                   : sweep_train(result, plan->grid, net, dataset, plan->cure, &sweep->stop, err);
}

static void *work(void *context)
{
	struct sweep *sweep = context;
	uint64_t position;
	if (sweep->plan.background)
		worker_thread_to_background();
	pthread_mutex_lock(&sweep->mutex);
	if (sweep->plan.background)
		load_in_background(sweep);
	while (take(sweep, &position)) {
		struct err err = {0};
		struct sweep_result *result = &sweep->ring[position % RING];
		uint64_t net = net_at(sweep, position);
		pthread_mutex_unlock(&sweep->mutex);
		bool done = train(sweep, result, net, &err);
		pthread_mutex_lock(&sweep->mutex);
		sweep->ready[position % RING] = done;
		if (!done && err.code && sweep->err.code == ERR_NONE) {
			sweep->err = err;
			stop_all(sweep);
		}
		pthread_cond_signal(&sweep->to_front);
	}
	sweep->running--;
	pthread_cond_broadcast(&sweep->ended);
	pthread_cond_signal(&sweep->to_front);
	pthread_mutex_unlock(&sweep->mutex);
	return NULL;
}

/* ---- open, start, next, end ---- */

static int wanted_threads(const struct sweep *sweep)
{
	const struct sweep_plan *plan = &sweep->plan;
	int threads = plan->threads > 0 ? plan->threads : platform_cpus();
	uint64_t nets = plan->end - plan->first - sweep->taken;
	if (threads > POOL_MAX_THREADS)
		threads = POOL_MAX_THREADS;
	return nets < (uint64_t)threads ? (int)nets : threads;
}

/* As many threads as the system allows. */
bool sweep_start(struct sweep *sweep, uint64_t done, struct err *err)
{
	sweep->taken = sweep->given = done;
	int wanted = wanted_threads(sweep);
	bool started = true;
	if (wanted == 0)
		return true;
	wanted = mat_threads(wanted, 0);
	pthread_mutex_lock(&sweep->mutex);
	for (int i = 0; i < wanted && started; i++) {
		started = worker_thread_start(&sweep->thread[i], work, sweep, err);
		sweep->threads = sweep->running += started;
	}
	started = sweep->running > 0;
	pthread_mutex_unlock(&sweep->mutex);
	return started;
}

struct sweep *sweep_open(const struct sweep_plan *plan, struct err *err)
{
	struct sweep *sweep = alloc_array(1, sizeof *sweep, err);
	if (sweep == NULL)
		return NULL;
	sweep->plan = *plan;
	pthread_mutex_init(&sweep->mutex, NULL);
	worker_condition_init(&sweep->to_front);
	worker_condition_init(&sweep->to_threads);
	worker_condition_init(&sweep->ended);
	if (plan->background || open_all_data(sweep, err))
		return sweep;
	sweep_end(sweep);
	return NULL;
}

/* A thread in the background may be kept from its CPU while it has the mutex: who must
 * not wait for it only tries. */
static bool lock(struct sweep *sweep, bool wait)
{
	return wait ? pthread_mutex_lock(&sweep->mutex) == 0 : pthread_mutex_trylock(&sweep->mutex) == 0;
}

enum sweep_state sweep_next(struct sweep *sweep, struct sweep_result *result, double seconds, struct err *err)
{
	double until = clock_seconds() + seconds;
	uint64_t nets = sweep->plan.end - sweep->plan.first;
	enum sweep_state state = SWEEP_WAITING;
	if (!lock(sweep, seconds > 0))
		return state;
	bool *ready = &sweep->ready[sweep->given % RING];
	bool more = sweep->given < nets, waited = true;
	while (more && !*ready && sweep->err.code == ERR_NONE && waited && seconds > 0)
		waited = worker_wait_until(&sweep->mutex, &sweep->to_front, until);
	if (!more) {
		state = SWEEP_DONE;
	} else if (*ready) {
		*result = sweep->ring[sweep->given++ % RING];
		*ready = false;
		state = SWEEP_RESULT;
		pthread_cond_broadcast(&sweep->to_threads);
	} else if (sweep->err.code) {
		state = SWEEP_STOPPED;
		if (err)
			*err = sweep->err;
	}
	pthread_mutex_unlock(&sweep->mutex);
	return state;
}

void sweep_stop(struct sweep *sweep)
{
	__atomic_store_n(&sweep->stop, true, __ATOMIC_RELAXED);
}

bool sweep_has_ended(struct sweep *sweep)
{
	if (!lock(sweep, false))
		return false;
	if (is_stopped(sweep))
		stop_all(sweep); /* wakes those that wait since before sweep_stop() */
	bool ended = sweep->running == 0;
	pthread_mutex_unlock(&sweep->mutex);
	return ended;
}

bool sweep_end(struct sweep *sweep)
{
	if (sweep == NULL)
		return true;
	double until = clock_seconds() + fmax(LONGEST_STEP, worker_end_seconds);
	bool waited = true;
	pthread_mutex_lock(&sweep->mutex);
	stop_all(sweep);
	while (sweep->running && waited)
		waited = worker_wait_until(&sweep->mutex, &sweep->ended, until);
	bool ended = sweep->running == 0;
	pthread_mutex_unlock(&sweep->mutex);
	if (!ended)
		return false;
	for (int i = 0; i < sweep->threads; i++)
		pthread_join(sweep->thread[i], NULL);
	for (size_t i = 0; i < sweep->opened; i++)
		dataset_close(sweep->dataset[i]);
	alloc_free(sweep->dataset);
	pthread_cond_destroy(&sweep->to_front);
	pthread_cond_destroy(&sweep->to_threads);
	pthread_cond_destroy(&sweep->ended);
	pthread_mutex_destroy(&sweep->mutex);
	alloc_free(sweep);
	return true;
}
