/* A ring of file identities without a lock: an input is noted by the thread that
 * opens it, which may be the worker's. */
#include "base/inputs.h"

#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#define KEPT 256 /* the oldest are replaced */

static struct {
	_Atomic uint64_t device, inode;
} kept[KEPT];
static atomic_uint noted;

bool inputs_have(const struct stat *file)
{
	for (size_t i = 0; i < KEPT && S_ISREG(file->st_mode); i++)
		if (atomic_load(&kept[i].inode) == file->st_ino && atomic_load(&kept[i].device) == file->st_dev)
			return true;
	return false;
}

void inputs_note(const struct stat *file)
{
	if (!S_ISREG(file->st_mode) || inputs_have(file))
		return;
	unsigned i = atomic_fetch_add(&noted, 1) % KEPT;
	atomic_store(&kept[i].device, (uint64_t)file->st_dev);
	atomic_store(&kept[i].inode, (uint64_t)file->st_ino);
}

void inputs_note_path(const char *path)
{
	struct stat file;
	if (path && strcmp(path, "-") != 0 && stat(path, &file) == 0)
		inputs_note(&file);
}
