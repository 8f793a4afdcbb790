/* Keys and sizes: every frame that is drawn afterwards has
 * glyphs of width one in known roles, on paper no larger than asked. */
#include "fuzz/fuzz.h"
#include "fuzz/gentle.h"
#include "lab/worker_thread.h"

#define KEYS 200 /* of one input */
#define SIDES 301
#define EVERY 16 /* keys between frames */

FUZZ_UNCOUNTED static bool is_clean(const struct canvas *canvas, bool ascii)
{
	for (int y = 0; y < canvas->height; y++)
		for (int x = 0; x < canvas->width; x++) {
			const struct cell *cell = canvas_cell(canvas, x, y);
			if (cell->role >= ROLES || cell->glyph < ' ' || cell->glyph > 0x10FFFF ||
			    (cell->glyph >= 0x7F && cell->glyph < 0xA0) || (ascii && cell->glyph >= 0x7F))
				return false;
		}
	return true;
}

static void check_frame(const struct app *app, int width, int height, bool ascii)
{
	struct canvas canvas;
	REQUIRE(canvas_create(&canvas, width, height, ascii, NULL));
	app_draw(app, &canvas);
	REQUIRE(is_clean(&canvas, ascii));
	canvas_destroy(&canvas);
}

/* One byte is a key of ASCII or one of the named; two more a size. */
static int key_of(struct input *input)
{
	unsigned byte = input_byte(input);
	if (byte < 0x80)
		return (int)byte;
	if (byte < 0xC0)
		return APP_KEY_UP + (int)(byte - 0x80) % (APP_KEY_RESIZE - APP_KEY_UP + 1);
	return (int)(input_pair(input) << 4 | (byte & 0xF)) % 0x110000;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	struct runner *runner = gentle_runner();
	struct settings settings;
	gentle_settings(&settings);
	struct app *app = app_create(runner, &settings, &gentle_services, true, NULL);
	REQUIRE(app);
	double now = 0;
	int width = 80, height = 24;
	bool ascii = false, draws = fuzz_is_chosen(data, size, 16);
	for (int keys = 0; input.left && keys < KEYS && !app_wants_to_quit(app); keys++) {
		int key = key_of(&input);
		if (key == APP_KEY_RESIZE) {
			unsigned sides = input_pair(&input);
			bool large = sides >> 12 == 0; /* seldom: a large frame takes as long as many small ones */
			width = (int)sides % (large ? SIDES : 120);
			height = (int)input_byte(&input) / (large ? 1 : 6);
			ascii = sides & 1;
			app_resize(app, width, height, ascii);
		} else if (key != 3) /* Ctrl-C ends it at once */
			app_key(app, key);
		app_poll(app, now += 0.1);
		if (draws && keys % EVERY == EVERY - 1)
			check_frame(app, width, height, ascii);
	}
	app_poll(app, now + 1);
	if (draws)
		check_frame(app, width, height, ascii);
	worker_end_seconds = 1000; /* however busy the machine is: what threads hold is no leak */
	app_destroy(app);
	runner_destroy(runner);
	return 0;
}
