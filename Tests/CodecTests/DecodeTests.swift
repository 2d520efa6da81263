import AlignmentKit
import Foundation
import Testing

@testable import AlignmentCodec

@Suite("Codec decode")
struct DecodeTests {
    @Test("is as close to float64 as upstream's own float32, to a factor of two", arguments: Fixture.names)
    func accuracy(name: String) throws {
        let fixture = try Fixture(name)
        let codec = try fixture.codec()
        for example in fixture.cases {
            let waveform = try codec.decode(example.codes)
            try #require(waveform.count == example.waveform.count)
            #expect(waveform.count == codec.hopLength * example.codes.columns)
            let error = largestError(waveform, example.waveform)
            #expect(error <= 2 * example.torchError, "codes \(example.codes.shape)")
        }
    }

    @Test("sees no tile border", arguments: [1, 2, 3, 7, 33, 133, 400, 1000])
    func tiles(tileCount: Int) throws {
        let fixture = try Fixture("long")
        let codec = try fixture.codec()
        let example = try #require(fixture.cases.first)
        let waveform = try codec.decode(example.codes, threads: 2, tileCount: tileCount)
        #expect(largestError(waveform, example.waveform) <= 2 * example.torchError)
    }

    @Test("sees no border of the parts in which a layer is computed", arguments: 171...180)
    func parts(frameCount: Int) throws {
        let fixture = try Fixture("long")
        let codec = try fixture.codec()
        let example = try #require(fixture.cases.first)
        let codes = example.codes.columns(0..<frameCount)
        // After the first block the audio has 3 rows a frame and is computed 504 to 522 at a time.
        let whole = try codec.decode(codes, threads: 1, tileCount: 1)
        let inTiles = try codec.decode(codes, threads: 1, tileCount: frameCount)
        #expect(largestError(whole, inTiles.map(Double.init)) <= 2 * example.torchError)
    }

    @Test("gives the same bits for any number of threads and in every run", arguments: [1, 2, 3, 8, nil])
    func determinism(threads: Int?) throws {
        let fixture = try Fixture("long")
        let example = try #require(fixture.cases.first)
        let codec = try fixture.codec()
        let once = try codec.decode(example.codes, threads: 1)
        for _ in 0..<3 {
            let again = try codec.decode(example.codes, threads: threads)
            #expect(again.map(\.bitPattern) == once.map(\.bitPattern))
        }
    }

    @Test("lets a frame reach as far as upstream's receptive field and no further")
    func receptiveField() throws {
        let fixture = try Fixture("released-ratios")
        let codec = try fixture.codec()
        let codes = try #require(fixture.cases.last).codes
        let waveform = try codec.decode(codes)
        func changedSamples(frame: Int) throws -> [Int] {
            var changed = codes
            for codebook in 0..<8 { changed[codebook, frame] = (codes[codebook, frame] + 16) % 32 }
            let other = try codec.decode(changed)
            return waveform.indices.filter { waveform[$0] != other[$0] }
        }
        // 960 f - 9458 ... 960 f + 10392, measured on upstream; a border may drown in rounding.
        let last = codes.columns - 1
        let first = try #require(try changedSamples(frame: last).first)
        #expect(960 * last - 9458..<960 * last - 9358 ~= first)
        let end = try #require(try changedSamples(frame: 0).last)
        #expect(10292...10392 ~= end)
    }

    @Test("reads the first codebooks when there are fewer than quantizers")
    func fewerCodebooks() throws {
        let fixture = try Fixture("released-ratios")
        let codec = try fixture.codec()
        let example = try #require(fixture.cases.first)
        let all = try codec.decode(example.codes)
        let some = try codec.decode(example.codes.prefixRows(5))
        #expect(some.count == all.count)
        #expect(some != all)
    }

    @Test("refuses a code outside the codebook and says where", arguments: [-1, 16, 1024, Int64.max, .min])
    func codeOutOfRange(value: Int64) throws {
        let codec = try Fixture("long").codec()
        var codes = NDArray<Int64>(repeating: 15, shape: .matrix(3, 4))
        codes[2, 1] = value
        #expect(
            throws: CodecError.codeOutOfRange(codebook: 2, frame: 1, value: value, codebookSize: 16)
        ) { try codec.decode(codes) }
    }

    @Test("refuses codes without frames, without codebooks, with too many of them, or of another rank")
    func wrongCodes() throws {
        let codec = try Fixture("long").codec()
        func error(_ extents: [Int]) throws -> CodecError? {
            let codes = NDArray<Int64>(repeating: 0, shape: try Shape(extents))
            return #expect(throws: CodecError.self) { try codec.decode(codes) }
        }
        #expect(try error([3, 0]) == .noFrames)
        #expect(try error([0, 5]) == .noCodebooks)
        #expect(try error([4, 5]) == .surplusCodebooks(found: 4, quantizerCount: 3))
        #expect(try error([3]) == .codesShape(found: .vector(3)))
        #expect(try error([1, 3, 5]) == .codesShape(found: Shape([1, 3, 5])))
    }
}

/// The largest difference; infinite where one is not a number.
func largestError(_ found: [Float], _ expected: [Double]) -> Double {
    zip(found, expected).reduce(0) { largest, pair in
        let error = abs(Double(pair.0) - pair.1)
        return error.isNaN ? .infinity : max(largest, error)
    }
}
