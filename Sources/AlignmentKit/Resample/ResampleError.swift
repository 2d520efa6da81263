/// Why sound could not be brought to another rate.
public enum ResampleError: Error, Sendable, Hashable {
    /// A rate in Hz that no sound has; `Resampler.rates` has those that are taken.
    case invalidRate(Double)
    /// More samples than the caller allows.
    case tooLong(samples: Double, allowed: Int)
    /// libsoxr refused; its own words.
    case library(String)
}

extension ResampleError: CustomStringConvertible {
    /// One clause that says what was found and what is taken.
    public var description: String {
        switch self {
        case .invalidRate(let rate):
            "no sound has a rate of \(rate) Hz; give one of \(Resampler.rates.lowerBound) to "
                + "\(Resampler.rates.upperBound)"
        case .tooLong(let samples, let allowed):
            "resampling would give \(samples) samples, more than the limit of \(allowed); cut the sound "
                + "into shorter pieces, or check its rate"
        case .library(let words): "libsoxr could not resample: \(words)"
        }
    }
}
