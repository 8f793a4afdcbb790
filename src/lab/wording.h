/* One statement in up to six lengths.  Text that has to fit into little room
 * is replaced by a shorter whole sentence instead of being cut. */
#ifndef INITVIZ_LAB_WORDING_H
#define INITVIZ_LAB_WORDING_H

#include <stddef.h>

#define WORDING_FORMS 6
#define WORDING_SIZE 240     /* bytes of a form */
#define WORDING_SHORTEST 38  /* columns that the shortest form takes at most */

/* UTF-8, longest first; each form is a whole sentence with its noun, without a
 * final stop; unused forms are "". */
struct wording {
	char form[WORDING_FORMS][WORDING_SIZE];
};

/* Adds the next shorter form.  A form that is not shorter than the last one replaces it. */
void wording_add(struct wording *wording, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The longest form that fits into so many columns; the shortest if none does;
 * "" if there is no form. */
const char *wording_fit(const struct wording *wording, size_t columns);

/* Columns of a terminal that a UTF-8 text takes; every character here takes one. */
size_t wording_columns(const char *text);

#endif
