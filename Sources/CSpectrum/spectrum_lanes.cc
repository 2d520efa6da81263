#include "spectrum_lanes.h"

#include <cmath>
#include <complex>
#include <kissfft/kissfft.hh>
#include <type_traits>
#include <vector>

namespace {

// Four numbers that kissfft takes for one: four transforms in the time of one.
struct Lanes {
    typedef float Vector __attribute__((vector_size(16)));
    Vector v;

    Lanes() = default;
    Lanes(double x) : v(Vector{} + float(x)) {}
    Lanes(Vector x) : v(x) {}

    // Only kissfft's constants are read as single numbers, and all four of them are the same.
    operator double() const { return v[0]; }

    Lanes operator-() const { return -v; }
    Lanes &operator+=(Lanes o) { return v += o.v, *this; }
    Lanes &operator-=(Lanes o) { return v -= o.v, *this; }
    Lanes &operator*=(Lanes o) { return v *= o.v, *this; }
    friend Lanes operator+(Lanes a, Lanes b) { return a.v + b.v; }
    friend Lanes operator-(Lanes a, Lanes b) { return a.v - b.v; }
    friend Lanes operator*(Lanes a, Lanes b) { return a.v * b.v; }
    template <class T, class = std::enable_if_t<std::is_arithmetic_v<T>>>
    friend Lanes operator*(T a, Lanes b) {
        return float(a) * b.v;
    }
};

// What kissfft computes its twiddle factors with.
Lanes exp(Lanes x) { return std::exp(double(x)); }
Lanes cos(Lanes x) { return std::cos(double(x)); }
Lanes sin(Lanes x) { return std::sin(double(x)); }

} // namespace

// Frames 0 to 3 are the real parts, 4 to 7 the imaginary parts of one complex transform.
struct spectrum_lanes {
    size_t samples;
    kissfft<Lanes> transform;
    std::vector<std::complex<Lanes>> input, bins;
};

extern "C" struct spectrum_lanes *spectrum_lanes_make(size_t samples) {
    return new spectrum_lanes{samples, kissfft<Lanes>(samples, false), std::vector<std::complex<Lanes>>(samples),
                              std::vector<std::complex<Lanes>>(samples)};
}

extern "C" void spectrum_lanes_free(struct spectrum_lanes *plan) { delete plan; }

extern "C" void spectrum_lanes_power(struct spectrum_lanes *plan, const float *rows, size_t length, float *power) {
    size_t n = plan->samples;
    const Lanes::Vector *in = reinterpret_cast<const Lanes::Vector *>(rows);
    for (size_t i = 0; i < length; i++) plan->input[i] = {Lanes(in[2 * i]), Lanes(in[2 * i + 1])};
    for (size_t i = length; i < n; i++) plan->input[i] = {Lanes(0.0), Lanes(0.0)};
    plan->transform.transform(plan->input.data(), plan->bins.data());
    // Z = X + iY of real x and y: X is half of Z[k] + conj Z[n - k], iY half of their difference.
    Lanes::Vector *out = reinterpret_cast<Lanes::Vector *>(power);
    for (size_t k = 0; k <= n / 2; k++) {
        const std::complex<Lanes> a = plan->bins[k], b = plan->bins[k ? n - k : 0];
        Lanes::Vector xr = a.real().v + b.real().v, xi = a.imag().v - b.imag().v;
        Lanes::Vector yr = a.imag().v + b.imag().v, yi = b.real().v - a.real().v;
        out[2 * k] = 0.25f * (xr * xr + xi * xi);
        out[2 * k + 1] = 0.25f * (yr * yr + yi * yi);
    }
}

extern "C" void spectrum_lanes_correlate(struct spectrum_lanes *plan, const float *power, size_t lags, float *sums) {
    size_t n = plan->samples;
    const Lanes::Vector *in = reinterpret_cast<const Lanes::Vector *>(power);
    for (size_t k = 0; k < n; k++) {
        size_t bin = k <= n / 2 ? k : n - k;
        plan->input[k] = {Lanes(in[2 * bin]), Lanes(in[2 * bin + 1])};
    }
    // A power spectrum is real and even, so forwards is backwards but for the scale.
    plan->transform.transform(plan->input.data(), plan->bins.data());
    Lanes::Vector *out = reinterpret_cast<Lanes::Vector *>(sums);
    float scale = 1.0f / float(n);
    for (size_t lag = 0; lag < lags; lag++) {
        out[2 * lag] = scale * plan->bins[lag].real().v;
        out[2 * lag + 1] = scale * plan->bins[lag].imag().v;
    }
}
