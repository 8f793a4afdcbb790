/* Other programs: scripts that answer questions line by line, and programs
 * that are run to their end. */
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

struct bench_peer {
	pid_t process;
	FILE *to, *from;
};

struct bench_peer *bench_peer_start(const char *const argv[])
{
	int question[2], answer[2];
	struct bench_peer *peer = malloc(sizeof *peer);
	if (peer == NULL || pipe(question) != 0 || pipe(answer) != 0)
		exit(1);
	peer->process = fork();
	if (peer->process == 0) {
		dup2(question[0], 0);
		dup2(answer[1], 1);
		close(question[1]);
		close(answer[0]);
		execvp(argv[0], (char *const *)(size_t)argv);
		_exit(127);
	}
	close(question[0]);
	close(answer[1]);
	fcntl(question[1], F_SETFD, FD_CLOEXEC); /* another peer must not keep it open */
	signal(SIGPIPE, SIG_IGN);
	peer->to = fdopen(question[1], "w");
	peer->from = fdopen(answer[0], "r");
	return peer;
}

void bench_peer_stop(struct bench_peer *peer)
{
	if (peer == NULL)
		return;
	fclose(peer->to);
	fclose(peer->from);
	waitpid(peer->process, NULL, 0);
	free(peer);
}

double bench_peer_ask(struct bench_peer *peer, const char *question)
{
	char answer[64];
	if (peer == NULL || fprintf(peer->to, "%s\n", question) < 0 || fflush(peer->to) != 0 ||
	    fgets(answer, sizeof answer, peer->from) == NULL)
		return NAN;
	return atof(answer);
}

bool bench_run(const char *const argv[], double *seconds, double *mebibytes)
{
	struct rusage used;
	int status;
	double start = bench_now();
	pid_t process = fork();
	if (process == 0) {
		int nowhere = open("/dev/null", O_RDWR);
		dup2(nowhere, 0);
		dup2(nowhere, 1);
		execvp(argv[0], (char *const *)(size_t)argv);
		_exit(127);
	}
	if (process < 0 || wait4(process, &status, 0, &used) < 0)
		return false;
	*seconds = bench_now() - start;
	*mebibytes = (double)used.ru_maxrss / 1024;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
