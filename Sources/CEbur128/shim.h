// libebur128 for Swift: the header, and a function for each name that Swift cannot use as it is.
#pragma once
#include <ebur128.h>

// The modes are enumerators of an enum, which Swift does not combine.
static inline int cebur128_integrated(int with_histogram, int with_true_peak) {
    return EBUR128_MODE_I | (with_histogram ? EBUR128_MODE_HISTOGRAM : 0) |
           (with_true_peak ? EBUR128_MODE_TRUE_PEAK : 0);
}
static inline int cebur128_succeeded(int code) { return code == EBUR128_SUCCESS; }
