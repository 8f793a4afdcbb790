/* The Images view: the images of the probe with what the net says of them, which classes it
 * confuses, and the weights of a unit of layer 1 as a picture. */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "base/text.h"
#include "draw/glyphs.h"
#include "draw/pixels.h"
#include "draw/readout_line.h"
#include "view/view_list.h"

#define MATRIX_CELLS 3   /* of one count */
#define MATRIX_CLASSES 12 /* more are shown as pairs */
#define PAIRS_WIDTH 28
#define PAIRS_MOST 32

/* ---- layout ---- */

struct layout {
	struct rect title;
	struct rect pictures;       /* rows of pictures with a caption each, or of strips */
	int width, height;          /* of one picture; 0: strips */
	struct rect unit;           /* height 0: absent */
	struct rect confusion;      /* width 0: absent */
	struct rect pairs;          /* one row instead; height 0: absent */
};

static int matrix_width(const struct images *images)
{
	int cells = 3 + MATRIX_CELLS * (int)images->classes;
	return images->classes > MATRIX_CLASSES || cells < PAIRS_WIDTH ? PAIRS_WIDTH : cells;
}

/* The largest picture of which three fit side by side, with one below another. */
static void fit_pictures(struct layout *layout, const struct images *images, int width, int height)
{
	int full = (int)images->pixels->side;
	if (full == 0)
		return;
	for (layout->width = full; layout->width > 8 && (3 * (layout->width + 1) > width + 1 || 2 * (layout->width / 2 + 1) > height);)
		layout->width = (layout->width + 1) / 2;
	layout->height = (layout->width + 1) / 2;
	if (layout->height > height - 1)
		layout->height = height > 1 ? height - 1 : 1;
	layout->width = layout->width < 2 * layout->height ? layout->width : 2 * layout->height;
}

static struct layout layout_of(const struct images *images, struct rect area)
{
	struct layout layout = { .title = { area.x + 1, area.y, area.width - 2, 1 } };
	int y = area.y + 1, height = area.height - 1, matrix = matrix_width(images), width = area.width - 2;
	if (images->confusion && area.width >= matrix + 34 && height >= 8) {
		layout.confusion = (struct rect){ area.x + area.width - matrix - 1, y, matrix, height };
		width -= matrix + 1;
	} else if (images->confusion && height >= 5) {
		height--;
		layout.pairs = (struct rect){ area.x + 1, y + height, area.width - 2, 1 };
	}
	fit_pictures(&layout, images, width, height);
	int unit = layout.height ? layout.height + 1 : height >= 16 ? 7 : height >= 8 ? 3 : 0;
	if (layout.height && height < unit + layout.height + 1)
		unit = 0;
	layout.pictures = (struct rect){ area.x + 1, y, width, height - unit };
	layout.unit = (struct rect){ area.x + 1, y + height - unit, width, unit };
	return layout;
}

/* ---- the images ---- */

/* "7 98 %" for a right answer, "7→9 63 %" for a wrong one; without the probability where that
 * does not fit. */
static enum role caption_of(char out[48], const struct images *images, size_t i, int room)
{
	const struct images_answer *answer = &images->answer[i];
	char share[NUMBER_SIZE];
	number_share(share, (double)answer->probability);
	if (answer->predicted == images->classes)
		snprintf(out, 48, "%u→NaN", answer->label);
	else if (answer->predicted == answer->label)
		snprintf(out, 48, "%u%s%s", answer->label, room >= 8 ? " " : "", room >= 8 ? share : "");
	else
		snprintf(out, 48, "%u→%u%s%s", answer->label, answer->predicted, room >= 10 ? " " : "", room >= 10 ? share : "");
	return answer->predicted == images->classes ? ROLE_ALARM : answer->predicted == answer->label ? ROLE_GOOD : ROLE_NOTE;
}

/* The first image that is visible, in whole pages, so that pictures stay where they are. */
static size_t first_of(const struct images *images, size_t visible)
{
	return visible ? images->image / visible * visible : 0;
}

static void fill_probe(struct canvas *canvas, struct rect rect, const struct images *images, size_t i)
{
	struct canvas_probe *probe = canvas_probe_in(canvas, rect);
	char share[NUMBER_SIZE];
	if (probe == NULL)
		return;
	const struct images_answer *answer = &images->answer[i];
	snprintf(probe->words, sizeof probe->words, "image %zu: truth %u, prediction %u; the net gives the truth %s", i + 1, answer->label,
	         answer->predicted, number_share(share, (double)answer->truth));
	snprintf(probe->command, sizeof probe->command, "image %zu", i + 1);
}

static void draw_picture(const struct images *images, const struct layout *layout, struct canvas *canvas, int x, int y, size_t i)
{
	char caption[48];
	enum role role = caption_of(caption, images, i, layout->width);
	const uint8_t *grey = images->pixels->grey + i * images->pixels->pixels;
	pixels_draw(canvas, (struct rect){ x, y, layout->width, layout->height }, grey, images->pixels->side);
	if (i == images->image) {
		canvas_put(canvas, x - 1, y + layout->height, glyph(GLYPH_RIGHT, canvas->ascii), ROLE_KEY);
		role = ROLE_SELECTED;
	}
	canvas_text(canvas, x, y + layout->height, layout->width, role, caption);
	fill_probe(canvas, (struct rect){ x, y, layout->width, layout->height + 1 }, images, i);
}

static void draw_pictures(const struct images *images, const struct layout *layout, struct canvas *canvas)
{
	const struct rect area = layout->pictures;
	int columns = (area.width + 1) / (layout->width + 1), rows = area.height / (layout->height + 1);
	size_t visible = columns > 0 && rows > 0 ? (size_t)columns * (size_t)rows : 0, first = first_of(images, visible);
	for (size_t k = 0; k < visible && first + k < images->count; k++)
		draw_picture(images, layout, canvas, area.x + (int)(k % (size_t)columns) * (layout->width + 1),
		             area.y + (int)(k / (size_t)columns) * (layout->height + 1), first + k);
}

/* Data that are no square pictures: a row of shades for each sample. */
static void draw_strips(const struct images *images, const struct layout *layout, struct canvas *canvas)
{
	enum { CAPTION = 19 };
	const struct rect area = layout->pictures;
	size_t first = first_of(images, (size_t)(area.height > 0 ? area.height : 0)), pixels = images->pixels->pixels;
	for (int y = 0; y < area.height && first + (size_t)y < images->count; y++) {
		size_t i = first + (size_t)y;
		char caption[48];
		enum role role = caption_of(caption, images, i, CAPTION - 6);
		int x = canvas_textf(canvas, area.x, area.y + y, 6, i == images->image ? ROLE_SELECTED : ROLE_LABEL, "%4zu", i + 1);
		canvas_text(canvas, x + 1, area.y + y, CAPTION - 6, role, caption);
		pixels_draw_strip(canvas, area.x + CAPTION, area.y + y, area.width - CAPTION, images->pixels->grey + i * pixels, pixels);
		fill_probe(canvas, (struct rect){ area.x, area.y + y, area.width, 1 }, images, i);
	}
}

/* ---- the unit ---- */

static void draw_scale(struct canvas *canvas, int x, int y, int end, double most)
{
	char number[NUMBER_SIZE];
	number_brief(number, most);
	if (x + 2 * canvas_text_cells(canvas, number) + 4 + 2 * PIXELS_SIGNED_STEPS > end)
		return;
	x = canvas_textf(canvas, x, y, end - x, ROLE_AXIS, "-%s ", number);
	for (int step = -PIXELS_SIGNED_STEPS; step <= PIXELS_SIGNED_STEPS; step++)
		if (step)
			pixels_put_signed(canvas, x++, y, step);
	canvas_textf(canvas, x + 1, y, end - x - 1, ROLE_AXIS, "+%s", number);
}

/* Beside the picture, as far as there is room. */
static void draw_words(const struct scene *scene, struct canvas *canvas, struct rect area)
{
	const struct images *images = scene->now->images;
	const struct images_answer *answer = &images->answer[images->image];
	const struct images_marks *marks = &images->marks[0];
	char one[NUMBER_SIZE], other[NUMBER_SIZE];
	int y = area.y, end = area.y + area.height;
	if (y < end)
		canvas_textf(canvas, area.x, y++, area.width, ROLE_SELECTED, "image %zu of %zu", images->image + 1, images->count);
	if (y < end)
		canvas_textf(canvas, area.x, y++, area.width, ROLE_READOUT, "truth %u: p %s", answer->label, number_share(one, (double)answer->truth));
	if (y < end && answer->predicted != answer->label)
		canvas_textf(canvas, area.x, y++, area.width, ROLE_READOUT, "says %u: p %s", answer->predicted, number_share(one, (double)answer->probability));
	if (y < end)
		canvas_textf(canvas, area.x, y++, area.width, ROLE_LABEL, "z of layer 1: %s ± %s", number_brief(one, (double)marks->z_mean),
		             number_brief(other, sqrt(fmax(0, (double)marks->z_mean_square - (double)marks->z_mean * (double)marks->z_mean))));
	if (y < end)
		canvas_text(canvas, area.x, y, area.width, ROLE_LABEL, "Enter marks it in Layers");
}

static void draw_unit(const struct scene *scene, const struct layout *layout, struct canvas *canvas)
{
	const struct images *images = scene->now->images;
	const struct rect area = layout->unit;
	if (area.height < 2)
		return;
	int x = canvas_textf(canvas, area.x, area.y, area.width, ROLE_TITLE, "weights of unit %zu of %zu", images->unit + 1, scene->now->layer[0].fan_out);
	if (layout->height == 0) {
		canvas_text(canvas, area.x, area.y + 1, area.width, ROLE_LABEL, "no picture: the inputs are no square image");
		draw_words(scene, canvas, (struct rect){ area.x, area.y + 2, area.width, area.height - 2 });
		return;
	}
	struct rect picture = { area.x, area.y + 1, layout->width, layout->height };
	double most = pixels_draw_signed(canvas, picture, images->weight, images->pixels->side);
	draw_scale(canvas, x + 2, area.y, area.x + area.width, most);
	draw_words(scene, canvas, (struct rect){ area.x + layout->width + 2, area.y + 1, area.width - layout->width - 2, area.height - 1 });
}

/* ---- confusions ---- */

static const char *name_of_images(const struct images *images)
{
	return images->test ? "test images" : "of the probe";
}

static void draw_pairs(const struct images *images, struct canvas *canvas, struct rect area, size_t skip)
{
	struct images_pair pair[PAIRS_MOST];
	size_t found = images_confused_pairs(pair, PAIRS_MOST, images);
	if (area.height > 0 && found == 0)
		canvas_text(canvas, area.x, area.y, area.width, ROLE_LABEL, "none is confused");
	for (int y = 0; y < area.height && (size_t)y + skip < found; y++)
		canvas_textf(canvas, area.x, area.y + y, area.width, ROLE_READOUT, "%zu→%zu  %u", pair[y].label, pair[y].predicted, pair[y].count);
}

static void draw_count(struct canvas *canvas, int x, int y, uint32_t count, bool right, bool largest)
{
	char digits[16];
	snprintf(digits, sizeof digits, "%u", count);
	if (count == 0)
		canvas_put(canvas, x + MATRIX_CELLS - 1, y, glyph(GLYPH_DOT, canvas->ascii), ROLE_AXIS);
	else
		canvas_text_right(canvas, x + MATRIX_CELLS, y, MATRIX_CELLS, right ? ROLE_GOOD : largest ? ROLE_NOTE : ROLE_READOUT, digits);
}

/* In hundredths of the row's images where the counts would not fit. */
static void draw_matrix(const struct images *images, struct canvas *canvas, struct rect area)
{
	const size_t classes = images->classes;
	struct images_pair pair[3];
	size_t found = images_confused_pairs(pair, 3, images);
	bool large = false;
	for (size_t i = 0; i < classes * classes; i++)
		large |= images->confusion[i] > 99;
	canvas_textf(canvas, area.x, area.y, area.width, ROLE_TITLE, "%llu %s%s", (unsigned long long)images->confused, name_of_images(images),
	             large ? ": % of a row" : "");
	for (size_t j = 0; j < classes; j++)
		canvas_textf(canvas, area.x + 3 + MATRIX_CELLS * (int)j, area.y + 1, MATRIX_CELLS, ROLE_AXIS, "%*zu", MATRIX_CELLS, j);
	for (size_t i = 0; i < classes; i++) {
		const uint32_t *row = images->confusion + i * classes;
		uint64_t all = 0;
		for (size_t j = 0; j < classes; j++)
			all += row[j];
		canvas_textf(canvas, area.x, area.y + 2 + (int)i, 2, ROLE_AXIS, "%2zu", i);
		for (size_t j = 0; j < classes; j++) {
			bool largest = false;
			for (size_t k = 0; k < found; k++)
				largest |= pair[k].label == i && pair[k].predicted == j;
			uint32_t shown = large && all ? (uint32_t)((100 * (uint64_t)row[j] + all / 2) / all) : row[j];
			draw_count(canvas, area.x + 3 + MATRIX_CELLS * (int)j, area.y + 2 + (int)i, shown > 99 ? 99 : shown, i == j, largest);
		}
	}
}

static void draw_confusion(const struct images *images, struct canvas *canvas, struct rect area)
{
	const int rows = 2 + (int)images->classes;
	if (images->classes > MATRIX_CLASSES || area.height < rows) {
		canvas_textf(canvas, area.x, area.y, area.width, ROLE_TITLE, "confused, %llu %s", (unsigned long long)images->confused, name_of_images(images));
		draw_pairs(images, canvas, (struct rect){ area.x, area.y + 1, area.width, area.height - 1 }, 0);
		return;
	}
	draw_matrix(images, canvas, area);
	int y = area.y + rows;
	if (y < area.y + area.height)
		canvas_text(canvas, area.x, y++, area.width, ROLE_LABEL, "down: truth  across: answer");
	if (y < area.y + area.height) {
		canvas_text(canvas, area.x, y++, area.width, ROLE_LABEL, "confused most:");
		draw_pairs(images, canvas, (struct rect){ area.x, y, area.width, area.y + area.height - y }, 0);
	}
}

static void draw_pairs_row(const struct images *images, struct canvas *canvas, struct rect row)
{
	struct images_pair pair[PAIRS_MOST];
	size_t found = images_confused_pairs(pair, PAIRS_MOST, images);
	int x = canvas_textf(canvas, row.x, row.y, row.width, ROLE_LABEL, "confused, %llu %s:", (unsigned long long)images->confused, name_of_images(images));
	for (size_t i = 0; i < found && x + 9 < row.x + row.width; i++)
		x = canvas_textf(canvas, x + 1, row.y, row.x + row.width - x - 1, ROLE_READOUT, "%zu→%zu %u", pair[i].label, pair[i].predicted, pair[i].count);
}

/* ---- the view ---- */

static size_t count_right(const struct images *images)
{
	size_t right = 0;
	for (size_t i = 0; i < images->count; i++)
		right += images->answer[i].predicted == images->answer[i].label;
	return right;
}

static void draw_missing(const struct scene *scene, struct canvas *canvas, struct rect area)
{
	bool replay = scene->status && scene->status->replay;
	canvas_text(canvas, area.x + 2, area.y + area.height / 3, area.width - 4, ROLE_TITLE, replay ? "A saved run has no images." : "No images yet.");
	canvas_text(canvas, area.x + 2, area.y + area.height / 3 + 1, area.width - 4, ROLE_LABEL,
	            replay ? "Start initviz without --replay." : "They are measured while this view is open.");
}

void view_images_draw(const struct scene *scene, struct canvas *canvas, struct rect area)
{
	const struct images *images = scene->now->images;
	char share[NUMBER_SIZE];
	if (images == NULL) {
		draw_missing(scene, canvas, area);
		return;
	}
	struct layout layout = layout_of(images, area);
	const size_t right = count_right(images);
	int x = canvas_textf(canvas, layout.title.x, layout.title.y, layout.title.width, ROLE_TITLE, "the probe: %zu images, %s right", images->count,
	                     number_share(share, (double)right / (double)images->count));
	static const char *const keys[] = { "truth→answer, its probability", "truth→answer" };
	readout_fit(canvas, (struct rect){ x + 2, layout.title.y, layout.title.x + layout.title.width - x - 2, 1 }, ROLE_LABEL, keys, 2);
	if (layout.height)
		draw_pictures(images, &layout, canvas);
	else
		draw_strips(images, &layout, canvas);
	draw_unit(scene, &layout, canvas);
	if (layout.confusion.width)
		draw_confusion(images, canvas, layout.confusion);
	if (layout.pairs.height)
		draw_pairs_row(images, canvas, layout.pairs);
}

void view_images_explain(const struct scene *scene, struct text *text)
{
	const struct images *images = scene->now->images;
	text_add(text, "These are the images of the probe, on which all histograms are measured.  Below each is its class; for a wrong "
	         "answer an arrow and the class that the net gives; and the probability that the net gives to its answer.  Left and Right "
	         "pick an image, PgUp and PgDn ten at a time; Enter marks its own z and a on the axes of Layers and Layer, where `image off` "
	         "ends it.  Up and Down pick a unit of layer 1: its weights, one for each pixel, are drawn as a picture, with shades for positive "
	         "weights and dashes for negative ones.  At first they are noise: what an initializer draws has no shape yet.  ");
	if (images == NULL)
		return;
	text_add(text, "z of layer 1 is given for this image as the mean over the units ± their standard deviation.  ");
	text_addf(text, "The table counts %llu images%s: a row for each true class, a column for each answer; right answers are on the "
	          "diagonal.  ", (unsigned long long)images->confused,
	          images->test ? " of the test set" : " of the probe, since the test set is measured only while the run is paused");
	if (images->pixels->side == 0)
		text_addf(text, "The %zu inputs are no square picture: each is one cell of a row, darkest at %.4g, brightest at %.4g.  ",
		          images->pixels->pixels, images->pixels->low, images->pixels->high);
	struct images_pair pair;
	if (images_confused_pairs(&pair, 1, images))
		text_addf(text, "Confused most: class %zu is called %zu, %u times.  ", pair.label, pair.predicted, pair.count);
}
