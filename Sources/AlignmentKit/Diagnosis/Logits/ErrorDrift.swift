import Foundation

/// The step from which the error is clearly larger than before.
///
/// Two means of the log error are fitted to the steps before and after each step. The best place counts only if the
/// rise is large against the scatter within both parts.
public struct ErrorDrift: Sendable, Equatable, Codable {
    /// The first step of the larger error.
    public var step: Int
    /// How much the mean log error rises there, in dB.
    public var rise: Double
    /// The rise over its standard error.
    public var significance: Double

    /// A smaller rise is none, in dB: half the SNR.
    public static let leastRise = 6.0
    /// The same where a part has fewer than `shortPart` steps.
    public static let leastShortRise = 20.0
    /// A part of so many steps shows its own scatter.
    public static let shortPart = 4
    /// A rise that is fewer standard errors is none.
    ///
    /// Upstream's own rounding, over whole streams of the tiny model: at most 0.9. Errors in one weight, which grow and
    /// fall with what is said: at most 7. A cache or rotation damaged at step 20: 52 and more.
    public static let leastSignificance = 10.0
    /// Steps scatter by at least so much, in dB.
    static let leastScatter = 0.5
    /// A smaller error than this is none, in dB below the logits: about what binary32 resolves.
    static let floor = -160.0

    /// - Parameter rows: of each live cell the step, the codebook and the error's energy over the golden's.
    /// - Returns: nil without a drift.
    init?(_ rows: [(step: Int, codebook: Int, ratio: Double)]) {
        // Codebooks become live one after the other: each is measured by its own median.
        let levels = rows.map { max(10 * log10($0.ratio), Self.floor) }
        var ofCodebook: [Int: [Double]] = [:]
        for (row, level) in zip(rows, levels) { ofCodebook[row.codebook, default: []].append(level) }
        let medians = ofCodebook.mapValues { $0.median ?? 0 }
        var steps: [(step: Int, sum: Double, count: Double)] = []
        for (row, level) in zip(rows, levels) {
            if steps.last?.step != row.step { steps.append((row.step, 0, 0)) }
            steps[steps.count - 1].sum += level - (medians[row.codebook] ?? 0)
            steps[steps.count - 1].count += 1
        }
        let series = steps.map { $0.sum / $0.count }
        var best: ErrorDrift?
        for place in series.indices.dropFirst() {
            let (before, after) = (series[..<place], series[place...])
            let (low, high) = (before.mean, after.mean)
            let isShort = min(before.count, after.count) < Self.shortPart
            guard high - low >= (isShort ? Self.leastShortRise : Self.leastRise) else { continue }
            let scatter =
                before.reduce(0) { $0 + ($1 - low) * ($1 - low) }
                + after.reduce(0) { $0 + ($1 - high) * ($1 - high) }
            let deviation = max(
                (scatter / Double(max(series.count - 2, 1))).squareRoot(), Self.leastScatter)
            let weight = Double(before.count * after.count) / Double(series.count)
            let significance = (high - low) * weight.squareRoot() / deviation
            if significance > best?.significance ?? Self.leastSignificance {
                best = ErrorDrift(step: steps[place].step, rise: high - low, significance: significance)
            }
        }
        guard let best else { return nil }
        self = best
    }

    private init(step: Int, rise: Double, significance: Double) {
        (self.step, self.rise, self.significance) = (step, rise, significance)
    }
}

extension ArraySlice<Double> {
    fileprivate var mean: Double { reduce(0, +) / Double(count) }
}

extension [Double] {
    /// The middle value, or the mean of the two middle ones; nil without any.
    var median: Double? {
        guard !isEmpty else { return nil }
        let sorted = sorted()
        return count % 2 == 1 ? sorted[count / 2] : (sorted[count / 2 - 1] + sorted[count / 2]) / 2
    }
}
