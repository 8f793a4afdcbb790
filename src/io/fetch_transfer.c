/* The only file that uses libcurl.  Certificates are always checked; like the curl command it takes
 * trusted ones from $CURL_CA_BUNDLE, $SSL_CERT_FILE or $SSL_CERT_DIR, and libcurl itself reads the
 * variables of proxies. */
#include "io/fetch_transfer.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/text.h"

#define REDIRECTS 3L
#define CONNECT_SECONDS 10L
#define STALL_SECONDS 30L

struct fetch_transfer {
	CURL *curl;
	const struct fetch_request *request;
	uint64_t got;
	bool longer;     /* than request->most */
	int write_error; /* errno */
	char problem[CURL_ERROR_SIZE];
};

/* ---- what libcurl calls ---- */

static size_t take_bytes(char *bytes, size_t size, size_t count, void *context)
{
	struct fetch_transfer *transfer = context;
	size_t length = size * count, left = length;
	transfer->longer = length > transfer->request->most - transfer->got;
	if (transfer->longer)
		return CURL_WRITEFUNC_ERROR;
	while (left > 0) {
		ssize_t written = write(transfer->request->fd, bytes, left);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0) {
			transfer->write_error = errno;
			return CURL_WRITEFUNC_ERROR;
		}
		bytes += written;
		left -= (size_t)written;
	}
	transfer->got += length;
	return length;
}

static int show_progress(void *context, curl_off_t total, curl_off_t got, curl_off_t upload, curl_off_t uploaded)
{
	const struct fetch_transfer *transfer = context;
	(void)total, (void)got, (void)upload, (void)uploaded;
	return transfer->request->progress(transfer->request->context, transfer->got) ? 0 : 1;
}

/* ---- options ---- */

#if LIBCURL_VERSION_NUM >= 0x075500
static bool allow_https_only(CURL *curl)
{
	return curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "https") == CURLE_OK;
}
#else
static bool allow_https_only(CURL *curl)
{
	return curl_easy_setopt(curl, CURLOPT_PROTOCOLS, (long)CURLPROTO_HTTPS) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS, (long)CURLPROTO_HTTPS) == CURLE_OK;
}
#endif

static const char *variable(const char *name)
{
	const char *value = getenv(name);
	return value && *value ? value : NULL;
}

static bool trust(CURL *curl)
{
	const char *bundle = variable("CURL_CA_BUNDLE"), *folder = variable("SSL_CERT_DIR");
	if (bundle == NULL)
		bundle = variable("SSL_CERT_FILE");
	return (bundle == NULL || curl_easy_setopt(curl, CURLOPT_CAINFO, bundle) == CURLE_OK) &&
	       (folder == NULL || curl_easy_setopt(curl, CURLOPT_CAPATH, folder) == CURLE_OK) &&
	       curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK;
}

static bool limit(CURL *curl)
{
	return curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_MAXREDIRS, REDIRECTS) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, STALL_SECONDS) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
}

static bool call_back(struct fetch_transfer *transfer)
{
	CURL *curl = transfer->curl;
	return curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, show_progress) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_XFERINFODATA, transfer) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transfer->problem) == CURLE_OK &&
	       curl_easy_setopt(curl, CURLOPT_USERAGENT, "initviz/" PACKAGE_VERSION) == CURLE_OK;
}

struct fetch_transfer *fetch_transfer_create(struct err *err)
{
	struct fetch_transfer *transfer = alloc_array(1, sizeof *transfer, err);
	if (transfer == NULL)
		return NULL;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK && (transfer->curl = curl_easy_init()) &&
	    allow_https_only(transfer->curl) && trust(transfer->curl) && limit(transfer->curl) && call_back(transfer))
		return transfer;
	err_set(err, ERR_RESOURCE, "libcurl cannot begin: %s", curl_version());
	fetch_transfer_destroy(transfer);
	return NULL;
}

void fetch_transfer_destroy(struct fetch_transfer *transfer)
{
	if (transfer == NULL)
		return;
	curl_easy_cleanup(transfer->curl);
	curl_global_cleanup();
	alloc_free(transfer);
}

/* ---- one file ---- */

/* What went wrong, in words. */
static bool explain(const struct fetch_transfer *transfer, CURLcode code, struct err *err)
{
	char safe[CURL_ERROR_SIZE];
	long status = 0;
	if (transfer->write_error)
		return err_set(err, ERR_OUTPUT, "cannot write: %s", strerror(transfer->write_error));
	if (transfer->longer)
		return err_set(err, ERR_RUN, "is longer than the %llu bytes of the published file",
		               (unsigned long long)transfer->request->most);
	if (code == CURLE_OPERATION_TIMEDOUT && transfer->got)
		return err_set(err, ERR_RUN, "no byte came for %ld seconds", STALL_SECONDS);
	if (code == CURLE_HTTP_RETURNED_ERROR && curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK)
		return err_set(err, ERR_RUN, "the server answers with HTTP status %ld", status);
	return err_set(err, ERR_RUN, "%s", text_escape(safe, sizeof safe, transfer->problem[0] ? transfer->problem : curl_easy_strerror(code)));
}

bool fetch_transfer_run(struct fetch_transfer *transfer, const struct fetch_request *request, struct err *err)
{
	transfer->request = request;
	transfer->got = 0;
	transfer->longer = false;
	transfer->write_error = 0;
	transfer->problem[0] = '\0';
	CURLcode code = curl_easy_setopt(transfer->curl, CURLOPT_URL, request->url);
	if (code == CURLE_OK)
		code = curl_easy_perform(transfer->curl);
	return code == CURLE_OK || explain(transfer, code, err);
}
