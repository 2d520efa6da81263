/// What a line says, as its format string with places for values.
///
/// `{name:kind}` is a value. The kinds: `int` and `float` are one number, `ints` and `floats` one or more with `/`
/// between them, `shape` the sizes of a tensor, `bool` is `True` or `False`, `word` runs up to a space, `text` up to what
/// follows in the pattern or to the line's end. `{~}` passes quotes, colons, braces and equals signs, as different
/// printers set them. A pattern matches anywhere in a message, so that marks in front of it may be missing.
public struct LogPattern: Sendable {
    /// The pattern as it was written.
    public let template: String
    let pieces: [Piece]
    /// Part of every line that matches, in bytes that no JSON writer escapes.
    let anchor: [UInt8]

    enum Piece: Sendable, Equatable {
        case literal([UInt8])
        case value(String, Kind)
        case punctuation
    }

    enum Kind: String, Sendable {
        case int, ints, float, floats, shape, bool, word, text
    }

    init(_ template: String) {
        self.template = template
        var pieces: [Piece] = []
        for (index, part) in template.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            var literal = part
            if index > 0 {
                guard let end = part.firstIndex(of: "}") else { preconditionFailure("\(template): no }") }
                pieces.append(Self.piece(part[..<end], of: template))
                literal = part[part.index(after: end)...]
            }
            if !literal.isEmpty { pieces.append(.literal(Array(literal.utf8))) }
        }
        guard case .literal = pieces.first else { preconditionFailure("\(template) begins with a value") }
        self.pieces = pieces
        anchor = Self.anchor(of: pieces)
        precondition(anchor.count >= 6, "\(template) has no anchor")
    }

    /// The names of the values in the order of the pattern.
    public var names: [String] {
        pieces.compactMap { piece in if case .value(let name, _) = piece { name } else { nil } }
    }

    private static func piece(_ text: Substring, of template: String) -> Piece {
        if text == "~" { return .punctuation }
        let parts = text.split(separator: ":")
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[1])) else {
            preconditionFailure("\(template): {\(text)} is no value")
        }
        return .value(String(parts[0]), kind)
    }

    /// The longest run of plain bytes in a literal.
    private static func anchor(of pieces: [Piece]) -> [UInt8] {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-=.,:;()[]|%*`".utf8)
        var best: [UInt8] = []
        for case .literal(let bytes) in pieces {
            for run in bytes.split(whereSeparator: { !plain.contains($0) }) where run.count > best.count {
                best = Array(run)
            }
        }
        return best
    }
}
