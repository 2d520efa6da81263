#include "codec.h"
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { lanes = 16 };
typedef float floats __attribute__((vector_size(64)));
typedef int32_t ints __attribute__((vector_size(64)));
typedef uint32_t words __attribute__((vector_size(64)));
typedef _Float16 halves __attribute__((vector_size(32)));
typedef bool bools __attribute__((ext_vector_type(16)));

// Lanes outside the fast range, and those not finite, by the C library in binary64.
__attribute__((noinline)) static void squared_sine_of_large(const float *z, float *squares) {
    for (int lane = 0; lane < lanes; lane++) {
        if (fabsf(z[lane]) <= CODEC_EXACT_REDUCTION) continue;
        double sine = sin(z[lane]);
        squares[lane] = (float)(sine * sine);
    }
}

#define KERNELS "codec_kernels.inc"
#include "levels.inc"

int codec_processor_level(void) {
#if defined(__x86_64__)
    return __builtin_cpu_supports("x86-64-v4") ? 4 : __builtin_cpu_supports("x86-64-v3") ? 3 : 1;
#else
    return 0;
#endif
}

void codec_squared_sine(const float *input, float *output, size_t count) {
    BEST(squared_sines)(input, output, count);
}

void codec_snake(
    const float *input, float *output, size_t count, const float *alpha, const float *inverse, size_t period) {
    BEST(snake)(input, output, count, alpha, inverse, period);
}

void codec_pair_operands(
    const float *rows, size_t groups, size_t dilation, size_t width, float *first, float *second, float *third,
    float *fourth) {
    BEST(pair_operands)(rows, groups, dilation, width, first, second, third, fourth);
}

void codec_pair_rows(
    const float *first, const float *second, const float *third, const float *fourth, const float *bias,
    size_t groups, size_t dilation, size_t width, float *rows) {
    BEST(pair_rows)(first, second, third, fourth, bias, groups, dilation, width, rows);
}

void codec_round(float *values, size_t count, enum codec_format format) {
    BEST(round)(values, count, format);
}

void codec_snake_rounded(
    const float *input, float *output, size_t count, const float *alpha, const float *inverse, size_t period,
    enum codec_format format) {
    BEST(snake_rounded)(input, output, count, alpha, inverse, period, format);
}
