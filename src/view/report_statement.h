/* The statements of the article.  For report_text.c only. */
#ifndef INITVIZ_VIEW_REPORT_STATEMENT_H
#define INITVIZ_VIEW_REPORT_STATEMENT_H

#include "base/text.h"
#include "lab/report.h"

/* The result beside a statement. */
struct finding {
	char measured[24], theory[24]; /* UTF-8 */
	struct text why;               /* sentences; the caller frees */
};

struct statement {
	const char *heading;           /* of the group that begins here, or NULL */
	const char *columns[2];        /* titles of the group's two columns; with the heading only */
	bool second_is_theory;         /* in the second column are predictions, not measurements */
	const char *says;              /* the statement of the article */
	void (*find)(struct finding *finding, const struct report *report);
};

extern const struct statement report_statements[];
extern const size_t report_statement_count;

#endif
