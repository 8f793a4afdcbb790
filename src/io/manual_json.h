/* The part of initviz-output(5) on the objects of the JSON lines. */
#ifndef INITVIZ_IO_MANUAL_JSON_H
#define INITVIZ_IO_MANUAL_JSON_H

#include "base/text.h"

/* Appends every object with its members, as mdoc. */
void manual_json(struct text *text);

#endif
