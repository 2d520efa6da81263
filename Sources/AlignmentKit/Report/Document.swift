/// A report as its parts, before it becomes text or Markdown.
public struct Document: Sendable, Equatable {
    /// The parts in order.
    public var blocks: [Block] = []

    /// One part.
    public enum Block: Sendable, Equatable {
        /// A heading; level 1 is the report's title.
        case heading(level: Int, String)
        /// One or more sentences.
        case paragraph(String)
        /// Sentences of equal rank.
        case list([String])
        /// Rows under column titles. A cell's status, where it is one, is what colour may underline.
        case table(Table)
        /// Lines that keep their spaces and are not wrapped.
        case verbatim([String])
    }

    /// Rows under column titles.
    public struct Table: Sendable, Equatable {
        /// Column titles.
        public var columns: [String]
        /// Rows of as many cells.
        public var rows: [[String]]

        /// A table of these columns and rows.
        public init(_ columns: [String], _ rows: [[String]]) {
            self.columns = columns
            self.rows = rows
        }
    }

    /// An empty report.
    public init() {}

    package mutating func heading(_ level: Int, _ text: String) {
        blocks.append(.heading(level: level, text))
    }
    package mutating func paragraph(_ text: String) { blocks.append(.paragraph(text)) }
    package mutating func list(_ items: [String]) { if !items.isEmpty { blocks.append(.list(items)) } }
    package mutating func verbatim(_ lines: [String]) {
        if !lines.isEmpty { blocks.append(.verbatim(lines)) }
    }
    package mutating func table(_ columns: [String], _ rows: [[String]]) {
        if !rows.isEmpty { blocks.append(.table(Table(columns, rows))) }
    }
}
