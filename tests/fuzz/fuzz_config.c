/* Bytes as the user's configuration: all of it is applied, or nothing. */
#include <string.h>
#include <sys/stat.h>

#include "fuzz/fuzz.h"
#include "io/config.h"

static char folder[] = "/tmp/initviz-fuzz-XXXXXX";
static char path[sizeof folder + 32];

static void remove_folder(void)
{
	remove(path);
	*strrchr(path, '/') = '\0';
	remove(path);
	remove(folder);
}

static void make_folder(void)
{
	REQUIRE(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/initviz", folder);
	REQUIRE(mkdir(path, 0700) == 0);
	strcat(path, "/config");
	setenv("XDG_CONFIG_HOME", folder, 1);
	atexit(remove_folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct cli cli, before;
	if (path[0] == '\0')
		make_folder();
	FILE *file = fopen(path, "wb");
	REQUIRE(file && fwrite(data, 1, size, file) == size && fclose(file) == 0);
	before = (struct cli){ .width = 80, .height = 24 };
	settings_default(&before.settings);
	cli = before;
	struct err err = {0};
	if (!config_apply(&cli, false, &err)) {
		fuzz_check_message(&err);
		REQUIRE(memcmp(&cli, &before, sizeof cli) == 0);
	}
	return 0;
}
