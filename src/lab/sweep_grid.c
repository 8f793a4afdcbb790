/* The grid of a sweep: reads its axes and gives each net its settings. */
#include "lab/sweep_grid.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

/* ---- the order in which settings are applied ---- */

enum { SCENARIO, WHOLE, PART, ORDERS };

static int order_of(const struct setting *setting)
{
	return setting->preset ? SCENARIO : setting->derived ? PART : WHOLE;
}

/* Calls `use` for every axis with its value in the net, in that order. */
typedef bool use_value(void *context, const struct sweep_axis *axis, const char *value, struct err *err);

static bool visit(const struct sweep_grid *grid, uint64_t net, use_value *use, void *context, struct err *err)
{
	for (int order = 0; order < ORDERS; order++)
		for (size_t i = 0; i < grid->axes; i++) {
			const struct sweep_axis *axis = &grid->axis[i];
			if (order_of(axis->setting) == order &&
			    !use(context, axis, sweep_axis_value(axis, sweep_grid_index(grid, i, net)), err))
				return false;
		}
	return true;
}

static bool set(void *context, const struct sweep_axis *axis, const char *value, struct err *err)
{
	return settings_set(context, axis->name, value, err);
}

bool sweep_grid_settings(struct settings *settings, const struct sweep_grid *grid, uint64_t net, struct err *err)
{
	*settings = grid->base;
	return visit(grid, net, set, settings, err);
}

static bool add_option(void *context, const struct sweep_axis *axis, const char *value, struct err *err)
{
	struct text *text = context, word = {0};
	(void)err;
	text_addf(&word, "%s=%s", axis->name, value);
	text_add(text, " --set ");
	text_add_quoted(text, text_string(&word));
	text->failed |= word.failed;
	text_free(&word);
	return true;
}

void sweep_grid_command(const struct sweep_grid *grid, uint64_t net, struct text *text)
{
	struct settings settings;
	if (sweep_grid_settings(&settings, grid, net, NULL)) {
		settings_command_line(&settings, text);
		return;
	}
	/* values that do not fit together: as they were given */
	settings_command_line(&grid->base, text);
	visit(grid, net, add_option, text, NULL);
}

/* ---- indexes ---- */

size_t sweep_grid_index(const struct sweep_grid *grid, size_t axis, uint64_t net)
{
	for (size_t i = grid->axes - 1; i > axis; i--)
		net /= grid->axis[i].values;
	return (size_t)(net % grid->axis[axis].values);
}

uint64_t sweep_grid_net(const struct sweep_grid *grid, const size_t index[SWEEP_MAX_AXES])
{
	uint64_t net = 0;
	for (size_t i = 0; i < grid->axes; i++)
		net = net * grid->axis[i].values + index[i];
	return net;
}

void sweep_grid_piece(const struct sweep_grid *grid, uint64_t piece, uint64_t pieces, uint64_t *first, uint64_t *end)
{
	uint64_t each = grid->nets / pieces, more = grid->nets % pieces;
	*first = (piece - 1) * each + (piece - 1 < more ? piece - 1 : more);
	*end = *first + each + (piece <= more);
}

/* ---- reading ---- */

void sweep_grid_free(struct sweep_grid *grid)
{
	for (size_t i = 0; i < SWEEP_MAX_AXES; i++) {
		alloc_free(grid->axis[i].start);
		text_free(&grid->axis[i].text);
	}
	*grid = (struct sweep_grid){0};
}

/* Every value must be one that its setting can have. */
static bool try_values(const struct sweep_axis *axis, const struct settings *base, struct err *err)
{
	for (size_t i = 0; i < axis->values; i++) {
		struct settings settings = *base;
		if (!settings_set(&settings, axis->name, sweep_axis_value(axis, i), err))
			return err_prefix(err, "sweep");
	}
	return true;
}

/* The length of the word: blanks within parentheses belong to it. */
static size_t word_length(const char *words)
{
	int depth = 0;
	size_t length = 0;
	for (; words[length] && !(strchr(" \t\n", words[length]) && depth <= 0); length++)
		depth += words[length] == '(' ? 1 : words[length] == ')' ? -1 : 0;
	return length;
}

/* Refuses a grid as soon as it is too large, before any of its values is made. */
static bool begin_axis(struct sweep_grid *grid, const char *word, struct err *err)
{
	char safe[64];
	size_t length = strcspn(word, "=");
	struct sweep_axis *axis = &grid->axis[grid->axes];
	text_escape(safe, sizeof safe, word);
	if (word[length] == '\0' || length == 0 || length >= sizeof axis->name)
		return err_set(err, ERR_USAGE, "sweep: '%s' is not valid: give NAME=VALUE,VALUE,..., as in depth=3,10,30", safe);
	if (grid->axes == SWEEP_MAX_AXES)
		return err_set(err, ERR_USAGE, "sweep: more than %d settings vary: give fewer", SWEEP_MAX_AXES);
	snprintf(axis->name, sizeof axis->name, "%.*s", (int)length, word);
	uint32_t layer;
	axis->setting = settings_named(axis->name, &layer, err);
	if (axis->setting == NULL)
		return err_prefix(err, "sweep");
	if (layer == 0)
		snprintf(axis->name, sizeof axis->name, "%s", axis->setting->entry.name);
	if (axis->setting->speed_only)
		return err_set(err, ERR_USAGE, "sweep: %s never changes a result: give --%s instead", axis->name, axis->name);
	for (size_t i = 0; i < grid->axes; i++)
		if (strcmp(grid->axis[i].name, axis->name) == 0)
			return err_set(err, ERR_USAGE, "sweep: %s is given twice: put all its values into one list", axis->name);
	grid->axes++;
	grid->nets *= sweep_axis_count(axis, word + length + 1);
	if (grid->nets > SWEEP_MAX_NETS)
		return err_set(err, ERR_USAGE, "sweep: the grid has more than %d nets: give fewer values", SWEEP_MAX_NETS);
	return true;
}

static bool read_axis(struct sweep_grid *grid, const char *word, struct err *err)
{
	return sweep_axis_read(&grid->axis[grid->axes++], strchr(word, '=') + 1, err);
}

static bool each_word(struct sweep_grid *grid, const char *words,
                      bool (*use)(struct sweep_grid *grid, const char *word, struct err *err), struct err *err)
{
	grid->axes = 0;
	while (words += strspn(words, " \t\n"), *words) {
		struct text word = {0};
		size_t length = word_length(words);
		text_add_bytes(&word, words, length);
		bool used = text_check(&word, err) && use(grid, text_string(&word), err);
		text_free(&word);
		if (!used)
			return false;
		words += length;
	}
	return true;
}

/* An initializer replaces loaded weights: a grid has one of the two. */
static bool agree_on_weights(const struct sweep_grid *grid, struct err *err)
{
	bool loaded = grid->base.weights[0];
	for (size_t i = 0; i < grid->axes; i++)
		loaded |= settings_rank(grid->axis[i].name) == SETTINGS_WEIGHTS;
	for (size_t i = 0; i < grid->axes && loaded; i++)
		if (settings_rank(grid->axis[i].name) == SETTINGS_INITIALIZERS)
			return err_set(err, ERR_USAGE, "sweep: %s contradicts weights, which loads all weights: leave one of the two out",
			               grid->axis[i].name);
	return true;
}

static bool parse(struct sweep_grid *grid, const char *words, struct err *err)
{
	grid->nets = 1;
	if (!each_word(grid, words, begin_axis, err))
		return false;
	if (grid->axes == 0)
		return err_set(err, ERR_USAGE, "sweep: no setting varies: give NAME=VALUE,VALUE,..., as in depth=3,10,30");
	if (!each_word(grid, words, read_axis, err))
		return false;
	grid->nets = 1;
	for (size_t i = 0; i < grid->axes; i++)
		grid->nets *= grid->axis[i].values;
	for (size_t i = 0; i < grid->axes; i++)
		if (!try_values(&grid->axis[i], &grid->base, err))
			return false;
	return agree_on_weights(grid, err);
}

bool sweep_grid_parse(struct sweep_grid *grid, const char *words, const struct settings *base, struct err *err)
{
	*grid = (struct sweep_grid){ .base = *base };
	grid->base.threads = 0; /* never changes a result */
	if (parse(grid, words, err))
		return true;
	sweep_grid_free(grid);
	return false;
}
