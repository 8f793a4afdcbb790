/* The functions for callers: moments and filling by a spec, a label for titles,
 * and the formula with the current numbers. */
#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/flush_zero.h"
#include "base/whole.h"
#include "base/words.h"
#include "nn/initializer.h"
#include "nn/initializer_law.h"
#include "nn/initializer_special.h"

/* ---- moments and filling ---- */

struct fans initializer_fans(const struct spec *spec, size_t fan_in, size_t fan_out)
{
	bool has_parameters = entry_parameter_count(spec->entry) > 0;
	return (struct fans){
		.in = (double)fan_in,
		.out = (double)fan_out,
		.p = has_parameters ? spec->value : initializer_of(spec)->fixed,
	};
}

bool initializer_evaluate(struct spec *spec, const struct initializer_place *place, struct err *err)
{
	const double variable[] = { (double)place->fan_in, (double)place->fan_out, (double)place->layer,
	                            (double)place->depth, (double)place->branch, (double)place->branches };
	return spec_evaluate(spec, variable, err);
}

double initializer_variance(const struct spec *spec, size_t fan_in, size_t fan_out)
{
	const struct initializer *initializer = initializer_of(spec);
	struct fans fans = initializer_fans(spec, fan_in, fan_out);
	if (initializer->law == NULL)
		return initializer->variance(&fans);
	struct law law = initializer->law(&fans);
	return law_variance(&law);
}

double initializer_mean(const struct spec *spec, size_t fan_in, size_t fan_out)
{
	const struct initializer *initializer = initializer_of(spec);
	struct fans fans = initializer_fans(spec, fan_in, fan_out);
	if (initializer->law == NULL)
		return initializer->mean ? initializer->mean(&fans) : 0;
	struct law law = initializer->law(&fans);
	return law_mean(&law);
}

bool initializer_fill(float *w, size_t fan_in, size_t fan_out, const struct spec *spec, struct rng *rng,
                      struct err *err)
{
	const struct initializer *initializer = initializer_of(spec);
	struct fans fans = initializer_fans(spec, fan_in, fan_out);
	struct flush_zero mode = flush_zero_begin();
	bool done = true;
	if (initializer->law) {
		struct law law = initializer->law(&fans);
		law_fill(&law, w, fan_in * fan_out, rng);
	} else
		done = initializer->fill(w, fan_in, fan_out, fans.p, rng, err);
	flush_zero_end(mode);
	return done;
}

bool initializer_is_structured(const struct spec *spec)
{
	return initializer_of(spec)->law == NULL && !initializer_of(spec)->from_file;
}

bool initializer_is_pattern(const struct spec *spec)
{
	return initializer_of(spec)->pattern;
}

bool initializer_is_orthogonal(const struct spec *spec)
{
	return initializer_of(spec)->fill == orthogonal_fill;
}

/* ---- from a file ---- */

static double unknown_variance(const struct fans *fans)
{
	(void)fans;
	return NAN;
}

/* The session fills w. */
static bool fill_nothing(float *w, size_t fan_in, size_t fan_out, const double *p, struct rng *rng, struct err *err)
{
	(void)w, (void)fan_in, (void)fan_out, (void)p, (void)rng, (void)err;
	return true;
}

static const struct initializer from_file = {
	.entry = { .name = "file", .summary = "the weights of a file", .formula = "measured" },
	.variance = unknown_variance, .fill = fill_nothing, .from_file = true,
};

const struct spec initializer_file = { .entry = &from_file.entry };

static const struct initializer from_array = {
	.entry = { .name = "file", .summary = "the weights of an array in a file", .formula = "measured",
	           .parameters = { { .name = "array", .high = UINT32_MAX, .summary = "PATH,NAME", .made_up = true } } },
	.variance = unknown_variance, .fill = fill_nothing, .from_file = true,
};

#define ARRAY_BEGIN "file("

bool initializer_is_array(const char *word)
{
	word += strspn(word, " ");
	return strncmp(word, ARRAY_BEGIN, strlen(ARRAY_BEGIN)) == 0;
}

/* Whether neither part of "PATH,NAME" or "PATH" is blank. */
static bool names_array(const char *words, size_t length)
{
	bool blank = true;
	for (size_t i = 0; i < length; i++) {
		if (words[i] == ',' && blank)
			return false;
		blank = words[i] == ',' || (blank && words[i] == ' ');
	}
	return !blank;
}

bool initializer_array_parse(struct spec *spec, const char *word, struct err *err)
{
	char safe[64];
	struct text array = {0};
	const char *begin = word + strspn(word, " ") + strlen(ARRAY_BEGIN), *end = begin + strlen(begin);
	while (end > begin && end[-1] == ' ')
		end--;
	if (end <= begin + 1 || end[-1] != ')' || !names_array(begin, (size_t)(end - 1 - begin)))
		return err_set(err, ERR_USAGE, "'%s' is not valid: give file(PATH,NAME), the array NAME of a safetensors, npz or npy file",
		               text_escape(safe, sizeof safe, word));
	for (const char *p = begin; p < end; p++)
		if (*p < ' ' || *p > '~') /* specs are printed on screens and into files as they are */
			return err_set(err, ERR_USAGE, "'%s' is not valid: give a path and a name of printable ASCII characters, such as a link's",
			               text_escape(safe, sizeof safe, word));
	text_add_bytes(&array, begin, (size_t)(end - 1 - begin));
	uint32_t number = text_check(&array, err) ? words_number(text_string(&array), err) : 0;
	text_free(&array);
	if (number)
		*spec = (struct spec){ .entry = &from_array.entry, .value = { number }, .given = 1 };
	return number > 0;
}

bool initializer_read_back(struct spec *spec, const char *word, struct err *err)
{
	if (initializer_is_array(word))
		return initializer_array_parse(spec, word, err);
	if (strcmp(word, from_file.entry.name) != 0)
		return spec_parse(spec, &initializers, word, err);
	*spec = initializer_file;
	return true;
}

const char *initializer_array(const struct spec *spec)
{
	return spec->entry == &from_array.entry ? words_at((uint32_t)whole_int(spec->value[0], 0, INT_MAX)) : NULL;
}

/* ---- in words ---- */

#define LABEL_LENGTH 23

/* The number of values up to the last one that is not initial. */
static size_t changed_values(const struct spec *spec)
{
	struct spec plain = spec_of(spec->entry);
	char here[SPEC_VALUE_SIZE], initial[SPEC_VALUE_SIZE];
	size_t count = entry_parameter_count(spec->entry);
	while (count > 1 && strcmp(spec_written(here, spec, count - 1), spec_written(initial, &plain, count - 1)) == 0)
		count--;
	return count;
}

/* "(0,1)": the first values, with as few digits as identify them. */
static void add_values(const struct spec *spec, size_t count, struct text *text)
{
	for (size_t i = 0; i < count; i++) {
		char number[SPEC_VALUE_SIZE];
		text_addf(text, "%s%s", i ? "," : "(", spec_written(number, spec, i));
	}
	text_add(text, ")");
}

/* The two initializers of the article have their authors' names. */
static const char *known_as(const struct spec *spec)
{
	static const struct {
		const char *spec, *label;
	} known[] = {
		{ "tf1:variance_scaling(factor=1,mode=fan_avg)", "xavier (tf1)" },
		{ "tf1:variance_scaling", "he (tf1)" },
	};
	const char *label = initializer_of(spec)->label;
	struct text written = {0};
	spec_format(spec, &written);
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strcmp(text_string(&written), known[i].spec) == 0)
			label = known[i].label;
	text_free(&written);
	return label;
}

/* "he_normal", "he_normal (keras)" */
static void add_name(const struct spec *spec, struct text *text)
{
	const char *known = known_as(spec), *name = spec->entry->name, *colon = strchr(name, ':');
	if (known)
		text_add(text, known);
	else if (colon)
		text_addf(text, "%s (%.*s)", colon + 1, (int)(colon - name), name);
	else
		text_add(text, name);
}

/* Values are shown if they are not the initial ones; for plain laws, which are
 * described by their values alone, they are always shown. */
static bool values_matter(const struct spec *spec)
{
	struct spec plain = spec_of(spec->entry);
	if (known_as(spec) && !initializer_of(spec)->label)
		return false;
	return !spec_equal(spec, &plain) || (entry_parameter_count(spec->entry) > 0 && initializer_of(spec)->plain);
}

/* All values where that is short, else without the last ones that are initial. */
static void add_label(const struct spec *spec, bool whole, struct text *text)
{
	struct text name = {0}, values = {0};
	add_name(spec, &name);
	if (values_matter(spec))
		add_values(spec, entry_parameter_count(spec->entry), &values);
	if (values.length && name.length + values.length > LABEL_LENGTH) {
		text_clear(&values);
		add_values(spec, changed_values(spec), &values);
	}
	if (!whole && name.length + values.length > LABEL_LENGTH) {
		text_clear(&values);
		text_add(&values, name.length + 5 <= LABEL_LENGTH ? "(...)" : "");
	}
	text_addf(text, "%s%s", text_string(&name), text_string(&values));
	text_free(&name);
	text_free(&values);
}

void initializer_label(const struct spec *spec, struct text *text)
{
	add_label(spec, false, text);
}

void initializer_whole_label(const struct spec *spec, struct text *text)
{
	add_label(spec, true, text);
}

/* The value of a name in a formula; false if it is not a known name. */
static bool value_of_name(const struct spec *spec, const struct fans *fans, const char *name, size_t length,
                          double *value)
{
	struct text word = {0};
	text_add_bytes(&word, name, length);
	const char *string = text_string(&word);
	bool found = true;
	if (text_same_name(string, "in"))
		*value = fans->in;
	else if (text_same_name(string, "out"))
		*value = fans->out;
	else {
		size_t i = 0, count = entry_parameter_count(spec->entry);
		while (i < count && !text_same_name(string, spec->entry->parameters[i].name))
			i++;
		found = i < count;
		if (found)
			*value = spec->value[i];
	}
	text_free(&word);
	return found;
}

/* The formula of a variance with numbers for names. */
static void add_filled_in(const struct spec *spec, const struct fans *fans, struct text *text)
{
	for (const char *p = spec->entry->formula; *p;) {
		size_t length = 0;
		while (isalpha((unsigned char)p[length]) || p[length] == '_')
			length++;
		double value;
		if (length == 0)
			text_add_bytes(text, p, length = 1);
		else if (value_of_name(spec, fans, p, length, &value))
			text_addf(text, "%.6g", value);
		else
			text_add_bytes(text, p, length);
		p += length;
	}
}

void initializer_explain(const struct spec *spec, size_t fan_in, size_t fan_out, struct text *text)
{
	const struct initializer *initializer = initializer_of(spec);
	struct fans fans = initializer_fans(spec, fan_in, fan_out);
	if (initializer->law) {
		struct law law = initializer->law(&fans);
		law_explain(&law, &fans, text);
		return;
	}
	add_filled_in(spec, &fans, text);
	double variance = initializer->variance(&fans);
	if (!isnan(variance))
		text_addf(text, " = %.4g", variance);
}
