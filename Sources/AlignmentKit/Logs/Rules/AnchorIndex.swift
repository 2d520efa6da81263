/// Finds which of many texts stand in a line, in one pass over its bytes.
///
/// Source: Aho and Corasick, Efficient string matching, 1975.
struct AnchorIndex: Sendable {
    /// For each byte its column of the table; bytes that no anchor holds share column 0.
    private var columns = [UInt8](repeating: 0, count: 256)
    private var width = 1
    /// The next state of each state and column.
    private var next: [UInt16] = []
    /// The anchors that end in each state.
    private var found: [[Int]] = []
    /// Whether any anchor ends in each state.
    private var ends: [Bool] = []

    /// An index of these texts; their positions are what it finds.
    init(_ anchors: [[UInt8]]) {
        for byte in Set(anchors.joined()).sorted() {
            columns[Int(byte)] = UInt8(width)
            width += 1
        }
        addState()
        for (index, anchor) in anchors.enumerated() {
            var state = 0
            for byte in anchor {
                let cell = state * width + Int(columns[Int(byte)])
                if next[cell] == 0 {
                    next[cell] = UInt16(found.count)
                    addState()
                }
                state = Int(next[cell])
            }
            found[state].append(index)
        }
        linkFailures()
        ends = found.map { !$0.isEmpty }
    }

    private mutating func addState() {
        next += [UInt16](repeating: 0, count: width)
        found.append([])
    }

    /// Fills each empty cell with where the longest suffix that is a prefix too would go.
    private mutating func linkFailures() {
        var failure = [Int](repeating: 0, count: found.count)
        var queue = next[..<width].filter { $0 > 0 }.map(Int.init)
        var head = 0
        while head < queue.count {
            let state = queue[head]
            head += 1
            found[state] += found[failure[state]]
            for column in 0..<width {
                let fallback = next[failure[state] * width + column]
                let child = Int(next[state * width + column])
                if child > 0 {
                    failure[child] = Int(fallback)
                    queue.append(child)
                } else {
                    next[state * width + column] = fallback
                }
            }
        }
    }

    /// Whether any of the texts stands in a line.
    func hasAny(in line: LineBytes) -> Bool {
        var state = 0
        for byte in line {
            state = Int(next[state * width + Int(columns[Int(byte)])])
            if ends[state] { return true }
        }
        return false
    }

    /// The positions of the texts that stand in a line, in order.
    func all(in line: LineBytes) -> [Int] {
        var state = 0
        var hits: Set<Int> = []
        for byte in line {
            state = Int(next[state * width + Int(columns[Int(byte)])])
            if ends[state] { hits.formUnion(found[state]) }
        }
        return hits.sorted()
    }
}
