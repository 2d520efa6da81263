// The codec's elementwise work, at the speed of the cache. Rows are row-major [row, channel].
#pragma once
#include <stddef.h>

// The magnitude below which the range reduction of the squared sine is exact.
#define CODEC_EXACT_REDUCTION 8192.0f

// sin² of each element, within 1.01e-7 of the exact value for magnitudes from 2^-10 to CODEC_EXACT_REDUCTION, where
// every float was tried (1.0096e-7 at 21.191349 with fused operations, 9.76e-8 without), and within half a unit in the
// last place beyond; what is not finite gives NaN.
void codec_squared_sine(const float *input, float *output, size_t count);

// x + inverse · sin²(alpha · x). alpha and inverse hold `period` elements, a multiple of 16, and repeat. output may
// be input.
void codec_snake(
    const float *input, float *output, size_t count, const float *alpha, const float *inverse, size_t period);

// A kernel of seven taps, `dilation` rows apart, on rows taken in pairs (t, t + dilation): a group is 2 · dilation
// rows and gives `dilation` pairs. PairedConvolution.swift has the formulas.

// From rows that start 3 · dilation before the first pair to the four operands, row-major with a row for each pair
// and 3, 2, 2 and 3 times `width` columns.
void codec_pair_operands(
    const float *rows, size_t groups, size_t dilation, size_t width, float *first, float *second, float *third,
    float *fourth);

// From the four products, `width` columns each, to rows.
void codec_pair_rows(
    const float *first, const float *second, const float *third, const float *fourth, const float *bias,
    size_t groups, size_t dilation, size_t width, float *rows);

// Level of the processor's instructions by the x86-64 psABI, of those that kernels exist for: 1, 3 or 4; 0 elsewhere.
int codec_processor_level(void);

// Formats that values are rounded to, to the nearest, ties to even.
enum codec_format {
    CODEC_BFLOAT16,
    CODEC_FLOAT16,
    CODEC_TF32,  // float32 with 10 bits of mantissa
};

// Rounds in place; what is beyond the format's range becomes infinite, NaN stays NaN.
void codec_round(float *values, size_t count, enum codec_format format);

// codec_snake as torch computes it in a format: the result of each operation is rounded.
void codec_snake_rounded(
    const float *input, float *output, size_t count, const float *alpha, const float *inverse, size_t period,
    enum codec_format format);
