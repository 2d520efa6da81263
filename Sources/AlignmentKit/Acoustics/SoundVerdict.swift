/// What is wrong with a sound, by the first of these that applies.
public enum SoundVerdict: String, Sendable, Codable, CaseIterable, Comparable {
    /// No sound file that can be read.
    case unreadable
    /// Not one sample.
    case empty
    /// A sample is NaN or infinite.
    case nonFinite = "non-finite"
    /// Every sample is the same.
    case dead
    /// The AC energy is below the gate.
    case silent
    /// Too few frames are active.
    case mostlySilent = "mostly-silent"
    /// Flat tops at full scale.
    case clipped
    /// Too few signs of syllables.
    case noSpeechStructure = "no-speech-structure"
    /// The same again and again.
    case looped
    /// A long silence at an end or within.
    case longGap = "long-gap"
    /// The last 40 ms are as loud as speech.
    case cutOff = "cut-off"
    /// The header names another sample rate than the codec's.
    case wrongSampleRate = "wrong-sample-rate"
    /// Nothing of these.
    case plausible

    /// In the order of the cases: the worst first.
    public static func < (left: SoundVerdict, right: SoundVerdict) -> Bool { left.rank < right.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// What was found in a sound: the verdicts that apply, and four more that are none.
public enum SoundFinding: Sendable, Hashable, Codable {
    /// A verdict that applies.
    case verdict(SoundVerdict)
    /// The length is what the token limit leaves: generation never met EOS.
    case budgetExhausted
    /// Samples beyond full scale came back at the other end of the scale.
    case int16Wrap
    /// A channel is constant or silent beside one that is not.
    case deadChannel
    /// The mean is far from 0.
    case dcOffset

    /// The name in JSON and in profiles.
    public var id: String {
        switch self {
        case .verdict(let verdict): verdict.rawValue
        case .budgetExhausted: "budget-exhausted"
        case .int16Wrap: "int16-wrap"
        case .deadChannel: "dead-channel"
        case .dcOffset: "dc-offset"
        }
    }

    /// All there are.
    public static var all: [SoundFinding] {
        SoundVerdict.allCases.filter { $0 != .plausible }.map(SoundFinding.verdict)
            + [.budgetExhausted, .int16Wrap, .deadChannel, .dcOffset]
    }

    /// The finding of a name; nil for none.
    public init?(id: String) {
        guard let found = Self.all.first(where: { $0.id == id }) else { return nil }
        self = found
    }

    /// The name.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let id = try container.decode(String.self)
        guard let found = Self(id: id) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "no finding is called \(id)")
        }
        self = found
    }

    /// The name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(id)
    }
}
