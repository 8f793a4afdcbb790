/* A histogram as a value: filled by nn/stats, drawn by draw/plot, written by
 * the exporters. */
#ifndef INITVIZ_BASE_HISTOGRAM_H
#define INITVIZ_BASE_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_BINS 240 /* merges evenly into 120, 80, 60, 48, 40, 30, 24, 20 ... columns */
#define HISTOGRAM_SPIKES 2

/* Linear bins, closed below and open above, the last one closed. sum(counts) +
 * below + above + nan + inf + spikes = n always.  An infinite value counts as inf,
 * never as below or above.  Edges are computed in double precision; denormals and
 * -0 are counted in the bin of 0. */
struct histogram {
	double low, high;
	uint64_t n, below, above, nan, inf;
	int spikes; /* atoms counted apart, 0..2 */
	struct {
		double value; /* exactly this float */
		uint64_t count;
	} spike[HISTOGRAM_SPIKES];
	uint32_t counts[HISTOGRAM_BINS];
};

#endif
