/* The points of runs, and their styles in the order in which they are shown. */
#include "view/curves.h"

#include <math.h>
#include <stdio.h>

#include "lab/run_label.h"

static struct pin_point point_of(const struct snapshot *s)
{
	return (struct pin_point){ s->step, s->loss, s->train_accuracy, s->test_accuracy };
}

size_t curve_points(const struct curve *curve)
{
	if (curve->pin)
		return curve->pin->points;
	return (curve->history ? curve->history->count : 0) + (curve->now != NULL);
}

struct pin_point curve_point(const struct curve *curve, size_t i)
{
	if (curve->pin)
		return curve->pin->point[i];
	bool past = curve->history && i < curve->history->count;
	return point_of(past ? curve->history->snapshot[i] : curve->now);
}

uint64_t curve_last_step(const struct curve *curve)
{
	size_t points = curve_points(curve);
	return points ? curve_point(curve, points - 1).step : 0;
}

struct reading curve_at(const struct curve *curve, uint64_t step)
{
	struct pin_point at = curve_point(curve, 0);
	uint64_t test_step = at.step;
	for (size_t i = 1; i < curve_points(curve); i++) {
		struct pin_point next = curve_point(curve, i);
		if (next.step > step)
			break;
		/* A quick observation has no test accuracy; the previous one is
		 * kept. */
		bool old = isnan(next.test_accuracy);
		double test = old ? at.test_accuracy : next.test_accuracy;
		test_step = old ? test_step : next.step;
		at = next;
		at.test_accuracy = test;
	}
	return (struct reading){ at, test_step };
}

static void name_curve(struct curve *curve, const struct settings *settings)
{
	struct text init = {0};
	run_net_label(curve->net, settings);
	run_add_start(settings, &init);
	snprintf(curve->init, sizeof curve->init, "%s", text_string(&init));
	text_free(&init);
}

static void add_curve(struct curves *curves, struct curve curve)
{
	static const enum role roles[] = {
		ROLE_CURVE, ROLE_CURVE_2, ROLE_CURVE_3, ROLE_CURVE_4, ROLE_CURVE_5, ROLE_CURVE_6, ROLE_CURVE_7,
	};
	if (curves->count == MOST_CURVES)
		return;
	curve.role = roles[curves->count % (sizeof roles / sizeof roles[0])];
	curve.sparse = curves->count >= SOLID_CURVES;
	curve.mark = (char)('A' + curves->count);
	curves->curve[curves->count++] = curve;
}

/* now: NULL for a lane that has no observation yet. */
static void add_live(struct curves *curves, const struct snapshot *now, const struct history *history)
{
	if (now == NULL)
		return;
	struct curve curve = { .history = history };
	size_t count = history ? history->count : 0;
	if (count == 0 || history->snapshot[count - 1]->step < now->step)
		curve.now = now;
	run_label(curve.label, &now->settings);
	name_curve(&curve, &now->settings);
	add_curve(curves, curve);
}

void curves_collect(const struct scene *scene, struct curves *curves)
{
	*curves = (struct curves){0};
	for (size_t i = 0; i < scene->lanes; i++)
		add_live(curves, scene->lane[i].now, scene->lane[i].history);
	if (curves->count == 0)
		add_live(curves, scene->now, scene->history);
	curves->live = curves->count;
	for (size_t i = 0; scene->pins && i < scene->pins->count; i++) {
		struct curve curve = { .pin = scene->pins->pin[i] };
		snprintf(curve.label, sizeof curve.label, "%s", curve.pin->label);
		name_curve(&curve, &curve.pin->settings);
		add_curve(curves, curve);
	}
}
