import AlignmentKit
import Testing

@Suite("Rules of comparison")
struct RulesTests {
    private func floats(_ values: [Float]) -> Tensor { .float32(NDArray(vector: values)) }

    @Test("another shape or rank is a mismatch, whatever the elements: no broadcasting, no shorter side")
    func shapes() {
        let ones = Tensor.float32(NDArray(repeating: 1, shape: .matrix(1, 4)))
        let comparison = TensorComparison(ones, floats([1, 1, 1, 1]))
        #expect(comparison.verdict == .differs)
        #expect(comparison.reason == "shape [1, 4] against [4]")
        #expect(TensorComparison(floats([1]), floats([1, 1, 1, 1])).verdict == .differs)
        #expect(TensorComparison(floats([1, 1, 1]), floats([1, 1, 1, 1])).verdict == .differs)
        #expect(TensorComparison(floats([]), floats([1])).verdict == .differs)
    }

    @Test("an empty tensor equals an empty tensor of its shape only")
    func empty() {
        let none = Tensor.float32(NDArray(repeating: 0, shape: .matrix(0, 4)))
        #expect(TensorComparison(none, none).verdict == .equal)
        #expect(TensorComparison(none, floats([])).verdict == .differs)
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

    @Test("a number against an infinity is over every tolerance, also a relative one")
    func infiniteReference() {
        let loose = Tolerance(relative: 1, absolute: 1)
        for reference in [Float.infinity, -.infinity] {
            let comparison = TensorComparison(floats([2, 1]), floats([reference, 1]), tolerance: loose)
            #expect(comparison.verdict == .differs)
            #expect(comparison.figures?.overTolerance == 1)
        }
        #expect(
            TensorComparison(floats([.infinity]), floats([-.infinity]), tolerance: loose).verdict == .differs)
    }

    @Test("one pair at exactly the tolerance passes, one step of the type beyond it does not")
    func boundary() {
        let tolerance = Tolerance(relative: 0, absolute: 0, step: 0.5)
        #expect(
            TensorComparison(floats([1.5]), floats([1]), tolerance: tolerance).verdict == .withinTolerance)
        #expect(
            TensorComparison(floats([Float(1.5).nextUp]), floats([1]), tolerance: tolerance).verdict
                == .differs)
    }

    @Test(
        "a mask in the reference does not set the tolerance of the other values, nor an overflow of its square"
    )
    func masks() throws {
        let mask = -Float.greatestFiniteMagnitude
        #expect(
            TensorComparison(floats([100, 200, mask]), floats([1, 2, mask])).figures?.overTolerance == 2)
        let huge = -Double.greatestFiniteMagnitude
        for values in [[100, 200, huge], [Double.nan, 2, huge], [.infinity, 2, huge]] {
            let comparison = TensorComparison(
                .float64(NDArray(vector: values)), .float64(NDArray(vector: [1, 2, huge])))
            #expect(comparison.verdict == .differs, "\(values)")
        }
        let loose = Tolerance(relative: 0, absolute: 1e308, step: 1e308)
        #expect(TensorComparison(floats([.nan]), floats([1e30]), tolerance: loose).verdict == .differs)
        let plain = Tolerance(relative: 1e-3, absolute: 0)
        let close = TensorComparison(
            .float64(NDArray(vector: [1.0001, 1e200])), .float64(NDArray(vector: [1, 1e200])),
            tolerance: plain)
        #expect(close.verdict == .withinTolerance)
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

    @Test("one dead codebook and one dead frame of sound are named, also where no axis has a name")
    func slices() throws {
        let good = NDArray<Float>(rows: 8, columns: 500) { row, frame in
            Float((row * 31 + frame * 7) % 13) - 6
        }
        var bad = good
        for frame in 0..<500 { bad[5, frame] = 0 }
        let codebooks = try #require(TensorComparison(.float32(bad), .float32(good)).figures)
        #expect(codebooks.worstSlices.first { $0.axis == "axis 0" }?.index == 5)
        let sound = (0..<960 * 20).map { Float($0 % 17) - 8 }
        var gap = sound
        for sample in 960 * 7..<960 * 8 { gap[sample] = 0 }
        let frames = try #require(TensorComparison(floats(gap), floats(sound), axes: ["sample"]).figures)
        #expect(frames.worstSlices.map(\.axis) == ["frame"])
        #expect(frames.worstSlices.first?.index == 7)
        #expect(frames.worstSlices.first?.overTolerance == gap.indices.count { gap[$0] != sound[$0] })
    }

    @Test("sums are taken in binary64: a million small errors beside a large value are not lost")
    func accumulation() throws {
        let count = 1 << 20
        let reference = [Float](repeating: 1, count: count) + [4096]
        let shifted = reference.dropLast().map { $0 + 0x1p-12 } + [4096]
        let figures = try #require(TensorComparison(floats(Array(shifted)), floats(reference)).figures)
        let exact = (Double(count) * 0x1p-24 / Double(count + 1)).squareRoot()
        #expect((figures.rmsError - exact).magnitude < 1e-15)
    }

    @Test(
        "a tensor of more than one block gives the same bits for any number of threads", arguments: [2, 3, 7])
    func threads(count: Int) throws {
        var state: UInt64 = 88_172_645_463_325_252
        func next() -> Float {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Float(Int64(bitPattern: state) >> 40) / 0x1p23
        }
        let shape = try Shape([300, 8, 129])
        let reference = (0..<shape.elementCount).map { _ in next() }
        var other = reference.map { $0 * 1.000001 }
        (other[70_000], other[200_001]) = (.nan, 3)
        let pair = (
            Tensor.float32(try NDArray(shape: shape, scalars: other)),
            Tensor.float32(try NDArray(shape: shape, scalars: reference))
        )
        let alone = TensorComparison(pair.0, pair.1, axes: ["step", "codebook", "vocabulary"], threads: 1)
        let shared = TensorComparison(
            pair.0, pair.1, axes: ["step", "codebook", "vocabulary"], threads: count)
        #expect("\(alone)" == "\(shared)")
        #expect(alone.figures?.overTolerance == 2)
    }

    @Test("the tolerance survives the way through JSON, its least SNR too")
    func json() throws {
        for tolerance in [Tolerance.waveform, .scores, .pcm16, .exact] {
            let data = try JSONText.encode(tolerance)
            #expect(try JSONText.decode(Tolerance.self, from: data) == tolerance)
        }
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
