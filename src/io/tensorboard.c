/* The folder of TensorBoard's runs: which run an observation belongs to, and its file. */
#include "io/tensorboard.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/whole.h"
#include "io/out_observation.h"

#define RUNS_MOST 1000 /* of one name */

struct tensorboard {
	struct text folder;
	bool created;  /* the folder did not exist before */
	int file;      /* of the present run; -1: none yet */
	uint64_t step; /* of its last record */
	struct text path, record;
};

/* ---- the folder ---- */

static bool is_empty(const char *folder)
{
	DIR *files = opendir(folder);
	size_t count = 0;
	for (struct dirent *entry = files ? readdir(files) : NULL; entry; entry = readdir(files))
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	bool empty = files && count == 0;
	if (files)
		closedir(files);
	return empty;
}

static bool cannot(const char *action, const char *path, struct err *err)
{
	char safe[256];
	return err_set(err, ERR_OUTPUT, "tensorboard: %s: cannot %s: %s", text_escape(safe, sizeof safe, path), action,
	               strerror(errno));
}

static bool take_folder(const char *folder, bool *created, struct err *err)
{
	char safe[256];
	*created = mkdir(folder, 0777) == 0;
	if (*created)
		return true;
	if (errno != EEXIST)
		return cannot("create the folder", folder, err);
	return is_empty(folder) ||
	       err_set(err, ERR_OUTPUT, "tensorboard: %s: is not an empty folder, and TensorBoard would mix its runs with the new ones: "
	               "give a new one", text_escape(safe, sizeof safe, folder));
}

struct tensorboard *tensorboard_open(const char *folder, struct err *err)
{
	bool created;
	if (!take_folder(folder, &created, err))
		return NULL;
	struct tensorboard *tensorboard = alloc_array(1, sizeof *tensorboard, err);
	if (tensorboard == NULL)
		return NULL;
	tensorboard->file = -1;
	tensorboard->created = created;
	text_add(&tensorboard->folder, folder);
	if (text_check(&tensorboard->folder, err))
		return tensorboard;
	tensorboard_close(tensorboard, NULL);
	return NULL;
}

/* ---- the file of a run ---- */

/* Creates the first of FOLDER/NAME, FOLDER/NAME-2, ... that does not exist. */
static bool create_run_folder(struct tensorboard *tensorboard, const char *name, struct err *err)
{
	for (int run = 1; run <= RUNS_MOST; run++) {
		text_clear(&tensorboard->path);
		text_addf(&tensorboard->path, "%s/%s", text_string(&tensorboard->folder), name);
		if (run > 1)
			text_addf(&tensorboard->path, "-%d", run);
		if (!text_check(&tensorboard->path, err))
			return false;
		if (mkdir(text_string(&tensorboard->path), 0777) == 0)
			return true;
		if (errno != EEXIST)
			return cannot("create the folder", text_string(&tensorboard->path), err);
	}
	return err_set(err, ERR_OUTPUT, "tensorboard: more than %d runs of %s: give a new folder", RUNS_MOST, name);
}

/* Seconds since 1970: TensorBoard shows the date of an event. */
static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_REALTIME, &time);
	return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* The name says the time, the machine and the process, as TensorFlow's writer has it;
 * TensorBoard looks only for "tfevents". */
static bool create_file(struct tensorboard *tensorboard, struct err *err)
{
	char host[64] = "localhost";
	gethostname(host, sizeof host - 1);
	for (char *p = host; *p; p++)
		if (*p == '/')
			*p = '_';
	text_addf(&tensorboard->path, "/events.out.tfevents.%010llu.%s.%ld.0", (unsigned long long)whole_count(now()), host, (long)getpid());
	if (!text_check(&tensorboard->path, err))
		return false;
	tensorboard->file = open(text_string(&tensorboard->path), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
	return tensorboard->file >= 0 || cannot("create", text_string(&tensorboard->path), err);
}

static bool close_file(struct tensorboard *tensorboard, struct err *err)
{
	int file = tensorboard->file;
	tensorboard->file = -1;
	return file < 0 || close(file) == 0 || cannot("write", text_string(&tensorboard->path), err);
}

static bool begin_run(struct tensorboard *tensorboard, const struct snapshot *snapshot, struct err *err)
{
	const char *name = out_scenario_name(snapshot);
	if (!close_file(tensorboard, err) || !create_run_folder(tensorboard, name[0] ? name : "run", err) ||
	    !create_file(tensorboard, err))
		return false;
	tensorboard_first_record(&tensorboard->record, now());
	return true;
}

/* Takes an incomplete record off the end of the file; TensorBoard tolerates one if this fails. */
static void cut_off(int file, off_t whole)
{
	if (whole >= 0 && ftruncate(file, whole) != 0)
		return;
}

static bool write_records(struct tensorboard *tensorboard, struct err *err)
{
	const char *bytes = text_string(&tensorboard->record);
	size_t left = tensorboard->record.length;
	off_t whole = lseek(tensorboard->file, 0, SEEK_END);
	while (left) {
		ssize_t written = write(tensorboard->file, bytes, left);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0) {
			cannot("write", text_string(&tensorboard->path), err);
			cut_off(tensorboard->file, whole);
			return false;
		}
		bytes += written;
		left -= (size_t)written;
	}
	return true;
}

bool tensorboard_add(struct tensorboard *tensorboard, const struct snapshot *snapshot, struct err *err)
{
	text_clear(&tensorboard->record);
	if ((tensorboard->file < 0 || snapshot->step == 0 || snapshot->step <= tensorboard->step) &&
	    !begin_run(tensorboard, snapshot, err))
		return false;
	tensorboard->step = snapshot->step;
	tensorboard_record(&tensorboard->record, snapshot, now());
	return text_check(&tensorboard->record, err) && write_records(tensorboard, err);
}

bool tensorboard_close(struct tensorboard *tensorboard, struct err *err)
{
	if (tensorboard == NULL)
		return true;
	bool closed = close_file(tensorboard, err);
	if (tensorboard->created)
		rmdir(text_string(&tensorboard->folder)); /* succeeds only where no run was begun */
	text_free(&tensorboard->path);
	text_free(&tensorboard->record);
	text_free(&tensorboard->folder);
	alloc_free(tensorboard);
	return closed;
}
