#include "measure.h"
#include <string.h>

#pragma clang fp contract(off)

typedef double doubles __attribute__((vector_size(64)));
typedef int64_t longs __attribute__((vector_size(64)));
typedef int32_t ints __attribute__((vector_size(32)));
typedef int16_t shorts __attribute__((vector_size(16)));
typedef float floats __attribute__((vector_size(32)));
typedef _Float16 halves __attribute__((vector_size(16)));

enum { lanes = 8, steps = 4, chunk = lanes * steps };
// In bytes.
enum { cache_line = 64, prefetch_distance = 1024 };

static double largest(const double *values) {
    double found = values[0];
    for (int lane = 1; lane < lanes; lane++) found = values[lane] > found ? values[lane] : found;
    return found;
}

static double sum(const double *values) {
    return ((values[0] + values[4]) + (values[1] + values[5])) +
           ((values[2] + values[6]) + (values[3] + values[7]));
}

// For each element type: how it is stored, how bits become binary64, and how they are ordered. Counting up
// from the most negative value, the bits of a float are its place among all values of its type; negative
// ones are mirrored, and both zeros fall together.
#define MIRRORED(bits, least) ((((bits) < 0) & ((least) - (bits))) | (~((bits) < 0) & (bits)))

#define FLOAT64_ORDER longs
#define FLOAT64_BITS int64_t
#define FLOAT64_LOAD(bits) (bits)
#define FLOAT64_VALUE(bits) ((doubles)(bits))
#define FLOAT64_LEAST INT64_MIN
#define FLOAT64_CONTRACTION off

#define FLOAT32_ORDER ints
#define FLOAT32_BITS int32_t
#define FLOAT32_LOAD(bits) (bits)
#define FLOAT32_VALUE(bits) __builtin_convertvector((floats)(bits), doubles)
#define FLOAT32_LEAST INT32_MIN
#define FLOAT32_CONTRACTION fast

#define FLOAT16_ORDER ints
#define FLOAT16_BITS int16_t
#define FLOAT16_LOAD(bits) __builtin_convertvector(bits, ints)
#define FLOAT16_VALUE(bits) \
    __builtin_convertvector((halves)__builtin_convertvector(bits, shorts), doubles)
#define FLOAT16_LEAST INT16_MIN
#define FLOAT16_CONTRACTION fast

#define BFLOAT16_ORDER ints
#define BFLOAT16_BITS int16_t
#define BFLOAT16_LOAD(bits) __builtin_convertvector(bits, ints)
#define BFLOAT16_VALUE(bits) __builtin_convertvector((floats)((bits) << 16), doubles)
#define BFLOAT16_LEAST INT16_MIN
#define BFLOAT16_CONTRACTION fast

#define KERNELS "measure_kernels.inc"
#include "levels.inc"

#define DISPATCHED(name)                                                                      \
    void name(                                                                                \
        const void *left, const void *right, size_t count, double relative, double *columns, \
        struct measure_sums *sums) {                                                          \
        BEST(name)(left, right, count, relative, columns, sums);                              \
    }

DISPATCHED(measure_float64)
DISPATCHED(measure_float32)
DISPATCHED(measure_float16)
DISPATCHED(measure_bfloat16)
