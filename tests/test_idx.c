/* IDX files, good and bad: messages name what was found and what was expected, and
 * nothing is read past the size that the header declares. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>
#include <zlib.h>

#include "unpack.h"
#include "base/alloc.h"
#include "data/idx.h"
#include "faulty_alloc.h"

/* ---- a read() that can be made to fail ---- */

static struct {
	size_t most;     /* bytes it gives at once; 0 for all */
	bool interrupts; /* every other call fails with EINTR */
	int fails_after; /* calls until EIO; -1 for never */
	unsigned calls;
} reading = { .fails_after = -1 };

ssize_t read(int file, void *out, size_t size)
{
	reading.calls++;
	if (reading.interrupts && reading.calls % 2) {
		errno = EINTR;
		return -1;
	}
	if (reading.fails_after >= 0 && reading.fails_after-- == 0) {
		errno = EIO;
		return -1;
	}
	return syscall(SYS_read, file, out, reading.most && reading.most < size ? reading.most : size);
}

/* ---- files to read ---- */

static char folder[] = "test_idx.XXXXXX";
static const char *path; /* the file of the current test, in the folder */

enum { ROOM = 4400 };

struct bytes {
	size_t length;
	uint8_t at[ROOM];
};

static void add(struct bytes *bytes, const void *more, size_t length)
{
	assert_true(bytes->length + length <= ROOM);
	memcpy(bytes->at + bytes->length, more, length);
	bytes->length += length;
}

static void add_number(struct bytes *bytes, uint32_t value)
{
	add(bytes, (uint8_t[]){ (uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value }, 4);
}

static void make_header(struct bytes *bytes, uint32_t count, uint32_t rows, uint32_t columns)
{
	bytes->length = 0;
	add_number(bytes, 0x803);
	add_number(bytes, count);
	add_number(bytes, rows);
	add_number(bytes, columns);
}

/* `count` images of 5 x 3 pixels, whose k-th byte is 7 k + 1 modulo 256. */
static void make_images(struct bytes *bytes, uint32_t count)
{
	make_header(bytes, count, 5, 3);
	for (uint32_t k = 0; k < count * 15; k++)
		add(bytes, &(uint8_t){ (uint8_t)(7 * k + 1) }, 1);
}

static void make_labels(struct bytes *bytes, uint32_t count)
{
	bytes->length = 0;
	add_number(bytes, 0x801);
	add_number(bytes, count);
	for (uint32_t k = 0; k < count; k++)
		add(bytes, &(uint8_t){ (uint8_t)(k % 10) }, 1);
}

/* Appends a gzip member; `header` holds further fields of its header, or is NULL. */
static void add_gzip_with(struct bytes *out, const void *content, size_t length, gz_header *header)
{
	z_stream zlib = { .next_in = (Bytef *)(uintptr_t)content, .avail_in = (uInt)length, .next_out = out->at + out->length,
	                  .avail_out = (uInt)(ROOM - out->length) };
	assert_int_equal(deflateInit2(&zlib, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	if (header)
		assert_int_equal(deflateSetHeader(&zlib, header), Z_OK);
	assert_int_equal(deflate(&zlib, Z_FINISH), Z_STREAM_END);
	out->length += zlib.total_out;
	deflateEnd(&zlib);
}

static void add_gzip(struct bytes *out, const void *content, size_t length)
{
	add_gzip_with(out, content, length, NULL);
}

static void write_file(const void *bytes, size_t length)
{
	FILE *file = fopen(path, "wb");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static int prepare(void **state)
{
	(void)state;
	reading.most = 0;
	reading.interrupts = false;
	reading.fails_after = -1;
	path = "file";
	return 0;
}

static int clean(void **state)
{
	(void)state;
	unlink(path);
	unlink("link");
	return 0;
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	return chdir("..") == 0 ? rmdir(folder) : -1;
}

/* ---- expectations ---- */

static void check_message(const struct err *err, const char *part)
{
	assert_int_equal(err->code, ERR_INPUT);
	for (const char *c = err->message; *c; c++)
		assert_in_range(*c, 0x20, 0x7E);
	if (strstr(err->message, part) == NULL)
		fail_msg("'%s' is not in '%s'", part, err->message);
}

static void refused(const char *name, enum idx_kind kind, const char *part)
{
	struct err err = {0};
	assert_null(idx_open(name, kind, &err));
	check_message(&err, part);
}

/* The file holds these bytes: opening, or at the latest reading all, fails. */
static void breaks(const struct bytes *bytes, enum idx_kind kind, const char *part)
{
	struct err err = {0};
	write_file(bytes->at, bytes->length);
	struct idx *idx = idx_open(path, kind, &err);
	if (idx)
		assert_false(idx_need(idx, SIZE_MAX, &err));
	check_message(&err, part);
	if (idx) {
		struct err again = {0};
		assert_false(idx_need(idx, SIZE_MAX, &again));
		assert_string_equal(again.message, err.message);
	}
	idx_close(idx);
}

/* The available images are those of `pixel`, `item` bytes each. */
static void holds(const struct idx *idx, const uint8_t *pixel, size_t item)
{
	uint8_t bytes[ROOM];
	for (size_t i = 0; i < idx_available(idx); i++) {
		const uint64_t *on = packed_at(idx_images(idx), i);
		unpack(bytes, on, (const uint8_t *)(on + packed_words(item)), item);
		assert_memory_equal(bytes, pixel + i * item, item);
	}
}

static void reads_images(const char *name, uint32_t count, uint64_t extra)
{
	struct bytes wanted;
	struct err err = {0};
	make_images(&wanted, count);
	struct idx *idx = idx_open(name, IDX_IMAGES, &err);
	if (idx == NULL)
		fail_msg("%s", err.message);
	assert_int_equal(idx_count(idx), count);
	assert_int_equal(idx_rows(idx), 5);
	assert_int_equal(idx_columns(idx), 3);
	if (!idx_need(idx, count, &err))
		fail_msg("%s", err.message);
	assert_int_equal(idx_available(idx), count);
	holds(idx, wanted.at + 16, 15);
	assert_int_equal(idx_extra(idx), extra);
	idx_close(idx);
}

/* ---- good files ---- */

static void plain_and_gzip_read_alike(void **state)
{
	(void)state;
	struct bytes plain, packed = {0};
	make_images(&plain, 20);
	add_gzip(&packed, plain.at, plain.length);
	write_file(plain.at, plain.length);
	reads_images(path, 20, 0);
	write_file(packed.at, packed.length);
	reads_images(path, 20, 0);
}

static void labels_are_a_column_of_bytes(void **state)
{
	(void)state;
	struct bytes plain;
	make_labels(&plain, 12);
	write_file(plain.at, plain.length);
	struct idx *idx = idx_open(path, IDX_LABELS, NULL);
	assert_non_null(idx);
	assert_int_equal(idx_rows(idx) * idx_columns(idx), 1);
	assert_true(idx_need(idx, 99, NULL));
	assert_int_equal(idx_labels(idx)[11], 1);
	idx_close(idx);
}

static void gzip_is_told_by_content(void **state)
{
	(void)state;
	struct bytes plain, packed = {0};
	make_images(&plain, 3);
	add_gzip(&packed, plain.at, plain.length);
	path = "plain.gz";
	write_file(plain.at, plain.length);
	reads_images(path, 3, 0);
	unlink(path);
	path = "packed";
	write_file(packed.at, packed.length);
	reads_images(path, 3, 0);
}

/* All fields of a gzip header: written by zlib, cut anywhere, with one wrong bit. */
static void gzip_headers_may_say_more(void **state)
{
	(void)state;
	struct bytes plain, packed = {0}, cut;
	gz_header header = { .time = 1, .os = 3, .extra = (Bytef *)"extra", .extra_len = 5, .name = (Bytef *)"train-images",
	                     .comment = (Bytef *)"digits", .hcrc = 1 };
	enum { LENGTH = 10 + 2 + 5 + 13 + 7 + 2 };
	make_images(&plain, 2);
	add_gzip_with(&packed, plain.at, plain.length, &header);
	add_gzip_with(&packed, plain.at, 0, &header);
	write_file(packed.at, packed.length);
	reads_images(path, 2, 0);
	for (size_t length = 2; length <= LENGTH; length++) {
		cut = packed;
		cut.length = length;
		breaks(&cut, IDX_IMAGES, "truncated: 16 bytes missing from the header");
	}
	packed.at[20] ^= 1;
	breaks(&packed, IDX_IMAGES, "corrupt gzip: the CRC of the gzip header is wrong");
}

static void several_members_are_one_file(void **state)
{
	(void)state;
	struct bytes plain, packed = {0};
	make_images(&plain, 20);
	add_gzip(&packed, plain.at, 9); /* the header itself is divided */
	add_gzip(&packed, plain.at, 0);
	add_gzip(&packed, plain.at + 9, plain.length - 9);
	add_gzip(&packed, plain.at, 0);
	write_file(packed.at, packed.length);
	reads_images(path, 20, 0);
}

static void items_come_as_they_are_needed(void **state)
{
	(void)state;
	struct bytes plain, packed = {0};
	struct err err = {0};
	make_images(&plain, 250);
	add_gzip(&packed, plain.at, plain.length);
	packed.length -= 9; /* into the last data: only who asks for them meets it */
	write_file(packed.at, packed.length);
	struct idx *idx = idx_open(path, IDX_IMAGES, &err);
	assert_non_null(idx);
	assert_int_equal(idx_available(idx), 0);
	assert_true(idx_need(idx, 0, &err));
	assert_true(idx_need(idx, 7, &err));
	assert_int_equal(idx_available(idx), 7);
	holds(idx, plain.at + 16, 15);
	assert_null(packed_at(idx_images(idx), 7));
	assert_true(idx_need(idx, 3, &err));
	assert_int_equal(idx_available(idx), 7);
	assert_false(idx_need(idx, 250, &err));
	check_message(&err, "truncated");
	idx_close(idx);
}

static void holds_one(const struct idx *idx, const uint8_t *pixel, size_t item, size_t which)
{
	uint8_t bytes[ROOM];
	const uint64_t *on = packed_at(idx_images(idx), which);
	assert_non_null(on);
	unpack(bytes, on, (const uint8_t *)(on + packed_words(item)), item);
	assert_memory_equal(bytes, pixel + which * item, item);
}

/* A few images are there without the others; then all are, wherever reading stood. */
static void chosen_images_are_read_alone(void **state)
{
	(void)state;
	static const uint32_t chosen[] = { 3, 40, 41, 200 }, further[] = { 3, 17, 201 }, last[] = { 249 };
	struct bytes plain, packed = {0};
	make_images(&plain, 250);
	add_gzip(&packed, plain.at, plain.length);
	for (int gzip = 0; gzip < 2; gzip++) {
		struct err err = {0};
		write_file(gzip ? packed.at : plain.at, gzip ? packed.length : plain.length);
		struct idx *idx = idx_open(path, IDX_IMAGES, &err);
		assert_true(idx_need(idx, 2, &err) && idx_need_some(idx, chosen, 0, &err));
		assert_true(idx_need_some(idx, chosen, 4, &err));
		assert_int_equal(packed_count(idx_images(idx)), 6);
		for (size_t i = 0; i < 4; i++)
			holds_one(idx, plain.at + 16, 15, chosen[i]);
		assert_null(packed_at(idx_images(idx), 39));
		assert_true(idx_need_some(idx, chosen, 4, &err));
		assert_true(idx_need_some(idx, further, 3, &err));
		for (size_t i = 0; i < 3; i++)
			holds_one(idx, plain.at + 16, 15, further[i]);
		assert_true(idx_need_some(idx, last, 1, &err) && idx_need(idx, 30, &err));
		assert_true(idx_available(idx) >= 30);
		holds(idx, plain.at + 16, 15);
		assert_true(idx_need(idx, 250, &err));
		assert_int_equal(idx_available(idx), 250);
		holds(idx, plain.at + 16, 15);
		idx_close(idx);
	}
}

/* Damage is met by those who read the images behind it. */
static void damage_before_a_chosen_image_is_met(void **state)
{
	(void)state;
	static const uint32_t early[] = { 5 }, late[] = { 6, 249 };
	struct bytes plain, packed = {0};
	make_images(&plain, 250);
	add_gzip(&packed, plain.at, plain.length);
	for (int gzip = 0; gzip < 2; gzip++) {
		struct err err = {0};
		write_file(gzip ? packed.at : plain.at, gzip ? packed.length - 9 : plain.length);
		struct idx *idx = idx_open(path, IDX_IMAGES, &err);
		if (!gzip)
			assert_int_equal(truncate(path, (off_t)plain.length - 10), 0);
		assert_true(idx_need_some(idx, early, 1, &err));
		assert_false(idx_need_some(idx, late, 2, &err));
		check_message(&err, "truncated");
		if (gzip) /* the short plain file was in the buffer when it was cut */
			assert_false(idx_need(idx, 250, &err));
		idx_close(idx);
	}
}

static void a_sample_has_the_crc_of_its_images(void **state)
{
	(void)state;
	struct bytes plain;
	uint32_t crc = 1;
	uLong expected = crc32(0, NULL, 0);
	make_images(&plain, 20);
	write_file(plain.at, plain.length);
	for (size_t i = 0; i < 20; i += 7)
		expected = crc32(expected, plain.at + 16 + 15 * i, 15);
	struct idx *idx = idx_open(path, IDX_IMAGES, NULL);
	assert_true(idx_need(idx, 3, NULL) && idx_sample_crc(idx, 7, &crc, NULL));
	assert_int_equal(crc, expected);
	assert_true(idx_need(idx, 20, NULL));
	holds(idx, plain.at + 16, 15);
	idx_close(idx);
}

/* Longer than any buffer, and hardly compressible, read in steps
 * of all sizes; several members, so that one ends anywhere. */
static void long_files_are_read_through(void **state)
{
	(void)state;
	enum { COUNT = 700, PIXELS = 30 * 30, SIZE = 16 + COUNT * PIXELS };
	struct bytes header;
	uint8_t *all = alloc_array(SIZE, 1, NULL);
	assert_non_null(all);
	make_header(&header, COUNT, 30, 30);
	memcpy(all, header.at, header.length);
	uint32_t state_of = 1;
	for (size_t i = header.length; i < SIZE; i++)
		all[i] = (uint8_t)((state_of = 1664525 * state_of + 1013904223) >> 24);
	for (int form = 0; form < 3; form++) {
		gzFile packed = gzopen(path, form == 0 ? "wbT" : "wb6");
		assert_non_null(packed);
		for (size_t at = 0, step; at < SIZE; at += step) {
			step = SIZE - at < 77777 ? SIZE - at : 77777;
			assert_int_equal(gzwrite(packed, all + at, (unsigned)step), step);
			if (form < 2)
				continue;
			assert_int_equal(gzclose(packed), 0);
			packed = gzopen(path, "ab6"); /* what follows is another member */
			assert_non_null(packed);
		}
		assert_int_equal(gzclose(packed), 0);
		struct err err = {0};
		struct idx *idx = idx_open(path, IDX_IMAGES, &err);
		for (size_t step = 1, count = 0; idx && count < COUNT; count += step++)
			if (!idx_need(idx, count, &err))
				fail_msg("%s", err.message);
		assert_true(idx && idx_need(idx, COUNT, &err));
		assert_int_equal(idx_extra(idx), 0);
		holds(idx, all + 16, PIXELS);
		idx_close(idx);
	}
	alloc_free(all);
}

static void odd_image_sizes_are_accepted(void **state)
{
	(void)state;
	static const uint32_t sides[][2] = { { 1, 1 }, { 4096, 1 }, { 1, 4096 } };
	for (size_t i = 0; i < 3; i++) {
		static struct bytes plain;
		make_header(&plain, 1, sides[i][0], sides[i][1]);
		plain.length += sides[i][0] * sides[i][1];
		write_file(plain.at, plain.length);
		struct idx *idx = idx_open(path, IDX_IMAGES, NULL);
		assert_non_null(idx);
		assert_true(idx_need(idx, 1, NULL));
		assert_int_equal(idx_rows(idx), sides[i][0]);
		assert_int_equal(idx_columns(idx), sides[i][1]);
		idx_close(idx);
	}
}

/* Expected: zlib's crc32() of the original bytes. */
static void crc_is_that_of_the_content(void **state)
{
	(void)state;
	struct bytes plain, packed = {0};
	make_images(&plain, 20);
	add_gzip(&packed, plain.at, plain.length);
	const struct bytes *forms[] = { &plain, &packed };
	for (size_t i = 0; i < 2; i++) {
		uint32_t crc = 0;
		write_file(forms[i]->at, forms[i]->length);
		struct idx *idx = idx_open(path, IDX_IMAGES, NULL);
		assert_non_null(idx);
		assert_true(idx_crc(idx, &crc, NULL));
		assert_int_equal(crc, crc32(0, plain.at, (uInt)plain.length));
		assert_int_equal(idx_available(idx), i == 0 ? 20 : 0); /* gzip need not be inflated for it */
		assert_true(idx_need(idx, 20, NULL));
		idx_close(idx);
	}
}

static void extra_bytes_are_counted(void **state)
{
	(void)state;
	struct bytes plain, packed = {0};
	make_images(&plain, 4);
	size_t length = plain.length;
	add(&plain, "more", 4);
	write_file(plain.at, plain.length);
	reads_images(path, 4, 4);
	add_gzip(&packed, plain.at, length);
	add(&packed, "garbage", 7);
	write_file(packed.at, packed.length);
	reads_images(path, 4, 7);
	packed.length = 0;
	add_gzip(&packed, plain.at, plain.length);
	write_file(packed.at, packed.length);
	reads_images(path, 4, 1); /* the stream goes on: not followed */
}

/* ---- not a regular file ---- */

static void missing_files_are_named(void **state)
{
	(void)state;
	refused("nowhere", IDX_IMAGES, "nowhere: cannot be read: No such file");
	refused("nowhere/file", IDX_IMAGES, "No such file");
	write_file("", 0);
	refused("file/below", IDX_IMAGES, "Not a directory");
	refused(path, IDX_IMAGES, "file: is empty");
}

static void unreadable_files_are_named(void **state)
{
	(void)state;
	write_file("x", 1);
	assert_int_equal(mkdir("closed", 0700), 0);
	assert_int_equal(chmod("closed", 0) | chmod(path, 0) | chmod(".", 0755), 0);
	uid_t user = geteuid();
	if (user == 0) /* root may read everything, the user nobody may not */
		assert_int_equal(seteuid(65534), 0);
	refused(path, IDX_IMAGES, "file: cannot be read: Permission denied");
	refused("closed/file", IDX_IMAGES, "closed/file: cannot be read: Permission denied");
	assert_int_equal(seteuid(user) | rmdir("closed"), 0);
}

static void directories_are_refused(void **state)
{
	(void)state;
	refused(".", IDX_IMAGES, ".: is a directory");
}

static void pipes_and_sockets_are_not_waited_for(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	refused(path, IDX_IMAGES, "file: is a pipe: give the path of a data file");
	assert_int_equal(unlink(path), 0);
	struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "file" };
	int file = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(file, (const struct sockaddr *)&address, sizeof address), 0);
	refused(path, IDX_IMAGES, "file: is a socket: give the path of a data file");
	close(file);
}

static void devices_are_refused(void **state)
{
	(void)state;
	static const char *const devices[] = { "/dev/zero", "/dev/null", "/dev/full", "/dev/random", "/dev/tty" };
	for (size_t i = 0; i < 5; i++)
		if (access(devices[i], F_OK) == 0)
			refused(devices[i], IDX_IMAGES, "is a device or terminal: give the path of a data file");
}

static void symbolic_links_are_followed(void **state)
{
	(void)state;
	struct bytes plain;
	make_images(&plain, 2);
	assert_int_equal(symlink("file", "link"), 0);
	refused("link", IDX_IMAGES, "link: cannot be read: No such file");
	write_file(plain.at, plain.length);
	reads_images("link", 2, 0);
	assert_int_equal(unlink("link"), 0);
	assert_int_equal(symlink("link", "link"), 0);
	refused("link", IDX_IMAGES, "link: cannot be read: Too many levels");
}

static void strange_names_are_opened_and_escaped(void **state)
{
	(void)state;
	static const char *const names[][2] = {
		{ "a\033[31mb", "a\\x1b[31mb: " }, { "a\nb", "a\\nb: " }, { "\xFF\xFE", "\\xff\\xfe: " }, { "-x", "-x: " },
	};
	struct bytes plain;
	make_images(&plain, 2);
	for (size_t i = 0; i < 4; i++) {
		refused(names[i][0], IDX_IMAGES, names[i][1]);
		path = names[i][0];
		write_file(plain.at, plain.length);
		reads_images(path, 2, 0);
		unlink(path);
	}
	static char longest[5000];
	memset(longest, 'x', sizeof longest - 1);
	refused(longest, IDX_IMAGES, "cannot be read: File name too long");
}

/* ---- bad headers ---- */

static void foreign_headers_say_what_was_found(void **state)
{
	(void)state;
	static const struct {
		enum idx_kind kind;
		uint32_t magic;
		const char *part;
	} cases[] = {
		{ IDX_IMAGES, 0x801, "holds labels where images are expected" },
		{ IDX_LABELS, 0x803, "holds images where labels are expected" },
		{ IDX_IMAGES, 0xD03, "elements of type 0x0d: images are unsigned bytes, type 0x08" },
		{ IDX_LABELS, 0x901, "elements of type 0x09" },
		{ IDX_IMAGES, 0x802, "has 2 dimensions: images have 3" },
		{ IDX_LABELS, 0x8FF, "has 255 dimensions: labels have 1" },
		{ IDX_IMAGES, 0x89504E47, "not an IDX file: it begins with 0x89504e47, images begin with 0x00000803" },
		{ IDX_IMAGES, 0x03080000, "not an IDX file" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bytes bytes = {0};
		add_number(&bytes, cases[i].magic);
		for (int k = 0; k < 8; k++)
			add_number(&bytes, 1);
		write_file(bytes.at, bytes.length);
		refused(path, cases[i].kind, cases[i].part);
	}
}

static void impossible_sizes_are_refused(void **state)
{
	(void)state;
	static const struct {
		uint32_t count, rows, columns;
		const char *part;
	} cases[] = {
		{ 0, 28, 28, "declares 0 images: 1 to 10000000" },
		{ 1, 0, 28, "declares 0 rows: 1 to 4096" },
		{ 1, 28, 0, "declares 0 columns" },
		{ 10000001, 1, 1, "declares 10000001 images" },
		{ 1, 4097, 1, "declares 4097 rows" },
		{ 1, 1, 4097, "declares 4097 columns" },
		{ 0x80000000, 1, 1, "declares 2147483648 images" },
		{ 1, 0x80000000, 1, "declares 2147483648 rows" },
		{ 1, 1, 0xFFFFFFFF, "declares 4294967295 columns" },
		{ 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, "declares 4294967295 images" },
		{ 10000000, 4096, 4096, "more than 2 GiB" },
		{ 129, 4096, 4096, "more than 2 GiB" },
		{ 128, 4096, 4096, "2147483648 bytes missing" }, /* 2 GiB exactly, in a file of 16 bytes */
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bytes plain, packed = {0};
		make_header(&plain, cases[i].count, cases[i].rows, cases[i].columns);
		write_file(plain.at, plain.length);
		refused(path, IDX_IMAGES, cases[i].part);
		add_gzip(&packed, plain.at, plain.length);
		write_file(packed.at, packed.length);
		refused(path, IDX_IMAGES, i + 1 < sizeof cases / sizeof cases[0] ? cases[i].part : "truncated: at least ");
	}
}

/* ---- cut and broken files ---- */

static void every_truncation_is_noticed(void **state)
{
	(void)state;
	struct bytes plain, packed = {0};
	make_images(&plain, 2);
	add_gzip(&packed, plain.at, plain.length);
	for (size_t whole = plain.length; plain.length-- > 0;) {
		char part[64];
		size_t end = plain.length < 16 ? 16 : whole, missing = end - plain.length;
		snprintf(part, sizeof part, "truncated: %zu byte%s missing from the %s", missing, missing == 1 ? "" : "s",
		         end == 16 ? "header" : "data");
		breaks(&plain, IDX_IMAGES, plain.length ? part : "empty");
	}
	for (size_t whole = packed.length; packed.length-- > 0;) {
		const char *part = packed.length == 0           ? "empty"
		                   : packed.length == 1         ? "15 bytes missing from the header" /* no gzip yet */
		                   : packed.length >= whole - 8 ? "truncated: the data are whole, but the CRC"
		                                                : "truncated: ";
		breaks(&packed, IDX_IMAGES, part);
	}
}

static void gzip_faults_are_named(void **state)
{
	(void)state;
	struct bytes plain, good = {0}, bad;
	make_images(&plain, 5);
	add_gzip(&good, plain.at, plain.length);
	const struct {
		size_t at;
		uint8_t flip;
		const char *part;
	} cases[] = {
		{ good.length - 6, 0x01, "corrupt gzip: the CRC of the decompressed content is wrong" },
		{ good.length - 3, 0x01, "corrupt gzip: the length of the decompressed content is wrong" },
		{ 2, 0x01, "corrupt gzip: the gzip header names an unknown compression method" },
		{ 3, 0x80, "corrupt gzip: the gzip header has unknown flags" },
		{ 10, 0x06, "corrupt gzip: the compressed data are invalid" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		bad = good;
		bad.at[cases[i].at] ^= cases[i].flip;
		breaks(&bad, IDX_IMAGES, cases[i].part);
	}
	bad = good; /* a second member that is broken */
	add(&bad, "\x1F\x8B\x07", 3);
	add(&bad, good.at, good.length);
	breaks(&bad, IDX_IMAGES, "corrupt gzip: the gzip header names");
}

/* Whatever single bit changes, the images are the same or the file is refused;
 * a smaller count, which leaves images over, shows in the extra bytes. */
static void no_changed_bit_changes_an_image(void **state)
{
	(void)state;
	struct bytes plain, packed = {0};
	make_images(&plain, 5);
	add_gzip(&packed, plain.at, plain.length);
	for (size_t bit = 0; bit < 8 * packed.length; bit++) {
		packed.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
		write_file(packed.at, packed.length);
		struct idx *idx = idx_open(path, IDX_IMAGES, NULL);
		if (idx && idx_need(idx, 5, NULL) && idx_extra(idx) == 0) {
			assert_int_equal(idx_count(idx), 5);
			assert_int_equal(idx_available(idx), 5);
			holds(idx, plain.at + 16, 15);
		}
		idx_close(idx);
		packed.at[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
}

static void gzip_within_gzip_is_told(void **state)
{
	(void)state;
	struct bytes plain, once = {0}, twice = {0};
	make_images(&plain, 5);
	add_gzip(&once, plain.at, plain.length);
	add_gzip(&twice, once.at, once.length);
	breaks(&twice, IDX_IMAGES, "gzip within gzip");
}

static void a_bomb_is_left_at_the_promised_size(void **state)
{
	(void)state;
	enum { BOMB = 3 << 20 };
	struct bytes packed = {0};
	uint8_t *zeros = alloc_array(BOMB, 1, NULL);
	assert_non_null(zeros);
	struct bytes header;
	make_header(&header, 2, 5, 3);
	memcpy(zeros, header.at, header.length);
	add_gzip(&packed, zeros, BOMB);
	alloc_free(zeros);
	write_file(packed.at, packed.length);
	struct idx *idx = idx_open(path, IDX_IMAGES, NULL);
	assert_non_null(idx);
	assert_true(idx_need(idx, 2, NULL));
	assert_int_equal(idx_extra(idx), 1);
	idx_close(idx);
}

/* ---- memory, a file that changes, a device that fails ---- */

/* Whichever request is refused: a message, and the rest can be read later. */
static void refused_memory_costs_no_image(void **state)
{
	(void)state;
	enum { COUNT = 4000, SIZE = 16 + COUNT * 900 };
	struct bytes header;
	uint8_t *all = alloc_array(SIZE, 1, NULL);
	assert_non_null(all);
	make_header(&header, COUNT, 30, 30);
	memcpy(all, header.at, header.length);
	for (size_t i = header.length; i < SIZE; i++)
		all[i] = (uint8_t)(i % 251);
	write_file(all, SIZE);
	unsigned long n = 1;
	for (bool opened = false; !opened || n < 12; n++) {
		struct err err = {0};
		faulty_alloc_arm(n, false);
		struct idx *idx = idx_open(path, IDX_IMAGES, &err);
		opened = idx != NULL;
		bool good = idx && idx_need(idx, SIZE_MAX, &err);
		faulty_alloc_arm(0, false);
		assert_true(good || (err.code == ERR_RESOURCE && strncmp(err.message, "out of memory", 13) == 0) ||
		            strncmp(err.message, "file: out of memory", 19) == 0);
		if (opened) {
			assert_true(idx_need(idx, SIZE_MAX, &err));
			assert_int_equal(idx_available(idx), COUNT);
			holds(idx, all + 16, 900);
		}
		idx_close(idx);
	}
	alloc_free(all);
}

static void a_shrinking_file_is_noticed(void **state)
{
	(void)state;
	struct bytes plain;
	struct err err = {0};
	static uint8_t large[300000];
	make_header(&plain, 300, 30, 30);
	memcpy(large, plain.at, plain.length);
	write_file(large, 270016);
	struct idx *idx = idx_open(path, IDX_IMAGES, &err);
	assert_non_null(idx);
	assert_true(idx_need(idx, 1, &err));
	assert_int_equal(truncate(path, 200000), 0);
	assert_false(idx_need(idx, 300, &err));
	check_message(&err, "truncated: 70016 bytes missing from the data");
	idx_close(idx);
}

static void interruptions_and_short_reads_are_survived(void **state)
{
	(void)state;
	struct bytes plain, packed = {0};
	make_images(&plain, 20);
	add_gzip(&packed, plain.at, plain.length);
	const struct bytes *forms[] = { &plain, &packed };
	for (size_t i = 0; i < 2; i++) {
		write_file(forms[i]->at, forms[i]->length);
		reading.interrupts = true;
		reading.most = 1;
		reading.calls = 0;
		reads_images(path, 20, 0);
		assert_true(reading.calls > forms[i]->length);
		prepare(NULL);
	}
}

static void a_failing_device_is_named(void **state)
{
	(void)state;
	struct bytes plain, packed = {0};
	make_images(&plain, 20);
	add_gzip(&packed, plain.at, plain.length);
	const struct bytes *forms[] = { &plain, &packed };
	for (int i = 0; i < 16; i++) {
		reading.most = 10;
		reading.fails_after = i / 2;
		breaks(forms[i % 2], IDX_IMAGES, "file: reading failed: Input/output error");
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, prepare, clean)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(plain_and_gzip_read_alike),
		TEST(labels_are_a_column_of_bytes),
		TEST(gzip_is_told_by_content),
		TEST(gzip_headers_may_say_more),
		TEST(several_members_are_one_file),
		TEST(items_come_as_they_are_needed),
		TEST(chosen_images_are_read_alone),
		TEST(damage_before_a_chosen_image_is_met),
		TEST(a_sample_has_the_crc_of_its_images),
		TEST(long_files_are_read_through),
		TEST(odd_image_sizes_are_accepted),
		TEST(crc_is_that_of_the_content),
		TEST(extra_bytes_are_counted),
		TEST(missing_files_are_named),
		TEST(unreadable_files_are_named),
		TEST(directories_are_refused),
		TEST(pipes_and_sockets_are_not_waited_for),
		TEST(devices_are_refused),
		TEST(symbolic_links_are_followed),
		TEST(strange_names_are_opened_and_escaped),
		TEST(foreign_headers_say_what_was_found),
		TEST(impossible_sizes_are_refused),
		TEST(every_truncation_is_noticed),
		TEST(gzip_faults_are_named),
		TEST(no_changed_bit_changes_an_image),
		TEST(gzip_within_gzip_is_told),
		TEST(a_bomb_is_left_at_the_promised_size),
		TEST(refused_memory_costs_no_image),
		TEST(a_shrinking_file_is_noticed),
		TEST(interruptions_and_short_reads_are_survived),
		TEST(a_failing_device_is_named),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
