/* The bits of the floating-point control register, by processor. */
#include "base/flush_zero.h"

#if defined __x86_64__

#include <xmmintrin.h>

#define FLUSH_RESULTS 0x8000u /* FTZ */
#define FLUSH_OPERANDS 0x40u  /* DAZ; every x86-64 has it */

struct flush_zero flush_zero_begin(void)
{
	unsigned before = _mm_getcsr();
	_mm_setcsr(before | FLUSH_RESULTS | FLUSH_OPERANDS);
	return (struct flush_zero){ true, before };
}

void flush_zero_end(struct flush_zero mode)
{
	_mm_setcsr((unsigned)mode.before);
}

#elif defined __aarch64__

#define FLUSH (1ull << 24) /* FZ: operands and results */

static unsigned long long read_control(void)
{
	unsigned long long control;
	__asm__ volatile("mrs %0, fpcr" : "=r"(control));
	return control;
}

static void write_control(unsigned long long control)
{
	__asm__ volatile("msr fpcr, %0" : : "r"(control));
}

struct flush_zero flush_zero_begin(void)
{
	unsigned long long before = read_control();
	write_control(before | FLUSH);
	return (struct flush_zero){ true, before };
}

void flush_zero_end(struct flush_zero mode)
{
	write_control(mode.before);
}

#else

struct flush_zero flush_zero_begin(void)
{
	return (struct flush_zero){ false, 0 };
}

void flush_zero_end(struct flush_zero mode)
{
	(void)mode;
}

#endif
