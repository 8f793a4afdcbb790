/* What the files gemm*.c share; for these files only. */
#ifndef INITVIZ_NN_KERNEL_GEMM_PARTS_H
#define INITVIZ_NN_KERNEL_GEMM_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#define GEMM_ROWS 6    /* of C that are summed at once, at most */
#define GEMM_VECTORS 4 /* side by side, at most */

/* A few rows and a few vectors of C: C = alpha A B, or C += alpha A B. */
struct gemm_sums {
	const float *a, *b;
	float *c;
	size_t a_row, a_term; /* from row to row, and from term to term, of A */
	size_t b_row;         /* from term to term of B */
	size_t c_row;         /* from row to row of C */
	size_t terms;
	float alpha;
	bool add;
};

struct gemm_loops {
	size_t lanes;   /* floats in a vector */
	size_t vectors; /* side by side, at most */
	void (*sum[GEMM_VECTORS][GEMM_ROWS])(const struct gemm_sums *sums); /* [vectors - 1][rows - 1] */
};
extern const struct gemm_loops gemm_loops_8, gemm_loops_16;

/* For tests: these loops on every CPU and for all products; NULL: as before. */
void gemm_use(const struct gemm_loops *loops);

#endif
