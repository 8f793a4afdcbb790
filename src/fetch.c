/* initviz-fetch NAME: the program behind initviz --fetch. */
#include <stdio.h>

#include "data/published.h"
#include "io/fetch_download.h"

int main(int argc, char *argv[])
{
	struct err err = {0};
	const struct published *set = argc == 2 ? published_set_find(argv[1], &err)
	                                        : (err_set(&err, ERR_USAGE, "usage: initviz --fetch NAME"), NULL);
	if (set && fetch_download(set, &err))
		return 0;
	if (err.message[0] == '\0') /* the reader of the output closed the pipe */
		return 0;
	fprintf(stderr, "initviz: %s\n", err.message);
	return (int)err.code;
}
