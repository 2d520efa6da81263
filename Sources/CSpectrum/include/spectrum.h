// Power spectra of real signals in binary64, by kissfft.
#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// A transform of one length. Any number of threads may use it at once where half of the length has no prime
// factor above 5.
struct spectrum_plan;

// A plan for an even number of samples.
struct spectrum_plan *spectrum_plan_make(size_t samples);
void spectrum_plan_free(struct spectrum_plan *plan);

// Writes |X[k]|^2 of the plan's number of samples for k from 0 to half that number, which is included.
void spectrum_power(const struct spectrum_plan *plan, const double *samples, double *power);

#ifdef __cplusplus
}
#endif
