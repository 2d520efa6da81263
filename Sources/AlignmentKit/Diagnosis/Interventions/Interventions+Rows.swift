import AlignmentWording

extension Interventions {
    /// A row for each set of ids that was to be repaired, a cause or not.
    ///
    /// - Parameter explanations: what explains the runs as they are.
    public func rows(_ explanations: [Explanation]) -> [Intervention] {
        let found = FoundIDs(explanations.filter { asIs.contains($0.sample) })
        return arms.map { arm in
            let notes = notes(on: arm, found)
            return Intervention(
                applied: arm.applied, asked: arm.asked, seeds: Set(arm.pairs.compactMap(\.seed)).count,
                pairs: arm.pairs.count,
                checks: counts(arm.changed).map { Intervention.Check($0.check, $0.counts) },
                note: notes.isEmpty ? nil : notes.joined(separator: " "))
        }
    }

    private func notes(on arm: InterventionArm, _ found: FoundIDs) -> [String] {
        guard !asIs.isEmpty else {
            return ["No run as it is was recorded, so there is nothing to compare with."]
        }
        var notes: [String] = []
        if arm.asked.isEmpty { notes.append("What was to be repaired was not recorded.") }
        if arm.unpaired > 0 {
            notes.append(
                "\(counted(arm.unpaired, "run")) with the repair \(arm.unpaired == 1 ? "is" : "are") left out: not "
                    + "exactly one run of the same pair as it is, and one with the repair.")
        }
        let (all, changed) = (arm.pairs.count, arm.changed.count)
        if all > 0, changed == 0 {
            notes.append("The repair changed nothing in any pair, which decides nothing.")
        } else if changed < all {
            notes.append(
                "In \(all - changed) of \(counted(all, "pair")) the repair changed nothing: left out.")
        }
        if changed > 0 {
            notes += arm.asked.filter { !arm.applied.contains($0) }.map {
                "\($0) changed nothing in any pair, which decides nothing of it."
            }
            notes += failing.isEmpty ? ["No check fails in a run as it is: there is nothing to mend."] : []
        }
        notes += outcomes(of: arm)
        if arm.applied.count > 1, verdict(arm.changed) == .shown {
            notes.append("Several were repaired at once: which of them it takes is another experiment.")
        }
        return notes
            + arm.applied.filter { !found.names($0) }.map {
                "By recomputing the runs as they are, \($0) is no cause."
            }
    }

    /// Checks that could not be computed, and those that only runs with the repair fail.
    private func outcomes(of arm: InterventionArm) -> [String] {
        let all = arm.changed.count
        let missing = counts(arm.changed).filter { $0.counts.pairs < all }.map {
            "\($0.check) could not be computed in \(all - $0.counts.pairs) of \(counted(all, "pair")): left out."
        }
        let broken = passing.compactMap { check -> String? in
            let count = InterventionArm.counts(of: check, in: arm.changed).broken
            return count == 0
                ? nil : "\(check) fails in \(counted(count, "run")) with the repair, and in none as it is."
        }
        return missing + broken
    }
}

/// Ids of what explains a capture.
struct FoundIDs {
    private let rows: [Explanation.Cause]
    private let notTested: Set<String>

    init(_ explanations: [Explanation]) {
        rows = explanations.flatMap { $0.causes + $0.settings }
        notTested = Set(explanations.flatMap(\.notTested).map(\.id))
    }

    /// An id is a cause, a consequence or a setting, or one of its equivalents.
    func names(_ id: String) -> Bool {
        rows.contains { row in ([row] + row.consequences).contains { $0.isNamed(id) } }
    }

    /// Repairing an id may change the sound beside the repair of others: it is a cause or a setting of its own, the
    /// consequence of none of these, or was not tested.
    func mayAct(_ id: String, beside others: [String]) -> Bool {
        notTested.contains(id)
            || rows.contains { row in
                row.isNamed(id)
                    || row.consequences.contains { $0.isNamed(id) } && !others.contains(where: row.isNamed)
            }
    }
}

extension Explanation.Cause {
    /// It has an id, or that deviation alone gives the same output here.
    func isNamed(_ id: String) -> Bool { self.id == id || equivalent.contains([id]) }
}
