/* Sessions for tests. */
#include "session_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct dataset *digits;

void fixture_settings(struct settings *settings, const char *words)
{
	struct err err = {0};
	char line[512];
	settings_default(settings);
	snprintf(line, sizeof line, "%s", words);
	for (char *rest = line, *word; (word = strtok_r(rest, " ", &rest)) != NULL;) {
		char *value = strchr(word, '=');
		assert_non_null(value);
		*value++ = '\0';
		if (!settings_set(settings, word, value, &err))
			fail_msg("%s: %s", words, err.message);
	}
}

struct session *fixture_session(const char *words)
{
	struct settings settings;
	struct err err = {0};
	if (digits == NULL)
		digits = dataset_open("digits", &err);
	fixture_settings(&settings, words);
	struct session *session = session_create(&settings, digits, NULL, &err);
	if (session == NULL)
		fail_msg("%s: %s", words, err.message);
	return session;
}

void fixture_steps(struct session *session, int count)
{
	while (count--)
		assert_true(session_step(session, NULL));
}

const struct snapshot *fixture_look(struct session *session)
{
	static struct session_ranges ranges;
	struct err err = {0};
	memset(&ranges, 0, sizeof ranges);
	const struct snapshot *snapshot = session_observe(session, &ranges, SESSION_GLANCE, &err);
	if (snapshot == NULL)
		fail_msg("%s", err.message);
	return snapshot;
}

const struct snapshot *fixture_snapshot(const char *words, int count)
{
	struct session *session = fixture_session(words);
	fixture_steps(session, count);
	const struct snapshot *snapshot = fixture_look(session);
	session_destroy(session);
	return snapshot;
}

int fixture_close(void **state)
{
	(void)state;
	dataset_close(digits);
	digits = NULL;
	return 0;
}
