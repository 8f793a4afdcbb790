/* --coordinates: the coordinate check as a table for people, as CSV or as JSON. */
#include "io/headless.h"

#include <string.h>

#include "lab/coordinates.h"
#include "io/exit_signals.h"
#include "io/csv.h"
#include "io/json_value.h"
#include "io/out_observation.h"
#include "io/save.h"

#define LONG_WAIT 60.0 /* seconds of one wait */

static const char *const kind_names[COORDINATES_KINDS] = { [COORDINATES_OWN] = "own", [COORDINATES_MUP] = "mup" };

static bool agree(const struct cli *cli, struct err *err)
{
	if (cli->lesson || cli->script || cli->commands || cli->snapshot || cli->cast || end_files_any(&cli->end) || cli->replay || cli->report ||
	    cli->sweep || cli->cure || cli->tensorboard)
		return err_set(err, ERR_USAGE, "--coordinates trains nets of its own: leave out --lesson, --script, --command, --snapshot, --cast, --record, "
		               "--save-weights, --save-probe, --replay, --report, --sweep, --cure and --tensorboard");
	return cli->output == NULL || save_check(cli->output, err);
}

static bool train(struct coordinates *check, const struct cli *cli, bool *abandoned, struct err *err)
{
	struct sweep_plan plan = coordinates_plan(check);
	struct sweep_result result;
	plan.threads = (int)cli->settings.threads;
	struct sweep *sweep = sweep_open(&plan, err);
	enum sweep_state state = sweep && sweep_start(sweep, 0, err) ? SWEEP_WAITING : SWEEP_STOPPED;
	while (state == SWEEP_WAITING || state == SWEEP_RESULT) {
		state = sweep_next(sweep, &result, LONG_WAIT, err);
		if (state == SWEEP_RESULT)
			coordinates_add(check, &result);
	}
	*abandoned = !sweep_end(sweep);
	return state == SWEEP_DONE;
}

/* ---- text ---- */

static void add_head(struct text *text, const struct coordinates *check, enum coordinates_quantity quantity, size_t step)
{
	text_addf(text, "\n%s at step %zu\nlayer   ", coordinates_quantity_at((size_t)quantity)->summary, step);
	for (size_t w = 0; w < check->widths; w++)
		text_addf(text, " %9llu", (unsigned long long)coordinates_width(check, w));
	text_add(text, "    slope  spread\n");
}

static void add_table(struct text *text, const struct coordinates *check, enum coordinates_kind kind, enum coordinates_quantity quantity, size_t step)
{
	add_head(text, check, quantity, step);
	for (size_t l = 0; l < check->layers; l++) {
		struct coordinates_line line = coordinates_line(check, kind, quantity, step, l);
		if (l + 1 == check->layers)
			text_add(text, "output  ");
		else
			text_addf(text, "%-8zu", l + 1);
		for (size_t w = 0; w < check->widths; w++)
			text_addf(text, " %9.4g", coordinates_mean(check, kind, quantity, step, l, w));
		text_addf(text, "  %7.2f %7.2f%s\n", line.slope, line.spread, coordinates_breaks(check, quantity, step, l, line.slope) ? " !" : "");
	}
}

static void add_text(struct text *text, const struct coordinates *check)
{
	text_addf(text, "# coordinate check: slopes are of ln(mean) over ln(width), spread is the largest mean / the smallest; ! marks what depends too much on the width\n# ");
	settings_command_line(&check->settings[COORDINATES_OWN], text);
	text_addf(text, "\n# %llu nets under each\n", (unsigned long long)check->grid.nets);
	for (enum coordinates_kind kind = 0; kind < COORDINATES_KINDS; kind++) {
		text_addf(text, "\n%s: ", kind_names[kind]);
		coordinates_name(text, check, kind);
		text_add(text, "\n");
		add_table(text, check, kind, COORDINATES_SIZE, 0);
		add_table(text, check, kind, COORDINATES_SIZE, check->steps);
		add_table(text, check, kind, COORDINATES_CHANGE, 1);
		if (check->steps > 1)
			add_table(text, check, kind, COORDINATES_CHANGE, check->steps);
		text_addf(text, "\n%s: ", kind_names[kind]);
		coordinates_sentence(text, check, kind, 0);
		text_add(text, "\n");
	}
	if (check->problem[0])
		text_addf(text, "\nnot trained: %s\n", check->problem);
}

/* ---- CSV ---- */

static void add_csv(struct text *text, const struct coordinates *check)
{
	text_add(text, "parametrization,step,layer,width,size,change,size_slope,change_slope\n");
	for (enum coordinates_kind kind = 0; kind < COORDINATES_KINDS; kind++)
		for (size_t t = 0; t <= check->steps; t++)
			for (size_t l = 0; l < check->layers; l++)
				for (size_t w = 0; w < check->widths; w++) {
					text_addf(text, "%s,%zu,%zu,%llu", kind_names[kind], t, l + 1, (unsigned long long)coordinates_width(check, w));
					for (enum coordinates_quantity q = 0; q < COORDINATES_QUANTITIES; q++) {
						text_add(text, ",");
						csv_add_real(text, coordinates_mean(check, kind, q, t, l, w));
					}
					for (enum coordinates_quantity q = 0; q < COORDINATES_QUANTITIES; q++) {
						text_add(text, ",");
						csv_add_real(text, coordinates_line(check, kind, q, t, l).slope);
					}
					text_add(text, "\n");
				}
}

/* ---- JSON ---- */

static json_t *layers_at(const struct coordinates *check, enum coordinates_kind kind, size_t step, bool *failed)
{
	json_t *layers = json_array();
	for (size_t l = 0; l < check->layers; l++) {
		json_t *layer = json_object();
		json_put(layer, "layer", json_count(l + 1), failed);
		for (enum coordinates_quantity q = 0; q < COORDINATES_QUANTITIES; q++) {
			struct coordinates_line line = coordinates_line(check, kind, q, step, l);
			json_t *quantity = json_object(), *means = json_array();
			for (size_t w = 0; w < check->widths; w++)
				json_append(means, json_item(coordinates_mean(check, kind, q, step, l, w)), failed);
			json_put(quantity, "mean", means, failed);
			json_put_real(quantity, "slope", line.slope, failed);
			json_put_real(quantity, "spread", line.spread, failed);
			json_put(layer, coordinates_quantity_at((size_t)q)->name, quantity, failed);
		}
		json_append(layers, layer, failed);
	}
	return layers;
}

static json_t *string_of(struct text *text, bool *failed)
{
	json_t *string = text->failed ? NULL : json_string(text_string(text));
	*failed |= text->failed;
	text_free(text);
	return string;
}

static json_t *kind_object(const struct coordinates *check, enum coordinates_kind kind, bool *failed)
{
	struct coordinates_verdict verdict;
	struct text name = {0}, words = {0};
	json_t *object = json_object(), *steps = json_array();
	coordinates_judge(&verdict, check, kind);
	coordinates_name(&name, check, kind);
	coordinates_sentence(&words, check, kind, 0);
	json_put(object, "init", string_of(&name, failed), failed);
	json_put(object, "verdict", json_string(coordinates_outcome_names[verdict.outcome]), failed);
	json_put(object, "layer", coordinates_names_layer(&verdict) ? json_count(verdict.layer + 1) : json_null(), failed);
	json_put_real(object, "slope", verdict.slope, failed);
	json_put(object, "words", string_of(&words, failed), failed);
	for (size_t t = 0; t <= check->steps; t++) {
		json_t *step = json_object();
		json_put(step, "step", json_count(t), failed);
		json_put(step, "layers", layers_at(check, kind, t, failed), failed);
		json_append(steps, step, failed);
	}
	json_put(object, "steps", steps, failed);
	return object;
}

static void add_json(struct text *text, const struct coordinates *check)
{
	bool failed = false;
	struct text command = {0};
	json_begin();
	json_t *object = json_object(), *widths = json_array();
	settings_command_line(&check->settings[COORDINATES_OWN], &command);
	json_put(object, "schema", json_string(OUT_JSON_COORDINATES), &failed);
	json_put(object, "command", string_of(&command, &failed), &failed);
	for (size_t w = 0; w < check->widths; w++)
		json_append(widths, json_count(coordinates_width(check, w)), &failed);
	json_put(object, "widths", widths, &failed);
	json_put(object, "seeds", json_count(check->grid.nets / check->widths), &failed);
	json_put(object, "problem", check->problem[0] ? json_string(check->problem) : json_null(), &failed);
	for (enum coordinates_kind kind = 0; kind < COORDINATES_KINDS; kind++)
		json_put(object, kind_names[kind], kind_object(check, kind, &failed), &failed);
	json_add_line(text, object, failed);
}

/* ---- the run ---- */

static bool write(const struct coordinates *check, const struct cli *cli, struct err *err)
{
	static const struct { const char *format; void (*add)(struct text *text, const struct coordinates *check); } forms[] = {
		{ "text", add_text }, { "csv", add_csv }, { "json", add_json },
	};
	const struct out_format *format = cli->format ? cli->format : out_format_for(cli->output);
	struct text text = {0};
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
		if (format ? strcmp(format->entry.name, forms[i].format) == 0 : i == 0)
			forms[i].add(&text, check);
	bool done = text_check(&text, err) && headless_write(cli, &text, err);
	text_free(&text);
	return done;
}

bool headless_coordinates(const struct cli *cli, bool *abandoned, struct err *err)
{
	*abandoned = false;
	if (!agree(cli, err))
		return false;
	struct coordinates *check = coordinates_create(cli->coordinates, &cli->settings, err);
	if (check == NULL)
		return false;
	exit_signals_begin(cli->timeout);
	bool done = train(check, cli, abandoned, err) && write(check, cli, err);
	if (!*abandoned)
		coordinates_free(check);
	return done;
}
