/* The two kinds of runner behind runner.h; for runner.c, inline.c, worker.c. */
#ifndef INITVIZ_LAB_RUNNER_KIND_H
#define INITVIZ_LAB_RUNNER_KIND_H

#include "lab/runner.h"

enum request_kind {
	REQUEST_START, REQUEST_STEP, REQUEST_REWIND, REQUEST_RUN, REQUEST_STOP, REQUEST_EDIT, REQUEST_SCALE, REQUEST_UNDO,
	REQUEST_REDO, REQUEST_OBSERVE, REQUEST_UNTIL, REQUEST_COPY,
	REQUEST_IMAGES,
};

struct request {
	enum request_kind kind;
	struct settings *settings; /* START: [lanes], owned by the request until it is carried out */
	size_t lanes;              /* START */
	uint64_t steps;            /* STEP; REWIND, OBSERVE: to which step */
	double number;             /* RUN, UNTIL: speed; SCALE: factor */
	struct runner_goal goal;   /* UNTIL */
	uint32_t layer;            /* SCALE */
	enum tensors_kind tensors; /* COPY */
	struct images_wanted images; /* IMAGES */
	char name[RUNNER_NAME_SIZE], value[RUNNER_VALUE_SIZE]; /* EDIT */
};

/* The answer to a request for a copy. */
struct copied {
	bool ready;
	struct tensors *tensors; /* NULL: err says why */
	struct err err;
};

/* Replaces an answer that was not taken. */
void copied_put(struct copied *copied, struct tensors *tensors, const struct err *err);

/* runner_take_copy() of this answer. */
bool copied_take(struct copied *copied, struct tensors **tensors, struct err *err);

struct runner {
	bool (*destroy)(struct runner *runner);
	void (*send)(struct runner *runner, const struct request *request);
	bool (*poll)(struct runner *runner, struct history *history, const struct snapshot **latest,
	             struct runner_status *status);
	bool (*past_edit)(struct runner *runner, size_t i, struct runner_edit *edit);
	bool (*settings)(struct runner *runner, size_t lane, struct settings *start, struct settings *now);
	void (*poll_lane)(struct runner *runner, size_t lane, struct history *history, const struct snapshot **latest);
	bool (*take_copy)(struct runner *runner, struct tensors **tensors, struct err *err);
	void (*measure)(struct runner *runner, bool on);
	bool (*settle)(struct runner *runner, double seconds);
	void (*report)(struct runner *runner, const char *data, uint64_t seed);
	void (*stop_report)(struct runner *runner);
	bool (*poll_report)(struct runner *runner, struct report *report, struct runner_report_status *status);
	void (*settle_report)(struct runner *runner);
	struct worker_report *reporter; /* for the functions of worker_report.h; NULL: not used */
};

/* True when its failure leaves the run as it was. */
bool request_may_be_refused(const struct request *request);

/* True when it puts another run in the place of the present one, and so can be
 * carried out where that one has failed or is being repeated. */
bool request_replaces_run(const struct request *request);

/* False, with err filled, for undo and redo when there is no run to restore. */
struct run;
bool runner_can_undo(const struct request *request, const struct run *run, struct err *err);

/* Writes the state of undo and redo into the status. */
void runner_publish_undo(struct runner_status *status, const struct run *run);

/* Replaces *held by a reference to snapshot. */
void runner_hold(const struct snapshot **held, const struct snapshot *snapshot);

#endif
