/* Rulers: the union of the ranges with which the snapshots' histograms were
 * counted.  Those ranges are round numbers and only widen. */
#include "view/ruler.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "nn/activation.h"

/* The number of observations for which the screen shows that the ruler has grown. */
#define GROWTH_STEPS_SHOWN 4

/* Whether the tensor's values stay within a range known beforehand. */
static bool is_bounded(const struct snapshot *snapshot, size_t layer, enum mlp_tensor tensor)
{
	const struct layer_observation *o = &snapshot->layer[layer];
	if (tensor != MLP_A || (snapshot->settings.residual && o->fan_in == o->fan_out))
		return false;
	double low, high;
	activation_of(&o->activation)->range(&low, &high, o->activation.value);
	return isfinite(low) && isfinite(high);
}

static bool is_output(const struct snapshot *snapshot, size_t layer)
{
	return snapshot->layer[layer].activation.entry == NULL;
}

static void widen(struct ruler *ruler, const struct histogram *h)
{
	if (!(h->low < h->high))
		return;
	bool fresh = !(ruler->low < ruler->high);
	ruler->low = fresh ? h->low : fmin(ruler->low, h->low);
	ruler->high = fresh ? h->high : fmax(ruler->high, h->high);
}

/* The layers that share a ruler. */
struct group {
	enum mlp_tensor tensor;
	bool output;             /* output layers, else hidden ones */
	size_t first, end;       /* from `first` to before `end` */
};

static void widen_to(struct ruler *ruler, const struct snapshot *snapshot, const struct group *group)
{
	for (size_t i = group->first; snapshot && i < snapshot->layers && i < group->end; i++)
		if (is_output(snapshot, i) == group->output && (group->output || !is_bounded(snapshot, i, group->tensor)))
			widen(ruler, &snapshot->layer[i].tensor[group->tensor].histogram);
}

static const struct snapshot *latest_of(const struct history *history, size_t before)
{
	if (history == NULL || history->count == 0)
		return NULL;
	return history->snapshot[history->count > before ? history->count - 1 - before : 0];
}

/* The ruler of a group at the run's latest observation, or `before` observations
 * earlier. */
static struct ruler shared(const struct scene *scene, const struct group *group, size_t before)
{
	struct ruler ruler = { .own = group->output };
	if (before == 0)
		widen_to(&ruler, scene->now, group);
	widen_to(&ruler, latest_of(scene->history, before), group);
	for (size_t i = 0; i < scene->lanes; i++) {
		if (before == 0)
			widen_to(&ruler, scene->lane[i].now, group);
		widen_to(&ruler, latest_of(scene->lane[i].history, before), group);
	}
	return ruler;
}

static struct ruler ruler_in(const struct scene *scene, size_t layer, enum mlp_tensor tensor, size_t first, size_t end)
{
	const struct histogram *h = &scene->now->layer[layer].tensor[tensor].histogram;
	struct group group = { tensor, is_output(scene->now, layer), first, end };
	struct ruler own = { .low = h->low, .high = h->high, .own = true };
	if (!group.output && is_bounded(scene->now, layer, tensor))
		return ruler_zoomed(scene, own, true);
	struct ruler ruler = shared(scene, &group, 0);
	return ruler_zoomed(scene, ruler.low < ruler.high ? ruler : own, false);
}

struct ruler ruler_zoomed(const struct scene *scene, struct ruler ruler, bool about_middle)
{
	if (!(scene->zoom > 0) || scene->zoom == 1)
		return ruler;
	double centre = about_middle ? ruler.low / 2 + ruler.high / 2 : fmax(ruler.low, fmin(ruler.high, 0));
	struct ruler zoomed = ruler;
	zoomed.low = centre + (ruler.low - centre) / scene->zoom;
	zoomed.high = centre + (ruler.high - centre) / scene->zoom;
	return isfinite(zoomed.low) && isfinite(zoomed.high) && zoomed.low < zoomed.high ? zoomed : ruler;
}

struct ruler ruler_alone(const struct scene *scene, size_t layer, enum mlp_tensor tensor)
{
	const struct histogram *h = &scene->now->layer[layer].tensor[tensor].histogram;
	bool bounded = !is_output(scene->now, layer) && is_bounded(scene->now, layer, tensor);
	return ruler_zoomed(scene, (struct ruler){ .low = h->low, .high = h->high, .own = true }, bounded);
}

struct ruler ruler_of(const struct scene *scene, size_t layer, enum mlp_tensor tensor)
{
	return ruler_in(scene, layer, tensor, 0, SIZE_MAX);
}

struct ruler ruler_of_layer(const struct scene *scene, size_t layer, enum mlp_tensor tensor)
{
	return ruler_in(scene, layer, tensor, layer, layer + 1);
}

bool ruler_has_grown(const struct scene *scene, enum mlp_tensor tensor, struct ruler *grown)
{
	if (!scene->live || scene->history == NULL || scene->history->count < 2)
		return false;
	struct group hidden = { tensor, false, 0, SIZE_MAX };
	struct ruler before = shared(scene, &hidden, GROWTH_STEPS_SHOWN);
	*grown = shared(scene, &hidden, 0);
	return before.low < before.high && (grown->low < before.low || grown->high > before.high);
}

char *ruler_note(char out[RULER_NOTE_SIZE], const struct ruler *ruler)
{
	if (ruler->low + ruler->high == 0)
		snprintf(out, RULER_NOTE_SIZE, "axis now ±%.3g", ruler->high);
	else
		snprintf(out, RULER_NOTE_SIZE, "axis now %.2g..%.3g", ruler->low + 0.0, ruler->high);
	return out;
}
