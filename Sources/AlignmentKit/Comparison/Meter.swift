import AlignmentTensors

/// Measures pairs one after the other; sums are binary64.
struct Meter {
    private(set) var figures = ComparisonFigures()
    private let shape: Shape
    private let tolerance: Tolerance
    private let allowedAbsolute: Double
    private var axes: [AxisMeter]
    private var errorEnergy = 0.0
    private var leftEnergy = 0.0
    private var rightEnergy = 0.0
    private var product = 0.0

    init(shape: Shape, tolerance: Tolerance, referenceRMS: Double, axes names: [String], frameLength: Int) {
        self.shape = shape
        self.tolerance = tolerance
        allowedAbsolute = tolerance.absolute * referenceRMS + tolerance.step
        axes = []
        guard names.count == shape.rank else { return }
        var inner = shape.elementCount
        for (axis, name) in names.enumerated() where shape[axis] > 0 {
            inner /= shape[axis]
            if name.isEmpty { continue }
            if name == "sample" {
                axes.append(AxisMeter(name: "frame", extent: shape[axis], stride: inner, block: frameLength))
            } else {
                axes.append(AxisMeter(name: name, extent: shape[axis], stride: inner, block: 1))
            }
        }
    }

    mutating func measure(_ left: Tensor, _ right: Tensor) {
        switch (left, right) {
        case (.float64(let a), .float64(let b)): floats(a, b) { $0 }
        case (.float32(let a), .float32(let b)): floats(a, b, Double.init)
        case (.float16(let a), .float16(let b)): floats(a, b, Double.init)
        case (.bfloat16(let a), .bfloat16(let b)): floats(a.map(\.float), b.map(\.float), Double.init)
        case (.int64(let a), .int64(let b)): integers(a, b) { $0 }
        case (.int32(let a), .int32(let b)): integers(a, b, Int64.init)
        case (.uint8(let a), .uint8(let b)): integers(a, b, Int64.init)
        case (.bool(let a), .bool(let b)): integers(a, b) { $0 ? 1 : 0 }
        default: preconditionFailure("tensors of two types")
        }
        finish()
    }

    private mutating func floats<Scalar: UlpOrdered>(
        _ left: NDArray<Scalar>, _ right: NDArray<Scalar>, _ widened: (Scalar) -> Double
    ) {
        figures.maxUlp = 0
        for offset in 0..<shape.elementCount {
            let (a, b) = (left[flat: offset], right[flat: offset])
            if a.isNaN && b.isNaN {
                figures.nanPairs += 1
                if !tolerance.acceptsNaNPairs { add(offset, .nan, .nan, error: .nan, isOver: true) }
                continue
            }
            let (x, y) = (widened(a), widened(b))
            // Equal infinities have no difference to subtract.
            let error = x == y ? 0 : (x - y).magnitude
            let isOver = !(error <= allowedAbsolute + tolerance.relative * y.magnitude)
            if error != 0, !a.isNaN, !b.isNaN {
                figures.maxUlp = max(figures.maxUlp ?? 0, Scalar.ulpDistance(a, b))
            }
            add(offset, x, y, error: error, isOver: isOver)
        }
    }

    private mutating func integers<Scalar>(
        _ left: NDArray<Scalar>, _ right: NDArray<Scalar>, _ widened: (Scalar) -> Int64
    ) {
        for offset in 0..<shape.elementCount {
            let (a, b) = (widened(left[flat: offset]), widened(right[flat: offset]))
            let (difference, overflow) = a.subtractingReportingOverflow(b)
            let error = overflow ? (Double(a) - Double(b)).magnitude : Double(difference.magnitude)
            let bound = allowedAbsolute + tolerance.relative * Double(b).magnitude
            add(offset, Double(a), Double(b), error: error, isOver: a != b && !(error <= bound))
        }
    }

    private mutating func add(_ offset: Int, _ left: Double, _ right: Double, error: Double, isOver: Bool) {
        for axis in axes.indices { axes[axis].add(offset, error: error, isOver: isOver) }
        if left.isFinite && right.isFinite {
            leftEnergy += left * left
            rightEnergy += right * right
            product += left * right
            errorEnergy += error * error
        } else if error != 0 {
            errorEnergy = .infinity
        }
        guard error != 0 else { return }
        figures.different += 1
        let place = ComparisonFigures.Place(index: [offset], left: left, right: right)
        if isOver {
            if figures.overTolerance == 0 { figures.first = place }
            figures.overTolerance += 1
        } else if figures.different == 1 {
            figures.first = place
        }
        if figures.worst == nil || error > figures.maxAbs || (error.isNaN && !figures.maxAbs.isNaN) {
            figures.worst = place
            figures.maxAbs = error
        }
        if right != 0, !error.isNaN { figures.maxRel = max(figures.maxRel, error / right.magnitude) }
    }

    /// A place noted by its flat offset, by its index along every axis.
    private func unflattened(_ place: ComparisonFigures.Place) -> ComparisonFigures.Place {
        var place = place
        place.index = shape.index(ofFlat: place.index[0])
        return place
    }

    private mutating func finish() {
        let count = shape.elementCount
        figures.count = count
        figures.shareOverTolerance = count == 0 ? 0 : Double(figures.overTolerance) / Double(count)
        figures.rmsError = count == 0 ? 0 : (errorEnergy / Double(count)).squareRoot()
        figures.snrDb =
            errorEnergy == 0 ? .infinity : rightEnergy == 0 ? -.infinity : decibels(rightEnergy / errorEnergy)
        if leftEnergy > 0 && rightEnergy > 0 {
            figures.cosine = product / (leftEnergy.squareRoot() * rightEnergy.squareRoot())
        } else {
            figures.cosine = leftEnergy == rightEnergy ? 1 : 0
        }
        figures.first = figures.first.map(unflattened)
        figures.worst = figures.worst.map(unflattened)
        if figures.different > 0 { figures.worstSlices = axes.compactMap(\.worst) }
    }
}

/// Errors by slice along one axis.
private struct AxisMeter {
    let name: String
    let extent: Int
    let stride: Int
    /// Neighbouring indices that make one slice.
    let block: Int
    private var energies: [Double]
    private var over: [Int]
    private var counts: [Int]

    init(name: String, extent: Int, stride: Int, block: Int) {
        (self.name, self.extent, self.stride, self.block) = (name, extent, stride, block)
        let slices = (extent + block - 1) / block
        energies = Array(repeating: 0, count: slices)
        over = Array(repeating: 0, count: slices)
        counts = Array(repeating: 0, count: slices)
    }

    mutating func add(_ offset: Int, error: Double, isOver: Bool) {
        let slice = offset / stride % extent / block
        energies[slice] += error * error
        counts[slice] += 1
        if isOver { over[slice] += 1 }
    }

    var worst: ComparisonFigures.Slice? {
        func meanSquare(_ slice: Int) -> Double {
            let value = energies[slice] / Double(max(counts[slice], 1))
            return value.isNaN ? .infinity : value
        }
        guard let index = energies.indices.max(by: { meanSquare($0) < meanSquare($1) }) else { return nil }
        return ComparisonFigures.Slice(
            axis: name, index: index, rmsError: meanSquare(index).squareRoot(), overTolerance: over[index])
    }
}
