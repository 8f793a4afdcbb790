/* The two stacks of replaced runs and their limit of memory. */
#include "lab/parked.h"

#include <string.h>

#include "base/alloc.h"

void parked_lighten(struct parked_run *parked)
{
	for (size_t i = 0; parked->lane && i < parked->lanes; i++) {
		session_checkpoint_destroy(parked->lane[i].checkpoint);
		history_clear(&parked->lane[i].history);
		snapshot_drop(parked->lane[i].latest);
	}
	alloc_free(parked->lane);
	parked->lane = NULL;
	parked->bytes = 0;
	marks_clear(&parked->marks);
}

void parked_destroy(struct parked_run *parked)
{
	if (parked == NULL)
		return;
	parked_lighten(parked);
	alloc_free(parked->start);
	alloc_free(parked->edit);
	alloc_free(parked);
}

void parked_push(struct parked_stack *stack, struct parked_run *parked)
{
	if (stack->count == PARKED_RUNS) {
		parked_destroy(stack->run[0]);
		memmove(&stack->run[0], &stack->run[1], --stack->count * sizeof stack->run[0]);
	}
	stack->run[stack->count++] = parked;
}

struct parked_run *parked_top(const struct parked_stack *stack)
{
	return stack->count ? stack->run[stack->count - 1] : NULL;
}

struct parked_run *parked_pop(struct parked_stack *stack)
{
	return stack->count ? stack->run[--stack->count] : NULL;
}

void parked_clear(struct parked_stack *stack)
{
	while (stack->count)
		parked_destroy(parked_pop(stack));
}

static size_t bytes_of(const struct parked_stack *stack)
{
	size_t bytes = 0;
	for (size_t i = 0; i < stack->count; i++)
		bytes += stack->run[i]->bytes + stack->run[i]->marks.bytes;
	return bytes;
}

/* The oldest run of the stack that still has marks; NULL if none has. */
static struct parked_run *oldest_marked(const struct parked_stack *stack)
{
	for (size_t i = 0; i < stack->count; i++)
		if (stack->run[i]->marks.count)
			return stack->run[i];
	return NULL;
}

/* The oldest run of the stack whose lane[] was not released; NULL if there is none. */
static struct parked_run *oldest_heavy(const struct parked_stack *stack)
{
	for (size_t i = 0; i < stack->count; i++)
		if (stack->run[i]->bytes)
			return stack->run[i];
	return NULL;
}

bool parked_limit(struct parked_stack *undo, struct parked_stack *redo, size_t bytes)
{
	bool released = false;
	while (bytes_of(undo) + bytes_of(redo) > bytes) {
		struct parked_run *marked = oldest_marked(undo), *heavy = oldest_heavy(undo);
		marked = marked ? marked : oldest_marked(redo);
		if (marked)
			marks_clear(&marked->marks);
		else
			parked_lighten(heavy ? heavy : oldest_heavy(redo));
		released = true;
	}
	return released;
}

static bool release_file_of(struct parked_stack *stack)
{
	for (size_t i = 0; i < stack->count; i++) {
		struct marks *marks = &stack->run[i]->marks;
		if (marks->count && marks->mark[0]->file) {
			marks_clear(marks);
			return true;
		}
	}
	return false;
}

bool parked_release_file(struct parked_stack *undo, struct parked_stack *redo)
{
	return release_file_of(undo) || release_file_of(redo);
}
