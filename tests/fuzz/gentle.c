/* A runner for fuzzing: the inline runner with small limits, so that no request takes long. */
#include "fuzz/gentle.h"

#include <string.h>

#include "base/alloc.h"
#include "fuzz/fuzz.h"
#include "fuzz/sham.h"
#include "lab/runner_kind.h"

#define STEPS 3     /* of one request */
#define WEIGHTS 6000 /* of one net */
#define IMAGES 20   /* of one batch or probe */

/* ---- a data set of a few images ---- */

#define SIDE 4
static char folder[] = "/tmp/initviz-fuzz-XXXXXX";
static const struct {
	const char *name;
	unsigned char type, count, rank;
} files[] = {
	{ "train-images-idx3-ubyte", 3, 24, 3 }, { "train-labels-idx1-ubyte", 1, 24, 1 },
	{ "t10k-images-idx3-ubyte", 3, 10, 3 }, { "t10k-labels-idx1-ubyte", 1, 10, 1 },
};
#define FILES (sizeof files / sizeof files[0])

static char image_file[sizeof folder + 32];

static const char *path_of(size_t file)
{
	snprintf(image_file, sizeof image_file, "%s/%s", folder, files[file].name);
	return image_file;
}

static void remove_folder(void)
{
	for (size_t i = 0; i < FILES; i++)
		remove(path_of(i));
	remove(folder);
}

static void make_folder(void)
{
	REQUIRE(mkdtemp(folder));
	atexit(remove_folder);
	for (size_t i = 0; i < FILES; i++) {
		const unsigned char header[] = { 0, 0, 8, files[i].rank, 0, 0, 0, files[i].count, 0, 0, 0, SIDE, 0, 0, 0, SIDE };
		int items = files[i].count * (files[i].rank == 3 ? SIDE * SIDE : 1);
		FILE *file = fopen(path_of(i), "wb");
		REQUIRE(file);
		fwrite(header, 1, 4 + 4u * files[i].rank, file);
		for (int k = 0; k < items; k++)
			putc(files[i].rank == 3 ? k * 37 % 256 : k % 10, file);
		REQUIRE(fclose(file) == 0);
	}
}

/* ---- the runner ---- */

struct gentle {
	struct runner runner;
	struct runner *inner;
};

static struct gentle *self(struct runner *runner)
{
	return (struct gentle *)(void *)runner;
}

static bool is_small(const struct settings *settings)
{
	size_t weights = 0;
	for (uint32_t l = 0; l < settings->layers; l++)
		weights += (size_t)(settings->width[l] ? settings->width[l] : SIDE * SIDE) * (settings->width[l + 1] ? settings->width[l + 1] : 10);
	return weights <= WEIGHTS && settings->batch <= IMAGES && settings->probe <= IMAGES && settings->threads <= 1;
}

static bool all_small(const struct request *request)
{
	for (size_t i = 0; i < request->lanes; i++)
		if (!is_small(&request->settings[i]) || strcmp(request->settings[i].data, folder) != 0)
			return false;
	return true;
}

/* What is too large fails as if memory were short. */
static struct request soften(const struct request *request)
{
	struct request soft = *request;
	if (soft.steps > STEPS)
		soft.steps = STEPS;
	if (soft.kind == REQUEST_RUN)
		soft = (struct request){ .kind = REQUEST_STEP, .steps = STEPS };
	if (soft.settings && !all_small(&soft)) {
		alloc_free(soft.settings);
		soft.settings = NULL;
	}
	return soft;
}

static void send_gentle(struct runner *runner, const struct request *request)
{
	struct request soft = soften(request);
	self(runner)->inner->send(self(runner)->inner, &soft);
}

static bool poll_gentle(struct runner *runner, struct history *history, const struct snapshot **latest,
                        struct runner_status *status)
{
	return runner_poll(self(runner)->inner, history, latest, status);
}

static bool settings_gentle(struct runner *runner, size_t lane, struct settings *start, struct settings *now)
{
	return runner_settings(self(runner)->inner, lane, start, now);
}

static bool take_copy_gentle(struct runner *runner, struct tensors **tensors, struct err *err)
{
	return runner_take_copy(self(runner)->inner, tensors, err);
}

static void poll_lane_gentle(struct runner *runner, size_t lane, struct history *history, const struct snapshot **latest)
{
	runner_poll_lane(self(runner)->inner, lane, history, latest);
}

static void measure_gentle(struct runner *runner, bool on)
{
	runner_measure(self(runner)->inner, on);
}

static bool past_edit_gentle(struct runner *runner, size_t i, struct runner_edit *edit)
{
	return runner_past_edit(self(runner)->inner, i, edit);
}

static bool settle_gentle(struct runner *runner, double seconds)
{
	return runner_settle(self(runner)->inner, seconds);
}

static void report_gentle(struct runner *runner, const char *data, uint64_t seed)
{
	runner_report(self(runner)->inner, data, seed);
}

static void stop_report_gentle(struct runner *runner)
{
	runner_stop_report(self(runner)->inner);
}

static bool poll_report_gentle(struct runner *runner, struct report *report, struct runner_report_status *status)
{
	return runner_poll_report(self(runner)->inner, report, status);
}

static void settle_report_gentle(struct runner *runner)
{
	runner_settle_report(self(runner)->inner);
}

static bool destroy_gentle(struct runner *runner)
{
	runner_destroy(self(runner)->inner);
	alloc_free(runner);
	return true;
}

struct runner *gentle_runner(void)
{
	if (!fuzz_trains)
		return sham_runner();
	struct gentle *gentle = alloc_array(1, sizeof *gentle, NULL);
	REQUIRE(gentle);
	gentle->runner = (struct runner){
		.destroy = destroy_gentle, .send = send_gentle, .poll = poll_gentle, .past_edit = past_edit_gentle,
		.settings = settings_gentle, .take_copy = take_copy_gentle, .poll_lane = poll_lane_gentle, .settle = settle_gentle,
		.report = report_gentle, .stop_report = stop_report_gentle, .poll_report = poll_report_gentle,
		.settle_report = settle_report_gentle, .measure = measure_gentle,
	};
	gentle->inner = runner_inline(NULL, NULL);
	REQUIRE(gentle->inner);
	return &gentle->runner;
}

void gentle_settings(struct settings *settings)
{
	static const char *const values[][2] = {
		{ "data", folder }, { "layers", "*-4-*" }, { "batch", "4" }, { "probe", "8" },
		{ "every", "2" }, { "steps", "1000" }, { "threads", "1" },
	};
	static struct settings gentle;
	if (image_file[0] == '\0') {
		make_folder();
		settings_default(&gentle);
		for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
			REQUIRE(settings_set(&gentle, values[i][0], values[i][1], NULL));
	}
	*settings = gentle;
}

static bool save_screen(void *context, const struct canvas *canvas, const char *path, struct err *err)
{
	(void)context;
	REQUIRE(canvas->width >= 1 && canvas->height >= 1);
	return strstr(path, "full") == NULL || err_set(err, ERR_OUTPUT, "full: cannot write: no space");
}

static bool save_run(void *context, const struct history *history, const char *path, struct err *err)
{
	(void)context, (void)history;
	return strstr(path, "full") == NULL || err_set(err, ERR_OUTPUT, "full: cannot write: no space");
}

static bool save_tensors(void *context, struct tensors *tensors, const char *path, struct err *err)
{
	(void)context;
	tensors_destroy(tensors);
	return strstr(path, "full") == NULL || err_set(err, ERR_OUTPUT, "full: cannot write: no space");
}

static void nothing(void *context)
{
	(void)context;
}

const struct app_services gentle_services = {
	.save_screen = save_screen, .save_run = save_run, .save_tensors = save_tensors, .suspend = nothing, .redraw = nothing,
};
