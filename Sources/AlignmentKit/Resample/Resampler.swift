internal import CSoxr

/// Brings one channel of sound to another rate as it streams through, by libsoxr's high quality (20 bits,
/// linear phase).
///
/// Source: python-soxr 1.1 `soxr.resample`, which librosa's default `res_type="soxr_hq"` calls. What it holds
/// of the sound is its filters' delay, a few thousand samples, however long the sound is.
public struct Resampler: ~Copyable {
    /// Rates in Hz that are taken, in and out.
    public static let rates = 1.0...10_000_000

    private let handle: soxr_t
    private var block: [Float]

    /// A resampler between two rates in Hz.
    ///
    /// - Throws: `ResampleError` for a rate outside `rates`, or if libsoxr refuses.
    public init(from inputRate: Double, to outputRate: Double) throws(ResampleError) {
        for rate in [inputRate, outputRate] where !Self.rates.contains(rate) {
            throw .invalidRate(rate)
        }
        var error: soxr_error_t?
        guard let handle = csoxr_create_hq(inputRate, outputRate, &error), error == nil else {
            throw .library(error.map { String(cString: $0) } ?? "no reason given")
        }
        self.handle = handle
        block = Array(repeating: 0, count: 1 << 14)
    }

    deinit { soxr_delete(handle) }

    /// Takes samples and appends what they make ready, which comes later than they do by the filters' delay.
    public mutating func append(
        _ samples: UnsafeBufferPointer<Float>, to output: inout [Float]
    ) throws(ResampleError) {
        var rest = samples
        while !rest.isEmpty {
            let (taken, given) = try process(rest.baseAddress, rest.count, &output)
            rest = UnsafeBufferPointer(rebasing: rest.dropFirst(taken))
            if taken == 0, given == 0 { throw .library("it takes no samples") }
        }
    }

    /// Ends the sound and appends what the filters still hold. Nothing may be appended afterwards.
    public mutating func finish(_ output: inout [Float]) throws(ResampleError) {
        while try process(nil, 0, &output).given > 0 {}
    }

    private mutating func process(
        _ samples: UnsafePointer<Float>?, _ count: Int, _ output: inout [Float]
    ) throws(ResampleError) -> (taken: Int, given: Int) {
        var taken = 0
        var given = 0
        if let error = soxr_process(handle, samples, count, &taken, &block, block.count, &given) {
            throw .library(String(cString: error))
        }
        output.append(contentsOf: block[..<given])
        return (taken, given)
    }
}
