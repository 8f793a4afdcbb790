/* The lists of output formats.  A format of observations is a file out_NAME.c
 * that defines out_NAME_observation() and one line in OUT_FORMAT_LIST; a format of
 * pictures defines out_NAME_write() and has a line in OUT_PICTURE_LIST.  What a
 * line adds after the summary are members of struct out_format. */
#ifndef INITVIZ_IO_OUT_LIST_H
#define INITVIZ_IO_OUT_LIST_H

#include "io/out.h"

#define OUT_FORMAT_LIST(FORMAT) \
	FORMAT(text, "a table per observation, for people", .title = "text", .begin = out_text_begin) \
	FORMAT(json, "one JSON object per observation and line", .title = "JSON lines, for --replay", .entry.aliases = "jsonl ndjson", .replayable = true, \
	       .without_histograms = out_json_without_histograms) \
	FORMAT(csv, "a header, then a row per layer and observation", .title = "CSV", .begin = out_csv_begin)

#define OUT_PICTURE_LIST(PICTURE) \
	PICTURE(txt, "the screen as text") \
	PICTURE(ans, "the screen as text with ANSI colours") \
	PICTURE(svg, "the screen as a scalable picture")

/* The members of struct out_format; a format need not define the last two. */
#define OUT_FORMAT_DECLARE(name, ...) \
	void out_##name##_observation(struct text *text, const struct snapshot *snapshot, const struct snapshot *start); \
	void out_##name##_begin(struct text *text, const struct snapshot *first); \
	void out_##name##_without_histograms(struct text *text, const struct snapshot *snapshot, const struct snapshot *start);
OUT_FORMAT_LIST(OUT_FORMAT_DECLARE)

/* Each appends the canvas to `text`; text_check() reports a failed allocation. */
#define OUT_PICTURE_DECLARE(name, summary) \
	void out_##name##_write(struct text *text, const struct canvas *canvas, const struct palette *palette);
OUT_PICTURE_LIST(OUT_PICTURE_DECLARE)

#endif
