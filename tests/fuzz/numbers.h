/* Changes the numbers of a saved run and nothing else: the text stays JSON, the
 * names and the counts stay as they are, so that the change comes past the
 * checks of form. */
#ifndef INITVIZ_TESTS_FUZZ_NUMBERS_H
#define INITVIZ_TESTS_FUZZ_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

/* data[size] has room for `most` bytes; the new size.  The same seed makes the
 * same change.  Input that is not a saved run is not changed. */
size_t numbers_change(uint8_t *data, size_t size, size_t most, unsigned seed);

#endif
