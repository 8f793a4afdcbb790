/* Bytes as an archive of NumPy arrays, plain or gzip: a data set or a message, and the layers of a net or a message. */
#include <string.h>

#include "data/arrays.h"
#include "data/weights.h"
#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"

static void read_samples(const char *path)
{
	struct err err = {0};
	struct samples part[2];
	if (!arrays_read_npz(&part[0], &part[1], path, &err)) {
		fuzz_check_message(&err);
		return;
	}
	for (size_t i = 0; i < 2; i++) {
		const struct samples *samples = &part[i];
		REQUIRE(samples->count >= 1 || i == 1);
		REQUIRE(samples->features == samples->rows * samples->columns);
		REQUIRE(samples->count == 0 || (samples->label && (samples->bytes != NULL) != (samples->values != NULL)));
		samples_free(&part[i]);
	}
}

static void read_weights(const char *path)
{
	struct err err = {0};
	struct weights weights;
	if (!weights_open(&weights, path, &err)) {
		fuzz_check_message(&err);
		return;
	}
	REQUIRE(weights.layers >= 1);
	for (size_t l = 0; l < weights.layers; l++) {
		const struct weights_layer *layer = &weights.layer[l];
		REQUIRE(layer->w->count == weights_fan_in(&weights, l) * weights_fan_out(&weights, l));
		REQUIRE(l == 0 || weights_fan_in(&weights, l) == weights_fan_out(&weights, l - 1));
		REQUIRE(layer->b == NULL || layer->b->count == weights_fan_out(&weights, l));
		for (size_t i = 0; i < layer->w->count; i++)
			(void)array_value(layer->w, i);
	}
	weights_close(&weights);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *path = memory_file_open(data, size);
	read_samples(path);
	memory_file_close();
	path = memory_file_open(data, size);
	read_weights(path);
	memory_file_close();
	return 0;
}
