/* The net of a file of weights in the settings: its widths. */
#ifndef INITVIZ_LAB_SETTINGS_WEIGHTS_H
#define INITVIZ_LAB_SETTINGS_WEIGHTS_H

#include "lab/settings.h"

struct weights;

/* Sets the widths to those of the open file.  ERR_USAGE when the settings give others. */
bool settings_adopt_weights(struct settings *settings, const struct weights *weights, struct err *err);

/* The same, of the file that settings->weights names; nothing is done if it is empty.  ERR_INPUT, ERR_RESOURCE. */
bool settings_follow_weights(struct settings *settings, struct err *err);

/* Replaces open widths by those of the hidden layers of that file, so that they can be shown and changed.  Nothing
 * is done where the file is bad: the run reports it. */
void settings_take_widths(struct settings *settings);

#endif
