/* The objects of the JSON lines and their members that are not quantities. */
#include "io/json_objects.h"

#include "io/out_observation.h"

static const struct json_member histogram_members[] = {
	{ "low", "number", "where the first bin begins" },
	{ "high", "number", "where the last bin ends" },
	{ "below", "count", "finite values below" },
	{ "above", "count", "finite values above" },
	{ "spikes", "*spike", "values that are counted apart, such as exactly 0 under relu" },
	{ "counts", "*count", "values in each of the bins, which are equally wide" },
};
static const struct json_member spike_members[] = {
	{ "value", "number", "exactly this value" },
	{ "count", "count", "how many" },
};
static const struct json_member magnitudes_members[] = {
	{ "zeros", "count", "values that are 0" },
	{ "below", "count", "sizes below 1e-12" },
	{ "above", "count", "sizes above 1e4" },
	{ "counts", "*count", "sizes in bins of a quarter of a decade, from 1e-12 to 1e4" },
};
static const struct json_member tensor_members[] = {
	{ "histogram", "histogram", "missing under --no-histograms" },
	{ "magnitudes", "magnitudes", "of delta and dw only; missing under --no-histograms" },
};
static const struct json_member theory_members[] = {
	{ "lacks", "string?", "why there is no prediction: the assumption that does not hold (finite, random, drawn, independent or unshared)" },
};
static const struct json_member verdict_members[] = {
	{ "word", "string", "one word, such as healthy or saturated" },
	{ "severity", "string", "healthy, note, ill or broken" },
	{ "sentence", "string", "what is wrong" },
	{ "cause", "string?", "why" },
	{ "rule", "string", "the name in `initviz --list rules`" },
	{ "threshold", "number?", "the rule's limit" },
	{ "layer", "count", "the first layer for which the rule holds, from 1; 0: the whole net" },
	{ "learns", "boolean", "whether the net has learned, whatever the verdict" },
	{ "from_start", "boolean", "whether the same rule held at step 0" },
};
static const struct json_member net_verdict_members[] = {
	{ "cure", "cure?", "what would cure the net; only at step 0 and in the last observation" },
};
static const struct json_member cure_members[] = {
	{ "outcome", "string", "found, none or not needed" },
	{ "words", "string", "the cure in words" },
	{ "settings", "string?", "options that apply it" },
	{ "predicted", "factors?", "the cured net's numbers by theory" },
};
static const struct json_member factors_members[] = {
	{ "z_mean_square", "number?", "E[z^2] of layer 1" },
	{ "signal_factor", "number?", "growth of E[z^2] from the first to the last hidden layer" },
	{ "gradient_factor", "number?", "growth of the gradient's mean square from the last to the first" },
	{ "saturated", "number?", "share of saturated or inactive outputs" },
	{ "correlation", "number?", "of two images in the last hidden layer" },
};
static const struct json_member layer_members[] = {
	{ "singular_values", "*number", "singular values of the layer's Jacobian, ascending: all, or 128 quantiles; missing unless measured, and under --no-histograms" },
	{ "input_singular_values", "*number", "those of the Jacobian from the net's input, likewise" },
	{ "layer", "count", "number of the layer, from 1" },
	{ "fan_in", "count", "inputs of each unit" },
	{ "fan_out", "count", "units" },
	{ "initializer", "string", "initializer of the weights, as --init takes it" },
	{ "activation", "string", "activation, as --activation takes it; softmax in the output layer" },
	{ "z", "tensor", "inputs of the activation" },
	{ "a", "tensor", "outputs of the activation" },
	{ "w", "tensor", "weights" },
	{ "delta", "tensor", "derivative of each image's loss with respect to z" },
	{ "dw", "tensor", "derivative of the probe's mean loss with respect to the weights" },
	{ "theory", "theory", "predictions for step 0, from the settings" },
	{ "theory_now", "theory", "predictions for random weights with the present variances" },
	{ "verdict", "verdict", "verdict on the layer" },
};
static const struct json_member diverged_members[] = {
	{ "step", "count", "step of the first NaN or infinity" },
	{ "layer", "count", "its layer, from 1" },
};
static const struct json_member trace_members[] = {
	{ "stride", "count", "steps in each value" },
	{ "values", "*item", "means over stride steps each" },
	{ "pending", "count", "steps after the last one in values" },
	{ "sum", "number?", "sum over the pending steps" },
};
static const struct json_member answer_members[] = {
	{ "label", "count", "the class of the image" },
	{ "predicted", "number?", "the most probable class; null if all probabilities are NaN" },
	{ "probability", "number?", "its probability" },
	{ "truth", "number?", "the probability of the image's class" },
};
static const struct json_member confusion_members[] = {
	{ "label", "count", "a class" },
	{ "predicted", "count", "the class that the net gives" },
	{ "count", "count", "images with both; pairs without images are left out" },
};
static const struct json_member images_members[] = {
	{ "classes", "count", "number of classes" },
	{ "answers", "*answer", "the images of the probe, at most the first 512" },
	{ "confusion_of", "string", "test: test images were counted; probe: the images of the probe" },
	{ "confusion_images", "count", "how many were counted; 0 for more than 64 classes" },
	{ "confusion", "*confusion", "how often the images of each class got each answer" },
};
static const struct json_member observation_members[] = {
	{ "images", "images", "with --predictions: what the net says of the images" },
	{ "schema", "string", "initviz/1" },
	{ "scenario", "string", "the scenario from which the settings started" },
	{ "data", "string", "the data set in use" },
	{ "warning", "string", "the first warning about the data" },
	{ "warnings", "*string", "all warnings about the data" },
	{ "seed", "count", "seed of the run" },
	{ "settings", "settings", "settings that may change during a run" },
	{ "step", "count", "training steps done" },
	{ "scheduled", "boolean", "whether --every asked for this observation" },
	{ "last", "boolean", "whether it is the last of the run" },
	{ "diverged", "diverged?", "null: all numbers are finite" },
	{ "batch_loss", "trace", "loss of each training batch" },
	{ "batch_accuracy", "trace", "accuracy of each training batch" },
	{ "input", "input", "the images of the probe" },
	{ "verdict", "net_verdict", "verdict on the net" },
	{ "layers", "*layer", "the layers, from the first hidden to the output layer" },
};
static const struct json_member run_members[] = {
	{ "schema", "string", OUT_JSON_RUN },
	{ "program", "string", "program that wrote the file, with its version" },
	{ "observations", "count", "number of lines that follow" },
	{ "settings", "settings", "all settings of the start" },
	{ "edits", "*edit", "changes during the run" },
};
static const struct json_member edit_members[] = {
	{ "step", "count", "the change was made after this step" },
	{ "layer", "count", "layer whose weights were multiplied" },
	{ "factor", "number", "factor of the weights" },
	{ "name", "string", "the setting that was changed" },
	{ "value", "string", "its new value" },
};

static const struct json_member coordinates_members[] = {
	{ "schema", "string", OUT_JSON_COORDINATES },
	{ "command", "string", "options that recreate the settings" },
	{ "widths", "*count", "widths of the hidden layers" },
	{ "seeds", "count", "nets of each width under each parametrization" },
	{ "problem", "string?", "why not all nets were trained" },
	{ "own", "parametrization", "the nets with the settings as given" },
	{ "mup", "parametrization", "the nets under muP" },
};
static const struct json_member parametrization_members[] = {
	{ "init", "string", "the initializers" },
	{ "verdict", "string", "one word on how the layers move over the width" },
	{ "layer", "count?", "the layer that the verdict names, from 1" },
	{ "slope", "number?", "the slope that the verdict names" },
	{ "words", "string", "the verdict in words" },
	{ "steps", "*coordinates_step", "from step 0 to the last" },
};
static const struct json_member coordinates_step_members[] = {
	{ "step", "count", "training steps done" },
	{ "layers", "*coordinates_layer", "the layers, from the first hidden to the output layer" },
};
static const struct json_member coordinates_layer_members[] = {
	{ "layer", "count", "number of the layer, from 1" },
	{ "size", "coordinates_line", "mean |z| over units and images" },
	{ "change", "coordinates_line", "mean |z - z at step 0| over units and images" },
};
static const struct json_member coordinates_line_members[] = {
	{ "mean", "*item", "for each width, over the seeds" },
	{ "slope", "number?", "of ln(mean) over ln(width)" },
	{ "spread", "number?", "the largest mean divided by the smallest" },
};

const struct json_object json_objects[] = {
#define OWN(name_) .name = #name_, .member = name_##_members, .members = sizeof name_##_members / sizeof name_##_members[0]
	{ OWN(observation), .scope = QUANTITY_NET, .optional = 1,
	  .summary = "a line of --format json; in a saved run, each line after the first" },
	{ OWN(images), .scope = QUANTITY_SCOPES, .summary = "what the net says of the images of the probe, and which classes it confuses" },
	{ OWN(answer), .scope = QUANTITY_SCOPES, .summary = "an image of the probe" },
	{ OWN(confusion), .scope = QUANTITY_SCOPES, .summary = "images of one class with one answer" },
	{ .name = "input", .scope = QUANTITY_INPUT, .summary = "the images of the probe, as the net gets them" },
	{ OWN(layer), .scope = QUANTITY_LAYER, .optional = 2, .summary = "one layer of the net" },
	{ OWN(tensor), .scope = QUANTITY_TENSOR, .optional = 2, .summary = "the values of z, a, w, delta or dw of a layer" },
	{ OWN(histogram), .scope = QUANTITY_SCOPES, .summary = "how the finite values are distributed" },
	{ OWN(spike), .scope = QUANTITY_SCOPES, .summary = "a number that many values are equal to, such as 0 under relu" },
	{ OWN(magnitudes), .scope = QUANTITY_SCOPES, .summary = "how the sizes of the finite values are distributed" },
	{ OWN(theory), .scope = QUANTITY_THEORY, .summary = "predictions of mean-field theory for a layer" },
	{ OWN(verdict), .scope = QUANTITY_SCOPES, .summary = "the verdict on a layer" },
	{ OWN(net_verdict), .scope = QUANTITY_SCOPES, .extends = "verdict", .summary = "the verdict on the net" },
	{ OWN(cure), .scope = QUANTITY_SCOPES, .summary = "the change of settings that would cure the net" },
	{ OWN(factors), .scope = QUANTITY_SCOPES, .summary = "what theory predicts of the cured net at its start" },
	{ OWN(diverged), .scope = QUANTITY_SCOPES, .summary = "where the first NaN or infinity was" },
	{ OWN(trace), .scope = QUANTITY_SCOPES, .summary = "a number of every training batch, before its update" },
	{ OWN(run), .scope = QUANTITY_SCOPES, .summary = "the first line of a saved run" },
	{ OWN(edit), .scope = QUANTITY_SCOPES, .optional = sizeof edit_members / sizeof edit_members[0],
	  .summary = "a change during a run: of a setting, or of a layer's weights" },
	{ OWN(coordinates), .scope = QUANTITY_SCOPES, .summary = "the line of --coordinates: nets of several widths, as they are set and under muP" },
	{ OWN(parametrization), .scope = QUANTITY_SCOPES, .summary = "the nets of a coordinate check under one parametrization" },
	{ OWN(coordinates_step), .scope = QUANTITY_SCOPES, .summary = "how far the layers have moved after a step" },
	{ OWN(coordinates_layer), .scope = QUANTITY_SCOPES, .summary = "one layer of the nets of all widths" },
	{ OWN(coordinates_line), .scope = QUANTITY_SCOPES, .summary = "a number over the width" },
};
const size_t json_object_count = sizeof json_objects / sizeof json_objects[0];
