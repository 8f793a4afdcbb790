/* Events of TensorBoard: the messages of tensorboard.proto, packed by protobuf-c. */
#include <protobuf-c/protobuf-c.h>
#include <stdio.h>

#include "base/alloc.h"
#include "lab/quantity.h"
#include "io/tensorboard.pb-c.h"
#include "io/tensorboard_parts.h"

/* ---- memory: the values of one event ---- */

#define TAG_SIZE 64

/* A value and all that its pointers refer to. */
struct value {
	Tensorboard__Value message;
	Tensorboard__Metadata metadata;
	Tensorboard__PluginData plugin;
	Tensorboard__Tensor tensor;
	Tensorboard__Shape shape;
	Tensorboard__Shape__Dim size[2], *dim[2];
	struct tensorboard_histogram histogram;
	float scalar;
	char tag[TAG_SIZE];
};

struct values {
	struct value *value; /* [most] */
	Tensorboard__Value **message;
	size_t count, most;
};

static struct value *next_value(struct values *values, const char *plugin)
{
	struct value *v = &values->value[values->count];
	tensorboard__value__init(&v->message);
	tensorboard__metadata__init(&v->metadata);
	tensorboard__plugin_data__init(&v->plugin);
	tensorboard__tensor__init(&v->tensor);
	tensorboard__shape__init(&v->shape);
	v->plugin.plugin_name = (char *)plugin;
	v->metadata.plugin_data = &v->plugin;
	v->tensor.tensor_shape = &v->shape;
	v->message.tag = v->tag;
	v->message.metadata = &v->metadata;
	v->message.tensor = &v->tensor;
	values->message[values->count++] = &v->message;
	return v;
}

static void add_scalar(struct values *values, double number)
{
	struct value *v = next_value(values, "scalars");
	v->scalar = (float)number;
	v->metadata.data_class = TENSORBOARD__METADATA__DATA_CLASS__SCALAR;
	v->tensor.dtype = TENSORBOARD__TENSOR__TYPE__FLOAT;
	v->tensor.n_float_val = 1;
	v->tensor.float_val = &v->scalar;
}

static void add_histogram(struct values *values, const struct tensor_observation *tensor)
{
	struct value *v = next_value(values, "histograms");
	tensorboard_histogram(&v->histogram, tensor);
	v->metadata.data_class = TENSORBOARD__METADATA__DATA_CLASS__TENSOR;
	v->tensor.dtype = TENSORBOARD__TENSOR__TYPE__DOUBLE;
	v->tensor.n_double_val = 3 * v->histogram.rows;
	v->tensor.double_val = v->histogram.row[0];
	for (size_t i = 0; i < 2; i++) {
		tensorboard__shape__dim__init(&v->size[i]);
		v->dim[i] = &v->size[i];
	}
	v->size[0].size = (int64_t)v->histogram.rows;
	v->size[1].size = 3;
	v->shape.n_dim = 2;
	v->shape.dim = v->dim;
}

/* ---- the values of an observation ---- */

/* Names the value added last: the stem, and a layer's number. */
static void name_value(struct values *values, const struct tensorboard_tag *tag, const char *theory, size_t layer)
{
	char *name = values->value[values->count - 1].tag;
	if (theory)
		snprintf(name, TAG_SIZE, "theory/%s_%zu", theory, layer + 1);
	else if (tag->of_layer)
		snprintf(name, TAG_SIZE, "%s%zu", tag->stem, layer + 1);
	else
		snprintf(name, TAG_SIZE, "%s", tag->stem);
}

/* A quantity that has no meaning at this place is left out; one that is NaN because
 * the net diverged is written as NaN. */
static void add_tag(struct values *values, const struct tensorboard_tag *tag, const struct quantity *quantity,
                    const struct snapshot *snapshot, size_t layer)
{
	const struct quantity_place place = { snapshot, layer, tag->tensor };
	if (quantity == NULL)
		add_histogram(values, &snapshot->layer[layer].tensor[tag->tensor]);
	else if (quantity_applies(quantity, &place))
		add_scalar(values, quantity_read(quantity, &place));
	else
		return;
	name_value(values, tag, NULL, layer);
}

static void add_theory(struct values *values, const struct snapshot *snapshot, size_t layer)
{
	const struct quantity_place place = { snapshot, layer, 0 };
	for (size_t i = 0; i < quantities.count; i++) {
		const struct quantity *quantity = quantity_at(i);
		if (quantity->scope != QUANTITY_THEORY || quantity->type != QUANTITY_REAL || !quantity_applies(quantity, &place))
			continue;
		add_scalar(values, quantity_read(quantity, &place));
		name_value(values, NULL, quantity_key(quantity), layer);
	}
}

static void add_all(struct values *values, const struct snapshot *snapshot)
{
	for (size_t i = 0; i < tensorboard_tag_count; i++) {
		const struct tensorboard_tag *tag = &tensorboard_tag[i];
		const struct quantity *quantity = tag->quantity ? quantity_find(tag->quantity, NULL) : NULL;
		for (size_t l = 0; l < (tag->of_layer ? snapshot->layers : 1); l++)
			add_tag(values, tag, quantity, snapshot, l);
	}
	for (size_t l = 0; l < snapshot->layers; l++)
		add_theory(values, snapshot, l);
}

/* ---- records ---- */

static void add_event(struct text *file, const Tensorboard__Event *event)
{
	size_t length = tensorboard__event__get_packed_size(event);
	uint8_t *packed = alloc_array(length, 1, NULL);
	if (packed) {
		tensorboard__event__pack(event, packed);
		tensorboard_add_record(file, packed, length);
	} else {
		file->failed = true;
	}
	alloc_free(packed);
}

void tensorboard_first_record(struct text *file, double time)
{
	Tensorboard__Event event = TENSORBOARD__EVENT__INIT;
	event.wall_time = time;
	event.what_case = TENSORBOARD__EVENT__WHAT_FILE_VERSION;
	event.file_version = (char *)"brain.Event:2";
	add_event(file, &event);
}

void tensorboard_record(struct text *file, const struct snapshot *snapshot, double time)
{
	struct values values = { .most = (tensorboard_tag_count + quantities.count) * snapshot->layers };
	values.value = alloc_array(values.most, sizeof *values.value, NULL);
	values.message = alloc_array(values.most, sizeof *values.message, NULL);
	if (values.value && values.message) {
		add_all(&values, snapshot);
		Tensorboard__Summary summary = TENSORBOARD__SUMMARY__INIT;
		summary.n_value = values.count;
		summary.value = values.message;
		Tensorboard__Event event = TENSORBOARD__EVENT__INIT;
		event.wall_time = time;
		event.step = (int64_t)snapshot->step;
		event.what_case = TENSORBOARD__EVENT__WHAT_SUMMARY;
		event.summary = &summary;
		add_event(file, &event);
	} else {
		file->failed = true;
	}
	alloc_free(values.value);
	alloc_free(values.message);
}

const char *tensorboard_library(void)
{
	static char library[48];
	snprintf(library, sizeof library, "protobuf-c %s", protobuf_c_version());
	return library;
}
