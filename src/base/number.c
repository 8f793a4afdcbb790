/* Shares and factors in few characters. */
#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

char *number_share(char out[NUMBER_SIZE], double share)
{
	double percent = 100 * fmin(fmax(share, 0), 1);
	if (isnan(share))
		return strcpy(out, "-");
	if (percent > 0 && percent < 0.1)
		return strcpy(out, "<0.1 %");
	if (percent < 100 && percent >= 99.5)
		return strcpy(out, ">99 %");
	snprintf(out, NUMBER_SIZE, percent == 0 || percent >= 9.95 ? "%.0f %%" : "%.1f %%", percent);
	return out;
}

char *number_factor(char out[NUMBER_SIZE], double factor)
{
	if (isnan(factor))
		return strcpy(out, "-");
	double size = fabs(factor);
	if (isinf(factor))
		strcpy(out, "×Inf");
	else if (size == 0)
		strcpy(out, "×0");
	else if (size < 1e-3 || size >= 9999.5)
		snprintf(out, NUMBER_SIZE, "×%.0e", factor);
	else if (size < 0.0995)
		snprintf(out, NUMBER_SIZE, "×%.4f", factor);
	else
		snprintf(out, NUMBER_SIZE, size < 9.995 ? "×%.2f" : "×%.0f", factor);
	return out;
}

const char *number_ratio(char out[NUMBER_SIZE], double ratio)
{
	number_factor(out, ratio);
	return isnan(ratio) ? out : out + sizeof "×" - 1;
}

const char *number_of_or_times(double ratio)
{
	return ratio >= 1 ? "times" : "of";
}

char *number_known(char out[NUMBER_SIZE], double value)
{
	return isnan(value) ? strcpy(out, "-") : text_readout(out, value);
}

char *number_brief(char out[NUMBER_SIZE], double value)
{
	double size = fabs(value);
	if (!isfinite(value))
		return text_readout(out, value);
	if (size == 0)
		strcpy(out, "0");
	else if (size < 1e-3 || size >= 99999.5)
		snprintf(out, NUMBER_SIZE, "%.0e", value);
	else if (size >= 9.95)
		snprintf(out, NUMBER_SIZE, "%.0f", value);
	else
		snprintf(out, NUMBER_SIZE, "%.2g", value);
	return out;
}
