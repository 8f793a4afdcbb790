/* The Training view: loss and accuracy over the steps of this run, of the
 * runs in lock-step with it and of pinned runs, with their numbers at the
 * cursor. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/round.h"
#include "base/text.h"
#include "nn/stats.h"
#include "draw/chart.h"
#include "draw/glyphs.h"
#include "base/number.h"
#include "view/curves.h"
#include "view/view_list.h"


/* ---- scales ---- */

static struct plot_scale step_scale(const struct scene *scene, const struct curves *curves)
{
	uint64_t high = scene->now->settings.steps;
	for (size_t i = 0; i < curves->count; i++)
		high = curve_last_step(&curves->curve[i]) > high ? curve_last_step(&curves->curve[i]) : high;
	struct plot_scale scale = { 0, high ? (double)high : 1, false };
	if (scene->recent && scale.high >= 20) {
		/* A window over the last steps that moves on by a quarter of its
		 * width. */
		double width = round_up_125(scale.high / 5), quarter = width / 4;
		double end = ceil((double)curve_last_step(&curves->curve[0]) / quarter) * quarter;
		scale.high = fmax(end, width);
		scale.low = scale.high - width;
	}
	return scale;
}

enum kind { LOSS, ACCURACY };

static double value_of(const struct pin_point *point, enum kind kind)
{
	return kind == LOSS ? point->loss : point->test_accuracy;
}

/* What guessing gives, all classes being equally likely. */
static double guessing_of(const struct snapshot *now, enum kind kind)
{
	double classes = (double)now->layer[now->layers - 1].fan_out;
	return kind == LOSS ? log(classes) : 1 / classes;
}

/* A scale that encloses all visible values. */
static struct plot_scale value_scale(const struct scene *scene, const struct curves *curves,
                                     const struct plot_scale *x, enum kind kind)
{
	double low = INFINITY, high = -INFINITY;
	bool log = kind == LOSS && !scene->linear;
	if (kind == ACCURACY && !scene->recent)
		return (struct plot_scale){ 0, 1, false };
	for (size_t c = 0; c < curves->count; c++)
		for (size_t i = 0; i < curve_points(&curves->curve[c]); i++) {
			struct pin_point point = curve_point(&curves->curve[c], i);
			double value = value_of(&point, kind);
			if (!isfinite(value) || (log && value <= 0) || (double)point.step < x->low)
				continue;
			low = fmin(low, value);
			high = fmax(high, value);
		}
	if (kind == LOSS && !scene->recent) {
		/* The scale of the whole run includes the loss of guessing. */
		double guess = guessing_of(scene->now, LOSS);
		low = fmin(low, log ? guess : 0);
		high = fmax(high, guess);
	}
	return chart_scale(low, high, log);
}

/* ---- drawing ---- */

static struct chart_point loss_point(const void *context, size_t i)
{
	struct pin_point point = curve_point(context, i);
	return (struct chart_point){ (double)point.step, point.loss };
}

static struct chart_point accuracy_point(const void *context, size_t i)
{
	struct pin_point point = curve_point(context, i);
	return (struct chart_point){ (double)point.step, point.test_accuracy };
}

/* A point of the trace of single batches, at the middle of the steps it
 * covers. */
static struct chart_point trace_point(const void *context, size_t i)
{
	const struct trace *trace = context;
	return (struct chart_point){ ((double)i + 0.5) * (double)trace->stride + 0.5, (double)trace->value[i] };
}

/* A quick observation has no test accuracy: the last point is left out if it
 * is one, so that it does not look like a gap. */
static size_t measured_points(const struct curve *curve, enum kind kind)
{
	size_t points = curve_points(curve);
	if (kind == ACCURACY && points && isnan(curve_point(curve, points - 1).test_accuracy))
		points--;
	return points;
}

static void draw_chart(const struct scene *scene, const struct curves *curves, const struct plot_scale *x,
                       struct canvas *canvas, struct rect area, enum kind kind)
{
	const struct snapshot *now = scene->now, *newest = curves->curve[0].now;
	double guessing = guessing_of(now, kind);
	char guess[48] = "guessing", number[NUMBER_SIZE];
	if (area.width >= 34) /* otherwise the lines would cover the end of the label */
		snprintf(guess, sizeof guess, "guessing %s", kind == LOSS ? number_known(number, guessing) : number_share(number, guessing));
	struct chart chart = {
		.area = area,
		.title = kind == LOSS ? "loss on training images" : "accuracy on test images",
		.x = *x, .y = value_scale(scene, curves, x, kind), .percent = kind == ACCURACY,
		.guide = guessing, .guide_label = guess,
	};
	chart_frame(&chart, canvas);
	if (!scene->live)
		chart_cursor(&chart, canvas, (double)now->step);
	for (size_t i = curves->count; i-- > 0;) {
		const struct curve *curve = &curves->curve[i];
		chart_line(&chart, canvas, &(struct chart_series){
			.count = measured_points(curve, kind), .point = kind == LOSS ? loss_point : accuracy_point,
			.context = curve, .role = curve->role, .sparse = curve->sparse, .mark = curve->mark, .number = (int)i,
		});
	}
	/* The values of single batches, as dots behind the line of this run. */
	if (newest == NULL && scene->history && scene->history->count)
		newest = scene->history->snapshot[scene->history->count - 1];
	if (newest && curves->count == 1) {
		const struct trace *trace = kind == LOSS ? &newest->batch_loss : &newest->batch_accuracy;
		chart_dots(&chart, canvas, &(struct chart_series){
			.count = trace->points, .point = trace_point, .context = trace, .role = ROLE_AXIS,
		});
	}
	chart_guide(&chart, canvas);
}

#define TABLE_WIDTH 56 /* from this width on the table has all columns */
#define WIDE_TABLE 72  /* from this width on an old number has a longer text */

/* The columns, from the right. */
enum column { TEST, TRAIN, LOSS_NOW, STEP, COLUMNS };
static const struct {
	const char *head;
	int cells;   /* a blank before it included */
	bool always; /* in a narrow table too */
} table_columns[COLUMNS] = {
	[TEST] = { "test", 13, true }, [TRAIN] = { "train", 8, false },
	[LOSS_NOW] = { "loss", 10, true }, [STEP] = { "step", 8, false },
};
#define MORE_FOR_TEST 5 /* in a wide table */

/* Writes a value into each column; returns the width that remains for the
 * name. */
static int draw_columns(struct canvas *canvas, struct rect row, enum role role, const char *const values[COLUMNS])
{
	int end = row.x + row.width;
	for (int i = 0; i < COLUMNS; i++) {
		if (row.width < TABLE_WIDTH && !table_columns[i].always)
			continue;
		int cells = table_columns[i].cells + (i == TEST && row.width >= WIDE_TABLE ? MORE_FOR_TEST : 0);
		canvas_text_right(canvas, end, row.y, cells - 1, role, values[i]);
		end -= cells;
	}
	return end - row.x;
}

/* "84 %", or, if it is older than the other numbers, "84 % at step 50". */
static void test_words(char out[48], const struct reading *at, bool wide)
{
	char share[NUMBER_SIZE];
	number_share(share, at->point.test_accuracy);
	if (isnan(at->point.test_accuracy) || at->test_step == at->point.step)
		snprintf(out, 48, "%s", share);
	else
		snprintf(out, 48, "%s at %s%llu", share, wide ? "step " : "", (unsigned long long)at->test_step);
}

static void draw_heads(struct canvas *canvas, struct rect row, const char *title)
{
	const char *heads[COLUMNS];
	for (int i = 0; i < COLUMNS; i++)
		heads[i] = table_columns[i].head;
	int room = draw_columns(canvas, row, ROLE_LABEL, heads);
	canvas_text(canvas, row.x + 1, row.y, room - 1, ROLE_LABEL, title);
}

static void draw_run(const struct curve *curve, bool live, const struct reading *at, struct canvas *canvas,
                     struct rect row)
{
	char name[RUN_LABEL_SIZE + 16], step[32], loss[TEXT_READOUT_SIZE], train[NUMBER_SIZE], test[48];
	snprintf(step, sizeof step, "%llu", (unsigned long long)at->point.step);
	test_words(test, at, row.width >= WIDE_TABLE);
	const char *const values[COLUMNS] = {
		[TEST] = test, [LOSS_NOW] = text_readout(loss, at->point.loss),
		[TRAIN] = number_share(train, at->point.train_accuracy), [STEP] = step,
	};
	int room = draw_columns(canvas, row, ROLE_READOUT, values) - 3;
	canvas_put(canvas, row.x + 1, row.y, (uint32_t)(unsigned char)curve->mark, curve->role);
	canvas_flag(canvas, row.x + 1, row.y, 1, CELL_BOLD);
	const char *pinned = live ? "" : " (pinned)";
	const char *fits = canvas_text_cells(canvas, curve->label) <= room ? curve->label
	                   : canvas_text_cells(canvas, curve->net) <= room ? curve->net
	                                                                     : curve->init;
	snprintf(name, sizeof name, "%s%s", fits,
	         canvas_text_cells(canvas, fits) + (int)strlen(pinned) <= room ? pinned : "");
	canvas_text(canvas, row.x + 3, row.y, room, curve->role, name);
}

static void draw_table(const struct scene *scene, const struct curves *curves, struct canvas *canvas,
                       struct rect area)
{
	if (area.height > 1) {
		draw_heads(canvas, area, scene->live ? "run" : area.width < TABLE_WIDTH ? "at the cursor" : "run, at the cursor");
		area.y++;
		area.height--;
	}
	for (size_t i = 0; i < curves->count && (int)i < area.height; i++) {
		const struct curve *curve = &curves->curve[i];
		struct reading at = curve_at(curve, scene->live ? UINT64_MAX : scene->now->step);
		draw_run(curve, i < curves->live, &at, canvas, (struct rect){area.x, area.y + (int)i, area.width, 1});
	}
}

void view_training_draw(const struct scene *scene, struct canvas *canvas, struct rect area)
{
	enum { SIDE_BY_SIDE = 70, LEAST = 5 };
	struct curves curves;
	if (area.width < 1 || area.height < 1 || scene->now->layers == 0)
		return;
	curves_collect(scene, &curves);
	int table = (int)curves.count + 1, most = area.height - LEAST;
	table = table < most ? table : most < 1 ? 1 : most;
	int height = area.height - table, half = area.width / 2;
	struct plot_scale x = step_scale(scene, &curves);
	struct rect loss = { area.x, area.y, area.width, height }, accuracy = loss;
	if (area.width >= SIDE_BY_SIDE) {
		accuracy.width = half;
		loss.width = area.width - half;
		loss.x += half;
	} else if (height >= 2 * LEAST) {
		accuracy.height = height / 2;
		loss.y += accuracy.height;
		loss.height = height - accuracy.height;
	} else
		loss.height = 0;
	draw_chart(scene, &curves, &x, canvas, accuracy, ACCURACY);
	if (loss.height > 0)
		draw_chart(scene, &curves, &x, canvas, loss, LOSS);
	draw_table(scene, &curves, canvas, (struct rect){area.x, area.y + height, area.width, table});
}

/* ---- the explanation ---- */

void view_training_explain(const struct scene *scene, struct text *text)
{
	struct curves curves;
	const struct snapshot *now = scene->now;
	if (now->layers == 0)
		return;
	curves_collect(scene, &curves);
	char loss[NUMBER_SIZE], test[NUMBER_SIZE], even[NUMBER_SIZE];
	size_t classes = now->layer[now->layers - 1].fan_out;
	struct pin_point at = curve_at(&curves.curve[0], scene->live ? UINT64_MAX : now->step).point;
	text_add(text, "Loss is the cross-entropy on the probe, a sample of the training images: minus the logarithm of the probability ");
	text_addf(text, "given to the right class, on average. Guessing, all %zu classes being equally likely, costs ln %zu = %s, ",
	          classes, classes, number_known(even, log((double)classes)));
	text_add(text, "the dashed line. A larger loss is worse than guessing.\n");
	text_add(text, "Accuracy is the share of test images (never used for training) whose most probable class is right.\n");
	text_addf(text, "At step %llu the loss is %s", (unsigned long long)at.step, number_known(loss, at.loss));
	if (!isnan(at.test_accuracy))
		text_addf(text, ", and %s of the test images are classified correctly", number_share(test, at.test_accuracy));
	text_add(text, ".\n\n");
	text_addf(text, "The axis of loss is %s (x changes it); X shows only the last steps. Dots are the loss of single batches before ",
	          scene->linear ? "linear" : "logarithmic: equal distances are equal factors");
	text_add(text, "their step. Each run has its letter and its colour; the lines from E on have fewer dots.\n"
	               "A number older than its row has its own step beside it: test images are not measured at each step.\n");
	text_add(text, "A finished run stays in this view when another one starts: choose 3, run it to the end (Space), then "
	               "4, to see the article's comparison of initializers. p pins a run before its end, P removes the last "
	               "pinned run.\n");
	for (size_t i = 1; i < curves.count; i++) {
		struct pin_point other = curve_at(&curves.curve[i], at.step).point;
		text_addf(text, "%c, %s, had ", curves.curve[i].mark, curves.curve[i].label);
		text_addf(text, "a loss of %s at that step", number_known(loss, other.loss));
		if (!isnan(other.test_accuracy))
			text_addf(text, " and classified %s of the test images correctly", number_share(test, other.test_accuracy));
		text_add(text, ".\n");
	}
}
