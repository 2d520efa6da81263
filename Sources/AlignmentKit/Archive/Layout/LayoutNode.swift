/// The layout as a tree of names, to be walked beside an archive.
struct LayoutNode: Sendable {
    /// The row of the objects here; nil for a group.
    private(set) var row: LayoutRow?
    /// Children by their names.
    private(set) var named: [String: LayoutNode] = [:]
    /// The child whose name is not fixed.
    private(set) var open: [Wildcard] = []

    /// A child whose name is not fixed.
    struct Wildcard: Sendable {
        let names: Names
        var node: LayoutNode
    }

    /// Which names a placeholder stands for.
    enum Names: Sendable {
        /// 0, 1, 2 …
        case numbers
        /// `[A-Za-z0-9._-]{1,128}`
        case samples
        /// Any.
        case any
    }

    /// The whole layout.
    static let root = ArchiveLayout.rows.reduce(into: LayoutNode()) { root, row in
        let names = row.path.split(separator: "/").map(String.init)
        let sides = names.contains("<side>") ? ArchiveLayout.sides : [""]
        for side in sides { root.insert(row, names.map { $0 == "<side>" ? side : $0 }[...], below: "") }
    }

    /// Where an object of this name stands; nil if the format has no such object.
    func child(_ name: String) -> LayoutNode? {
        if let node = named[name] { return node }
        return open.first.flatMap { wildcard in
            if case .numbers = wildcard.names, !Self.isDecimal(name) { return nil }
            return wildcard.node
        }
    }

    /// Whether only groups can stand here.
    var isGroup: Bool { row == nil }

    /// Rows of the children that have names of their own, by name.
    var rows: [(name: String, row: LayoutRow)] {
        named.compactMap { name, node in node.row.map { (name, $0) } }.sorted { $0.name < $1.name }
    }

    private mutating func insert(_ row: LayoutRow, _ names: ArraySlice<String>, below parent: String) {
        guard let name = names.first else {
            self.row = row
            return
        }
        let rest = names.dropFirst()
        guard name.hasPrefix("<") else {
            named[name, default: LayoutNode()].insert(row, rest, below: name)
            return
        }
        if open.isEmpty {
            let kinds: Names =
                name == "<k>" || name == "<i>" ? .numbers : parent == "samples" ? .samples : .any
            open = [Wildcard(names: kinds, node: LayoutNode())]
        }
        open[0].node.insert(row, rest, below: name)
    }

    static func isDecimal(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
