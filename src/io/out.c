/* The tables of output formats, and the choice of one by a file's suffix. */
#include "io/out.h"

#include <stdio.h>
#include <string.h>

#include "io/out_list.h"

#define FORMAT_ENTRY(name_, summary_, ...) \
	{ .entry.name = #name_, .entry.summary = (summary_), .observation = out_##name_##_observation, __VA_ARGS__ },
static const struct out_format format_list[] = { OUT_FORMAT_LIST(FORMAT_ENTRY) };
const struct table out_formats = TABLE_OF(format_list, "format", "formats");

#define PICTURE_ENTRY(name_, summary_) { .entry.name = #name_, .entry.summary = (summary_), .write = out_##name_##_write },
static const struct out_picture picture_list[] = { OUT_PICTURE_LIST(PICTURE_ENTRY) };
const struct table out_pictures = TABLE_OF(picture_list, "picture format", "picture formats");

const char *out_suffix(const char *path)
{
	const char *slash = strrchr(path, '/'), *dot = strrchr(slash ? slash : path, '.');
	return dot ? dot + 1 : "";
}

const struct entry *out_by_suffix(const struct table *table, const char *noun, const char *path, struct err *err)
{
	const struct entry *entry = table_find(table, out_suffix(path), NULL);
	if (entry)
		return entry;
	char safe[64];
	struct text list = {0};
	for (size_t i = 0; i < table->count; i++)
		text_addf(&list, "%s.%s", i ? ", " : "", table_at(table, i)->name);
	err_set(err, ERR_USAGE, "%s: no %s has this suffix: choose from %s", text_escape(safe, sizeof safe, path), noun,
	        text_string(&list));
	text_free(&list);
	return NULL;
}

const struct out_picture *out_picture_for(const char *path, struct err *err)
{
	if (strcmp(path, "-") == 0)
		return out_picture_find("txt", err);
	const struct entry *entry = out_by_suffix(&out_pictures, "picture format", path, err);
	return entry ? out_picture_from(entry) : NULL;
}

const struct out_format *out_format_for(const char *path)
{
	return path ? out_format_find(out_suffix(path), NULL) : NULL;
}
