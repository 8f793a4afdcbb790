/* Preloaded into a process: its n-th request for memory after main() began is
 * refused, from whichever library it comes.
 *
 * FAIL_ALLOC_AT=N     which one; 0 or unset: none
 * FAIL_ALLOC_AFTER=1  all that follow too
 * FAIL_ALLOC_SPARE=1  requests of curses are not refused
 * FAIL_ALLOC_COUNT=F  the number of requests is written to the file F at exit
 *
 * Requests of OpenBLAS are not refused: its kernels for small matrices (0.3.21) do not check the result.
 *
 * glibc only: its functions are called by their internal names. */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <dlfcn.h>
#include <execinfo.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static atomic_ulong requests;
static unsigned long failing;
static _Bool armed, all_after, curses_exempt;

static _Bool is_in(void *code, const char *library)
{
	Dl_info info;
	return dladdr(code, &info) && info.dli_fname && strstr(info.dli_fname, library);
}

/* Whether the request comes from OpenBLAS, or from curses, directly or through the
 * C library. */
static _Bool is_spared(void *asking)
{
	void *caller[8];
	if (is_in(asking, "libopenblas"))
		return 1;
	for (int i = curses_exempt ? backtrace(caller, 8) : 0; i-- > 0;)
		if (is_in(caller[i], "libncurses") || is_in(caller[i], "libtinfo"))
			return 1;
	return 0;
}

static _Bool refuses(void *asking)
{
	if (!armed || is_spared(asking))
		return 0;
	unsigned long number = atomic_fetch_add(&requests, 1) + 1;
	if (failing == 0 || !(number == failing || (all_after && number > failing)))
		return 0;
	errno = ENOMEM;
	return 1;
}

void *malloc(size_t size)
{
	return refuses(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return refuses(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return refuses(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return refuses(__builtin_return_address(0)) ? NULL : __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size)
{
	return refuses(__builtin_return_address(0)) ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
	void *got = refuses(__builtin_return_address(0)) ? NULL : __libc_memalign(alignment, size);
	if (got)
		*block = got;
	return got ? 0 : ENOMEM;
}

static void tell(void)
{
	const char *path = getenv("FAIL_ALLOC_COUNT");
	char number[24];
	int length = snprintf(number, sizeof number, "%lu\n", requests);
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666) : -1;
	if (fd >= 0 && write(fd, number, (size_t)length) == length)
		close(fd);
}

/* The program's way out when a thread would not end. */
void _exit(int status)
{
	tell();
	syscall(SYS_exit_group, status);
	__builtin_unreachable();
}

static int (*real_main)(int, char **, char **);

static int armed_main(int argc, char **argv, char **environment)
{
	const char *at = getenv("FAIL_ALLOC_AT"), *after = getenv("FAIL_ALLOC_AFTER");
	failing = at ? strtoul(at, NULL, 10) : 0;
	all_after = after && *after == '1';
	curses_exempt = getenv("FAIL_ALLOC_SPARE") != NULL;
	atexit(tell);
	void *caller;
	backtrace(&caller, 1); /* its first call asks for memory itself */
	armed = 1;
	return real_main(argc, argv, environment);
}

int __libc_start_main(int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void), void (*fini)(void),
                      void (*rtld_fini)(void), void *stack_end)
{
	int (*real_start)(int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void), void (*)(void), void *);
	*(void **)&real_start = dlsym(RTLD_NEXT, "__libc_start_main");
	real_main = main;
	return real_start(armed_main, argc, argv, init, fini, rtld_fini, stack_end);
}
