/* Names of runs, from their settings alone. */
#include "view/run_label.h"

#include <stdio.h>
#include <string.h>

#include "lab/scenario.h"

bool run_is_changed(const struct settings *settings)
{
	struct settings plain = *settings;
	settings_apply_scenario(&plain, settings->scenario);
	if (settings->width[0])
		settings_fit(&plain, settings->width[0], settings->width[settings->layers], NULL);
	plain.steps = settings->steps;
	plain.every = settings->every;
	plain.probe = settings->probe;
	return !settings_equal(&plain, settings);
}

char *run_label(char out[RUN_LABEL_SIZE], const struct settings *settings)
{
	static const char program[] = "initviz -s ";
	/* Where the images come from, and what they made of the net, is the same for all. */
	struct settings own = *settings;
	own.data[0] = '\0';
	own.threads = 0;
	own.width[0] = own.width[own.layers] = 0;
	struct text line = {0};
	settings_command_line(&own, &line);
	snprintf(out, RUN_LABEL_SIZE, "%s", line.failed ? "" : text_string(&line) + strlen(program));
	text_free(&line);
	return out;
}
