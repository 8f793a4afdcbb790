/* The table of published data sets. */
#include "data/published.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Sizes and SHA-256 are those that the data sets' packagers publish (tensorflow-datasets, and
 * others for Fashion-MNIST); the numbers below them are computed from these files. */
static const struct published sets[] = {
	{ .entry = { .name = "mnist",
	             .summary = "70000 handwritten digits, 12 MB",
	             .reference = "LeCun, Bottou, Bengio, Haffner 1998" },
	  .name = "MNIST",
	  .mirror = { "https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/" },
	  .download = {
		  { 9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609" },
		  { 28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c" },
		  { 1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6" },
		  { 4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6" } },
	  .crc = { 0xE9F4D8B3, 0xE0CB4AD2, 0x91373BDF, 0x4AB9EFF9 },
	  .sample = { [PUBLISHED_TRAIN_IMAGES] = 0x0C4CF093, [PUBLISHED_TEST_IMAGES] = 0x5B4476DC },
	  .sum = 1437128264,
	  .square_sum = 314159751864 },
	{ .entry = { .name = "fashion",
	             .aliases = "fashion_mnist",
	             .summary = "70000 pictures of clothes, 31 MB",
	             .reference = "Xiao, Rasul, Vollgraf 2017" },
	  .name = "Fashion-MNIST",
	  .mirror = { "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
	              "https://storage.googleapis.com/tensorflow/tf-keras-datasets/" },
	  .download = {
		  { 26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84" },
		  { 29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845" },
		  { 4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073" },
		  { 5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5" } },
	  .crc = { 0xB4F29F28, 0x741A4657, 0x678FE0B1, 0x80142C1F },
	  .sum = 3145082185,
	  .square_sum = 578587917087 },
};

const struct table published_sets = TABLE_OF(sets, "data set to download", "data sets to download");

bool published_may_be(size_t train, size_t test, size_t rows, size_t columns)
{
	return train == 60000 && test == 10000 && rows == 28 && columns == 28;
}

const struct published *published_find(const uint32_t crc[PUBLISHED_FILES], const char *promised)
{
	const struct published *found = NULL;
	int most = 0;
	for (size_t s = 0; s < sizeof sets / sizeof sets[0]; s++) {
		int equal = 0;
		for (int i = 0; i < PUBLISHED_FILES; i++)
			equal += crc[i] == sets[s].crc[i];
		if (equal > most || (most == 0 && promised && strcmp(promised, sets[s].entry.name) == 0)) {
			most = equal;
			found = &sets[s];
		}
	}
	return found;
}

uint32_t published_expect(enum published_file file, uint32_t sample)
{
	for (size_t s = 0; s < sizeof sets / sizeof sets[0]; s++)
		if (sets[s].sample[file] && sets[s].sample[file] == sample)
			return sets[s].crc[file];
	return 0;
}

bool published_differs(const struct published *set, const uint32_t crc[PUBLISHED_FILES])
{
	return set && memcmp(set->crc, crc, sizeof set->crc) != 0;
}

/* Copies the last component of the first `end` bytes of a path, without slashes; returns where it begins. */
static size_t last_component(char out[256], const char *path, size_t end)
{
	while (end > 1 && path[end - 1] == '/')
		end--;
	size_t begin = end;
	while (begin > 0 && path[begin - 1] != '/')
		begin--;
	snprintf(out, 256, "%.*s", (int)(end - begin), path + begin);
	return begin;
}

/* Whether packages that download data sets call the folder of any set so. */
static bool is_of_download(const char *name)
{
	static const char *const names[] = { "raw", "manual", "downloads", "extracted" };
	bool is = false;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		is |= strcmp(name, names[i]) == 0;
	return is;
}

void published_name(char *name, size_t size, const struct published *set, bool modified, const char *path)
{
	if (set) {
		snprintf(name, size, "%s%s", set->name, modified ? " (modified)" : "");
		return;
	}
	char last[256]; /* longer than any name in a folder may be */
	size_t begin = last_component(last, path, strlen(path));
	while (begin > 0 && is_of_download(last)) {
		char before[sizeof last];
		begin = last_component(before, path, begin);
		if (before[0] == '\0' || strcmp(before, ".") == 0 || strcmp(before, "..") == 0)
			break;
		snprintf(last, sizeof last, "%s", before);
	}
	text_escape(name, size, *last ? last : "/");
}
