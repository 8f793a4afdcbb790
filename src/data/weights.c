/* Finds a chain of Linear layers among named arrays. */
#include "data/weights.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/text.h"
#include "nn/mlp_kinds.h"

#define WIDTH_MOST 65536

/* ---- names ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

int weights_compare_names(const char *a, const char *b)
{
	while (*a && *b) {
		if (is_digit(*a) && is_digit(*b)) {
			a += strspn(a, "0");
			b += strspn(b, "0");
			size_t m = strspn(a, "0123456789"), n = strspn(b, "0123456789");
			int order = m != n ? (m > n) - (m < n) : strncmp(a, b, m);
			if (order)
				return order;
			a += m;
			b += n;
		} else if (*a != *b)
			return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
		else {
			a++;
			b++;
		}
	}
	return (*a != '\0') - (*b != '\0');
}

static int by_name(const void *a, const void *b)
{
	const struct array *const *one = a, *const *other = b;
	int order = weights_compare_names((*one)->name, (*other)->name);
	return order ? order : strcmp((*one)->name, (*other)->name);
}

/* Whether `other` is `name` with `new` in the place of the last `old`. */
static bool is_renamed(const char *other, const char *name, const char *old, const char *new)
{
	const char *last = NULL;
	for (const char *p = name; (p = strstr(p, old)); p++)
		last = p;
	if (last == NULL)
		return false;
	size_t before = (size_t)(last - name), length = strlen(new);
	return strncmp(other, name, before) == 0 && strncmp(other + before, new, length) == 0 &&
	       strcmp(other + before + length, last + strlen(old)) == 0;
}

static bool is_bias_of(const char *bias, const char *weight)
{
	return is_renamed(bias, weight, "weight", "bias") || is_renamed(bias, weight, "kernel", "bias") ||
	       is_renamed(bias, weight, "W", "b") || is_renamed(bias, weight, "w", "b");
}

/* Whether the names are equal but for the numbers at their ends, of which `next`'s is one more: arr_0 and arr_1. */
static bool is_next_number(const char *next, const char *name)
{
	size_t stem = strlen(name), other = strlen(next);
	while (stem && is_digit(name[stem - 1]))
		stem--;
	while (other && is_digit(next[other - 1]))
		other--;
	return stem == other && strncmp(name, next, stem) == 0 && name[stem] && next[stem] &&
	       strtoull(next + stem, NULL, 10) == strtoull(name + stem, NULL, 10) + 1;
}

/* ---- the chain ---- */

/* The arrays of numbers whose names begin with prefix, in order; found[] has room for all. */
static size_t find_arrays(const struct array **found, const struct tensor_file *file, const char *prefix, size_t rank)
{
	size_t count = 0;
	for (size_t i = 0; i < file->count; i++)
		if (file->array[i].rank == rank && file->array[i].type != ARRAY_OTHER &&
		    strncmp(file->array[i].name, prefix, strlen(prefix)) == 0)
			found[count++] = &file->array[i];
	qsort(found, count, sizeof found[0], by_name);
	return count;
}

/* The first layer whose inputs are not the outputs of the one before; count if there is none. */
static size_t first_break(const struct array *const *w, size_t count, bool inputs_first)
{
	for (size_t l = 1; l < count; l++)
		if (w[l - 1]->shape[inputs_first] != w[l]->shape[!inputs_first])
			return l;
	return count;
}

static bool no_chain(const struct tensor_file *file, const struct array *one, const struct array *next, struct err *err)
{
	char a[64], b[64];
	return err_set(err, ERR_INPUT, "%s: '%s' (%zu x %zu) and '%s' (%zu x %zu) are not layers that follow each other: narrow the "
	               "names with FILE:PREFIX", file->name, text_escape(a, sizeof a, one->name), one->shape[0], one->shape[1],
	               text_escape(b, sizeof b, next->name), next->shape[0], next->shape[1]);
}

static bool check_sizes(const struct weights *weights, const char *prefix, struct err *err)
{
	char safe[64];
	if (weights->layers == 0)
		return err_set(err, ERR_INPUT, *prefix ? "%s: no matrix of numbers has a name that begins with '%s'"
		                                       : "%s: there is no matrix of numbers in it", weights->file.name,
		               text_escape(safe, sizeof safe, prefix));
	if (weights->layers > MLP_MAX_LAYERS)
		return err_set(err, ERR_INPUT, "%s: %zu matrices: at most %d layers are possible: narrow the names with FILE:PREFIX",
		               weights->file.name, weights->layers, MLP_MAX_LAYERS);
	for (size_t l = 0; l < weights->layers; l++) {
		const size_t *shape = weights->layer[l].w->shape;
		if (shape[0] < 1 || shape[1] < 1 || shape[0] > WIDTH_MOST || shape[1] > WIDTH_MOST)
			return err_set(err, ERR_INPUT, "%s: '%s' is %zu x %zu: widths from 1 to %d are possible", weights->file.name,
			               text_escape(safe, sizeof safe, weights->layer[l].w->name), shape[0], shape[1], WIDTH_MOST);
	}
	return true;
}

static bool find_layers(struct weights *weights, const struct array **found, const char *prefix, struct err *err)
{
	size_t count = weights->layers = find_arrays(found, &weights->file, prefix, 2);
	weights->layer = alloc_array(count, sizeof *weights->layer, err);
	if (weights->layer == NULL)
		return false;
	for (size_t l = 0; l < count; l++)
		weights->layer[l].w = found[l];
	if (!check_sizes(weights, prefix, err))
		return false;
	size_t torch = first_break(found, count, false), keras = first_break(found, count, true);
	bool kernel = strstr(found[0]->name, "kernel") != NULL;
	weights->inputs_first = keras == count && (kernel || torch < count);
	return torch == count || keras == count || no_chain(&weights->file, found[torch - 1], found[torch], err);
}

/* ---- what belongs to a layer ---- */

/* The layer that `array` is a bias of, or follows by its name: gain and shift of a normalization. */
static bool place_vector(struct weights *weights, const struct array *array, const struct array *const *vector, size_t count)
{
	struct weights_layer *before = NULL;
	for (size_t l = 0; l < weights->layers; l++) {
		struct weights_layer *layer = &weights->layer[l];
		bool free = layer->b == NULL || layer->b == array;
		bool belongs = is_bias_of(array->name, layer->w->name) || (free && is_next_number(array->name, layer->w->name));
		if (belongs && array->count == weights_fan_out(weights, l)) {
			layer->b = array;
			return true;
		}
		if (weights_compare_names(layer->w->name, array->name) < 0 && array->count == weights_fan_out(weights, l) &&
		    l + 1 < weights->layers)
			before = layer;
	}
	for (size_t i = 0; before && i < count; i++)
		if (vector[i]->count == array->count && is_bias_of(vector[i]->name, array->name) && before->gain == NULL) {
			before->gain = array;
			before->shift = vector[i];
			return true;
		}
	for (size_t l = 0; l < weights->layers; l++) /* placed before */
		if (weights->layer[l].gain == array || weights->layer[l].shift == array)
			return true;
	return false;
}

static bool find_vectors(struct weights *weights, const struct array **found, const char *prefix, struct err *err)
{
	size_t count = find_arrays(found, &weights->file, prefix, 1);
	char safe[64];
	for (size_t round = 0; round < 2; round++) /* a normalization's bias may be ordered before its weight */
		for (size_t i = 0; i < count; i++)
			if (!place_vector(weights, found[i], found, count) && round &&
			    !warnings_add(&weights->warnings, err, "%s: '%s' belongs to no layer: it is not used", weights->file.name,
			                  text_escape(safe, sizeof safe, found[i]->name)))
				return false;
	return true;
}

/* The warning about an array that by its rank or its name would be a layer's, but has no numbers that are read or
 * another shape: without it zeros, or a net without that layer, would be taken for what the file has. */
static bool warn_of_unread(struct weights *weights, const char *prefix, struct err *err)
{
	char safe[64];
	for (size_t i = 0; i < weights->file.count; i++) {
		const struct array *array = &weights->file.array[i];
		bool readable = array->type != ARRAY_OTHER, bias = false;
		for (size_t l = 0; l < weights->layers; l++)
			bias |= is_bias_of(array->name, weights->layer[l].w->name);
		bool matrix = array->rank == 2 && !readable, vector = bias && !(array->rank == 1 && readable);
		if (strncmp(array->name, prefix, strlen(prefix)) == 0 && (matrix || vector) &&
		    !warnings_add(&weights->warnings, err, "%s: '%s' is no %s of floating-point numbers: it is not used", weights->file.name,
		                  text_escape(safe, sizeof safe, array->name), matrix ? "matrix" : "vector"))
			return false;
	}
	return true;
}

/* FILE:PREFIX, where there is no file of the whole name. */
static const char *split(char *path)
{
	struct stat info;
	char *colon = strrchr(path, ':');
	if (colon == NULL || stat(path, &info) == 0)
		return "";
	*colon = '\0';
	return colon + 1;
}

bool weights_open(struct weights *weights, const char *spec, struct err *err)
{
	*weights = (struct weights){0};
	size_t length = strlen(spec) + 1;
	char *path = alloc_array(length, 1, err);
	if (path == NULL)
		return false;
	memcpy(path, spec, length);
	const char *prefix = split(path);
	bool opened = tensor_file_open(&weights->file, path, err);
	const struct array **found = opened ? alloc_array(weights->file.count, sizeof *found, err) : NULL;
	opened = found && find_layers(weights, found, prefix, err) && find_vectors(weights, found, prefix, err) && warn_of_unread(weights, prefix, err);
	alloc_free(found);
	alloc_free(path);
	if (!opened)
		weights_close(weights);
	return opened;
}

void weights_close(struct weights *weights)
{
	warnings_drop(weights->warnings);
	alloc_free(weights->layer);
	tensor_file_close(&weights->file);
	*weights = (struct weights){0};
}

/* ---- numbers ---- */

size_t weights_fan_in(const struct weights *weights, size_t layer)
{
	return weights->layer[layer].w->shape[!weights->inputs_first];
}

size_t weights_fan_out(const struct weights *weights, size_t layer)
{
	return weights->layer[layer].w->shape[weights->inputs_first];
}

void weights_matrix(float *w, const struct weights *weights, size_t layer)
{
	const struct array *array = weights->layer[layer].w;
	size_t in = weights_fan_in(weights, layer), out = weights_fan_out(weights, layer);
	for (size_t i = 0; i < in; i++)
		for (size_t j = 0; j < out; j++)
			w[i * out + j] = array_value(array, weights->inputs_first ? i * out + j : j * in + i);
}

void weights_vector(float *to, const struct array *from)
{
	for (size_t i = 0; i < from->count; i++)
		to[i] = array_value(from, i);
}

/* ---- one matrix ---- */

/* FILE,NAME, where there is no file of the whole name: the comma becomes a NUL. */
static const char *split_name(char *path)
{
	struct stat info;
	char *comma = strrchr(path, ',');
	if (comma == NULL || stat(path, &info) == 0)
		return NULL;
	*comma = '\0';
	return comma + 1;
}

/* The array of the name, or for NULL the only matrix. */
static const struct array *find_matrix(const struct tensor_file *file, const char *name, struct err *err)
{
	const struct array *found = NULL;
	char safe[64];
	size_t matrices = 0;
	for (size_t i = 0; i < file->count; i++) {
		bool matrix = file->array[i].rank == 2 && file->array[i].type != ARRAY_OTHER;
		matrices += matrix;
		if (name ? strcmp(file->array[i].name, name) == 0 : matrix)
			found = &file->array[i];
	}
	if (name && found == NULL)
		err_set(err, ERR_INPUT, "%s: no array is called '%s'", file->name, text_escape(safe, sizeof safe, name));
	else if (name && (found->rank != 2 || found->type == ARRAY_OTHER))
		err_set(err, ERR_INPUT, "%s: '%s' is no matrix of floating-point numbers", file->name, text_escape(safe, sizeof safe, name));
	else if (name || matrices == 1)
		return found;
	else
		err_set(err, ERR_INPUT, "%s: there are %zu matrices in it: name one, as in file(PATH,NAME)", file->name, matrices);
	return NULL;
}

static bool copy_matrix(float *w, const struct tensor_file *file, const struct array *array, size_t in, size_t out, struct err *err)
{
	char safe[64];
	bool torch = array->shape[0] == out && array->shape[1] == in, keras = array->shape[0] == in && array->shape[1] == out;
	if (!torch && !keras)
		return err_set(err, ERR_INPUT, "%s: '%s' is %zu x %zu, but the layer has %zu inputs and %zu outputs, as torch writes it %zu x %zu",
		               file->name, text_escape(safe, sizeof safe, array->name), array->shape[0], array->shape[1], in, out, out, in);
	bool inputs_first = keras && (!torch || strstr(array->name, "kernel"));
	for (size_t i = 0; i < in; i++)
		for (size_t j = 0; j < out; j++)
			w[i * out + j] = array_value(array, inputs_first ? i * out + j : j * in + i);
	return true;
}

bool weights_read_matrix(float *w, size_t fan_in, size_t fan_out, const char *spec, struct err *err)
{
	struct tensor_file file = {0};
	size_t length = strlen(spec) + 1;
	char *path = alloc_array(length, 1, err);
	if (path == NULL)
		return false;
	memcpy(path, spec, length);
	const char *name = split_name(path);
	bool opened = tensor_file_open(&file, path, err);
	const struct array *array = opened ? find_matrix(&file, name, err) : NULL;
	bool read = array && copy_matrix(w, &file, array, fan_in, fan_out, err);
	tensor_file_close(&file);
	alloc_free(path);
	return read;
}
