/* base/alloc over an allocator that fails on request, and counts the blocks that
 * are not freed.  A test that links it has the program's only allocator
 * from here instead of from libbase.a. */
#ifndef INITVIZ_TESTS_FAULTY_ALLOC_H
#define INITVIZ_TESTS_FAULTY_ALLOC_H

#include <stdbool.h>

/* The n-th request from now on fails (0: none), and all after it if `lasting`. */
void faulty_alloc_arm(unsigned long n, bool lasting);

/* Requests since then; and blocks that are not freed yet. */
unsigned long faulty_alloc_requests(void);
long faulty_alloc_live(void);

#endif
