/* Sessions for tests: begun from a line of settings on the built-in digits. */
#ifndef INITVIZ_TESTS_SESSION_FIXTURE_H
#define INITVIZ_TESTS_SESSION_FIXTURE_H

#include "lab/session.h"

/* "init=he activation=relu depth=50": as a scenario's settings, over the
 * defaults.  Fails the test where it cannot be. */
void fixture_settings(struct settings *settings, const char *words);
struct session *fixture_session(const char *words);

/* Does `count` training steps. */
void fixture_steps(struct session *session, int count);

/* An observation with axes of its own; the caller drops it. */
const struct snapshot *fixture_look(struct session *session);

/* Begins a session, trains, observes, and ends it. */
const struct snapshot *fixture_snapshot(const char *words, int count);

/* Closes the digits, which the first session opened. */
int fixture_close(void **state);

#endif
