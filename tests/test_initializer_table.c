/* The table of initializers against itself: names, parameters, labels and
 * explanations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "check.h"
#include "nn/initializer.h"

/* Every name and alias finds its own entry: none is given twice. */
static void check_names(const struct entry *entry)
{
	char names[256] = "", *rest = names;
	strncat(names, entry->name, 100);
	if (entry->aliases) {
		strcat(names, " ");
		strncat(names, entry->aliases, 150);
	}
	for (char *name = strtok_r(rest, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
		check_entry(name, table_find(&initializers, name, NULL) == entry);
		size_t owners = 0;
		for (size_t i = 0; i < initializers.count; i++) {
			struct table one = initializers;
			one.items = table_at(&initializers, i);
			one.count = 1;
			owners += table_find(&one, name, NULL) != NULL;
		}
		check_entry(name, owners == 1);
	}
}

static void test_the_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < initializers.count; i++) {
		const struct entry *entry = table_at(&initializers, i);
		check_names(entry);
		check_entry(entry->name, entry->summary && entry->formula);
		for (size_t k = 0; k < entry_parameter_count(entry); k++) {
			const struct parameter *p = &entry->parameters[k];
			check_entry(entry->name, p->summary && p->low <= p->initial && p->initial <= p->high);
			check_entry(entry->name, p->words == NULL || p->words[(size_t)p->high + 1] == NULL);
		}
		/* one way to know the law, and only one */
		const struct initializer *initializer = initializer_from(entry);
		check_entry(entry->name, (initializer->law == NULL) == (initializer->fill != NULL));
		check_entry(entry->name, (initializer->law == NULL) == (initializer->variance != NULL));
	}
}

static void check_text(const char *string, const char *label, const char *explanation)
{
	struct spec spec = {0};
	struct err err = {0};
	if (!spec_parse(&spec, &initializers, string, &err))
		fail_msg("%s", err.message);
	struct text text = {0};
	initializer_label(&spec, &text);
	assert_string_equal(text_string(&text), label);
	text_clear(&text);
	initializer_explain(&spec, 784, 100, &text);
	assert_string_equal(text_string(&text), explanation);
	text_free(&text);
}

static void test_words(void **state)
{
	(void)state;
	check_text("normal", "normal(0,1)", "1^2 = 1");
	check_text("normal(0,0.05)", "normal(0,0.05)", "0.05^2 = 0.0025");
	check_text("uniform", "uniform(-1,1)", "(2)^2/12 = 0.3333");
	check_text("zeros", "zeros", "0, as every entry is 0");
	check_text("constant(0.1)", "constant(0.1)", "0, as every entry is 0.1");
	check_text("tf1:xavier_normal", "xavier (tf1)", "2/(784+100) x 1.00586 = 0.002276");
	check_text("tf1:variance_scaling(1,fan_avg)", "xavier (tf1)", "2/(784+100) x 1.00586 = 0.002276");
	check_text("tf1:variance_scaling", "he (tf1)", "2/784 x 1.00586 = 0.002566");
	check_text("he", "he_normal", "2/784 = 0.002551");
	check_text("keras:he_normal", "he_normal (keras)", "2/784 = 0.002551");
	check_text("orthogonal", "orthogonal", "1^2/max(784,100) = 0.001276");
	check_text("orthogonal(2)", "orthogonal(2)", "2^2/max(784,100) = 0.005102");
	check_text("sparse", "sparse", "(1 - ceil(0.9 784)/784) 0.01^2 = 9.949e-06");
	check_text("variance_scaling(2,fan_out,uniform)", "variance_scaling(...)", "2/100 = 0.02");
	check_text("variance_scaling(1.2)", "variance_scaling(1.2)", "1.2/784 = 0.001531");
	check_text("lsuv", "lsuv", "1/max(784,100), then divided by var z");
}

static void check_whole(const char *string, const char *label, const char *whole)
{
	struct spec spec = {0};
	struct text text = {0};
	assert_true(spec_parse(&spec, &initializers, string, NULL));
	initializer_label(&spec, &text);
	assert_string_equal(text_string(&text), label);
	text_clear(&text);
	initializer_whole_label(&spec, &text);
	assert_string_equal(text_string(&text), whole);
	text_free(&text);
}

static void test_whole_labels(void **state)
{
	(void)state;
	check_whole("normal", "normal(0,1)", "normal(0,1)");
	check_whole("he", "he_normal", "he_normal");
	check_whole("tf1:xavier_normal", "xavier (tf1)", "xavier (tf1)");
	check_whole("normal(0,1.5/sqrt(fan_in))", "normal(...)", "normal(0,1.5/sqrt(fan_in))");
	check_whole("variance_scaling(2,fan_out,uniform)", "variance_scaling(...)", "variance_scaling(2,fan_out,uniform)");
	check_whole("torch:trunc_normal(0,0.125)", "trunc_normal (torch)", "trunc_normal (torch)(0,0.125)");
}

static void test_labels_fit(void **state)
{
	(void)state;
	for (size_t i = 0; i < initializers.count; i++) {
		struct spec spec = spec_of(table_at(&initializers, i));
		for (size_t k = 0; k <= entry_parameter_count(spec.entry); k++) {
			struct text text = {0};
			initializer_label(&spec, &text);
			check_entry(spec.entry->name, text.length >= 1 && text.length <= 23);
			text_free(&text);
			if (k < entry_parameter_count(spec.entry) && !spec.entry->parameters[k].words)
				spec.value[k] = 1.0 / 3;
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_table),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_whole_labels),
		cmocka_unit_test(test_labels_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
