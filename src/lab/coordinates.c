/* The coordinate check: which nets it has, and how their numbers are kept. */
#include "lab/coordinates.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "lab/coordinates_parts.h"
#include "nn/initializer.h"

static const struct entry quantity_list[COORDINATES_QUANTITIES] = {
	[COORDINATES_SIZE] = { .name = "size", .summary = "mean |z| over units and images" },
	[COORDINATES_CHANGE] = { .name = "change", .summary = "mean |z - z at step 0| over units and images" },
};
const struct table coordinates_quantities = TABLE_OF(quantity_list, "quantity", "quantities");

/* ---- the settings of both kinds ---- */

/* Layers' own initializers of weights would keep those layers out of the comparison. */
static bool remove_own(struct settings *settings, struct err *err)
{
	char name[SWEEP_NAME_SIZE];
	for (uint32_t i = settings->overrides; i-- > 0;) {
		if (!settings->override[i].setting->draws_weights)
			continue;
		snprintf(name, sizeof name, "%s.%u", settings->override[i].setting->entry.name, settings->override[i].layer);
		if (!settings_set(settings, name, "none", err))
			return false;
	}
	return true;
}

static bool is_under_mup(const struct settings *settings)
{
	return initializer_of(&settings->init)->maximal_update ||
	       (settings->output_init.entry && initializer_of(&settings->output_init)->maximal_update);
}

/* The usual weights take the place of own ones that are under muP. */
static bool make_kinds(struct settings kinds[COORDINATES_KINDS], const struct settings *base, struct err *err)
{
	struct settings *own = &kinds[COORDINATES_OWN], *mup = &kinds[COORDINATES_MUP];
	*own = *base;
	settings_drop_weights(own);
	*mup = *own;
	if (is_under_mup(own) && !(remove_own(own, err) && settings_set(own, "init", "he", err) && settings_set(own, "output-init", "lecun", err)))
		return false;
	if (is_under_mup(base))
		return true;
	return remove_own(mup, err) && settings_set(mup, "init", "mup", err) && settings_set(mup, "output-init", "mup_readout", err);
}

/* ---- the nets ---- */

static bool check_axes(struct coordinates *c, struct err *err)
{
	const struct sweep_grid *grid = &c->grid;
	c->width_axis = grid->axes;
	for (size_t i = 0; i < grid->axes; i++) {
		const struct sweep_axis *axis = &grid->axis[i];
		if (strcmp(axis->name, "width") == 0)
			c->width_axis = i;
		else if (axis->values > 1 && strcmp(axis->name, "seed") != 0)
			return err_set(err, ERR_USAGE, "coordinates: %s has several values: only width and seed may", axis->name);
	}
	c->widths = c->width_axis < grid->axes ? grid->axis[c->width_axis].values : 0;
	if (c->widths < 2)
		return err_set(err, ERR_USAGE, "coordinates: no widths to compare: give two or more, as in width=64..4096*7");
	for (size_t i = 1; i < c->widths; i++)
		if (coordinates_width(c, i) <= coordinates_width(c, i - 1))
			return err_set(err, ERR_USAGE, "coordinates: widths are not in order: give each once, the smallest first");
	if (grid->nets > COORDINATES_MOST_NETS)
		return err_set(err, ERR_USAGE, "coordinates: %llu nets are too many: give fewer values, for at most %d nets",
		               (unsigned long long)grid->nets, COORDINATES_MOST_NETS);
	return true;
}

static bool fill(struct coordinates *c, const char *words, const struct settings *base, struct err *err)
{
	struct settings own = *base, narrow;
	own.steps = COORDINATES_STEPS;
	own.probe = COORDINATES_PROBE;
	if (!make_kinds(c->settings, &own, err) ||
	    !sweep_grid_parse(&c->grid, words[strspn(words, " \t\n")] ? words : COORDINATES_WORDS, &c->settings[COORDINATES_OWN], err) ||
	    !check_axes(c, err) || !sweep_grid_settings(&narrow, &c->grid, 0, err))
		return false;
	if (narrow.layers < 2)
		return err_set(err, ERR_USAGE, "coordinates: the net has no hidden layers, whose width could vary: give it a depth of 1 or more");
	if (narrow.steps < 1 || narrow.steps > COORDINATES_MOST_STEPS)
		return err_set(err, ERR_USAGE, "coordinates: steps are 1 to %d here: the check is about the first ones", COORDINATES_MOST_STEPS);
	c->layers = narrow.layers;
	c->steps = (size_t)narrow.steps;
	size_t nets = (size_t)c->grid.nets;
	c->state = alloc_array(nets, sizeof c->state[0], err);
	c->value = alloc_array(nets, coordinates_numbers(c) * sizeof c->value[0], err);
	return c->state && c->value;
}

struct coordinates *coordinates_create(const char *words, const struct settings *base, struct err *err)
{
	struct coordinates *c = alloc_array(1, sizeof *c, err);
	if (c == NULL || fill(c, words, base, err))
		return c;
	coordinates_free(c);
	return NULL;
}

void coordinates_free(struct coordinates *c)
{
	if (c == NULL)
		return;
	sweep_grid_free(&c->grid);
	alloc_free(c->state);
	alloc_free(c->value);
	alloc_free(c);
}

/* Results come in the order of the nets, so that the first missing one is where the next sweep begins. */
struct sweep_plan coordinates_plan(struct coordinates *c)
{
	return (struct sweep_plan){ .grid = &c->grid, .first = c->known, .end = c->grid.nets, .train = coordinates_train, .context = c };
}

void coordinates_add(struct coordinates *c, const struct sweep_result *result)
{
	c->known += c->state[result->net] == COORDINATES_MISSING;
	c->state[result->net] = result->error[0] ? COORDINATES_FAILED : COORDINATES_KNOWN;
	if (result->error[0] && c->problem[0] == '\0')
		snprintf(c->problem, sizeof c->problem, "%s", result->error);
}

/* ---- where a number is ---- */

size_t coordinates_numbers(const struct coordinates *c)
{
	return COORDINATES_KINDS * COORDINATES_QUANTITIES * (c->steps + 1) * c->layers;
}

double *coordinates_at(const struct coordinates *c, uint64_t net, enum coordinates_kind kind,
                       enum coordinates_quantity quantity, size_t step)
{
	size_t row = ((size_t)kind * COORDINATES_QUANTITIES + (size_t)quantity) * (c->steps + 1) + step;
	return &c->value[(size_t)net * coordinates_numbers(c) + row * c->layers];
}

uint64_t coordinates_width(const struct coordinates *c, size_t index)
{
	uint64_t width = 0;
	text_unsigned(sweep_axis_value(&c->grid.axis[c->width_axis], index), &width);
	return width;
}

void coordinates_name(struct text *text, const struct coordinates *c, enum coordinates_kind kind)
{
	const struct settings *settings = &c->settings[kind];
	settings_get(settings, "init", text, NULL);
	if (settings->output_init.entry) {
		text_add(text, ", output ");
		settings_get(settings, "output-init", text, NULL);
	}
}
