import Foundation
import Testing

/// Random cases of one suite, repeated by their seed.
///
/// HIGGS_SEED chooses the seed. HIGGS_TIER=all runs ten times as many cases, each time from another seed.
struct Trial {
    private static let isLong = ProcessInfo.processInfo.environment["HIGGS_TIER"] == "all"
    private static let seed: UInt64 = {
        if let given = ProcessInfo.processInfo.environment["HIGGS_SEED"].flatMap({ UInt64($0) }) {
            return given
        }
        return isLong ? .random(in: 0..<1 << 32) : 2306
    }()

    let name: String

    init(_ name: String) {
        self.name = name
        print("\(name): HIGGS_SEED=\(Self.seed)")
    }

    /// This many cases, in the long tier ten times as many.
    func cases<Case>(_ count: Int, _ make: (inout Dice) -> Case) -> [Case] {
        let salt = name.utf8.reduce(Self.seed) { $0 &* 31 &+ UInt64($1) }
        var dice = Dice(seed: salt)
        return dice.list(Self.isLong ? 10 * count : count, make)
    }

    /// Fails with the first cases in which our outcome is not upstream's.
    func expectNone(_ differences: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        guard !differences.isEmpty else { return }
        let first = differences.prefix(3).joined(separator: "\n")
        Issue.record(
            "\(differences.count) cases differ from upstream at HIGGS_SEED=\(Self.seed), the first:\n\(first)",
            sourceLocation: sourceLocation)
    }

    /// Runs every case here and compares it with what upstream gave.
    func compare<Case, Value>(
        _ cases: [Case], with answers: [Outcome<Value>], sourceLocation: SourceLocation = #_sourceLocation,
        _ run: (Case) -> Outcome<Value>
    ) {
        #expect(answers.count == cases.count, sourceLocation: sourceLocation)
        let values = answers.count { if case .value = $0 { true } else { false } }
        #expect(values * 3 > cases.count, "too few cases are ones that upstream takes")
        let differences = zip(cases, answers).compactMap { each, answer -> String? in
            let own = run(each)
            return own == answer ? nil : "case \(each)\nupstream \(answer)\nours     \(own)"
        }
        expectNone(differences, sourceLocation: sourceLocation)
    }
}
