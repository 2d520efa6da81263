internal import CEbur128

/// Loudness and true peak, by libebur128.
///
/// Source: ITU-R BS.1770-4; gated as EBU R 128 has it.
final class LoudnessMeter {
    private var state: UnsafeMutablePointer<ebur128_state>?
    private let channels: Int
    private let withTruePeak: Bool

    /// Sounds beyond this length are summed up in bins of 0.1 LU, so that memory does not grow.
    private static let exactSeconds = 3600

    /// nil for more than 64 channels or a rate that the standard's filters cannot have.
    init?(channels: Int, sampleRate: Int, declaredFrames: Int, withTruePeak: Bool) {
        guard (1...64).contains(channels), (16...2_822_400).contains(sampleRate) else { return nil }
        let isLong = declaredFrames > Self.exactSeconds * sampleRate
        let mode = cebur128_integrated(isLong ? 1 : 0, withTruePeak ? 1 : 0)
        guard let state = ebur128_init(UInt32(channels), UInt(sampleRate), mode) else { return nil }
        self.state = state
        self.channels = channels
        self.withTruePeak = withTruePeak
    }

    deinit { ebur128_destroy(&state) }

    /// Takes frames, channel after channel within each.
    func add(_ block: UnsafeBufferPointer<Float>) {
        _ = ebur128_add_frames_float(state, block.baseAddress, block.count / channels)
    }

    /// Integrated loudness, LUFS; nil below the absolute gate of -70 LUFS and for less than 400 ms.
    var integrated: Double? {
        var value = 0.0
        guard cebur128_succeeded(ebur128_loudness_global(state, &value)) != 0, value.isFinite else {
            return nil
        }
        return value
    }

    /// The true peak over all channels, full scale 1; nil if it was not asked for.
    var truePeak: Double? {
        guard withTruePeak else { return nil }
        var peak = 0.0
        for channel in 0..<channels {
            var value = 0.0
            guard cebur128_succeeded(ebur128_true_peak(state, UInt32(channel), &value)) != 0 else {
                return nil
            }
            peak = max(peak, value)
        }
        return peak
    }
}
