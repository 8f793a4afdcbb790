/* What the fuzz targets share. */
#include "fuzz/fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"

bool fuzz_trains;

bool fuzz_is_chosen(const uint8_t *data, size_t size, unsigned of)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a */
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ data[i]) * 1099511628211u;
	return fuzz_trains || (hash >> 32) % of == 0;
}

int fuzz_file(char path[FUZZ_PATH_SIZE], const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	REQUIRE(fd >= 0);
	for (size_t done = 0; done < size;) {
		ssize_t n = write(fd, data + done, size - done);
		REQUIRE(n > 0);
		done += (size_t)n;
	}
	snprintf(path, FUZZ_PATH_SIZE, "/proc/self/fd/%d", fd);
	return fd;
}

void fuzz_check_message(const struct err *err)
{
	REQUIRE(err->code != ERR_NONE && err->message[0]);
	for (const char *p = err->message; *p; p++)
		REQUIRE(*p >= ' ' && *p <= '~');
}
