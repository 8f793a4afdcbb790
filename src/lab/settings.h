/* What an experiment is: a plain value that can be compared, copied and
 * printed as the command line that recreates it. */
#ifndef INITVIZ_LAB_SETTINGS_H
#define INITVIZ_LAB_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/spec.h"
#include "nn/mlp_kinds.h"
#include "data/dataset.h"

#define SETTINGS_MAX_OVERRIDES 16
#define SETTINGS_DATA_SIZE 256

struct scenario;

struct settings {
	const struct scenario *scenario; /* the scenario that it started from */
	struct spec init, output_init, bias_init;
	struct settings_override {
		const struct setting *setting; /* one with in_layer */
		uint32_t layer; /* 1-based */
		struct spec spec;
	} override[SETTINGS_MAX_OVERRIDES]; /* init.N, bias-init.N, activation.N */
	uint32_t overrides;
	struct spec activation, optimizer;
	enum mlp_normalization normalization;
	bool residual;
	uint64_t branch_layers;             /* in a residual branch, 1..MLP_MAX_BRANCH */
	struct spec branch_scale;           /* of branch_scales */
	struct spec skip_scale;             /* of skip_scales */
	struct spec branch_init;            /* of the last layer of a branch; entry NULL: init */
	uint32_t layers;                    /* weight matrices, 1..MLP_MAX_LAYERS */
	uint32_t width[MLP_MAX_LAYERS + 1]; /* first and last: 0 until fitted to the images, unless given; "*" in text */
	uint32_t hidden_width;              /* the width for hidden layers that are added to a net without any; 0: the default */
	uint64_t batch, steps, every;
	uint64_t isometry; /* singular values are measured in every such scheduled observation; 0: in none */
	uint64_t probe; /* images on which the net is observed; 0: the next batch */
	uint64_t seed, weight_seed, batch_seed; /* the last two: SETTINGS_SAME_SEED follows seed */
	char weights[SETTINGS_DATA_SIZE]; /* weights_open()'s spec: a file, or a file and a prefix of names; empty: none */
	char data[SETTINGS_DATA_SIZE]; /* dataset_open()'s spec; empty: the default */
	struct dataset_division division; /* of a data set without test samples */
	enum dataset_scale scale;
	uint64_t threads; /* 0: chosen from the work */
};

#define SETTINGS_SAME_SEED UINT64_MAX
#define SETTINGS_OPEN_LAYERS "*-*" /* layers that follow the file of weights, until it is read */

/* One setting: what options, script lines, `:` and the settings panel read.
 * Its entry's name is the long option's. */
enum setting_kind {
	SETTING_SPEC,     /* struct spec; `choices` is its table */
	SETTING_COUNT,    /* uint64_t within low..high */
	SETTING_CHOICE,   /* enum: index into choices */
	SETTING_FLAG,     /* bool: yes, no */
	SETTING_TEXT,     /* char[] */
	SETTING_SPECIAL,  /* read by a function of its own (layers, scenario, depth, width, probe) */
};

struct setting {
	struct entry entry;
	char letter;              /* short option, or 0 */
	const char *title;        /* its name in sentences, if that is not entry.name; else NULL */
	const char *initial;      /* the value before a scenario's own settings are applied; NULL: scenarios do not change it */
	const char *argument;     /* what --help shows for its value: "SPEC", "N" */
	enum setting_kind kind;
	size_t offset;            /* into struct settings */
	uint64_t low, high;       /* SETTING_COUNT */
	const struct table *choices;
	const char *word;         /* a word allowed instead of a number, ordered below all numbers: "batch"; NULL: nothing */
	bool ordinal;             /* the next value is one more or one less, not the next of 1, 2, 5, 10 ... */
	bool typed;               /* its values are typed: none has neighbours (weights) */
	/* Its value in a layer, for a spec that layers may have of their own as NAME.N;
	 * NULL: it is the same in all layers. */
	const struct spec *(*in_layer)(const struct settings *settings, size_t layer);
	bool live;                /* may be changed while a run goes on (lr): no new weights are needed */
	bool preset;              /* its value sets all others (scenario) */
	bool brings_widths;       /* its value decides the widths (weights) */
	bool draws_weights;       /* an initializer of weights: setting it replaces weights that were loaded */
	bool per_net;             /* compared nets may differ in it (init) */
	bool speed_only;          /* never changes a result (threads) */
	bool derived;             /* sets part of another setting (depth, width, lr) */
	bool (*set)(struct settings *settings, const char *value, struct err *err);      /* SETTING_SPECIAL; else NULL or
	                                                                                  * what reads it besides its kind */
	void (*get)(const struct settings *settings, struct text *text);                 /* SETTING_SPECIAL */
};

TABLE_DECLARE(settings_table, struct setting, setting)

/* The default scenario, full_train_normal. */
void settings_default(struct settings *settings);

/* The single way to change a setting: an option's value, a script line's, a
 * scenario's.  "init.2" is layer 2's own initializer ("init.2=none" removes
 * it); likewise bias-init and activation.  On failure nothing is changed and err
 * (ERR_USAGE) names the setting, the reason and the choices.  An initializer of
 * weights removes the file of weights. */
bool settings_set(struct settings *settings, const char *name, const char *value, struct err *err);

/* Where several settings are given at once, they are set in the order of their ranks, so
 * that the order in which they are written does not matter. */
enum settings_rank {
	SETTINGS_SCENARIO,     /* sets all others */
	SETTINGS_INITIALIZERS, /* replaced by weights that are loaded */
	SETTINGS_WEIGHTS,      /* sets the widths to those of its file */
	SETTINGS_REST,
	SETTINGS_RANKS
};

/* The rank of NAME, SETTINGS_REST for an unknown name and for NAME.N. */
enum settings_rank settings_rank(const char *name);

/* Whether the settings have weights that are loaded instead of what this setting draws: NAME, not NAME.N. */
bool settings_are_loaded(const struct settings *settings, const char *name);

/* Removes the file of weights; the widths stay where they are known. */
void settings_drop_weights(struct settings *settings);

/* The setting that NAME or NAME.N names; *layer, if not NULL, becomes N, or 0.  NULL
 * with ERR_USAGE. */
const struct setting *settings_named(const char *name, uint32_t *layer, struct err *err);

/* Appends the value as settings_set() reads it; of NAME.N the one that holds in
 * layer N, "none" if the net has no such layer. */
bool settings_get(const struct settings *settings, const char *name, struct text *text, struct err *err);

/* Both for a setting of the whole net whose entry is at hand: no name is searched. */
bool settings_set_value(struct settings *settings, const struct setting *setting, const char *value, struct err *err);
void settings_get_value(const struct settings *settings, const struct setting *setting, struct text *text);

/* Appends the next higher (by 1) or lower (by -1) value: the next choice, in a
 * ring; the next number of 1, 2, 5, 10 ... or its neighbour.  False at the end of a
 * range, and for values that must be typed. */
bool settings_step(const struct settings *settings, const struct setting *setting, int by, struct text *value);

/* Applies the whole scenario: its settings, over the defaults of all others
 * except data, how they are divided and scaled, seeds and threads, which are the user's. */
void settings_apply_scenario(struct settings *settings, const struct scenario *scenario);

/* Fits the net to the images: input width and classes.  ERR_USAGE when
 * explicit widths contradict them. */
bool settings_fit(struct settings *settings, size_t pixels, size_t classes, struct err *err);

/* Floating-point operations in the matrix products of one training step. */
double settings_step_flops(const struct settings *settings);

/* The initializers of layer 1..layers: its own, or that of the output layer or
 * of a branch's last layer, or that of all. */
const struct spec *settings_layer_init(const struct settings *settings, size_t layer);
const struct spec *settings_layer_bias_init(const struct settings *settings, size_t layer);

/* The activation of layer 1..layers: its own; else linear in the second layer of a
 * branch, which has none before the sum; else that of all hidden layers.  NULL for
 * the output layer, a softmax. */
const struct spec *settings_layer_activation(const struct settings *settings, size_t layer);

/* Layers in the residual branch that ends in layer 1..layers; 0: none ends there. */
unsigned settings_layer_branch(const struct settings *settings, size_t layer);

/* Fills in what formulas of a layer's initializers depend on; its widths must be
 * set. */
struct initializer_place;
void settings_layer_place(const struct settings *settings, size_t layer, struct initializer_place *place);

/* Seeds with SETTINGS_SAME_SEED resolved. */
uint64_t settings_weight_seed(const struct settings *settings);
uint64_t settings_batch_seed(const struct settings *settings);

/* Hands out the options that recreate the settings, one after the other: "-s
 * NAME", then "--opt value" for what differs from the scenario's own settings,
 * quoted for a shell.  False when memory ran out. */
bool settings_options(const struct settings *settings, void (*emit)(void *context, const char *option), void *context);

/* Appends "initviz" and these options. */
void settings_command_line(const struct settings *settings, struct text *text);

/* Whether a run observes the net after `step` steps, besides the first and the last. */
#define SETTINGS_EVERY_LOG 0
bool settings_observe(const struct settings *settings, uint64_t step);

/* Whether the scheduled observation after `step` steps measures singular values. */
bool settings_measure(const struct settings *settings, uint64_t step);

/* True when both give the same numbers at every step (threads ignored). */
bool settings_equal(const struct settings *a, const struct settings *b);

#endif
