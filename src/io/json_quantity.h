/* The quantities that snapshots store, in JSON: written and read. */
#ifndef INITVIZ_IO_JSON_QUANTITY_H
#define INITVIZ_IO_JSON_QUANTITY_H

#include "lab/quantity.h"
#include "io/json_value.h"

/* Sets a member of `object` for each quantity of the scope that is flagged
 * QUANTITY_JSON, in the order of the table.  base: the struct of that scope. */
void json_put_quantities(json_t *object, enum quantity_scope scope, const void *base, bool *failed);

/* Reads them back into *base.  false with ERR_INPUT that names the key. */
bool json_get_quantities(const json_t *object, enum quantity_scope scope, void *base, struct err *err);

#endif
