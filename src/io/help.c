/* --help and --version.  Options come from the tables; this file contains
 * only the text around them. */

#include <jansson.h>
#include <string.h>

#include "nn/mat.h"
#include "nn/rng.h"
#include "nn/singular.h"
#include "data/archive.h"
#include "data/inflate.h"
#include "draw/wrap.h"
#include "io/cli_text.h"
#include "io/fetch.h"
#include "io/tensorboard.h"

#define SUMMARY_COLUMN 30

static const char before_options[] =
	"Usage: initviz [OPTION]...               in the terminal\n"
	"  or:  initviz --headless [OPTION]...    results on standard output\n"
	"\n"
	"Show live what weight initialization does to a neural network: histograms of\n"
	"every layer's inputs and outputs, and beside every number what theory predicts.\n"
	"\n"
	"Examples:\n"
	"  initviz                                      the article's first training\n"
	"  initviz -s full_train_he_relu                another named scenario\n"
	"  initviz -s 3 --init keras:he_normal -a tanh  the same, with changes\n"
	"  initviz --depth 20 -a relu --init he_normal  a deep net\n"
	"  initviz -s 1 --format json                   numbers for other programs\n"
	"  initviz -s 2 --snapshot screen.svg           a picture of the screen\n";

static const char after_options[] =
	"\n"
	"Names for SPEC take parameters in parentheses: normal(0,0.5), adam(lr=0.01).\n"
	"Options count in the order given, -s before all others; the last of two wins.\n"
	"In the program, ? explains what is shown.\n"
	"\n"
	"Exit status: 0 done, 1 the run failed, 2 usage, 3 bad data, 4 output not\n"
	"written, 5 out of memory or other resources.\n"
	"\n"
	"The manual is initviz(1); files are described in initviz-script(5),\n"
	"initviz-output(5) and initviz-lesson(5).  Report bugs, with what\n"
	"'initviz --version' prints, to where you got initviz from.\n";

static void add_option(struct text *text, struct cli_named option)
{
	struct text left = {0};
	if (option.letter)
		text_addf(&left, "  -%c, --%s", option.letter, option.entry->name);
	else
		text_addf(&left, "      --%s", option.entry->name);
	if (option.argument) {
		text_add(&left, " ");
		cli_add_argument(&left, &option);
	}
	text_add(text, text_string(&left));
	if (left.length + 2 > SUMMARY_COLUMN)
		text_addf(text, "\n%*s", SUMMARY_COLUMN, "");
	else
		text_addf(text, "%*s", SUMMARY_COLUMN - (int)left.length, "");
	wrap_text(text, option.entry->summary, SUMMARY_COLUMN, SUMMARY_COLUMN, CLI_COLUMNS);
	text->failed |= left.failed;
	text_free(&left);
}

void help_text(struct text *text)
{
	text_add(text, before_options);
	for (size_t i = 0; i < cli_named_options(); i++) {
		struct cli_named option = cli_named(i);
		if (i == 0 || option.group != cli_named(i - 1).group)
			text_addf(text, "\n%s:\n", cli_group_titles[option.group]);
		add_option(text, option);
	}
	text_add(text, after_options);
}

void help_version(struct text *text, const char *screen_library)
{
	text_add(text, "initviz " PACKAGE_VERSION "\n"
	               "Copyright (C) 2026 the initviz authors\n"
	               "Licence MIT: do as you like, keep the notice.\n"
	               "There is NO WARRANTY, to the extent permitted by law.\n\n");
	text_addf(text, "matrix products  %s, core %s\n", mat_library(), mat_core());
	text_add(text, "                 ");
	wrap_text(text, mat_core_reason(), 17, 17, CLI_COLUMNS);
	if (mat_own_loops())
		text_addf(text, "small products   initviz's own loops for %s\n", mat_own_loops());
	text_addf(text, "singular values  %s\n", singular_library());
	text_addf(text, "random numbers   PCG32 (%s)\n", rng_library());
	text_addf(text, "screen           %s\n", screen_library);
	text_addf(text, "gzip             %s\n", inflate_library());
	text_addf(text, "zip              %s\n", archive_library());
	text_addf(text, "download         %s\n", fetch_library());
	text_addf(text, "TensorBoard      %s\n", tensorboard_library());
	text_addf(text, "JSON             jansson %s\n", jansson_version_str());
}
