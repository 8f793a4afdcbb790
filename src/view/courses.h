/* The runs that the Training view compares: those in lock-step, then the pinned
 * ones, each with its points and its style. */
#ifndef INITVIZ_VIEW_COURSES_H
#define INITVIZ_VIEW_COURSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/pins.h"
#include "lab/run_label.h"
#include "draw/canvas.h"
#include "view/view.h"

#define MOST_COURSES 8
#define SOLID_COURSES 4 /* the lines of the others have fewer dots */

/* The points of a run: of a current run from its history and the newest
 * observation; of a pinned one from the pin. */
struct course {
	const struct history *history;
	const struct snapshot *now;  /* newer than the history, or NULL */
	const struct pin *pin;       /* then the above are NULL */
	char label[RUN_LABEL_SIZE];
	char net[RUN_LABEL_SIZE];    /* used if the label is too long, */
	char init[RUN_LABEL_SIZE];   /* and this if that is too long too */
	/* Its style: colour, texture and letter. */
	enum role role;
	bool sparse;
	char mark;
};

/* What is known of a run at a step. */
struct reading {
	struct pin_point point;
	uint64_t test_step; /* at which the test accuracy was measured */
};

struct courses {
	size_t count, live; /* the first `live` ones are in lock-step */
	struct course course[MOST_COURSES];
};

void courses_collect(const struct scene *scene, struct courses *courses);

size_t course_points(const struct course *course);
struct pin_point course_point(const struct course *course, size_t i); /* i < course_points() */
uint64_t course_last_step(const struct course *course);               /* 0 without points */

/* The last point at or before a step; the first one if there is none. */
struct reading course_at(const struct course *course, uint64_t step);

#endif
