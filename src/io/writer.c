/* The thread that writes files.  One mutex guards the list of jobs; the thread
 * works on the first that is not finished, and the front end takes those that are. */
#include "io/writer.h"

#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/signal_mask.h"
#include "base/text.h"

#define JOBS 8       /* files at once, finished ones that were not reported included */
#define MOMENT 50    /* milliseconds that writer_give() waits */
#define PAUSE 1      /* milliseconds between its checks */
#define PATIENCE 2.0 /* seconds after which a file that is still not written is reported */

struct job {
	struct job *next;
	struct writer_task task;
	double begun; /* clock_seconds() */
	bool finished, written, late; /* late: that it takes long was reported */
	struct err err;
	char path[PATH_MAX];
};

struct writer {
	pthread_mutex_t mutex;
	pthread_cond_t to_thread;
	pthread_t thread;
	bool started, quit;
	struct job *first; /* oldest first */
	void (*wake)(void *context);
};

struct writer *writer_create(void (*wake)(void *context), struct err *err)
{
	struct writer *writer = alloc_array(1, sizeof *writer, err);
	if (writer == NULL)
		return NULL;
	pthread_mutex_init(&writer->mutex, NULL);
	pthread_cond_init(&writer->to_thread, NULL);
	writer->wake = wake;
	return writer;
}

/* ---- the thread ---- */

/* The mutex is held. */
static struct job *next_job(const struct writer *writer)
{
	struct job *job = writer->first;
	while (job && job->finished)
		job = job->next;
	return job;
}

static void *work(void *context)
{
	struct writer *writer = context;
	pthread_mutex_lock(&writer->mutex);
	for (;;) {
		struct job *job = next_job(writer);
		if (job == NULL && writer->quit)
			break;
		if (job == NULL) {
			pthread_cond_wait(&writer->to_thread, &writer->mutex);
			continue;
		}
		pthread_mutex_unlock(&writer->mutex);
		struct err err = {0};
		bool written = job->task.write(job->task.content, job->path, &err);
		job->task.drop(job->task.content);
		pthread_mutex_lock(&writer->mutex);
		job->written = written;
		job->err = err;
		job->finished = true;
		if (writer->wake)
			writer->wake(NULL);
	}
	pthread_mutex_unlock(&writer->mutex);
	return NULL;
}

static bool start(struct writer *writer)
{
	sigset_t before;
	if (writer->started)
		return true;
	signal_mask_for_threads(&before);
	writer->started = pthread_create(&writer->thread, NULL, work, writer) == 0;
	signal_mask_restore(&before);
	return writer->started;
}

/* ---- the front end ---- */

/* Takes a job out of the list; the mutex is held. */
static void drop_job(struct writer *writer, struct job *job)
{
	struct job **link = &writer->first;
	while (*link != job)
		link = &(*link)->next;
	*link = job->next;
	alloc_free(job);
}

static struct job *add_job(struct writer *writer, const char *path, const struct writer_task *task, struct err *err)
{
	char name[80];
	size_t jobs = 0, length = strlen(path);
	text_escape(name, sizeof name, path);
	if (length >= PATH_MAX) {
		err_set(err, ERR_OUTPUT, "%s: cannot open: the name is too long", name);
		return NULL;
	}
	struct job *job = alloc_array(1, sizeof *job, err);
	if (job == NULL)
		return NULL;
	memcpy(job->path, path, length + 1);
	job->task = *task;
	job->begun = clock_seconds();
	pthread_mutex_lock(&writer->mutex);
	struct job **link = &writer->first;
	for (; *link; link = &(*link)->next)
		jobs++;
	if (jobs < JOBS)
		*link = job;
	pthread_cond_signal(&writer->to_thread);
	pthread_mutex_unlock(&writer->mutex);
	if (jobs < JOBS)
		return job;
	alloc_free(job);
	err_set(err, ERR_OUTPUT, "%s: %d files are being written already: wait until one is done", name, JOBS);
	return NULL;
}

/* Whether the job is finished; it is then taken out of the list. */
static bool take_job_result(struct writer *writer, struct job *job, bool *written, struct err *err)
{
	pthread_mutex_lock(&writer->mutex);
	bool finished = job->finished;
	if (finished) {
		*written = job->written;
		if (!job->written && err)
			*err = job->err;
		drop_job(writer, job);
	}
	pthread_mutex_unlock(&writer->mutex);
	return finished;
}

bool writer_give(struct writer *writer, const char *path, const struct writer_task *task, bool *pending, struct err *err)
{
	bool written;
	*pending = false;
	if (!start(writer)) { /* no thread: it is written at once */
		written = task->write(task->content, path, err);
		task->drop(task->content);
		return written;
	}
	struct job *job = add_job(writer, path, task, err);
	if (job == NULL) {
		task->drop(task->content);
		return false;
	}
	for (int waited = 0; waited < MOMENT; waited += PAUSE) {
		if (take_job_result(writer, job, &written, err))
			return written;
		poll(NULL, 0, PAUSE);
	}
	*pending = true;
	return true;
}

bool writer_is_writing(struct writer *writer, const char *path)
{
	pthread_mutex_lock(&writer->mutex);
	const struct job *job = writer->first;
	while (job && (job->finished || strcmp(job->path, path) != 0))
		job = job->next;
	pthread_mutex_unlock(&writer->mutex);
	return job != NULL;
}

/* The mutex is held. */
static bool take_first_result(struct writer *writer, struct writer_result *result)
{
	struct job *job = writer->first;
	while (job && !job->finished && (job->late || clock_seconds() - job->begun < PATIENCE))
		job = job->next;
	if (job == NULL)
		return false;
	*result = (struct writer_result){ .written = job->finished && job->written, .err = job->err };
	text_escape(result->name, sizeof result->name, job->path);
	if (job->finished) {
		drop_job(writer, job);
		return true;
	}
	job->late = true;
	err_set(&result->err, ERR_OUTPUT, "%s: not written after %.0f seconds: its target is slow or hangs; still trying",
	        result->name, PATIENCE);
	return true;
}

bool writer_take_result(struct writer *writer, struct writer_result *result)
{
	pthread_mutex_lock(&writer->mutex);
	bool taken = take_first_result(writer, result);
	pthread_mutex_unlock(&writer->mutex);
	return taken;
}

bool writer_end(struct writer *writer, struct err *err)
{
	bool done = true;
	if (writer == NULL)
		return true;
	pthread_mutex_lock(&writer->mutex);
	writer->quit = true;
	pthread_cond_signal(&writer->to_thread);
	pthread_mutex_unlock(&writer->mutex);
	if (writer->started)
		pthread_join(writer->thread, NULL);
	while (writer->first) {
		if (done && !writer->first->written && err)
			*err = writer->first->err;
		done = done && writer->first->written;
		drop_job(writer, writer->first);
	}
	pthread_cond_destroy(&writer->to_thread);
	pthread_mutex_destroy(&writer->mutex);
	alloc_free(writer);
	return done;
}
