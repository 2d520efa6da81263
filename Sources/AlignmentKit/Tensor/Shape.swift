/// The extents of a tensor, checked once: none negative, their product within `Int`.
public struct Shape: Sendable, Hashable {
    /// Extents, outermost first (C order). Empty for a scalar.
    public let extents: [Int]
    /// The product of the extents; 1 for a scalar.
    public let elementCount: Int

    /// A shape of these extents; throws if one is negative or their product overflows.
    public init(_ extents: [Int]) throws(TensorError) {
        var count = 1
        var overflows = false
        for extent in extents {
            guard extent >= 0 else { throw .invalidShape(extents) }
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            overflows = overflows || overflow
            count = product
        }
        // A zero extent makes the tensor empty whatever the others are.
        if extents.contains(0) { (count, overflows) = (0, false) }
        guard !overflows else { throw .invalidShape(extents) }
        self.extents = extents
        self.elementCount = count
    }

    private init(trusted extents: [Int], elementCount: Int) {
        self.extents = extents
        self.elementCount = elementCount
    }

    /// A vector's shape, [count].
    public static func vector(_ count: Int) -> Shape {
        precondition(count >= 0, "a negative extent")
        return Shape(trusted: [count], elementCount: count)
    }

    /// A matrix's shape, [rows, columns].
    public static func matrix(_ rows: Int, _ columns: Int) -> Shape {
        precondition(rows >= 0 && columns >= 0, "a negative extent")
        return Shape(trusted: [rows, columns], elementCount: rows * columns)
    }

    /// A three-dimensional shape, [planes, rows, columns].
    public static func cube(_ planes: Int, _ rows: Int, _ columns: Int) -> Shape {
        precondition(planes >= 0 && rows >= 0 && columns >= 0, "a negative extent")
        return Shape(trusted: [planes, rows, columns], elementCount: planes * rows * columns)
    }

    /// The number of extents.
    public var rank: Int { extents.count }

    /// The extent of one axis.
    public subscript(axis: Int) -> Int { extents[axis] }

    /// The index along every axis of the element at a flat offset.
    public func index(ofFlat offset: Int) -> [Int] {
        var remainder = offset
        var index = [Int](repeating: 0, count: rank)
        for axis in stride(from: rank - 1, through: 0, by: -1) where extents[axis] > 0 {
            index[axis] = remainder % extents[axis]
            remainder /= extents[axis]
        }
        return index
    }
}

extension Shape: CustomStringConvertible {
    /// As people write it: `[8, 67]`.
    public var description: String { "[\(extents.map(String.init).joined(separator: ", "))]" }
}
