/* The Phase view's command and keys: its cursor, and the net at its place. */
#ifndef INITVIZ_APP_PHASE_H
#define INITVIZ_APP_PHASE_H

#include <stdbool.h>

#include "base/entry.h"

struct app;

/* Computes what the Phase and the Correlation view show of the present observation, while
 * one of them is open: in interactive mode some points of the plane at a time. True if anything
 * changed. */
bool phase_follow(struct app *app);

/* The words of the command, besides two numbers. */
enum { PHASE_LEFT, PHASE_RIGHT, PHASE_UP, PHASE_DOWN, PHASE_START, PHASE_NETS, PHASE_POINT };
extern const struct table phase_words;

/* Whether the arrow keys and Enter move the cursor and start its net: in the view that
 * shows the plane. */
bool phase_has_keys(const struct app *app);

/* Whether the view that is shown takes the key; then runs what the key does there. */
bool phase_key(struct app *app, int key);

/* The command. */
bool phase_command(struct app *app, char *words, struct err *err);

#endif
