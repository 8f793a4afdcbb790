/* A change made during a run. */
#ifndef INITVIZ_LAB_RUNNER_EDIT_H
#define INITVIZ_LAB_RUNNER_EDIT_H

#include <stdint.h>

#define RUNNER_NAME_SIZE 32
#define RUNNER_VALUE_SIZE 128

struct runner_edit {
	uint64_t step;  /* after which it was made */
	uint32_t layer; /* all weights of this layer, 1-based, times `factor`; 0: the setting `name` */
	double factor;
	char name[RUNNER_NAME_SIZE], value[RUNNER_VALUE_SIZE];
};

#endif
