import AlignmentKit
import Testing

@Suite("Rules of comparison")
struct ComparisonTests {
    private func floats(_ values: [Float]) -> Tensor { .float32(NDArray(vector: values)) }

    @Test("another shape is a mismatch, whatever the elements")
    func shapes() {
        let left = Tensor.float32(NDArray(repeating: 1, shape: .matrix(1, 4)))
        let comparison = TensorComparison(left, floats([1, 1, 1, 1]))
        #expect(comparison.verdict == .differs)
        #expect(comparison.reason == "shape [1, 4] against [4]")
    }

    @Test("another type is a mismatch, whatever the elements")
    func types() {
        let comparison = TensorComparison(.int32(NDArray(vector: [1])), .int64(NDArray(vector: [1])))
        #expect(comparison.verdict == .differs)
        #expect(comparison.reason == "type int32 against int64")
    }

    @Test("NaN fails against a number and against NaN, unless the tolerance says otherwise")
    func notANumber() {
        #expect(TensorComparison(floats([.nan]), floats([1])).verdict == .differs)
        let pair = TensorComparison(floats([.nan]), floats([.nan]))
        #expect(pair.verdict == .differs)
        #expect(pair.figures?.nanPairs == 1)
        let lenient = Tolerance(relative: 0, absolute: 0, acceptsNaNPairs: true)
        #expect(TensorComparison(floats([.nan]), floats([.nan]), tolerance: lenient).verdict == .equal)
    }

    @Test("equal infinities agree, infinity against a number does not")
    func infinities() {
        #expect(TensorComparison(floats([-.infinity, 1]), floats([-.infinity, 1])).verdict == .equal)
        let comparison = TensorComparison(floats([-.infinity, 1]), floats([2, 1]))
        #expect(comparison.verdict == .differs)
        #expect(comparison.figures?.first?.index == [0])
    }

    @Test("one dead frame of a thousand is found though the cosine stays above 0.999")
    func deadFrame() throws {
        let frames = 1000
        let good = NDArray<Float>(rows: 8, columns: frames) { row, frame in
            Float((row * 31 + frame * 7) % 13) - 6
        }
        var bad = good
        for row in 0..<8 { bad[row, 400] = 0 }
        let comparison = TensorComparison(.float32(bad), .float32(good), axes: ["codebook", "frame"])
        let figures = try #require(comparison.figures)
        #expect(comparison.verdict == .differs)
        #expect(figures.cosine > 0.999)
        #expect(figures.worstSlices.first { $0.axis == "frame" }?.index == 400)
    }

    @Test("the absolute tolerance scales with the reference: a silent signal does not hide its error")
    func silentSignal() {
        let reference = (0..<1000).map { Float(8e-6) * ($0 % 2 == 0 ? 1 : -1) }
        let shifted = reference.map { $0 + 4e-6 }
        // 4e-6 is within torch's fixed 1e-5.
        #expect(TensorComparison(floats(shifted), floats(reference)).verdict == .differs)
    }

    @Test("a waveform needs 90 dB even where each sample is close")
    func signalToNoise() throws {
        let reference = (0..<2000).map { index in Float(index % 100) / 100 - 0.5 }
        let noisy = reference.map { $0 * 1.0001 }
        let comparison = TensorComparison(
            floats(noisy), floats(reference),
            tolerance: Tolerance(relative: 1, absolute: 1, minimumSNR: 90))
        let snr = try #require(comparison.figures?.snrDb)
        #expect(abs(snr - 80) < 0.1)
        #expect(comparison.verdict == .differs)
    }

    @Test("integers are widened before they are subtracted")
    func widening() throws {
        let comparison = TensorComparison(
            .uint8(NDArray(vector: [0])), .uint8(NDArray(vector: [255])))
        #expect(comparison.figures?.maxAbs == 255)
        let extreme = TensorComparison(
            .int64(NDArray(vector: [Int64.min])), .int64(NDArray(vector: [Int64.max])))
        #expect(extreme.verdict == .differs)
    }

    @Test("the distance in representable values is counted")
    func ulps() {
        let comparison = TensorComparison(floats([Float(1).nextUp.nextUp]), floats([1]))
        #expect(comparison.figures?.maxUlp == 2)
        #expect(comparison.verdict == .withinTolerance)
    }

    @Test("ties at the nucleus's edge may fall either way, a missing candidate may not")
    func ties() throws {
        let golden = Tensor.float32(
            try NDArray(shape: Shape([1, 1, 4]), scalars: [2, 1, -.infinity, -.infinity]))
        let swapped = Tensor.float32(
            try NDArray(shape: Shape([1, 1, 4]), scalars: [2, -.infinity, 1, -.infinity]))
        let fewer = Tensor.float32(
            try NDArray(shape: Shape([1, 1, 4]), scalars: [2, -.infinity, -.infinity, -.infinity]))
        let other = Tensor.float32(
            try NDArray(shape: Shape([1, 1, 4]), scalars: [-.infinity, 1, 2, -.infinity]))
        let tie = TensorComparison(swapped, golden, tolerance: .scores)
        #expect(tie.verdict == .withinTolerance)
        #expect(tie.figures?.tieSwaps == 2)
        #expect(TensorComparison(fewer, golden, tolerance: .scores).verdict == .differs)
        let three = Tensor.float32(try NDArray(shape: Shape([1, 1, 3]), scalars: [1, 1, 1]))
        let two = Tensor.float32(try NDArray(shape: Shape([1, 1, 3]), scalars: [1, 1, -.infinity]))
        #expect(TensorComparison(two, three, tolerance: .scores).verdict == .differs)
        #expect(TensorComparison(other, golden, tolerance: .scores).verdict == .differs)
    }
}
