/* The report measured in a thread of its own, for runners whose front end must
 * not wait. */
#ifndef INITVIZ_LAB_WORKER_REPORT_H
#define INITVIZ_LAB_WORKER_REPORT_H

#include <pthread.h>

#include "lab/runner_kind.h"
#include "lab/settings.h"

struct report_run;

struct worker_report {
	pthread_mutex_t mutex;
	pthread_cond_t to_thread, to_front;

	/* guarded by mutex */
	pthread_t thread;
	bool has_thread; /* from the first report on */
	bool working;    /* neither stopped, nor complete, nor failed */
	bool is_new;     /* a report with data and seed is to be begun; the present measurement is out of date */
	bool changed;    /* since the last poll */
	bool quit, ended;
	char data[SETTINGS_DATA_SIZE];
	uint64_t seed;
	struct report report;
	struct runner_report_status status;

	struct report_run *run; /* the thread's own */
};

void worker_report_init(struct worker_report *w);

/* Ends the thread.  False when it has not ended at clock_seconds() == until:
 * *w must then stay. */
bool worker_report_destroy(struct worker_report *w, double until);

/* Functions of struct runner, for runners whose `reporter` is set. */
void worker_report_begin(struct runner *runner, const char *data, uint64_t seed);
void worker_report_stop(struct runner *runner);
bool worker_report_poll(struct runner *runner, struct report *report, struct runner_report_status *status);
void worker_report_settle(struct runner *runner);

#endif
