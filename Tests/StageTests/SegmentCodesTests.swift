import AlignmentKit
import Testing

@testable import AlignmentStages

@Suite("Codes in the sample")
struct SegmentCodesTests {
    private let model = ModelConfiguration()
    private let reference = ProfileDescription.serveEngine.resolved(for: ModelConfiguration()).collator
    private let first = EncodedSegment(codes: matrix([[1, 2, 3], [4, 5, 6]]))
    private let second = EncodedSegment(codes: matrix([[7], [8]]))

    private func item(_ segments: [EncodedSegment], built: NDArray<Int64>? = nil) -> CollatorItem {
        var sample = ChatMLSample(inputIDs: [128_016])
        sample.audioIDsConcat = built
        return CollatorItem(
            promptIDs: Array(repeating: 128_016, count: segments.count), segments: segments, built: sample)
    }

    private func profile(_ form: SegmentCodes) -> CollatorProfile {
        var profile = reference
        profile.segmentCodes = form
        return profile
    }

    @Test(
        "each form has its codes and its starts",
        arguments: [
            (.asEncoded, [[1, 2, 3, 7], [4, 5, 6, 8]], [0, 3]),
            (
                .delayed,
                [
                    [1024, 1, 2, 3, 1025, 1025, 1024, 7, 1025, 1025],
                    [1024, 1024, 4, 5, 6, 1025, 1024, 1024, 8, 1025],
                ], [0, 6]
            ),
            (.delayedBare, [[1, 2, 3, 1025, 7, 1025], [1024, 4, 5, 6, 1024, 8]], [0, 4]),
            (.codebooks([1, 0]), [[4, 5, 6, 8], [1, 2, 3, 7]], [0, 3]),
            (.codebooks([0]), [[1, 2, 3, 7]], [0, 3]), (.codebooks([-1]), [[4, 5, 6, 8]], [0, 3]),
            (.asBuilt, [[9, 9, 9, 9]], [0, 3]),
        ] as [(SegmentCodes, [[Int64]], [Int])])
    func forms(form: SegmentCodes, codes: [[Int64]], starts: [Int]) throws {
        let item = item([first, second], built: matrix([[9, 9, 9, 9]]))
        let sample = try item.sample(under: profile(form), model: model)
        #expect(sample.audioIDsConcat == matrix(codes))
        #expect(sample.audioIDsStart == starts)
        #expect(SegmentCodes(json: form.json) == form)
    }

    @Test("the ids of the ramps are the profile's")
    func streamIDs() throws {
        var profile = profile(.delayedBare)
        (profile.audioStreamBOS, profile.audioStreamEOS) = (-1, -2)
        let sample = try item([second]).sample(under: profile, model: model)
        #expect(sample.audioIDsConcat == matrix([[7, -2], [-1, 8]]))
    }

    @Test("codes that are delayed before are what the collator makes of codes, and it delays them once more")
    func delayedOnce() throws {
        func streams(_ profile: CollatorProfile) throws -> NDArray<Int64> {
            let facts = CollatorFacts(items: [item([first, second])])
            return try CollatorStage.run(facts, under: profile, model: model).audioOutIDs
        }
        var taken = profile(.delayed)
        taken.disableAudioCodesTransform = true
        #expect(try streams(taken) == streams(reference))
        let twice = try streams(profile(.delayed))
        #expect(twice.columns == (6 + 3) + (4 + 3))
        #expect(twice.row(1).prefix(4) == [1024, 1024, 1024, 1024])
        #expect(twice.row(0).prefix(4) == [1024, 1024, 1, 2])
    }

    @Test("a codebook that is not there raises as indexing does")
    func missingCodebook() {
        let error = #expect(throws: UpstreamError.self) {
            try item([first]).sample(under: profile(.codebooks([0, 2])), model: model)
        }
        #expect(error?.message == "index 2 is out of bounds for dimension 0 with size 2")
    }

    @Test("what was built may have any width, and starts at its own")
    func builtWidth() throws {
        let one = try item([first], built: matrix([[9, 9]])).sample(under: profile(.asBuilt), model: model)
        #expect(one.audioIDsConcat == matrix([[9, 9]]) && one.audioIDsStart == [0])
        var total = profile(.asBuilt)
        total.audioIDsStart = .withTotal
        #expect(
            try item([first], built: matrix([[9, 9]])).sample(under: total, model: model).audioIDsStart == [
                0, 2,
            ])
        let none = try item([first]).sample(under: profile(.asBuilt), model: model)
        #expect(none.audioIDsConcat == nil && none.audioIDsStart == [0])
    }

    @Test(
        "the form is read from the built sample, the first that gives its codes, and builds them again",
        arguments: [
            (.asEncoded, .asEncoded), (.delayed, .delayed), (.delayedBare, .delayedBare),
            (.codebooks([1, 0]), .codebooks([1, 0])), (.codebooks([0]), .codebooks([0])),
            (.codebooks([0, 1]), .asEncoded), (.codebooks([1, 1]), .codebooks([1, 1])),
            (.codebooks([-1, 0, 1]), .codebooks([1, 0, 1])), (.codebooks([]), .codebooks([])),
        ] as [(SegmentCodes, SegmentCodes)])
    func observed(form: SegmentCodes, expected: SegmentCodes) throws {
        for segments in [[first], [first, second]] {
            for starts in [SegmentStarts.exclusive, .withTotal] {
                var builder = profile(form)
                builder.audioIDsStart = starts
                var item = item(segments)
                item.built = try item.sample(under: builder, model: model)
                var found = reference
                item.observedKnobs(&found, reference: reference, model: model)
                #expect(found.segmentCodes == expected && found.audioIDsStart == starts)
                #expect(try item.sample(under: found, model: model) == item.built)
            }
        }
    }

    @Test("codes of no known form are as built, None too, and equal codebooks keep their places")
    func unknown() throws {
        for built in [matrix([[1, 2, 4], [4, 5, 6]]), matrix([[1, 2], [4, 5]]), nil] {
            var found = reference
            item([first], built: built).observedKnobs(&found, reference: reference, model: model)
            #expect(found.segmentCodes == .asBuilt)
        }
        let twins = EncodedSegment(codes: matrix([[1], [1], [2]]))
        var found = reference
        item([twins], built: matrix([[2], [1], [1]]))
            .observedKnobs(&found, reference: reference, model: model)
        #expect(found.segmentCodes == .codebooks([2, 1, 0]))
        found.segmentCodes = .delayed
        item([], built: matrix([[1]])).observedKnobs(&found, reference: reference, model: model)
        #expect(found.segmentCodes == .asEncoded)
    }

    @Test("the port's streams are made of the same forms, but of no built sample")
    func expanded() throws {
        var port = ProfileDescription.transformersPort.resolved(for: model).collator
        func columns(_ form: SegmentCodes) throws -> Int? {
            port.segmentCodes = form
            let facts = CollatorFacts(items: [item([first], built: matrix([[9]]))])
            return try CollatorStage.fields(facts, under: port, model: model)
                .first { $0.name == "batch/audio_input_ids" }
                .flatMap { field in
                    guard case .tensor(let tensor) = field.value else { return nil }
                    return tensor.shape[1]
                }
        }
        #expect(try columns(.asEncoded) == 6 && columns(.asBuilt) == 6)
        #expect(try columns(.delayed) == 9 && columns(.delayedBare) == 7)
    }
}
