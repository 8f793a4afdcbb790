/* The images of the probe and the net's answers to them: a part of a snapshot that is made only
 * while someone asks for it. */
#ifndef INITVIZ_LAB_IMAGES_H
#define INITVIZ_LAB_IMAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/histogram.h"

#define IMAGES_MOST 512               /* of the probe; those after are left out */
#define IMAGES_BYTES ((size_t)1 << 20) /* of pixels */
#define IMAGES_CLASSES 64             /* of a confusion matrix, at most */

/* What is asked for. */
struct images_wanted {
	bool any;             /* anything at all */
	uint32_t image, unit; /* from 0; beyond the last: the last */
};

/* Labels and pixels, which do not change while a net trains: shared by its snapshots. */
struct images_pixels {
	unsigned references;
	size_t count, pixels; /* images; pixels of each */
	size_t side;          /* pixels = side * side; 0: they are no square picture */
	double low, high;     /* of x, over all of them: grey 0 and 255; both 0 for no finite value */
	uint8_t *label;       /* [count] */
	uint8_t *grey;        /* (count, pixels) row-major; of NaN 0 */
};

struct images_answer {
	uint16_t label, predicted; /* predicted: the number of classes where all probabilities are NaN */
	float probability, truth;  /* of the predicted class; of the label */
};

/* Where the values of the chosen image lie in a layer's histogram. */
struct images_marks {
	uint8_t z[HISTOGRAM_BINS / 8], a[HISTOGRAM_BINS / 8]; /* bit i % 8 of [i / 8]: a value is in bin i of the observation's histogram */
	float z_mean, z_mean_square, a_mean, a_mean_square;   /* over the units */
};

struct images {
	unsigned references;
	size_t bytes;             /* of this block, without the pixels */
	const struct images_pixels *pixels;
	size_t count, classes, layers, fan_in; /* count: those of pixels */
	size_t image, unit;       /* that the marks and the weights are of */
	bool test;                /* the confusion is over test images, else over the probe */
	uint64_t confused;        /* images in the confusion matrix */
	struct images_answer *answer; /* [count] */
	uint32_t *confusion;      /* (classes, classes): row label, column predicted; NULL for too many classes */
	struct images_marks *marks;   /* [layers] */
	float *weight;            /* [fan_in] of the unit of layer 1 */
};

/* Both one block of memory with one reference.  ERR_RESOURCE. */
struct images_pixels *images_pixels_create(size_t count, size_t pixels, struct err *err);
struct images *images_create(const struct images_pixels *pixels, size_t classes, size_t layers, size_t fan_in, struct err *err);

/* References are counted atomically; NULL is allowed. */
const struct images_pixels *images_pixels_keep(const struct images_pixels *pixels);
void images_pixels_drop(const struct images_pixels *pixels);
void images_drop(const struct images *images);

bool images_same(const struct images_wanted *a, const struct images_wanted *b);

/* Whether a value of the chosen image is in this bin. */
static inline bool images_is_marked(const uint8_t marks[HISTOGRAM_BINS / 8], int bin)
{
	return marks[bin / 8] >> bin % 8 & 1;
}

/* The most frequent confusions, the largest first: up to `most` pairs of a label and another
 * class that was predicted.  Returns how many there are. */
struct images_pair {
	size_t label, predicted;
	uint32_t count;
};
size_t images_confused_pairs(struct images_pair *pair, size_t most, const struct images *images);

#endif
