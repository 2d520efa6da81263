extension Resampler {
    /// A whole sound of one channel at another rate, of the length that is asked for: cut, or filled up with
    /// zeros.
    ///
    /// - Parameters:
    ///   - samples: the sound, any length; what is not finite spreads over the filters' length.
    ///   - count: samples of the result; librosa's `fix_length` asks for ⌈samples · outputRate / inputRate⌉.
    ///   - limit: the most samples of the result; by default 2^28, a gibibyte.
    /// - Throws: `ResampleError` for a rate outside `rates` or a result over the limit.
    /// - Source: librosa 0.11 `core/audio.py`, `resample` with its defaults.
    public static func resample(
        _ samples: ArraySlice<Float>, from inputRate: Double, to outputRate: Double, count: Int,
        limit: Int = 1 << 28
    ) throws(ResampleError) -> [Float] {
        guard count <= limit else { throw .tooLong(samples: Double(count), allowed: limit) }
        var resampler = try Resampler(from: inputRate, to: outputRate)
        // python-soxr hands over what makes 48,000 samples at a time.
        let piece = max(1, Int(min(48_000 * inputRate / outputRate, 0x1p30)))
        var output: [Float] = []
        output.reserveCapacity(count)
        var start = samples.startIndex
        while start < samples.endIndex, output.count < count {
            let end = min(samples.endIndex, start + min(piece, samples.endIndex - start))
            let error = samples[start..<end].withUnsafeBufferPointer { buffer -> ResampleError? in
                do throws(ResampleError) {
                    try resampler.append(buffer, to: &output)
                    return nil
                } catch { return error }
            }
            if let error { throw error }
            start = end
        }
        if output.count < count { try resampler.finish(&output) }
        output.append(contentsOf: repeatElement(0, count: max(0, count - output.count)))
        output.removeLast(output.count - count)
        return output
    }
}
