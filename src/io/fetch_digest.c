/* The only file that uses nettle. */
#include "io/fetch_digest.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <unistd.h>

bool fetch_digest(char digest[FETCH_DIGEST_SIZE], int fd)
{
	struct sha256_ctx context;
	uint8_t bytes[8192], sum[SHA256_DIGEST_SIZE];
	sha256_init(&context);
	for (off_t offset = 0;;) {
		ssize_t got = pread(fd, bytes, sizeof bytes, offset);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return false;
		if (got == 0)
			break;
		sha256_update(&context, (size_t)got, bytes);
		offset += got;
	}
	sha256_digest(&context, sizeof sum, sum);
	for (size_t i = 0; i < sizeof sum; i++)
		snprintf(digest + 2 * i, 3, "%02x", sum[i]);
	return true;
}
