/* The built-in digits: chooses a way to write the digit, varies it as handwriting
 * varies, and draws it.  Images are independent of each other: an image is
 * determined by its seed and number, in integer arithmetic.
 *
 * Lengths are fixed-point numbers: UNIT to a step of the glyph box, PIXEL to a
 * pixel of the image.  Factors are in parts of ONE.
 *
 * The constants below were chosen so that 784 E[x^2], mean, standard deviation
 * and the spread of the squared norm are those of MNIST's training images
 * (87.8, 0.1307, 0.3081, 31.9), which decide what a first layer receives. */
#include "data/digits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "data/digits_strokes.h"

enum {
	UNIT = 16,
	PIXEL = 256,
	ONE = 1024,
	MIDDLE = DIGITS_SIDE * PIXEL / 2,
	SPAN = 8,                /* path points from one control point to the next */
	BOX = 20 * PIXEL,        /* the longer side of the inked area, as in MNIST */
	SPACING = PIXEL * 2 / 5, /* of the discs that make up a stroke */
	MAX_PATH = STROKES_MAX_POINTS * SPAN,
	MAX_DISCS = 512,
};

/* Means and standard deviations of the properties that vary between writers. */
enum {
	SHAKE = 58,   /* random displacement of a point */
	DRAG = 500,   /* share of that displacement which the next point keeps */
	WIDTH = 1000, /* factor on the width of the glyph */
	WIDTH_DEVIATION = 200,
	SLANT = 200, /* sideways per upwards */
	SLANT_DEVIATION = 240,
	TURN_DEVIATION = 130, /* of the baseline */
	BEND_DEVIATION = 220, /* at the edge of the box, per half its height */
	RADIUS = 350,         /* of the pen */
	RADIUS_DEVIATION = 87,
	RADIUS_LEAST = 110,
	PRESS_DEVIATION = 16, /* of the radius, per pixel */
	EDGE = 134,           /* half the width of the soft edge */
};

struct point {
	int32_t x, y;
	bool begins; /* the pen was up on the way here */
};

struct disc {
	int32_t x, y, radius;
};

/* ---- random numbers ---- */

/* SplitMix64 (Steele, Lea, Flood 2014): a counter and a mixing function. */
static uint64_t next(uint64_t *state)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15u;
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

static uint64_t stream_of(uint64_t seed, uint64_t index)
{
	uint64_t state = seed ^ 0x6469676974730000u;
	state = next(&state) ^ index;
	return next(&state);
}

/* 0 <= result < limit */
static uint32_t below(uint64_t *state, uint32_t limit)
{
	return (uint32_t)((next(state) >> 32) * limit >> 32);
}

/* Nearly normal around 0 with standard deviation `deviation`: the sum of four
 * uniform numbers, so never beyond 3.47 deviations. */
static int32_t around_zero(uint64_t *state, int32_t deviation)
{
	uint64_t bits = next(state);
	int64_t sum = (int64_t)(bits & 0xFFFF) + (int64_t)(bits >> 16 & 0xFFFF) + (int64_t)(bits >> 32 & 0xFFFF) +
	              (int64_t)(bits >> 48) - 2 * 0xFFFF;
	return (int32_t)(sum * deviation / 37837); /* 65536 sqrt(4 / 12) */
}

/* ---- the path of the pen ---- */

static const struct glyph *choose_glyph(int digit, uint64_t *state)
{
	uint32_t total = 0;
	const struct glyph *glyph = &strokes_glyphs[strokes_first[digit]];
	for (size_t i = strokes_first[digit]; i < strokes_first[digit + 1]; i++)
		total += strokes_glyphs[i].weight;
	for (uint32_t ticket = below(state, total); ticket >= glyph->weight; glyph++)
		ticket -= glyph->weight;
	return glyph;
}

/* The glyph's points around the middle of the box, each displaced at random
 * together with the next; the two points of a corner stay equal. Returns how many. */
static size_t place_points(struct point out[STROKES_MAX_POINTS], const struct glyph *glyph, uint64_t *state)
{
	size_t count = 0;
	int32_t off_x = 0, off_y = 0;
	bool begins = true;
	for (size_t i = 0; i < glyph->count; i++) {
		int32_t x = glyph->point[i].x, y = glyph->point[i].y;
		if (x == STROKES_PEN_UP) {
			begins = true;
			continue;
		}
		bool corner = !begins && x == glyph->point[i - 1].x && y == glyph->point[i - 1].y;
		if (!corner) {
			off_x = off_x * DRAG / ONE + around_zero(state, SHAKE);
			off_y = off_y * DRAG / ONE + around_zero(state, SHAKE);
		}
		out[count++] = (struct point){ .x = (x - STROKES_WIDTH / 2) * UNIT + off_x,
		                               .y = (y - STROKES_HEIGHT / 2) * UNIT + off_y,
		                               .begins = begins };
		begins = false;
	}
	return count;
}

/* Catmull-Rom spline between b and c, k of SPAN steps on the way. */
static int32_t spline(int32_t a, int32_t b, int32_t c, int32_t d, int32_t k)
{
	int32_t value = 2 * b * SPAN * SPAN * SPAN + (c - a) * k * SPAN * SPAN +
	                (2 * a - 5 * b + 4 * c - d) * k * k * SPAN + (3 * b - a - 3 * c + d) * k * k * k;
	return value / (2 * SPAN * SPAN * SPAN);
}

static size_t draw_path(struct point path[MAX_PATH], const struct point *point, size_t count)
{
	size_t length = 0;
	for (size_t i = 0; i < count; i++) {
		path[length++] = point[i];
		if (i + 1 == count || point[i + 1].begins)
			continue;
		const struct point *b = &point[i], *c = b + 1;
		const struct point *a = b->begins ? b : b - 1;
		const struct point *d = i + 2 == count || c[1].begins ? c : c + 1;
		for (int32_t k = 1; k < SPAN; k++)
			path[length++] = (struct point){ .x = spline(a->x, b->x, c->x, d->x, k),
			                                 .y = spline(a->y, b->y, c->y, d->y, k) };
	}
	return length;
}

/* The variations of a writer: width, slant, rotation and a slight bend. */
static void write_by_hand(struct point *path, size_t length, uint64_t *state)
{
	int32_t width = WIDTH + around_zero(state, WIDTH_DEVIATION);
	int32_t slant = SLANT + around_zero(state, SLANT_DEVIATION);
	int32_t turn = around_zero(state, TURN_DEVIATION);
	int32_t bend[4];
	for (size_t i = 0; i < 4; i++)
		bend[i] = around_zero(state, BEND_DEVIATION);
	const int32_t half = STROKES_HEIGHT / 2 * UNIT;
	for (size_t i = 0; i < length; i++) {
		int32_t x = path[i].x, y = path[i].y;
		int32_t bent_x = x + (bend[0] * (y * y / half) + bend[1] * (x * y / half)) / ONE;
		int32_t bent_y = y + (bend[2] * (x * x / half) + bend[3] * (x * y / half)) / ONE;
		x = bent_x * width / ONE - bent_y * slant / ONE;
		y = bent_y;
		path[i].x = x - y * turn / ONE;
		path[i].y = y + x * turn / ONE;
	}
}

/* ---- ink ---- */

struct box {
	int32_t left, right, top, bottom;
};

static struct box box_of(const struct point *path, size_t length)
{
	struct box box = { path[0].x, path[0].x, path[0].y, path[0].y };
	for (size_t i = 1; i < length; i++) {
		if (path[i].x < box.left)
			box.left = path[i].x;
		if (path[i].x > box.right)
			box.right = path[i].x;
		if (path[i].y < box.top)
			box.top = path[i].y;
		if (path[i].y > box.bottom)
			box.bottom = path[i].y;
	}
	return box;
}

/* Scales the path until the ink, `radius` wide around it, fills the BOX, and
 * brings it to the middle of the image. */
static void fit(struct point *path, size_t length, int32_t radius)
{
	struct box box = box_of(path, length);
	int32_t width = box.right - box.left, height = box.bottom - box.top;
	int32_t side = width > height ? width : height;
	for (size_t i = 0; i < length; i++) {
		path[i].x = MIDDLE + (2 * (path[i].x - box.left) - width) * (BOX / 2 - radius) / side;
		path[i].y = MIDDLE + (2 * (path[i].y - box.top) - height) * (BOX / 2 - radius) / side;
	}
}

/* Puts discs along the path, less than SPACING apart by either axis. */
static size_t lay_discs(struct disc disc[MAX_DISCS], const struct point *path, size_t length, int32_t radius)
{
	size_t count = 0;
	for (size_t i = 0; i < length; i++) {
		bool ends = i + 1 == length || path[i + 1].begins;
		int32_t dx = ends ? 0 : path[i + 1].x - path[i].x, dy = ends ? 0 : path[i + 1].y - path[i].y;
		int32_t steps = (abs(dx) > abs(dy) ? abs(dx) : abs(dy)) / SPACING + 1;
		for (int32_t k = 0; k < steps && count < MAX_DISCS; k++)
			disc[count++] = (struct disc){ path[i].x + dx * k / steps, path[i].y + dy * k / steps, radius };
	}
	return count;
}

/* The pen presses harder on one side of the image than on the other. */
static void press(struct disc *disc, size_t count, uint64_t *state)
{
	int32_t right = around_zero(state, PRESS_DEVIATION), down = around_zero(state, PRESS_DEVIATION);
	for (size_t i = 0; i < count; i++) {
		int32_t share = ONE + ((disc[i].x - MIDDLE) * right + (disc[i].y - MIDDLE) * down) / PIXEL;
		disc[i].radius = disc[i].radius * (share > ONE / 2 ? share : ONE / 2) / ONE;
	}
}

/* The first pixel whose centre is not before `position`, kept in the image. */
static int32_t pixel_from(int32_t position)
{
	int32_t pixel = (position + PIXEL / 2 - 1) / PIXEL;
	return position < 0 ? 0 : pixel > DIGITS_SIDE ? DIGITS_SIDE : pixel;
}

/* For every pixel the least d^2 - r^2 over all discs, d being the distance of
 * its centre from the disc's; `far` where no disc comes near. */
static void measure(int32_t least[DIGITS_PIXELS], const struct disc *disc, size_t count, int32_t far)
{
	for (size_t i = 0; i < DIGITS_PIXELS; i++)
		least[i] = far;
	for (size_t i = 0; i < count; i++) {
		int32_t reach = disc[i].radius + EDGE, inside = disc[i].radius * disc[i].radius;
		int32_t left = pixel_from(disc[i].x - reach), right = pixel_from(disc[i].x + reach);
		int32_t top = pixel_from(disc[i].y - reach), bottom = pixel_from(disc[i].y + reach);
		for (int32_t y = top; y < bottom; y++) {
			int32_t dy = y * PIXEL + PIXEL / 2 - disc[i].y;
			int32_t *row = &least[y * DIGITS_SIDE];
			for (int32_t x = left; x < right; x++) {
				int32_t dx = x * PIXEL + PIXEL / 2 - disc[i].x;
				int32_t power = dx * dx + dy * dy - inside;
				row[x] = power < row[x] ? power : row[x];
			}
		}
	}
}

/* Black inside, white outside, and in between a soft edge: (d^2 - r^2) / 2r is
 * the distance d - r from the edge to first order, without a root.  Only the pixels
 * of the edge, a tenth of all, need the divisions. */
static void ink(uint8_t pixel[DIGITS_PIXELS], const struct disc *disc, size_t count, int32_t radius)
{
	int32_t least[DIGITS_PIXELS], far = 2 * radius * EDGE;
	measure(least, disc, count, far);
	for (size_t i = 0; i < DIGITS_PIXELS; i++) {
		if (least[i] >= far || least[i] <= -far) {
			pixel[i] = least[i] < 0 ? 255 : 0;
			continue;
		}
		int32_t outside = least[i] / (2 * radius);
		int32_t shade = 255 * (EDGE - outside) / (2 * EDGE);
		pixel[i] = (uint8_t)(shade < 0 ? 0 : shade > 255 ? 255 : shade);
	}
}

/* How many pixels to move for the centre of mass to come to the middle, rounded;
 * mass[] is that of the columns or of the rows. */
static int32_t move_for(const int32_t mass[DIGITS_SIDE])
{
	int32_t sum = 0, moment = 0; /* about the middle, in half pixels */
	for (int32_t i = 0; i < DIGITS_SIDE; i++) {
		sum += mass[i];
		moment += mass[i] * (2 * i + 1 - DIGITS_SIDE);
	}
	return (sum - moment + 2 * sum * DIGITS_SIDE) / (2 * sum) - DIGITS_SIDE;
}

/* Copies the image, moved by whole pixels until its centre of mass is in the
 * middle, as MNIST was made. */
static void centre(uint8_t out[DIGITS_PIXELS], const uint8_t drawn[DIGITS_PIXELS])
{
	int32_t column[DIGITS_SIDE] = {0}, row[DIGITS_SIDE] = {0};
	for (int32_t y = 0; y < DIGITS_SIDE; y++) {
		for (int32_t x = 0; x < DIGITS_SIDE; x++) {
			column[x] += drawn[y * DIGITS_SIDE + x];
			row[y] += drawn[y * DIGITS_SIDE + x];
		}
	}
	int32_t right = move_for(column), down = move_for(row);
	for (int32_t y = 0; y < DIGITS_SIDE; y++) {
		for (int32_t x = 0; x < DIGITS_SIDE; x++) {
			int32_t from_x = x - right, from_y = y - down;
			bool inside = from_x >= 0 && from_x < DIGITS_SIDE && from_y >= 0 && from_y < DIGITS_SIDE;
			out[y * DIGITS_SIDE + x] = inside ? drawn[from_y * DIGITS_SIDE + from_x] : 0;
		}
	}
}

int digits_label(uint64_t seed, uint64_t index)
{
	uint64_t state = stream_of(~seed, index / 10);
	int order[10] = {0};
	for (int i = 0; i < 10; i++) { /* a shuffle that fills as it goes */
		uint32_t j = below(&state, (uint32_t)i + 1);
		order[i] = order[j];
		order[j] = i;
	}
	return order[index % 10];
}

int digits_draw(uint8_t *pixel, uint64_t seed, uint64_t index)
{
	int digit = digits_label(seed, index);
	uint64_t state = stream_of(seed, index);
	struct point point[STROKES_MAX_POINTS], path[MAX_PATH];
	struct disc disc[MAX_DISCS];
	size_t points = place_points(point, choose_glyph(digit, &state), &state);
	size_t length = draw_path(path, point, points);
	write_by_hand(path, length, &state);
	int32_t radius = RADIUS + around_zero(&state, RADIUS_DEVIATION);
	if (radius < RADIUS_LEAST)
		radius = RADIUS_LEAST;
	fit(path, length, radius);
	size_t discs = lay_discs(disc, path, length, radius);
	press(disc, discs, &state);
	uint8_t drawn[DIGITS_PIXELS];
	ink(drawn, disc, discs, radius);
	centre(pixel, drawn);
	return digit;
}
