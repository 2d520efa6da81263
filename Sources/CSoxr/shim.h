// libsoxr for Swift: the header, and the quality recipe, which is a macro that names another macro.
#pragma once
#include <soxr.h>

// One channel of binary32, at the quality that librosa and python-soxr take by default.
static inline soxr_t csoxr_create_hq(double input_rate, double output_rate, soxr_error_t *error) {
    soxr_io_spec_t formats = soxr_io_spec(SOXR_FLOAT32_I, SOXR_FLOAT32_I);
    soxr_quality_spec_t quality = soxr_quality_spec(SOXR_HQ, 0);
    return soxr_create(input_rate, output_rate, 1, error, &formats, &quality, NULL);
}
