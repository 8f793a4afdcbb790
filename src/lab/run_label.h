/* Labels and test accuracy of runs, for lists and comparisons of several runs. */
#ifndef INITVIZ_LAB_RUN_LABEL_H
#define INITVIZ_LAB_RUN_LABEL_H

#include "lab/history.h"

#define RUN_LABEL_SIZE 80

/* Whether the experiment differs from its scenario; its length and the settings of
 * its observations do not count. */
bool run_is_changed(const struct settings *settings);

/* The scenario's name and the options that differ from it:
 * "full_train_normal --depth 20"; where that is too long, the initializer, the activation, the
 * normalization and residual connections. */
char *run_label(char out[RUN_LABEL_SIZE], const struct settings *settings);

/* Appends its initializer, or "weights FILE" without the file's folder. */
void run_add_start(const struct settings *settings, struct text *text);

/* The same with all values of the initializer, for where there is room. */
void run_add_whole_start(const struct settings *settings, struct text *text);

/* Its initializer and activation: "xavier (tf1) × sigmoid", the same for runs that differ in
 * something else. */
char *run_net_label(char out[RUN_LABEL_SIZE], const struct settings *settings);

/* The test accuracy at an observation.  While a net runs fast only
 * scheduled observations measure it: then the last of these in the history (may be
 * NULL) is used. */
double run_test_accuracy(const struct snapshot *now, const struct history *history);

/* The step at which that was measured; now->step where there is none. */
uint64_t run_test_step(const struct snapshot *now, const struct history *history);

#endif
