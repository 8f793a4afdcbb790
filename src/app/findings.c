/* Diagnosis and cure of what is shown. */
#include "app/findings.h"

#include "lab/scenario.h"
#include "app/app_parts.h"
#include "app/lanes.h"
#include "app/moment.h"

/* Whether everything that the cure depends on is the same, except the images of a
 * probe that changes with every batch. */
static bool same_case(const struct findings *findings, const struct snapshot *now, const struct diagnosis *diagnosis)
{
	const struct snapshot *before = findings->of;
	return before && findings->diagnosis.rule == diagnosis->rule && findings->diagnosis.severity == diagnosis->severity &&
	       findings->diagnosis.from_start == diagnosis->from_start &&
	       (before->step > 0) == (now->step > 0) && before->layers == now->layers &&
	       before->diverged == now->diverged && settings_equal(&before->settings, &now->settings);
}

void findings_update(struct app *app)
{
	struct findings *findings = app->findings;
	const struct snapshot *now = moment_snapshot(app);
	if (now == NULL || now == findings->of)
		return;
	struct diagnosis diagnosis;
	diagnosis_of_net(&diagnosis, now, history_start(lanes_history(app, app->lanes->chosen)));
	if (!same_case(findings, now, &diagnosis))
		cure_find(&findings->cure, now, &diagnosis);
	findings->diagnosis = diagnosis;
	snapshot_drop(findings->of);
	findings->of = snapshot_keep(now);
}

void findings_add(const struct app *app, struct text *text)
{
	const struct findings *findings = app->findings;
	const struct cure *cure = &findings->cure;
	if (findings->of == NULL)
		return;
	text_addf(text, "verdict  %s (%s): %s\n", findings->diagnosis.word, severity_names[findings->diagnosis.severity],
	          findings->diagnosis.what.form[0]);
	if (findings->diagnosis.why.form[0][0])
		text_addf(text, "why      %s\n", findings->diagnosis.why.form[0]);
	text_addf(text, "cure     %s\n", cure->words.form[0]);
	if (cure->outcome != CURE_FOUND)
		return;
	text_add(text, "options  ");
	cure_options(cure, text);
	text_add(text, "\n");
	if (cure->scenario)
		text_addf(text, "key      %d, the scenario %s, is the same net\n", cure->scenario,
		          scenario_at((size_t)cure->scenario - 1)->entry.name);
}

void findings_end(struct app *app)
{
	snapshot_drop(app->findings->of);
	app->findings->of = NULL;
}
