package import AlignmentStages

/// The settings that recorded draws leave possible at some level, each parameter for itself.
///
/// The region is one of whole settings: not every combination of what is possible for each parameter lies in it. An end
/// of a range is the nearest value that was tried and excluded, so that what lies between two tried values is never
/// claimed to be excluded.
public struct SamplerRegion: Sendable, Equatable, Codable {
    /// Temperatures; nil where only the largest logit can have been taken.
    public var temperature: Span<Double>?
    /// Temperatures with the declared top-k and top-p; nil where they leave none.
    public var temperatureAsDeclared: Span<Double>?
    /// The largest logit may have been taken at every step.
    public var includesGreedy: Bool
    /// Candidates kept; nil where it can only be off.
    public var topK: Span<Int>?
    /// Top-k may be off.
    public var includesNoTopK: Bool
    /// Probability mass of the nucleus; nil where it can only be off.
    public var topP: Span<Double>?
    /// Top-p may be off.
    public var includesNoTopP: Bool
    /// Repetition-aware sampling.
    public var repetition: Repetition

    /// Values of a parameter.
    public struct Span<Value: Sendable & Equatable & Codable>: Sendable, Equatable, Codable {
        /// Above this; nil where nothing smaller was excluded.
        public var above: Value?
        /// Below this; nil where nothing larger was excluded.
        public var below: Value?
    }

    /// Whether rows were drawn again.
    public enum Repetition: String, Sendable, Codable {
        case on
        case off
        case undecided
    }

    package init(_ settings: [SamplerSetting], of grid: SettingGrid, around declared: SamplerSetting) {
        let drawn = settings.filter { $0.temperature != nil }
        let asDeclared = drawn.filter { $0.topK == declared.topK && $0.topP == declared.topP }
        temperature = Span(drawn.compactMap(\.temperature), among: grid.temperatures)
        temperatureAsDeclared = Span(asDeclared.compactMap(\.temperature), among: grid.temperatures)
        includesGreedy = drawn.count < settings.count
        topK = Span(drawn.compactMap(\.topK), among: grid.cuts.compactMap(\.topK))
        includesNoTopK = drawn.contains { $0.topK == nil }
        topP = Span(drawn.compactMap(\.topP), among: grid.cuts.compactMap(\.topP))
        includesNoTopP = drawn.contains { $0.topP == nil }
        let rules = Set(settings.map { $0.repetition != nil })
        repetition = rules == [true] ? .on : rules == [false] ? .off : .undecided
    }
}

extension SamplerRegion.Span where Value: Comparable {
    /// nil for no value.
    fileprivate init?(_ values: [Value], among tried: [Value]) {
        guard let low = values.min(), let high = values.max() else { return nil }
        self.init(above: tried.filter { $0 < low }.max(), below: tried.filter { $0 > high }.min())
    }
}
