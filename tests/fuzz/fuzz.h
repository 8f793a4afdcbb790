/* What the fuzz targets share.  A target is one function from bytes to
 * nothing; REQUIRE states what must hold, and a crash, a leak or a
 * report of a sanitizer is a finding.  Linked with clang's -fsanitize=fuzzer
 * it searches; linked with replay.c it reads its corpus once. */
#ifndef INITVIZ_TESTS_FUZZ_H
#define INITVIZ_TESTS_FUZZ_H

#include <stdbool.h>
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

/* Whether the runs of an input train a net, as they do when the corpora are
 * walked.  While libFuzzer searches they do not: fuzz/sham.h. */
extern bool fuzz_trains;

/* True for one of `of` inputs, chosen by all their bytes, so that a change of any
 * byte chooses again; true for all where the corpora are walked.  For checks that
 * take much longer than the others. */
bool fuzz_is_chosen(const uint8_t *data, size_t size, unsigned of);

/* A function without libFuzzer's count of branches, which costs more than the
 * function's own work where it goes over many cells. */
#ifdef __clang__
#define FUZZ_UNCOUNTED __attribute__((no_sanitize("coverage")))
#else
#define FUZZ_UNCOUNTED
#endif

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

/* A message is one line of printable ASCII. */
struct err;
void fuzz_check_message(const struct err *err);

#endif
