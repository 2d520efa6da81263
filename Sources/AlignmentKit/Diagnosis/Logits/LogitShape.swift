/// What the difference of two runs' logits looks like.
///
/// The limits come from upstream's own model: the tiny checkpoint, teacher-forced over the columns of its float32 run,
/// four requests of 52 to 110 steps (`golden/make/logit_noise.py`). SNR in dB, the spread of the cells' SNR in dB, and
/// the persistence of the residual:
///
/// | run | SNR | spread | persistence |
/// |---|---|---|---|
/// | float32, sums in another order | 138 | 1.5 ... 1.9 | 0.00 |
/// | TF32, emulated | 75 ... 76 | 2.1 ... 2.5 | 0.00 |
/// | float16 | 68 | 1.5 ... 1.6 | 0.00 |
/// | bfloat16 factors, sums in float32 | 57 | 2.0 ... 2.3 | 0.00 |
/// | bfloat16 | 49 ... 50 | 1.3 ... 1.8 | 0.00 |
/// | weights rounded to 8 bits | 48 | 1.5 ... 1.7 | 0.025 ... 0.031 |
/// | 1 % noise on one attention matrix | 81 ... 89 | 3.9 ... 5.9 | 0.00 ... 0.02 |
/// | rotary base 1 % off | 46 ... 48 | 6.2 ... 8.0 | 0.00 |
/// | one projection times 1.05 | 73 ... 81 | 3.6 ... 4.2 | 0.68 ... 0.76 |
/// | a layer that adds nothing | 30 ... 34 | 4.9 ... 5.7 | 0.56 ... 0.64 |
/// | weights rounded to 4 bits | 22 ... 23 | 1.4 ... 1.8 | 0.02 ... 0.03 |
/// | random weights | -2 | 0.5 | 0.01 ... 0.02 |
/// | one codebook's head, 5 % noise | 38 | 1.3 ... 1.5 | 0.03 ... 0.04 |
/// | the head times 1.1 | 20 | 0.0 | 0.00 |
///
/// A deeper model rounds more often, so that all floors lie lower there: by about 10 dB for 28 layers, if errors add up
/// as noise does.
public enum LogitShape: String, Sendable, Codable, CaseIterable {
    /// Not one live logit differs.
    case identical
    /// Sums of float32 in another order.
    case float32Rounding = "float32_rounding"
    /// White, and as large as TF32 or float16 makes it. Where neither run lies on a coarser grid, bfloat16 factors in a
    /// shallow model and float16 in a deep one overlap at about 58 dB.
    case tf32OrFloat16Noise = "tf32_or_float16_noise"
    /// White, and as large as bfloat16 makes it.
    case bfloat16Noise = "bfloat16_noise"
    /// Each row is moved as a whole. Softmax ignores it.
    case offset
    /// Each row is stretched, as a temperature does it.
    case scale
    /// One codebook alone carries the error.
    case oneCodebook = "one_codebook"
    /// The error is clearly larger from a step on.
    case drift
    /// Too large or too structured for rounding: a wrong weight, or another model.
    case other

    /// From here on, in dB, float32 alone explains it.
    public static let float32Floor = 100.0
    /// The SNR, in dB, that parts float16 and TF32 from bfloat16 where no grid says which it is.
    public static let float16Floor = 58.0
    /// Less than this, in dB, is no rounding.
    public static let bfloat16Floor = 30.0
    /// The same as a share of the amplitude.
    static let coarsestNoise = 0.0316
    /// The share of the error's energy that an offset or a scale must explain.
    public static let affineShare = 0.9
    /// How much worse a lone codebook's SNR is than any other's, in dB.
    public static let loneLead = 10.0
    /// Rounding is as even as this over codebooks, in dB. Measured: at most 1.5.
    public static let codebookSpread = 6.0
    /// The cells' SNR scatters by no more, in dB.
    public static let cellSpread = 3.2
    /// Rounding does not repeat itself from step to step by more than this.
    public static let persistence = 0.1
    /// Nor by more than this where the logits do not lie on the grid of a type that rounds so: float32 sums of rounded
    /// weights repeat by 0.025 and more.
    public static let offGridPersistence = 0.015
    /// Nor is it a multiple of the golden. Measured: at most 0.11; a layer that adds nothing: 0.3.
    public static let correlation = 0.2

    /// What these figures show.
    init(_ found: LogitAgreement) {
        if found.brokenCells > 0 {
            self = .other
        } else if found.snrDb == .infinity {
            self = .identical
        } else if found.snrDb >= Self.float32Floor {
            self = .float32Rounding
        } else if found.drift != nil {
            self = .drift
        } else if found.loneCodebook != nil {
            self = .oneCodebook
        } else if found.fit.offsetShare >= Self.affineShare {
            self = .offset
        } else if found.fit.share >= Self.affineShare,
            found.fit.scaleSpread <= (found.fit.scale - 1).magnitude / 2
        {
            self = .scale
        } else {
            self = Self.noise(found) ?? .other
        }
    }

    /// The rounding that a white error of this size comes from; nil for an error that is not white, or too large.
    private static func noise(_ found: LogitAgreement) -> LogitShape? {
        let stored = [found.storedPrecision.captured, found.storedPrecision.golden]
        let coarsest = stored.min { $0.fractionBits < $1.fractionBits } ?? .float32
        let residual = found.residual
        let shape: LogitShape =
            switch coarsest {
            case .bfloat16: .bfloat16Noise
            case .float16: .tf32OrFloat16Noise
            case .float32: found.snrDb >= float16Floor ? .tf32OrFloat16Noise : .bfloat16Noise
            }
        let allowed = max(
            coarsest == .float32 ? offGridPersistence : persistence, residual.persistenceChance ?? 0)
        guard found.snrDb >= bfloat16Floor, residual.codebookSpreadDb ?? 0 <= codebookSpread,
            residual.cellSpreadDb ?? 0 <= cellSpread, (residual.persistence ?? 0).magnitude <= allowed,
            residual.correlation <= correlation
        else { return nil }
        return shape
    }
}
