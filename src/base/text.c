/* Text buffers, numbers and escaping.  Independent of files and locale. */
#include "base/text.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* ---- a growing buffer ---- */

static bool make_room(struct text *text, size_t more)
{
	if (text->failed)
		return false;
	size_t wanted;
	if (__builtin_add_overflow(text->length, more + 1, &wanted)) {
		text->failed = true;
		return false;
	}
	if (wanted <= text->room)
		return true;
	size_t room = text->room ? text->room : 64;
	while (room < wanted)
		room *= 2;
	char *bytes = alloc_resize(text->bytes, room, 1, NULL);
	if (bytes == NULL) {
		text->failed = true;
		return false;
	}
	text->bytes = bytes;
	text->room = room;
	return true;
}

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
	if (!make_room(text, length))
		return;
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
	text->bytes[text->length] = '\0';
}

void text_add(struct text *text, const char *string)
{
	text_add_bytes(text, string, strlen(string));
}

void text_addf(struct text *text, const char *format, ...)
{
	va_list arguments, again;
	va_start(arguments, format);
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		text->failed = true;
	else if (make_room(text, (size_t)length)) {
		vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
		text->length += (size_t)length;
	}
	va_end(again);
}

void text_add_glyph(struct text *text, uint32_t c)
{
	char bytes[4];
	size_t n;
	if (c < 0x80) {
		bytes[0] = (char)c;
		n = 1;
	} else if (c < 0x800) {
		bytes[0] = (char)(0xC0 | c >> 6);
		bytes[1] = (char)(0x80 | (c & 0x3F));
		n = 2;
	} else if (c < 0x10000) {
		bytes[0] = (char)(0xE0 | c >> 12);
		bytes[1] = (char)(0x80 | (c >> 6 & 0x3F));
		bytes[2] = (char)(0x80 | (c & 0x3F));
		n = 3;
	} else {
		bytes[0] = (char)(0xF0 | (c >> 18 & 0x07));
		bytes[1] = (char)(0x80 | (c >> 12 & 0x3F));
		bytes[2] = (char)(0x80 | (c >> 6 & 0x3F));
		bytes[3] = (char)(0x80 | (c & 0x3F));
		n = 4;
	}
	text_add_bytes(text, bytes, n);
}

static bool is_printable(char c)
{
	return c >= ' ' && c <= '~';
}

void text_add_quoted(struct text *text, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+.,:=/@%";
	if (*word && word[strspn(word, plain)] == '\0') {
		text_add(text, word);
		return;
	}
	bool printable = true;
	for (const char *p = word; *p; p++)
		printable &= is_printable(*p);
	text_add(text, printable ? "'" : "$'");
	for (; *word; word++)
		if (!is_printable(*word))
			text_addf(text, "\\x%02x", (unsigned char)*word);
		else if (printable && *word == '\'')
			text_add(text, "'\\''");
		else
			text_addf(text, "%s%c", !printable && strchr("'\\", *word) ? "\\" : "", *word);
	text_add(text, "'");
}

const char *text_string(const struct text *text)
{
	return text->bytes ? text->bytes : "";
}

bool text_check(const struct text *text, struct err *err)
{
	return !text->failed || err_set(err, ERR_RESOURCE, "out of memory while composing text");
}

void text_clear(struct text *text)
{
	text->length = 0;
	if (text->bytes)
		text->bytes[0] = '\0';
}

void text_free(struct text *text)
{
	alloc_free(text->bytes);
	*text = (struct text){0};
}

/* ---- text from outside the program ---- */

char *text_escape(char *out, size_t size, const char *foreign)
{
	size_t used = 0, cut = 0; /* cut: where "..." still fits */
	if (size == 0)
		return out;
	for (const unsigned char *p = (const unsigned char *)foreign; *p; p++) {
		char piece[8];
		if (*p == '\n' || *p == '\t' || *p == '\\')
			snprintf(piece, sizeof piece, "\\%c", *p == '\n' ? 'n' : *p == '\t' ? 't' : '\\');
		else if (*p < 0x20 || *p >= 0x7F)
			snprintf(piece, sizeof piece, "\\x%02x", *p);
		else
			snprintf(piece, sizeof piece, "%c", *p);
		size_t length = strlen(piece);
		if (used + length >= size) {
			snprintf(out + cut, size - cut, "...");
			return out;
		}
		memcpy(out + used, piece, length);
		used += length;
		if (used + 3 < size)
			cut = used;
	}
	out[used] = '\0';
	return out;
}

size_t text_byte_order_mark(const char *bytes, size_t size)
{
	static const char mark[] = { '\xEF', '\xBB', '\xBF' };
	return size >= sizeof mark && memcmp(bytes, mark, sizeof mark) == 0 ? sizeof mark : 0;
}

uint32_t text_decode(const char **p)
{
	const unsigned char *s = (const unsigned char *)*p;
	if (*s == 0)
		return 0;
	int more = *s < 0x80 ? 0 : *s >= 0xC2 && *s < 0xE0 ? 1 : (*s & 0xF0) == 0xE0 ? 2 : *s >= 0xF0 && *s < 0xF5 ? 3 : -1;
	if (more <= 0) {
		*p += 1;
		return more == 0 ? *s : 0xFFFD;
	}
	uint32_t c = *s & (0x3Fu >> more);
	for (int i = 1; i <= more; i++) {
		if ((s[i] & 0xC0) != 0x80) {
			*p += 1;
			return 0xFFFD;
		}
		c = c << 6 | (s[i] & 0x3F);
	}
	*p += more + 1;
	bool overlong = (more == 2 && c < 0x800) || (more == 3 && c < 0x10000);
	return overlong || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000) ? 0xFFFD : c;
}

/* ---- numbers ---- */

static bool digits_at(const char **p)
{
	const char *start = *p;
	while (**p >= '0' && **p <= '9')
		(*p)++;
	return *p > start;
}

bool text_real(const char *word, double *value)
{
	/* The shape is checked here, so strtod sees no hex, inf, nan or blanks;
	 * LC_NUMERIC is "C" throughout the program. */
	const char *p = word;
	if (*p == '+' || *p == '-')
		p++;
	bool digits = digits_at(&p);
	if (*p == '.') {
		p++;
		digits |= digits_at(&p);
	}
	if (digits && (*p == 'e' || *p == 'E')) {
		p++;
		if (*p == '+' || *p == '-')
			p++;
		digits = digits_at(&p);
	}
	if (!digits || *p)
		return false;
	double parsed = strtod(word, NULL);
	if (!isfinite(parsed))
		return false;
	*value = parsed;
	return true;
}

bool text_unsigned(const char *word, uint64_t *value)
{
	uint64_t sum = 0;
	if (*word == '\0')
		return false;
	for (const char *p = word; *p; p++) {
		if (*p < '0' || *p > '9' || __builtin_mul_overflow(sum, 10u, &sum) ||
		    __builtin_add_overflow(sum, (uint64_t)(*p - '0'), &sum))
			return false;
	}
	*value = sum;
	return true;
}

char *text_readout(char out[TEXT_READOUT_SIZE], double value)
{
	if (isnan(value))
		return strcpy(out, "NaN");
	if (isinf(value))
		return strcpy(out, value < 0 ? "-Inf" : "Inf");
	double size = fabs(value);
	if (size == 0)
		strcpy(out, "0");
	else if (size < 9.9995e-4 || size >= 99999.5) {
		if (snprintf(out, TEXT_READOUT_SIZE, "%.2e", value) > 9) /* -1.00e-100 */
			snprintf(out, TEXT_READOUT_SIZE, "%.1e", value);
	} else {
		int decimals = 6;
		for (double edge = 0.0099995; decimals > 0 && size >= edge; edge *= 10)
			decimals--;
		snprintf(out, TEXT_READOUT_SIZE, "%.*f", decimals, value);
	}
	return out;
}

char *text_exact(char out[TEXT_EXACT_SIZE], double value)
{
	if (isnan(value)) /* printf shows the sign of some NaN */
		return strcpy(out, "nan");
	for (int digits = 6; digits <= 17; digits++) {
		snprintf(out, TEXT_EXACT_SIZE, "%.*g", digits, value);
		if (strtod(out, NULL) == value)
			break;
	}
	return out;
}

/* ---- names ---- */

static char fold(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c == '-' ? '_' : c;
}

bool text_same_name(const char *a, const char *b)
{
	while (*a && fold(*a) == fold(*b))
		a++, b++;
	return *a == *b;
}

int text_distance(const char *a, const char *b)
{
	enum { LONGEST = 64 };
	int rows[3][LONGEST + 1];
	size_t na = strlen(a), nb = strlen(b);
	if (na > LONGEST || nb > LONGEST)
		return LONGEST;
	for (size_t j = 0; j <= nb; j++)
		rows[0][j] = (int)j;
	for (size_t i = 1; i <= na; i++) {
		int *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
		row[0] = (int)i;
		for (size_t j = 1; j <= nb; j++) {
			bool same = fold(a[i - 1]) == fold(b[j - 1]);
			int best = above[j - 1] + !same;
			if (above[j] + 1 < best)
				best = above[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) && fold(a[i - 2]) == fold(b[j - 1]) &&
			    two_above[j - 2] + 1 < best)
				best = two_above[j - 2] + 1;
			row[j] = best;
		}
	}
	return rows[na % 3][nb];
}
