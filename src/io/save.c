/* Saves files: writes a temporary file in the target's folder and renames it
 * when it is complete.  Independent of the content. */
#include "io/save.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/inputs.h"
#include "base/text.h"

#define LINKS_MAX 40 /* symbolic links followed, as the kernel does */
#define PAUSE 10 /* milliseconds between attempts to open a pipe */
#define NAMES_MAX 1000 /* names tried when temporaries of dead processes remain */

struct save {
	int fd;
	bool is_stdout;
	bool failed;
	char path[PATH_MAX];      /* the target, its links followed; "" for direct writing */
	char temporary[PATH_MAX]; /* "" for direct writing */
	char name[80];            /* escaped, for messages */
};

/* Milliseconds to wait until a pipe's reader opens it, and until it reads what
 * is written (-1: no limit, as in other programs). */
struct waiting {
	int open, write;
};
static struct waiting limit = { 2000, -1 };

void save_limit_waiting(bool quick)
{
	limit = quick ? (struct waiting){ 0, 1500 } : (struct waiting){ 2000, -1 };
}

/* The temporaries, for save_remove_temporaries(), which a signal may call at any
 * moment while another thread saves: a name stays where it is, and is removed
 * only while its place is LISTED.  Without a free place a temporary outlives a
 * signal. */
#define LISTED_MAX 8
enum { FREE, TAKEN, LISTED };
static struct {
	_Atomic int state;
	char path[PATH_MAX];
} temporaries[LISTED_MAX];

static void list_temporary(const char *path)
{
	for (size_t i = 0; i < LISTED_MAX; i++) {
		int state = FREE;
		if (!atomic_compare_exchange_strong(&temporaries[i].state, &state, TAKEN))
			continue;
		snprintf(temporaries[i].path, sizeof temporaries[i].path, "%s", path);
		atomic_store(&temporaries[i].state, LISTED);
		return;
	}
}

static void unlist_temporary(const char *path)
{
	for (size_t i = 0; i < LISTED_MAX; i++)
		if (atomic_load(&temporaries[i].state) == LISTED && strcmp(temporaries[i].path, path) == 0)
			atomic_store(&temporaries[i].state, FREE);
}

void save_remove_temporaries(void)
{
	for (size_t i = 0; i < LISTED_MAX; i++)
		if (atomic_load(&temporaries[i].state) == LISTED)
			unlink(temporaries[i].path);
}

static bool system_error(const struct save *save, const char *doing, int error, struct err *err)
{
	return err_set(err, ERR_OUTPUT, "%s: cannot %s: %s", save->name, doing, strerror(error));
}

/* The length of the folder part of a path, its last slash included. */
static size_t folder_length(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? (size_t)(slash - path) + 1 : 0;
}

/* Follows the links of a target that may not exist yet: save->path on entry
 * and return. */
static bool follow_links(struct save *save, struct err *err)
{
	for (int links = 0;; links++) {
		struct stat info;
		if (lstat(save->path, &info) != 0 || !S_ISLNK(info.st_mode))
			return true;
		if (links == LINKS_MAX)
			return system_error(save, "open", ELOOP, err);
		char link[PATH_MAX], joined[2 * PATH_MAX];
		ssize_t length = readlink(save->path, link, sizeof link - 1);
		if (length < 0)
			return system_error(save, "open", errno, err);
		link[length] = '\0';
		size_t folder = link[0] == '/' ? 0 : folder_length(save->path);
		int joined_length = snprintf(joined, sizeof joined, "%.*s%s", (int)folder, save->path, link);
		if (joined_length >= PATH_MAX)
			return system_error(save, "open", ENAMETOOLONG, err);
		memcpy(save->path, joined, (size_t)joined_length + 1);
	}
}

/* Opens a file with a descriptor above those of the standard streams, one of which
 * may be closed. */
static int open_above_standard(const char *path, int flags, mode_t mode)
{
	int fd = open(path, flags | O_CLOEXEC | O_NOCTTY, mode);
	if (fd < 0 || fd > STDERR_FILENO)
		return fd;
	int above = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	int error = errno;
	close(fd);
	errno = error;
	return above;
}

/* Creates the temporary file in the folder of save->path. */
static bool open_temporary(struct save *save, struct err *err)
{
	static atomic_uint number;
	int folder = (int)folder_length(save->path);
	for (int tries = 0; tries < NAMES_MAX; tries++) {
		char name[2 * PATH_MAX];
		int length = snprintf(name, sizeof name, "%.*s.initviz-%ld-%u", folder, save->path, (long)getpid(), atomic_fetch_add(&number, 1));
		if (length >= PATH_MAX)
			return system_error(save, "open", ENAMETOOLONG, err);
		memcpy(save->temporary, name, (size_t)length + 1);
		list_temporary(save->temporary);
		save->fd = open_above_standard(name, O_WRONLY | O_CREAT | O_EXCL, 0666);
		if (save->fd >= 0)
			return true;
		int refused = errno;
		unlist_temporary(save->temporary);
		errno = refused;
		if (errno != EEXIST)
			break;
	}
	int error = errno;
	save->temporary[0] = '\0';
	return system_error(save, "open", error, err);
}

static bool is_no_input(const struct stat *info, const char *name, struct err *err)
{
	return !inputs_have(info) ||
	       err_set(err, ERR_USAGE, "%s: is read by this run and would be replaced: choose another file", name);
}

bool save_is_no_input(const char *path, struct err *err)
{
	struct stat info;
	char name[80];
	if (path == NULL || strcmp(path, "-") == 0 || stat(path, &info) != 0)
		return true;
	return is_no_input(&info, text_escape(name, sizeof name, path), err);
}

/* Keeps the owner of the old file where the system allows it; set-user-ID and
 * set-group-ID are dropped, since they were granted to the old content. */
static bool copy_ownership(struct save *save, const struct stat *old, struct err *err)
{
	if (fchown(save->fd, old->st_uid, old->st_gid) != 0 && fchown(save->fd, (uid_t)-1, old->st_gid) != 0)
		errno = 0; /* the new file then belongs to this process's user */
	return fchmod(save->fd, old->st_mode & 0777) == 0 || system_error(save, "set the permissions", errno, err);
}

/* An existing regular file: replaced later, but only if it could be written to
 * now; its permissions are kept. */
static bool open_replacement(struct save *save, const struct stat *old, struct err *err)
{
	char real[PATH_MAX];
	if (realpath(save->path, real))
		memcpy(save->path, real, sizeof real);
	int probe = open_above_standard(save->path, O_WRONLY | O_NONBLOCK, 0);
	if (probe < 0)
		return system_error(save, "open", errno, err);
	close(probe);
	return open_temporary(save, err) && copy_ownership(save, old, err);
}

/* A device, a pipe or a socket, which is written to directly. */
static bool open_special(struct save *save, bool is_pipe, struct err *err)
{
	for (int waited = 0;; waited += PAUSE) {
		save->fd = open_above_standard(save->path, O_WRONLY | O_NONBLOCK, 0);
		if (save->fd >= 0 || !is_pipe || errno != ENXIO || waited >= limit.open)
			break;
		poll(NULL, 0, PAUSE);
	}
	save->path[0] = '\0';
	if (save->fd < 0 && is_pipe && errno == ENXIO)
		return err_set(err, ERR_OUTPUT, "%s: nothing reads this pipe: start its reader first", save->name);
	return save->fd >= 0 || system_error(save, "open", errno, err);
}

static bool open_target(struct save *save, struct err *err)
{
	struct stat info;
	if (stat(save->path, &info) != 0) {
		if (errno != ENOENT)
			return system_error(save, "open", errno, err);
		return follow_links(save, err) && open_temporary(save, err);
	}
	if (!is_no_input(&info, save->name, err))
		return false;
	if (S_ISREG(info.st_mode))
		return open_replacement(save, &info, err);
	if (S_ISDIR(info.st_mode))
		return err_set(err, ERR_OUTPUT, "%s: is a directory: give the name of a file", save->name);
	return open_special(save, S_ISFIFO(info.st_mode), err);
}

struct save *save_open(const char *path, struct err *err)
{
	struct save *save = alloc_array(1, sizeof *save, err);
	if (save == NULL)
		return NULL;
	save->fd = -1;
	bool opened;
	if (path == NULL || strcmp(path, "-") == 0) {
		snprintf(save->name, sizeof save->name, "standard output");
		save->is_stdout = true;
		save->fd = STDOUT_FILENO;
		int flags = fcntl(STDOUT_FILENO, F_GETFL);
		opened = (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY) || system_error(save, "write", EBADF, err);
	} else {
		text_escape(save->name, sizeof save->name, path);
		if (*path == '\0')
			opened = err_set(err, ERR_OUTPUT, "the output file's name is empty: give one, or - for standard output");
		else if (strlen(path) >= sizeof save->path)
			opened = system_error(save, "open", ENAMETOOLONG, err);
		else {
			memcpy(save->path, path, strlen(path) + 1);
			opened = open_target(save, err);
		}
	}
	if (opened)
		return save;
	save_abandon(save);
	return NULL;
}

bool save_write(struct save *save, const char *bytes, size_t length, struct err *err)
{
	if (save->failed)
		return system_error(save, "write", EIO, err);
	while (length > 0) {
		ssize_t written = write(save->fd, bytes, length);
		if (written >= 0) {
			bytes += written;
			length -= (size_t)written;
		} else if (errno == EAGAIN) {
			if (poll(&(struct pollfd){ .fd = save->fd, .events = POLLOUT }, 1, save->is_stdout ? -1 : limit.write) != 0)
				continue;
			save->failed = true;
			return err_set(err, ERR_OUTPUT, "%s: cannot write: its reader has stopped reading", save->name);
		} else if (errno != EINTR) {
			save->failed = true;
			if (save->is_stdout && errno == EPIPE)
				return err_set(err, ERR_OUTPUT, "%s", "");
			return system_error(save, "write", errno, err);
		}
	}
	return true;
}

/* Syncs the folder after a rename, so that the new name is durable.  An error is
 * ignored where the file system does not support it; the file is complete. */
static void sync_folder(const char *path)
{
	char folder[PATH_MAX];
	snprintf(folder, sizeof folder, "%.*s", (int)folder_length(path), path);
	int fd = open(folder[0] ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

static bool commit(struct save *save, struct err *err)
{
	if (save->failed)
		return system_error(save, "write", EIO, err);
	if (save->is_stdout)
		return true;
	bool regular = save->temporary[0];
	if (regular && fsync(save->fd) != 0)
		return system_error(save, "write", errno, err);
	int fd = save->fd;
	save->fd = -1;
	if (close(fd) != 0 && errno != EINTR)
		return system_error(save, "write", errno, err);
	if (!regular)
		return true;
	if (!save_is_no_input(save->path, err)) /* it may have been opened in the meantime */
		return false;
	if (rename(save->temporary, save->path) != 0)
		return system_error(save, "replace", errno, err);
	unlist_temporary(save->temporary);
	save->temporary[0] = '\0';
	sync_folder(save->path);
	return true;
}

bool save_commit(struct save *save, struct err *err)
{
	bool done = commit(save, err);
	save_abandon(save);
	return done;
}

void save_abandon(struct save *save)
{
	if (save == NULL)
		return;
	if (save->fd >= 0 && !save->is_stdout)
		close(save->fd);
	if (save->temporary[0]) {
		unlink(save->temporary);
		unlist_temporary(save->temporary);
	}
	alloc_free(save);
}

bool save_check(const char *path, struct err *err)
{
	struct stat info;
	if (strcmp(path, "-") == 0 || (stat(path, &info) == 0 && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)))
		return true; /* opening a FIFO would block */
	struct save *save = save_open(path, err);
	save_abandon(save);
	return save != NULL;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* The folder of a path. */
static bool stat_folder(const char *path, struct stat *info)
{
	char folder[PATH_MAX];
	int length = snprintf(folder, sizeof folder, "%.*s.", (int)folder_length(path), path);
	return length < PATH_MAX && stat(folder, info) == 0;
}

static bool is_one_file(const char *a, const char *b)
{
	struct stat info[2];
	bool exists[2] = { stat(a, &info[0]) == 0, stat(b, &info[1]) == 0 };
	if (exists[0] != exists[1])
		return false;
	if (exists[0])
		return S_ISREG(info[0].st_mode) && is_same(&info[0], &info[1]);
	return strcmp(a + folder_length(a), b + folder_length(b)) == 0 && stat_folder(a, &info[0]) && stat_folder(b, &info[1]) &&
	       is_same(&info[0], &info[1]);
}

bool save_are_apart(const char *const path[], size_t count, struct err *err)
{
	char name[80];
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i && path[i] && strcmp(path[i], "-") != 0; j++)
			if (path[j] && strcmp(path[j], "-") != 0 && is_one_file(path[j], path[i]))
				return err_set(err, ERR_USAGE, "%s: is the file of two outputs: choose another file for one",
				               text_escape(name, sizeof name, path[i]));
	return true;
}

bool save_whole(const char *path, const char *bytes, size_t length, struct err *err)
{
	struct save *save = save_open(path, err);
	if (save == NULL)
		return false;
	if (save_write(save, bytes, length, err))
		return save_commit(save, err);
	save_abandon(save);
	return false;
}
