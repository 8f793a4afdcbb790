/* Replaces libFuzzer: gives every file of the named folders to the target
 * once, and then every such file cut short, with a byte changed, and changed as
 * the target itself does, so that `make check` walks the corpora on any compiler. */
#include <dirent.h>
#include <string.h>

#include "fuzz/fuzz.h"

#define SIZE_MAX_READ (1 << 20)

#define CHANGES 30 /* of a file, where the target has a way of its own to change one */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed) __attribute__((weak));

static unsigned long runs;

static void give(const uint8_t *data, size_t size)
{
	/* a block of its own, so that a read past the end is seen */
	uint8_t *copy = malloc(size ? size : 1);
	REQUIRE(copy);
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	runs++;
}

static void give_file(const char *path)
{
	static uint8_t data[SIZE_MAX_READ];
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return;
	size_t size = fread(data, 1, sizeof data, file);
	fclose(file);
	give(data, size);
	give(data, size / 2);
	for (unsigned seed = 1; LLVMFuzzerCustomMutator && seed <= CHANGES; seed++) {
		static uint8_t changed[SIZE_MAX_READ];
		memcpy(changed, data, size);
		give(changed, LLVMFuzzerCustomMutator(changed, size, sizeof changed, seed));
	}
	if (size == 0)
		return;
	data[size / 3] ^= 0x80;
	give(data, size);
}

int main(int argc, char *argv[])
{
	fuzz_trains = true;
	for (int i = 1; i < argc; i++) {
		DIR *folder = opendir(argv[i]);
		if (folder == NULL) {
			fprintf(stderr, "%s is not there\n", argv[i]);
			return 1;
		}
		for (struct dirent *entry; (entry = readdir(folder));) {
			char path[4096];
			snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name);
			if (entry->d_name[0] != '.')
				give_file(path);
		}
		closedir(folder);
	}
	printf("%lu runs\n", runs);
	return runs == 0;
}
