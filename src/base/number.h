/* Formats of numbers on the screen, in addition to text_readout(). */
#ifndef INITVIZ_BASE_NUMBER_H
#define INITVIZ_BASE_NUMBER_H

#define NUMBER_SIZE 16

/* A share 0..1: "68 %", "6.8 %", "<0.1 %", ">99 %", "-" for NaN; at most 7
 * characters.  0 % and 100 % mean none and all. */
char *number_share(char out[NUMBER_SIZE], double share);

/* A factor: "×0.93", "×50", "×0.0018", "×2e-09", "-" for NaN; at most 7 cells. */
char *number_factor(char out[NUMBER_SIZE], double factor);

/* The same without its sign, "0.93", "903": for "0.93 of", "903 times". */
const char *number_ratio(char out[NUMBER_SIZE], double ratio);

/* The word after a ratio: "of" below 1, else "times". */
const char *number_of_or_times(double ratio);

/* Like text_readout(), but "-" for NaN: for values that are not known, where NaN is
 * no result. */
char *number_known(char out[NUMBER_SIZE], double value);

/* For sentences, two digits or a whole number: "88", "0.0023", "3e-26", "1296",
 * "NaN", "Inf"; at most 8 characters. */
char *number_brief(char out[NUMBER_SIZE], double value);

#endif
