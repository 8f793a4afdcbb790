/* Which of its kernels OpenBLAS uses.  It chooses them before main() begins, and
 * an OpenBLAS that is older than the CPU chooses slow ones.  Then the program
 * starts again with the name of better ones in the environment. */
#include CBLAS_HEADER
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/platform.h"
#include "base/text.h"
#include "nn/mat.h"

#define CORE_VARIABLE "OPENBLAS_CORETYPE"

/* Set by the process that starts the program again: the core that OpenBLAS chose
 * by itself, the core that it shall use, and why: "Prescott Haswell better". */
#define RESTART_VARIABLE "INITVIZ_CORE_RESTART"
#define NAME_SIZE 32

enum reason {
	BY_OPENBLAS, /* not started again */
	BETTER,      /* started again with better kernels */
	ABSENT,      /* started again, but OpenBLAS does not have them */
	WRONG,       /* started again without better kernels, which computed wrongly */
	REFUSED,     /* started again without better kernels, which the user does not want */
	REQUESTED,       /* started again with those that the user named */
};
static const char *const reason_names[] = {
	[BY_OPENBLAS] = "", [BETTER] = "better", [ABSENT] = "absent", [WRONG] = "wrong",
	[REFUSED] = "refused", [REQUESTED] = "asked",
};

static struct {
	enum reason reason;
	char own[NAME_SIZE], other[NAME_SIZE]; /* what OpenBLAS chose by itself; what the program wanted instead */
	bool wants_better; /* mat_choose_core() may start again for better kernels */
} chosen = { .wants_better = true };

/* ---- what cores there are ---- */

/* The vector extensions that a core's kernels need, the best core first. */
static const struct core {
	const char *name;
	enum platform_vectors vectors;
} cores[] = {
	{ "SkylakeX", PLATFORM_VECTORS_AVX512 }, { "Cooperlake", PLATFORM_VECTORS_AVX512 },
	{ "SapphireRapids", PLATFORM_VECTORS_AVX512 }, { "Haswell", PLATFORM_VECTORS_AVX2 },
	{ "Zen", PLATFORM_VECTORS_AVX2 }, { "Excavator", PLATFORM_VECTORS_AVX2 },
};
#define CORES (sizeof cores / sizeof cores[0])

static enum platform_vectors vectors_of_core(const char *name)
{
	for (size_t i = 0; i < CORES; i++)
		if (text_same_name(cores[i].name, name))
			return cores[i].vectors;
	return PLATFORM_VECTORS_BASE;
}

/* The best core for this CPU that needs more than `above` and less than `below`;
 * NULL if there is none. */
static const char *best_core(enum platform_vectors above, int below)
{
	for (size_t i = 0; i < CORES; i++)
		if (cores[i].vectors > above && (int)cores[i].vectors < below && cores[i].vectors <= platform_vectors())
			return cores[i].name;
	return NULL;
}

static const char *extension(enum platform_vectors vectors)
{
	return vectors == PLATFORM_VECTORS_AVX512 ? "AVX-512" : "AVX2";
}

const char *mat_core(void)
{
	return openblas_get_corename();
}

enum platform_vectors mat_core_vectors(void)
{
	return vectors_of_core(mat_core());
}

static bool user_names_core(void)
{
	const char *variable = getenv(CORE_VARIABLE);
	return variable && variable[0];
}

/* The core that a run would start again with; NULL: none. */
static const char *better_core(void)
{
	if (chosen.reason != BY_OPENBLAS || !chosen.wants_better || user_names_core())
		return NULL;
	return best_core(mat_core_vectors(), PLATFORM_VECTORS_AVX512 + 1);
}

/* ---- are its products right? ---- */

enum { M = 128, N = 96, K = 96, SMALL = 20 }; /* with and without packing */

/* |c - twin| up to what rounding can make, for sums of k products of numbers of
 * at most 1. */
static bool near(const float *c, const float *twin, size_t n, size_t k)
{
	for (size_t i = 0; i < n; i++)
		if (!(fabsf(c[i] - twin[i]) <= 1e-6f * (float)k))
			return false;
	return true;
}

static bool same_product(float *c, float *twin, const float *a, const float *b, size_t m, size_t n, size_t k)
{
	bool same = true;
	for (int transposed = 0; transposed < 2; transposed++) {
		for (int naive = 0; naive < 2; naive++) {
			mat_use(naive ? MAT_NAIVE : MAT_OPENBLAS);
			float *out = naive ? twin : c;
			if (transposed)
				mat_multiply_transposed(NULL, out, a, b, m, n, k);
			else
				mat_multiply(NULL, out, a, b, m, n, k, false);
		}
		same = same && near(c, twin, m * n, k);
	}
	mat_use(MAT_FASTEST);
	return same;
}

/* Some kernels of old versions compute wrongly on some CPUs.  Without memory the
 * answer is no. */
static bool products_are_right(void)
{
	float *block = alloc_array(M * K + K * N + 2 * M * N, sizeof *block, NULL);
	if (block == NULL)
		return false;
	float *a = block, *b = a + M * K, *c = b + K * N, *twin = c + M * N;
	for (size_t i = 0; i < M * K + K * N; i++)
		block[i] = (float)((i * 7919) % 1000) / 500 - 1; /* so that the numbers differ and have both signs */
	bool right = same_product(c, twin, a, b, M, N, K) && same_product(c, twin, a, b, SMALL, SMALL, SMALL);
	alloc_free(block);
	return right;
}

/* ---- starting again ---- */

static bool set_environment(const char *core, const char *other, enum reason reason)
{
	char again[2 * NAME_SIZE + 16];
	snprintf(again, sizeof again, "%s %s %s", chosen.own, other, reason_names[reason]);
	return setenv(RESTART_VARIABLE, again, 1) == 0 &&
	       (core ? setenv(CORE_VARIABLE, core, 1) : unsetenv(CORE_VARIABLE)) == 0;
}

/* With `core`, or NULL: what OpenBLAS chooses.  Returns only when the system
 * refuses. */
static void restart(char *argv[], const char *core, const char *other, enum reason reason)
{
	if (set_environment(core, other, reason))
		platform_run_again(argv);
	unsetenv(RESTART_VARIABLE);
	if (core)
		unsetenv(CORE_VARIABLE);
}

static void note_own_core(void)
{
	snprintf(chosen.own, sizeof chosen.own, "%s", mat_core());
}

void mat_core_into_environment(void)
{
	const char *better = getenv(RESTART_VARIABLE) ? NULL : better_core();
	note_own_core();
	if (better)
		set_environment(better, better, BETTER);
}

bool mat_core_is_chosen(void)
{
	return chosen.reason != BY_OPENBLAS || getenv(RESTART_VARIABLE);
}

/* Reads what the process before has put into the environment, and removes it, so
 * that no other program sees it.  False if this is the first process. */
static bool read_restart(void)
{
	const char *again = getenv(RESTART_VARIABLE);
	char reason[16];
	if (again == NULL || sscanf(again, "%31s %31s %15s", chosen.own, chosen.other, reason) != 3)
		return false;
	for (int i = BETTER; i <= REQUESTED; i++)
		if (strcmp(reason, reason_names[i]) == 0)
			chosen.reason = (enum reason)i;
	unsetenv(RESTART_VARIABLE);
	if (chosen.reason != WRONG && chosen.reason != REFUSED)
		unsetenv(CORE_VARIABLE);
	return chosen.reason != BY_OPENBLAS;
}

/* In the process that was started for better kernels: checks that they are used and
 * compute correctly. */
static void check_better(char *argv[])
{
	if (!text_same_name(mat_core(), chosen.other)) {
		const char *next = best_core(vectors_of_core(chosen.own), (int)vectors_of_core(chosen.other));
		if (next)
			restart(argv, next, next, BETTER);
		chosen.reason = ABSENT;
	} else if (!products_are_right()) {
		fprintf(stderr, "initviz: warning: OpenBLAS computes wrongly with %s kernels on this CPU: using its own choice\n",
		        chosen.other);
		restart(argv, NULL, chosen.other, WRONG);
	}
}

static bool choose_named(char *argv[], const char *name, bool again, struct err *err)
{
	char safe[NAME_SIZE * 4];
	enum platform_vectors needs = vectors_of_core(name);
	text_escape(safe, sizeof safe, name);
	if (text_same_name(mat_core(), name))
		return true;
	if (needs > platform_vectors())
		return err_set(err, ERR_USAGE, "core: '%s' needs %s, which this CPU does not have: give auto", safe,
		               extension(needs));
	if (again || strlen(name) >= NAME_SIZE || strpbrk(name, " \t\n") || name[0] == '\0')
		return err_set(err, ERR_USAGE, "core: %s has no kernels called '%s': give auto, library, or a name such as Haswell",
		               mat_library(), safe);
	restart(argv, name, name, REQUESTED);
	return err_set(err, ERR_RESOURCE, "core: the program cannot start again with '%s' kernels: give library", safe);
}

bool mat_choose_core(char *argv[], const char *core, struct err *err)
{
	if (!read_restart())
		note_own_core();
	bool automatic = strcmp(core, MAT_CORE_AUTO) == 0, library = strcmp(core, MAT_CORE_LIBRARY) == 0;
	chosen.wants_better = automatic;
	if (!automatic && !library)
		return choose_named(argv, core, chosen.reason == REQUESTED, err);
	if (chosen.reason == BETTER && library)
		restart(argv, NULL, chosen.other, REFUSED);
	else if (chosen.reason == BETTER)
		check_better(argv);
	const char *better = better_core();
	if (better)
		restart(argv, better, better, BETTER);
	return true;
}

/* ---- in words ---- */

const char *mat_core_reason(void)
{
	static char words[320];
	char own[NAME_SIZE], other[NAME_SIZE], core[NAME_SIZE], value[64];
	enum platform_vectors able = platform_vectors();
	text_escape(own, sizeof own, chosen.own);
	text_escape(other, sizeof other, chosen.other);
	text_escape(core, sizeof core, mat_core());
	if (chosen.reason == BETTER) {
		snprintf(words, sizeof words, "chosen by initviz: OpenBLAS by itself uses %s kernels although the CPU has %s", own,
		         extension(able));
		return words;
	}
	if (mat_core_vectors() >= able) {
		if (chosen.reason == REQUESTED)
			snprintf(words, sizeof words, "chosen by --core or INITVIZ_CORE");
		else if (user_names_core())
			snprintf(words, sizeof words, "chosen by " CORE_VARIABLE);
		else
			snprintf(words, sizeof words, "chosen by OpenBLAS, and fit for this CPU%s%s",
			         able > PLATFORM_VECTORS_BASE ? ", which has " : "", able > PLATFORM_VECTORS_BASE ? extension(able) : "");
		return words;
	}
	size_t length = (size_t)snprintf(words, sizeof words, "OpenBLAS uses %s kernels although the CPU has %s", core,
	                                 extension(able));
	const char *better = better_core();
	if (chosen.reason == WRONG)
		snprintf(words + length, sizeof words - length, "; with %s kernels it computes wrongly here", other);
	else if (chosen.reason == ABSENT)
		snprintf(words + length, sizeof words - length, "; it has no better ones");
	else if (better)
		snprintf(words + length, sizeof words - length, "; a run starts again with %s kernels", better);
	else if (user_names_core())
		snprintf(words + length, sizeof words - length, "; " CORE_VARIABLE "=%s is set",
		         text_escape(value, sizeof value, getenv(CORE_VARIABLE)));
	return words;
}
