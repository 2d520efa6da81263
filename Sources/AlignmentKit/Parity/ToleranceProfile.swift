public import AlignmentArchive
public import AlignmentComparison
public import AlignmentTensors

/// Which tolerance is in force for which tensor.
///
/// The first rule that matches decides. Where none does, the bounds are those of the element type.
public struct ToleranceProfile: Sendable, Hashable, Codable {
    /// What reports call it.
    public var name: String
    /// The rules in order.
    public var rules: [Rule]

    /// One rule; what it leaves out matches everything.
    public struct Rule: Sendable, Hashable, Codable {
        /// What reports call it.
        public var name: String
        /// Tensors below the sample, such as `decode/captured/**/waveform`.
        public var tensor: PathPattern?
        /// The stage, such as `decode`.
        public var stage: String?
        /// The element type.
        public var dtype: DType?
        /// The tolerance.
        public var tolerance: Tolerance

        /// A rule of these parts.
        public init(
            name: String, tensor: PathPattern? = nil, stage: String? = nil, dtype: DType? = nil,
            tolerance: Tolerance
        ) {
            (self.name, self.tensor, self.stage) = (name, tensor, stage)
            (self.dtype, self.tolerance) = (dtype, tolerance)
        }

        func matches(_ path: String, dtype: DType) -> Bool {
            if let tensor, !tensor.matches(path) { return false }
            if let stage, path.split(separator: "/").first.map(String.init) != stage { return false }
            return self.dtype == nil || self.dtype == dtype
        }
    }

    /// A profile of these rules.
    public init(name: String, rules: [Rule]) {
        (self.name, self.rules) = (name, rules)
    }

    /// The rule in force for a tensor, by its path below the sample.
    public func rule(for path: String, dtype: DType) -> Rule {
        rules.first { $0.matches(path, dtype: dtype) }
            ?? Rule(name: dtype.rawValue, dtype: dtype, tolerance: .standard(for: dtype))
    }

    /// What holds unless a profile says otherwise: torch's bounds for each type, the absolute one scaled by the
    /// reference's RMS; 90 dB for sound; one step for PCM_16 samples; ties settled in sampling scores;
    /// 100 dB for Whisper features.
    public static let standard = ToleranceProfile(
        name: "standard",
        rules: [
            Rule(name: "sound", tensor: PathPattern("**/waveform"), dtype: .float32, tolerance: .waveform),
            Rule(
                name: "sound file", tensor: PathPattern("**/written/*/samples"), dtype: .float32,
                tolerance: .waveform),
            Rule(
                name: "PCM file", tensor: PathPattern("**/written/*/samples"), dtype: .int32,
                tolerance: .pcm16),
            Rule(
                name: "scores", tensor: PathPattern("generation/*/scores"), dtype: .float32,
                tolerance: .scores),
            Rule(
                name: "Whisper features", tensor: PathPattern("collator/**/audio_features"),
                dtype: .float32, tolerance: .features),
        ])
}
