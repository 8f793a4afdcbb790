/* Every name is opened relative to an open folder, so that nobody can exchange a folder for a
 * symbolic link in the meantime. */
#include "io/fetch_folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "io/fetch_plan.h"

#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

#define ELSEWHERE "set XDG_CACHE_HOME to another folder"

static const char *remedy_for(int reason)
{
	switch (reason) {
	case ENOSPC:
	case EDQUOT:
		return "make room, or " ELSEWHERE;
	case EACCES:
	case EPERM:
	case EROFS:
		return "make it writable, or " ELSEWHERE;
	default:
		return ELSEWHERE;
	}
}

static bool system_error(const struct fetch_folder *folder, const char *doing, struct err *err)
{
	int reason = errno;
	return err_set(err, ERR_OUTPUT, "%s: cannot %s: %s: %s", folder->shown, doing, strerror(reason), remedy_for(reason));
}

/* ---- folders ---- */

/* Makes the folders of a path that are missing, as the XDG base directory specification wants them. */
static int open_cache(const struct fetch_folder *folder, struct err *err)
{
	char path[PLACE_PATH_SIZE];
	if (!place_cache(path)) {
		err_set(err, ERR_OUTPUT, "%s: no cache folder", folder->shown);
		return -1;
	}
	for (char *slash = path + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0700); /* the last one tells whether it failed */
		*slash = '/';
	}
	if (mkdir(path, 0700) != 0 && errno != EEXIST) {
		system_error(folder, "make the cache folder", err);
		return -1;
	}
	int fd = open(path, FOLDER_FLAGS);
	if (fd < 0)
		system_error(folder, "open the cache folder", err);
	return fd;
}

/* Whether only this user, or root, can change what an open folder has. */
static bool is_private(const struct fetch_folder *folder, int fd, struct err *err)
{
	struct stat info;
	if (fstat(fd, &info) != 0)
		return system_error(folder, "open", err);
	if (info.st_mode & S_IWOTH)
		return err_set(err, ERR_OUTPUT, "%s: everybody can write to this folder or to the one above: remove that permission", folder->shown);
	if (info.st_uid != geteuid() && info.st_uid != 0 && geteuid() != 0)
		return err_set(err, ERR_OUTPUT, "%s: this folder or the one above belongs to another user: " ELSEWHERE, folder->shown);
	return true;
}

/* Opens a folder that must not be a symbolic link. */
static int open_below(const struct fetch_folder *folder, int above, const char *name, struct err *err)
{
	int fd = openat(above, name, FOLDER_FLAGS | O_NOFOLLOW);
	if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
		err_set(err, ERR_OUTPUT, "%s: '%s' is a symbolic link or no folder: remove it, or " ELSEWHERE, folder->shown, name);
	else if (fd < 0)
		system_error(folder, "open", err);
	if (fd < 0 || is_private(folder, fd, err))
		return fd;
	close(fd);
	return -1;
}

static int make_below(const struct fetch_folder *folder, int above, const char *name, struct err *err)
{
	if (mkdirat(above, name, 0700) != 0 && errno != EEXIST) {
		system_error(folder, "make the folder", err);
		return -1;
	}
	return open_below(folder, above, name, err);
}

/* ---- parts that were left behind ---- */

static void remove_part(int parent, const char *name)
{
	char file[FETCH_NAME_SIZE];
	int part = openat(parent, name, FOLDER_FLAGS | O_NOFOLLOW);
	if (part < 0)
		return;
	for (int i = 0; i < PUBLISHED_FILES; i++)
		unlinkat(part, fetch_file_name(file, (enum published_file)i), 0);
	close(part);
	unlinkat(parent, name, AT_REMOVEDIR);
}

/* Removes the parts of processes that were killed. */
static void remove_old_parts(const struct fetch_folder *folder)
{
	int copy = openat(folder->parent, ".", FOLDER_FLAGS);
	DIR *directory = copy < 0 ? NULL : fdopendir(copy);
	const struct dirent *entry;
	char begin[64];
	snprintf(begin, sizeof begin, "%s.part-", folder->name);
	while (directory && (entry = readdir(directory))) {
		uint64_t process;
		if (strncmp(entry->d_name, begin, strlen(begin)) == 0 && text_unsigned(entry->d_name + strlen(begin), &process) &&
		    process > 1 && process < INT32_MAX && kill((pid_t)process, 0) != 0 && errno == ESRCH)
			remove_part(folder->parent, entry->d_name);
	}
	if (directory)
		closedir(directory);
}

/* The set's folder, if there is one, is checked before anything is downloaded. */
static bool check_target(const struct fetch_folder *folder, struct err *err)
{
	struct stat info;
	if (fstatat(folder->parent, folder->name, &info, AT_SYMLINK_NOFOLLOW) != 0)
		return true;
	int fd = open_below(folder, folder->parent, folder->name, err);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

bool fetch_folder_open(struct fetch_folder *folder, const struct published *set, struct err *err)
{
	*folder = (struct fetch_folder){ .parent = -1, .part = -1, .name = set->entry.name };
	if (!fetch_folder_path(folder->path, set, err))
		return false;
	text_escape(folder->shown, sizeof folder->shown, folder->path);
	int cache = open_cache(folder, err);
	if (cache < 0)
		return false;
	folder->parent = make_below(folder, cache, "initviz", err);
	close(cache);
	if (folder->parent < 0)
		return false;
	if (!check_target(folder, err))
		return false;
	remove_old_parts(folder);
	snprintf(folder->part_name, sizeof folder->part_name, "%s.part-%ld", folder->name, (long)getpid());
	remove_part(folder->parent, folder->part_name); /* of a process of the same number, before a restart */
	if (mkdirat(folder->parent, folder->part_name, 0700) != 0)
		return system_error(folder, "make a folder for its parts", err);
	folder->part = open_below(folder, folder->parent, folder->part_name, err);
	return folder->part >= 0;
}

void fetch_folder_close(struct fetch_folder *folder)
{
	if (folder->part >= 0) {
		close(folder->part);
		remove_part(folder->parent, folder->part_name);
	}
	if (folder->parent >= 0)
		close(folder->parent);
	folder->parent = folder->part = -1;
}

/* ---- files ---- */

bool fetch_folder_digest(char digest[FETCH_DIGEST_SIZE], const struct fetch_folder *folder, enum published_file which)
{
	char path[PLACE_PATH_SIZE], name[FETCH_NAME_SIZE];
	struct stat info;
	snprintf(path, sizeof path, "%s/%s", folder->name, fetch_file_name(name, which));
	int fd = openat(folder->parent, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool read = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && fetch_digest(digest, fd);
	close(fd);
	return read;
}

int fetch_folder_new(struct fetch_folder *folder, enum published_file which, struct err *err)
{
	char name[FETCH_NAME_SIZE];
	fetch_file_name(name, which);
	unlinkat(folder->part, name, 0);
	folder->fresh[which] = false;
	int fd = openat(folder->part, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0)
		system_error(folder, "make a file", err);
	else
		folder->fresh[which] = true;
	return fd;
}

/* The set's folder exists: the parts replace its files. */
static bool move_files(const struct fetch_folder *folder, struct err *err)
{
	char name[FETCH_NAME_SIZE];
	int target = open_below(folder, folder->parent, folder->name, err);
	if (target < 0)
		return false;
	bool moved = true;
	for (int i = 0; i < PUBLISHED_FILES && moved; i++) {
		fetch_file_name(name, (enum published_file)i);
		moved = !folder->fresh[i] || renameat(folder->part, name, target, name) == 0 || system_error(folder, "replace a file", err);
	}
	moved = moved && (fsync(target) == 0 || system_error(folder, "write", err));
	close(target);
	return moved;
}

bool fetch_folder_commit(struct fetch_folder *folder, struct err *err)
{
	if (fsync(folder->part) != 0)
		return system_error(folder, "write", err);
	if (renameat(folder->parent, folder->part_name, folder->parent, folder->name) != 0) {
		if (errno != ENOTEMPTY && errno != EEXIST && errno != ENOTDIR)
			return system_error(folder, "name the folder", err);
		return move_files(folder, err);
	}
	return fsync(folder->parent) == 0 || system_error(folder, "write", err);
}
