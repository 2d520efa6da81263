public import AlignmentJSON

/// How much is cut off each end of a stream or a waveform.
public struct EndCuts: KnobValue {
    /// Off the start.
    public var start: Int
    /// Off the end.
    public var end: Int

    /// These cuts.
    public init(_ start: Int, _ end: Int) { (self.start, self.end) = (start, end) }

    /// Nothing is cut.
    public static let none = EndCuts(0, 0)

    /// What a profile may write.
    public static var expectation: String { "a list of two whole numbers" }

    /// JSON Schema of a list of two whole numbers.
    public static var schema: [String: JSONValue] {
        [Int].schema.merging(["minItems": .integer(2), "maxItems": .integer(2)]) { $1 }
    }

    /// A list of two whole numbers.
    public init?(json: JSONValue) {
        guard let ends = [Int](json: json), ends.count == 2 else { return nil }
        self.init(ends[0], ends[1])
    }

    /// A list of two whole numbers.
    public var json: JSONValue { [start, end].json }

    /// What is left of this many elements: `x[start:-end]` in Python, for cuts from 0.
    func rest(of count: Int) -> Range<Int> {
        pythonSlice(start, end == 0 ? count : -end, count: count)
    }
}
