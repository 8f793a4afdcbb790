/* The verdict on a net and on each of its layers: what is wrong, by which rule,
 * and why.  Depends on snapshots only.  All rules and their limits are in one
 * table (diagnosis_rules.c). */
#ifndef INITVIZ_LAB_DIAGNOSIS_H
#define INITVIZ_LAB_DIAGNOSIS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/entry.h"
#include "lab/snapshot.h"
#include "lab/wording.h"

enum severity {
	SEVERITY_HEALTHY,
	SEVERITY_NOTE,   /* worth attention; the net can learn, or learns */
	SEVERITY_ILL,    /* learns slowly or not at all */
	SEVERITY_BROKEN, /* NaN or infinite numbers */
	SEVERITIES
};

/* "healthy", "note", "ill", "broken". */
extern const char *const severity_names[SEVERITIES];

/* What a rule is about; several rules may share one kind, with other limits. */
enum diagnosis_kind {
	DIAGNOSIS_NOT_FINITE,
	DIAGNOSIS_SYMMETRIC,   /* units are copies of each other */
	DIAGNOSIS_SINGLE_IMAGE, /* batch normalization of one image */
	DIAGNOSIS_UNDERFLOW,   /* all z or all delta too small for a float */
	DIAGNOSIS_DEAD,        /* units with a small slope for every image */
	DIAGNOSIS_SATURATED,   /* outputs at the end of a bounded activation's range */
	DIAGNOSIS_EXPLODING_SIGNAL,
	DIAGNOSIS_EXPLODING_GRADIENT,
	DIAGNOSIS_CHAOTIC,     /* the gradient grows over the depth, and like images become unlike */
	DIAGNOSIS_VANISHING_GRADIENT,
	DIAGNOSIS_VANISHING_SIGNAL,
	DIAGNOSIS_COLLAPSED,   /* every image gives nearly the same output */
	DIAGNOSIS_OUTPUT,      /* the loss is far above that of guessing */
	DIAGNOSIS_STALLED,     /* after many steps the loss is still that of guessing */
	DIAGNOSIS_ZERO_OUTPUT, /* the output layer's weights are 0, those before it are not */
	DIAGNOSIS_SHIFTED,     /* most of z is one number that all units share */
	DIAGNOSIS_BOTTLENECK,  /* fewer units than classes */
	DIAGNOSIS_FAST, DIAGNOSIS_SLOW, /* a step's change of the weights */
	DIAGNOSIS_OVERSHOOTING, /* what a step would change in the loss */
	DIAGNOSIS_HEALTHY,
	DIAGNOSIS_KINDS
};

struct diagnosis_facts;

/* A rule: entry.name is its own ("saturated_partly"), entry.summary the
 * condition with its limit, entry.reference where the limit comes from. */
struct diagnosis_rule {
	struct entry entry;
	enum diagnosis_kind kind;
	const char *word; /* the verdict, ASCII, at most 11 characters: "saturated", "dead", ..., "healthy" */
	enum severity severity; /* of a net that does not learn; one that learns is ILL by no rule */
	bool explains;    /* a note that is ILL in a net that is stalled */
	double limit;     /* what a measured number is compared with */
	bool (*fires)(const struct diagnosis_facts *facts, double limit);
};

/* In the order in which they are tried, causes before their consequences; the
 * first that fires gives a layer's verdict. */
TABLE_DECLARE(diagnosis_rules, struct diagnosis_rule, diagnosis_rule)

/* Appends the details that a list shows after the condition: word and severity. */
void diagnosis_rule_facts(struct text *text, const struct diagnosis_rule *rule);

/* "vanishing →" is the signal on its way forward, "vanishing ←" the gradient on
 * its way back.  UTF-8, at most 11 columns. */
#define DIAGNOSIS_BADGE_SIZE 16

struct diagnosis {
	enum severity severity;
	const char *word;        /* the rule's */
	char badge[DIAGNOSIS_BADGE_SIZE]; /* the word as a heading: what vanishes has an arrow, a diverged net its own word */
	struct wording what;     /* the sentence, with the current numbers */
	struct wording why;      /* the cause; without a form if none is known */
	const struct diagnosis_rule *rule; /* the rule that fired; never NULL */
	size_t layer;            /* from 1: the layer of the verdict; for the net's verdict the first layer for which the rule fires */
	bool learns;             /* the net learns, whatever the verdict */
	bool from_start;         /* the same rule fired at step 0; false where that is not known */
};

/* The verdict on a layer (from 0).  start: the observation of the same run at
 * step 0, or NULL where it is not known. */
void diagnosis_of_layer(struct diagnosis *diagnosis, const struct snapshot *now, const struct snapshot *start,
                        size_t layer);

/* The verdict on the net: the most severe rule that fires for any layer, the first
 * of equally severe ones; the sentence describes the pattern over all layers. */
void diagnosis_of_net(struct diagnosis *diagnosis, const struct snapshot *now, const struct snapshot *start);

/* Whether the verdict is that steps are too large. */
static inline bool diagnosis_is_fast(const struct diagnosis *diagnosis)
{
	return diagnosis->rule->kind == DIAGNOSIS_FAST || diagnosis->rule->kind == DIAGNOSIS_OVERSHOOTING;
}

/* The severity by the rules on saturated and dead outputs of this layer (from 0) alone. */
enum severity diagnosis_saturation(const struct snapshot *now, size_t layer);

/* Whether all z, a or delta of this layer (from 0) are 0 because they, or those that they
 * are computed from, are too small for a float.  Their mean square is not known then, only
 * that it is below DIAGNOSIS_UNDERFLOWED, the square of the smallest float, rounded up. */
bool diagnosis_underflowed(const struct snapshot *now, size_t layer, enum mlp_tensor tensor);
#define DIAGNOSIS_UNDERFLOWED "<1e-75"

/* The variance of one weight at which signal and gradient keep their size in
 * this layer (from 0), by mean-field theory from its activation and fans; of the
 * output layer the one that gives outputs of mean square 1 from its present
 * inputs.  NaN where theory has no answer. */
double diagnosis_wanted_variance(const struct snapshot *now, size_t layer);

#endif
