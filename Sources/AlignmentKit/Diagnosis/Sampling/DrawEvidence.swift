import AlignmentStages
import Foundation

/// What a request's draws say against the setting that is declared: alone, and with those of the capture's other
/// requests.
public struct DrawEvidence: Sendable {
    /// The request's own.
    let own: WeighedDraws
    /// All requests of the same declared setting; nil where this one stands alone.
    let together: WeighedDraws?
    /// Probability that any request of the capture is wrongly accused, at most.
    static let level = 1e-4
    /// Tests that are made of the capture.
    let tests: Int

    /// - Parameters:
    ///   - own: the request's draws.
    ///   - all: those of every request of the capture, this one included.
    public init(_ own: WeighedDraws, among all: [WeighedDraws]) {
        self.own = own
        let rest = all.filter { own.adding($0) != nil }
        together = rest.count > 1 ? rest.dropFirst().reduce(rest[0]) { $0.adding($1) ?? $0 } : nil
        tests = all.count > 1 ? 2 * all.count : 1
    }

    /// The evidence that the draws are not those of the declared setting; nil where they are not known not to be.
    ///
    /// What a capture does not declare it cannot ignore.
    var contradiction: [String]? {
        guard !own.declaredKnobs.isEmpty else { return nil }
        let bound = log(Double(tests) / Self.level)
        for (draws, whose) in [(own, "the"), (together, "the requests'")] {
            guard let draws, draws.againstDeclared >= bound else { continue }
            let evidence = draws.evidence
            let region = evidence.region(level: Self.level / Double(tests), around: draws.declared)
            return [
                "declared: \(draws.declared.words)" + draws.undeclaredWords,
                "\(whose) \(evidence.draws) draws are \(WeighedDraws.odds(draws.againstDeclared)) times likelier under "
                    + "other parameters; they leave \(region.words)",
            ]
        }
        return nil
    }
}

extension WeighedDraws {
    /// What is not declared, in brackets.
    fileprivate var undeclaredWords: String {
        let missing = SamplerExaminer.knobs.filter { !declaredKnobs.contains($0) }
        return missing.isEmpty ? "" : " (not declared: \(missing.joined(separator: ", ")))"
    }
}
