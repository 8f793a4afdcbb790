/* Blocks of images and answers: making, sharing, and what is read from them. */
#include "lab/images.h"

#include "base/alloc.h"

static size_t side_of(size_t pixels)
{
	size_t side = 1;
	while (side * side < pixels)
		side++;
	return side * side == pixels && side >= 8 ? side : 0;
}

struct images_pixels *images_pixels_create(size_t count, size_t pixels, struct err *err)
{
	struct images_pixels *p = alloc_array(1, sizeof *p + count + count * pixels, err);
	if (p == NULL)
		return NULL;
	*p = (struct images_pixels){ .references = 1, .count = count, .pixels = pixels, .side = side_of(pixels) };
	p->label = (uint8_t *)(p + 1);
	p->grey = p->label + count;
	return p;
}

struct images *images_create(const struct images_pixels *pixels, size_t classes, size_t layers, size_t fan_in, struct err *err)
{
	const size_t cells = classes <= IMAGES_CLASSES ? classes * classes : 0;
	const size_t bytes = sizeof(struct images) + pixels->count * sizeof(struct images_answer) + cells * sizeof(uint32_t) +
	                     fan_in * sizeof(float) + layers * sizeof(struct images_marks);
	struct images *images = alloc_array(1, bytes, err);
	if (images == NULL)
		return NULL;
	*images = (struct images){ .references = 1, .bytes = bytes, .pixels = images_pixels_keep(pixels), .count = pixels->count,
	                           .classes = classes, .layers = layers, .fan_in = fan_in };
	images->answer = (struct images_answer *)(images + 1);
	uint32_t *confusion = (uint32_t *)(void *)(images->answer + pixels->count);
	images->confusion = cells ? confusion : NULL;
	images->weight = (float *)(void *)(confusion + cells);
	images->marks = (struct images_marks *)(void *)(images->weight + fan_in);
	return images;
}

/* The reference counts are the only members that change once a block is complete. */
const struct images_pixels *images_pixels_keep(const struct images_pixels *pixels)
{
	if (pixels)
		__atomic_add_fetch(&((struct images_pixels *)pixels)->references, 1, __ATOMIC_RELAXED);
	return pixels;
}

void images_pixels_drop(const struct images_pixels *pixels)
{
	if (pixels && __atomic_sub_fetch(&((struct images_pixels *)pixels)->references, 1, __ATOMIC_ACQ_REL) == 0)
		alloc_free((struct images_pixels *)pixels);
}

void images_drop(const struct images *images)
{
	if (images == NULL || __atomic_sub_fetch(&((struct images *)images)->references, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	images_pixels_drop(images->pixels);
	alloc_free((struct images *)images);
}

bool images_same(const struct images_wanted *a, const struct images_wanted *b)
{
	return a->any == b->any && (!a->any || (a->image == b->image && a->unit == b->unit));
}

size_t images_confused_pairs(struct images_pair *pair, size_t most, const struct images *images)
{
	size_t found = 0;
	for (size_t i = 0; images->confusion && i < images->classes * images->classes; i++) {
		struct images_pair new = { i / images->classes, i % images->classes, images->confusion[i] };
		if (new.label == new.predicted || new.count == 0)
			continue;
		size_t at = found < most ? found++ : most;
		for (; at > 0 && pair[at - 1].count < new.count; at--)
			if (at < most)
				pair[at] = pair[at - 1];
		if (at < most)
			pair[at] = new;
	}
	return found;
}
