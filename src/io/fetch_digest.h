/* SHA-256 of a file, by nettle. */
#ifndef INITVIZ_IO_FETCH_DIGEST_H
#define INITVIZ_IO_FETCH_DIGEST_H

#include <stdbool.h>

#define FETCH_DIGEST_SIZE 65 /* 64 hexadecimal digits and the final NUL */

/* Of all bytes of an open file, from its beginning.  False with errno on a read error. */
bool fetch_digest(char digest[FETCH_DIGEST_SIZE], int fd);

#endif
