/* Measuring what the article states, a piece at a time and on the caller's
 * thread. */
#ifndef INITVIZ_LAB_REPORT_RUN_H
#define INITVIZ_LAB_REPORT_RUN_H

#include "lab/report.h"

struct report_run;

/* data: as settings.data.  ERR_INPUT, ERR_RESOURCE. */
struct report_run *report_begin(const char *data, uint64_t seed, struct err *err);
void report_end(struct report_run *run); /* NULL is allowed */

/* A piece of the work, some hundredths of a second. */
bool report_advance(struct report_run *run, struct err *err);

double report_share(const struct report_run *run); /* done, 0..1; exactly 1 at the end */
const struct report *report_of(const struct report_run *run);

#endif
