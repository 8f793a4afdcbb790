/* The parts of the reader of CSV, used by csv*.c only. */
#ifndef INITVIZ_DATA_CSV_PARTS_H
#define INITVIZ_DATA_CSV_PARTS_H

#include "data/csv.h"
#include "data/labels.h"

#define CSV_LINE ((size_t)4 << 20)   /* longest line in bytes */
#define CSV_CLASS_NAME 64            /* with the final NUL */

/* ---- csv_row.c: lines and cells ---- */

struct csv_cell {
	const char *text; /* not terminated; without quotes and surrounding blanks */
	size_t length;
};

/* Takes the next cell of the line [*at, end), in which quotes are decoded in place; *at becomes
 * NULL after the last.  False for a quote that is not closed. */
bool csv_take_cell(struct csv_cell *cell, char **at, char *end, char separator);

/* The number in a cell; false if there is none.  Empty, NA and nan are NaN. */
bool csv_number(const struct csv_cell *cell, double *value);

/* Whether it is a whole number from 0 to 255. */
bool csv_is_byte(double value);

/* A copy in a string, cut to its size; an escaped one for messages. */
char *csv_copy(char *out, size_t size, const struct csv_cell *cell);
char *csv_escape(char *out, size_t size, const struct csv_cell *cell);

/* ---- csv_layout.c: which column is what ---- */

struct csv_layout {
	char separator;
	bool header, named;    /* the first row has names; one of them is a label's */
	bool skip_first;       /* the first column is left out */
	bool text_labels;
	size_t columns, label; /* all columns; the label's, from 0 */
	char skipped[32];      /* its name, escaped */
};

/* Decides from the first bytes of a file, which are changed; `whole`: it has no more.  The label
 * column without a name is that of `first`, the layout of the set's first file, unless NULL.
 * ERR_INPUT. */
bool csv_find_layout(struct csv_layout *layout, const struct csv_layout *first, char *bytes, size_t size, bool whole,
                     const char *name, struct err *err);

/* "commas", for messages. */
const char *csv_separator_name(char separator);

/* ---- csv_set.c: what files share ---- */

struct csv_set {
	bool decided; /* by the first file */
	struct csv_layout layout;
	size_t classes;
	struct csv_class {
		char name[CSV_CLASS_NAME];
		uint8_t number; /* provisional, in the order in which the classes were met */
	} class[LABELS_CLASSES];
};

/* The number of a class, provisional until csv_set_sort(); -1: unknown in a decided set, -2: too
 * many classes, -3: too long a name, -4: no name. */
int csv_class(struct csv_set *set, const struct csv_cell *cell);

/* Puts the classes in the order of their bytes and renumbers label[count]. */
void csv_set_sort(struct csv_set *set, uint8_t *label, size_t count);

#endif
