/* Writes screens and runs to files. */
#include "io/export.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/text.h"
#include "nn/mat.h"
#include "nn/rng.h"
#include "io/lesson_file.h"
#include "io/out.h"
#include "io/out_observation.h"
#include "io/out_tensors.h"
#include "io/save.h"

/* ---- screens ---- */

bool export_screen(const struct canvas *canvas, const struct palette *palette, const char *path, struct err *err)
{
	const struct out_picture *picture = out_picture_for(path, err);
	if (picture == NULL)
		return false;
	if (palette == NULL)
		palette = palette_at(0);
	struct text text = {0};
	picture->write(&text, canvas, palette);
	bool written = text_check(&text, err) && save_whole(path, text_string(&text), text.length, err);
	text_free(&text);
	return written;
}

/* ---- runs ---- */

static bool write_piece(struct save *save, struct text *text, struct err *err)
{
	bool written = text_check(text, err) && save_write(save, text_string(text), text->length, err);
	text_clear(text);
	return written;
}

/* In a format that can be replayed, what is written is a saved run, which in_run.h reads. */
static bool write_run(struct save *save, const struct history *history, const struct out_format *format,
                      struct text *text, struct err *err)
{
	if (format->replayable)
		out_json_run(text, history);
	else if (format->begin)
		format->begin(text, history->snapshot[0]);
	bool written = write_piece(save, text, err);
	for (size_t i = 0; i < history->count && written; i++) {
		format->observation(text, history->snapshot[i], history_start(history));
		written = write_piece(save, text, err);
	}
	return written;
}

/* By the path's suffix; JSON lines, which can be replayed, for any other. */
static const struct out_format *format_of_run(const char *path)
{
	const struct out_format *format = out_format_for(path);
	for (size_t i = 0; format == NULL && i < out_formats.count; i++)
		if (out_format_at(i)->replayable)
			format = out_format_at(i);
	return format;
}

bool export_run(const struct history *history, const char *path, struct err *err)
{
	const struct out_format *format = format_of_run(path);
	if (history->count == 0)
		return err_set(err, ERR_RUN, "there is no observation to save yet: wait until the images are loaded");
	struct save *save = save_open(path, err);
	if (save == NULL)
		return false;
	struct text text = {0};
	bool written = write_run(save, history, format, &text, err);
	text_free(&text);
	if (written)
		return save_commit(save, err);
	save_abandon(save);
	return false;
}

/* ---- for the app ---- */

/* Finished bytes, to be written by the writer's thread. */
static bool write_text(void *content, const char *path, struct err *err)
{
	const struct text *text = content;
	return save_whole(path, text_string(text), text->length, err);
}

static void drop_text(void *content)
{
	text_free(content);
	alloc_free(content);
}

static bool write_history(void *content, const char *path, struct err *err)
{
	return export_run(content, path, err);
}

static void drop_history(void *content)
{
	history_clear(content);
	alloc_free(content);
}

static bool save_screen(void *context, const struct canvas *canvas, const char *path, struct err *err)
{
	struct export *export = context;
	if (export->writer == NULL)
		return export_screen(canvas, export->palette, path, err);
	const struct out_picture *picture = out_picture_for(path, err);
	struct text *text = picture ? alloc_array(1, sizeof *text, err) : NULL;
	if (text == NULL)
		return false;
	picture->write(text, canvas, export->palette ? export->palette : palette_at(0));
	if (text_check(text, err))
		return writer_give(export->writer, path, &(struct writer_task){ write_text, drop_text, text }, &export->pending, err);
	drop_text(text);
	return false;
}

/* The observations are shared with the writer's thread, not copied. */
static bool save_run(void *context, const struct history *history, const char *path, struct err *err)
{
	struct export *export = context;
	if (export->writer == NULL)
		return export_run(history, path, err);
	struct history *kept = alloc_array(1, sizeof *kept, err);
	if (kept == NULL)
		return false;
	kept->limit = SIZE_MAX;
	bool done = true;
	for (size_t i = 0; done && i < history->count; i++)
		done = history_add(kept, history->snapshot[i], err);
	for (size_t i = 0; done && i < history->edits; i++)
		done = history_note(kept, &history->edit[i], err);
	if (done)
		return writer_give(export->writer, path, &(struct writer_task){ write_history, drop_history, kept }, &export->pending, err);
	drop_history(kept);
	return false;
}

static const char *run_format(void *context, const char *path)
{
	(void)context;
	return format_of_run(path)->title;
}

static bool write_tensors(void *content, const char *path, struct err *err)
{
	return out_tensors(content, path, err);
}

static void drop_tensors(void *content)
{
	tensors_destroy(content);
}

static bool save_tensors(void *context, struct tensors *tensors, const char *path, struct err *err)
{
	struct export *export = context;
	if (export->writer && tensor_format_for(path, err))
		return writer_give(export->writer, path, &(struct writer_task){ write_tensors, drop_tensors, tensors },
		                   &export->pending, err);
	bool written = export->writer == NULL && out_tensors(tensors, path, err);
	tensors_destroy(tensors);
	return written;
}

static bool is_saving(void *context)
{
	return ((const struct export *)context)->pending;
}

static bool take_saved(void *context, struct saved *saved)
{
	const struct export *export = context;
	struct writer_result result;
	if (export->writer == NULL || !writer_take_result(export->writer, &result))
		return false;
	*saved = (struct saved){ .done = result.written, .err = result.err };
	snprintf(saved->name, sizeof saved->name, "%s", result.name);
	return true;
}

static bool file_exists(void *context, const char *path)
{
	const struct export *export = context;
	struct stat file;
	return lstat(path, &file) == 0 || (export->writer && writer_is_writing(export->writer, path));
}

static bool choose_palette(void *context, const struct palette *palette, struct err *err)
{
	struct export *export = context;
	if (!export->colour)
		return err_set(err, ERR_USAGE, "palette: colours are off: --color always turns them on");
	export->palette = palette;
	if (export->restyle)
		export->restyle(palette);
	return true;
}

static struct lesson *read_lesson(void *context, const char *name, struct err *err)
{
	(void)context;
	return lesson_file_read(name, err);
}

static void list_lessons(void *context, struct text *names)
{
	(void)context;
	lesson_file_list(names, false);
}

struct app_services export_services(struct export *export)
{
	snprintf(export->computing, sizeof export->computing, "Matrix products: %s, core %s: %s.\nRandom numbers: PCG32 (%s).",
	         mat_library(), mat_core(), mat_core_reason(), rng_library());
	return (struct app_services){
		.save_screen = save_screen, .save_run = save_run, .run_format = run_format, .save_tensors = save_tensors, .is_saving = is_saving, .take_saved = take_saved,
		.file_exists = file_exists, .choose_palette = choose_palette,
		.read_lesson = read_lesson, .list_lessons = list_lessons,
		.palette = export->palette, .computing = export->computing, .context = export,
	};
}
