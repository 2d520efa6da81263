import AlignmentStages

/// The settings that recorded draws leave possible at some level, each parameter for itself.
///
/// The region is one of whole settings: not every combination of what is possible for each parameter lies in it.
public struct SamplerRegion: Sendable, Equatable, Codable {
    /// Temperatures; nil where only the largest logit can have been taken.
    public var temperature: Bounds?
    /// Temperatures with the declared top-k and top-p; nil where they leave none.
    public var temperatureAsDeclared: Bounds?
    /// The largest logit may have been taken at every step.
    public var includesGreedy: Bool
    /// Candidates kept.
    public var topK: Choices<Int>
    /// Probability mass of the nucleus.
    public var topP: Choices<Double>
    /// Repetition-aware sampling.
    public var repetition: Repetition

    /// The smallest and the largest.
    public struct Bounds: Sendable, Equatable, Codable {
        /// The smallest.
        public var low: Double
        /// The largest.
        public var high: Double
        /// Nothing smaller was tried.
        public var reachesSmallest: Bool
        /// Nothing larger was tried.
        public var reachesLargest: Bool
    }

    /// Values of a parameter that can be off.
    public struct Choices<Value: Sendable & Equatable & Codable & Comparable>: Sendable, Equatable, Codable {
        /// The smallest value.
        public var low: Value?
        /// The largest value.
        public var high: Value?
        /// It may be off.
        public var includesNone: Bool
        /// Nothing that was tried is excluded.
        public var isOpen: Bool
    }

    /// Whether rows were drawn again.
    public enum Repetition: String, Sendable, Codable {
        case on
        case off
        case undecided
    }

    init(_ settings: [SamplerSetting], of grid: SettingGrid, around declared: SamplerSetting) {
        let drawn = settings.filter { $0.temperature != nil }
        temperature = Bounds(drawn, of: grid)
        temperatureAsDeclared = Bounds(
            drawn.filter { $0.topK == declared.topK && $0.topP == declared.topP }, of: grid)
        includesGreedy = drawn.count < settings.count
        topK = Choices(drawn.map(\.topK), of: grid.cuts.map(\.topK))
        topP = Choices(drawn.map(\.topP), of: grid.cuts.map(\.topP))
        let rules = Set(settings.map { $0.repetition != nil })
        repetition = rules == [true] ? .on : rules == [false] ? .off : .undecided
    }
}

extension SamplerRegion.Bounds {
    /// nil for no setting.
    fileprivate init?(_ settings: [SamplerSetting], of grid: SettingGrid) {
        let temperatures = settings.compactMap(\.temperature)
        guard let low = temperatures.min(), let high = temperatures.max() else { return nil }
        self.init(
            low: low, high: high, reachesSmallest: low == grid.temperatures.first,
            reachesLargest: high == grid.temperatures.last)
    }
}

extension SamplerRegion.Choices where Value: Hashable {
    fileprivate init(_ values: [Value?], of all: [Value?]) {
        low = values.compactMap(\.self).min()
        high = values.compactMap(\.self).max()
        includesNone = values.contains(nil)
        isOpen = Set(values) == Set(all)
    }
}
