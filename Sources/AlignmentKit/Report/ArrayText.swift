import AlignmentComparison
import AlignmentDiagnosis
import AlignmentTensors
import AlignmentWording

/// A tensor's values as numpy prints them: whole if there are few, else the elements at the edges.
struct ArrayText {
    /// Elements up to which all are printed.
    static let threshold = 1000

    let tensor: Tensor
    let width: Int
    private let edge: Int
    private var texts: [Int: String] = [:]
    private var textWidth = 0

    init(_ tensor: Tensor, width: Int = 100) {
        self.tensor = tensor
        self.width = width
        // Each axis more doubles or sextuples the rows.
        edge = tensor.shape.rank <= 3 ? 3 : 1
        var offsets: [Int] = []
        collect(axis: 0, offset: 0, into: &offsets)
        let words = ElementFormat(offsets.map(tensor.element)).words
        texts = Dictionary(uniqueKeysWithValues: zip(offsets, words))
        textWidth = words.map(\.count).max() ?? 0
    }

    /// The lines, each at most `width` characters unless a number alone is wider.
    var lines: [String] { render(axis: 0, offset: 0) }

    private var isSummarised: Bool { tensor.shape.elementCount > Self.threshold }

    /// The indices along an axis that are printed; nil stands for those left out.
    private func indices(along axis: Int) -> [Int?] {
        let extent = tensor.shape[axis]
        guard isSummarised, extent > 2 * edge else { return (0..<extent).map { $0 } }
        return (0..<edge).map { $0 } + [nil] + ((extent - edge)..<extent).map { $0 }
    }

    private func stride(of axis: Int) -> Int { tensor.shape.extents[(axis + 1)...].reduce(1, *) }

    private func collect(axis: Int, offset: Int, into offsets: inout [Int]) {
        guard tensor.shape.elementCount > 0 else { return }
        guard axis < tensor.shape.rank else { return offsets.append(offset) }
        let stride = stride(of: axis)
        for index in indices(along: axis) {
            if let index { collect(axis: axis + 1, offset: offset + index * stride, into: &offsets) }
        }
    }

    private func render(axis: Int, offset: Int) -> [String] {
        guard tensor.shape.elementCount > 0 else { return ["[]"] }
        let rank = tensor.shape.rank
        guard axis < rank else { return [text(offset)] }
        if axis == rank - 1 { return row(offset) }
        let stride = stride(of: axis)
        var lines: [String] = []
        for (position, index) in indices(along: axis).enumerated() {
            if position > 0 { lines += Array(repeating: "", count: rank - axis - 2) }
            let block = index.map { render(axis: axis + 1, offset: offset + $0 * stride) } ?? ["..."]
            for line in block {
                lines.append(lines.isEmpty ? "[" + line : line.isEmpty ? "" : " " + line)
            }
        }
        lines[lines.count - 1] += "]"
        return lines
    }

    /// The innermost axis: as many numbers a line as fit between the brackets of all axes.
    private func row(_ offset: Int) -> [String] {
        let room = max(width - 2 * tensor.shape.rank, 1)
        var lines: [String] = []
        var line = ""
        for index in indices(along: tensor.shape.rank - 1) {
            let word = index.map { text(offset + $0) } ?? "..."
            if !line.isEmpty, line.count + 1 + word.count > room {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? word : " " + word
        }
        lines.append(line)
        return lines.enumerated().map { index, line in
            (index == 0 ? "[" : " ") + line + (index == lines.count - 1 ? "]" : "")
        }
    }

    private func text(_ offset: Int) -> String {
        let text = texts[offset] ?? ""
        return String(repeating: " ", count: textWidth - text.count) + text
    }
}

/// Elements in one format: integers as they are, floats with as many digits as the longest needs, up to eight.
struct ElementFormat {
    let words: [String]

    init(_ elements: [ElementValue]) {
        let finite = elements.compactMap(Self.finite)
        let magnitudes = finite.map(\.magnitude).filter { $0 > 0 }
        let (least, most) = (magnitudes.min() ?? 1, magnitudes.max() ?? 1)
        let isScientific = most >= 1e8 || least < 1e-4 || most / least > 1e6
        let places = finite.map { Self.places(formatted(isScientific ? "%.8e" : "%.8f", $0)) }.max() ?? 1
        let format = "%.\(max(places, 1))\(isScientific ? "e" : "f")"
        words = elements.map { element in
            switch element {
            case .integer(let value): String(value)
            case .bool(let value): value ? "True" : "False"
            case .number(let value): value.isFinite ? formatted(format, value) : number(value)
            }
        }
    }

    private static func finite(_ element: ElementValue) -> Double? {
        guard case .number(let value) = element, value.isFinite else { return nil }
        return value
    }

    /// Digits after the point that are not trailing zeros.
    private static func places(_ text: String) -> Int {
        let mantissa = text.prefix { $0 != "e" }
        guard let point = mantissa.firstIndex(of: ".") else { return 0 }
        let digits = mantissa[mantissa.index(after: point)...]
        return digits.lastIndex { $0 != "0" }.map { digits.distance(from: digits.startIndex, to: $0) + 1 }
            ?? 0
    }
}
