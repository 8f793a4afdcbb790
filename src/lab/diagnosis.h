/* The verdict on a net and on each of its layers: what is wrong, by which rule,
 * and why.  Depends on snapshots only.  All rules and their limits are in one
 * table (diagnosis_rules.c). */
#ifndef INITVIZ_LAB_DIAGNOSIS_H
#define INITVIZ_LAB_DIAGNOSIS_H

#include <stddef.h>

#include "base/entry.h"
#include "lab/snapshot.h"
#include "lab/wording.h"

enum severity {
	SEVERITY_HEALTHY,
	SEVERITY_NOTE,   /* worth attention; the net can learn */
	SEVERITY_ILL,    /* learns slowly or not at all */
	SEVERITY_BROKEN, /* NaN or infinite numbers */
	SEVERITIES
};

/* "healthy", "note", "ill", "broken". */
extern const char *const severity_names[SEVERITIES];

struct diagnosis_facts;

/* A rule: entry.name is its own ("saturated_partly"), entry.summary the
 * condition with its limit, entry.reference where the limit comes from. */
struct diagnosis_rule {
	struct entry entry;
	const char *word; /* the verdict, at most 11 characters: "saturated", "dead", ..., "healthy" */
	enum severity severity;
	double limit;     /* what a measured number is compared with */
	bool (*fires)(const struct diagnosis_facts *facts, double limit, struct wording *what);
};

/* In the order in which they are tried; the first that fires gives a layer's verdict. */
TABLE_DECLARE(diagnosis_rules, struct diagnosis_rule, diagnosis_rule)

struct diagnosis {
	enum severity severity;
	const char *word;        /* badge, at most 11 columns, ASCII: "saturated", "vanishing", "healthy" */
	struct wording what;     /* the sentence, with the current numbers */
	struct wording why;      /* the cause; no form where there is nothing to say */
	const struct diagnosis_rule *rule; /* that fired; never NULL */
	size_t layer;            /* from 1: the layer that the rule examined */
};

/* The verdict on a layer (from 0).  start: the observation of the same run at
 * step 0, or NULL where it is not known. */
void diagnosis_of_layer(struct diagnosis *diagnosis, const struct snapshot *now, const struct snapshot *start,
                        size_t layer);

/* The verdict on the net as a whole. */
void diagnosis_of_net(struct diagnosis *diagnosis, const struct snapshot *now, const struct snapshot *start);

/* The severity by the rules on saturated and dead outputs of this layer (from 0) alone. */
enum severity diagnosis_saturation(const struct snapshot *now, size_t layer);

#endif
