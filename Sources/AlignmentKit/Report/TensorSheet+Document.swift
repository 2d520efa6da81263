import AlignmentComparison
import AlignmentDiagnosis
import AlignmentWording

extension TensorSheet {
    /// The sheet for people.
    var blocks: [Document.Block] {
        var document = Document()
        document.heading(2, path)
        var facts = [meaning.map { $0.prefix(1).uppercased() + $0.dropFirst() }, words].compactMap { $0 }
        if let sha256 { facts.append("SHA-256 \(sha256)") }
        document.list(facts)
        if let statistics {
            document.table(["figure", "value"], statistics.rows + (ids?.rows ?? []))
        }
        document.verbatim(lines)
        return document.blocks
    }

    private var words: String? {
        guard let dtype, let shape else { return nil }
        var parts = ["\(dtype) \(shapeWords(shape, axes))"]
        if let sampleRate { parts.append("\(sampleRate) Hz") }
        if let subtype { parts.append(subtype) }
        if let file { parts.append("read back from \(file)") }
        return parts.joined(separator: ", ")
    }
}

/// A shape with the names of its axes, where they are known: `[8 codebook, 35 frame]`.
func shapeWords(_ shape: [Int], _ axes: [String]?) -> String {
    guard let axes, axes.count == shape.count else {
        return "[\(shape.map(String.init).joined(separator: ", "))]"
    }
    return "[\(zip(shape, axes).map { "\($0) \($1)" }.joined(separator: ", "))]"
}

extension TensorStatistics {
    fileprivate var rows: [[String]] {
        var rows = [["count", String(count)]]
        func add(_ name: String, _ value: String?) { if let value { rows.append([name, value]) } }
        add("minimum", minimum?.words)
        add("maximum", maximum?.words)
        add("mean", mean.map(precise))
        add("RMS", rms.map(precise))
        add("AC energy (full scale 1)", acEnergy.map(number))
        add("zeros", String(zeros))
        add("NaN", nans.map(String.init))
        add("plus infinity", positiveInfinities.map(String.init))
        add("minus infinity", negativeInfinities.map(String.init))
        if nans == nil {
            add("different values", distinct.map(String.init) ?? "more than \(Self.mostDistinct)")
        }
        return rows
    }
}

extension IDFigures {
    fileprivate var rows: [[String]] {
        [
            ["ids that begin or end a stream", String(streamIds)],
            ["ids outside 0 ... \(vocabulary - 1)", String(outOfRange)],
        ]
    }
}

extension ElementValue {
    fileprivate var words: String {
        switch self {
        case .integer(let value): String(value)
        case .number(let value): precise(value)
        case .bool(let value): value ? "True" : "False"
        }
    }
}

/// A number in seven digits.
private func precise(_ value: Double) -> String { value.isFinite ? formatted("%.7g", value) : number(value) }
