/* The IDX format: a header of big-endian numbers (0, 0, type, rank, then one
 * size per dimension), then the items as bytes.  No number of the
 * header is trusted until it has been checked. */
#include "data/idx.h"

#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "data/content.h"
#include "data/inflate.h"
#include "data/packed.h"
#include "data/source.h"

enum {
	TYPE_BYTE = 0x08,
	MAX_RANK = 3,
	MAX_HEADER = 4 + 4 * MAX_RANK,
	MAX_SIDE = 4096,
	MAX_ITEMS = 10000000,
	WINDOW = 256 * 1024,   /* bytes of images read at once, where one is not more */
};
#define MAX_BYTES ((uint64_t)1 << 31)

static const struct format {
	const char *noun;
	uint8_t rank;
} formats[] = {
	[IDX_IMAGES] = { "images", 3 },
	[IDX_LABELS] = { "labels", 1 },
};

struct idx {
	struct source *source;
	size_t count, rows, columns;
	size_t item;           /* bytes of one */
	size_t filled;         /* bytes of items that were read */
	uint8_t *bytes;        /* labels: (count); images: a window on the file */
	size_t window, begins; /* its size, and the byte of the items it begins with */
	struct packed *images; /* NULL for labels */
	const uint32_t *only;  /* (only_left) the next items to keep, ascending; NULL: all that pass through the window */
	size_t only_left;
	bool skipped;          /* items before the window were not kept */
	uint32_t crc;          /* of a plain file, as far as it was read */
	bool complete;         /* the end was checked */
	uint64_t extra;
	uint8_t header[MAX_HEADER];
	size_t header_size;
};

/* ---- the header ---- */

static uint32_t big_endian(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool truncated(const struct idx *idx, const char *at_least, uint64_t missing, const char *part, struct err *err)
{
	return err_set(err, ERR_INPUT, "%s: truncated: %s%" PRIu64 " byte%s missing from the %s: fetch the file again",
	               source_name(idx->source), at_least, missing, missing == 1 ? "" : "s", part);
}

/* The bytes read instead of a header, and some more, may show the file's format. */
static bool refuse_content(struct idx *idx, uint32_t magic, uint32_t right, const char *noun, struct err *err)
{
	const char *name = source_name(idx->source);
	uint8_t bytes[CONTENT_BYTES];
	size_t got = 0;
	memcpy(bytes, idx->header, 4);
	source_read(idx->source, bytes + 4, sizeof bytes - 4, &got, NULL);
	const struct content *content = content_of(bytes, 4 + got);
	if (content)
		return err_set(err, ERR_INPUT, "%s: is %s%s, not an IDX file: %s", name, content->name,
		               source_is_gzip(idx->source) ? " within gzip" : "", content->remedy);
	return err_set(err, ERR_INPUT, "%s: not an IDX file: it begins with 0x%08" PRIx32 ", %s begin with 0x%08" PRIx32, name,
	               magic, noun, right);
}

static bool check_magic(struct idx *idx, enum idx_kind kind, struct err *err)
{
	const char *name = source_name(idx->source);
	const struct format *wanted = &formats[kind];
	const uint8_t *h = idx->header;
	uint32_t magic = big_endian(h), right = TYPE_BYTE << 8 | (uint32_t)wanted->rank;
	if (magic == right)
		return true;
	if (h[0] == 0x1F && h[1] == 0x8B)
		return err_set(err, ERR_INPUT, "%s: gzip within gzip: decompress it once", name);
	if (h[0] != 0 || h[1] != 0)
		return refuse_content(idx, magic, right, wanted->noun, err);
	if (h[2] != TYPE_BYTE)
		return err_set(err, ERR_INPUT, "%s: elements of type 0x%02x: %s are unsigned bytes, type 0x08", name, h[2],
		               wanted->noun);
	const struct format *other = &formats[kind == IDX_IMAGES ? IDX_LABELS : IDX_IMAGES];
	if (h[3] == other->rank)
		return err_set(err, ERR_INPUT, "%s: holds %s where %s are expected: are two files interchanged?", name,
		               other->noun, wanted->noun);
	return err_set(err, ERR_INPUT, "%s: has %u dimensions: %s have %u", name, h[3], wanted->noun, wanted->rank);
}

static bool check_size(const struct idx *idx, const char *what, uint32_t size, uint32_t most, struct err *err)
{
	return (size >= 1 && size <= most) ||
	       err_set(err, ERR_INPUT, "%s: the header declares %" PRIu32 " %s: 1 to %" PRIu32 " are possible",
	               source_name(idx->source), size, what, most);
}

static bool read_header(struct idx *idx, enum idx_kind kind, struct err *err)
{
	size_t got;
	if (!source_read(idx->source, idx->header, 4, &got, err))
		return false;
	idx->header_size = 4 + 4 * (size_t)formats[kind].rank;
	if (got < 4)
		return truncated(idx, "", idx->header_size - got, "header", err);
	if (!check_magic(idx, kind, err) ||
	    !source_read(idx->source, idx->header + 4, idx->header_size - 4, &got, err))
		return false;
	if (got < idx->header_size - 4)
		return truncated(idx, "", idx->header_size - 4 - got, "header", err);
	uint32_t count = big_endian(idx->header + 4), rows = 1, columns = 1;
	if (kind == IDX_IMAGES) {
		rows = big_endian(idx->header + 8);
		columns = big_endian(idx->header + 12);
	}
	if (!check_size(idx, formats[kind].noun, count, MAX_ITEMS, err) ||
	    !check_size(idx, "rows", rows, MAX_SIDE, err) || !check_size(idx, "columns", columns, MAX_SIDE, err))
		return false;
	idx->count = count;
	idx->rows = rows;
	idx->columns = columns;
	idx->item = idx->rows * idx->columns;
	return true;
}

/* Whether a file of this size can contain the declared bytes, checked before memory is
 * allocated; for a plain file also whether it is longer. */
static bool check_promise(struct idx *idx, struct err *err)
{
	uint64_t promised, size = source_size(idx->source);
	if (__builtin_mul_overflow((uint64_t)idx->count, (uint64_t)idx->item, &promised) || promised > MAX_BYTES)
		return err_set(err, ERR_INPUT, "%s: the header declares %zu x %zu x %zu bytes: more than 2 GiB are not read",
		               source_name(idx->source), idx->count, idx->rows, idx->columns);
	uint64_t whole = promised + idx->header_size;
	idx->extra = !source_is_gzip(idx->source) && size > whole ? size - whole : 0;
	if (!source_is_gzip(idx->source))
		return size >= whole || truncated(idx, "", whole - size, "data", err);
	uint64_t most = source_most(idx->source);
	return whole <= most || truncated(idx, "at least ", whole - most, "data", err);
}

/* Memory for labels, or for a window of whole images on their way to be packed. */
static bool make_room(struct idx *idx, enum idx_kind kind, struct err *err)
{
	size_t most = kind == IDX_LABELS ? idx->count : idx->item > WINDOW ? 1 : WINDOW / idx->item;
	size_t aside = kind == IDX_IMAGES ? idx->item : 0; /* for an image read from elsewhere */
	idx->window = (most < idx->count ? most : idx->count) * idx->item;
	idx->bytes = alloc_array(idx->window + aside + PACKED_BEHIND, 1, err);
	if (idx->bytes && kind == IDX_IMAGES)
		idx->images = packed_create(idx->count, idx->item, err);
	return (idx->bytes && (idx->images || kind == IDX_LABELS)) || err_prefix(err, "%s", source_name(idx->source));
}

struct idx *idx_open(const char *path, enum idx_kind kind, struct err *err)
{
	struct idx *idx = alloc_array(1, sizeof *idx, err);
	if (idx == NULL)
		return NULL;
	idx->source = source_open(path, err);
	if (idx->source && read_header(idx, kind, err) && check_promise(idx, err) && make_room(idx, kind, err)) {
		idx->crc = inflate_crc(0, idx->header, idx->header_size);
		return idx;
	}
	idx_close(idx);
	return NULL;
}

void idx_close(struct idx *idx)
{
	if (idx == NULL)
		return;
	source_close(idx->source);
	packed_destroy(idx->images);
	alloc_free(idx->bytes);
	alloc_free(idx);
}

/* ---- the items ---- */

/* All items have been read.  The rest is not: one further byte of a gzip stream is
 * requested, so that its end, CRC and length are checked or it turns out to continue
 * (an endless one is left at that byte). */
static bool check_end(struct idx *idx, struct err *err)
{
	uint8_t more;
	size_t got;
	if (!source_is_gzip(idx->source))
		return true; /* compared with its size when it was opened */
	if (!source_read(idx->source, &more, 1, &got, err))
		return false;
	if (source_is_cut(idx->source))
		return err_set(err, ERR_INPUT, "%s: truncated: the data are whole, but the CRC and the length behind them "
		               "are not: fetch the file again", source_name(idx->source));
	idx->extra = got + source_garbage(idx->source);
	return true;
}

/* Whether an image in the window is to be kept. */
static bool is_wanted(struct idx *idx, size_t item)
{
	bool wanted = idx->only == NULL || (idx->only_left && *idx->only == item);
	if (wanted && idx->only) {
		idx->only++;
		idx->only_left--;
	}
	idx->skipped |= !wanted && packed_at(idx->images, item) == NULL;
	return wanted && packed_at(idx->images, item) == NULL;
}

/* Packs the images that are whole and moves the window on behind them. */
static bool pack_images(struct idx *idx, struct err *err)
{
	size_t held = idx->filled - idx->begins, whole = held / idx->item, done = 0;
	bool packed = true;
	for (; done < whole && packed; done += packed) {
		size_t item = idx->begins / idx->item;
		packed = !is_wanted(idx, item) || packed_put(idx->images, item, idx->bytes + done * idx->item, err);
		idx->begins += packed ? idx->item : 0;
	}
	memmove(idx->bytes, idx->bytes + done * idx->item, held - done * idx->item);
	return packed || err_prefix(err, "%s", source_name(idx->source));
}

/* Reads on to byte `wanted` of the items, or to the end of the window. */
static bool read_on(struct idx *idx, size_t wanted, struct err *err)
{
	size_t held = idx->filled - idx->begins, room = wanted - idx->begins, got;
	size_t end = room < idx->window ? room : idx->window;
	uint8_t *to = idx->bytes + held;
	bool good = source_read(idx->source, to, end - held, &got, err);
	if (!source_is_gzip(idx->source))
		idx->crc = inflate_crc(idx->crc, to, got);
	idx->filled += got;
	if (good && held + got < end)
		good = truncated(idx, "", idx->count * idx->item - idx->filled, "data", err);
	return (idx->images == NULL || pack_images(idx, good ? err : NULL)) && good;
}

/* Items from the first on that have passed through the window. */
static size_t passed(const struct idx *idx)
{
	return idx->images ? idx->begins / idx->item : idx->filled;
}

static bool read_until(struct idx *idx, size_t wanted, struct err *err)
{
	while (passed(idx) < wanted)
		if (!read_on(idx, wanted * idx->item, err))
			return false;
	if (passed(idx) == idx->count && !idx->complete)
		return idx->complete = check_end(idx, err);
	return true;
}

/* Back to the first item, for those that were skipped. */
static bool begin_again(struct idx *idx, struct err *err)
{
	uint8_t header[MAX_HEADER];
	size_t got;
	if (!source_rewind(idx->source, err) || !source_read(idx->source, header, idx->header_size, &got, err))
		return false;
	if (got < idx->header_size || memcmp(header, idx->header, got) != 0)
		return err_set(err, ERR_INPUT, "%s: the file was changed while it was read: start again", source_name(idx->source));
	idx->crc = inflate_crc(0, idx->header, idx->header_size);
	idx->filled = idx->begins = 0;
	idx->skipped = idx->complete = false;
	return true;
}

bool idx_need(struct idx *idx, size_t count, struct err *err)
{
	if (idx->skipped && !begin_again(idx, err))
		return false;
	return read_until(idx, count < idx->count ? count : idx->count, err);
}

/* One image of a plain file, from where it is. */
static bool pick(struct idx *idx, size_t item, struct err *err)
{
	uint8_t *to = idx->bytes + idx->filled - idx->begins; /* behind what the window holds */
	size_t got;
	if (packed_at(idx->images, item))
		return true;
	if (!source_read_at(idx->source, idx->header_size + (uint64_t)item * idx->item, to, idx->item, &got, err))
		return false;
	if (got < idx->item)
		return truncated(idx, "", idx->item - got, "data", err);
	return packed_put(idx->images, item, to, err) || err_prefix(err, "%s", source_name(idx->source));
}

static bool pick_all(struct idx *idx, const uint32_t *items, size_t count, struct err *err)
{
	for (size_t i = 0; i < count; i++)
		if (!pick(idx, items[i], err))
			return false;
	return true;
}

/* Inflates up to the last of the images, and keeps no others; if that must be done a second time,
 * it keeps all. */
static bool inflate_only(struct idx *idx, const uint32_t *items, size_t count, struct err *err)
{
	size_t begin = 0;
	while (begin < count && packed_at(idx->images, items[begin]))
		begin++;
	if (begin == count)
		return true;
	if (items[begin] < passed(idx))
		return idx_need(idx, idx->count, err);
	idx->only = items + begin;
	idx->only_left = count - begin;
	bool done = read_until(idx, items[count - 1] + (size_t)1, err);
	idx->only = NULL;
	return done;
}

bool idx_need_some(struct idx *idx, const uint32_t *items, size_t count, struct err *err)
{
	return count == 0 || (source_is_gzip(idx->source) ? inflate_only(idx, items, count, err)
	                                                  : pick_all(idx, items, count, err));
}

size_t idx_available(const struct idx *idx)
{
	return idx->skipped ? 0 : passed(idx);
}

size_t idx_count(const struct idx *idx)
{
	return idx->count;
}

size_t idx_rows(const struct idx *idx)
{
	return idx->rows;
}

size_t idx_columns(const struct idx *idx)
{
	return idx->columns;
}

const uint8_t *idx_labels(const struct idx *idx)
{
	return idx->bytes;
}

const struct packed *idx_images(const struct idx *idx)
{
	return idx->images;
}

const char *idx_name(const struct idx *idx)
{
	return source_name(idx->source);
}

uint64_t idx_extra(const struct idx *idx)
{
	return idx->extra;
}

bool idx_is_gzip(const struct idx *idx)
{
	return source_is_gzip(idx->source);
}

bool idx_sample_crc(struct idx *idx, size_t distance, uint32_t *crc, struct err *err)
{
	*crc = 0;
	for (size_t item = 0, got; item < idx->count; item += distance) {
		uint8_t *to = idx->bytes + idx->filled - idx->begins;
		if (!source_read_at(idx->source, idx->header_size + (uint64_t)item * idx->item, to, idx->item, &got, err))
			return false;
		*crc = inflate_crc(*crc, to, got);
	}
	return true;
}

bool idx_crc(struct idx *idx, uint32_t *crc, struct err *err)
{
	if (source_is_gzip(idx->source))
		return source_promised_crc(idx->source, crc, err);
	if (!idx_need(idx, idx->count, err))
		return false;
	*crc = idx->crc;
	return true;
}
