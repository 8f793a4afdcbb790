/* The JSON Schema of --format json and of saved runs. */
#ifndef INITVIZ_IO_JSON_SCHEMA_H
#define INITVIZ_IO_JSON_SCHEMA_H

#include "base/text.h"

/* Appends the schema (draft 2020-12) as indented JSON: it describes one line of the output. */
void json_schema(struct text *text);

#endif
