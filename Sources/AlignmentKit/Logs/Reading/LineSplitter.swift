/// Bytes of one line, without its end.
typealias LineBytes = ArraySlice<UInt8>

/// Cuts a stream of blocks into lines, wherever the blocks end.
///
/// A line ends in a line feed, a carriage return, or both. Numbers count line feeds, as `grep -n` does, so that the
/// states of a progress bar share one number. Empty lines are counted and not given.
struct LineSplitter {
    /// The most bytes that are kept of a line.
    static let limit = 1 << 16

    /// One line.
    struct Line {
        /// Counted from 1.
        let number: Int
        /// The first bytes, at most `limit`.
        let bytes: LineBytes
        /// Whether it was longer.
        let isCut: Bool
    }

    /// Lines that were longer than the limit.
    private(set) var cutLines = 0
    private var number = 1
    private var hasRest = false
    private var partial: [UInt8] = []
    private var isCut = false

    /// Lines so far; the last one need not have an end.
    var lines: Int { hasRest ? number : number - 1 }

    /// Takes the next block and gives the lines that end in it.
    mutating func take(_ block: [UInt8], _ body: (Line) throws -> Void) rethrows {
        var start = 0
        while start < block.count {
            guard let end = block[start...].firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else {
                keep(block[start...])
                hasRest = true
                return
            }
            if partial.isEmpty && !isCut && end - start <= Self.limit {
                if end > start { try body(Line(number: number, bytes: block[start..<end], isCut: false)) }
            } else {
                keep(block[start..<end])
                try finishLine(body)
            }
            hasRest = block[end] == 0x0D
            if block[end] == 0x0A { number += 1 }
            start = end + 1
        }
    }

    /// Gives what stands behind the last line end.
    mutating func finish(_ body: (Line) throws -> Void) rethrows {
        if !partial.isEmpty { try finishLine(body) }
    }

    private mutating func keep(_ bytes: LineBytes) {
        let room = Self.limit - partial.count
        partial += bytes.prefix(room)
        if bytes.count > room { isCut = true }
    }

    private mutating func finishLine(_ body: (Line) throws -> Void) rethrows {
        let line = Line(number: number, bytes: partial[...], isCut: isCut)
        if isCut { cutLines += 1 }
        partial = []
        isCut = false
        try body(line)
    }
}
