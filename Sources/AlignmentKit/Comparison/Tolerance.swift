public import AlignmentTensors
import Foundation

/// How far two values may lie apart: `|a - b| <= absolute * rms(b) + step + relative * |b|`.
///
/// The absolute part scales with the reference's RMS: a fixed 1e-5 is louder than a whole silent signal.
public struct Tolerance: Sendable, Hashable, Codable {
    /// Share of the reference value.
    public var relative: Double
    /// Share of the reference tensor's root mean square.
    public var absolute: Double
    /// An absolute part that does not scale, for quantised values: one step of the quantiser.
    public var step: Double
    /// Least signal-to-noise ratio over the whole tensor in dB; nil asks for none.
    public var minimumSNR: Double?
    /// NaN against NaN at the same place passes.
    public var acceptsNaNPairs: Bool
    /// Equal scores at the edge of the nucleus may be kept or not, as long as equally many are: which of them
    /// stay is left to the sort.
    public var settlesTies: Bool

    /// A tolerance of these bounds.
    public init(
        relative: Double, absolute: Double, step: Double = 0, minimumSNR: Double? = nil,
        acceptsNaNPairs: Bool = false, settlesTies: Bool = false
    ) {
        self.relative = relative
        self.absolute = absolute
        self.step = step
        self.minimumSNR = minimumSNR
        self.acceptsNaNPairs = acceptsNaNPairs
        self.settlesTies = settlesTies
    }

    /// Sampling scores, after temperature, top-k and top-p: the bounds of float32, and ties settled.
    public static let scores = Tolerance(relative: 1.3e-6, absolute: 1e-5, settlesTies: true)

    /// Whisper's log-mel features: 100 dB over all, and 5e-4 of the RMS for a cell. The features end eight
    /// decades of power below the loudest cell, where a binary32 spectrum holds little but its own rounding:
    /// torch's own cells are up to 1.3e-4 off there, and its windows 120 dB or better (docs/comparison.md).
    public static let features = Tolerance(relative: 1.3e-6, absolute: 5e-4, minimumSNR: 100)

    /// Nothing but the same value.
    public static let exact = Tolerance(relative: 0, absolute: 0)

    /// PCM_16 samples, left-justified in 32 bits, of sound computed twice in binary32: one step.
    public static let pcm16 = pcm(bits: 16)

    /// Integer samples of this many bits, left-justified in 32, of sound computed twice in binary32: one step, and
    /// beyond 16 bits, whose steps are smaller than that noise, what `waveform` allows.
    public static func pcm(bits: Int) -> Tolerance {
        let step = Double(1 << (32 - bits))
        return bits <= 16
            ? Tolerance(relative: 0, absolute: 0, step: step)
            : Tolerance(relative: 1.3e-6, absolute: 1e-5, step: step, minimumSNR: 90)
    }

    /// Sound of a narrower type against its emulation, which lies `floor` dB from float32: an RMS error of at most
    /// 1.5 times that, no sample eight times as far.
    ///
    /// A sum in another order flips a rounding now and then, and all that follows takes other roundings. After
    /// enough layers two decodes in one type are about as far from each other as each is from float32.
    public static func emulated(floor: Double) -> Tolerance {
        let share = 8 * pow(10, -floor / 20)
        return Tolerance(relative: share, absolute: share, minimumSNR: floor - 20 * log10(1.5))
    }

    /// The bounds of `torch.testing.assert_close` for a type; integers must be the same.
    public static func standard(for dtype: DType) -> Tolerance {
        switch dtype {
        case .float64: Tolerance(relative: 1e-7, absolute: 1e-7)
        case .float32: Tolerance(relative: 1.3e-6, absolute: 1e-5)
        case .float16: Tolerance(relative: 1e-3, absolute: 1e-5)
        case .bfloat16: Tolerance(relative: 1.6e-2, absolute: 1e-5)
        case .int64, .int32, .uint8, .bool: .exact
        }
    }

    /// Sound computed twice in binary32: 90 dB over all, and the standard bounds for each sample.
    public static let waveform = Tolerance(relative: 1.3e-6, absolute: 1e-5, minimumSNR: 90)

    /// The names in JSON; an acronym does not survive the way there and back.
    private enum CodingKeys: String, CodingKey {
        case relative, absolute, step, acceptsNaNPairs = "acceptsNanPairs", settlesTies
        case minimumSNR = "minimumSnr"
    }
}
