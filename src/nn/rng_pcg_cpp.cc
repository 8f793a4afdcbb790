/* libpcg's C++ headers behind C functions.  pcg32 hides its state; a class
 * derived from it carries the state in and out. */
#include "nn/rng_pcg.h"

#include <pcg_random.hpp>

namespace {

class open_pcg32 : public pcg32 {
public:
	open_pcg32(uint64_t seed, uint64_t stream) : pcg32(seed, stream) {}

	static open_pcg32 at(uint64_t state, uint64_t increment)
	{
		open_pcg32 generator(0, 0);
		generator.state_ = state;
		generator.inc_ = increment;
		return generator;
	}

	uint64_t state() const { return state_; }
	uint64_t increment() const { return inc_; }
};

} // namespace

void rng_pcg_seed(uint64_t *state, uint64_t *increment, uint64_t seed, uint64_t stream)
{
	open_pcg32 generator(seed, stream);
	*state = generator.state();
	*increment = generator.increment();
}

uint32_t rng_pcg_next(uint64_t *state, uint64_t increment)
{
	open_pcg32 generator = open_pcg32::at(*state, increment);
	uint32_t draw = generator();
	*state = generator.state();
	return draw;
}

uint32_t rng_pcg_below(uint64_t *state, uint64_t increment, uint32_t bound)
{
	open_pcg32 generator = open_pcg32::at(*state, increment);
	uint32_t draw = generator(bound);
	*state = generator.state();
	return draw;
}

void rng_pcg_advance(uint64_t *state, uint64_t increment, uint64_t draws)
{
	open_pcg32 generator = open_pcg32::at(*state, increment);
	generator.advance(draws);
	*state = generator.state();
}

const char *rng_pcg_library(void)
{
	return "pcg-cpp";
}
