#include "view/correlation_bars.h"

#include <math.h>
#include <stdio.h>

#include "base/whole.h"
#include "draw/plot.h"
#include "view/depth_plot.h"

#define EIGHTHS 8 /* levels of a bar in a cell */

double correlation_common_share(const struct layer_observation *layer)
{
	return layer->z_between / (layer->z_within + layer->z_between);
}

/* A level is of 0..1; NaN draws nothing. */
static void draw_bar(const struct snapshot *now, struct canvas *canvas, struct rect strip, size_t layer, double level,
                     enum role role)
{
	int x = strip.x + depth_column(layer, now->layers - 1, strip.width), full = EIGHTHS * strip.height;
	if (isnan(level))
		return;
	plot_bar(canvas, (struct rect){ x, strip.y, 1, strip.height }, whole_int(level * full + 0.5, 1, full), role);
}

static void draw_scale(struct canvas *canvas, struct rect strip, int labels, const char *least, const char *most)
{
	canvas_text_right(canvas, strip.x - 1, strip.y, labels, ROLE_AXIS, most);
	if (strip.height > 1)
		canvas_text_right(canvas, strip.x - 1, strip.y + strip.height - 1, labels, ROLE_AXIS, least);
}

void correlation_draw_common(const struct snapshot *now, struct canvas *canvas, struct rect strip, int labels)
{
	if (strip.height < 1)
		return;
	draw_scale(canvas, strip, labels, "0%", "100%");
	for (size_t l = 0; l + 1 < now->layers; l++) {
		double share = correlation_common_share(&now->layer[l]);
		if (share > 0)
			draw_bar(now, canvas, strip, l, share, ROLE_HIST_Z);
	}
}

/* 1 for a net without hidden layers. */
static size_t largest_rank(const struct snapshot *now)
{
	size_t most = 1;
	for (size_t l = 0; l + 1 < now->layers; l++) {
		const struct layer_observation *layer = &now->layer[l];
		size_t images = layer->fan_out ? (size_t)(layer->tensor[MLP_A].moments.n / layer->fan_out) : 0;
		size_t here = images < layer->fan_out ? images : layer->fan_out;
		most = here > most ? here : most;
	}
	return most < SNAPSHOT_RANK_IMAGES ? most : SNAPSHOT_RANK_IMAGES;
}

void correlation_draw_rank(const struct snapshot *now, struct canvas *canvas, struct rect strip, int labels)
{
	size_t most = largest_rank(now);
	char label[24];
	if (strip.height < 1)
		return;
	snprintf(label, sizeof label, "%zu", most);
	draw_scale(canvas, strip, labels, "1", label);
	for (size_t l = 0; l + 1 < now->layers; l++)
		draw_bar(now, canvas, strip, l, most > 1 ? log(now->layer[l].effective_rank) / log((double)most) : 0, ROLE_HIST_A);
}
