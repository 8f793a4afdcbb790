/* Verdicts as one line and a colour. */
#include "view/verdict.h"

#include <stdio.h>

#include "lab/diagnosis.h"

enum role verdict_role(enum severity severity)
{
	static const enum role roles[SEVERITIES] = {
		[SEVERITY_HEALTHY] = ROLE_GOOD, [SEVERITY_NOTE] = ROLE_NOTE, [SEVERITY_ILL] = ROLE_WARNING,
		[SEVERITY_BROKEN] = ROLE_ALARM,
	};
	return roles[severity];
}

static struct verdict verdict_of(const struct diagnosis *diagnosis)
{
	struct verdict verdict = { .role = verdict_role(diagnosis->severity), .word = diagnosis->word };
	snprintf(verdict.badge, sizeof verdict.badge, "%s", diagnosis->badge);
	snprintf(verdict.sentence, sizeof verdict.sentence, "%s", diagnosis->what.form[0]);
	verdict.rule = diagnosis->rule->entry.summary;
	return verdict;
}

struct verdict verdict_layer(const struct snapshot *snapshot, size_t layer)
{
	struct diagnosis diagnosis;
	diagnosis_of_layer(&diagnosis, snapshot, NULL, layer);
	return verdict_of(&diagnosis);
}

enum role verdict_saturation_role(const struct snapshot *snapshot, size_t layer)
{
	return verdict_role(diagnosis_saturation(snapshot, layer));
}

enum role verdict_flat_role(const struct snapshot *snapshot, size_t layer)
{
	return diagnosis_saturation(snapshot, layer) == SEVERITY_HEALTHY ? ROLE_HIST_INACTIVE : ROLE_HIST_SATURATED;
}

struct verdict verdict_worst(const struct snapshot *snapshot, const struct snapshot *start)
{
	struct diagnosis diagnosis;
	diagnosis_of_net(&diagnosis, snapshot, start);
	return verdict_of(&diagnosis);
}
