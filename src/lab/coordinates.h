/* The coordinate check of Yang et al. 2022 (Tensor Programs V, appendix D): how the size of
 * every layer's z, and its movement over the first steps, depend on the width.  Under muP they
 * depend on it little, so that a learning rate found in a narrow net suits a wide one.  Nets of
 * several widths and seeds are trained twice: with the settings' own weights, and under muP. */
#ifndef INITVIZ_LAB_COORDINATES_H
#define INITVIZ_LAB_COORDINATES_H

#include "base/entry.h"
#include "lab/sweep.h"

#define COORDINATES_WORDS "width=64..1024*5 seed=1..3" /* of a check of which nothing is said */
#define COORDINATES_STEPS 5      /* unless the check sets them */
#define COORDINATES_PROBE 100    /* images on which z is measured, likewise */
#define COORDINATES_MOST_STEPS 50
#define COORDINATES_MOST_NETS 200

/* Slopes are multiples of 1/2 where a layer breaks the condition (Yang et al. 2022, tables 3
 * and 14), and 0 where it does not: half of that is the limit. */
#define COORDINATES_LIMIT 0.25

enum coordinates_kind { COORDINATES_OWN, COORDINATES_MUP, COORDINATES_KINDS };

/* What is measured of a layer at each step; the table of their names and meanings. */
enum coordinates_quantity { COORDINATES_SIZE, COORDINATES_CHANGE, COORDINATES_QUANTITIES };
TABLE_DECLARE(coordinates_quantities, struct entry, coordinates_quantity)

struct coordinates {
	struct sweep_grid grid;         /* width and seed; other settings with one value each */
	struct settings settings[COORDINATES_KINDS]; /* of each kind, but for width and seed; grid.base has those of the first */
	size_t layers, steps;
	size_t width_axis, widths;      /* axis of the grid; number of its values */
	enum coordinates_state { COORDINATES_MISSING, COORDINATES_KNOWN, COORDINATES_FAILED } *state; /* [grid.nets] */
	double *value;                  /* [grid.nets][COORDINATES_KINDS][COORDINATES_QUANTITIES][steps + 1][layers] */
	uint64_t known;                 /* nets that are known or failed */
	char problem[ERR_MESSAGE_SIZE]; /* of the first that failed; "": none */
};

/* A check of nets around `base`, none of them trained: words as for sweep_grid_parse(), in which
 * width and seed alone may have several values; "": COORDINATES_WORDS.  ERR_USAGE, ERR_RESOURCE. */
struct coordinates *coordinates_create(const char *words, const struct settings *base, struct err *err);
void coordinates_free(struct coordinates *coordinates); /* NULL is allowed */

/* The plan of a sweep that trains all nets which are missing, narrow ones first: their results go
 * to coordinates_add().  The coordinates outlive the sweep. */
struct sweep_plan coordinates_plan(struct coordinates *coordinates);
void coordinates_add(struct coordinates *coordinates, const struct sweep_result *result);

/* ---- reading ---- */

/* Whether no net is missing: until then the verdict may change. */
bool coordinates_is_complete(const struct coordinates *coordinates);

uint64_t coordinates_width(const struct coordinates *coordinates, size_t index);

/* Mean over the known seeds, layer from 0; NaN: none is known; Inf: a net diverged. */
double coordinates_mean(const struct coordinates *coordinates, enum coordinates_kind kind,
                        enum coordinates_quantity quantity, size_t step, size_t layer, size_t width);

/* The least-squares line through ln(mean) over ln(width), for all widths that are known. */
struct coordinates_line {
	size_t widths;  /* through which it goes */
	double slope;   /* NaN: below two widths, or the mean is 0 or not finite at one of them */
	double spread;  /* the largest mean by the smallest; NaN likewise */
};
struct coordinates_line coordinates_line(const struct coordinates *coordinates, enum coordinates_kind kind,
                                         enum coordinates_quantity quantity, size_t step, size_t layer);

enum coordinates_outcome {
	COORDINATES_OPEN,     /* fewer than two widths are known */
	COORDINATES_ALIKE,    /* every layer moves alike at every width */
	COORDINATES_START,    /* z of the layer depends on the width before the first step */
	COORDINATES_GROWS,    /* it moves the more, the wider the net */
	COORDINATES_SHRINKS,  /* it moves the less, the wider the net */
	COORDINATES_STILL,    /* it does not move */
	COORDINATES_DIVERGES, /* a net met NaN or infinity */
};

struct coordinates_verdict {
	enum coordinates_outcome outcome;
	size_t layer;         /* the one that breaks the condition most, from 0 */
	size_t step;          /* after which: 0, of the size; above, of the movement */
	double slope;         /* its slope there */
	uint64_t width;       /* COORDINATES_DIVERGES: the narrowest that did */
	double low, high;     /* of the slopes of all layers' movement at all steps; NaN without any */
};

/* Output layers may begin smaller in wide nets, as they do under muP. */
void coordinates_judge(struct coordinates_verdict *verdict, const struct coordinates *coordinates, enum coordinates_kind kind);

/* Whether this layer's slope breaks the condition: the size is judged at step 0 only. */
bool coordinates_breaks(const struct coordinates *coordinates, enum coordinates_quantity quantity, size_t step,
                        size_t layer, double slope);

bool coordinates_names_layer(const struct coordinates_verdict *verdict);

/* "open", "alike", "start" ..., by the outcome. */
extern const char *const coordinates_outcome_names[];

/* Appends the verdict as a sentence without its stop, which says "so far" while nets are missing;
 * form: 0 in full, 1 short, 2 a few words. */
#define COORDINATES_FORMS 3
void coordinates_sentence(struct text *text, const struct coordinates *coordinates, enum coordinates_kind kind, int form);

/* "init=he output-init=lecun", what tells the kind from the other one. */
void coordinates_name(struct text *text, const struct coordinates *coordinates, enum coordinates_kind kind);

#endif
