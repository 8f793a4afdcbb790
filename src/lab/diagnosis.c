/* Which rule gives the verdict on a layer and on the net. */
#include "lab/diagnosis_parts.h"

#include <stdio.h>

static const struct diagnosis_rule *rule_for(const struct diagnosis_facts *facts)
{
	size_t i = 0;
	while (!diagnosis_rule_at(i)->fires(facts, diagnosis_rule_at(i)->limit))
		i++; /* the last rule always fires */
	return diagnosis_rule_at(i);
}

static bool fires_at_start(const struct diagnosis_net *net, const struct diagnosis_rule *rule, size_t layer)
{
	if (net->start == NULL || layer >= net->start->layers)
		return false;
	struct diagnosis_net start = diagnosis_net_at_start(net);
	struct diagnosis_facts facts = diagnosis_facts_of(&start, layer);
	return rule->fires(&facts, rule->limit);
}

/* An arrow tells the way on which something vanishes or explodes. */
static void fill_badge(struct diagnosis *diagnosis, const struct diagnosis_net *net)
{
	static const char *const ways[DIAGNOSIS_KINDS] = {
		[DIAGNOSIS_EXPLODING_SIGNAL] = " →", [DIAGNOSIS_VANISHING_SIGNAL] = " →",
		[DIAGNOSIS_EXPLODING_GRADIENT] = " ←", [DIAGNOSIS_VANISHING_GRADIENT] = " ←",
	};
	const char *way = ways[diagnosis->rule->kind], *word = diagnosis->word;
	if (diagnosis->rule->kind == DIAGNOSIS_NOT_FINITE && net->now->diverged)
		word = net->now->diverged_step ? "diverged" : "infinite";
	snprintf(diagnosis->badge, sizeof diagnosis->badge, "%s%s", word, way ? way : "");
}

static void conclude(struct diagnosis *diagnosis, const struct diagnosis_net *net, const struct diagnosis_rule *rule)
{
	diagnosis->rule = rule;
	diagnosis->word = rule->word;
	diagnosis->severity = diagnosis_severity(rule, net);
	diagnosis->learns = net->learns;
	fill_badge(diagnosis, net);
}

void diagnosis_of_layer(struct diagnosis *diagnosis, const struct snapshot *now, const struct snapshot *start,
                        size_t layer)
{
	struct diagnosis_net net = diagnosis_net_of(now, start);
	struct diagnosis_facts facts = diagnosis_facts_of(&net, layer);
	const struct diagnosis_rule *rule = rule_for(&facts);
	struct diagnosis_pattern pattern = {
		.net = &net, .rule = rule, .count = 1, .first = facts.number, .last = facts.number,
		.at_start = fires_at_start(&net, rule, layer), .start_known = net.start != NULL, .facts = facts,
	};
	*diagnosis = (struct diagnosis){ .layer = layer + 1, .from_start = pattern.at_start };
	conclude(diagnosis, &net, rule);
	diagnosis_describe_layer(&diagnosis->what, &facts, rule);
	if (rule->kind != DIAGNOSIS_HEALTHY)
		diagnosis_describe_cause(&diagnosis->why, &pattern);
}

static bool is_graver(const struct diagnosis_rule *rule, const struct diagnosis_facts *a, const struct diagnosis_facts *b)
{
	return rule->kind == DIAGNOSIS_SATURATED ? a->stuck > b->stuck
	                                         : rule->kind == DIAGNOSIS_DEAD && a->layer->dead > b->layer->dead;
}

struct diagnosis_pattern diagnosis_pattern_of(const struct diagnosis_net *net, const struct diagnosis_rule *rule)
{
	struct diagnosis_pattern pattern = { .net = net, .rule = rule, .start_known = net->start != NULL };
	for (size_t l = 0; l <= net->hidden; l++) {
		struct diagnosis_facts facts = diagnosis_facts_of(net, l);
		pattern.at_start |= fires_at_start(net, rule, l);
		if (!rule->fires(&facts, rule->limit))
			continue;
		if (pattern.count++ == 0)
			pattern.first = l + 1;
		if (pattern.count == 1 || is_graver(rule, &facts, &pattern.facts))
			pattern.facts = facts;
		pattern.last = l + 1;
	}
	return pattern;
}

void diagnosis_of_net(struct diagnosis *diagnosis, const struct snapshot *now, const struct snapshot *start)
{
	struct diagnosis_net net = diagnosis_net_of(now, start);
	struct diagnosis_pattern gravest = {0};
	for (size_t i = 0; i < diagnosis_rules.count; i++) {
		const struct diagnosis_rule *rule = diagnosis_rule_at(i);
		if (gravest.count && diagnosis_severity(rule, &net) <= diagnosis_severity(gravest.rule, &net))
			continue;
		struct diagnosis_pattern pattern = diagnosis_pattern_of(&net, rule);
		if (pattern.count)
			gravest = pattern;
	}
	*diagnosis = (struct diagnosis){ .layer = gravest.first, .from_start = gravest.at_start };
	conclude(diagnosis, &net, gravest.rule);
	diagnosis_describe_net(&diagnosis->what, &gravest);
	diagnosis_describe_cause(&diagnosis->why, &gravest);
}

const char *diagnosis_where(char out[DIAGNOSIS_WHERE_SIZE], const struct diagnosis_pattern *pattern)
{
	size_t hidden = pattern->net->hidden, count = pattern->count;
	bool all = count == hidden && pattern->last == hidden, run = pattern->last - pattern->first + 1 == count;
	if (count == 1 && pattern->first > hidden)
		snprintf(out, DIAGNOSIS_WHERE_SIZE, "the output layer");
	else if (count == 1)
		snprintf(out, DIAGNOSIS_WHERE_SIZE, "layer %zu", pattern->first);
	else if (all && hidden == 2)
		snprintf(out, DIAGNOSIS_WHERE_SIZE, "both hidden layers");
	else if (all)
		snprintf(out, DIAGNOSIS_WHERE_SIZE, "all %zu hidden layers", hidden);
	else if (count == hidden + 1)
		snprintf(out, DIAGNOSIS_WHERE_SIZE, "all %zu layers", count);
	else if (run)
		snprintf(out, DIAGNOSIS_WHERE_SIZE, "layers %zu to %zu", pattern->first, pattern->last);
	else
		snprintf(out, DIAGNOSIS_WHERE_SIZE, "%zu of %zu layers", count, hidden + 1);
	return out;
}

enum severity diagnosis_saturation(const struct snapshot *now, size_t layer)
{
	struct diagnosis_net net = diagnosis_net_of(now, NULL);
	struct diagnosis_facts facts = diagnosis_facts_of(&net, layer);
	for (size_t i = 0; i < diagnosis_rules.count; i++) {
		const struct diagnosis_rule *rule = diagnosis_rule_at(i);
		if ((rule->kind == DIAGNOSIS_SATURATED || rule->kind == DIAGNOSIS_DEAD) && rule->fires(&facts, rule->limit))
			return diagnosis_severity(rule, &net);
	}
	return SEVERITY_HEALTHY;
}
