/* A runner for fuzzing that trains nothing. */
#ifndef INITVIZ_TESTS_SHAM_H
#define INITVIZ_TESTS_SHAM_H

#include "lab/runner.h"

/* Answers at once with observations that are made up, NaN and infinity among them. */
struct runner *sham_runner(void);

/* Gives a runner a report that always fails. */
void sham_without_report(struct runner *runner);

#endif
