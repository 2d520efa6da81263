/// A dense array of one element type, row-major (C order).
public struct NDArray<Scalar: Sendable>: Sendable {
    /// The extents, outermost first.
    public let shape: Shape
    /// The elements in row-major order, `shape.elementCount` of them.
    public private(set) var scalars: [Scalar]

    /// An array of these elements; throws if their number is not the shape's.
    public init(shape: Shape, scalars: [Scalar]) throws(TensorError) {
        guard scalars.count == shape.elementCount else {
            throw .elementCount(shape: shape, found: scalars.count)
        }
        self.shape = shape
        self.scalars = scalars
    }

    /// An array with the same value everywhere.
    public init(repeating value: Scalar, shape: Shape) {
        self.shape = shape
        self.scalars = Array(repeating: value, count: shape.elementCount)
    }

    /// A vector, [count].
    public init(vector scalars: [Scalar]) {
        self.shape = .vector(scalars.count)
        self.scalars = scalars
    }

    /// A matrix, [rows, columns], made by a function of the row and the column.
    public init(rows: Int, columns: Int, _ scalar: (_ row: Int, _ column: Int) -> Scalar) {
        self.shape = .matrix(rows, columns)
        self.scalars = []
        self.scalars.reserveCapacity(rows * columns)
        for row in 0..<rows {
            for column in 0..<columns { self.scalars.append(scalar(row, column)) }
        }
    }

    /// The element of a matrix.
    public subscript(row: Int, column: Int) -> Scalar {
        get { scalars[row * shape[1] + column] }
        set { scalars[row * shape[1] + column] = newValue }
    }

    /// The element of a vector, or the element at a flat offset.
    public subscript(flat offset: Int) -> Scalar {
        get { scalars[offset] }
        set { scalars[offset] = newValue }
    }

    /// The extent of a matrix's first axis.
    public var rows: Int { shape[0] }
    /// The extent of a matrix's second axis.
    public var columns: Int { shape[1] }

    /// One row of a matrix, [columns].
    public func row(_ row: Int) -> ArraySlice<Scalar> {
        scalars[row * shape[1]..<(row + 1) * shape[1]]
    }

    /// The same array with its elements mapped one by one.
    public func map<Other>(_ transform: (Scalar) -> Other) -> NDArray<Other> {
        NDArray<Other>(trusted: shape, scalars.map(transform))
    }

    /// The columns of a matrix within a range, every row kept.
    public func columns(_ range: Range<Int>) -> NDArray {
        NDArray(rows: rows, columns: range.count) { self[$0, range.lowerBound + $1] }
    }

    /// The first rows of a matrix, at most all of them, as `x[:count]` in Python.
    public func prefixRows(_ count: Int) -> NDArray {
        NDArray(rows: min(count, rows), columns: columns) { self[$0, $1] }
    }

    /// Matrices side by side; all must have the same number of rows.
    public static func concatenatingColumns(_ parts: [NDArray]) throws(TensorError) -> NDArray {
        guard let first = parts.first else { return NDArray(trusted: .matrix(0, 0), []) }
        for part in parts where part.rows != first.rows {
            throw .rank(expected: 2, found: part.shape)
        }
        let shape = Shape.matrix(first.rows, parts.reduce(0) { $0 + $1.columns })
        var scalars: [Scalar] = []
        scalars.reserveCapacity(shape.elementCount)
        for row in 0..<first.rows {
            for part in parts { scalars.append(contentsOf: part.row(row)) }
        }
        return NDArray(trusted: shape, scalars)
    }

    private init(trusted shape: Shape, _ scalars: [Scalar]) {
        self.shape = shape
        self.scalars = scalars
    }
}

extension NDArray: Equatable where Scalar: Equatable {}

extension NDArray {
    /// Puts new elements in the place of as many old ones, at flat offsets.
    public mutating func replace(_ range: Range<Int>, with elements: [Scalar]) {
        precondition(range.count == elements.count, "another number of elements")
        scalars.replaceSubrange(range, with: elements)
    }
}
