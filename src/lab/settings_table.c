/* The table of settings: one entry each, read by the command line, scripts,
 * the `:` line, the settings panel, `?`, the manual and the tests. */
#include "lab/settings.h"

#include <stdio.h>
#include <string.h>

#include "nn/activation.h"
#include "nn/branch_scale.h"
#include "nn/initializer.h"
#include "nn/optimizer.h"
#include "nn/pool.h"
#include "lab/scenario.h"
#include "lab/settings_access.h"
#include "lab/settings_parts.h"

#define MAX_WIDTH 65536
#define USUAL_WIDTH 100

/* ---- settings that are read by a function of their own ---- */

static bool set_scenario(struct settings *settings, const char *value, struct err *err)
{
	const struct entry *entry = table_find(&scenarios, value, err);
	if (entry)
		settings_apply_scenario(settings, scenario_from(entry));
	return entry != NULL;
}

static void get_scenario(const struct settings *settings, struct text *text)
{
	text_add(text, settings->scenario->entry.name);
}

static bool no_shape(const char *value, struct err *err)
{
	char safe[64];
	return err_set(err, ERR_USAGE,
	               "'%s' is not a list of widths: give 2 to %d widths from 1 to %d joined by '-', as in 784-100-100-10 "
	               "(* for the size of the data)",
	               text_escape(safe, sizeof safe, value), MLP_MAX_LAYERS + 1, MAX_WIDTH);
}

static bool set_layers(struct settings *settings, const char *value, struct err *err)
{
	uint32_t width[MLP_MAX_LAYERS + 1], count = 0;
	const char *p = value;
	for (bool more = true; more; p++, count++) {
		char word[16];
		size_t length = strcspn(p, "-");
		if (length == 0 || length >= sizeof word || count > MLP_MAX_LAYERS)
			return no_shape(value, err);
		snprintf(word, sizeof word, "%.*s", (int)length, p);
		p += length;
		more = *p == '-';
		uint64_t number = 0;
		bool open = strcmp(word, "*") == 0 && (count == 0 || !more);
		if (!open && (!text_unsigned(word, &number) || number < 1 || number > MAX_WIDTH))
			return no_shape(value, err);
		width[count] = (uint32_t)number;
	}
	if (count < 2)
		return no_shape(value, err);
	settings->layers = count - 1;
	memcpy(settings->width, width, count * sizeof width[0]);
	return true;
}

static void get_layers(const struct settings *settings, struct text *text)
{
	for (uint32_t i = 0; i <= settings->layers; i++)
		if (settings->width[i])
			text_addf(text, "%s%u", i ? "-" : "", settings->width[i]);
		else
			text_addf(text, "%s*", i ? "-" : "");
}

/* The widths follow the file: open until it is read. */
static bool set_weights(struct settings *settings, const char *value, struct err *err)
{
	bool none = text_same_name(value, "none");
	if (value[0] == '\0')
		return err_set(err, ERR_USAGE, "'' names no file: give the path of one, or none");
	if (strlen(value) >= sizeof settings->weights)
		return err_set(err, ERR_USAGE, "longer than %d bytes: give a shorter name", SETTINGS_DATA_SIZE - 1);
	if (!none || settings->weights[0]) {
		const char *layers = none ? setting_find("layers", NULL)->initial : SETTINGS_OPEN_LAYERS;
		snprintf(settings->weights, sizeof settings->weights, "%s", none ? "" : value);
		return set_layers(settings, layers, err);
	}
	return true;
}

void settings_drop_weights(struct settings *settings)
{
	bool open = settings->layers == 1 && settings->width[0] == 0 && settings->width[1] == 0;
	settings->weights[0] = '\0';
	if (open)
		set_layers(settings, setting_find("layers", NULL)->initial, NULL);
}

static void get_weights(const struct settings *settings, struct text *text)
{
	text_add(text, settings->weights[0] ? settings->weights : "none");
}

static void set_shape(struct settings *settings, uint32_t depth, uint32_t width)
{
	uint32_t output = settings->width[settings->layers];
	for (uint32_t i = 1; i <= depth; i++)
		settings->width[i] = width;
	settings->width[depth + 1] = output;
	settings->layers = depth + 1;
}

static uint32_t hidden_width(const struct settings *settings)
{
	if (settings->layers > 1)
		return settings->width[1];
	return settings->hidden_width ? settings->hidden_width : USUAL_WIDTH;
}

static bool set_depth(struct settings *settings, const char *value, struct err *err)
{
	uint64_t depth;
	if (!settings_read_number(&depth, value, 0, MLP_MAX_LAYERS - 1, NULL, err))
		return false;
	settings->hidden_width = hidden_width(settings);
	set_shape(settings, (uint32_t)depth, settings->hidden_width);
	return true;
}

static void get_depth(const struct settings *settings, struct text *text)
{
	text_addf(text, "%u", settings->layers - 1);
}

static bool set_width(struct settings *settings, const char *value, struct err *err)
{
	uint64_t width;
	if (!settings_read_number(&width, value, 1, MAX_WIDTH, NULL, err))
		return false;
	settings->hidden_width = (uint32_t)width;
	set_shape(settings, settings->layers - 1, (uint32_t)width);
	return true;
}

static void get_width(const struct settings *settings, struct text *text)
{
	text_addf(text, "%u", hidden_width(settings));
}

static bool set_every(struct settings *settings, const char *value, struct err *err)
{
	if (text_same_name(value, "log")) {
		settings->every = SETTINGS_EVERY_LOG;
		return true;
	}
	return settings_read_number(&settings->every, value, 1, 1000000000, "log", err);
}

static void get_every(const struct settings *settings, struct text *text)
{
	if (settings->every == SETTINGS_EVERY_LOG)
		text_add(text, "log");
	else
		text_addf(text, "%llu", (unsigned long long)settings->every);
}

static bool set_probe(struct settings *settings, const char *value, struct err *err)
{
	if (text_same_name(value, "batch")) {
		settings->probe = 0;
		return true;
	}
	return settings_read_number(&settings->probe, value, 1, 10000, "batch", err);
}

static void get_probe(const struct settings *settings, struct text *text)
{
	if (settings->probe)
		text_addf(text, "%llu", (unsigned long long)settings->probe);
	else
		text_add(text, "batch");
}

/* "init": none of its own. */
static bool set_branch_init(struct settings *settings, const char *value, struct err *err)
{
	if (!text_same_name(value, "init"))
		return settings_parse_spec(&settings->branch_init, &initializers, value, err);
	settings->branch_init = (struct spec){0};
	return true;
}

static void get_branch_init(const struct settings *settings, struct text *text)
{
	if (settings->branch_init.entry)
		spec_format(&settings->branch_init, text);
	else
		text_add(text, "init");
}

/* A learning rate that the user set is kept when the optimizer changes. */
static bool set_optimizer(struct settings *settings, const char *value, struct err *err)
{
	const struct spec before = settings->optimizer;
	struct spec optimizer;
	if (!spec_parse(&optimizer, &optimizers, value, err))
		return false;
	if (before.entry && spec_gives(&before, "lr") && !spec_gives(&optimizer, "lr") &&
	    !spec_set(&optimizer, "lr", spec_value(&before, "lr"), err))
		return false;
	settings->optimizer = optimizer;
	return true;
}

static bool set_learning_rate(struct settings *settings, const char *value, struct err *err)
{
	double rate;
	char safe[64];
	if (!text_real(value, &rate))
		return err_set(err, ERR_USAGE, "'%s' is not a number: give one such as 0.001",
		               text_escape(safe, sizeof safe, value));
	return spec_set(&settings->optimizer, "lr", rate, err);
}

static void get_learning_rate(const struct settings *settings, struct text *text)
{
	char number[TEXT_EXACT_SIZE];
	text_add(text, text_exact(number, spec_value(&settings->optimizer, "lr")));
}

static bool set_seed_of(uint64_t *seed, const char *value, struct err *err)
{
	if (text_same_name(value, "seed")) {
		*seed = SETTINGS_SAME_SEED;
		return true;
	}
	return settings_read_number(seed, value, 0, SETTINGS_SAME_SEED - 1, "seed", err);
}

static void get_seed_of(uint64_t seed, struct text *text)
{
	if (seed == SETTINGS_SAME_SEED)
		text_add(text, "seed");
	else
		text_addf(text, "%llu", (unsigned long long)seed);
}

static bool set_weight_seed(struct settings *settings, const char *value, struct err *err)
{
	return set_seed_of(&settings->weight_seed, value, err);
}

static void get_weight_seed(const struct settings *settings, struct text *text)
{
	get_seed_of(settings->weight_seed, text);
}

static bool set_batch_seed(struct settings *settings, const char *value, struct err *err)
{
	return set_seed_of(&settings->batch_seed, value, err);
}

static void get_batch_seed(const struct settings *settings, struct text *text)
{
	get_seed_of(settings->batch_seed, text);
}

/* ---- the table ---- */

static const struct entry normalization_list[] = {
	[MLP_PLAIN] = { .name = "none", .summary = "z = xW + b" },
	[MLP_BATCH_NORM] = { .name = "batch", .summary = "batch normalization before the activation" },
	[MLP_LAYER_NORM] = { .name = "layer", .summary = "layer normalization before the activation" },
	[MLP_WEIGHT_NORM] = { .name = "weight", .summary = "weight normalization: w = g v/||v|| of each unit, v and g are trained" },
	[MLP_SUM_NORM] = { .name = "post", .summary = "layer normalization of the sum where a residual branch ends (post-LN)" },
};
static const struct table normalizations = TABLE_OF(normalization_list, "normalization", "normalizations");

/* `initial` of all together is the article's network and training. */
#define SPECIAL(name) .kind = SETTING_SPECIAL, .set = set_##name, .get = get_##name
#define FIELD(kind_, member) .kind = (kind_), .offset = offsetof(struct settings, member)

static const struct setting setting_list[] = {
	{ .entry = { .name = "scenario", .summary = "start from a named scenario" }, .preset = true,
	  .letter = 's', .argument = "NAME|N", .choices = &scenarios, SPECIAL(scenario) },
	{ .entry = { .name = "init", .summary = "hidden layers' weight initializer" }, .per_net = true, .draws_weights = true, .in_layer = settings_layer_init,
	  .initial = "normal", .argument = "SPEC", .choices = &initializers, FIELD(SETTING_SPEC, init) },
	{ .entry = { .name = "output-init", .summary = "the output layer's weight initializer" }, .draws_weights = true,
	  .initial = "glorot_uniform", .argument = "SPEC", .choices = &initializers, FIELD(SETTING_SPEC, output_init) },
	{ .entry = { .name = "bias-init", .summary = "all layers' bias initializer" },
	  .initial = "zeros", .argument = "SPEC", .in_layer = settings_layer_bias_init, .choices = &initializers,
	  FIELD(SETTING_SPEC, bias_init) },
	{ .entry = { .name = "activation", .aliases = "act", .summary = "hidden layers' activation" },
	  .letter = 'a', .initial = "sigmoid", .argument = "SPEC", .live = true, .in_layer = settings_layer_activation,
	  .choices = &activations, FIELD(SETTING_SPEC, activation) },
	{ .entry = { .name = "weights", .summary = "start from the weights of a .safetensors or .npz file; FILE:PREFIX uses only names that begin so" }, .brings_widths = true,
	  .initial = "none", .argument = "FILE|none", .typed = true, SPECIAL(weights) },
	{ .entry = { .name = "layers", .summary = "widths from input to output, e.g. 784-100-100-10" },
	  .initial = "*-100-100-*", .argument = "A-B-...-C", SPECIAL(layers) },
	{ .entry = { .name = "depth", .summary = "number of hidden layers, all of one width" },
	  .title = "hidden layers", .argument = "N", .derived = true, .ordinal = true, SPECIAL(depth) },
	{ .entry = { .name = "width", .summary = "width of all hidden layers" },
	  .argument = "N", .derived = true, SPECIAL(width) },
	{ .entry = { .name = "normalization", .aliases = "norm", .summary = "what normalizes z, or the weights, of hidden layers" },
	  .initial = "none", .argument = "KIND", .choices = &normalizations, FIELD(SETTING_CHOICE, normalization) },
	{ .entry = { .name = "residual", .summary = "add a branch's input to its output where widths are equal" },
	  .initial = "no", .argument = "yes|no", FIELD(SETTING_FLAG, residual) },
	{ .entry = { .name = "branch-layers", .summary = "layers in a residual branch; the second has no activation" },
	  .initial = "1", .argument = "N", .ordinal = true, FIELD(SETTING_COUNT, branch_layers), .low = 1, .high = MLP_MAX_BRANCH },
	{ .entry = { .name = "branch-scale", .summary = "factor of a residual branch's output, e.g. fixed(1/sqrt(branches))" },
	  .initial = "fixed", .argument = "SPEC", .choices = &branch_scales, FIELD(SETTING_SPEC, branch_scale) },
	{ .entry = { .name = "skip-scale", .summary = "factor of a residual branch's input in the sum, e.g. fixed(branches^0.25)" },
	  .initial = "fixed", .argument = "SPEC", .choices = &skip_scales, FIELD(SETTING_SPEC, skip_scale) },
	{ .entry = { .name = "branch-init", .summary = "weight initializer of each residual branch's last layer" }, .draws_weights = true,
	  .initial = "init", .argument = "SPEC|init", .word = "init", .choices = &initializers, SPECIAL(branch_init) },
	{ .entry = { .name = "optimizer", .summary = "how gradients become updates, e.g. sgd(lr=0.1)" },
	  .initial = "tf1:adam", .argument = "SPEC", .live = true, .choices = &optimizers, .set = set_optimizer,
	  FIELD(SETTING_SPEC, optimizer) },
	{ .entry = { .name = "lr", .aliases = "learning_rate", .summary = "the optimizer's learning rate" },
	  .title = "learning rate", .argument = "X", .live = true, .derived = true, SPECIAL(learning_rate) },
	{ .entry = { .name = "batch", .summary = "images per training step" },
	  .letter = 'b', .initial = "30", .argument = "N", .live = true, FIELD(SETTING_COUNT, batch), .low = 1, .high = 65536 },
	{ .entry = { .name = "steps", .summary = "training steps of a run" },
	  .letter = 'n', .initial = "1000", .argument = "N", .live = true, FIELD(SETTING_COUNT, steps), .low = 0, .high = 1000000000000 },
	{ .entry = { .name = "every", .summary = "observe every N steps, or at the steps 1, 2, 5, 10, 20, 50, 100 and so on" },
	  .initial = "50", .argument = "N|log", .word = "log", .live = true, SPECIAL(every) },
	{ .entry = { .name = "singular",
	             .summary = "measure singular values of the Jacobians in every N-th observation; 0: only for the Isometry view" },
	  .initial = "0", .argument = "N", .live = true, FIELD(SETTING_COUNT, isometry), .low = 0, .high = 1000000000000 },
	{ .entry = { .name = "probe", .summary = "images on which the net is observed: N fixed ones, or the next batch" },
	  .initial = "300", .argument = "N|batch", .word = "batch", SPECIAL(probe) },
	{ .entry = { .name = "seed", .summary = "seed of all random numbers" },
	  .argument = "N", .ordinal = true, FIELD(SETTING_COUNT, seed), .low = 0, .high = SETTINGS_SAME_SEED - 1 },
	{ .entry = { .name = "weight-seed", .summary = "seed of the weights alone" },
	  .argument = "N|seed", .word = "seed", .ordinal = true, SPECIAL(weight_seed) },
	{ .entry = { .name = "batch-seed", .summary = "seed of the batches' order alone" },
	  .argument = "N|seed", .word = "seed", .ordinal = true, SPECIAL(batch_seed) },
	{ .entry = { .name = "data", .summary = "a set (digits, mnist, fashion), or a directory or file of IDX, .npz, .npy or CSV" },
	  .letter = 'd', .argument = "SPEC", .choices = &dataset_sources, FIELD(SETTING_TEXT, data) },
	{ .entry = { .name = "test-percent", .summary = "share of data without a test set that is kept for testing" },
	  .argument = "N", .ordinal = true, FIELD(SETTING_COUNT, division.test_percent), .low = 1, .high = 99 },
	{ .entry = { .name = "split-seed", .summary = "seed that chooses the samples kept for testing" },
	  .argument = "N", .ordinal = true, FIELD(SETTING_COUNT, division.seed), .low = 0, .high = SETTINGS_SAME_SEED - 1 },
	{ .entry = { .name = "scale", .summary = "how pixels become inputs" },
	  .argument = "SPEC", .choices = &dataset_scales, FIELD(SETTING_CHOICE, scale) },
	{ .entry = { .name = "threads", .summary = "number of threads; 0: chosen by the program; results do not depend on it" }, .speed_only = true,
	  .argument = "N", FIELD(SETTING_COUNT, threads), .low = 0, .high = POOL_MAX_THREADS },
};

const struct table settings_table = TABLE_OF(setting_list, "setting", "settings");
