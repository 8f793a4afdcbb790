/* The runs that the Training view compares: those in lock-step, then the pinned
 * ones, each with its points and its style. */
#ifndef INITVIZ_VIEW_CURVES_H
#define INITVIZ_VIEW_CURVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/pins.h"
#include "lab/run_label.h"
#include "draw/canvas.h"
#include "view/view.h"

#define MOST_CURVES 8
#define SOLID_CURVES 4 /* the lines of the others have fewer dots */

/* The points of a run: of a current run from its history and the newest
 * observation; of a pinned one from the pin. */
struct curve {
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

/* The numbers of a run at a step. */
struct reading {
	struct pin_point point;
	uint64_t test_step; /* at which the test accuracy was measured */
};

struct curves {
	size_t count, live; /* the first `live` ones are in lock-step */
	struct curve curve[MOST_CURVES];
};

void curves_collect(const struct scene *scene, struct curves *curves);

size_t curve_points(const struct curve *curve);
struct pin_point curve_point(const struct curve *curve, size_t i); /* i < curve_points() */
uint64_t curve_last_step(const struct curve *curve);               /* 0 without points */

/* The last point at or before a step; the first one if there is none. */
struct reading curve_at(const struct curve *curve, uint64_t step);

#endif
