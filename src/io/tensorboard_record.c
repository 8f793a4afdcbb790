/* Records of TensorBoard's event files, all numbers little-endian: the length (8 bytes),
 * the masked CRC-32C of these 8 bytes, the data, the masked CRC-32C of the data. */
#include "io/tensorboard_parts.h"

/* The reflected polynomial of CRC-32C; RFC 3720, appendix B.4 has test vectors. */
#define POLYNOMIAL 0x82F63B78u

uint32_t tensorboard_crc(const void *bytes, size_t length)
{
	const uint8_t *p = bytes;
	uint32_t crc = UINT32_MAX;
	for (size_t i = 0; i < length; i++) {
		crc ^= p[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? POLYNOMIAL : 0);
	}
	return ~crc;
}

/* TensorFlow stores a CRC rotated and shifted, because the CRC of data that contain
 * their own CRC says little. */
static uint32_t masked_crc(const void *bytes, size_t length)
{
	uint32_t crc = tensorboard_crc(bytes, length);
	return (crc >> 15 | crc << 17) + 0xA282EAD8u;
}

static void add_little_endian(struct text *file, uint64_t value, size_t bytes)
{
	char out[8];
	for (size_t i = 0; i < bytes; i++)
		out[i] = (char)(value >> 8 * i & 0xFF);
	text_add_bytes(file, out, bytes);
}

void tensorboard_add_record(struct text *file, const void *data, size_t length)
{
	size_t start = file->length;
	add_little_endian(file, length, 8);
	if (file->failed)
		return;
	add_little_endian(file, masked_crc(text_string(file) + start, 8), 4);
	text_add_bytes(file, data, length);
	add_little_endian(file, masked_crc(data, length), 4);
}
