import AlignmentKit
import TestSupport
import Testing

@Suite("Token flips and noise floors")
struct TokenFlipTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private static let root = "samples/000000"
    private static let bos: Int64 = 6

    /// Greedy tokens of some logits, [step, codebook, id], and an archive of both.
    private func archive(
        _ name: String, _ logits: [[[Float]]], tokens: [[Int64]]? = nil
    ) throws -> ArchiveReader {
        let (steps, codebooks, ids) = (logits.count, logits[0].count, logits[0][0].count)
        let greedy: [[Int64]] = (0..<codebooks).map { codebook in
            [Self.bos]
                + logits.map { step in
                    Int64(step[codebook].indices.max { step[codebook][$0] < step[codebook][$1] } ?? 0)
                }
        }
        let stream = tokens ?? greedy
        let shape = try Shape([steps, codebooks, ids])
        let delayed = Tensor.int64(
            NDArray(rows: codebooks, columns: steps + 1) { stream[$0][$1] })
        return try scratch.archive(
            name,
            [
                (
                    "\(Self.root)/generation/input/audio_logits",
                    .tensor(
                        .float32(try NDArray(shape: shape, scalars: logits.flatMap { $0.flatMap { $0 } })))
                ),
                ("\(Self.root)/generation/captured/segments/0/delayed", .tensor(delayed)),
            ])
    }

    /// Three steps, two codebooks; in the second step of codebook 1 two ids are nearly equal.
    private func logits(gap: Float, noise: Float = 0) -> [[[Float]]] {
        (0..<3).map { step in
            (0..<2).map { codebook in
                (0..<5).map { id in
                    if step == 1, codebook == 1, id == 3 { return 4 + gap }
                    if step == 1, codebook == 1, id == 2 { return 4 }
                    return Float((id * 7 + step * 3 + codebook) % 5) * 0.5 + noise * Float(id % 2)
                }
            }
        }
    }

    private func flips(_ left: ArchiveReader, _ right: ArchiveReader) throws
        -> ArchiveComparison.PairComparison
    {
        let tensors = try #require(try ArchiveComparison(left, right).samples.first).tensors
        return try #require(tensors.first { $0.tensor.hasSuffix("delayed") })
    }

    @Test("a flip within the logits' noise floor is a near-tie, and named as one")
    func nearTie() throws {
        let noise: Float = 4e-6
        let pair = try flips(
            archive("a.h5", logits(gap: -1e-6, noise: noise)), archive("b.h5", logits(gap: 1e-6)))
        #expect(pair.flips?.count == 1)
        #expect(pair.flips?.nearTies == 1)
        #expect(pair.flips?.first?.codebook == 1)
        #expect(pair.flips?.first?.column == 2)
        #expect(pair.flips?.first?.left == 2)
        #expect(pair.flips?.first?.right == 3)
        #expect(pair.status == .withinTolerance)
    }

    @Test("a flip whose margin is above the noise floor is an error")
    func realFlip() throws {
        let pair = try flips(
            archive("a.h5", logits(gap: -0.25)), archive("b.h5", logits(gap: 0.25, noise: 1e-6)))
        #expect(pair.flips?.nearTies == 0)
        #expect(pair.status == .differs)
    }

    @Test("a flip of a token that is not its own side's largest logit is an error however small the margin")
    func notGreedy() throws {
        let noise: Float = 4e-6
        let left = try archive(
            "a.h5", logits(gap: 1e-6, noise: noise),
            tokens: [[6, 4, 2, 1], [6, 2, 2, 2]])
        let pair = try flips(left, archive("b.h5", logits(gap: 1e-6)))
        #expect(pair.flips?.areNearTies == false)
        #expect(pair.status == .differs)
    }

    @Test("logits that were not compared excuse nothing")
    func unseenLogits() throws {
        var settings = ComparisonSettings()
        settings.only = [PathPattern("**/delayed")]
        let comparison = try ArchiveComparison(
            archive("a.h5", logits(gap: -1e-6, noise: 4e-6)), archive("b.h5", logits(gap: 1e-6)),
            settings: settings)
        #expect(comparison.status == .differs)
    }

    @Test("a strange stream of tokens differs and stops nothing", arguments: ["-1", "0", "1", "99999999999"])
    func strangeStreams(segment: String) throws {
        func archive(_ name: String, _ value: Int32) throws -> ArchiveReader {
            try scratch.archive(
                name,
                [
                    (
                        "\(Self.root)/generation/captured/segments/\(segment)/delayed",
                        .tensor(.int64(NDArray(repeating: Int64(value), shape: .matrix(2, 3))))
                    ),
                    (
                        "\(Self.root)/generation/captured/segments/0/odd/delayed",
                        .tensor(.int32(NDArray(vector: [value])))
                    ),
                    (
                        "\(Self.root)/tokens/input/segments/0/delayed",
                        .tensor(.int32(NDArray(vector: [value])))
                    ),
                ])
        }
        #expect(try ArchiveComparison(archive("a.h5", 1), archive("b.h5", 2)).differing == 3)
    }

    @Test("equal logits excuse nothing")
    func equalLogits() throws {
        let left = try archive("a.h5", logits(gap: 1e-6), tokens: [[6, 4, 2, 1], [6, 0, 2, 2]])
        let pair = try flips(left, archive("b.h5", logits(gap: 1e-6)))
        #expect(pair.flips?.noiseFloor == 0)
        #expect(pair.status == .differs)
    }

    @Test(
        "where bfloat16 was declared the golden's own precisions set the floor",
        arguments: [
            (1.0, "bfloat16", TensorComparison.Verdict.withinTolerance), (1.0, "float32", .differs),
            (1.9, "bfloat16", .differs),
        ])
    func noiseFloor(scale: Double, dtype: String, verdict: TensorComparison.Verdict) throws {
        let exact = (0..<2000).map { Float($0 % 37) / 37 - 0.5 }
        func rough(_ scale: Double, _ period: Int) -> [Float] {
            exact.enumerated().map { $1 + Float(scale * 1e-3 * (Double($0 % period) / Double(period) - 0.5)) }
        }
        func sound(_ values: [Float]) -> StoredTensor { .tensor(.float32(NDArray(vector: values))) }
        let place = "\(Self.root)/decode/captured/calls/0/waveform"
        let left = try scratch.archive(
            "a.h5", [(place, sound(rough(scale, 11)))],
            documents: [("provenance.json", .object(["codec": .object(["dtype": .string(dtype)])]))])
        let right = try scratch.archive(
            "b.h5",
            [
                (place, sound(exact)), ("\(Self.root)/decode/golden/calls/0/waveform", sound(exact)),
                ("\(Self.root)/decode/golden_bf16/calls/0/waveform", sound(rough(1, 13))),
            ])
        let comparison = try ArchiveComparison(left, right)
        #expect(comparison.samples.first?.status == verdict)
        let floor = comparison.samples.first?.tensors.first?.noiseFloor
        #expect((floor != nil) == (dtype == "bfloat16"))
        if let floor { #expect((floor.ratio - scale).magnitude < 0.05) }
    }

    @Test("the noise floor excuses no token, no other shape, and nothing by a floor that is not finite")
    func noExcuse() throws {
        let place = "\(Self.root)/generation/captured/x"
        func verdict(_ left: Tensor, _ right: Tensor, golden: Tensor, half: Tensor) throws -> TensorComparison
            .Verdict?
        {
            let own = try scratch.archive(
                "a.h5", [(place, .tensor(left))],
                documents: [("provenance.json", .object(["dtype": .string("bfloat16")]))])
            let other = try scratch.archive(
                "b.h5",
                [
                    (place, .tensor(right)), ("\(Self.root)/generation/golden/x", .tensor(golden)),
                    ("\(Self.root)/generation/golden_bf16/x", .tensor(half)),
                ])
            return try ArchiveComparison(own, other).samples.first?.status
        }
        func ids(_ values: [Int64]) -> Tensor { .int64(NDArray(vector: values)) }
        func floats(_ values: [Float]) -> Tensor { .float32(NDArray(vector: values)) }
        #expect(
            try verdict(ids([1, 9]), ids([1, 2]), golden: ids([1, 2]), half: ids([900, 2])) == .differs)
        #expect(
            try verdict(floats([1, 2]), floats([1]), golden: floats([1, 2]), half: floats([1, 3])) == .differs
        )
        #expect(
            try verdict(
                floats([1, 9]), floats([1, 2]), golden: floats([1, 2]), half: floats([1, .infinity]))
                == .differs)
    }

    @Test("one dead frame is not bfloat16 noise, though the whole is below the floor's ratio")
    func deadFrame() throws {
        let exact = (0..<960 * 400).map { Float($0 % 37) / 37 - 0.5 }
        let rough = exact.enumerated().map { $1 + Float(0.03 * (Double($0 % 13) / 13 - 0.5)) }
        var dead = exact.enumerated().map { $1 + Float(0.03 * (Double($0 % 11) / 11 - 0.5)) }
        for sample in 960 * 9..<960 * 10 { dead[sample] = 0 }
        func sound(_ values: [Float]) -> StoredTensor { .tensor(.float32(NDArray(vector: values))) }
        let place = "\(Self.root)/decode/captured/calls/0/waveform"
        let golden = "\(Self.root)/decode/golden/calls/0/waveform"
        let half = "\(Self.root)/decode/golden_bf16/calls/0/waveform"
        let labels = TensorLabels(axes: ["sample"])
        let left = try scratch.archive(
            "a.h5", [(place, sound(dead))],
            documents: [("provenance.json", .object(["dtype": .string("bfloat16")]))])
        let right = try scratch.archive(
            "b.h5", [(place, sound(exact)), (golden, sound(exact)), (half, sound(rough))],
            labels: [golden: labels, half: labels])
        let pair = try #require(try ArchiveComparison(left, right).samples.first?.tensors.first)
        let floor = try #require(pair.noiseFloor)
        #expect(floor.worstSliceRatio > 3)
        #expect(!floor.passes)
        #expect(pair.status == .differs)
    }
}
