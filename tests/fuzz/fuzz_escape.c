/* Everything foreign: bytes before they reach a message, bytes from the
 * keyboard, words that may be numbers. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "io/escape.h"

static void check_escape(const char *foreign, size_t room)
{
	char *out = malloc(room);
	REQUIRE(out);
	text_escape(out, room, foreign);
	size_t length = strnlen(out, room);
	REQUIRE(length < room);
	for (size_t i = 0; i < length; i++)
		REQUIRE(out[i] >= ' ' && out[i] <= '~');
	free(out);
}

static void check_decode(const char *foreign)
{
	struct text again = {0};
	size_t length = strlen(foreign), points = 0;
	for (const char *p = foreign; *p; points++) {
		uint32_t c = text_decode(&p);
		REQUIRE(c && c <= 0x10FFFF && !(c >= 0xD800 && c < 0xE000));
		REQUIRE(p <= foreign + length);
		text_add_glyph(&again, c);
	}
	/* what was decoded is UTF-8, and the same again */
	size_t same = 0;
	for (const char *p = text_string(&again); *p; same++) {
		const char *before = p;
		REQUIRE(text_decode(&p) != 0xFFFD || memcmp(before, "\xEF\xBF\xBD", 3) == 0);
	}
	REQUIRE(same == points);
	text_free(&again);
}

static void check_numbers(const char *word)
{
	double real = 7, back;
	uint64_t whole = 7;
	char out[TEXT_EXACT_SIZE], readout[TEXT_READOUT_SIZE];
	if (text_real(word, &real)) {
		REQUIRE(isfinite(real));
		REQUIRE(text_real(text_exact(out, real), &back) && back == real);
		REQUIRE(strlen(text_readout(readout, real)) <= 9);
	} else
		REQUIRE(real == 7);
	if (text_unsigned(word, &whole))
		REQUIRE(text_real(word, &real));
	else
		REQUIRE(whole == 7);
	REQUIRE(text_same_name(word, word) && text_distance(word, word) == (strlen(word) > 64 ? 64 : 0));
}

static void check_keyboard(struct input input)
{
	struct escape escape = {0};
	double now = 0;
	while (input.left) {
		int character = (int)input_byte(&input);
		int key = escape_feed(&escape, character, now);
		REQUIRE(key == -1 || key == character);
		if (character % 7 == 0) {
			key = escape_pause(&escape);
			REQUIRE(key == -1 || key == 27);
			now += 0.01 * character;
		}
	}
	/* however it was left, it takes keys again after a while */
	REQUIRE(escape_feed(&escape, 'x', now + 10) == 'x');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	size_t room = 1 + input_byte(&input);
	char *foreign = malloc(input.left + 1);
	REQUIRE(foreign);
	memcpy(foreign, input.byte, input.left);
	foreign[input.left] = '\0';
	check_escape(foreign, room);
	check_decode(foreign);
	check_numbers(foreign);
	check_keyboard(input);
	free(foreign);
	return 0;
}
