/* What the fuzz targets share. */
#include "fuzz/fuzz.h"

#include "base/err.h"

bool fuzz_trains;

bool fuzz_is_chosen(const uint8_t *data, size_t size, unsigned of)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a */
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ data[i]) * 1099511628211u;
	return fuzz_trains || (hash >> 32) % of == 0;
}

void fuzz_check_message(const struct err *err)
{
	REQUIRE(err->code != ERR_NONE && err->message[0]);
	for (const char *p = err->message; *p; p++)
		REQUIRE(*p >= ' ' && *p <= '~');
}
