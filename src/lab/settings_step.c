/* The next higher or lower value of a setting, for keys.  Depends on the kind of a
 * setting, never on its name. */
#include <math.h>
#include <stdio.h>

#include "lab/settings.h"

/* The neighbour of `at` in a ring of `count`; at: count for a place outside. */
static size_t wrap_index(size_t at, size_t count, int by)
{
	if (at >= count)
		return by > 0 ? 0 : count - 1;
	return by > 0 ? (at + 1) % count : (at + count - 1) % count;
}

static bool step_choice(const struct table *choices, const char *now, int by, struct text *value)
{
	struct spec spec;
	size_t at = choices->count;
	if (spec_parse(&spec, choices, now, NULL))
		at = table_index(choices, spec.entry);
	do
		at = wrap_index(at, choices->count, by);
	while (entry_needs_formula(table_at(choices, at)));
	text_add(value, table_at(choices, at)->name);
	return true;
}

/* The nearest number above or below that is 1, 2 or 5 times a power of ten. */
static double step_125(double now, int by)
{
	static const double steps[] = { 0.5, 1, 2, 5, 10 };
	enum { STEPS = sizeof steps / sizeof steps[0] };
	double unit = pow(10, floor(log10(now))), margin = 1e-9 * now;
	int i = by > 0 ? 0 : STEPS - 1;
	while (by > 0 ? steps[i] * unit <= now + margin : steps[i] * unit >= now - margin)
		i += by;
	return steps[i] * unit;
}

/* The number after or before the present one; false if there is none.  Fractions
 * are for settings that are read as fractions. */
static bool step_number(const char *now, int by, bool ordinal, char number[TEXT_EXACT_SIZE])
{
	uint64_t whole;
	double real;
	bool is_whole = text_unsigned(now, &whole);
	if (is_whole && (ordinal || (whole <= 1 && by > 0) || whole == 0)) {
		if ((by < 0 && whole == 0) || (by > 0 && whole == UINT64_MAX))
			return false;
		snprintf(number, TEXT_EXACT_SIZE, "%llu", (unsigned long long)(by > 0 ? whole + 1 : whole - 1));
		return true;
	}
	if (!text_real(now, &real) || real <= 0)
		return false;
	real = step_125(real, by);
	snprintf(number, TEXT_EXACT_SIZE, real < 1 ? "%.1g" : "%.0f", real);
	return true;
}

/* Whether the setting can have the value. */
static bool accepts(const struct settings *settings, const struct setting *setting, const char *value)
{
	struct settings changed = *settings;
	return settings_set_value(&changed, setting, value, NULL);
}

/* Below the lowest number comes the word, if there is one; below 1 comes 0, if it
 * is allowed. */
static bool step_count(const struct settings *settings, const struct setting *setting, const char *now, int by,
                       struct text *value)
{
	char number[TEXT_EXACT_SIZE];
	bool is_word = setting->word && text_same_name(now, setting->word);
	if (is_word && by < 0)
		return false;
	if (is_word)
		text_add(value, accepts(settings, setting, "0") ? "0" : "1");
	else if (step_number(now, by, setting->ordinal, number) && accepts(settings, setting, number))
		text_add(value, number);
	else if (by < 0 && accepts(settings, setting, "0") && !text_same_name(now, "0"))
		text_add(value, "0");
	else if (by < 0 && setting->word)
		text_add(value, setting->word);
	else
		return false;
	return true;
}

bool settings_step(const struct settings *settings, const struct setting *setting, int by, struct text *value)
{
	struct text now = {0};
	settings_get_value(settings, setting, &now);
	bool stepped = true;
	if (setting->typed)
		stepped = false;
	else if (setting->choices)
		stepped = step_choice(setting->choices, text_string(&now), by, value);
	else if (setting->kind == SETTING_FLAG)
		text_add(value, text_same_name(text_string(&now), "yes") ? "no" : "yes");
	else
		stepped = step_count(settings, setting, text_string(&now), by, value);
	text_free(&now);
	return stepped;
}
