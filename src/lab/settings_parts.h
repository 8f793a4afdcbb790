/* Settings of single layers, for the files of settings only. */
#ifndef INITVIZ_LAB_SETTINGS_PARTS_H
#define INITVIZ_LAB_SETTINGS_PARTS_H

#include "lab/settings.h"

/* setting.layer=value; "none" removes it.  ERR_USAGE. */
bool settings_set_layer(struct settings *settings, const struct setting *setting, uint32_t layer, const char *value,
                        struct err *err);

/* Appends the value that holds in this layer. */
void settings_get_layer(const struct settings *settings, const struct setting *setting, uint32_t layer, struct text *text);

/* spec_parse() for a setting.  file(PATH,NAME) is not among them: the weights of one layer
 * alone can be an array, as settings_set_layer() takes it.  ERR_USAGE. */
bool settings_parse_spec(struct spec *spec, const struct table *choices, const char *value, struct err *err);

/* Whether the net has the layers that have settings of their own.  ERR_USAGE. */
bool settings_fit_layers(const struct settings *settings, struct err *err);

#endif
