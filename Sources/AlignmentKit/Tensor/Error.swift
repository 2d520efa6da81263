/// What can be wrong with a tensor's shape or type.
public enum TensorError: Error, Equatable {
    /// A negative extent, or more elements than can be counted.
    case invalidShape([Int])
    /// The shape promises another number of elements than were given.
    case elementCount(shape: Shape, found: Int)
    /// Another rank than the operation works on.
    case rank(expected: Int, found: Shape)
    /// Another element type than the operation works on.
    case dtype(expected: DType, found: DType)
}

extension TensorError: CustomStringConvertible {
    /// One clause that says what was expected and what was found.
    public var description: String {
        switch self {
        case .invalidShape(let extents):
            "the shape \(extents) has a negative extent or too many elements to count"
        case .elementCount(let shape, let found):
            "the shape \(shape) promises \(shape.elementCount) elements, found \(found)"
        case .rank(let expected, let found):
            "expected \(expected) dimensions, found the shape \(found)"
        case .dtype(let expected, let found):
            "expected the type \(expected.rawValue), found \(found.rawValue)"
        }
    }
}
