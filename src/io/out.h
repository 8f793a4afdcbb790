/* Output formats: an observation or a canvas as bytes. */
#ifndef INITVIZ_IO_OUT_H
#define INITVIZ_IO_OUT_H

#include "base/entry.h"
#include "base/text.h"
#include "lab/snapshot.h"
#include "draw/canvas.h"
#include "draw/palette.h"

/* How observations are written (--format). */
struct out_format {
	struct entry entry; /* text, json, csv */
	const char *title;  /* in sentences: "saved run.csv as CSV" */
	/* Appends what comes before the first observation; NULL: nothing. */
	void (*begin)(struct text *text, const struct snapshot *first);
	/* start: the run's observation at step 0, which verdicts consider; NULL where it is not known. */
	void (*observation)(struct text *text, const struct snapshot *snapshot, const struct snapshot *start);
	bool replayable; /* a saved run in this format is read by --replay */
	/* The same without the counts of histograms (--no-histograms); NULL: the format has no histograms. */
	void (*without_histograms)(struct text *text, const struct snapshot *snapshot, const struct snapshot *start);
};
TABLE_DECLARE(out_formats, struct out_format, out_format)

/* How a screen is written (--snapshot), chosen by the file's suffix. */
struct out_picture {
	struct entry entry; /* name: the suffix: "txt", "ans", "svg" */
	void (*write)(struct text *text, const struct canvas *canvas, const struct palette *palette);
};
TABLE_DECLARE(out_pictures, struct out_picture, out_picture)

/* The text after the last dot of a path's file name; "" if there is no dot. */
const char *out_suffix(const char *path);

/* The entry of a table whose names are suffixes; NULL with ERR_USAGE: "PATH: no NOUN has this
 * suffix: choose from .a, .b". */
const struct entry *out_by_suffix(const struct table *table, const char *noun, const char *path, struct err *err);

/* By the suffix of a path ("-", standard output, is text); ERR_USAGE lists the
 * suffixes. */
const struct out_picture *out_picture_for(const char *path, struct err *err);

/* By the suffix of a path; NULL for any other suffix and for path NULL. */
const struct out_format *out_format_for(const char *path);

#endif
