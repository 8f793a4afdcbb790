/* `expect`: fails unless a number is within limits. */
#include "app/expect.h"

#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "lab/quantity.h"
#include "app/app_parts.h"
#include "app/command.h"
#include "app/message.h"
#include "app/moment.h"

bool expect_value(struct app *app, char *words, struct err *err)
{
	char *low_word = command_cut(words), *high_word = command_cut(low_word), *rest = command_cut(high_word);
	double low, high, value;
	char name[64], readout[TEXT_READOUT_SIZE], number[32];
	if (!text_real(low_word, &low) || !text_real(high_word, &high) || *rest)
		return err_set(err, ERR_USAGE, "expect takes a name and two numbers: expect z1.variance 80 100");
	const struct snapshot *now = moment_snapshot(app);
	if (now == NULL)
		return err_set(err, ERR_RUN, "expect %s: there is no observation yet", text_escape(name, sizeof name, words));
	if (!quantity_value(now, words, &value, err))
		return false;
	text_escape(name, sizeof name, words);
	snprintf(number, sizeof number, "%.7g", value);
	const char *seen = isfinite(value) ? number : text_readout(readout, value);
	if (!(value >= low && value <= high))
		return err_set(err, ERR_RUN, "expect %s: %s is not within %s..%s", name, seen, low_word, high_word);
	message_show(app->message, ROLE_GOOD, MESSAGE_SECONDS, "%s: %s is within %s..%s", name, seen, low_word, high_word);
	return true;
}
