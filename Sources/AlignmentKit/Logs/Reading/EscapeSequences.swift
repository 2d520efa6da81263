/// Sequences that colour a terminal's text, move its cursor or set its title.
///
/// Source: ECMA-48, control sequences (5.4) and control strings (5.6).
enum EscapeSequences {
    private static let escape: UInt8 = 0x1B

    /// The line without escape sequences; one that has no end reaches to the end of the line.
    static func removed(from line: LineBytes) -> LineBytes {
        guard let first = line.firstIndex(of: escape) else { return line }
        var kept = Array(line[..<first])
        var position = first
        while position < line.endIndex {
            if line[position] == escape {
                position = end(ofSequenceAt: position, in: line)
            } else {
                kept.append(line[position])
                position += 1
            }
        }
        return kept[...]
    }

    private static func end(ofSequenceAt start: Int, in line: LineBytes) -> Int {
        var position = start + 1
        guard position < line.endIndex else { return line.endIndex }
        switch line[position] {
        case UInt8(ascii: "["):
            position += 1
            while position < line.endIndex, (0x20...0x3F).contains(line[position]) { position += 1 }
            return position < line.endIndex && (0x40...0x7E).contains(line[position])
                ? position + 1 : position
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            while position < line.endIndex {
                if line[position] == 0x07 { return position + 1 }
                if line[position] == escape {
                    return line[position...].dropFirst().first == UInt8(ascii: "\\") ? position + 2 : position
                }
                position += 1
            }
            return line.endIndex
        default:
            while position < line.endIndex, (0x20...0x2F).contains(line[position]) { position += 1 }
            return min(position + 1, line.endIndex)
        }
    }
}
