/* fetch_set NAME SIZE SHA256 ... (four pairs): downloads the files of a set that test_fetch.bats makes up, so that
 * initviz-fetch itself knows none but the published ones. */
#include <stdio.h>
#include <stdlib.h>

#include "io/fetch_download.h"

int main(int argc, char *argv[])
{
	struct err err = {0};
	if (argc != 2 + 2 * PUBLISHED_FILES)
		return 99;
	struct published set = { .entry = { .name = argv[1] }, .name = "A set" };
	for (int i = 0; i < PUBLISHED_FILES; i++)
		set.download[i] = (struct published_download){ strtoull(argv[2 + 2 * i], NULL, 10), argv[3 + 2 * i] };
	if (fetch_download(&set, &err))
		return 0;
	fprintf(stderr, "initviz: %s\n", err.message);
	return (int)err.code;
}
