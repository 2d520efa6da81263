// Power spectra and autocorrelations of eight real frames at once in binary32, by kissfft.
#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SPECTRUM_LANES 8

// A transform of one length, with its scratch: one thread at a time may use it.
struct spectrum_lanes;

// A plan for an even number of samples; best where it has no prime factor above 5.
struct spectrum_lanes *spectrum_lanes_make(size_t samples);
void spectrum_lanes_free(struct spectrum_lanes *plan);

// Writes |X[k]|^2 of eight frames to power[8 * k + frame], k from 0 to half the plan's samples, which is included.
// Sample i of a frame is rows[8 * i + frame]; after `length` samples, at most the plan's, follow zeros. All arrays are
// aligned to 16 bytes, here and below.
void spectrum_lanes_power(struct spectrum_lanes *plan, const float *rows, size_t length, float *power);

// Writes the sums of x[i] * x[i + lag] of the eight frames behind these powers to sums[8 * lag + frame], for lags
// below `lags`; sums wrap around the plan's end. `power` and `sums` may not overlap.
void spectrum_lanes_correlate(struct spectrum_lanes *plan, const float *power, size_t lags, float *sums);

#ifdef __cplusplus
}
#endif
