@testable import AlignmentDiagnosis
import AlignmentKit
import Testing

@Suite("Checks")
struct CheckTests {
    private let model = ModelConfiguration()

    /// A complete stream as upstream's loop leaves it: BOS, `frames` codes, EOS, delayed.
    private func stream(frames: Int, code: (Int, Int) -> Int64 = { Int64(($0 * 37 + $1 * 101) % 1024) })
        -> NDArray<Int64>
    {
        let framed = NDArray<Int64>(rows: 8, columns: frames + 2) { row, column in
            column == 0 ? 1024 : column == frames + 1 ? 1025 : code(row, column)
        }
        return DelayPattern.build(framed, bos: 1024, eos: 1025)
    }

    @Test("the story's energies are silence, and a constant is silence whatever its level")
    func energies() {
        let silent = (0..<1000).map { Float($0 % 2 == 0 ? 8.3e-6 : -8.3e-6) }
        let energy = SoundEnergy(silent)
        #expect(energy.level == .silence)
        #expect(abs(energy.acEnergy - 6.9e-11) < 0.1e-11)
        let constant = SoundEnergy([Float](repeating: -1, count: 1000))
        #expect(constant.meanSquare == 1)
        #expect(constant.acEnergy == 0)
        #expect(constant.level == .silence)
    }

    @Test(
        "levels keep the story's steps",
        arguments: [
            (0.9e-8, SoundLevel.silence), (1.1e-8, .tooQuiet), (0.9e-6, .tooQuiet), (1.1e-6, .quiet),
            (0.9e-4, .quiet), (1.1e-4, .audible),
        ])
    func levels(energy: Double, level: SoundLevel) {
        let amplitude = Float(energy.squareRoot())
        #expect(SoundEnergy((0..<4000).map { $0 % 2 == 0 ? amplitude : -amplitude }).level == level)
    }

    @Test("NaN and infinity are counted, not spread")
    func nonFinite() {
        let energy = SoundEnergy([0.5, .nan, -0.5, .infinity])
        #expect(energy.nonFinite == 2)
        #expect(energy.acEnergy == 0.25)
    }

    @Test("a complete stream begins in BOS, ends in EOS and holds no special id inside")
    func completeStream() throws {
        let ends = try #require(StreamEnds(stream(frames: 30), model: model))
        #expect(ends.beginsInBos && ends.endsInEos)
        #expect(ends.specialsInside.allSatisfy { $0 == 0 })
        #expect(ends.outOfRange == 0)
    }

    @Test("an EOS in any codebook of the last reverted column counts, before any clip")
    func oneEos() throws {
        var delayed = stream(frames: 30)
        for row in 0..<7 { delayed[row, delayed.columns - 8 + row] = 5 }
        #expect(try #require(StreamEnds(delayed, model: model)).endsInEos)
        delayed[7, delayed.columns - 1] = 5
        #expect(try #require(StreamEnds(delayed, model: model)).endsInEos == false)
    }

    @Test("special ids inside and ids out of range are counted by codebook")
    func specials() throws {
        var delayed = stream(frames: 30)
        delayed[3, 3 + 10] = 1025
        delayed[2, 2 + 4] = 4000
        let ends = try #require(StreamEnds(delayed, model: model))
        #expect(ends.specialsInside == [0, 0, 1, 1, 0, 0, 0, 0])
        #expect(ends.outOfRange == 1)
        #expect(ends.firstSpecialFrame == 3)
    }

    @Test("generated text says how the audio ended")
    func text() {
        let (out, eos, eot) = (Int64(model.audioOutTokenID), Int64(model.audioEOSTokenID), Int64(128009))
        #expect(TextEvidence([128013, out], model: model) == .cutByLimit)
        #expect(TextEvidence([128013, out, eos, eot], model: model) == .metEos)
        #expect(TextEvidence([12, eot], model: model) == .noAudio)
    }

    @Test("the released model's own tokens are diverse, the story's 14 distinct ids are not")
    func diversity() throws {
        let varied = NDArray<Int64>(rows: 8, columns: 60) { Int64(($0 * 131 + $1 * 17) % 1024) }
        #expect(try #require(TokenDiversity(varied, codebookSize: 1024)).status == .passed)
        let poor = NDArray<Int64>(rows: 8, columns: 60) { Int64(($0 + $1) % 14) }
        let diversity = try #require(TokenDiversity(poor, codebookSize: 1024))
        #expect(diversity.distinct == 14)
        #expect(diversity.status == .failed)
        #expect(diversity.loopShare == 1)
    }

    @Test("a run of 25 identical frames fails")
    func constantRun() throws {
        let stuck = NDArray<Int64>(rows: 8, columns: 100) { Int64($0 * 100 + ($1 < 25 ? 0 : $1)) }
        let diversity = try #require(TokenDiversity(stuck, codebookSize: 1024))
        #expect(diversity.longestRun == 25)
        #expect(diversity.status == .failed)
    }

    @Test("fewer than 25 frames are not judged")
    func shortSegment() {
        #expect(TokenDiversity(NDArray(repeating: 1, shape: .matrix(8, 24)), codebookSize: 1024) == nil)
    }
}

@Suite("Codes for the codec")
struct TokenSequenceTests {
    @Test("a sequence without frames or codebooks is empty", arguments: [Shape.matrix(8, 0), .matrix(0, 0)])
    func empty(shape: Shape) {
        let found = TokenSequence(NDArray(repeating: 0, shape: shape), codebookSize: 1024)
        #expect(found.finding == .empty)
        #expect(found.smallest == nil && found.largest == nil && found.outside == 0)
    }

    @Test(
        "an id below 0 or from the codebook size on is out of range",
        arguments: [(-1, 1), (1024, 1), (.min, 1), (.max, 1), (0, 0), (1023, 0)] as [(Int64, Int)])
    func range(id: Int64, outside: Int) {
        var codes = NDArray<Int64>(repeating: 7, shape: .matrix(8, 5))
        codes[3, 4] = id
        let found = TokenSequence(codes, codebookSize: 1024)
        #expect(found.outside == outside)
        #expect(found.finding == (outside > 0 ? .outOfRange : .valid))
        #expect(found.codebooks == 8 && found.frames == 5)
        #expect(found.smallest == min(id, 7) && found.largest == max(id, 7))
    }
}
