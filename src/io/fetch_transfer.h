/* Downloading one file over HTTPS, by libcurl. */
#ifndef INITVIZ_IO_FETCH_TRANSFER_H
#define INITVIZ_IO_FETCH_TRANSFER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct fetch_transfer;

/* ERR_RESOURCE. */
struct fetch_transfer *fetch_transfer_create(struct err *err);
void fetch_transfer_destroy(struct fetch_transfer *transfer); /* NULL is allowed */

struct fetch_request {
	const char *url;
	uint64_t most; /* bytes; more are refused */
	int fd;        /* of an empty file, to which the bytes are written */
	bool (*progress)(void *context, uint64_t got); /* called at least once a second; false ends the transfer */
	void *context;
};

/* ERR_RUN when the server does not give the file (at most 3 redirects, https only, 10 seconds to connect,
 * 30 seconds without a byte), ERR_OUTPUT when it cannot be written.  The message begins with neither URL nor name. */
bool fetch_transfer_run(struct fetch_transfer *transfer, const struct fetch_request *request, struct err *err);

#endif
