// Sums over pairs of floats, at the speed of memory.
#pragma once
#include <stddef.h>
#include <stdint.h>

// What one pass over a run of pairs gives. Errors are left minus right, in binary64.
struct measure_sums {
    double left_energy;   // sum of left squared
    double right_energy;  // sum of right squared
    double product;       // sum of left times right
    double error_energy;  // sum of the squared errors
    double max_abs;       // largest |error|
    double max_excess;    // largest |error| - relative * |right|
    double max_rel;       // largest |error| / |right| where right is not zero
    uint64_t max_ulp;     // largest distance in representable values
    uint64_t different;   // pairs that are not equal; 0.0 equals -0.0
    int is_finite;        // zero if any value is infinite or NaN: then nothing else above holds
};

// Measures `count` pairs. `columns`, if not NULL, has `count` elements, to which each squared error is added.
// `sums->max_rel` is read: pairs of a smaller relative error are passed over. The rest is overwritten.
//
// Sums are taken in eight lanes by index modulo 8 on every processor, without fused operations, so the result
// is the same everywhere.
typedef void measure_function(
    const void *left, const void *right, size_t count, double relative, double *columns,
    struct measure_sums *sums);

measure_function measure_float64, measure_float32, measure_float16, measure_bfloat16;
