import AlignmentStages

/// Causes as they are found, each consequence under what it follows from.
struct CauseLedger {
    private(set) var causes: [Explanation.Cause] = []
    private(set) var settings: [Explanation.Cause] = []
    var harmless: [Explanation.Cause] = []
    /// Entries that wait for the cause that they stand under.
    private var waiting: [(cause: Explanation.Cause, under: [String])] = []

    /// Enters a cause, under the first of these that is one: an id, or a stage that ends in a dot.
    mutating func add(_ cause: Explanation.Cause, under ids: [String]) {
        if ids.isEmpty {
            place(cause)
        } else {
            waiting.append((cause, ids))
        }
        settle()
    }

    /// Takes out settings and harmless entries that a cause answers for.
    mutating func drop(_ ids: Set<String>) {
        settings.removeAll { ids.contains($0.id) }
        harmless.removeAll { ids.contains($0.id) }
    }

    private mutating func place(_ cause: Explanation.Cause) {
        if cause.kind == .setting { settings.append(cause) } else { causes.append(cause) }
    }

    /// Moves what waits under a cause that has been entered.
    private mutating func settle() {
        var rest: [(cause: Explanation.Cause, under: [String])] = []
        for entry in waiting {
            if let index = host(for: entry.under, of: entry.cause) {
                causes[index].consequences.append(entry.cause)
            } else {
                rest.append(entry)
            }
        }
        waiting = rest
    }

    private func host(for ids: [String], of cause: Explanation.Cause) -> Int? {
        for id in ids {
            let found = causes.firstIndex {
                $0.id != cause.id
                    && (id.hasSuffix(".") ? $0.id.hasPrefix(id) && $0.kind == .defect : $0.id == id)
            }
            if let found { return found }
        }
        return nil
    }

    /// All causes: what still waits is one itself.
    private var allCauses: [Explanation.Cause] {
        causes + waiting.map(\.cause).filter { $0.kind != .setting }
    }

    /// Defects, symptoms, limits; within a kind most upstream first, within a stage in the catalogue's order.
    var sortedCauses: [Explanation.Cause] {
        let kinds: [Deviation.Kind] = [.defect, .symptom, .limit]
        let order = Dictionary(
            uniqueKeysWithValues: Deviation.catalogue.enumerated().map { ($1.id, $0) })
        return allCauses.sorted { left, right in
            func key(_ cause: Explanation.Cause) -> (Int, Int, Int) {
                (
                    kinds.firstIndex(of: cause.kind) ?? kinds.count,
                    Stage.allCases.firstIndex(of: cause.stage) ?? 0, order[cause.id] ?? Int.max
                )
            }
            return key(left) < key(right)
        }
    }

    /// Whether an entry of any kind has such an id.
    func names(_ matches: (String) -> Bool) -> Bool {
        (allCauses + settings + harmless + allCauses.flatMap(\.consequences)
            + waiting.map(\.cause)).contains { matches($0.id) }
    }

    /// Whether a defect of these stages has been found.
    func hasDefect(in stages: [Stage]) -> Bool {
        allCauses.contains { stages.contains($0.stage) && $0.kind == .defect }
    }

    /// Deviations that account for streams other than the state machine's.
    static func explainsStreams(_ id: String) -> Bool {
        [
            "generation.first-frame", "generation.delay-ramp", "generation.eos-ramp",
            "generation.token-out-of-range",
        ]
        .contains(id)
    }

    /// Changes every entry.
    mutating func update(_ change: (inout Explanation.Cause) -> Void) {
        func visit(_ cause: inout Explanation.Cause) {
            change(&cause)
            for index in cause.consequences.indices { visit(&cause.consequences[index]) }
        }
        // What waits in vain is a cause, or a setting, of its own.
        while !waiting.isEmpty {
            let index = waiting.indices.first { waiting[$0].cause.kind == .defect } ?? 0
            place(waiting.remove(at: index).cause)
            settle()
        }
        for index in causes.indices { visit(&causes[index]) }
        for index in settings.indices { visit(&settings[index]) }
    }
}
