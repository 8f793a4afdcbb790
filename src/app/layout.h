/* Where the parts of the screen are. */
#ifndef INITVIZ_APP_LAYOUT_H
#define INITVIZ_APP_LAYOUT_H

#include <stdbool.h>
#include "draw/canvas.h"

/* The size of the screen: of the terminal, or of saved screens. */
struct screen {
	int width, height;
	bool ascii;
};

/* The places on a screen that is not too small. */
struct layout {
	struct rect header; /* one row */
	struct rect view;
	struct rect status; /* one row, two on tall screens */
	struct rect hints;  /* one row */
};
struct layout layout_of(int width, int height);

#endif
