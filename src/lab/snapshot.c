/* Snapshots: making, sharing, and looking a number up by name.  Knows nothing
 * of how they are filled. */
#include "lab/snapshot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

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

struct snapshot *snapshot_create(size_t layers, struct err *err)
{
	struct snapshot *snapshot = alloc_array(1, snapshot_bytes(layers), err);
	if (snapshot) {
		snapshot->references = 1;
		snapshot->layers = layers;
	}
	return snapshot;
}

/* The count is the one thing of a finished snapshot that changes. */
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
	alloc_free((struct snapshot *)snapshot);
}

/* ---- numbers by name ---- */

const struct snapshot_field snapshot_fields[] = {
	{ "epoch", offsetof(struct snapshot, epoch) },
	{ "loss", offsetof(struct snapshot, loss) },
	{ "train_accuracy", offsetof(struct snapshot, train_accuracy) },
	{ "test_accuracy", offsetof(struct snapshot, test_accuracy) },
	{ "test_loss", offsetof(struct snapshot, test_loss) },
	{ NULL, 0 },
};

const struct snapshot_field snapshot_input_fields[] = {
	{ "mean", offsetof(struct input_observation, mean) },
	{ "variance", offsetof(struct input_observation, variance) },
	{ "mean_square", offsetof(struct input_observation, mean_square) },
	{ "mean_vector_square", offsetof(struct input_observation, mean_vector_square) },
	{ NULL, 0 },
};

const struct snapshot_field snapshot_layer_fields[] = {
	{ "saturated", offsetof(struct layer_observation, saturated) },
	{ "dead", offsetof(struct layer_observation, dead) },
	{ "update_ratio", offsetof(struct layer_observation, update_ratio) },
	{ "weight_variance", offsetof(struct layer_observation, weight_variance) },
	{ "z_within", offsetof(struct layer_observation, z_within) },
	{ "z_between", offsetof(struct layer_observation, z_between) },
	{ NULL, 0 },
};

const struct snapshot_field snapshot_moment_fields[] = {
	{ "mean", offsetof(struct moments, mean) },
	{ "variance", offsetof(struct moments, variance) },
	{ "mean_square", offsetof(struct moments, mean_square) },
	{ "min", offsetof(struct moments, min) },
	{ "max", offsetof(struct moments, max) },
	{ NULL, 0 },
};

const struct snapshot_field snapshot_theory_fields[] = {
	{ "z_mean_square", offsetof(struct layer_theory, z_mean_square) },
	{ "z_variance", offsetof(struct layer_theory, z_variance) },
	{ "a_mean", offsetof(struct layer_theory, a_mean) },
	{ "a_mean_square", offsetof(struct layer_theory, a_mean_square) },
	{ "delta_mean_square", offsetof(struct layer_theory, delta_mean_square) },
	{ "delta_factor", offsetof(struct layer_theory, delta_factor) },
	{ "chi", offsetof(struct layer_theory, chi) },
	{ "depth_scale", offsetof(struct layer_theory, depth_scale) },
	{ NULL, 0 },
};

static bool field_value(const struct snapshot_field *fields, const void *base, const char *name, double *value)
{
	for (; fields->name; fields++)
		if (strcmp(fields->name, name) == 0) {
			memcpy(value, (const char *)base + fields->offset, sizeof *value);
			return true;
		}
	return false;
}

static bool tensor_value(const struct tensor_observation *tensor, const char *name, double *value)
{
	uint64_t rank;
	if (strcmp(name, "n") == 0)
		*value = (double)tensor->moments.n;
	else if (strcmp(name, "nan") == 0)
		*value = (double)tensor->moments.nan;
	else if (strcmp(name, "inf") == 0)
		*value = (double)tensor->moments.inf;
	else if (name[0] == 'p' && text_unsigned(name + 1, &rank)) {
		for (size_t i = 0; i < STATS_PERCENTILES; i++)
			if ((uint64_t)stats_percentile_ranks[i] == rank) {
				*value = tensor->percentile[i];
				return true;
			}
		return false;
	} else
		return field_value(snapshot_moment_fields, &tensor->moments, name, value);
	return true;
}

/* name is WORD LAYER[.REST]: "z1.variance", "saturated2". */
static bool layer_value(const struct snapshot *snapshot, const char *name, double *value)
{
	char word[32], digits[8];
	size_t letters = strcspn(name, "0123456789"), figures = strspn(name + letters, "0123456789");
	if (letters >= sizeof word || figures == 0 || figures >= sizeof digits)
		return false;
	snprintf(word, sizeof word, "%.*s", (int)letters, name);
	snprintf(digits, sizeof digits, "%.*s", (int)figures, name + letters);
	const char *rest = name + letters + figures;
	uint64_t layer;
	if (!text_unsigned(digits, &layer) || layer < 1 || layer > snapshot->layers)
		return false;
	const struct layer_observation *observation = &snapshot->layer[layer - 1];
	if (*rest == '\0')
		return field_value(snapshot_layer_fields, observation, word, value);
	if (*rest++ != '.')
		return false;
	if (strcmp(word, "theory") == 0)
		return field_value(snapshot_theory_fields, &observation->theory, rest, value);
	for (size_t t = 0; t < MLP_TENSORS; t++)
		if (strcmp(snapshot_tensor_names[t], word) == 0)
			return tensor_value(&observation->tensor[t], rest, value);
	return false;
}

static void add_fields(struct text *list, const char *prefix, const struct snapshot_field *fields)
{
	for (; fields->name; fields++)
		text_addf(list, "%s%s%s", list->length ? " " : "", prefix, fields->name);
}

bool snapshot_value(const struct snapshot *snapshot, const char *name, double *value, struct err *err)
{
	if (strcmp(name, "step") == 0) {
		*value = (double)snapshot->step;
		return true;
	}
	if (strcmp(name, "diverged") == 0) {
		*value = snapshot->diverged;
		return true;
	}
	bool input = strncmp(name, "input.", 6) == 0;
	if (input ? field_value(snapshot_input_fields, &snapshot->input, name + 6, value)
	          : field_value(snapshot_fields, snapshot, name, value) || layer_value(snapshot, name, value))
		return true;
	struct text list = {0};
	text_add(&list, "step diverged");
	add_fields(&list, "", snapshot_fields);
	add_fields(&list, "input.", snapshot_input_fields);
	char safe[64];
	err_set(err, ERR_USAGE,
	        "no number is called '%s': choose from %s; per layer N = 1..%zu: saturatedN deadN update_ratioN, "
	        "{z,a,w,delta,dw}N.{n,nan,inf,mean,variance,mean_square,min,max,p1..p99}, theoryN.{z_mean_square,chi,...}",
	        text_escape(safe, sizeof safe, name), text_string(&list), snapshot->layers);
	text_free(&list);
	return false;
}
