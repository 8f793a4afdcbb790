/* Round numbers for axes. */
#ifndef INITVIZ_BASE_ROUND_H
#define INITVIZ_BASE_ROUND_H

/* The next of 1, 2, 5 x 10^k that is >= value, at most 5e38 (the next beyond
 * FLT_MAX); 1 for NaN and for values <= 0. */
double round_up_125(double value);

#endif
