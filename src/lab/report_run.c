/* The runs behind the report, one net after the other, some steps at a time.
 * Prints nothing, explains nothing. */
#include "lab/report_run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "lab/session.h"
#include "lab/session_article.h"

#define SLICE 25 /* steps done at once for the article's net; fewer for deeper nets */
#define IMAGES 2000 /* evaluated at once */
#define DEEP 8   /* a net with so many layers or more is deep */

/* The nets and their numbers of seeds: many for an initialization, two for a
 * training, which takes time, and few for singular values, which take time, too. */
static const struct task {
	const char *scenario;
	uint64_t seeds;   /* nets measured at initialization */
	uint64_t trained; /* the first of them */
	uint64_t jacobians; /* the first of them, whose singular values are measured */
} tasks[REPORT_NETS] = {
	[REPORT_FIRST_NORMAL] = { "first_pass_normal", 20, 0, 0 },
	[REPORT_FIRST_XAVIER] = { "first_pass_variance", 20, 0, 0 },
	[REPORT_NORMAL] = { "full_train_normal", 2, 2, 2 },
	[REPORT_XAVIER] = { "full_train_variance", 2, 2, 2 },
	[REPORT_NORMAL_RELU] = { "full_train_normal_relu", 10, 2, 0 },
	[REPORT_XAVIER_RELU] = { "full_train_variance_relu", 2, 2, 0 },
	[REPORT_HE_RELU] = { "full_train_he_relu", 20, 2, 5 },
	[REPORT_STANDARDIZED] = { "standardized_784", 10, 0, 0 },
	[REPORT_DEEP_XAVIER] = { "deep_relu_xavier", 1, 1, 0 },
	[REPORT_DEEP_HE] = { "deep_relu_he", 1, 1, 0 },
};

static const struct entry report_list[] = {
	{ .name = "article", .summary = "the article's statements beside measurement and theory" },
};
const struct table reports = TABLE_OF(report_list, "report", "reports");

struct report_run {
	struct report report;
	struct settings settings; /* data and first seed are the caller's */
	struct dataset *dataset;
	struct session *session;  /* of the current net, or NULL */
	size_t net;               /* REPORT_NETS: done */
	uint64_t seed;            /* of this net, from 0 */
	double done, work;        /* steps times layers */
	double *sum, squares;     /* [pixels] of the training images so far, and of their squares; of bytes: whole numbers */
	float *image;             /* [pixels] */
	size_t images;
};

/* ---- estimates ---- */

/* Welford's recurrence. */
static void add(struct estimate *estimate, double value)
{
	double away = value - estimate->mean;
	estimate->count++;
	estimate->mean += away / (double)estimate->count;
	estimate->square += away * (value - estimate->mean);
}

double estimate_sd(const struct estimate *estimate)
{
	return estimate->count < 2 ? NAN : sqrt(estimate->square / (double)(estimate->count - 1));
}

/* Share of values at or below `limit`, which may lie within a bin. */
static double share_below(const struct histogram *h, double limit)
{
	double count = (double)h->below, width = (h->high - h->low) / HISTOGRAM_BINS;
	for (int i = 0; i < h->spikes; i++)
		if (h->spike[i].value <= limit)
			count += (double)h->spike[i].count;
	for (size_t i = 0; i < HISTOGRAM_BINS; i++) {
		double part = (limit - h->low) / width - (double)i;
		count += h->counts[i] * fmin(fmax(part, 0), 1);
	}
	return count / (double)h->n;
}

/* ---- from a snapshot ---- */

static double mean_square(const struct layer_observation *layer, enum mlp_tensor tensor)
{
	return layer->tensor[tensor].moments.mean_square;
}

static void add_layer(struct report_layer *to, const struct layer_observation *from, bool last)
{
	const struct moments *z = &from->tensor[MLP_Z].moments, *a = &from->tensor[MLP_A].moments;
	const struct histogram *h = &from->tensor[MLP_Z].histogram;
	to->fan_in = from->fan_in;
	to->fan_out = from->fan_out;
	add(&to->z_mean_square, z->mean_square);
	add(&to->z_variance, z->variance);
	add(&to->z_within, from->z_within);
	add(&to->z_between, from->z_between);
	add(&to->a_mean, a->mean);
	add(&to->a_mean_square, a->mean_square);
	add(&to->a_variance, a->variance);
	add(&to->w_variance, from->tensor[MLP_W].moments.variance);
	add(&to->saturated, from->saturated);
	add(&to->beyond_2, share_below(h, -2) + 1 - share_below(h, 2));
	h = &from->tensor[MLP_A].histogram;
	add(&to->at_ends, share_below(h, 0.05) + 1 - share_below(h, 0.95));
	add(&to->gradient, last ? NAN : mean_square(from, MLP_DELTA) / mean_square(from + 1, MLP_DELTA));
	to->weight_variance = from->weight_variance;
	add(&to->z_theory, from->theory.z_mean_square);
	to->gradient_theory = from->theory.delta_factor;
	if (from->input_singular.count) {
		add(&to->jacobian_square, from->input_singular.mean_square);
		if (isfinite(from->input_singular.condition))
			add(&to->jacobian_spread, log10(from->input_singular.condition));
		add(&to->jacobian_lost, from->input_singular.zero);
		to->jacobian_theory = from->theory.input_singular_mean_square;
	}
}

static void add_start(struct report_net *net, const struct snapshot *s)
{
	net->layers = s->layers;
	net->steps = s->settings.steps;
	net->batch = s->settings.batch;
	for (size_t l = 0; l < REPORT_LAYERS && l < s->layers; l++)
		add_layer(&net->layer[l], &s->layer[l], l + 1 == s->layers);
	add(&net->input_variance, s->input.variance);
	add(&net->start_loss, s->loss);
	add(&net->gradient_share, mean_square(&s->layer[0], MLP_DELTA) / mean_square(&s->layer[s->layers - 1], MLP_DELTA));
}

static void add_end(struct report_net *net, const struct snapshot *s, const struct article_reading *reading)
{
	add(&net->test_accuracy, s->test_accuracy);
	add(&net->fitted_accuracy, reading->accuracy);
	add(&net->mat_mul_variance, reading->mat_mul_variance);
	add(&net->read_z_variance, reading->z_variance);
	add(&net->fc_out_3_variance, reading->fc_out_3_variance);
	add(&net->logits_variance, reading->logits_variance);
}

/* ---- all training images ---- */

/* Adds further images; computes the moments after the last. */
static bool add_images(struct report_run *run, struct err *err)
{
	size_t count = dataset_count(run->dataset, DATASET_TRAIN), pixels = dataset_pixels(run->dataset);
	size_t end = run->images + IMAGES < count ? run->images + IMAGES : count;
	const struct dataset_affine raw = { .scale = 1 };
	for (; run->images < end; run->images++) {
		if (!dataset_inputs(run->image, run->dataset, DATASET_TRAIN, run->images, &raw, err))
			return false;
		for (size_t i = 0; i < pixels; i++) {
			double value = (double)run->image[i];
			run->sum[i] += value;
			run->squares += value * value;
		}
	}
	if (end < count)
		return true;
	struct input_observation *train = &run->report.train;
	const double unit = dataset_has_bytes(run->dataset) ? 255 : 1; /* that of the scaling `unit` */
	train->images = count;
	for (size_t i = 0; i < pixels; i++) {
		double mean = run->sum[i] / (double)count / unit;
		train->mean += mean / (double)pixels;
		train->mean_vector_square += mean * mean;
	}
	train->mean_square = run->squares / ((double)count * (double)pixels) / (unit * unit);
	train->variance = train->mean_square - train->mean * train->mean;
	return true;
}

/* ---- the runs ---- */

static void choose(struct report_run *run, struct settings *settings)
{
	*settings = run->settings;
	settings_apply_scenario(settings, run->report.net[run->net].scenario);
	settings->seed = run->settings.seed + run->seed;
}

/* The amount of work: steps times layers, an initialization as ten. */
static double work_of(const struct task *task, const struct settings *settings)
{
	return (double)(settings->steps * task->trained + 10 * task->seeds) * settings->layers;
}

/* Steps of the current net. */
static uint64_t steps_of(const struct report_run *run)
{
	return run->seed < tasks[run->net].trained ? session_settings(run->session)->steps : 0;
}

static const struct snapshot *observe(struct session *session, enum session_purpose purpose, struct err *err)
{
	struct session_ranges *ranges = alloc_array(1, sizeof *ranges, err);
	if (ranges == NULL)
		return NULL;
	const struct snapshot *snapshot = session_observe(session, ranges, purpose, err);
	alloc_free(ranges);
	return snapshot;
}

struct report_run *report_begin(const char *data, uint64_t seed, struct err *err)
{
	struct report_run *run = alloc_array(1, sizeof *run, err);
	if (run == NULL)
		return NULL;
	settings_default(&run->settings);
	snprintf(run->settings.data, sizeof run->settings.data, "%s", data);
	run->settings.seed = run->report.seed = seed;
	for (; run->net < REPORT_NETS; run->net++) {
		const struct task *task = &tasks[run->net];
		struct settings settings;
		run->report.net[run->net].scenario = scenario_find(task->scenario, NULL);
		choose(run, &settings);
		run->work += work_of(task, &settings);
	}
	run->net = 0;
	run->dataset = dataset_open(*data ? data : NULL, err);
	run->sum = run->dataset ? alloc_array(dataset_pixels(run->dataset), sizeof *run->sum, err) : NULL;
	run->image = run->sum ? alloc_array(dataset_pixels(run->dataset), sizeof *run->image, err) : NULL;
	if (run->image == NULL) {
		report_end(run);
		return NULL;
	}
	snprintf(run->report.data_name, sizeof run->report.data_name, "%s", dataset_name(run->dataset));
	run->report.pixels = dataset_pixels(run->dataset);
	run->report.classes = dataset_classes(run->dataset);
	return run;
}

void report_end(struct report_run *run)
{
	if (run == NULL)
		return;
	session_destroy(run->session);
	dataset_close(run->dataset);
	alloc_free(run->sum);
	alloc_free(run->image);
	alloc_free(run);
}

static bool begin_net(struct report_run *run, struct err *err)
{
	struct settings settings;
	choose(run, &settings);
	run->session = session_create(&settings, run->dataset, NULL, err);
	if (run->session && run->seed < tasks[run->net].jacobians)
		session_measure(run->session, NULL, NULL);
	const struct snapshot *start = run->session ? observe(run->session, SESSION_GLANCE, err) : NULL;
	if (start == NULL)
		return false;
	add_start(&run->report.net[run->net], start);
	snapshot_drop(start);
	run->done += 10.0 * settings.layers;
	return true;
}

static bool finish_net(struct report_run *run, struct err *err)
{
	if (session_steps(run->session) > 0) {
		struct article_reading reading;
		session_read_as_article(run->session, &reading);
		const struct snapshot *end = observe(run->session, SESSION_LAST, err);
		if (end == NULL)
			return false;
		add_end(&run->report.net[run->net], end, &reading);
		snapshot_drop(end);
	}
	session_destroy(run->session);
	run->session = NULL;
	if (++run->seed == tasks[run->net].seeds) {
		run->seed = 0;
		run->net++;
	}
	return true;
}

bool report_advance(struct report_run *run, struct err *err)
{
	if (run->net == REPORT_NETS)
		return true;
	if (run->report.train.images == 0)
		return add_images(run, err);
	if (run->session == NULL)
		return begin_net(run, err);
	uint32_t layers = session_settings(run->session)->layers;
	int slice = layers < DEEP ? SLICE : SLICE / 5;
	for (; slice > 0 && session_steps(run->session) < steps_of(run); slice--) {
		if (!session_step(run->session, err))
			return false;
		run->done += layers;
	}
	return session_steps(run->session) < steps_of(run) || finish_net(run, err);
}

double report_share(const struct report_run *run)
{
	return run->net == REPORT_NETS ? 1 : fmin(run->done / run->work, 0.999);
}

const struct report *report_of(const struct report_run *run)
{
	return &run->report;
}
