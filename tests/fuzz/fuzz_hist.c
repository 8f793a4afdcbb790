/* Bytes as floats: statistics, histogram and sizes count every value once, and
 * what they say can be written in every format and drawn. */
#include <float.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "fuzz/sham.h"
#include "io/out.h"
#include "app/app.h"
#include "lab/runner_kind.h"

#define VALUES 4096

static void check_moments(const struct moments *m, const float *x, size_t n)
{
	REQUIRE(m->n == n && m->nan + m->inf <= n);
	if (m->nan + m->inf == n) {
		REQUIRE(isnan(m->mean) && isnan(m->variance) && isnan(m->min) && isnan(m->max));
		return;
	}
	REQUIRE(m->variance >= 0 && isfinite(m->variance) && isfinite(m->mean_square));
	REQUIRE(m->min <= m->max && m->min >= -FLT_MAX && m->max <= FLT_MAX);
	double slack = 1e-9 * (fabs(m->min) + fabs(m->max));
	REQUIRE(m->mean >= m->min - slack && m->mean <= m->max + slack);
	/* against the definition, in long double */
	long double sum = 0, squares = 0;
	size_t finite = 0;
	for (size_t i = 0; i < n; i++)
		if (isfinite(x[i])) {
			sum += x[i];
			finite++;
		}
	for (size_t i = 0; i < n; i++)
		if (isfinite(x[i]))
			squares += (x[i] - sum / finite) * (x[i] - sum / finite);
	long double variance = squares / finite;
	REQUIRE(fabsl(m->variance - variance) <= 1e-6L * variance + 1e-13L * (long double)m->mean_square);
}

static void check_histogram(struct histogram *h, const struct moments *m, const float *x, size_t n)
{
	uint64_t sum = 0;
	stats_histogram(h, x, n);
	for (int i = 0; i < HISTOGRAM_BINS; i++)
		sum += h->counts[i];
	for (int i = 0; i < h->spikes; i++)
		sum += h->spike[i].count;
	REQUIRE(h->n == n && h->nan == m->nan && h->inf == m->inf);
	REQUIRE(sum + h->below + h->above + h->nan + h->inf == n);
}

static void check_percentiles(const double *p, const struct moments *m)
{
	for (int i = 0; i < STATS_PERCENTILES; i++) {
		if (isnan(m->min))
			REQUIRE(isnan(p[i]));
		else
			REQUIRE(p[i] >= m->min && p[i] <= m->max && (i == 0 || p[i] >= p[i - 1]));
	}
}

static void check_magnitudes(const struct magnitudes *g, const struct moments *m, size_t n)
{
	uint64_t sum = 0;
	for (int i = 0; i < MAGNITUDE_BINS; i++)
		sum += g->counts[i];
	REQUIRE(g->n == n && g->nan == m->nan && g->inf == m->inf);
	REQUIRE(sum + g->below + g->above + g->zeros + g->nan + g->inf == n);
}

/* Percentiles count in tens of thousands of bins, so they are computed only if
 * `all` is set; else all of them are the smallest value. */
static void observe(struct tensor_observation *t, const float *x, size_t n, struct input *input, bool all)
{
	static struct percentile_scratch scratch;
	stats_moments(&t->moments, x, n);
	check_moments(&t->moments, x, n);
	double low = 0, high = 0;
	bool bounded = input_byte(input) & 1;
	stats_widen(&low, &high, &t->moments, bounded ? 0 : -INFINITY, bounded ? 1 : INFINITY);
	REQUIRE(low < high && isfinite(low) && isfinite(high));
	t->histogram.low = low;
	t->histogram.high = high;
	t->histogram.spikes = (int)(input_byte(input) % (HISTOGRAM_SPIKES + 1));
	t->histogram.spike[0].value = 0;
	t->histogram.spike[1].value = 1;
	check_histogram(&t->histogram, &t->moments, x, n);
	for (int i = 0; i < STATS_PERCENTILES; i++)
		t->percentile[i] = t->moments.min;
	if (all)
		stats_percentiles(t->percentile, x, n, &scratch);
	check_percentiles(t->percentile, &t->moments);
	stats_magnitudes(&t->magnitudes, x, n);
	check_magnitudes(&t->magnitudes, &t->moments, n);
}

/* ---- what is made of it ---- */

/* A runner that has nothing but this one observation. */
struct still {
	struct runner runner;
	const struct snapshot *snapshot;
};

static void ignore_request(struct runner *runner, const struct request *request)
{
	(void)runner;
	free(request->settings);
}

static void ignore_measure(struct runner *runner, bool on)
{
	(void)runner, (void)on;
}

static bool poll_still(struct runner *runner, struct history *history, const struct snapshot **latest,
                       struct runner_status *status)
{
	struct still *still = (struct still *)(void *)runner;
	history_clear(history);
	REQUIRE(history_add(history, still->snapshot, NULL));
	runner_hold(latest, still->snapshot);
	*status = (struct runner_status){ .state = RUNNER_PAUSED, .run = 1, .lanes = 1, .loaded = 1 };
	return true;
}

static bool settled(struct runner *runner, double seconds)
{
	(void)runner, (void)seconds;
	return true;
}

static bool no_edit(struct runner *runner, size_t i, struct runner_edit *edit)
{
	(void)runner, (void)i, (void)edit;
	return false;
}

static void no_lane(struct runner *runner, size_t lane, struct history *history, const struct snapshot **latest)
{
	(void)runner, (void)lane, (void)history, (void)latest;
}

static struct snapshot *snapshot_of(const float *x, size_t n, const struct tensor_observation seen[2], struct input *input)
{
	static struct settings settings;
	if (settings.layers == 0) {
		settings_default(&settings);
		REQUIRE(settings_set(&settings, "depth", "2", NULL) && settings_fit(&settings, 784, 10, NULL));
	}
	struct snapshot *s = snapshot_create(settings.layers, NULL);
	REQUIRE(s);
	s->settings = settings;
	float number = n ? x[0] : 0;
	static const uint64_t steps[] = { 0, 1, INT32_MAX, (uint64_t)1 << 53, UINT64_MAX };
	s->step = s->diverged_step = steps[input_byte(input) % 5];
	s->loss = s->train_accuracy = s->test_accuracy = s->test_loss = s->epoch = number;
	s->input = (struct input_observation){
		.images = 1, .mean = number, .variance = number, .mean_square = number,
		.mean_vector_square = number, .length_spread = number, .sum_variance = number,
	};
	for (size_t l = 0; l < s->layers; l++) {
		struct layer_observation *layer = &s->layer[l];
		layer->fan_in = settings.width[l];
		layer->fan_out = settings.width[l + 1];
		layer->init = *settings_layer_init(&settings, l + 1);
		if (l + 1 < s->layers)
			layer->activation = settings.activation;
		layer->weight_variance = layer->saturated = layer->dead = layer->update_ratio = n ? x[n - 1] : 0;
		layer->z_within = layer->z_between = number;
		layer->theory.z_mean_square = layer->theory.z_variance = layer->theory.chi = n ? x[n / 2] : 0;
		for (int t = 0; t < MLP_TENSORS; t++)
			layer->tensor[t] = seen[(l + (size_t)t) % 2];
	}
	for (size_t i = 0; i < n; i++)
		trace_add(&s->batch_loss, x[i]);
	return s;
}

static void write_observation(const struct snapshot *snapshot, const struct out_format *format)
{
	struct text text = {0};
	if (format->begin)
		format->begin(&text, snapshot);
	format->observation(&text, snapshot, NULL);
	REQUIRE(!text.failed && text.length);
	if (strcmp(format->entry.name, "json") == 0) {
		json_t *object = json_loads(text_string(&text), JSON_REJECT_DUPLICATES, NULL);
		REQUIRE(json_is_object(object));
		json_decref(object);
	}
	text_free(&text);
}

static void draw(const struct snapshot *snapshot, struct input *input)
{
	struct still still = { { .send = ignore_request, .poll = poll_still, .past_edit = no_edit,
	                         .poll_lane = no_lane, .settle = settled, .measure = ignore_measure }, snapshot };
	struct canvas canvas;
	sham_without_report(&still.runner);
	struct app *app = app_create(&still.runner, &snapshot->settings, NULL, false, NULL);
	REQUIRE(app && canvas_create(&canvas, 20 + (int)input_byte(input) % 120, 10 + (int)input_byte(input) % 40, false, NULL));
	for (unsigned keys = input_byte(input) % 4; keys; keys--)
		app_key(app, (int)(input_byte(input) & 0x7F));
	app_poll(app, 1);
	app_draw(app, &canvas);
	struct text text = {0};
	out_picture_at(input_byte(input) % out_pictures.count)->write(&text, &canvas, palette_at(0));
	REQUIRE(!text.failed && text.length);
	text_free(&text);
	canvas_destroy(&canvas);
	app_destroy(app);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	static float x[VALUES];
	uint8_t choices[48];
	for (size_t i = 0; i < sizeof choices; i++)
		choices[i] = (uint8_t)input_byte(&input);
	size_t n = input.left / sizeof x[0] < VALUES ? input.left / sizeof x[0] : VALUES;
	memcpy(x, input.byte, n * sizeof x[0]);
	struct input choice = { choices, sizeof choices };
	/* some have percentiles, and are written in a format or drawn: that takes longest */
	size_t what = input_byte(&choice) % (out_formats.count + 2);
	bool all = fuzz_is_chosen(data, size, 64);
	struct tensor_observation seen[2] = {0}; /* of all values, and of their second half */
	observe(&seen[0], x, n, &choice, all);
	observe(&seen[1], x + n / 2, n - n / 2, &choice, false);
	if (!all)
		return 0;
	struct snapshot *snapshot = snapshot_of(x, n, seen, &choice);
	if (what < out_formats.count)
		write_observation(snapshot, out_format_at(what));
	else
		draw(snapshot, &choice);
	snapshot_drop(snapshot);
	return 0;
}
