/* Counting labels. */
#include "data/labels.h"

#include "base/text.h"

void labels_count(struct labels *labels, const uint8_t *label, size_t count, const char *file)
{
	for (size_t k = 0; k < count; k++) {
		if (labels->file == NULL || label[k] > labels->largest) {
			labels->largest = label[k];
			labels->file = file;
			labels->first = k;
		}
		labels->samples[label[k]]++;
	}
}

unsigned labels_classes(const struct labels *labels)
{
	return labels->largest < 1 ? 2 : labels->largest + 1;
}

/* "0, 10-254": the labels below the largest that no sample has. */
static void list_absent(struct text *text, const struct labels *labels)
{
	for (unsigned from = 0, to; from < labels->largest; from = to + 1) {
		for (to = from; labels->samples[to] == 0; to++) /* ends at the largest, which occurs */
			;
		if (to > from)
			text_addf(text, "%s%u", text->length ? ", " : "", from);
		if (to > from + 1)
			text_addf(text, "-%u", to - 1);
	}
}

bool labels_check_gaps(const struct labels *labels, const char *noun, const char *safe, const struct warnings **warnings,
                       struct err *err)
{
	struct text absent = {0};
	list_absent(&absent, labels);
	size_t largest = labels->samples[labels->largest];
	bool done = text_check(&absent, err) &&
	            (absent.length == 0 ||
	             warnings_add(warnings, err, "%s: %u classes, because the largest label is %u (%zu %s%s, the first is "
	                          "number %zu of %s), but no %s has a label of %s", safe, labels_classes(labels), labels->largest,
	                          largest, noun, largest == 1 ? "" : "s", labels->first, labels->file, noun,
	                          text_string(&absent)));
	text_free(&absent);
	return done;
}
