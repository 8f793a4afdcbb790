/* Where the parts of the screen are. */
#include "app/layout.h"

/* Rows of the screen from which there is a row for the cause. */
#define WITH_CAUSE 17

/* The next `height` rows. */
static struct rect next_rows(int *y, int width, int height)
{
	struct rect rect = { 0, *y, width, height };
	*y += height;
	return rect;
}

/* The verdict, the step, and all the rest for the view. */
static struct layout presentation(int width, int height)
{
	int y = 0;
	struct layout layout;
	layout.what = next_rows(&y, width, 1);
	layout.header = next_rows(&y, width, 1);
	layout.why = next_rows(&y, width, 0);
	layout.view = next_rows(&y, width, height - y);
	layout.numbers = layout.advice = layout.hints = next_rows(&y, width, 0);
	return layout;
}

struct layout layout_of(const struct screen *screen)
{
	int width = screen->width, height = screen->height;
	if (screen->present)
		return presentation(width, height);
	int cause = height >= WITH_CAUSE, y = 0;
	struct layout layout;
	layout.header = next_rows(&y, width, 1);
	layout.what = next_rows(&y, width, 1);
	layout.why = next_rows(&y, width, cause);
	layout.view = next_rows(&y, width, height - y - 3);
	layout.numbers = next_rows(&y, width, 1);
	layout.advice = next_rows(&y, width, 1);
	layout.hints = next_rows(&y, width, 1);
	return layout;
}
