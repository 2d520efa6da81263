/// Requests counted by what is proven about them.
public struct LogTally: Sendable, Codable, Equatable {
    /// All requests.
    public var samples = 0
    /// With an energy in the log.
    public var rated = 0
    /// Silent by their energy: below 1e-8, or under an offset.
    public var silent = 0
    /// Too quiet by their energy: below 1e-6.
    public var tooQuiet = 0
    /// With NaN, infinity or a constant at full scale.
    public var notFinite = 0
    /// Proven to be ended by the limit on tokens.
    public var cutOff = 0
    /// Proven to have met EOS.
    public var eosReached = 0
    /// With too few distinct ids for their length.
    public var tooFewTokens = 0
    /// Without a sound.
    public var failed = 0

    mutating func add(_ proofs: [LogProof]) {
        samples += 1
        let verdicts = proofs.map(\.verdict)
        if proofs.contains(where: { $0.subject == .energy }) { rated += 1 }
        if verdicts.contains(.silent) { silent += 1 }
        if verdicts.contains(.tooQuiet) { tooQuiet += 1 }
        if verdicts.contains(.notFinite) || verdicts.contains(.fullScale) { notFinite += 1 }
        if verdicts.contains(.budgetExhausted) { cutOff += 1 }
        if verdicts.contains(.eosReached) { eosReached += 1 }
        if verdicts.contains(.tooFew) { tooFewTokens += 1 }
        if verdicts.contains(.failed) { failed += 1 }
    }

    static func + (left: LogTally, right: LogTally) -> LogTally {
        var sum = left
        sum.samples += right.samples
        sum.rated += right.rated
        sum.silent += right.silent
        sum.tooQuiet += right.tooQuiet
        sum.notFinite += right.notFinite
        sum.cutOff += right.cutOff
        sum.eosReached += right.eosReached
        sum.tooFewTokens += right.tooFewTokens
        sum.failed += right.failed
        return sum
    }

    /// What is proven, in one sentence; nil without requests.
    var sentence: String? {
        guard samples > 0 else { return nil }
        func share(_ count: Int) -> String { count == 0 ? "none" : "\(count)" }
        var clauses: [String] = []
        if rated == 0 {
            clauses.append("the log holds no energy of its \(samples == 1 ? "sample" : "\(samples) samples")")
        } else if samples == 1 {
            clauses.append("the sample is \(silent == 1 ? "" : "not ")silent by its logged energy")
        } else {
            let noun = rated == 1 ? "sample" : "samples"
            let whole = rated == samples ? "\(rated) \(noun)" : "\(rated) \(noun) with a logged energy"
            let others = rated == samples ? "" : ", of \(samples) in all"
            let verb = silent <= 1 ? "is" : "are"
            clauses.append("\(share(silent)) of \(whole) \(verb) silent by their logged energy\(others)")
        }
        if tooQuiet > 0 { clauses.append("\(tooQuiet) \(tooQuiet == 1 ? "is" : "are") too quiet") }
        if notFinite > 0 {
            clauses.append(
                "\(notFinite) \(notFinite == 1 ? "holds" : "hold") NaN or a constant at full scale")
        }
        clauses.append(
            samples == 1
                ? "it is \(cutOff == 1 ? "" : "not ")proven cut off"
                : "\(share(cutOff)) \(cutOff > 1 ? "are" : "is") proven cut off")
        if eosReached > 0 { clauses.append("\(eosReached) met EOS") }
        if tooFewTokens > 0 {
            clauses.append("\(tooFewTokens) \(tooFewTokens == 1 ? "has" : "have") too few distinct ids")
        }
        if failed > 0 { clauses.append("\(failed) gave no sound") }
        let text = clauses.joined(separator: "; ") + "."
        return text.prefix(1).uppercased() + text.dropFirst()
    }
}
