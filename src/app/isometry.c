#include "app/isometry.h"

#include <math.h>
#include <stdio.h>

#include "lab/run_label.h"
#include "nn/initializer.h"
#include "app/app_parts.h"
#include "app/branch.h"
#include "app/change.h"
#include "app/compare.h"
#include "app/experiment.h"
#include "app/lanes.h"
#include "app/message.h"
#include "app/moment.h"
#include "app/navigation.h"
#include "app/replay.h"

enum { OPEN, BESIDE };

static const struct entry words[] = {
	[OPEN] = { .name = "open", .summary = "the view alone" },
	[BESIDE] = { .name = "beside",
	             .summary = "the same net with orthogonal weights of the same variance beside this one, or normal ones beside orthogonal" },
};
const struct table isometry_words = TABLE_OF(words, "choice", "choices");

static bool is_shown(const struct app *app)
{
	return view_at(app->navigation->view)->singular;
}

void isometry_follow(struct app *app)
{
	runner_measure(app->experiment->runner, is_shown(app));
}

static void open_view(struct app *app)
{
	for (size_t i = 0; !is_shown(app) && i < views.count; i++)
		if (view_at(i)->singular)
			app->navigation->view = i;
	isometry_follow(app);
}

/* The other kind of weights, with the variance that the last hidden layer has. */
static bool other_weights(struct settings *other, const struct snapshot *now, struct err *err)
{
	const struct layer_observation *layer = &now->layer[now->layers >= 2 ? now->layers - 2 : 0];
	double most = (double)(layer->fan_in > layer->fan_out ? layer->fan_in : layer->fan_out);
	char init[64];
	if (!(layer->weight_variance > 0))
		return err_set(err, ERR_RUN, "isometry: the weights' variance is not known: name a net, as in compare init=orthogonal");
	if (initializer_is_orthogonal(&layer->init))
		snprintf(init, sizeof init, "normal(0,%.4g/sqrt(fan_in))", sqrt((double)layer->fan_in * layer->weight_variance));
	else
		snprintf(init, sizeof init, "orthogonal(gain=%.4g)", sqrt(most * layer->weight_variance));
	return settings_set(other, "init", init, err);
}

static bool put_beside(struct app *app, struct err *err)
{
	struct settings own, other;
	const struct snapshot *now = moment_snapshot(app);
	if (replay_refuses(app, NULL, err))
		return false;
	branch_settings(app, &own);
	other = own;
	if (!other_weights(&other, now, err))
		return false;
	settings_drop_weights(&other);
	if (!compare_pair(app, &own, &other))
		return false;
	open_view(app);
	return true;
}

bool isometry_command(struct app *app, char *line, struct err *err)
{
	const struct entry *word = line[0] ? table_find(&isometry_words, line, err) : NULL;
	if (line[0] && word == NULL)
		return err_prefix(err, "isometry");
	if (moment_snapshot(app) == NULL)
		return err_set(err, ERR_RUN, "isometry: there is no observation yet: wait until the images are loaded");
	bool shown = is_shown(app);
	open_view(app);
	if (word ? word == &words[BESIDE] : shown && app->lanes->beside == 0)
		return put_beside(app, err);
	return true;
}
