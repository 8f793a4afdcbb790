/* The files of a set, one after the other; for each the mirrors, beginning with the one that worked. */
#include "io/fetch_download.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "io/exit_signals.h"
#include "io/fetch_folder.h"
#include "io/fetch_plan.h"
#include "io/fetch_transfer.h"
#include "io/progress_line.h"
#include "io/save.h"

#define MIRRORS_MAX 16
#define MEGABYTE 1e6

struct fetch {
	const struct published *set;
	struct fetch_folder folder;
	struct fetch_transfer *transfer;
	char *words;                     /* $INITVIZ_MIRRORS, cut into words; or NULL */
	const char *mirror[MIRRORS_MAX];
	size_t mirrors, current;         /* current: the one that worked last */
	enum published_file file;
	uint64_t total, done;            /* bytes of all files to fetch, and of those that are complete */
	double began;                    /* clock_seconds() */
	struct progress_line line;
};

/* ---- the mirrors ---- */

static bool add_mirror(struct fetch *fetch, const char *url, struct err *err)
{
	char safe[200];
	if (strncmp(url, "https://", strlen("https://")) != 0)
		return err_set(err, ERR_USAGE, "$INITVIZ_MIRRORS: '%s' does not begin with https://: other protocols are not used",
		               text_escape(safe, sizeof safe, url));
	if (fetch->mirrors == MIRRORS_MAX)
		return err_set(err, ERR_USAGE, "$INITVIZ_MIRRORS: more than %d mirrors", MIRRORS_MAX);
	fetch->mirror[fetch->mirrors++] = url;
	return true;
}

static bool find_mirrors(struct fetch *fetch, struct err *err)
{
	const char *variable = getenv("INITVIZ_MIRRORS");
	if (variable == NULL || variable[strspn(variable, " ")] == '\0') {
		for (int m = 0; m < PUBLISHED_MIRRORS && fetch->set->mirror[m]; m++)
			fetch->mirror[fetch->mirrors++] = fetch->set->mirror[m];
		return true;
	}
	fetch->words = alloc_array(strlen(variable) + 1, 1, err);
	if (fetch->words == NULL)
		return false;
	strcpy(fetch->words, variable);
	char *rest = NULL;
	for (char *word = strtok_r(fetch->words, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		if (!add_mirror(fetch, word, err))
			return false;
	return true;
}

/* ---- how far it is ---- */

static bool show(void *context, uint64_t got)
{
	struct fetch *fetch = context;
	if (exit_signals_caught())
		return false;
	if (!progress_line_is_due(&fetch->line))
		return true;
	double done = (double)(fetch->done + got), seconds = clock_seconds() - fetch->began;
	double rate = seconds > 0 ? done / seconds : 0;
	struct text text = {0};
	progress_line_add_bar(&text, done / (double)fetch->total);
	text_addf(&text, " %.1f of %.1f MB", done / MEGABYTE, (double)fetch->total / MEGABYTE);
	if (rate > 0) {
		text_addf(&text, "  %.2f MB/s  ", rate / MEGABYTE);
		progress_line_add_time(&text, ((double)fetch->total - done) / rate);
		text_add(&text, " left");
	}
	progress_line_draw(&fetch->line, &text);
	text_free(&text);
	return true;
}

/* ---- one file ---- */

static bool is_right(struct fetch *fetch, int fd, struct err *err)
{
	char digest[FETCH_DIGEST_SIZE];
	const char *published = fetch->set->download[fetch->file].sha256;
	if (!fetch_digest(digest, fd))
		return err_set(err, ERR_OUTPUT, "cannot be read back: %s", strerror(errno));
	return strcmp(digest, published) == 0 ||
	       err_set(err, ERR_RUN, "is not the published file: its SHA-256 is %s instead of %s", digest, published);
}

/* The file from one mirror: complete, checked and synced in the folder of parts. */
static bool fetch_from(struct fetch *fetch, const char *url, struct err *err)
{
	int fd = fetch_folder_new(&fetch->folder, fetch->file, err);
	if (fd < 0)
		return false;
	const struct fetch_request request = { .url = url, .most = fetch->set->download[fetch->file].size, .fd = fd,
	                                       .progress = show, .context = fetch };
	bool fetched = fetch_transfer_run(fetch->transfer, &request, err) && is_right(fetch, fd, err);
	if (fetched && fsync(fd) != 0)
		fetched = err_set(err, ERR_OUTPUT, "cannot write: %s", strerror(errno));
	if (close(fd) != 0 && fetched)
		fetched = err_set(err, ERR_OUTPUT, "cannot write: %s", strerror(errno));
	return fetched || (err && err->code == ERR_OUTPUT && err_prefix(err, "%s", fetch->folder.shown));
}

/* The URL of the current file at a mirror. */
static void add_url(struct text *url, const struct fetch *fetch, const char *mirror)
{
	char name[FETCH_NAME_SIZE];
	size_t length = strlen(mirror);
	text_addf(url, "%s%s%s", mirror, length && mirror[length - 1] == '/' ? "" : "/", fetch_file_name(name, fetch->file));
}

static bool fetch_file(struct fetch *fetch, struct err *err)
{
	struct err fault = {0};
	bool fetched = false;
	for (size_t tries = 0; tries < fetch->mirrors && !fetched && fault.code != ERR_OUTPUT && !exit_signals_caught(); tries++) {
		char safe[200];
		struct text url = {0};
		if (tries) {
			progress_line_end(&fetch->line);
			fprintf(stderr, "initviz: warning: %s: trying the next mirror\n", fault.message);
			fetch->current = (fetch->current + 1) % fetch->mirrors;
		}
		fault = (struct err){0};
		add_url(&url, fetch, fetch->mirror[fetch->current]);
		fetched = text_check(&url, &fault) && fetch_from(fetch, text_string(&url), &fault);
		if (!fetched && fault.code == ERR_RUN)
			err_prefix(&fault, "%s", text_escape(safe, sizeof safe, text_string(&url)));
		text_free(&url);
	}
	if (!fetched)
		return err_set(err, fault.code, "%s", fault.message);
	fetch->done += fetch->set->download[fetch->file].size;
	return true;
}

/* ---- the set ---- */

static bool fetch_missing(struct fetch *fetch, const bool missing[PUBLISHED_FILES], struct err *err)
{
	fetch->transfer = fetch_transfer_create(err);
	fetch->began = clock_seconds();
	fetch->line = progress_line_begin();
	bool done = fetch->transfer != NULL;
	for (int i = 0; i < PUBLISHED_FILES && done; i++) {
		fetch->file = (enum published_file)i;
		done = !missing[i] || fetch_file(fetch, err);
	}
	progress_line_end(&fetch->line);
	return done && !exit_signals_caught() && fetch_folder_commit(&fetch->folder, err);
}

static bool report(const struct fetch *fetch, struct err *err)
{
	struct text text = {0};
	if (fetch->total)
		text_addf(&text, "%s: %llu bytes fetched and verified: the files are in %s\n", fetch->set->name,
		          (unsigned long long)fetch->total, fetch->folder.shown);
	else
		text_addf(&text, "%s: nothing to fetch: the files in %s are the published ones\n", fetch->set->name, fetch->folder.shown);
	bool printed = text_check(&text, err) && save_whole(NULL, text_string(&text), text.length, err);
	text_free(&text);
	return printed;
}

static bool run(struct fetch *fetch, struct err *err)
{
	bool missing[PUBLISHED_FILES];
	if (!find_mirrors(fetch, err) || !fetch_folder_open(&fetch->folder, fetch->set, err))
		return false;
	for (int i = 0; i < PUBLISHED_FILES; i++) {
		char digest[FETCH_DIGEST_SIZE];
		const struct published_download *download = &fetch->set->download[i];
		missing[i] = !fetch_folder_digest(digest, &fetch->folder, (enum published_file)i) || strcmp(digest, download->sha256) != 0;
		fetch->total += missing[i] ? download->size : 0;
	}
	return (fetch->total == 0 || fetch_missing(fetch, missing, err)) && report(fetch, err);
}

bool fetch_download(const struct published *set, struct err *err)
{
	struct fetch fetch = { .set = set, .folder = { .parent = -1, .part = -1 } };
	exit_signals_begin(0);
	exit_signals_catch();
	bool done = run(&fetch, err);
	fetch_transfer_destroy(fetch.transfer);
	fetch_folder_close(&fetch.folder);
	alloc_free(fetch.words);
	if (exit_signals_caught()) {
		fprintf(stderr, "initviz: interrupted: nothing was stored\n");
		exit_signals_leave();
	}
	return done;
}
