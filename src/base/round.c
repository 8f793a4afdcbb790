/* Round numbers. */
#include "base/round.h"

#include <math.h>
#include <stdlib.h>

#include "base/whole.h"

#define LARGEST 5e38 /* the round number beyond FLT_MAX */
#define SMALLEST 1e-45 /* below the smallest positive float */

double round_up_125(double value)
{
	if (!(value > 0))
		return 1;
	if (value >= LARGEST)
		return LARGEST;
	value = fmax(value, SMALLEST);
	for (int exponent = whole_int(floor(log10(value)), -400, 400) - 1;; exponent++) {
		static const double step[] = { 1, 2, 5 };
		double power = pow(10, abs(exponent));
		for (int i = 0; i < 3; i++) {
			double rounded = exponent < 0 ? step[i] / power : step[i] * power;
			if (rounded >= value)
				return rounded;
		}
	}
}
