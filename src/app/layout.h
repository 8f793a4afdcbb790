/* Where the parts of the screen are. */
#ifndef INITVIZ_APP_LAYOUT_H
#define INITVIZ_APP_LAYOUT_H

#include <stdbool.h>
#include "draw/canvas.h"

/* The size of the screen: of the terminal, or of saved screens. */
struct screen {
	int width, height;
	bool ascii;
	bool present; /* few, large things, for a projector */
};

/* The places on a screen that is not too small. */
struct layout {
	struct rect header;  /* one row, like all but the view; of a presentation the step alone */
	struct rect what;    /* the verdict */
	struct rect why;     /* its cause; height 0 on low screens */
	struct rect view;
	struct rect numbers; /* loss and accuracy; height 0 in a presentation */
	struct rect advice;  /* the cure, or what to do next; height 0 in a presentation */
	struct rect hints;   /* height 0 in a presentation */
};
struct layout layout_of(const struct screen *screen);

#endif
