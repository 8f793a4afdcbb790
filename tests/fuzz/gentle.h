/* A runner for fuzzing: the inline runner with small limits, so that no request
 * takes long.  Nets are tiny or refused, the images are a few of 4 x 4 pixels, runs
 * are a few steps. */
#ifndef INITVIZ_TESTS_FUZZ_GENTLE_H
#define INITVIZ_TESTS_FUZZ_GENTLE_H

#include "lab/runner.h"
#include "app/app.h"

/* The sham runner (fuzz/sham.h) where fuzz_trains is false. */
struct runner *gentle_runner(void);

/* Settings that it takes. */
void gentle_settings(struct settings *settings);

/* Services that save nothing and say that they did, or not. */
extern const struct app_services gentle_services;

#endif
