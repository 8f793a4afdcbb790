/* Recordings: frames of cells, and the time of each.  asciicast v2 (docs.asciinema.org/manual/asciicast/v2): a line
 * of JSON for the size, then one for each frame, which holds what a terminal is sent: the cells that have changed. */
#include "io/cast.h"

#include <string.h>

#include "base/alloc.h"
#include "base/whole.h"
#include "io/out.h"
#include "io/out_ans.h"
#include "io/out_svg.h"
#include "io/save.h"

struct cast_format {
	struct entry entry;
	bool (*frame)(struct cast *cast, const struct canvas *canvas, const struct palette *palette, double seconds, struct err *err);
	bool (*end)(struct cast *cast, double seconds, struct err *err);
};

struct cast {
	const struct cast_format *format;
	struct save *save;
	struct text text;             /* what is to be written */
	struct canvas before;         /* asciicast: the last frame; width 0: none */
	const struct palette *palette; /* of the last frame */
	struct out_svg_frame *frame;  /* svg: [room] all frames */
	size_t count, room;
	double last;                  /* the time of the last frame */
};

static bool keep(struct canvas *to, const struct canvas *canvas, struct err *err)
{
	if (to->width != canvas->width || to->height != canvas->height) {
		canvas_destroy(to);
		if (!canvas_create(to, canvas->width, canvas->height, canvas->ascii, err))
			return false;
	}
	canvas_copy(to, canvas);
	return true;
}

/* ---- asciicast ---- */

static void add_json(struct text *text, const char *bytes)
{
	text_add(text, "\"");
	for (; *bytes; bytes++) {
		unsigned char byte = (unsigned char)*bytes;
		if (byte < ' ')
			text_addf(text, "\\u%04x", byte);
		else if (byte == '"' || byte == '\\')
			text_addf(text, "\\%c", byte);
		else
			text_add_bytes(text, bytes, 1);
	}
	text_add(text, "\"");
}

/* [seconds, code, data] */
static void add_event(struct text *text, double seconds, const char *code, const char *data)
{
	text_addf(text, "[%.6f, \"%s\", ", seconds, code);
	add_json(text, data);
	text_add(text, "]\n");
}

static bool write_text(struct cast *cast, struct err *err)
{
	bool written = text_check(&cast->text, err) && save_write(cast->save, text_string(&cast->text), cast->text.length, err);
	text_clear(&cast->text);
	return written;
}

/* What a terminal must be sent; all: its screen is not that of the last frame. */
static void add_changes(struct text *data, const struct cast *cast, const struct canvas *canvas, const struct palette *palette, bool all)
{
	struct ans_style now = out_ans_plain;
	text_add(data, all ? "\033[?25l\033[0m\033[2J" : "");
	for (int y = 0; y < canvas->height; y++)
		for (int x = 0, at = -1; x < canvas->width; x++) {
			const struct cell *cell = canvas_cell(canvas, x, y);
			struct ans_style style = out_ans_style(palette, cell);
			if (all ? cell->glyph == ' ' && !(style.flags & CELL_REVERSE) : cell_equals(cell, canvas_cell(&cast->before, x, y)))
				continue;
			if (x != at)
				text_addf(data, "\033[%d;%dH", y + 1, x + 1);
			if (!out_ans_same_style(&style, &now))
				out_ans_add_style(data, &style);
			text_add_glyph(data, out_ans_glyph(&style, cell));
			now = style;
			at = x + 1;
		}
	if (!out_ans_same_style(&now, &out_ans_plain))
		text_add(data, "\033[0m");
}

static bool asciicast_frame(struct cast *cast, const struct canvas *canvas, const struct palette *palette, double seconds, struct err *err)
{
	struct text data = {0};
	bool first = cast->count == 0, resized = cast->before.width != canvas->width || cast->before.height != canvas->height;
	if (first)
		text_addf(&cast->text, "{\"version\": 2, \"width\": %d, \"height\": %d, \"title\": \"initviz\", "
		          "\"env\": {\"TERM\": \"xterm-256color\"}}\n", canvas->width, canvas->height);
	else if (resized) {
		text_addf(&data, "%dx%d", canvas->width, canvas->height);
		add_event(&cast->text, seconds, "r", text_string(&data));
		text_clear(&data);
	}
	add_changes(&data, cast, canvas, palette, first || resized || palette != cast->palette);
	if (data.length)
		add_event(&cast->text, seconds, "o", text_string(&data));
	cast->text.failed |= data.failed;
	text_free(&data);
	cast->count++;
	return write_text(cast, err) && keep(&cast->before, canvas, err);
}

/* An event without data, so that players show the last frame as long as it was shown. */
static bool asciicast_end(struct cast *cast, double seconds, struct err *err)
{
	add_event(&cast->text, seconds, "o", "");
	return write_text(cast, err);
}

/* ---- an animated picture ---- */

static bool svg_frame(struct cast *cast, const struct canvas *canvas, const struct palette *palette, double seconds, struct err *err)
{
	if (cast->count == CAST_FRAMES)
		return err_set(err, ERR_OUTPUT, "cast: an animated picture has at most %d frames: record FILE.cast instead", CAST_FRAMES);
	if (cast->count && (cast->frame->canvas.width != canvas->width || cast->frame->canvas.height != canvas->height))
		return err_set(err, ERR_OUTPUT, "cast: the size of the screen has changed, which no picture does: record FILE.cast instead");
	if (cast->count == cast->room) {
		size_t room = cast->room ? 2 * cast->room : 16;
		struct out_svg_frame *more = alloc_array(room, sizeof *more, err);
		if (more == NULL)
			return false;
		if (cast->count)
			memcpy(more, cast->frame, cast->count * sizeof *more);
		alloc_free(cast->frame);
		cast->frame = more;
		cast->room = room;
	}
	struct out_svg_frame *frame = &cast->frame[cast->count];
	*frame = (struct out_svg_frame){ .palette = palette, .begin = seconds };
	if (!keep(&frame->canvas, canvas, err))
		return false;
	cast->count++;
	return true;
}

static bool svg_end(struct cast *cast, double seconds, struct err *err)
{
	double whole = seconds > cast->last ? seconds : cast->last + 1;
	out_svg_animation(&cast->text, cast->frame, cast->count, whole);
	return write_text(cast, err);
}

/* ---- both ---- */

static const struct cast_format formats[] = {
	{ .entry = { .name = "cast", .summary = "a recording for players such as asciinema's (asciicast v2)" },
	  .frame = asciicast_frame, .end = asciicast_end },
	{ .entry = { .name = "svg", .summary = "an animated picture" }, .frame = svg_frame, .end = svg_end },
};
const struct table cast_formats = TABLE_OF(formats, "format of recordings", "formats of recordings");

bool cast_check(const char *path, struct err *err)
{
	return out_by_suffix(&cast_formats, "format of recordings", path, err) != NULL;
}

struct cast *cast_open(const char *path, struct err *err)
{
	const struct entry *format = out_by_suffix(&cast_formats, "format of recordings", path, err);
	struct cast *cast = format ? alloc_array(1, sizeof *cast, err) : NULL;
	if (cast == NULL)
		return NULL;
	cast->format = &formats[table_index(&cast_formats, format)];
	cast->save = save_open(path, err);
	if (cast->save)
		return cast;
	cast_abandon(cast);
	return NULL;
}

bool cast_frame(struct cast *cast, const struct canvas *canvas, const struct palette *palette, double seconds, struct err *err)
{
	if (!cast->format->frame(cast, canvas, palette, seconds, err))
		return false;
	cast->palette = palette;
	cast->last = seconds;
	return true;
}

static void destroy(struct cast *cast)
{
	for (size_t i = 0; cast->frame && i < cast->count; i++)
		canvas_destroy(&cast->frame[i].canvas);
	alloc_free(cast->frame);
	canvas_destroy(&cast->before);
	text_free(&cast->text);
	alloc_free(cast);
}

bool cast_close(struct cast *cast, double seconds, struct err *err)
{
	bool done = cast->count ? cast->format->end(cast, seconds, err) : err_set(err, ERR_RUN, "cast: no screen was shown");
	if (done)
		done = save_commit(cast->save, err);
	else
		save_abandon(cast->save);
	destroy(cast);
	return done;
}

void cast_abandon(struct cast *cast)
{
	if (cast == NULL)
		return;
	save_abandon(cast->save);
	destroy(cast);
}
