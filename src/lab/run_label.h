/* What a run is called and measured by where several stand beside each other. */
#ifndef INITVIZ_LAB_RUN_LABEL_H
#define INITVIZ_LAB_RUN_LABEL_H

#include "lab/history.h"

#define RUN_LABEL_SIZE 80

/* Whether the experiment is another than its scenario's; how long it goes on
 * and how often it is looked at do not make it another. */
bool run_is_changed(const struct settings *settings);

/* The scenario's name and the options that make it another run:
 * "full_train_normal --depth 20". */
char *run_label(char out[RUN_LABEL_SIZE], const struct settings *settings);

/* What makes it: "xavier (tf1) × sigmoid", the same for runs that differ in
 * something else. */
char *run_net_label(char out[RUN_LABEL_SIZE], const struct settings *settings);

/* The test accuracy at an observation.  While a net runs fast the test images
 * are looked at with scheduled observations only: then the last of these in
 * the history (may be NULL) counts. */
double run_test_accuracy(const struct snapshot *now, const struct history *history);

#endif
