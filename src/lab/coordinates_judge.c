/* Slopes of the coordinate check, and its verdict. */
#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "lab/coordinates_parts.h"

double coordinates_mean(const struct coordinates *c, enum coordinates_kind kind, enum coordinates_quantity quantity,
                        size_t step, size_t layer, size_t width)
{
	double sum = 0;
	size_t seeds = 0;
	for (uint64_t net = 0; net < c->grid.nets; net++) {
		if (c->state[net] != COORDINATES_KNOWN || sweep_grid_index(&c->grid, c->width_axis, net) != width)
			continue;
		sum += coordinates_at(c, net, kind, quantity, step)[layer];
		seeds++;
	}
	if (seeds == 0)
		return NAN;
	return isfinite(sum) ? sum / (double)seeds : INFINITY;
}

struct coordinates_line coordinates_line(const struct coordinates *c, enum coordinates_kind kind,
                                         enum coordinates_quantity quantity, size_t step, size_t layer)
{
	struct coordinates_line line = { .slope = NAN, .spread = NAN };
	double x_sum = 0, y_sum = 0, xx = 0, xy = 0, least = INFINITY, most = 0;
	bool sound = true;
	for (size_t w = 0; w < c->widths; w++) {
		double mean = coordinates_mean(c, kind, quantity, step, layer, w);
		if (isnan(mean))
			continue;
		double x = log((double)coordinates_width(c, w)), y = log(mean);
		sound &= isfinite(y);
		line.widths++;
		x_sum += x;
		y_sum += y;
		xx += x * x;
		xy += x * y;
		least = fmin(least, mean);
		most = fmax(most, mean);
	}
	double n = (double)line.widths;
	if (line.widths < 2 || !sound)
		return line;
	line.slope = (n * xy - x_sum * y_sum) / (n * xx - x_sum * x_sum);
	line.spread = most / least;
	return line;
}

/* ---- the verdict ---- */

bool coordinates_is_complete(const struct coordinates *c)
{
	return c->known == c->grid.nets;
}

bool coordinates_breaks(const struct coordinates *c, enum coordinates_quantity quantity, size_t step, size_t layer, double slope)
{
	bool judged = quantity == COORDINATES_SIZE ? step == 0 : step > 0;
	bool may_fall = quantity == COORDINATES_SIZE && layer + 1 == c->layers;
	return judged && (slope > COORDINATES_LIMIT || (slope < -COORDINATES_LIMIT && !may_fall));
}

/* The layer whose slope is furthest from 0 among those that break the condition; false: none does. */
static bool find_worst(struct coordinates_verdict *verdict, const struct coordinates *c, enum coordinates_kind kind,
                       enum coordinates_quantity quantity, size_t step)
{
	bool any = verdict->step > 0; /* at an earlier step */
	for (size_t l = 0; l < c->layers; l++) {
		double slope = coordinates_line(c, kind, quantity, step, l).slope;
		if (!coordinates_breaks(c, quantity, step, l, slope) || (any && fabs(slope) <= fabs(verdict->slope) * (1 + 1e-9)))
			continue;
		any = true;
		verdict->layer = l;
		verdict->slope = slope;
		verdict->step = step;
	}
	return any;
}

static bool find_worst_movement(struct coordinates_verdict *verdict, const struct coordinates *c, enum coordinates_kind kind)
{
	bool any = false;
	for (size_t t = 1; t <= c->steps; t++)
		any |= find_worst(verdict, c, kind, COORDINATES_CHANGE, t);
	return any;
}

/* The narrowest net that met NaN or infinity, and its first layer. */
static bool find_diverged(struct coordinates_verdict *verdict, const struct coordinates *c, enum coordinates_kind kind)
{
	for (size_t w = 0; w < c->widths; w++)
		for (size_t l = 0; l < c->layers; l++)
			if (isinf(coordinates_mean(c, kind, COORDINATES_SIZE, c->steps, l, w))) {
				verdict->layer = l;
				verdict->width = coordinates_width(c, w);
				return true;
			}
	return false;
}

/* The first layer that has not moved in any net. */
static bool find_still(struct coordinates_verdict *verdict, const struct coordinates *c, enum coordinates_kind kind)
{
	for (size_t l = 0; l < c->layers; l++) {
		double sum = 0;
		for (size_t w = 0; w < c->widths; w++) {
			double mean = coordinates_mean(c, kind, COORDINATES_CHANGE, c->steps, l, w);
			sum += isnan(mean) ? 0 : mean;
		}
		if (!(sum > 0)) {
			verdict->layer = l;
			return true;
		}
	}
	return false;
}

void coordinates_judge(struct coordinates_verdict *verdict, const struct coordinates *c, enum coordinates_kind kind)
{
	*verdict = (struct coordinates_verdict){ .slope = NAN, .low = NAN, .high = NAN };
	for (size_t t = 1; t <= c->steps; t++)
		for (size_t l = 0; l < c->layers; l++) {
			double slope = coordinates_line(c, kind, COORDINATES_CHANGE, t, l).slope;
			verdict->low = fmin(verdict->low, slope);
			verdict->high = fmax(verdict->high, slope);
		}
	if (coordinates_line(c, kind, COORDINATES_SIZE, 0, 0).widths < 2)
		verdict->outcome = COORDINATES_OPEN;
	else if (find_diverged(verdict, c, kind))
		verdict->outcome = COORDINATES_DIVERGES;
	else if (find_worst(verdict, c, kind, COORDINATES_SIZE, 0))
		verdict->outcome = COORDINATES_START;
	else if (find_still(verdict, c, kind))
		verdict->outcome = COORDINATES_STILL;
	else if (find_worst_movement(verdict, c, kind))
		verdict->outcome = verdict->slope > 0 ? COORDINATES_GROWS : COORDINATES_SHRINKS;
	else
		verdict->outcome = COORDINATES_ALIKE;
}

const char *const coordinates_outcome_names[] = {
	[COORDINATES_OPEN] = "open", [COORDINATES_ALIKE] = "alike", [COORDINATES_START] = "start", [COORDINATES_GROWS] = "grows",
	[COORDINATES_SHRINKS] = "shrinks", [COORDINATES_STILL] = "still", [COORDINATES_DIVERGES] = "diverges",
};

bool coordinates_names_layer(const struct coordinates_verdict *verdict)
{
	return verdict->outcome != COORDINATES_OPEN && verdict->outcome != COORDINATES_ALIKE;
}

void coordinates_sentence(struct text *text, const struct coordinates *c, enum coordinates_kind kind, int form)
{
	struct coordinates_verdict verdict;
	coordinates_judge(&verdict, c, kind);
	size_t layer = verdict.layer + 1;
	char name[40];
	if (layer == c->layers)
		snprintf(name, sizeof name, form < 2 ? "the output layer" : "output");
	else
		snprintf(name, sizeof name, "layer %zu", layer);
	if (!coordinates_is_complete(c) && verdict.outcome != COORDINATES_OPEN)
		text_add(text, "so far ");
	switch (verdict.outcome) {
	case COORDINATES_OPEN:
		text_add(text, form < 2 ? "no slope yet: it takes two widths" : "no slope yet");
		break;
	case COORDINATES_ALIKE:
		text_add(text, form < 2 ? "every layer moves alike at every width" : "layers move alike");
		text_addf(text, form < 2 ? " (slopes %.2f to %.2f)" : " (%.2f to %.2f)", verdict.low, verdict.high);
		if (form == 0)
			text_add(text, ": a learning rate found in a narrow net suits a wide one");
		break;
	case COORDINATES_START:
		text_addf(text, "z of %s ", name);
		text_add(text, form < 2 ? "depends on the width before the first step, as width" : "starts as width");
		text_addf(text, "^%.2f", verdict.slope);
		if (form == 0)
			text_add(text, ": give its weights a variance of 1/fan_in");
		break;
	case COORDINATES_GROWS:
	case COORDINATES_SHRINKS:
		text_add(text, name);
		if (form < 2)
			text_addf(text, "'s movement depends on the width: by step %zu as width", verdict.step);
		else
			text_add(text, " moves as width");
		text_addf(text, "^%.2f", verdict.slope);
		if (form == 0)
			text_add(text, verdict.slope > 0 ? ", so wide nets need a smaller learning rate" : ", so in wide nets it hardly learns");
		break;
	case COORDINATES_STILL:
		text_addf(text, "%s does not move", name);
		if (form < 2)
			text_addf(text, " in %zu steps", c->steps);
		break;
	case COORDINATES_DIVERGES:
		text_addf(text, form < 2 ? "%s has NaN or infinite values from width %llu on" : "%s: NaN from width %llu", name, (unsigned long long)verdict.width);
		break;
	}
}
