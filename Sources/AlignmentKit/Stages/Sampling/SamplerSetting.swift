/// What a sampler draws by: its processors, and when it draws a row again.
public struct SamplerSetting: Sendable, Hashable {
    /// Divides the logits, above 0; nil takes the largest logit and has no processors.
    public var temperature: Double?
    /// Candidates kept; nil keeps all.
    public var topK: Int?
    /// Probability mass of the nucleus; nil keeps all.
    public var topP: Double?
    /// Repetition-aware sampling; nil for none.
    public var repetition: RepetitionRule?

    /// A setting.
    public init(
        temperature: Double?, topK: Int? = nil, topP: Double? = nil, repetition: RepetitionRule? = nil
    ) {
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.repetition = repetition
    }

    /// The setting of a profile.
    public init(_ profile: GenerationProfile) {
        self.init(
            temperature: profile.doSample ? profile.temperature ?? 1 : nil,
            topK: profile.doSample ? profile.topK.flatMap { $0 == 0 ? nil : $0 } : nil,
            topP: profile.doSample ? profile.topP.flatMap { $0 < 1 ? $0 : nil } : nil,
            repetition: RepetitionRule(profile))
    }
}

/// When repetition-aware sampling draws a row again.
public struct RepetitionRule: Sendable, Hashable, Codable {
    /// Columns that it looks back on; 0 for all.
    public var window: Int
    /// Repeats within them from which a row is drawn again.
    public var limit: Int

    /// A rule.
    public init(window: Int, limit: Int) {
        self.window = window
        self.limit = limit
    }

    /// The rule of a profile; nil where it is off.
    public init?(_ profile: GenerationProfile) {
        guard let window = profile.rasWinLen else { return nil }
        self.init(window: window, limit: profile.rasMaxRepeat)
    }

    /// Upstream's.
    public static let upstream = RepetitionRule(window: 7, limit: 2)
}

/// In JSON a setting has the names that `generate` gives its arguments, each of them always.
extension SamplerSetting: Codable {
    private enum CodingKeys: String, CodingKey {
        case doSample, temperature, topK, topP, rasWinLen, rasWinMaxNumRepeat
    }

    /// Writes null for a processor that is off.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(temperature != nil, forKey: .doSample)
        try container.encode(temperature, forKey: .temperature)
        try container.encode(topK, forKey: .topK)
        try container.encode(topP, forKey: .topP)
        try container.encode(repetition?.window, forKey: .rasWinLen)
        try container.encode(repetition?.limit, forKey: .rasWinMaxNumRepeat)
    }

    /// Reads what `encode` writes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let window = try container.decode(Int?.self, forKey: .rasWinLen)
        let limit = try container.decode(Int?.self, forKey: .rasWinMaxNumRepeat)
        self.init(
            temperature: try container.decode(Double?.self, forKey: .temperature),
            topK: try container.decode(Int?.self, forKey: .topK),
            topP: try container.decode(Double?.self, forKey: .topP),
            repetition: window.map { RepetitionRule(window: $0, limit: limit ?? 0) })
    }
}
