/* The header of a .npy file: magic bytes, version, length, and a Python dictionary such as
 * {'descr': '<f4', 'fortran_order': False, 'shape': (150, 4), } (numpy.lib.format). */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "data/npy.h"

enum {
	MAGIC = 6,
	BEGINNING = 8,        /* magic and version */
	MOST_HEADER = 65535,  /* bytes; NumPy's own are shorter than 200 */
	DESCR_SIZE = 32,
};

/* What the dictionary says, before it is checked. */
struct dictionary {
	const char *next, *end;   /* the unread text */
	bool has_descr, has_fortran, has_shape;
	char descr[DESCR_SIZE];   /* empty: not a plain string */
	struct npy *npy;
};

/* ---- Python's words ---- */

static void skip_blanks(struct dictionary *d)
{
	while (d->next < d->end && (*d->next == ' ' || *d->next == '\n' || *d->next == '\t' || *d->next == '\r'))
		d->next++;
}

/* Whether the next character is `c`, which is taken then. */
static bool take(struct dictionary *d, char c)
{
	skip_blanks(d);
	bool there = d->next < d->end && *d->next == c;
	d->next += there;
	return there;
}

static bool take_word(struct dictionary *d, const char *word)
{
	size_t length = strlen(word);
	skip_blanks(d);
	bool there = (size_t)(d->end - d->next) >= length && memcmp(d->next, word, length) == 0;
	d->next += there ? length : 0;
	return there;
}

/* 'text' or "text" without escapes. */
static bool take_string(struct dictionary *d, char *out, size_t size)
{
	skip_blanks(d);
	if (d->next == d->end || (*d->next != '\'' && *d->next != '"'))
		return false;
	const char *first = d->next + 1, *close = memchr(first, *d->next, (size_t)(d->end - first));
	if (close == NULL || (size_t)(close - first) >= size)
		return false;
	memcpy(out, first, (size_t)(close - first));
	out[close - first] = '\0';
	d->next = close + 1;
	return strchr(out, '\\') == NULL;
}

/* A size; Python 2 wrote an L behind long ones. */
static bool take_size(struct dictionary *d, size_t *size)
{
	const char *first;
	skip_blanks(d);
	for (first = d->next, *size = 0; d->next < d->end && *d->next >= '0' && *d->next <= '9'; d->next++)
		if (__builtin_mul_overflow(*size, (size_t)10, size) || __builtin_add_overflow(*size, (size_t)(*d->next - '0'), size))
			return false;
	bool any = d->next > first;
	if (any && d->next < d->end && *d->next == 'L')
		d->next++;
	return any;
}

static bool take_shape(struct dictionary *d)
{
	struct npy *npy = d->npy;
	if (!take(d, '('))
		return false;
	for (npy->rank = 0; !take(d, ')'); npy->rank++) {
		size_t size;
		if (!take_size(d, &size))
			return false;
		if (npy->rank < NPY_RANK)
			npy->shape[npy->rank] = size;
		if (!take(d, ',')) {
			npy->rank++;
			return take(d, ')');
		}
	}
	return true;
}

static bool take_flag(struct dictionary *d, bool *flag)
{
	*flag = take_word(d, "True");
	return *flag || take_word(d, "False");
}

/* A type that is not a plain string (a list of fields) leaves descr empty: refused later, with a
 * message of its own. */
static bool take_descr(struct dictionary *d)
{
	skip_blanks(d);
	if (d->next == d->end || *d->next != '[')
		return take_string(d, d->descr, sizeof d->descr);
	int depth = 0;
	do {
		depth += *d->next == '[' ? 1 : *d->next == ']' ? -1 : 0;
		d->next++;
	} while (depth > 0 && d->next < d->end);
	return depth == 0;
}

static bool take_entry(struct dictionary *d)
{
	char key[16];
	if (!take_string(d, key, sizeof key) || !take(d, ':'))
		return false;
	bool *has = strcmp(key, "descr") == 0           ? &d->has_descr
	            : strcmp(key, "fortran_order") == 0 ? &d->has_fortran
	            : strcmp(key, "shape") == 0         ? &d->has_shape
	                                                : NULL;
	if (has == NULL || *has)
		return false;
	*has = true;
	return has == &d->has_descr ? take_descr(d) : has == &d->has_fortran ? take_flag(d, &d->npy->fortran) : take_shape(d);
}

static bool take_dictionary(struct dictionary *d)
{
	if (!take(d, '{'))
		return false;
	while (!take(d, '}')) {
		if (!take_entry(d))
			return false;
		if (!take(d, ',')) {
			if (!take(d, '}'))
				return false;
			break;
		}
	}
	skip_blanks(d);
	return d->next == d->end && d->has_descr && d->has_fortran && d->has_shape;
}

/* ---- checks ---- */

/* Why a type is not read, and what to do. */
static const char *refusal(const char *descr)
{
	const char *kind = strchr("<>|=", descr[0]) && descr[0] ? descr + 1 : descr;
	switch (*kind) {
	case 'O':
		return "holds Python objects (a pickle), which are never read, because reading them can run any program: save an "
		       "array of numbers";
	case 'U':
	case 'S':
		return "holds text: save numbers";
	case 'c':
		return "holds complex numbers: save real ones";
	case 'V':
	case '\0':
		return "holds records: save one array of numbers";
	default:
		return "holds elements of a type that is not read: save uint8, float16, float32 or float64";
	}
}

static bool check_type(struct npy *npy, const char *descr, const char *name, struct err *err)
{
	const bool little = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
	char order = descr[0], kind = order ? descr[1] : '\0';
	uint64_t size;
	bool ordered = order == '<' || order == '>' || order == '|' || order == '=';
	if (!ordered || !text_unsigned(descr + 2, &size) || strchr("uibf", kind) == NULL || kind == '\0' ||
	    (size != 1 && size != 2 && size != 4 && size != 8) || (kind == 'f' && size < 2) || (kind == 'b' && size != 1) ||
	    (order == '|' && size != 1)) {
		char safe[2 * DESCR_SIZE];
		return err_set(err, ERR_INPUT, "%s: %s ('%s')", name, refusal(descr), text_escape(safe, sizeof safe, descr));
	}
	npy->kind = kind;
	npy->size = (size_t)size;
	npy->swapped = size > 1 && ((order == '>' && little) || (order == '<' && !little));
	return true;
}

static bool check_shape(struct npy *npy, const struct stream *stream, struct err *err)
{
	if (npy->rank < 1 || npy->rank > NPY_RANK)
		return err_set(err, ERR_INPUT, "%s: an array of %zu dimensions: 1 to %d are possible", stream->name, npy->rank,
		               NPY_RANK);
	uint64_t bytes;
	npy->elements = 1;
	bool fits = true;
	for (size_t i = 0; i < npy->rank; i++)
		fits = fits && !__builtin_mul_overflow(npy->elements, npy->shape[i], &npy->elements);
	fits = fits && !__builtin_mul_overflow((uint64_t)npy->elements, (uint64_t)npy->size, &bytes) && bytes <= STREAM_MOST;
	if (!fits)
		return err_set(err, ERR_INPUT, "%s: the header declares more than the 2 GiB that are read", stream->name);
	return bytes <= stream->most ||
	       err_set(err, ERR_INPUT, "%s: truncated: the header declares %llu bytes of data, there are %llu at most: fetch the "
	               "file again", stream->name, (unsigned long long)bytes, (unsigned long long)stream->most);
}

static bool is_readable(struct npy *npy, const char *descr)
{
	struct err ignored = {0};
	return check_type(npy, descr, "", &ignored) && npy->rank >= 1 && npy->rank <= NPY_RANK;
}

static bool check_dictionary(struct npy *npy, const char *text, size_t size, bool any, const struct stream *stream, struct err *err)
{
	struct dictionary d = { .next = text, .end = text + size, .npy = npy };
	if (!take_dictionary(&d))
		return err_set(err, ERR_INPUT, "%s: the header is damaged: not a dictionary with 'descr', 'fortran_order' and 'shape'",
		               stream->name);
	if (any && !is_readable(npy, d.descr)) {
		npy->kind = '\0';
		return true;
	}
	return check_type(npy, d.descr, stream->name, err) && check_shape(npy, stream, err);
}

static bool read_header(struct npy *npy, bool any, const struct stream *stream, struct err *err)
{
	uint8_t begin[BEGINNING], length[4] = {0};
	*npy = (struct npy){0};
	if (!stream_exactly(stream, begin, sizeof begin, "header", err))
		return false;
	if (memcmp(begin, "\x93NUMPY", MAGIC) != 0)
		return err_set(err, ERR_INPUT, "%s: not a NumPy array: it does not begin with \\x93NUMPY", stream->name);
	if (begin[6] < 1 || begin[6] > 3)
		return err_set(err, ERR_INPUT, "%s: version %u of the NumPy format: versions 1 to 3 are read", stream->name, begin[6]);
	if (!stream_exactly(stream, length, begin[6] == 1 ? 2 : 4, "header", err))
		return false;
	uint32_t size = (uint32_t)length[3] << 24 | (uint32_t)length[2] << 16 | (uint32_t)length[1] << 8 | length[0];
	if (size > MOST_HEADER)
		return err_set(err, ERR_INPUT, "%s: a header of %u bytes: at most %d are read", stream->name, (unsigned)size,
		               MOST_HEADER);
	uint8_t *text = alloc_array(size, 1, err);
	bool read = text && stream_exactly(stream, text, size, "header", err) &&
	            check_dictionary(npy, (const char *)text, size, any, stream, err);
	alloc_free(text);
	return read;
}

bool npy_read_header(struct npy *npy, const struct stream *stream, struct err *err)
{
	return read_header(npy, false, stream, err);
}

bool npy_read_any_header(struct npy *npy, const struct stream *stream, struct err *err)
{
	return read_header(npy, true, stream, err);
}
