/* Bytes as the CSV file of a set, and once more as its second file: the same samples or a message. */
#include <string.h>

#include "data/csv.h"
#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"

static void check_samples(const struct samples *samples)
{
	REQUIRE(samples->count >= 1 && samples->features >= 1 && samples->label);
	REQUIRE((samples->bytes != NULL) != (samples->values != NULL));
	REQUIRE(samples->nan + samples->inf <= samples->count * samples->features);
}

static void read_again(const struct samples *first, const char *path, struct csv_set *set, const struct warnings **warnings)
{
	struct samples second;
	struct err err = {0};
	bool unlabelled;
	REQUIRE(csv_read_samples(&second, path, set, &unlabelled, warnings, &err));
	REQUIRE(!unlabelled && second.count == first->count && second.features == first->features);
	REQUIRE(memcmp(second.label, first->label, first->count) == 0 && second.crc == first->crc);
	samples_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = {0};
	struct samples samples = {0};
	const struct warnings *warnings = NULL;
	const char *path = memory_file_open(data, size);
	struct csv_set *set = csv_set_create(&err);
	REQUIRE(set);
	if (csv_read_samples(&samples, path, set, NULL, &warnings, &err)) {
		check_samples(&samples);
		read_again(&samples, path, set, &warnings);
	} else
		fuzz_check_message(&err);
	for (size_t i = 0; i < warnings_count(warnings); i++)
		for (const char *p = warnings_at(warnings, i); *p; p++)
			REQUIRE(*p >= ' ' && *p <= '~');
	warnings_drop(warnings);
	samples_free(&samples);
	csv_set_destroy(set);
	memory_file_close();
	return 0;
}
