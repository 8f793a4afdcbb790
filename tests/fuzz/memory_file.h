/* A file in memory: the input of a target that reads a file. */
#ifndef INITVIZ_TESTS_MEMORY_FILE_H
#define INITVIZ_TESTS_MEMORY_FILE_H

#include <stddef.h>
#include <stdint.h>

/* One file with these bytes, which stay the caller's; returns the path that opens
 * it.  The path is good until memory_file_close(). */
const char *memory_file_open(const uint8_t *data, size_t size);
void memory_file_close(void);

#endif
