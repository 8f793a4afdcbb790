/* Pinned runs: the curves of loss and accuracy of earlier runs, kept for
 * comparison.  Bounded: a further pin replaces the oldest. */
#ifndef INITVIZ_LAB_PINS_H
#define INITVIZ_LAB_PINS_H

#include "lab/history.h"
#include "lab/run_label.h"

/* The numbers kept of an observation. */
struct pin_point {
	uint64_t step;
	double loss, train_accuracy, test_accuracy;
};

struct pin {
	char label[RUN_LABEL_SIZE];
	struct settings settings;
	size_t points;
	struct pin_point point[]; /* step increasing */
};

#define PINS_MAX 6

struct pins {
	size_t count;
	struct pin *pin[PINS_MAX]; /* oldest first */
};

/* Pins a history's curves; a pin of the same settings is replaced.  label
 * NULL: that pin's, else the run's own.  Nothing happens without observations.  ERR_RESOURCE. */
bool pins_add(struct pins *pins, const struct history *history, const char *label, struct err *err);

/* Drops the newest. */
void pins_drop(struct pins *pins);
void pins_clear(struct pins *pins);

#endif
