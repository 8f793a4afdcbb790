/* Names of downloaded files.  Reads no file. */
#include "data/downloads.h"

#include <dirent.h>
#include <string.h>

enum {
	NAMES_MOST = 5000,
	CHECKSUM = 43, /* characters of a SHA-256 in base64 for URLs */
};

static bool is_download_of(const char *file, const char *name)
{
	static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const char *at = strstr(file, name);
	if (at == NULL || at == file || at[-1] != '_')
		return false;
	const char *checksum = at + strlen(name), *end = checksum + strspn(checksum, base64);
	return end - checksum == CHECKSUM && (*end == '\0' || strcmp(end, ".gz") == 0);
}

size_t downloads_find(char path[PLACE_PATH_SIZE], const char *folder, const char *name)
{
	DIR *directory = opendir(folder);
	const struct dirent *entry;
	size_t found = 0;
	if (directory == NULL)
		return 0;
	for (int names = 0; (entry = readdir(directory)) && names < NAMES_MOST; names++) {
		char file[PLACE_PATH_SIZE];
		if (!is_download_of(entry->d_name, name) || !place_path(file, "%s/%s", folder, entry->d_name))
			continue;
		if (found++ == 0 || strcmp(file, path) < 0)
			memcpy(path, file, sizeof file);
	}
	closedir(directory);
	return found;
}
