/* The course of the batches' loss. */
#include "view/loss_chart.h"

#include <math.h>

#include "draw/chart.h"

static struct chart_point point_of(const void *context, size_t i)
{
	const struct trace *trace = context;
	return (struct chart_point){ ((double)i + 0.5) * (double)trace->stride + 0.5, (double)trace->value[i] };
}

void loss_chart_draw(const struct snapshot *now, bool linear, struct canvas *canvas, struct rect area)
{
	const struct trace *trace = &now->batch_loss;
	double low = INFINITY, high = 0;
	bool positive = true;
	for (uint32_t i = 0; i < trace->points; i++) {
		double value = (double)trace->value[i];
		if (!isfinite(value))
			continue;
		low = fmin(low, value);
		high = fmax(high, value);
		positive &= value > 0;
	}
	if (!(low <= high) || area.height < 4)
		return;
	size_t classes = now->layers ? now->layer[now->layers - 1].fan_out : 0;
	struct chart chart = {
		.area = area,
		.title = "loss of each batch",
		.x = { 0, (double)now->step, false },
		.y = chart_scale(low, high, !linear && positive),
		.guide = classes > 1 ? log((double)classes) : NAN,
		.guide_label = "guessing",
	};
	chart_frame(&chart, canvas);
	chart_line(&chart, canvas, &(struct chart_series){
		.count = trace->points, .point = point_of, .context = trace, .role = ROLE_CURVE, .mark = 'L',
	});
}
