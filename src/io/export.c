/* Screens and runs as files.  Knows formats and saving, not who asks. */
#include "io/export.h"

#include <string.h>

#include "base/text.h"
#include "io/out.h"
#include "io/save.h"
#include "io/script.h"

static bool write_text(struct text *text, const char *path, struct err *err)
{
	char safe[80];
	if (!text_check(text, err))
		return false;
	if (script_is_open(path))
		return err_set(err, ERR_USAGE, "%s: is the script that is being run: choose another file",
		               text_escape(safe, sizeof safe, path));
	return save_whole(path, text_string(text), text->length, err);
}

bool export_screen(const struct canvas *canvas, const struct palette *palette, const char *path, struct err *err)
{
	const struct out_picture *picture = out_picture_for(path, err);
	if (picture == NULL)
		return false;
	if (palette == NULL)
		palette = (const struct palette *)(const void *)table_at(&palettes, 0);
	struct text text = {0};
	picture->write(&text, canvas, palette);
	bool written = write_text(&text, path, err);
	text_free(&text);
	return written;
}

/* JSON lines, except where the suffix asks for another format by its name. */
static const struct out_format *run_format(const char *path)
{
	const struct out_format *format = out_format_for(path);
	return format ? format : (const struct out_format *)(const void *)table_find(&out_formats, "json", NULL);
}

bool export_run(const struct history *history, const char *path, struct err *err)
{
	const struct out_format *format = run_format(path);
	struct text text = {0};
	if (format->begin && history->count)
		format->begin(&text, history->snapshot[0]);
	for (size_t i = 0; i < history->count; i++)
		format->observation(&text, history->snapshot[i]);
	bool written = write_text(&text, path, err);
	text_free(&text);
	return written;
}
