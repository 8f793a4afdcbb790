/* Replaces what takes too long while libFuzzer searches (the linker's --wrap): the
 * report on the article draws 60,000 digits and trains ten nets, a cure is
 * searched among hundreds of nets, the help is composed whole at every key, and
 * the phase plane has a thousand points, each with its quadratures. */
#include <math.h>
#include <stdio.h>

#include "base/err.h"
#include "app/help_screen.h"
#include "fuzz/fuzz.h"
#include "lab/cure.h"
#include "lab/report_run.h"
#include "nn/theory.h"
#include "nn/theory_phase.h"

struct report_run *__wrap_report_begin(const char *data, uint64_t seed, struct err *err);
int __real_help_lines(const struct app *app, int width);
int __wrap_help_lines(const struct app *app, int width);
void __real_cure_find(struct cure *cure, const struct snapshot *now, const struct diagnosis *diagnosis);
void __wrap_cure_find(struct cure *cure, const struct snapshot *now, const struct diagnosis *diagnosis);

void __real_theory_phase_point(struct theory_phase_point *point, struct theory_grid *grid, double sigma_w2, double sigma_b2);
void __wrap_theory_phase_point(struct theory_phase_point *point, struct theory_grid *grid, double sigma_w2, double sigma_b2);
void __real_theory_correlation_map(struct theory_correlation_map *map, const struct spec *activation, double q, double sigma_w2,
                                   double sigma_b2);
void __wrap_theory_correlation_map(struct theory_correlation_map *map, const struct spec *activation, double q, double sigma_w2,
                                   double sigma_b2);
double __real_theory_edge_of_chaos(const struct spec *activation);
double __wrap_theory_edge_of_chaos(const struct spec *activation);

struct report_run *__wrap_report_begin(const char *data, uint64_t seed, struct err *err)
{
	(void)data, (void)seed;
	err_set(err, ERR_RESOURCE, "no report while fuzzing");
	return NULL;
}

/* About as many lines as the help has. */
int __wrap_help_lines(const struct app *app, int width)
{
	return fuzz_trains ? __real_help_lines(app, width) : 200 + width % 8;
}

/* Each outcome in turn, whatever the net. */
void __wrap_cure_find(struct cure *cure, const struct snapshot *now, const struct diagnosis *diagnosis)
{
	if (fuzz_trains) {
		__real_cure_find(cure, now, diagnosis);
		return;
	}
	*cure = (struct cure){ .outcome = (enum cure_outcome)((now->step + now->layers) % 3), .settings = now->settings };
	snprintf(cure->words.form[0], sizeof cure->words.form[0], "xavier: z would have mean square 0.20");
	snprintf(cure->changes, sizeof cure->changes, "init=xavier");
}

/* As for a linear net, with the special numbers that the plane has to show. */
void __wrap_theory_phase_point(struct theory_phase_point *point, struct theory_grid *grid, double sigma_w2, double sigma_b2)
{
	if (fuzz_trains) {
		__real_theory_phase_point(point, grid, sigma_w2, sigma_b2);
		return;
	}
	bool fades = sigma_w2 < 1;
	*point = (struct theory_phase_point){
		.q = fades ? sigma_b2 / (1 - sigma_w2) : (double)INFINITY,
		.chi = sigma_w2,
		.correlation = fades ? 1 : (double)NAN,
		.depth_scale = sigma_w2 > 0 ? 1 / fabs(log(sigma_w2)) : 0, /* Inf at the edge */
	};
}

void __wrap_theory_correlation_map(struct theory_correlation_map *map, const struct spec *activation, double q, double sigma_w2,
                                   double sigma_b2)
{
	if (fuzz_trains) {
		__real_theory_correlation_map(map, activation, q, sigma_w2, sigma_b2);
		return;
	}
	double whole = sigma_w2 * q + sigma_b2; /* 0 or infinite: NaN everywhere */
	for (int i = 0; i < THEORY_MAP_POINTS; i++)
		map->after[i] = (sigma_w2 * q * i / (THEORY_MAP_POINTS - 1) + sigma_b2) / whole;
	map->slope = map->rate = sigma_w2 * q / whole;
	map->limit = map->after[THEORY_MAP_POINTS - 1];
}

/* None for some activations. */
double __wrap_theory_edge_of_chaos(const struct spec *activation)
{
	return fuzz_trains ? __real_theory_edge_of_chaos(activation) : activation->entry->name[0] < 's' ? 1 : (double)NAN;
}
