#include "spectrum.h"

#include <complex>
#include <kissfft/kissfft.hh>
#include <vector>

struct spectrum_plan {
    size_t samples;
    kissfft<double> half;
};

extern "C" struct spectrum_plan *spectrum_plan_make(size_t samples) {
    return new spectrum_plan{samples, kissfft<double>(samples / 2, false)};
}

extern "C" void spectrum_plan_free(struct spectrum_plan *plan) { delete plan; }

extern "C" void spectrum_power(const struct spectrum_plan *plan, const double *samples, double *power) {
    size_t half = plan->samples / 2;
    std::vector<std::complex<double>> bins(half);
    plan->half.transform_real(samples, bins.data());
    // kissfft packs the bin at half the rate, which is real like the first, into that one's imaginary part.
    power[0] = bins[0].real() * bins[0].real();
    power[half] = bins[0].imag() * bins[0].imag();
    for (size_t bin = 1; bin < half; bin++) power[bin] = std::norm(bins[bin]);
}
