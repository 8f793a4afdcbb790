/* Bytes as a NumPy array of samples or of labels, plain or gzip: all values or a message. */
#include "data/npy.h"
#include "data/source.h"
#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"

static bool read_array(struct samples *samples, const struct stream *stream, bool labels, struct err *err)
{
	struct npy npy;
	if (!npy_read_header(&npy, stream, err))
		return false;
	REQUIRE(npy.rank >= 1 && npy.rank <= NPY_RANK && npy.elements * npy.size <= stream->most);
	if (!labels)
		return npy_read_samples(samples, &npy, stream, err);
	samples->count = npy.elements;
	return npy_read_labels(samples, &npy, stream, err);
}

static void check_samples(const struct samples *samples, bool labels)
{
	REQUIRE(labels || samples->count >= 1);
	if (labels)
		return;
	REQUIRE(samples->features == samples->rows * samples->columns);
	REQUIRE((samples->bytes != NULL) != (samples->values != NULL));
	REQUIRE(samples->nan + samples->inf <= samples->count * samples->features);
	if (samples->bytes)
		REQUIRE(packed_count(samples->bytes) == samples->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	bool labels = input_byte(&input) & 1;
	struct err err = {0};
	struct samples samples = {0};
	const char *path = memory_file_open(input.byte, input.left);
	struct source *source = source_open(path, &err);
	bool read = false;
	if (source) {
		struct stream stream = stream_of_source(source);
		read = read_array(&samples, &stream, labels, &err);
	}
	if (read)
		check_samples(&samples, labels);
	else
		fuzz_check_message(&err);
	samples_free(&samples);
	source_close(source);
	memory_file_close();
	return 0;
}
