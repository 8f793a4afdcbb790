/* Layout of the report as text, and the two sums at its beginning; the
 * statements come from their list. */
#include "view/report_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "draw/glyphs.h"
#include "base/number.h"
#include "draw/wrap.h"
#include "view/report_statement.h"
#include "view/view.h"

#define COLUMN 14      /* width of each of the two number columns */
#define NARROW 76      /* below this width the numbers are on a line of their own */
#define WIDEST 100     /* lines longer than this are hard to read */
#define LINE_BYTES 1024

/* Lines are written to a text, drawn on the screen, or only counted. */
struct page {
	struct text *text;     /* NULL: none */
	struct canvas *canvas; /* NULL: none */
	struct rect area;
	int first;             /* the line at the top of the area */
	int width;
	bool ascii;
	int line, column;      /* where the next word goes; the column only in a text */
	enum role second;      /* role of the second column */
};

/* ---- lines ---- */

static void put(struct page *page, int column, enum role role, const char *words)
{
	int row = page->line - page->first;
	if (page->canvas && row >= 0 && row < page->area.height)
		canvas_text(page->canvas, page->area.x + column, page->area.y + row, page->width - column, role, words);
	if (page->text == NULL)
		return;
	text_addf(page->text, "%*s", column - page->column, "");
	page->column = column + wrap_cells(words, page->ascii);
	if (!page->ascii)
		text_add(page->text, words);
	for (uint32_t c; page->ascii && (c = text_decode(&words)) != 0;)
		text_add(page->text, glyph_ascii(c));
}

static void end_line(struct page *page)
{
	if (page->text)
		text_add(page->text, "\n");
	page->line++;
	page->column = 0;
}

static void paragraph(struct page *page, int indent, enum role role, const char *words)
{
	char line[LINE_BYTES];
	while (wrap_line(&words, page->width - indent, page->ascii, line, sizeof line)) {
		put(page, indent, role, line);
		end_line(page);
	}
}

/* A label with two values at the right end of its line, or of the next line
 * in a narrow page. */
static void label_and_two(struct page *page, int indent, enum role role, const char *label, const char *one,
                          enum role one_role, const char *other, enum role other_role)
{
	if (page->width < NARROW)
		paragraph(page, indent, role, label);
	else
		put(page, indent, role, label);
	put(page, page->width - COLUMN - wrap_cells(one, page->ascii), one_role, one);
	put(page, page->width - wrap_cells(other, page->ascii), other_role, other);
	end_line(page);
}

static void rule(struct page *page)
{
	struct text line = {0};
	for (int i = 0; i < page->width; i++)
		text_add_glyph(&line, glyph(GLYPH_LINE_H, page->ascii));
	put(page, 0, ROLE_AXIS, text_string(&line));
	text_free(&line);
	end_line(page);
}

/* Records that a text which was built elsewhere ran out of memory. */
static void remember_failure(struct page *page, const struct text *text)
{
	if (page->text)
		page->text->failed |= text->failed;
}

/* ---- the two sums ---- */

static void one_sum(struct page *page, const struct report *r, const char *what, double second, enum role role,
                    const char *word)
{
	char sum[96];
	int pad = 6 - wrap_cells(what, page->ascii);
	snprintf(sum, sizeof sum, "n · %s%*s · Var(W) = %zu · %.6f · 1 = %.2f", what, pad, "", r->pixels, second,
	         (double)r->pixels * second);
	if (page->width < NARROW) {
		paragraph(page, 2, role, sum);
		paragraph(page, 4, ROLE_LABEL, word);
		return;
	}
	put(page, 2, role, sum);
	put(page, 54, ROLE_LABEL, word);
	end_line(page);
}

static void sums(struct page *page, const struct report *r)
{
	const struct report_layer *layer = &r->net[REPORT_FIRST_NORMAL].layer[0];
	double n = (double)r->pixels, between = r->train.mean_vector_square, within = n * r->train.mean_square - between;
	char a[TEXT_READOUT_SIZE], b[TEXT_READOUT_SIZE], c[TEXT_READOUT_SIZE];
	struct text text = {0};
	paragraph(page, 0, ROLE_TITLE, "The variance of layer 1's input: 74 or 88?");
	rule(page);
	one_sum(page, r, "Var(X)", r->train.variance, ROLE_WARNING, "the article's sum");
	one_sum(page, r, "E[X²]", r->train.mean_square, ROLE_THEORY, "what is right");
	end_line(page);

	text_addf(&text, "Its product rule for Var(X·W) has the term E[X]²·Var(W), which it drops by assuming E[X] = 0. "
	          "Pixels have a mean: E[X²] = Var(X) + E[X]² = %.6f + %.6f² = %.6f. They need not be independent for this: only "
	          "the weights are random. (Its sums run from 0 to n, which is one term too many.)", r->train.variance,
	          r->train.mean, r->train.mean_square);
	paragraph(page, 2, ROLE_PLAIN, text_string(&text));
	end_line(page);
	text_clear(&text);
	text_addf(&text, "Of these %s, %s is the variance of a unit's z over the images; %s = ‖mean image‖² is the offset of each "
	          "unit, which is the same for every image.", text_readout(a, n * r->train.mean_square),
	          text_readout(b, within), text_readout(c, between));
	if (layer->z_within.count)
		text_addf(&text, " Measured in %zu nets: %s and %s.", layer->z_within.count,
		          text_readout(a, layer->z_within.mean), text_readout(b, layer->z_between.mean));
	paragraph(page, 2, ROLE_PLAIN, text_string(&text));
	remember_failure(page, &text);
	text_free(&text);
}

/* ---- the whole ---- */

static void title(struct page *page, const struct report *r)
{
	struct text text = {0};
	paragraph(page, 0, ROLE_TITLE, "The article's statements, measured here");
	end_line(page);
	text_addf(&text, "Data: %s, %llu training images of %zu pixels, in 0..1; seeds from %llu on.", r->data_name,
	          (unsigned long long)r->train.images, r->pixels, (unsigned long long)r->seed);
	if (strncmp(r->data_name, "MNIST", 5) != 0)
		text_add(&text, " The article's numbers are MNIST's; these images have others.");
	paragraph(page, 0, ROLE_PLAIN, text_string(&text));
	end_line(page);
	remember_failure(page, &text);
	text_free(&text);
}

static void statement(struct page *page, const struct statement *statement, const struct report *r)
{
	struct finding finding = {0};
	if (statement->heading) {
		page->second = statement->second_is_theory ? ROLE_THEORY : ROLE_READOUT;
		end_line(page);
		label_and_two(page, 0, ROLE_TITLE, statement->heading, statement->columns[0], ROLE_LABEL, statement->columns[1],
		              ROLE_LABEL);
		rule(page);
	}
	statement->find(&finding, r);
	label_and_two(page, 2, ROLE_PLAIN, statement->says, finding.measured, ROLE_READOUT, finding.theory,
	              page->second);
	paragraph(page, 4, ROLE_LABEL, text_string(&finding.why));
	remember_failure(page, &finding.why);
	text_free(&finding.why);
}

static int compose(struct page *page, const struct report *report)
{
	page->width = page->width < SCREEN_MIN_WIDTH ? SCREEN_MIN_WIDTH : page->width > WIDEST ? WIDEST : page->width;
	title(page, report);
	sums(page, report);
	for (size_t i = 0; i < report_statement_count; i++)
		statement(page, &report_statements[i], report);
	return page->line;
}

void report_text(struct text *text, const struct report *report, int width, bool ascii)
{
	struct page page = { .text = text, .width = width, .ascii = ascii };
	compose(&page, report);
}

int report_draw(struct canvas *canvas, struct rect area, const struct report *report, int first, bool ascii)
{
	struct page page = { .canvas = canvas, .area = area, .first = first, .width = area.width, .ascii = ascii };
	return compose(&page, report);
}
