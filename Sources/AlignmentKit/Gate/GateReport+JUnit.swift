internal import AlignmentWording

extension GateReport {
    /// The report as JUnit XML: a suite for each input and one for the policy's metrics, a case for each row.
    ///
    /// A failing row is a failure, one that could not be compared an error, a waived one is skipped. Every case takes no
    /// time: what takes it is the recomputation of an input as a whole.
    ///
    /// - Source: Jenkins' JUnit schema, `junit-10.xsd` of its xunit plugin.
    public var junit: String {
        let head = Self.attributes([
            ("name", policy.name), ("tests", "\(rows.count)"), ("failures", "\(counts.failed)"),
            ("errors", "\(counts.incomparable)"), ("time", "0"),
        ])
        var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#, "<testsuites \(head)>"]
        for suite in suites { lines += Self.lines(of: suite.name, suite.rows) }
        lines.append("</testsuites>")
        return lines.joined(separator: "\n") + "\n"
    }

    private var suites: [(name: String, rows: [Row])] {
        var order: [String] = []
        var groups: [String: [Row]] = [:]
        for row in rows {
            let name = row.input ?? "policy \(policy.name)"
            if groups[name] == nil { order.append(name) }
            groups[name, default: []].append(row)
        }
        return order.map { ($0, groups[$0] ?? []) }
    }

    private static func lines(of suite: String, _ rows: [Row]) -> [String] {
        func count(_ status: Status) -> String { "\(rows.count { $0.status == status })" }
        let head = attributes([
            ("name", suite), ("tests", "\(rows.count)"), ("failures", count(.failed)),
            ("errors", count(.incomparable)), ("skipped", count(.waived)), ("time", "0"),
        ])
        return ["  <testsuite \(head)>"] + rows.flatMap { lines(of: $0, in: suite) } + ["  </testsuite>"]
    }

    private static func lines(of row: Row, in suite: String) -> [String] {
        let name = row.id + (row.sample.map { " (\($0))" } ?? "")
        let head = "    <testcase \(attributes([("classname", suite), ("name", name), ("time", "0")]))"
        let text = MarkupText.escaped(row.why + (row.fix.map { "\nFix: \($0)." } ?? ""))
        func body(_ element: String) -> [String] {
            let attributes = attributes([("type", row.id), ("message", row.why)])
            return [head + ">", "      <\(element) \(attributes)>\(text)</\(element)>", "    </testcase>"]
        }
        switch row.status {
        case .failed: return body("failure")
        case .incomparable: return body("error")
        case .waived:
            return [
                head + ">", "      <skipped \(attributes([("type", row.id), ("message", row.why)]))/>",
                "    </testcase>",
            ]
        case .allowed:
            return [head + ">", "      <system-out>Allowed: \(text)</system-out>", "    </testcase>"]
        case .passed: return [head + "/>"]
        }
    }

    private static func attributes(_ pairs: [(String, String)]) -> String {
        // A line break within an attribute would be read as a space.
        pairs.map { "\($0)=\"\(MarkupText.escaped($1.replacing("\n", with: " ")))\"" }.joined(separator: " ")
    }
}
