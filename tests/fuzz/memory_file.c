/* A file in memory.  While libFuzzer searches, the calls that open and read it
 * (the linker's --wrap) reach no system, whose work would take longest of a run;
 * while the corpora are walked, and where the calls have other names, it is a
 * file of the system's. */
#include "fuzz/memory_file.h"

#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz/fuzz.h"

#define NAME "/fuzz"
#define DESCRIPTOR 1000000 /* more than any process may have */

static struct {
	const uint8_t *data;
	size_t size, at;
	int system; /* descriptor of the system's file, -1: there is none */
} file = { .system = -1 };

/* ---- the calls ---- */

int __real_open(const char *path, int flags, ...);
int __real_stat(const char *path, struct stat *found);
int __real_fstat(int fd, struct stat *found);
ssize_t __real_read(int fd, void *to, size_t size);
ssize_t __real_pread(int fd, void *to, size_t size, off_t from);
int __real_close(int fd);
int __wrap_open(const char *path, int flags, ...);
int __wrap_stat(const char *path, struct stat *found);
int __wrap_fstat(int fd, struct stat *found);
ssize_t __wrap_read(int fd, void *to, size_t size);
ssize_t __wrap_pread(int fd, void *to, size_t size, off_t from);
int __wrap_close(int fd);

static int describe(struct stat *found)
{
	*found = (struct stat){ .st_mode = S_IFREG | 0600, .st_size = (off_t)file.size, .st_dev = 1, .st_ino = 1, .st_nlink = 1 };
	return 0;
}

static ssize_t take(void *to, size_t size, size_t from)
{
	size_t left = from < file.size ? file.size - from : 0, n = size < left ? size : left;
	if (n)
		memcpy(to, file.data + from, n);
	return (ssize_t)n;
}

int __wrap_open(const char *path, int flags, ...)
{
	va_list arguments;
	va_start(arguments, flags);
	int mode = flags & O_CREAT ? va_arg(arguments, int) : 0;
	va_end(arguments);
	if (strcmp(path, NAME) != 0)
		return __real_open(path, flags, mode);
	file.at = 0;
	return DESCRIPTOR;
}

int __wrap_stat(const char *path, struct stat *found)
{
	return strcmp(path, NAME) == 0 ? describe(found) : __real_stat(path, found);
}

int __wrap_fstat(int fd, struct stat *found)
{
	return fd == DESCRIPTOR ? describe(found) : __real_fstat(fd, found);
}

ssize_t __wrap_read(int fd, void *to, size_t size)
{
	if (fd != DESCRIPTOR)
		return __real_read(fd, to, size);
	ssize_t n = take(to, size, file.at);
	file.at += (size_t)n;
	return n;
}

ssize_t __wrap_pread(int fd, void *to, size_t size, off_t from)
{
	return fd == DESCRIPTOR ? take(to, size, (size_t)from) : __real_pread(fd, to, size, from);
}

int __wrap_close(int fd)
{
	return fd == DESCRIPTOR ? 0 : __real_close(fd);
}

/* ---- the file ---- */

/* Whether the calls of this file's users reach the functions above. */
static bool calls_are_ours(void)
{
	static int ours = -1;
	if (ours < 0)
		ours = open(NAME, O_RDONLY) == DESCRIPTOR;
	return ours;
}

static void make_system_file(void)
{
	file.system = memfd_create("fuzz", MFD_CLOEXEC);
	REQUIRE(file.system >= 0);
	for (size_t done = 0; done < file.size;) {
		ssize_t n = write(file.system, file.data + done, file.size - done);
		REQUIRE(n > 0);
		done += (size_t)n;
	}
}

const char *memory_file_open(const uint8_t *data, size_t size)
{
	static char path[64];
	file.data = data;
	file.size = size;
	if (!fuzz_trains && calls_are_ours())
		return NAME;
	make_system_file();
	snprintf(path, sizeof path, "/proc/self/fd/%d", file.system);
	return path;
}

void memory_file_close(void)
{
	if (file.system >= 0)
		close(file.system);
	file.system = -1;
}
