public import AlignmentCodec
public import AlignmentJSON

/// Where padding goes.
public enum PadSide: String, NamedKnobValue { case left, right }

/// How an absent tensor is passed on: as None, as a tensor of no elements, or there after all.
public enum AbsentAudio: String, NamedKnobValue { case none, empty, given }

/// Which reference waveforms a sample carries.
public enum AttachedWaveforms: String, NamedKnobValue { case none, empty, attached }

/// What a batch is made of.
public enum BatchLayout: String, NamedKnobValue {
    /// One placeholder for each audio, and the streams of all audio side by side: upstream's.
    case placeholders
    /// One placeholder for each delayed column, and a row of columns for each request: the port's.
    case expanded
}

/// Which placeholders stay in the prompt.
public enum PlaceholderRule: String, NamedKnobValue {
    /// One for each encoded segment; surplus ones leave the prompt.
    case onePerSegment = "one-per-segment"
    /// All that the prompt holds.
    case asPrompted = "as-prompted"
}

/// Whether a prompt gets the header that opens the assistant's turn.
public enum PromptEnding: String, NamedKnobValue {
    /// It stays as it was written.
    case asPrompted = "as-prompted"
    /// The header follows, unless the prompt has gone on after one already.
    case appended
}

/// How the limit on new tokens is found; `AdaptiveBudget` has the formulas.
public enum Budget: String, NamedKnobValue {
    /// The number that is given.
    case fixed
    /// From the text's length, at 130 words a minute: 48 ... 384.
    case adaptive
    /// From the text's length, at 150 words a minute: 64 ... 512.
    case adaptive150 = "adaptive-150"
}

/// How BOS and EOS are forced on delayed streams.
public enum DelayMachine: String, NamedKnobValue {
    /// What was drawn is overwritten, the end counts from the codebook that drew EOS first: upstream's.
    case overwrite
    /// The logits are masked before the draw, the end counts from the first codebook: the port's.
    case mask
}

/// Which end columns are cut off a stream.
public enum Strip: String, NamedKnobValue {
    /// One column at each end.
    case both
    /// None.
    case none
    /// The first column.
    case first
    /// The last column.
    case last
    /// Everything up to the last column of nothing but BOS, and from the first one after it of nothing but EOS.
    case searched = "bos-eos-search"
}

/// A step of the tokens stage.
public enum TokenStep: String, NamedKnobValue { case revert, clip, strip }

/// What becomes of ids outside 0 ... `clip_max`.
public enum OutOfRange: String, NamedKnobValue {
    /// The nearest bound.
    case clip
    /// Their remainder modulo `clip_max` + 1, as Python's %.
    case wrap
    /// 0.
    case zero
}

/// How codes lie in the matrix that is handed to the codec.
public enum CodeLayout: String, NamedKnobValue {
    /// [codebook, frame].
    case codebooksFirst = "codebooks-first"
    /// [frame, codebook].
    case transposed
    /// The memory of [frame, codebook], read as [codebook, frame].
    case reshaped
}

/// How float samples become integers in a written file.
public enum SampleOverflow: String, NamedKnobValue {
    /// As libsndfile does: clamped to the range, floored to steps.
    case clamp
    /// `(x * 32767).astype(np.int16)`: truncated toward zero, modulo 2^16.
    case wrap
    /// The same clamped to 16 bits before.
    case truncate
}

/// Where a pipeline cuts and scales its sound.
public enum FinishPoint: String, NamedKnobValue {
    /// In the codec's decode, so that all that follows has it.
    case codec
    /// Between the codec and the file.
    case file
}

extension CodecPrecision: NamedKnobValue {}

extension WeightNorm: NamedKnobValue {}

/// Where each segment starts in a concatenation of segments.
public enum SegmentStarts: KnobValue {
    /// None.
    case none
    /// A tensor of no elements.
    case empty
    /// One start for each segment.
    case exclusive
    /// One start for each segment and the total length after them.
    case withTotal
    /// These, whatever the segments are.
    case explicit([Int])

    /// What a profile may write.
    public static var expectation: String {
        "one of \"none\", \"absent\", \"empty\", \"exclusive\", \"with-total\", or a list of starts"
    }

    /// JSON Schema of a name or a list of starts.
    public static var schema: [String: JSONValue] {
        let names = ["none", "absent", "empty", "exclusive", "with-total"]
        return [
            "anyOf": .array([.object(["enum": .array(names.map(\.json))]), .object([Int].schema)])
        ]
    }

    /// A name, or a list of starts. The recorder's "other" carries no starts and is not understood.
    public init?(json: JSONValue) {
        switch json {
        case .string("none"), .string("absent"): self = .none
        case .string("empty"): self = .empty
        case .string("exclusive"): self = .exclusive
        case .string("with-total"): self = .withTotal
        default:
            guard let starts = [Int](json: json) else { return nil }
            self = .explicit(starts)
        }
    }

    /// A name, or a list of starts.
    public var json: JSONValue {
        switch self {
        case .none: .string("none")
        case .empty: .string("empty")
        case .exclusive: .string("exclusive")
        case .withTotal: .string("with-total")
        case .explicit(let starts): starts.json
        }
    }

    /// The starts for segments of these lengths; nil stands for None.
    public func starts(lengths: [Int]) -> [Int]? {
        switch self {
        case .none: nil
        case .empty: []
        case .exclusive: Array(cumulative(lengths).dropLast())
        case .withTotal: cumulative(lengths)
        case .explicit(let starts): starts
        }
    }

    /// The rule that gives these starts for segments of these lengths.
    public init(observed starts: [Int]?, lengths: [Int]) {
        let total = cumulative(lengths)
        self =
            switch starts {
            case nil: .none
            case []?: .empty
            case Array(total.dropLast())?: .exclusive
            case total?: .withTotal
            case let other?: .explicit(other)
            }
    }
}

/// 0, then the sum after each length.
func cumulative(_ lengths: [Int]) -> [Int] {
    lengths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
}
