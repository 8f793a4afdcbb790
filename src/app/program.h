/* Commands about the program itself. */
#ifndef INITVIZ_APP_PROGRAM_H
#define INITVIZ_APP_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"

struct app;

struct program {
	bool quit;         /* the user wants to leave */
	uint64_t commands; /* counts those carried out */
	uint64_t leaving;  /* which of them was to leave when a file that waits for the net is saved; a later one takes it back */
};

/* Always false: sets err to "WHAT: this cannot be done here". */
bool program_cannot(const char *what, struct err *err);

/* Commands. */
bool program_prompt(struct app *app, char *words, struct err *err);
bool program_redraw(struct app *app, char *words, struct err *err);
bool program_suspend(struct app *app, char *words, struct err *err);

#endif
