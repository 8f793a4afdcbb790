/* What the fuzz targets share.  A target is one function from bytes to
 * nothing; whatever must hold is stated with REQUIRE, and a crash, a leak or a
 * report of a sanitizer is a finding.  Linked with clang's -fsanitize=fuzzer
 * it searches; linked with replay.c it reads its corpus once. */
#ifndef INITVIZ_TESTS_FUZZ_H
#define INITVIZ_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(holds)                                                                     \
	do {                                                                               \
		if (!(holds)) {                                                            \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #holds); \
			abort();                                                           \
		}                                                                          \
	} while (0)

/* The bytes of an input, taken one after the other; zeros after the end. */
struct input {
	const uint8_t *byte;
	size_t left;
};

static inline unsigned input_byte(struct input *input)
{
	if (input->left == 0)
		return 0;
	input->left--;
	return *input->byte++;
}

static inline unsigned input_pair(struct input *input)
{
	unsigned high = input_byte(input);
	return high << 8 | input_byte(input);
}

/* A file in memory with these bytes, and a path that opens it. */
#define FUZZ_PATH_SIZE 64
int fuzz_file(char path[FUZZ_PATH_SIZE], const uint8_t *data, size_t size);

/* A message is one line of printable ASCII. */
struct err;
void fuzz_check_message(const struct err *err);

#endif
