/* Snapshots: making and sharing.  They are filled by session_observe.c. */
#include "lab/snapshot.h"

#include "base/alloc.h"

const char *const snapshot_tensor_names[MLP_TENSORS] = {
	[MLP_Z] = "z", [MLP_A] = "a", [MLP_W] = "w", [MLP_DELTA] = "delta", [MLP_DW] = "dw",
};

void trace_add(struct trace *trace, double value)
{
	if (trace->stride == 0)
		trace->stride = 1;
	if (trace->points == TRACE_POINTS) {
		for (size_t i = 0; i < TRACE_POINTS / 2; i++)
			trace->value[i] = (trace->value[2 * i] + trace->value[2 * i + 1]) / 2;
		trace->points = TRACE_POINTS / 2;
		trace->stride *= 2;
	}
	trace->sum += value;
	if (++trace->pending == trace->stride) {
		trace->value[trace->points++] = (float)(trace->sum / (double)trace->stride);
		trace->pending = 0;
		trace->sum = 0;
	}
}

size_t snapshot_bytes(size_t layers)
{
	return sizeof(struct snapshot) + layers * sizeof(struct layer_observation);
}

size_t snapshot_size(const struct snapshot *snapshot)
{
	return snapshot_bytes(snapshot->layers) + (snapshot->images ? snapshot->images->bytes : 0);
}

struct snapshot *snapshot_create(size_t layers, struct err *err)
{
	struct snapshot *snapshot = alloc_array(1, snapshot_bytes(layers), err);
	if (snapshot) {
		snapshot->references = 1;
		snapshot->layers = layers;
	}
	return snapshot;
}

/* The reference count is the only member that changes once a snapshot is complete. */
const struct snapshot *snapshot_keep(const struct snapshot *snapshot)
{
	__atomic_add_fetch(&((struct snapshot *)snapshot)->references, 1, __ATOMIC_RELAXED);
	return snapshot;
}

void snapshot_drop(const struct snapshot *snapshot)
{
	if (snapshot == NULL || __atomic_sub_fetch(&((struct snapshot *)snapshot)->references, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	warnings_drop(snapshot->warnings);
	images_drop(snapshot->images);
	alloc_free((struct snapshot *)snapshot);
}

const struct layer_observation *snapshot_hidden_layer(const struct snapshot *snapshot, size_t index)
{
	size_t hidden = snapshot->layers - 1;
	return hidden == 0 ? NULL : &snapshot->layer[index < hidden ? index : hidden - 1];
}
