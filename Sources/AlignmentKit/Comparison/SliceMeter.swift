/// Errors by slice along one axis.
struct SliceMeter: Sendable {
    let axis: SliceAxis
    /// Elements of the whole tensor in one index of the axis.
    private let elementsPerIndex: Int
    private var energies: [Double]
    private var over: [Int]

    init(_ axis: SliceAxis, elementCount: Int) {
        self.axis = axis
        elementsPerIndex = elementCount / axis.extent
        energies = Array(repeating: 0, count: axis.sliceCount)
        over = Array(repeating: 0, count: axis.sliceCount)
    }

    mutating func add(energy: Double, slice: Int) { energies[slice] += energy }
    /// Adds to every slice in order.
    mutating func add(energies others: [Double]) {
        for slice in 0..<min(energies.count, others.count) { energies[slice] += others[slice] }
    }

    mutating func add(over count: Int, slice: Int) { over[slice] += count }

    /// The slice with the largest mean square error; NaN and infinity are larger than any.
    var worst: ComparisonFigures.Slice? {
        func meanSquare(_ slice: Int) -> Double {
            let value = energies[slice] / Double(axis.neighbours(in: slice) * elementsPerIndex)
            return value.isNaN ? .infinity : value
        }
        guard let index = energies.indices.max(by: { meanSquare($0) < meanSquare($1) }) else { return nil }
        return ComparisonFigures.Slice(
            axis: axis.name, index: index * axis.length / axis.unit, length: axis.length / axis.unit,
            rmsError: meanSquare(index).squareRoot(), overTolerance: over[index])
    }
}
