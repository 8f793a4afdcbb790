/* The changes that the cure's search combines with initializers.  For cure*.c only. */
#ifndef INITVIZ_LAB_CURE_VARIANT_H
#define INITVIZ_LAB_CURE_VARIANT_H

#include <stdbool.h>
#include <stddef.h>

#include "lab/cure.h"

#define CURE_MOST_VARIANTS 256

/* Changes besides the initializer, and repairs of biases and other layers. */
struct cure_variant {
	char changes[CURE_CHANGES_SIZE]; /* "normalization=batch bias-init=zeros"; empty: none */
	double cost;
};

/* Fills list[CURE_MOST_VARIANTS] with the changes of the net of `now`, the cheapest
 * first; returns how many there are. */
size_t cure_list_variants(const struct snapshot *now, struct cure_variant *list);

/* Makes the changes, such as "init=xavier bias-init=zeros". */
bool cure_change(struct settings *settings, const char *changes, struct err *err);

#endif
