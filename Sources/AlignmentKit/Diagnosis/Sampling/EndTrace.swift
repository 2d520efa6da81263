import Foundation

/// Whether EOS ever had a chance, as the logits show it.
public struct EndTrace: Sendable, Equatable, Codable {
    /// What the trace shows.
    public var reading: Reading
    /// The largest probability of EOS at a step in any live codebook, before any processor, and its step.
    public var largestRaw: Place
    /// The same under the setting.
    public var largest: Place
    /// The mean of the last steps before the end, before any processor.
    public var recentRaw: Double
    /// The same under the setting.
    public var recent: Double
    /// Steps until EOS would have come, if it stays as likely as in the last steps; nil where the trace does not
    /// support it.
    public var stepsToEnd: Int?
    /// Frames that the text takes at 130 words a minute; nil where the text was not recorded.
    public var spokenFrames: Int?

    /// A step's probability that some live codebook draws EOS.
    public struct Place: Sendable, Equatable, Codable {
        /// The step.
        public var step: Int
        /// The probability.
        public var probability: Double
    }

    /// What the trace of EOS shows.
    public enum Reading: String, Sendable, Codable {
        /// EOS was drawn.
        case met
        /// The limit came while EOS was likely.
        case withinReach = "within_reach"
        /// EOS was likely, and temperature, top-k or top-p kept it from being drawn.
        case keptOut = "kept_out"
        /// EOS had next to no probability in the last steps.
        case negligible
        /// Neither likely nor negligible, or too few steps to say.
        case unclear
    }

    /// Steps that count as the last ones.
    public static let recentSteps = 8
    /// From here on EOS is likely enough to be waited for.
    static let likely = 0.02
    /// Below this EOS is negligible.
    static let negligible = 1e-3
    /// Steps that it takes to call it so.
    public static let leastSteps = 25

    /// nil without a step before the end.
    init?(_ steps: [StepTrace], endedInEOS: Bool, spokenFrames: Int?) {
        // Rows that wait for the end after the first EOS say nothing of it.
        var open: [StepTrace] = []
        var ended: Set<Int> = []
        for step in steps where !ended.contains(step.segment) {
            open.append(step)
            if step.drewEos { ended.insert(step.segment) }
        }
        guard let last = open.last, let best = open.max(by: { $0.hazard < $1.hazard }),
            let rawBest = open.max(by: { $0.rawHazard < $1.rawHazard })
        else { return nil }
        largest = Place(step: best.step, probability: best.hazard)
        largestRaw = Place(step: rawBest.step, probability: rawBest.rawHazard)
        let segment = open.filter { $0.segment == last.segment }
        let recent = segment.suffix(Self.recentSteps)
        func mean(_ value: (StepTrace) -> Double) -> Double {
            recent.reduce(0) { $0 + value($1) } / Double(recent.count)
        }
        self.recent = mean(\.hazard)
        recentRaw = mean(\.rawHazard)
        self.spokenFrames = spokenFrames
        let longRecent = segment.suffix(Self.leastSteps)
        if endedInEOS {
            reading = .met
        } else if self.recent >= Self.likely, last.hazard >= self.recent / 4 {
            reading = .withinReach
            stepsToEnd = Int((1 / self.recent).rounded(.up))
        } else if recentRaw >= Self.likely, self.recent < Self.negligible {
            reading = .keptOut
        } else if longRecent.count == Self.leastSteps,
            longRecent.allSatisfy({ $0.hazard < Self.negligible })
        {
            reading = .negligible
        } else {
            reading = .unclear
        }
    }
}
