public import AlignmentDiagnosis
import AlignmentJSON
import AlignmentWording

/// The result of `validate` over archives.
public struct ValidationReport: Sendable, Equatable, Codable {
    /// Version of this JSON's layout.
    public var schemaVersion = 1
    /// The requests of all archives.
    public var samples: [SampleValidation]
    /// Archives of which nothing could be read.
    public var failures: [InputFailure]
    /// The worst of all: 2 beats 1 beats 0.
    public var exitCode: Int

    /// A report of these requests and failures.
    public init(samples: [SampleValidation], failures: [InputFailure]) {
        self.samples = samples
        self.failures = failures
        exitCode = failures.isEmpty ? samples.map(\.exitCode).max() ?? 2 : 2
    }

    /// The report for people.
    public var document: Document {
        var document = Document()
        for sample in samples { sample.write(to: &document) }
        document.list(failures.map(\.message))
        return document
    }
}

extension SampleValidation {
    fileprivate func write(to document: inout Document) {
        document.heading(1, "\(path), sample \(sample)")
        document.paragraph(sentence)
        document.table(
            ["check", "status", "value", "expected"],
            checks.map { check in
                [
                    check.check.rawValue.replacing("_", with: " "), check.status.words,
                    check.mismatches.map { counted($0.count, "mismatch", plural: "mismatches") }
                        ?? check.value.words,
                    check.expected.words,
                ]
            })
        document.list(
            checks.filter { $0.status != .passed }.map {
                "\($0.check.rawValue), \($0.status.words): \($0.why). See \($0.evidence.joined(separator: ", "))."
            })
        let mismatches = checks.flatMap { $0.mismatches ?? [] }
        guard !mismatches.isEmpty else { return }
        document.heading(2, "Set otherwise than \(reference)")
        document.table(
            ["knob", "captured", "reference", "effect here", "deviation"],
            mismatches.map {
                [
                    $0.name, $0.captured, $0.reference,
                    $0.effect?.rawValue.replacing("_", with: " ") ?? "not decided",
                    $0.deviations.joined(separator: ", "),
                ]
            })
    }

    private var sentence: String {
        let counts = ConditioningCheck.Status.allCases.compactMap { status -> String? in
            let count = checks.count { $0.status == status }
            return count == 0 ? nil : "\(count) \(status.words)"
        }
        return "Conditioning pathway: \(pathway?.rawValue ?? "not recorded"). Of \(checks.count) checks: "
            + counts.joined(separator: ", ") + "."
    }
}

extension ConditioningCheck.Status {
    fileprivate var words: String { rawValue.replacing("_", with: " ") }
}

extension JSONValue {
    /// A value as people read it: text without quotes, nothing as a dash.
    fileprivate var words: String {
        switch self {
        case .null: "-"
        case .string(let text): text
        case .array(let items): items.isEmpty ? "none" : items.map(\.words).joined(separator: ", ")
        default: compactText
        }
    }
}
