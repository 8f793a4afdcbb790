/* The table of quantities: every number that is measured of a net or predicted
 * for it.  The readouts of the views, the command `expect`, CSV, JSON,
 * announcements, `--list quantities` and the manual read it, so a new entry of
 * quantity_table.c appears in all of them, as far as its flags say.
 *
 * An entry describes the whole net, its input, a layer, the theory of a layer, or a
 * tensor of a layer; in the last case it is five quantities, such as E[z²], E[a²],
 * E[W²], E[δ²] and E[dW²]. */
#ifndef INITVIZ_LAB_QUANTITY_H
#define INITVIZ_LAB_QUANTITY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/entry.h"
#include "nn/mlp_kinds.h"
#include "lab/history.h"
#include "lab/snapshot.h"

/* The object that a quantity describes, and the struct in which it is stored. */
enum quantity_scope {
	QUANTITY_NET,    /* struct snapshot */
	QUANTITY_INPUT,  /* struct input_observation */
	QUANTITY_LAYER,  /* struct layer_observation */
	QUANTITY_THEORY, /* struct layer_theory */
	QUANTITY_TENSOR, /* struct tensor_observation */
	QUANTITY_SCOPES
};

enum quantity_unit {
	QUANTITY_NUMBER, /* as the tensor's values, or their squares */
	QUANTITY_SHARE,  /* 0..1 */
	QUANTITY_FACTOR, /* a ratio of two sizes */
	QUANTITY_COUNT,
	QUANTITY_NATS,
	QUANTITY_DEPTH,  /* layers */
	QUANTITY_UNITS
};

/* The layers that have the quantity: those of which one bit is set.  The output layer's
 * activation is softmax; a residual branch ends in some hidden layers. */
enum quantity_where { QUANTITY_HIDDEN = 1, QUANTITY_OUTPUT = 2, QUANTITY_EVERY = 3, QUANTITY_BRANCH_END = 4 };

/* When it has a value; NaN otherwise. */
enum quantity_when {
	QUANTITY_ALWAYS,
	QUANTITY_MOVED,     /* from the first step on */
	QUANTITY_CHANGED,   /* in scheduled observations from the first step on */
	QUANTITY_SCHEDULED, /* in scheduled observations, and whenever the net is paused */
	QUANTITY_MEASURED,  /* where singular values were measured */
	QUANTITY_DIVERGED,  /* after a NaN or an infinity */
	QUANTITY_UNNORMALIZED, /* where theory has an answer for nets without normalization, whose weights have mean 0 */
	QUANTITY_PREDICTED, /* where theory has an answer */
	QUANTITY_MAPPED,    /* likewise, and the correlation of images goes from layer to layer */
	QUANTITY_WHENS
};

/* Entries that the program refers to; the others have no id. */
enum quantity_id {
	QUANTITY_ANY,
	QUANTITY_LOSS, QUANTITY_TRAIN_ACCURACY, QUANTITY_TEST_ACCURACY, QUANTITY_DIVERGED_STEP,
	QUANTITY_SATURATED, QUANTITY_DEAD, QUANTITY_UPDATE_RATIO, QUANTITY_DELTA_FACTOR, QUANTITY_SLOPE_SQUARE,
	QUANTITY_MEAN_SQUARE, QUANTITY_VARIANCE, QUANTITY_RMS, QUANTITY_WEIGHT_NORM, QUANTITY_CHANGE_NORM,
	QUANTITY_IDS
};

/* Where a value is read.  layer (from 0) and tensor are used by the scopes that
 * have them; tensor is 0 for all scopes but QUANTITY_TENSOR. */
struct quantity_place {
	const struct snapshot *snapshot;
	size_t layer;
	enum mlp_tensor tensor;
};

/* The lists in which the screen and the announcements show quantities. */
enum quantity_panel {
	QUANTITY_IN_READOUTS,   /* beside the histograms of the Layers view */
	QUANTITY_IN_LAYER_VIEW, /* in the Layer view */
	QUANTITY_IN_COMPARE,    /* in the Compare view */
	QUANTITY_IN_ANNOUNCED,  /* in words, for --linear */
	QUANTITY_PANELS
};
#define QUANTITY_PANEL_MOST 32 /* lines */

struct quantity_shown {
	int order;                   /* of the lines, from 1; 0: not in this panel */
	enum quantity_where where;   /* 0: in the layers that the quantity is of */
	/* Which lines are shown when not all fit: those of rank 1
	 * first; 0: no such line.  In words rank 1 is in each announcement. */
	int rank, theory_rank, ratio_rank;
	const char *label;           /* NULL: the quantity's own */
	const char *theory_label;    /* NULL: "theory" */
	const char *note;            /* a few words of explanation, or NULL */
	bool gauge;                  /* as a bar */
};

/* How a value is stored. */
enum quantity_type {
	QUANTITY_DERIVED, /* not stored: read() computes it */
	QUANTITY_REAL,    /* double */
	QUANTITY_WHOLE    /* uint64_t */
};

enum quantity_output {
	QUANTITY_CSV = 1,        /* a column of CSV */
	QUANTITY_JSON = 2,       /* a member of the JSON object of its scope; stored values only */
	QUANTITY_PERCENTILE = 4, /* a member of "percentiles" there, named without the p */
	QUANTITY_JSON_LATER = 8, /* added after the first version: missing in older files and then read as NaN or 0 */
};

struct quantity {
	/* name: "loss", "saturated"; "input.mean" and "theory.chi" with their
	 * scope; of a tensor "mean".  summary: one line of explanation. */
	struct entry entry;
	enum quantity_id id;
	enum quantity_scope scope;
	enum quantity_unit unit;
	const char *label[MLP_TENSORS]; /* on the screen, UTF-8; [0] except for tensors; NULL: none */
	bool named_by_activation;       /* the label is the activation's name for its part with a small slope, if it has one */
	enum quantity_where where;      /* 0: not of a layer, or of every one */
	enum quantity_when when;
	enum quantity_type type;
	size_t offset;                  /* of a stored value in the struct of its scope */
	bool not_negative;              /* a stored value is never below 0, NaN apart */
	double (*read)(const struct quantity_place *place); /* of a derived value */
	double (*theory[MLP_TENSORS])(const struct quantity_place *place); /* the prediction; NULL: none */
	double (*band[MLP_TENSORS])(const struct quantity_place *place); /* of the prediction; NULL: none */
	bool band_is_absolute;          /* otherwise it is the band of ln(observed/predicted) */
	unsigned output;                /* enum quantity_output */
	struct quantity_shown shown[QUANTITY_PANELS][MLP_TENSORS];
};

TABLE_DECLARE(quantities, struct quantity, quantity)

/* The entry of an id. */
const struct quantity *quantity_of(enum quantity_id id);

/* "z", "a", "W", "δ", "dW". */
extern const char *const quantity_symbols[MLP_TENSORS];

/* The value at a place; NaN where it has none, also beyond the last layer. */
double quantity_read(const struct quantity *quantity, const struct quantity_place *place);

/* The exact value of one that is stored as QUANTITY_WHOLE; 0 beyond the last layer. */
uint64_t quantity_read_whole(const struct quantity *quantity, const struct quantity_place *place);

/* As quantity_read(), but a QUANTITY_SCHEDULED or QUANTITY_CHANGED quantity is read from
 * the last observation of the history (may be NULL) that has it. */
double quantity_read_last(const struct quantity *quantity, const struct quantity_place *place,
                          const struct history *history);

/* What theory predicts from settings and input alone, for step 0; NaN where it
 * has no answer. */
double quantity_theory(const struct quantity *quantity, const struct quantity_place *place);

/* Whether observation and prediction at step 0 differ by more than the scatter of
 * random draws: by more than two bands, or by a factor of 2 if there is no band.
 * False after step 0, where they differ because the net learns. */
bool quantity_is_far(const struct quantity *quantity, const struct quantity_place *place);

/* Whether it has a value at this place in a net whose numbers are all finite. */
bool quantity_applies(const struct quantity *quantity, const struct quantity_place *place);

/* Whether it has a label for this tensor and a panel shows it. */
bool quantity_is_on_screen(const struct quantity *quantity, enum mlp_tensor tensor);

/* Its label on the screen at this place. */
const char *quantity_label(const struct quantity *quantity, const struct quantity_place *place);

/* Its key in the JSON object of its scope: the name without the scope. */
const char *quantity_key(const struct quantity *quantity);

/* Appends its column's name in CSV: "loss", "theory_chi", "mean". */
void quantity_column(struct text *text, const struct quantity *quantity);

/* Appends a name that quantity_value() reads: "loss", "saturated1", "z1.mean". */
void quantity_example(struct text *text, const struct quantity *quantity);

/* Appends the details that a list shows after the summary: how to name it, its CSV column,
 * its label on the screen (UTF-8), unit, where and when it has a value. */
void quantity_facts(struct text *text, const struct quantity *quantity);

/* The value of a name such as "loss", "input.mean", "saturated1" (layer 1),
 * "theory2.chi", "z1.variance".  ERR_USAGE with the names that exist. */
bool quantity_value(const struct snapshot *snapshot, const char *name, double *value, struct err *err);

/* A line of a panel. */
struct quantity_line {
	const struct quantity *quantity;
	enum mlp_tensor tensor;
	const struct quantity_shown *shown;
};

/* What a layer (0-based) is. */
enum quantity_where quantity_where_of(const struct snapshot *snapshot, size_t layer);

/* The lines of a panel for a layer that is `where`, in their order; returns how many. */
size_t quantity_panel(struct quantity_line lines[QUANTITY_PANEL_MOST], enum quantity_panel panel,
                      enum quantity_where where);

#endif
