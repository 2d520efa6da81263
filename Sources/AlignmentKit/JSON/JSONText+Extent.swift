extension JSONText {
    /// How large a document is to a parser.
    public struct Extent: Sendable, Hashable {
        /// Arrays and objects within each other.
        public var depth = 0
        /// Values, keys not counted: at most one more than there really are.
        public var values = 1
    }

    /// Measures a document by its brackets and commas in one pass; of what is no JSON, it gives no less than a
    /// parser could meet.
    public static func extent(of text: some Sequence<UInt8>) -> Extent {
        var extent = Extent()
        var depth = 0
        var isText = false
        var isEscaped = false
        for byte in text {
            if isEscaped {
                isEscaped = false
            } else if isText {
                if byte == UInt8(ascii: "\\") { isEscaped = true }
                if byte == UInt8(ascii: "\"") { isText = false }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isText = true
                case UInt8(ascii: ","): extent.values += 1
                case UInt8(ascii: "["), UInt8(ascii: "{"):
                    depth += 1
                    extent.values += 1
                    extent.depth = max(extent.depth, depth)
                case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
                default: break
                }
            }
        }
        return extent
    }
}
