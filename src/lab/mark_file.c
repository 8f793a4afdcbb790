/* Blocks of a temporary file: a list by offset, the first gap that is large enough is used. */
#include "lab/mark_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/text.h"

#define BLOCKS 8192 /* in use at the same time */

struct mark_file {
	unsigned references;
	int file;                        /* -1: none */
	uint64_t limit, used;            /* bytes of all blocks */
	size_t blocks;
	struct mark_block block[BLOCKS]; /* [blocks] by offset */
	struct err fault;
};

static const char *folder(void)
{
	const char *named = getenv("TMPDIR");
	return named && *named ? named : "/var/tmp";
}

static void fail(struct mark_file *file, const char *what, int error)
{
	char safe[128];
	if (file->fault.code == ERR_NONE)
		err_set(&file->fault, ERR_RESOURCE, "%s: a temporary file cannot be %s: %s: going back to an earlier step repeats "
		        "more steps: name a directory with room in TMPDIR", text_escape(safe, sizeof safe, folder()), what,
		        strerror(error));
}

static void open_file(struct mark_file *file)
{
	char path[4096];
	int length = snprintf(path, sizeof path, "%s/initviz-XXXXXX", folder());
	struct statvfs system;
	file->file = length < (int)sizeof path ? mkstemp(path) : -1;
	if (file->file < 0) {
		fail(file, "created", errno);
		return;
	}
	unlink(path);
	fcntl(file->file, F_SETFD, FD_CLOEXEC);
	if (fstatvfs(file->file, &system) == 0 && (uint64_t)system.f_bavail * system.f_frsize / 2 < file->limit)
		file->limit = (uint64_t)system.f_bavail * system.f_frsize / 2;
}

struct mark_file *mark_file_create(void)
{
	struct mark_file *file = alloc_array(1, sizeof *file, NULL);
	if (file == NULL)
		return NULL;
	file->references = 1;
	file->limit = MARK_FILE_BYTES;
	open_file(file);
	return file;
}

struct mark_file *mark_file_keep(struct mark_file *file)
{
	file->references++;
	return file;
}

void mark_file_drop(struct mark_file *file)
{
	if (file == NULL || --file->references)
		return;
	if (file->file >= 0)
		close(file->file);
	alloc_free(file);
}

void mark_file_limit(struct mark_file *file, uint64_t bytes)
{
	file->limit = bytes;
}

bool mark_file_is_full(const struct mark_file *file, uint64_t bytes)
{
	bool full = bytes > file->limit || file->used > file->limit - bytes || file->blocks == BLOCKS;
	return full && file->fault.code == ERR_NONE;
}

bool mark_file_reserve(struct mark_file *file, uint64_t bytes, struct mark_block *block)
{
	uint64_t end = 0;
	size_t i = 0;
	if (file->fault.code != ERR_NONE || mark_file_is_full(file, bytes))
		return false;
	for (; i < file->blocks && file->block[i].offset - end < bytes; i++)
		end = file->block[i].offset + file->block[i].bytes;
	memmove(&file->block[i + 1], &file->block[i], (file->blocks - i) * sizeof *block);
	file->blocks++;
	file->used += bytes;
	*block = file->block[i] = (struct mark_block){ end, bytes };
	return true;
}

void mark_file_release(struct mark_file *file, const struct mark_block *block)
{
	size_t i = 0;
	while (i < file->blocks && file->block[i].offset != block->offset)
		i++;
	if (i == file->blocks)
		return;
	file->used -= block->bytes;
	file->blocks--;
	memmove(&file->block[i], &file->block[i + 1], (file->blocks - i) * sizeof *block);
}

bool mark_file_write(struct mark_file *file, const struct mark_block *block, uint64_t at, const void *bytes, size_t size)
{
	const char *from = bytes;
	for (size_t done = 0; done < size;) {
		ssize_t n = pwrite(file->file, from + done, size - done, (off_t)(block->offset + at + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			fail(file, "written", n < 0 ? errno : ENOSPC);
			return false;
		}
		done += (size_t)n;
	}
	return true;
}

bool mark_file_read(struct mark_file *file, const struct mark_block *block, uint64_t at, void *bytes, size_t size,
                    struct err *err)
{
	char *to = bytes;
	for (size_t done = 0; done < size;) {
		ssize_t n = pread(file->file, to + done, size - done, (off_t)(block->offset + at + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set(err, ERR_RESOURCE, "the temporary file of earlier steps cannot be read: %s",
			               strerror(n < 0 ? errno : EIO));
		done += (size_t)n;
	}
	return true;
}

const char *mark_file_fault(const struct mark_file *file)
{
	return file->fault.code == ERR_NONE ? NULL : file->fault.message;
}
