/// Lets pass what a policy allows or waives, and remembers which of its lines were of use.
struct WaiverBook {
    private let allowed: [(text: String, pattern: WildcardPattern)]
    private let waivers: [(waiver: GatePolicy.Waiver, finding: WildcardPattern, input: WildcardPattern)]
    private let today: GateDay
    private var used: Set<Int> = []
    private var usedIDs: Set<String> = []

    init(_ policy: GatePolicy, today: GateDay) {
        allowed = policy.allowed.map { ($0, WildcardPattern($0)) }
        waivers = policy.waivers.map { ($0, WildcardPattern($0.finding), WildcardPattern($0.input)) }
        self.today = today
    }

    /// The row as the policy has it. What could not be compared is neither allowed nor waived.
    mutating func judged(_ row: GateReport.Row) -> GateReport.Row {
        guard row.status == .failed else { return row }
        var row = row
        // A metric shares its first word with findings: only its whole name lets it pass.
        let isMetric = row.input == nil && GateMetric(rawValue: row.id) != nil
        func fits(_ text: String, _ pattern: WildcardPattern) -> Bool {
            isMetric ? text == row.id : pattern.matches(row.id)
        }
        let allowances = allowed.filter { fits($0.text, $0.pattern) }
        usedIDs.formUnion(allowances.map(\.text))
        if !allowances.isEmpty {
            row.status = .allowed
            return row
        }
        let fitting = waivers.indices.filter {
            fits(waivers[$0].waiver.finding, waivers[$0].finding)
                && waivers[$0].input.matches(row.input ?? "")
        }
        used.formUnion(fitting)
        if let index = fitting.first(where: { today <= waivers[$0].waiver.expires }) {
            let waiver = waivers[index].waiver
            row.status = .waived
            row.why += " Waived until \(waiver.expires): \(waiver.reason)"
        } else if let index = fitting.last {
            let waiver = waivers[index].waiver
            row.why += " Its waiver ended on \(waiver.expires): \(waiver.reason)"
        }
        return row
    }

    /// Lines of the policy that did nothing.
    var notes: [String] {
        let idle = waivers.indices.filter { !used.contains($0) }.map { index in
            let waiver = waivers[index].waiver
            return "The waiver of \(waiver.finding)\(waiver.input == "*" ? "" : " in \(waiver.input)") "
                + (waiver.expires < today ? "ended on \(waiver.expires), and is not needed" : "is not needed")
                + ": nothing failed that it covers."
        }
        return idle
            + allowed.filter { !usedIDs.contains($0.text) }.map {
                "\($0.text) is allowed, and nothing of the kind was found."
            }
    }
}
